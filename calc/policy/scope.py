"""What an enterprise file has to hold for some items: the blocks, their keys, the figures, the kinds."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from calc.enterprise.schema import FIRST_YEAR
from calc.enterprise.vocabulary import Field, Label, Table, Word
from calc.policy.forms import FIGURE_YEARS
from calc.policy.references import kinds_wanted, open_to, readers, table_of
from calc.policy.rules import Item, Rules

FX: Final = "fx.usd_cny"


class Block(NamedTuple):
    """One array of tables of a file, with all the keys that it may hold there."""

    name: str
    label: Label
    keys: tuple[Field, ...]
    items: tuple[str, ...]


class Scope(NamedTuple):
    """Some items of some rules, and what they read.

    ``read`` holds, for each thing that they read, which of them do; ``read_by_any`` what any item reads.
    """

    rules: Rules
    items: tuple[str, ...]
    read: Mapping[str, tuple[str, ...]]
    read_by_any: frozenset[str]

    def item(self, name: str) -> Item:
        """An item of the rules."""
        return self.rules.items[name]

    def is_asked(self, table: Table, field: Field) -> bool:
        """Whether a key is worth asking for: it is required, or read, or it only describes its entry."""
        reference = f"{table.name}.{field.name}"
        if field.required or reference in self.read:
            return True
        # Another policy lends the packaged tables; what only the packaged items read says nothing under it.
        describes = field.type == "text" or self.rules.layers[0].is_packaged
        return describes and reference not in self.read_by_any

    def entry_blocks(self) -> tuple[Block, ...]:
        """The tables whose entries are subjects of these items."""
        blocks = []
        for table in self.rules.vocabulary.tables.values():
            items = tuple(name for name in self.items if table_of(self.item(name)) == table.name)
            if items:
                asked = tuple(field for field in table.fields.values() if self.is_asked(table, field))
                blocks.append(Block(table.name, table.label, (*self._own_keys(table), *asked), items))
        return tuple(blocks)

    def _own_keys(self, table: Table) -> tuple[Field, ...]:
        name = Field("name", "text", self.rules.vocabulary.common["name"], required=True)
        return (name, self._year()) if table.dated else (name,)

    def _year(self) -> Field:
        return Field(
            "year", "count", self.rules.vocabulary.common["year"], required=True, at_least=FIRST_YEAR
        )

    def other_blocks(self) -> tuple[Block, ...]:
        """Agreements, what was received and what is expected, as far as they touch these items."""
        common = self.rules.vocabulary.common
        paid = tuple(name for name in self.items if self.item(name).grade not in ("service", "in_kind"))
        spent = tuple(name for name in paid if _is_spent(self.item(name)))
        claimed = tuple(name for name in self.items if self.item(name).grade != "service")
        agreement = (
            Field("name", "text", common["name"], required=True),
            Field("from", "date", common["from"]),
            Field("until", "date", common["until"], required=True),
            Field("covers", "words", common["covers"], required=True),
        )
        blocks = [
            Block("agreement", common["agreement"], agreement, claimed),
            Block("received", common["received"], self._sum_keys(spent), spent),
            Block("expect", common["expect"], self._sum_keys(paid), paid),
        ]
        return tuple(block for block in blocks if block.items)

    def _sum_keys(self, items: tuple[str, ...]) -> tuple[Field, ...]:
        common = self.rules.vocabulary.common
        words = {name: Word(Label(self.item(name).title.zh, self.item(name).title.en)) for name in items}
        return (
            Field("item", "word", common["item"], required=True, words=words),
            self._year(),
            self.rules.vocabulary.sums["amount"]._replace(required=True),
            Field("subject", "text", common["subject"]),
        )

    def figures(self, group: str) -> tuple[Field, ...]:
        """The figures that these items read of one group of years, as ``last_year``."""
        figures = self.rules.vocabulary.figures
        return tuple(field for name, field in figures.items() if f"{group}.{name}" in self.read)

    def figure_years(self, claim_year: int) -> dict[int, str]:
        """The financial years whose figures are read, the latest first, with their groups."""
        return {claim_year - back: group for group, back in FIGURE_YEARS.items() if self.figures(group)}

    def kinds(self) -> tuple[str, ...]:
        """The kinds of enterprise that these items ask for."""
        wanted = {kind for name in self.items for group in kinds_wanted(self.item(name)) for kind in group}
        return tuple(kind for kind in self.rules.vocabulary.kinds if kind in wanted)


def _is_spent(item: Item) -> bool:
    """Whether a sum already received changes what a later claim gets."""
    return item.pays in ("once", "stages", "difference") or item.lifetime_cap is not None


def scope_of(rules: Rules, items: Iterable[str]) -> Scope:
    """The scope of these items."""
    wanted = frozenset(items)
    chosen = tuple(name for name in rules.items if name in wanted)
    return Scope(rules, chosen, readers(rules, chosen), frozenset(readers(rules, rules.items)))


def items_for(rules: Rules, kinds: Iterable[str], *, in_zone: bool = True) -> tuple[str, ...]:
    """The items that an enterprise of these kinds can claim, as far as kinds and zone go."""
    held = tuple(kinds)
    return tuple(
        name for name, item in rules.items.items() if (in_zone or item.outside_zone) and open_to(item, held)
    )
