"""Combines under each reading, over columns: which claims stand against each other, and what each gets."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from calc.batch.columns.candidates import NONE, Candidates, CapSlot
from calc.batch.columns.choice import Settled, Table, settle_parts
from calc.batch.portfolio import Bools, Ints
from calc.policy.rules import Rules


def combine(table: Table, *, settle_ties: bool) -> Settled:
    """What each candidate gets under the table's reading (yuan), as ``calc.engine.combine.readings``."""
    if table.stacking == "strict":
        return _one_item(table, settle_ties=settle_ties)
    return settle_parts(table, _labels(table), settle_ties=settle_ties)


def _labels(table: Table) -> Ints:
    """A label for each candidate, the same where two may touch a common conflict, base, cap or quota."""
    groups = [_Group.of(places, keys) for places, keys in _ties(table) if places.size]
    labels = np.arange(table.candidates.size)
    while True:
        before = labels.copy()
        for group in groups:
            group.join(labels)
        if np.array_equal(before, labels):
            return labels


class _Group(NamedTuple):
    """Candidates that belong together where their marks are equal."""

    places: Ints
    marks: Ints
    number: int

    @classmethod
    def of(cls, places: Ints, keys: Ints) -> "_Group":
        marks = np.unique(keys, return_inverse=True)[1]
        return cls(places, marks, int(marks.max()) + 1)

    def join(self, labels: Ints) -> None:
        """Give all that belong together the smallest of their labels."""
        smallest = np.full(self.number, labels.size)
        np.minimum.at(smallest, self.marks, labels[self.places])
        labels[self.places] = smallest[self.marks]


def _ties(table: Table) -> Iterator[tuple[Ints, Ints]]:
    """What ties candidates to each other: places, and keys that are equal where they are tied."""
    candidates, rules = table.candidates, table.rules
    everywhere = np.arange(candidates.size)
    if table.stacking != "none":
        yield everywhere, candidates.subjects
    for slot in table.slots:
        places = np.flatnonzero(slot.marks != NONE)
        yield places, slot.marks[places]
    numbers = {name: number for number, name in enumerate(rules.items)}
    for exclusive in rules.exclusive:
        members = _are_of(candidates, [numbers[name] for name in exclusive.items if name in numbers])
        keys = candidates.owners if exclusive.scope == "enterprise" else candidates.subjects
        yield members, keys[members]
    for name, item in rules.items.items():
        if item.most_claims is not None:
            members = _are_of(candidates, [numbers[name]])
            yield members, candidates.owners[members]


def _are_of(candidates: Candidates, numbers: Sequence[int]) -> Ints:
    return np.flatnonzero(np.isin(candidates.numbers, numbers))


def _one_item(table: Table, *, settle_ties: bool) -> Settled:
    """One item in all for each enterprise: all its claims, within its caps."""
    candidates = table.candidates
    if not candidates.size:
        return Settled(candidates.amounts.copy(), 0, ())
    items = _ItemsOf.of(candidates)
    limits = _tightest(candidates, table.slots)
    # Within an item, claims stand against caps and quotas only: each item is a part of its own.
    marks = np.where(limits < np.iinfo(np.int64).max, items.marks, NONE)
    within = Table(candidates, [CapSlot(marks, limits)], _without_exclusions(table.rules), "none")
    settled = settle_parts(within, items.marks, settle_ties=settle_ties)
    grants = np.where(items.best_of(settled.grants)[items.marks], settled.grants, 0)
    return settled._replace(grants=grants)


def _without_exclusions(rules: Rules) -> Rules:
    from dataclasses import replace

    return replace(rules, exclusive=()) if rules.exclusive else rules


def _tightest(candidates: Candidates, slots: Sequence[CapSlot]) -> Ints:
    """The smallest cap that binds each candidate; the largest number where none does."""
    limits = np.full(candidates.size, np.iinfo(np.int64).max)
    for slot in slots:
        limits = np.where(slot.marks != NONE, np.minimum(limits, slot.limits), limits)
    return limits


class _ItemsOf(NamedTuple):
    """The candidates of each item of each enterprise, by mark: in the order of owners, then of items."""

    marks: Ints
    owners: Ints

    @classmethod
    def of(cls, candidates: Candidates) -> "_ItemsOf":
        keys = candidates.owners * (int(candidates.numbers.max()) + 1) + candidates.numbers
        _, firsts, marks = np.unique(keys, return_index=True, return_inverse=True)
        return cls(marks, candidates.owners[firsts])

    def best_of(self, grants: Ints) -> Bools:
        """For each mark whether it is its owner's best: more in all, fewer claims, the earlier item."""
        count = self.owners.size
        totals, claims = np.zeros(count, np.int64), np.zeros(count, np.int64)
        np.add.at(totals, self.marks, grants)
        np.add.at(claims, self.marks, grants > 0)
        order = np.lexsort((np.arange(count), claims, -totals, self.owners))
        is_first = np.ones(count, bool)
        is_first[1:] = self.owners[order][1:] != self.owners[order][:-1]
        best = np.zeros(count, bool)
        best[order[is_first]] = True
        return best
