"""Combines under each reading, over columns: which claims stand against each other, and what each gets."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from calc.batch.columns.candidates import NONE, Candidates, CapSlot
from calc.batch.columns.choice import Settled, Table, Ties, settle_parts
from calc.batch.columns.runs import Runs
from calc.batch.portfolio import Bools, Ints


def combine(table: Table, rivals: Ints, *, settle_ties: bool) -> Settled:
    """What each candidate gets under the table's reading (yuan), as ``calc.engine.combine.readings``.

    ``rivals`` are the candidates whose subject has others too.
    """
    if table.stacking == "strict":
        return _one_item(table, settle_ties=settle_ties)
    return settle_parts(table, _ties_of(table, rivals), settle_ties=settle_ties)


def rivals_in(candidates: Candidates) -> Ints:
    """The candidates whose subject has others too."""
    entries = np.flatnonzero(candidates.subjects >= 0)
    subjects = candidates.subjects[entries]
    return entries[np.bincount(subjects)[subjects] > 1]


def _ties_of(table: Table, rivals: Ints) -> Ties:
    """The tied candidates, and a label for each that is the same where they may touch something in common."""
    groups = [_Group.of(places, keys) for places, keys in _groups(table, rivals) if places.size]
    labels = np.arange(table.candidates.size)
    is_tied = np.zeros(labels.size, bool)
    for group in groups:
        is_tied[group.places] = True
    while True:
        before = labels.copy()
        for group in groups:
            group.join(labels)
        if np.array_equal(before, labels):
            places = np.flatnonzero(is_tied)
            return Ties(places, labels[places])


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


def _groups(table: Table, rivals: Ints) -> Iterator[tuple[Ints, Ints]]:
    """What ties candidates to each other: places, and keys that are equal where they are tied."""
    candidates, rules = table.candidates, table.rules
    if table.stacking != "none":
        yield rivals, candidates.subjects[rivals]
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
    """One item in all for each enterprise: all its claims, within its caps.

    Within an item, claims stand against caps and quotas only: each item is a part of its own.
    """
    candidates = table.candidates
    if not candidates.size:
        return Settled(candidates.amounts.copy(), 0, ())
    items = Runs.of(candidates.owners * len(table.rules.items) + candidates.numbers)
    limits = _tightest(candidates, table.slots)
    is_capped = limits < np.iinfo(np.int64).max
    rules = replace(table.rules, exclusive=()) if table.rules.exclusive else table.rules
    quotas = [number for number, item in enumerate(rules.items.values()) if item.most_claims is not None]
    places = np.flatnonzero(is_capped | np.isin(candidates.numbers, quotas))
    within = Table(candidates, [CapSlot(np.where(is_capped, items.marks, NONE), limits)], rules, "none")
    settled = settle_parts(within, Ties(places, items.marks[places]), settle_ties=settle_ties)
    best = _best_items(items, candidates.owners[items.firsts], settled.grants)
    grants = np.where(best[items.marks], settled.grants, 0)
    return settled._replace(grants=grants)


def _tightest(candidates: Candidates, slots: Sequence[CapSlot]) -> Ints:
    """The smallest cap that binds each candidate; the largest number where none does."""
    limits = np.full(candidates.size, np.iinfo(np.int64).max)
    for slot in slots:
        limits = np.where(slot.marks != NONE, np.minimum(limits, slot.limits), limits)
    return limits


def _best_items(items: Runs, owners: Ints, grants: Ints) -> Bools:
    """For each item of an enterprise whether it is the best: more in all, fewer claims, the earlier item."""
    totals, fewer = items.sums(grants), -items.sums((grants > 0).astype(np.int64))
    enterprises = Runs.of(owners)
    is_best = totals == enterprises.largest(totals)[enterprises.marks]
    fewer = np.where(is_best, fewer, np.iinfo(np.int64).min)
    places = np.flatnonzero(is_best & (fewer == enterprises.largest(fewer)[enterprises.marks]))
    best = np.zeros(owners.size, bool)
    best[places[Runs.of(enterprises.marks[places]).firsts]] = True
    return best
