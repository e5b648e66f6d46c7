"""Combines under each reading, over columns: which claims stand against each other, and what each gets."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from calc.batch.columns.candidates import NONE, Candidates, CapSlot
from calc.batch.columns.choice import Settled, Table, Ties, settle_parts
from calc.batch.columns.runs import Runs
from calc.batch.portfolio import Bools, Ints
from calc.engine.combine.problem import STACKINGS, Stacking
from calc.policy.rules import Rules


def combine(
    candidates: Candidates, slots: Sequence[CapSlot], rules: Rules, asked: Stacking
) -> dict[Stacking, Settled]:
    """What each candidate gets under each reading (yuan), as ``calc.engine.combine.readings``.

    Ties between equal sums are settled for the reading ``asked``.
    """
    rivals = _rivals_in(candidates)
    # What holds between the claims of several subjects holds under every reading: it is settled once.
    beside = Table(candidates, slots, rules, "none")
    none = settle_parts(beside, _ties_of(beside, rivals), candidates.amounts, settle_ties=True)
    found: dict[Stacking, Settled] = {"none": none}
    for stacking in STACKINGS:
        table = Table(candidates, slots, rules, stacking)
        if stacking == "strict":
            found[stacking] = _one_item(table, none, settle_ties=stacking == asked)
        elif stacking != "none":
            ties = _with_rivals(_ties_of(table, rivals), rivals, candidates.size)
            found[stacking] = settle_parts(table, ties, none.grants, settle_ties=stacking == asked)
    return found


def _with_rivals(ties: Ties, rivals: Ints, size: int) -> Ties:
    """The parts that hold candidates of one subject."""
    are_rivals, have_rivals = np.zeros(size, bool), np.zeros(size, bool)
    are_rivals[rivals] = True
    have_rivals[ties.labels[are_rivals[ties.places]]] = True
    kept = have_rivals[ties.labels]
    return Ties(ties.places[kept], ties.labels[kept])


def _rivals_in(candidates: Candidates) -> Ints:
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
    for exclusive in rules.exclusive:
        members = np.flatnonzero(candidates.are_of(exclusive.items))
        keys = candidates.owners if exclusive.scope == "enterprise" else candidates.subjects
        yield members, keys[members]
    for name, item in rules.items.items():
        if item.most_claims is not None:
            members = np.flatnonzero(candidates.are_of([name]))
            yield members, candidates.owners[members]


def _one_item(table: Table, none: Settled, *, settle_ties: bool) -> Settled:
    """One item in all for each enterprise: all its claims, within its caps.

    ``none`` is what they get under that reading.
    """
    candidates = table.candidates
    items = Runs.of(candidates.items_of_owners)
    if len(table.slots) > 1 or table.rules.exclusive:  # items stand against each other even then
        each = _item_by_item(table, items, settle_ties=settle_ties)
    else:
        each = none._replace(one_by_one=0)
    best = _best_items(items, candidates.owners[items.firsts], each.grants)
    return each._replace(grants=np.where(best[items.marks], each.grants, 0))


def _item_by_item(table: Table, items: Runs, *, settle_ties: bool) -> Settled:
    """Each item of an enterprise as a part of its own: its claims stand against caps and quotas only."""
    candidates = table.candidates
    limits = _tightest(candidates, table.slots)
    is_capped = limits < np.iinfo(np.int64).max
    rules = replace(table.rules, exclusive=()) if table.rules.exclusive else table.rules
    quotas = [name for name, item in rules.items.items() if item.most_claims is not None]
    places = np.flatnonzero(is_capped | candidates.are_of(quotas))
    within = Table(candidates, [CapSlot(np.where(is_capped, items.marks, NONE), limits)], rules, "none")
    ties = Ties(places, items.marks[places])
    return settle_parts(within, ties, candidates.amounts, settle_ties=settle_ties)


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
