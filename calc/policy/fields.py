"""Resolves the fields that rules refer to, and says what is doubtful about a reference."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from calc.enterprise.problems import KeyPath
from calc.enterprise.vocabulary import Field, FieldType, Table, Vocabulary
from calc.policy import forms
from calc.policy.rules import Item

SUMS: Final[tuple[FieldType, ...]] = ("money", "usd")
NUMBERS: Final[tuple[FieldType, ...]] = ("money", "usd", "rate", "area", "factor", "count")


class Doubt(NamedTuple):
    """One doubtful rule: a code, the key, the value found, the words that are allowed there."""

    code: str
    path: KeyPath
    value: object = None
    allowed: tuple[str, ...] = ()


class Lookup:
    """Resolves the field references of one item."""

    def __init__(self, item: Item, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        trigger = item.claim
        self.table: Table | None = None
        self._names_a_table = isinstance(trigger, forms.EntryTrigger)
        if isinstance(trigger, forms.EntryTrigger):
            self.table = vocabulary.tables.get(trigger.entry)

    def field(self, reference: str) -> Field | None:
        """What a reference stands for, if anything."""
        group, _, name = reference.partition(".")
        if not name:
            return self.table.fields.get(reference) if self.table else None
        if group in forms.FIGURE_YEARS:
            return self.vocabulary.figures.get(name)
        return self.vocabulary.fx.get(name) if group == "fx" else None

    def allowed(self) -> tuple[str, ...]:
        """Every reference that the item may use."""
        own = tuple(self.table.fields) if self.table else ()
        figures = tuple(f"{year}.{name}" for year in forms.FIGURE_YEARS for name in self.vocabulary.figures)
        return (*own, *figures, *(f"fx.{name}" for name in self.vocabulary.fx))

    def _meant(self, reference: str) -> tuple[str, ...]:
        """How a figure is referred to that was named without its year."""
        is_figure = reference in self.vocabulary.figures
        return tuple(f"{year}.{reference}" for year in forms.FIGURE_YEARS) if is_figure else ()

    @property
    def _has_lost_its_table(self) -> bool:
        """Whether its table is unknown, which is told once: of its keys nothing can be said."""
        return self._names_a_table and self.table is None

    def check(self, reference: str, types: tuple[FieldType, ...], at: KeyPath) -> Iterator[Doubt]:
        """Doubts about a reference to a field that has to be of one of these types."""
        field = self.field(reference)
        if field is None:
            if "." in reference or not self._has_lost_its_table:
                yield Doubt("unknown_field", at, reference, self._meant(reference) or self.allowed())
        elif field.type not in types:
            yield Doubt("wrong_field_type", at, reference, types)


def unknown(words: Iterable[object], known: Collection[str], code: str, at: KeyPath) -> Iterator[Doubt]:
    """A doubt about each word that is not known."""
    for word in words:
        if word not in known:
            yield Doubt(code, at, word, tuple(known))
