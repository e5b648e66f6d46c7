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
from numpy.typing import NDArray

from calc.batch.columns.candidates import NONE, Candidates, CapSlot
from calc.batch.columns.split import Side, best_splits, can_split
from calc.batch.portfolio import Bools, Ints
from calc.engine.combine.choice import compatible_sets, is_too_tangled
from calc.engine.combine.problem import Candidate, Cap, Problem, Stacking, state
from calc.engine.combine.readings import settle
from calc.engine.outcomes import BaseUse
from calc.policy.rules import Rules

FEW: Final = 4
"""So many parts of one shape are as quickly settled one by one."""

MOST_SETS: Final = 256
LARGEST_PART: Final = 8


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


def settle_parts(table: Table, labels: Ints, *, settle_ties: bool) -> Settled:
    """What each candidate gets; those of one label are a part, and parts touch nothing in common."""
    grants = table.candidates.amounts.copy()
    order = np.argsort(labels, kind="stable")
    _, starts, sizes = np.unique(labels[order], return_index=True, return_counts=True)
    is_capped = np.zeros(grants.size, bool)
    for slot in table.slots:
        is_capped |= slot.marks != NONE
    one_by_one: list[Ints] = []
    for size in np.unique(sizes).tolist():
        firsts = starts[sizes == size]
        places = order[firsts[:, None] + np.arange(size)]
        if size == 1:
            places = places[is_capped[places[:, 0]]]
        if size > LARGEST_PART:
            one_by_one.extend(places)
            continue
        for shape in _by_shape(table, places):
            if shape.shape[0] <= FEW:
                one_by_one.extend(shape)
            else:
                one_by_one.extend(_settle_shape(table, shape, grants))
    unproven = [
        int(table.candidates.owners[part[0]])
        for part in one_by_one
        if not _settle_one(table, part, grants, settle_ties=settle_ties)
    ]
    return Settled(grants, len(one_by_one), tuple(unproven))


