"""Looks for what is doubtful in rules that have the right shape: a rule that cannot mean what it says."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple

from calc.enterprise.problems import KeyPath
from calc.enterprise.vocabulary import Field, FieldType, Label, Table, Vocabulary
from calc.policy import awards, forms
from calc.policy.rules import Item, RulesFile

_SUMS: Final[tuple[FieldType, ...]] = ("money", "usd")
_NUMBERS: Final[tuple[FieldType, ...]] = ("money", "usd", "rate", "area", "factor", "count")


class Doubt(NamedTuple):
    """One doubtful rule: a code, the key, the value found, the words that are allowed there."""

    code: str
    path: KeyPath
    value: object = None
    allowed: tuple[str, ...] = ()


def find_doubts(rules: RulesFile, vocabulary: Vocabulary) -> Iterator[Doubt]:
    """Every doubt about rules, in the order of the file."""
    if rules.policy.valid_from > rules.policy.valid_to:
        yield Doubt("valid_from_after_to", ("policy", "valid_from"), str(rules.policy.valid_from))
    for name, item in rules.items.items():
        at: KeyPath = ("items", name)
        if item.measure not in rules.measures:
            allowed = tuple(str(number) for number in rules.measures)
            yield Doubt("dangling_measure", (*at, "measure"), item.measure, allowed)
        yield from _doubts_of_trigger(item, vocabulary, (*at, "claim"))
        lookup = _Lookup(item, vocabulary)
        for index, condition in enumerate(item.conditions):
            yield from _doubts_of_condition(item, condition, lookup, (*at, "conditions", index))
        if item.award is not None:
            yield from _doubts_of_award(item, lookup, (*at, "award"))
        yield from _doubts_of_caps(item, at)
        yield from _doubts_of_grade(item, lookup, at)
    groups = [("exclusive", index, group.items) for index, group in enumerate(rules.exclusive)]
    groups += [("shared_caps", index, group.items) for index, group in enumerate(rules.shared_caps)]
    for kind, index, names in groups:
        for place, name in enumerate(names):
            if name not in rules.items:
                yield Doubt("unknown_item", (kind, index, "items", place), name, tuple(rules.items))
    yield from _doubts_of_shared_caps(rules)


FX_RATE: Final = Field("usd_cny", "factor", Label("汇率", "exchange rate"))


class _Lookup:
    """Resolves the field references of one item."""

    def __init__(self, item: Item, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        trigger = item.claim
        self.table: Table | None = None
        if isinstance(trigger, forms.EntryTrigger):
            self.table = vocabulary.tables.get(trigger.entry)

    def field(self, reference: str) -> Field | None:
        group, _, name = reference.partition(".")
        if not name:
            return self.table.fields.get(reference) if self.table else None
        if group in forms.FIGURE_YEARS:
            return self.vocabulary.figures.get(name)
        return FX_RATE if reference == "fx.usd_cny" else None

    def allowed(self) -> tuple[str, ...]:
        own = tuple(self.table.fields) if self.table else ()
        figures = tuple(f"{year}.{name}" for year in forms.FIGURE_YEARS for name in self.vocabulary.figures)
        return (*own, *figures, "fx.usd_cny")

    def check(self, reference: str, types: tuple[FieldType, ...], at: KeyPath) -> Iterator[Doubt]:
        field = self.field(reference)
        if field is None:
            yield Doubt("unknown_field", at, reference, self.allowed())
        elif field.type not in types:
            yield Doubt("wrong_field_type", at, reference, types)


def _unknown(words: Any, known: Any, code: str, at: KeyPath) -> Iterator[Doubt]:
    for word in words:
        if word not in known:
            yield Doubt(code, at, word, tuple(known))


def _doubts_of_trigger(item: Item, vocabulary: Vocabulary, at: KeyPath) -> Iterator[Doubt]:
    match item.claim:
        case forms.EntryTrigger() as trigger:
            table = vocabulary.tables.get(trigger.entry)
            if table is None:
                yield Doubt("unknown_table", (*at, "entry"), trigger.entry, tuple(vocabulary.tables))
                return
            names = [*trigger.where, *trigger.has, *trigger.has_any]
            yield from _unknown(names, table.fields, "unknown_field", at)
            for name, words in trigger.where.items():
                field = table.fields.get(name)
                if field is not None and field.type != "flag":
                    yield from _unknown(words, field.words, "unknown_word", (*at, "where", name))
            if trigger.running is not None:
                running = trigger.running
                used = [
                    running.start,
                    running.months,
                    *([running.together_by] if running.together_by else []),
                ]
                yield from _unknown(used, table.fields, "unknown_field", (*at, "running"))
                if running.window is not None and running.together_by is None:
                    yield Doubt("window_without_group", (*at, "running", "window"), running.window)
        case forms.FigureTrigger() as trigger:
            yield from _unknown([trigger.figure], vocabulary.figures, "unknown_field", (*at, "figure"))
        case forms.KindsTrigger() as trigger:
            yield from _unknown(trigger.kinds, vocabulary.kinds, "unknown_word", (*at, "kinds"))
        case forms.AlwaysTrigger():
            pass


def _doubts_of_condition(
    item: Item, condition: forms.Condition, lookup: _Lookup, at: KeyPath
) -> Iterator[Doubt]:
    match condition:
        case forms.OfKinds():
            yield from _unknown(condition.kinds, lookup.vocabulary.kinds, "unknown_word", (*at, "kinds"))
        case forms.IsTrue():
            yield from lookup.check(condition.field, ("flag",), (*at, "field"))
        case forms.OneOf():
            yield from lookup.check(condition.field, ("word",), (*at, "field"))
            field = lookup.field(condition.field)
            if field is not None:
                yield from _unknown(condition.one_of, field.words, "unknown_word", (*at, "one_of"))
        case forms.AtLeast() | forms.AtMost() | forms.MoreThan():
            yield from lookup.check(condition.field, _NUMBERS, (*at, "field"))
            yield from _doubts_of_bound(condition, lookup, at)
            if isinstance(condition, forms.AtLeast) and condition.together:
                trigger = item.claim
                running = trigger.running if isinstance(trigger, forms.EntryTrigger) else None
                if running is None or running.together_by is None:
                    yield Doubt("together_without_group", (*at, "together"), True)


def _doubts_of_bound(condition: Any, lookup: _Lookup, at: KeyPath) -> Iterator[Doubt]:
    key = next(iter(type(condition).model_fields))
    bound = getattr(condition, key)
    field = lookup.field(condition.field)
    match bound:
        case forms.RatioBound():
            yield from lookup.check(bound.of, _NUMBERS, (*at, key, "of"))
        case forms.FieldBound():
            yield from lookup.check(bound.field, _NUMBERS, (*at, key, "field"))
        case forms.WordBound():
            yield from lookup.check(bound.by, ("word",), (*at, key, "by"))
            selector = lookup.field(bound.by)
            if selector is not None:
                yield from _unknown(bound.values, selector.words, "unknown_word", (*at, key, "values"))
        case literal:
            if field is not None and field.type == "rate" and literal > 1:
                yield Doubt("bound_above_one", (*at, key), str(literal))
            if field is not None and field.type == "count" and literal % 1:
                yield Doubt("bound_not_whole", (*at, key), str(literal))


def _doubts_of_award(item: Item, lookup: _Lookup, at: KeyPath) -> Iterator[Doubt]:
    for key, reference, types in _references(item.award):
        yield from lookup.check(reference, types, (*at, key))
    match item.award:
        case awards.Tiers() | awards.Ladder() as award:
            starts = [step.since for step in award.steps]
            for lower, upper in pairwise(starts):
                if lower >= upper:
                    yield Doubt("tiers_overlap", (*at, "steps"), str(upper))
        case awards.ByWord() as award:
            field = lookup.field(award.by_word)
            if field is not None:
                yield from _unknown([*award.sums, *award.rates], field.words, "unknown_word", at)
            if bool(award.sums) == bool(award.rates) or bool(award.rates) != bool(award.of):
                yield Doubt("by_word_form", at)
        case awards.Interest():
            if not (isinstance(item.claim, forms.EntryTrigger) and item.claim.running):
                yield Doubt("interest_without_months", at)
        case _:
            pass


def _references(award: awards.Award | None) -> Iterator[tuple[str, str, tuple[FieldType, ...]]]:
    """The fields an award reads: the key that names each, the reference, the types it may have."""
    match award:
        case awards.RateOf():
            yield from (("of", one, _NUMBERS) for one in award.of)
            if award.less is not None:
                yield ("less", award.less, _NUMBERS)
        case awards.SumOfRates():
            for part in award.sum:
                yield from (("sum", one, types) for _, one, types in _references(part))
        case awards.PricedAt():
            yield from (("of", one, _NUMBERS) for one in award.of)
        case awards.Tiers():
            yield ("tiers", award.tiers, _NUMBERS)
        case awards.Ladder():
            yield ("ladder", award.ladder, _NUMBERS)
        case awards.Each():
            yield ("each", award.each, _NUMBERS)
        case awards.ByWord():
            yield ("by_word", award.by_word, ("word",))
            yield from (("of", one, _NUMBERS) for one in award.of)
        case awards.Interest():
            yield from (("interest", award.interest, _SUMS), ("at_most", award.at_most, ("rate",)))
        case awards.SharedLoss():
            yield from (("shared_loss", award.shared_loss, _SUMS), ("share", award.share, ("rate",)))
        case awards.Excess():
            yield ("excess", award.excess, _NUMBERS)
            if isinstance(award.over, forms.FieldBound):
                yield ("over", award.over.field, _NUMBERS)
            yield from (("times", one, _NUMBERS) for one in award.times)
            if award.months is not None:
                yield ("months", award.months, ("count",))
        case awards.TotalOf():
            yield from (("total_of", one, _SUMS) for one in award.total_of)
        case awards.Fixed() | None:
            pass


def _doubts_of_caps(item: Item, at: KeyPath) -> Iterator[Doubt]:
    fixed = item.award.fixed if isinstance(item.award, awards.Fixed) else None
    previous: Any = fixed
    for name in ("cap", "year_cap", "lifetime_cap"):
        if getattr(item, name) == "award" and fixed is None:
            yield Doubt("cap_without_sum", (*at, name), "award")
            continue
        cap = item.cap_of(name)
        if cap is None:
            continue
        if not isinstance(cap, int):
            yield Doubt("cap_not_whole", (*at, name), str(cap))
        if previous is not None and cap < previous:
            yield Doubt("cap_below_sum", (*at, name), str(getattr(item, name)))
        previous = cap
    if item.floor is not None and previous is not None and item.floor > previous:
        yield Doubt("floor_above_cap", (*at, "floor"), str(item.floor))


def _doubts_of_grade(item: Item, lookup: _Lookup, at: KeyPath) -> Iterator[Doubt]:
    caps = [item.cap, item.year_cap, item.lifetime_cap]
    needs: dict[str, Callable[[], bool]] = {
        "stated": lambda: item.award is not None,
        "up_to_ratio": lambda: item.award is not None,
        "up_to_sum": lambda: any(cap is not None for cap in caps),
        "open": lambda: item.award is None and not any(cap is not None for cap in caps),
        "in_kind": lambda: item.award is not None and item.base is None,
        "service": lambda: item.award is None and item.base is None and not item.conditions,
    }
    if not needs[item.grade]():
        yield Doubt("grade_and_award", (*at, "grade"), item.grade)
    if isinstance(item.claim, forms.AlwaysTrigger) and item.grade != "service":
        yield Doubt("always_is_service", (*at, "claim"), item.grade)
    if item.base is not None:
        yield from lookup.check(item.base, _SUMS, (*at, "base"))
        if "." in item.base:
            yield Doubt("base_not_own", (*at, "base"), item.base)
    if item.pays == "stages" and item.cap is None:
        yield Doubt("stages_without_cap", (*at, "pays"), item.pays)


def _doubts_of_shared_caps(rules: RulesFile) -> Iterator[Doubt]:
    """Shared caps lie within each other or apart; crossing ones have no plain meaning for the reader."""
    groups = [frozenset(shared.items) for shared in rules.shared_caps]
    for index, group in enumerate(groups):
        for other in groups[:index]:
            if group & other and not (group <= other or other <= group):
                yield Doubt("caps_cross", ("shared_caps", index, "items"), " ".join(sorted(group & other)))
