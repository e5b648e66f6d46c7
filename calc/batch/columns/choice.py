"""Settles parts of combinations over columns: parts of one shape together, every choice looked at.

A shape is what holds between the claims of a part: their items, which share a subject, a base or a cap.  The
single engine's own functions say, for one part of a shape, which claims exclude each other; what each choice
then pays is worked out for all parts of the shape at once.  Shapes that are rare, large or tangled are left
to the single engine, part by part.
"""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import islice
from typing import Final, NamedTuple

import numpy as np

from calc.batch.columns.best import Best, Grid, under_one_cap
from calc.batch.columns.candidates import NONE, Candidates, CapSlot
from calc.batch.columns.split import Side, best_splits, can_split
from calc.batch.portfolio import LARGEST_UNITS, Bools, Ints
from calc.engine.combine.choice import compatible_sets, is_too_tangled
from calc.engine.combine.problem import Candidate, Cap, Problem, Stacking, state
from calc.engine.combine.readings import settle
from calc.engine.outcomes import BaseUse
from calc.policy.rules import Rules

FEW: Final = 4
"""So many parts of one shape are as quickly settled one by one."""

MOST_SETS: Final = 256
"""So many sets of claims are looked at for each part of a shape."""

LARGEST_PART: Final = 8
"""A part of more claims is settled by itself, where more holds between them than one cap."""


class Ties(NamedTuple):
    """The candidates that stand against others or under a cap, with the label of the part of each.

    Parts touch no conflict, base, cap or quota in common.
    """

    places: Ints
    labels: Ints


class Table(NamedTuple):
    """What parts are made of: the candidates, the caps that bind, the rules and the reading."""

    candidates: Candidates
    slots: Sequence[CapSlot]
    rules: Rules
    stacking: Stacking


class Settled(NamedTuple):
    """What each candidate gets (yuan); how many parts were settled one by one; whose total is unproven."""

    grants: Ints
    one_by_one: int
    unproven: tuple[int, ...]


def settle_parts(table: Table, ties: Ties, beside: Ints, *, settle_ties: bool) -> Settled:
    """What each candidate gets: the tied ones of one label are a part, all others get ``beside``."""
    grants = beside.copy()
    order = np.argsort(ties.labels, kind="stable")
    is_first = np.ones(order.size, bool)
    is_first[1:] = np.diff(ties.labels[order]) != 0
    starts = np.flatnonzero(is_first)
    sizes = np.diff(starts, append=order.size)
    one_by_one: list[Ints] = []
    for size in np.unique(sizes).tolist():
        parts = ties.places[order[starts[sizes == size] + np.arange(size)[:, None]]]
        for shape in _by_shape(table, parts):
            if shape.shape[1] <= FEW:
                one_by_one.extend(shape.T)
            else:
                one_by_one.extend(_settle_shape(table, shape, grants))
    unproven = [
        int(table.candidates.owners[part[0]])
        for part in one_by_one
        if not _settle_one(table, part, grants, settle_ties=settle_ties)
    ]
    return Settled(grants, len(one_by_one), tuple(unproven))


def _by_shape(table: Table, parts: Grid) -> list[Grid]:
    """The parts of one size, a column each, grouped by shape."""
    candidates = table.candidates
    marks = [candidates.origins[parts], _first_of_same(candidates.subjects[parts])]
    if table.stacking == "expense":
        rows = candidates.base_rows[parts]
        marks += [candidates.bases.numerators[rows], candidates.bases.denominators[rows]]
    marks += [(slot.marks[parts] != NONE).astype(np.int64) for slot in table.slots]
    key = np.zeros(parts.shape[1], np.int64)
    for column in np.concatenate(marks):
        least, most = int(column.min()), int(column.max())
        if least == most:
            continue
        if (int(key.max()) + 1) * (most - least + 1) >= LARGEST_UNITS:
            key = np.unique(key, return_inverse=True)[1]
        key = key * (most - least + 1) + (column - least)
    order = np.argsort(key, kind="stable")
    ends = np.flatnonzero(np.diff(key[order])) + 1
    return [parts[:, columns] for columns in np.split(order, ends)]


def _first_of_same(marks: Grid) -> Grid:
    """For each mark of a column the place of the first that equals it."""
    return np.asarray((marks[:, None, :] == marks[None, :, :]).argmax(axis=1))


def _candidate(table: Table, place: int, index: int) -> Candidate:
    """A candidate as the single engine knows it."""
    columns = table.candidates
    origin, subject, row = (
        int(column[place]) for column in (columns.origins, columns.subjects, columns.base_rows)
    )
    name, base = columns.items[origin], None
    if row != NONE:
        root, part, whole, limit, numerator, denominator = (int(column[row]) for column in columns.bases)
        rate = Fraction(numerator, denominator)
        base = BaseUse(f"{subject}/{root}", whole, f"{subject}.{part}", limit, rate)
    return Candidate(
        index,
        name,
        table.rules.items[name].measure,
        str(subject),
        int(columns.amounts[place]),
        base,
        columns.based[origin],
    )


def _problem(table: Table, part: Ints) -> Problem:
    """One part as a problem of the single engine; its candidates are numbered from 0."""
    candidates = [_candidate(table, place, index) for index, place in enumerate(part.tolist())]
    caps = []
    for slot in table.slots:
        members = defaultdict(list)
        for index, place in enumerate(part.tolist()):
            if slot.marks[place] != NONE:
                members[int(slot.marks[place])].append(index)
        caps += [Cap(int(slot.limits[part[indices[0]]]), frozenset(indices)) for indices in members.values()]
    return state(candidates, table.stacking, table.rules, caps)


