"""What to ask an applicant next, given what is known: pure, so that any way of asking can use it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from calc.engine.answers import Question, State, is_answered
from calc.enterprise.vocabulary import Field
from calc.policy import forms
from calc.policy.forms import FIGURE_YEARS
from calc.policy.references import table_of
from calc.policy.rules import Item, Rules
from calc.policy.scope import FX, Block, Scope, items_for, scope_of


class _Spot(NamedTuple):
    """Where an interview is: an entry of a block, and what is known."""

    block: Block
    scope: Scope
    state: State
    place: int
    entry: Mapping[str, Any]

    def is_settled(self, key: str) -> bool:
        """Whether a key of the entry is known to be unknown."""
        return f"{self.block.name}.{self.place}.{key}" in self.state.settled


class Interview(NamedTuple):
    """What an interview is about: rules, the items it may ask for, and what is proposed."""

    rules: Rules
    items: tuple[str, ...]
    claim_year: int

    def next_question(self, state: State) -> Question | None:
        """The next question, if anything is left to ask."""
        return next((one for one in self._questions(state) if not is_answered(state, one)), None)

    def scope(self, state: State) -> Scope:
        """The items that an enterprise with these kinds can claim, as far as kinds and zone go."""
        enterprise = state.content.get("enterprise", {})
        kinds = enterprise.get("kinds", ())
        possible = items_for(self.rules, kinds, in_zone=enterprise.get("in_zone") is not False)
        return scope_of(self.rules, [name for name in possible if name in self.items])

    def _questions(self, state: State) -> Iterator[Question]:
        """Every question that what is known makes relevant, in order, answered or not."""
        yield from self._of_enterprise()
        scope = self.scope(state)
        entries, others = scope.entry_blocks(), scope.other_blocks()
        names = tuple(block.name for block in (*entries, *others) if block.name not in state.content)
        if names:
            yield Question(("tables",), "tables", choices=names)
        for block in entries:
            yield from self._of_block(block, scope, state)
        yield from self._of_figures(scope, state)
        for block in others:
            yield from self._of_block(block, scope, state)
        if state.content.get("agreement"):
            field = Field("filing_date", "date", self.rules.vocabulary.common["filing_date"])
            yield Question(("enterprise", "filing_date"), "leaf", field)

    def _of_enterprise(self) -> Iterator[Question]:
        common = self.rules.vocabulary.common

        def leaf(name: str, field_type: Any, *, required: bool, default: Any = None) -> Question:
            field = Field(name, field_type, common[name], required=required)
            return Question(("enterprise", name), "leaf", field, required=required, default=default)

        yield leaf("name", "text", required=True)
        yield leaf("uscc", "text", required=False)
        yield leaf("claim_year", "count", required=True, default=self.claim_year)
        yield leaf("in_zone", "flag", required=True, default=True)
        everything = scope_of(self.rules, self.items)
        kinds = everything.kinds()
        if kinds:
            words = {kind: self.rules.vocabulary.kinds[kind] for kind in kinds}
            field = Field("kinds", "words", common["kinds"], words=words)
            items = everything.read["enterprise.kinds"]
            yield Question(("enterprise", "kinds"), "leaf", field, kinds, items=items)

    # --- entries ------------------------------------------------------------------------------------------

    def _of_block(self, block: Block, scope: Scope, state: State) -> Iterator[Question]:
        entries = state.content.get(block.name)
        if not isinstance(entries, list):
            return
        for place, entry in enumerate(entries):
            spot = _Spot(block, scope, state, place, entry)
            for field in _selecting_first(block, scope):
                question = self._of_key(spot, field)
                if question is not None:
                    yield question
        yield Question((block.name, "more"), "more")

    def _of_key(self, spot: _Spot, field: Field) -> Question | None:
        block, scope = spot.block, spot.scope
        reference = f"{block.name}.{field.name}"
        possible = [name for name in block.items if _may_be_claimed(scope.item(name), spot)]
        items = tuple(name for name in scope.read.get(reference, ()) if name in possible)
        spared = any(spot.entry.get(key) in words for key, words in field.not_needed_for.items())
        required = field.required and not spared
        describes = reference not in scope.read_by_any and not field.not_needed_for
        if not (required or items or describes):
            return None
        year = self._claim_year(spot.state) - (1 if block.name == "received" else 0)
        default = year if field.name == "year" else field.default
        choices = self._choices(block, field, spot.state)
        path = (block.name, spot.place, field.name)
        return Question(path, "leaf", field, choices, required=required, default=default, items=items)

    def _claim_year(self, state: State) -> int:
        year = state.content.get("enterprise", {}).get("claim_year", self.claim_year)
        return year if isinstance(year, int) else self.claim_year

    def _choices(self, block: Block, field: Field, state: State) -> tuple[str, ...]:
        if field.words:
            return tuple(field.words)
        subjects = tuple(
            f"{table}:{entry['name']}"
            for table in self.rules.vocabulary.tables
            for entry in state.content.get(table, ())
            if "name" in entry
        )
        match block.name, field.name:
            case "agreement", "covers":
                return ("*", *dict.fromkeys(subjects), *block.items)
            case "received" | "expect", "subject":
                return tuple(dict.fromkeys(subjects))
            case name, key:
                table = self.rules.vocabulary.tables.get(name)
                whole = table.belongs_to if table is not None else None
                if whole is None or whole[1] != key:
                    return ()
                held = [one.partition(":") for one in subjects]
                return tuple(dict.fromkeys(one for name, _, one in held if name == whole[0]))

    # --- figures ------------------------------------------------------------------------------------------

    def _of_figures(self, scope: Scope, state: State) -> Iterator[Question]:
        year = self._claim_year(state) - FIGURE_YEARS["last_year"]
        known = state.content.get("figures", {})
        wanted = {
            item.claim.figure
            for item in map(scope.item, scope.items)
            if isinstance(item.claim, forms.FigureTrigger)
        }
        triggers = tuple(name for name in self.rules.vocabulary.figures if name in wanted)
        unknown = tuple(name for name in triggers if name not in known.get(str(year), {}))
        if unknown:
            flags = tuple(name for name in unknown if self.rules.vocabulary.figures[name].type == "flag")
            yield Question(("figures", str(year)), "figures", choices=unknown, flags=flags)
        for name in triggers:
            yield self._of_figure(name, "last_year", scope, state)
        active = scope_of(
            self.rules, [name for name in scope.items if _is_active(scope.item(name), state, year)]
        )
        for _, group in active.figure_years(self._claim_year(state)).items():
            for field in active.figures(group):
                yield self._of_figure(field.name, group, active, state)
        if FX in active.read:
            yield Question(
                ("fx", "usd_cny"), "leaf", self.rules.vocabulary.fx["usd_cny"], items=active.read[FX]
            )

    def _of_figure(self, name: str, group: str, scope: Scope, state: State) -> Question:
        year = self._claim_year(state) - FIGURE_YEARS[group]
        field = self.rules.vocabulary.figures[name]
        items = scope.read.get(f"{group}.{name}", ())
        return Question(("figures", str(year), name), "leaf", field, tuple(field.words), items=items)


def _selecting_first(block: Block, scope: Scope) -> list[Field]:
    """The keys of a block: name and year, then the words and flags that select items, then the rest."""
    selecting = {
        key
        for name in block.items
        for trigger in (scope.item(name).claim,)
        if isinstance(trigger, forms.EntryTrigger)
        for key in trigger.where
    }
    own = ("name", "year", "item")

    def rank(field: Field) -> int:
        if field.name in own:
            return 0
        return 1 if field.name in selecting or field.type == "word" else 2

    return sorted(block.keys, key=rank)


def _may_be_claimed(item: Item, spot: _Spot) -> bool:
    """Whether an entry can still become a claim of an item: its words do not rule it out."""
    trigger = item.claim
    if not isinstance(trigger, forms.EntryTrigger) or table_of(item) != spot.block.name:
        return True
    tests: list[tuple[str, tuple[bool | str, ...]]] = [*trigger.where.items()]
    tests += [(one.field, one.one_of) for one in item.conditions if isinstance(one, forms.OneOf)]
    for key, words in tests:
        if key in spot.entry or spot.is_settled(key):
            value = spot.entry.get(key, False)
            values = value if isinstance(value, list) else [value]
            if not any(one in words for one in values):
                return False
    return not any(spot.is_settled(key) for key in trigger.has)


def _is_active(item: Item, state: State, last_year: int) -> bool:
    """Whether what is known makes a claim of an item, so that the other figures that it reads matter."""
    match item.claim:
        case forms.FigureTrigger(figure=figure):
            value = state.content.get("figures", {}).get(str(last_year), {}).get(figure)
            return value is not None and value is not False
        case forms.EntryTrigger(entry=table):
            return bool(state.content.get(table))
        case forms.KindsTrigger() | forms.AlwaysTrigger():
            return True
