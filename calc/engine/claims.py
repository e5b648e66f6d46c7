"""Finds the claims of an enterprise in a claim year: which items are triggered, on which subjects."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from calc.enterprise.enterprise import Enterprise, Entry, Value
from calc.enterprise.vocabulary import Field, Vocabulary
from calc.policy.forms import FIGURE_YEARS, AlwaysTrigger, EntryTrigger, FigureTrigger, KindsTrigger, Running
from calc.policy.rules import Item, Rules

MONTHS: Final = 12
"""The months of a year."""


class Claim(NamedTuple):
    """One item applied to one subject in one claim year.

    ``months`` counts those of the claim year for what runs over months; ``together`` holds the entries
    whose sum a condition looks at.
    """

    item_id: str
    item: Item
    subject: str
    entry: Entry | None = None
    months: int = 0
    together: tuple[Entry, ...] = ()


class Operand(NamedTuple):
    """A figure as a condition or an award reads it; ``value`` is ``None`` where it is missing."""

    path: str
    field: Field
    value: Value | None
    year: int | None = None


@cache
def split_reference(reference: str) -> tuple[str, str]:
    """The group and the name of a field reference; the group of an entry's own key is empty."""
    group, dot, name = reference.partition(".")
    return (group, name) if dot else ("", group)


class Facts(NamedTuple):
    """An enterprise seen from one claim year.

    In a plan, ``plan_start`` is its first year: what was received counts before that year only, and a claim
    of what pays once may be filed later than its entry's year, where ``defers``.
    """

    enterprise: Enterprise
    vocabulary: Vocabulary
    year: int
    plan_start: int | None = None
    defers: bool = False

    @property
    def paid_before(self) -> int:
        """The year before which sums received count."""
        return self.year if self.plan_start is None else self.plan_start

    def is_filed(self, entry: Entry, item: Item) -> bool:
        """Whether an entry's claim of an item can be filed in this year."""
        if entry.year is None or entry.year == self.year:
            return True
        return self.defers and item.pays == "once" and self.paid_before <= entry.year < self.year

    def read(self, claim: Claim, reference: str) -> Operand:
        """What a field reference of the claim's item stands for."""
        group, name = split_reference(reference)
        if not group:
            return self.read_entry(claim.entry, name)
        if group == "fx":
            return Operand(reference, self.vocabulary.fx[name], self.enterprise.fx.get(name))
        return self.read_figure(name, self.year - FIGURE_YEARS[group])

    def read_entry(self, entry: Entry | None, name: str) -> Operand:
        """A key of an entry."""
        if entry is None:
            raise LookupError(name)
        field = self.vocabulary.tables[entry.table].fields[name]
        return Operand(f"{entry.subject}.{name}", field, entry.values.get(name))

    def read_figure(self, name: str, year: int) -> Operand:
        """A figure of a financial year; a flag that is absent is false."""
        field = self.vocabulary.figures[name]
        value = self.enterprise.figures.get(year, {}).get(name)
        if value is None and field.type == "flag":
            value = False
        return Operand(f"figures.{year}.{name}", field, value, year)


def find_claims(facts: Facts, rules: Rules) -> Iterator[Claim]:
    """All claims, services too, in the order of the rules and then of the file."""
    for item_id, item in rules.items.items():
        trigger = item.claim
        match trigger:
            case EntryTrigger():
                yield from _entry_claims(facts, item_id, item, trigger)
            case FigureTrigger():
                value = facts.read_figure(trigger.figure, facts.year - FIGURE_YEARS["last_year"]).value
                if value is not None and value is not False:
                    yield own_claim(item_id, item)
            case KindsTrigger():
                if any(kind in trigger.kinds for kind in facts.enterprise.kinds_in(facts.year)):
                    yield own_claim(item_id, item)
            case AlwaysTrigger():
                yield own_claim(item_id, item)


def own_claim(item_id: str, item: Item) -> Claim:
    """An item applied to the enterprise's own year."""
    return Claim(item_id, item, f"enterprise:{item_id}")


def _entry_claims(facts: Facts, item_id: str, item: Item, trigger: EntryTrigger) -> Iterator[Claim]:
    entries = facts.enterprise.entries.get(trigger.entry, ())
    if not entries:
        return
    matching = [entry for entry in entries if matches(entry, trigger)]
    if trigger.running is not None:
        yield from _running_claims(facts.year, item_id, item, trigger.running, matching)
        return
    for entry in matching:
        if facts.is_filed(entry, item):
            yield Claim(item_id, item, entry.subject, entry)


def matches(entry: Entry, trigger: EntryTrigger) -> bool:
    """Whether an entry has the words and the keys that a trigger wants, whatever its year."""
    values = entry.values
    for name, words in trigger.where.items():
        value = values.get(name)
        if not (any(one in words for one in value) if isinstance(value, tuple) else value in words):
            return False
    if any(values.get(name) is None for name in trigger.has):
        return False
    return not trigger.has_any or any(values.get(name) is not None for name in trigger.has_any)


def month_of(day: date) -> int:
    """The month of a day, counted from the year 0."""
    return day.year * MONTHS + day.month - 1


def _running_claims(
    year: int, item_id: str, item: Item, running: Running, entries: list[Entry]
) -> Iterator[Claim]:
    groups: defaultdict[object, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[_mark(entry, running)].append(entry)
    starts = {mark: min(month_of(_start(one, running)) for one in group) for mark, group in groups.items()}
    started = {
        mark: tuple(one for one in group if _start(one, running).year <= year)
        for mark, group in groups.items()
    }
    for entry in entries:
        mark = _mark(entry, running)
        months = _months_within(year, running, entry, starts[mark])
        if months > 0:
            yield Claim(item_id, item, entry.subject, entry, months, started[mark])


def _mark(entry: Entry, running: Running) -> object:
    """What entries that count together share: the trigger's key, or else only themselves."""
    return entry.subject if running.together_by is None else entry.values.get(running.together_by)


def _start(entry: Entry, running: Running) -> date:
    start = entry.values[running.start]
    if not isinstance(start, date):
        raise TypeError(running.start)
    return start


def _months_within(year: int, running: Running, entry: Entry, earliest: int) -> int:
    first = month_of(_start(entry, running))
    length = entry.values[running.months]
    end = first + (length if isinstance(length, int) else 0)
    if running.window is not None:
        end = min(end, earliest + running.window)
    return min(end, (year + 1) * MONTHS) - max(first, year * MONTHS)