def _settle_one(table: Table, part: Ints, grants: Ints, *, settle_ties: bool) -> bool:
    """Let the single engine settle one part; whether it is proven that nothing pays more."""
    choice = settle(_problem(table, part), settle_ties=settle_ties)
    grants[part] = [choice.grants.get(index, 0) for index in range(part.size)]
    return choice.is_proven


class _Shape(NamedTuple):
    """All parts of one shape, a column each: the first of them as a problem, the sums and limits of all."""

    candidates: Candidates
    parts: Grid
    problem: Problem
    amounts: Grid
    limits: Sequence[Ints]

    def can_split(self) -> bool:
        """Whether every two rates on a base are such that columns can split it."""
        rates = [one.base.rate for one in self.problem.candidates if one.base is not None]
        if not self.problem.shares_bases or len(rates) <= 1:
            return True
        bases, rows = self.candidates.bases, self.candidates.base_rows[self.parts]
        most = max(int(column.max()) for column in (bases.wholes[rows], bases.limits[rows], self.amounts))
        return all(can_split(one, other, most) for one in rates for other in rates)

    def pairs(self, chosen: Sequence[int]) -> list[list[int]]:
        """The chosen candidates that share a base."""
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for index in chosen if self.problem.shares_bases else ():
            base = self.problem.candidates[index].base
            if base is not None:
                groups[base.root].append(index)
        return [group for group in groups.values() if len(group) > 1]

    def granted(self, chosen: Sequence[int]) -> tuple[Grid, Bools | None]:
        """The most that a chosen set gets in each part, the earlier first; where that takes a solver."""
        grants = np.zeros_like(self.amounts)
        grants[chosen] = self.amounts[chosen]
        is_open: Bools | None = None
        paired: set[int] = set()
        for first, second in self.pairs(chosen):
            grants[first], grants[second] = self._split(first, second)
            paired |= {first, second}
        plain: list[tuple[frozenset[int], Ints]] = []
        for cap, limit in zip(self.problem.caps, self.limits, strict=True):
            if paired.isdisjoint(cap.members):
                plain.append((cap.members, limit.copy()))
            else:
                exceeds = grants[sorted(cap.members)].sum(axis=0) > limit
                is_open = exceeds if is_open is None else is_open | exceeds
        for index in chosen:
            touching = [left for members, left in plain if index in members]
            for left in touching:
                np.minimum(grants[index], left, out=grants[index])
            for left in touching:
                np.subtract(left, grants[index], out=left)
        return grants, is_open

    def _split(self, first: int, second: int) -> tuple[Ints, Ints]:
        one, other = (self.problem.candidates[index].base for index in (first, second))
        if one is None or other is None:
            raise ValueError("both claims need a base")
        bases, rows = self.candidates.bases, self.candidates.base_rows[self.parts]
        wholes = bases.wholes[rows[first]]
        if one.part == other.part:
            # Two claims on the same part of a base share that part's limit too.
            wholes = np.minimum(wholes, bases.limits[rows[first]])
        sides = [
            Side(self.amounts[index], np.minimum(bases.limits[rows[index]], wholes), base.rate)
            for index, base in ((first, one), (second, other))
        ]
        return best_splits(sides[0], sides[1], wholes)


def _settle_shape(table: Table, parts: Grid, grants: Ints) -> list[Ints]:
    """Settle all parts of one shape that columns can settle; the others are left."""
    problem = _problem(table, parts[:, 0])
    limits = [_limits(table, parts, cap) for cap in problem.caps]
    shape = _Shape(table.candidates, parts, problem, table.candidates.amounts[parts], limits)
    if _is_under_one_cap(shape):
        grants[parts] = under_one_cap(shape.amounts, limits[0])
        return []
    if len(parts) > LARGEST_PART:
        return list(parts.T)
    sets = [
        [one.index for one in chosen]
        for chosen in islice(compatible_sets(problem, problem.candidates), MOST_SETS + 1)
    ]
    if is_too_tangled(problem) or len(sets) > MOST_SETS or not shape.can_split():
        return list(parts.T)
    best = Best.of_nothing(parts.shape)
    is_open = np.zeros(parts.shape[1], bool)
    for chosen in sets:
        found, leaves_open = shape.granted(chosen)
        best = best.or_better(found)
        if leaves_open is not None:
            is_open |= leaves_open
    grants[parts[:, ~is_open]] = best.grants[:, ~is_open]
    return list(parts[:, is_open].T)


def _is_under_one_cap(shape: _Shape) -> bool:
    """Whether nothing but one cap over all claims holds between them."""
    problem = shape.problem
    if problem.conflicts or problem.quotas or len(problem.caps) != 1:
        return False
    indices = range(len(problem.candidates))
    return problem.caps[0].members == frozenset(indices) and not shape.pairs(indices)


def _limits(table: Table, parts: Grid, cap: Cap) -> Ints:
    """The limit of one cap of a shape, for each part."""
    index = min(cap.members)
    first = parts[:, 0]
    of_members = [
        slot.limits[parts[index]]
        for slot in table.slots
        if slot.marks[first[index]] != NONE
        and cap.members == frozenset(np.flatnonzero(slot.marks[first] == slot.marks[first[index]]).tolist())
    ]
    return np.asarray(np.minimum.reduce(of_members))