def _by_shape(table: Table, places: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The parts of one size, a row each, grouped by shape."""
    if not places.size:
        return []
    candidates = table.candidates
    marks = [candidates.numbers[places], candidates.roots[places], candidates.base_parts[places]]
    if table.stacking == "expense":
        marks += [candidates.numerators[places], candidates.denominators[places]]
    marks.append(_first_of_same(candidates.subjects[places]))
    marks += [slot.marks[places] != NONE for slot in table.slots]
    key = np.zeros(places.shape[0], np.int64)
    for column in np.concatenate(marks, axis=1).T:
        values = np.unique(column, return_inverse=True)[1]
        key = np.unique(key * (int(values.max()) + 1) + values, return_inverse=True)[1]
    order = np.argsort(key, kind="stable")
    ends = np.flatnonzero(np.diff(key[order])) + 1
    return [places[rows] for rows in np.split(order, ends)]


def _first_of_same(marks: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each mark of a row the place of the first that equals it."""
    return np.asarray((marks[:, :, None] == marks[:, None, :]).argmax(axis=2))


def _candidate(table: Table, place: int, index: int) -> Candidate:
    """A candidate as the single engine knows it."""
    columns = table.candidates
    name = tuple(table.rules.items)[columns.numbers[place]]
    subject, root = int(columns.subjects[place]), int(columns.roots[place])
    base = None
    if root != NONE:
        rate = Fraction(int(columns.numerators[place]), int(columns.denominators[place]))
        part = f"{subject}.{columns.base_parts[place]}"
        base = BaseUse(
            f"{subject}/{root}", int(columns.wholes[place]), part, int(columns.limits[place]), rate
        )
    return Candidate(
        index,
        name,
        table.rules.items[name].measure,
        str(subject),
        int(columns.amounts[place]),
        base,
        bool(columns.on_base_table[place]),
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
    """Let the single engine settle one part; whether nothing is proven to pay more."""
    choice = settle(_problem(table, part), settle_ties=settle_ties)
    grants[part] = [choice.grants.get(index, 0) for index in range(part.size)]
    return choice.is_proven


class _Shape(NamedTuple):
    """All parts of one shape, a row each: the first of them as a problem, the sums and limits of all."""

    candidates: Candidates
    parts: NDArray[np.int64]
    problem: Problem
    amounts: NDArray[np.int64]
    limits: Sequence[Ints]

    def can_split(self) -> bool:
        """Whether every two rates on a base are such that columns can split it."""
        rates = [one.base.rate for one in self.problem.candidates if one.base is not None]
        if not self.problem.shares_bases or len(rates) <= 1:
            return True
        columns = self.candidates
        most = max(
            int(column[self.parts].max()) for column in (columns.wholes, columns.limits, columns.amounts)
        )
        return all(can_split(one, other, most) for one in rates for other in rates)

    def pairs(self, chosen: Sequence[int]) -> list[list[int]]:
        """The chosen candidates that share a base."""
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for index in chosen if self.problem.shares_bases else ():
            base = self.problem.candidates[index].base
            if base is not None:
                groups[base.root].append(index)
        return [group for group in groups.values() if len(group) > 1]

    def granted(self, chosen: Sequence[int]) -> tuple[NDArray[np.int64], Bools]:
        """The most that a chosen set gets in each part, the earlier first; where that takes a solver."""
        grants = np.zeros_like(self.amounts)
        grants[:, chosen] = self.amounts[:, chosen]
        is_open = np.zeros(self.parts.shape[0], bool)
        paired: set[int] = set()
        for first, second in self.pairs(chosen):
            grants[:, first], grants[:, second] = self._split(first, second)
            paired |= {first, second}
        plain: list[tuple[frozenset[int], Ints]] = []
        for cap, limit in zip(self.problem.caps, self.limits, strict=True):
            if paired.isdisjoint(cap.members):
                plain.append((cap.members, limit.copy()))
            else:
                is_open |= grants[:, sorted(cap.members)].sum(axis=1) > limit
        for index in chosen:
            touching = [left for members, left in plain if index in members]
            if touching:
                grants[:, index] = np.minimum.reduce([grants[:, index], *touching])
                for left in touching:
                    np.subtract(left, grants[:, index], out=left)
        return grants, is_open

    def _split(self, first: int, second: int) -> tuple[Ints, Ints]:
        one, other = (self.problem.candidates[index].base for index in (first, second))
        if one is None or other is None:
            raise ValueError("both claims need a base")
        columns, places, others = self.candidates, self.parts[:, first], self.parts[:, second]
        wholes = columns.wholes[places]
        if one.part == other.part:
            # Two claims on the same part of a base share that part's limit too.
            wholes = np.minimum(wholes, columns.limits[places])
        sides = [
            Side(columns.amounts[where], np.minimum(columns.limits[where], wholes), base.rate)
            for where, base in ((places, one), (others, other))
        ]
        return best_splits(sides[0], sides[1], wholes)


def _settle_shape(table: Table, parts: NDArray[np.int64], grants: Ints) -> list[Ints]:
    """Settle all parts of one shape that columns can settle; the others are left."""
    problem = _problem(table, parts[0])
    sets = [
        [one.index for one in chosen]
        for chosen in islice(compatible_sets(problem, problem.candidates), MOST_SETS + 1)
    ]
    limits = [_limits(table, parts, cap) for cap in problem.caps]
    shape = _Shape(table.candidates, parts, problem, table.candidates.amounts[parts], limits)
    if is_too_tangled(problem) or len(sets) > MOST_SETS or not shape.can_split():
        return list(parts)
    best = _Best.of_nothing(parts.shape[0], parts.shape[1])
    is_open = np.zeros(parts.shape[0], bool)
    for chosen in sets:
        found, leaves_open = shape.granted(chosen)
        is_open |= leaves_open
        best = best.or_better(found)
    grants[parts[~is_open]] = best.grants[~is_open]
    return list(parts[is_open])


def _limits(table: Table, parts: NDArray[np.int64], cap: Cap) -> Ints:
    """The limit of one cap of a shape, for each part."""
    index = min(cap.members)
    of_members = [
        slot.limits[parts[:, index]]
        for slot in table.slots
        if slot.marks[parts[0, index]] != NONE
        and cap.members == _members(slot, parts[0], int(slot.marks[parts[0, index]]))
    ]
    return np.asarray(np.minimum.reduce(of_members))


def _members(slot: CapSlot, part: Ints, mark: int) -> frozenset[int]:
    return frozenset(np.flatnonzero(slot.marks[part] == mark).tolist())


class _Best(NamedTuple):
    """The best grants found for each part, with what settles ties."""

    grants: NDArray[np.int64]
    totals: Ints
    counts: Ints
    sets: Ints

    @classmethod
    def of_nothing(cls, parts: int, size: int) -> "_Best":
        nothing = np.zeros(parts, np.int64)
        return cls(np.zeros((parts, size), np.int64), nothing - 1, nothing, nothing)

    def or_better(self, grants: NDArray[np.int64]) -> "_Best":
        """Each part's better one: more in all, fewer claims, the earlier claims, more for the earlier."""
        is_granted = grants > 0
        totals, counts = grants.sum(axis=1), is_granted.sum(axis=1)
        # Of two sets of as many claims the one with the first claim in which they differ has the higher bit.
        sets = is_granted @ (1 << np.arange(grants.shape[1])[::-1])
        is_better = totals > self.totals
        is_equal = totals == self.totals
        for mine, theirs in ((-counts, -self.counts), (sets, self.sets)):
            is_better |= is_equal & (mine > theirs)
            is_equal &= mine == theirs
        for index in range(grants.shape[1]):
            is_better |= is_equal & (grants[:, index] > self.grants[:, index])
            is_equal &= grants[:, index] == self.grants[:, index]
        rows = is_better[:, None]
        return _Best(
            np.where(rows, grants, self.grants),
            np.where(is_better, totals, self.totals),
            np.where(is_better, counts, self.counts),
            np.where(is_better, sets, self.sets),
        )
