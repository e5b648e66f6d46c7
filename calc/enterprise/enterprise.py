"""An enterprise as it declares itself: frozen values, no judgement."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, TypeAlias

from calc.enterprise.numbers import Number

Value: TypeAlias = Number | bool | str | date | tuple[str, ...]


class Entry(NamedTuple):
    """One entry of a table: a project, a title, a loan.  ``year`` is ``None`` where the table has none."""

    table: str
    name: str
    year: int | None
    values: Mapping[str, Value]

    @property
    def subject(self) -> str:
        """The subject a claim on this entry has, as ``investment:二期产线``."""
        return f"{self.table}:{self.name}"


class Agreement(NamedTuple):
    """An agreement in force between two days, both included; ``covers`` holds subjects, items or ``*``."""

    name: str
    since: date | None
    until: date
    covers: frozenset[str]

    def holds_on(self, first: date, last: date) -> bool:
        """Whether it is in force on any day from ``first`` to ``last``."""
        return self.until >= first and (self.since is None or self.since <= last)


class Sum(NamedTuple):
    """A sum already received, or expected, for an item in a claim year (yuan)."""

    item: str
    year: int
    amount: Number
    subject: str | None


class Enterprise(NamedTuple):
    """Everything one file says.  Money in yuan, figures by financial year, entries by table."""

    source: str
    name: str
    uscc: str | None
    claim_year: int
    filing_date: date | None
    in_zone: bool
    kinds: tuple[str, ...]
    kinds_by_year: Mapping[int, tuple[str, ...]]
    fx: Mapping[str, Number]
    figures: Mapping[int, Mapping[str, Value]]
    entries: Mapping[str, tuple[Entry, ...]]
    agreements: tuple[Agreement, ...]
    received: tuple[Sum, ...]
    expected: tuple[Sum, ...]

    def kinds_in(self, year: int) -> tuple[str, ...]:
        """The kinds that hold in a claim year."""
        return self.kinds_by_year.get(year, self.kinds)

    def subjects(self) -> frozenset[str]:
        """The subjects of all entries, of whatever year."""
        return frozenset(entry.subject for entries in self.entries.values() for entry in entries)
