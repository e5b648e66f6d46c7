"""The best of all sets of claims of one large part: the sets grow claim by claim, all of them at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from calc.engine.combine.choice import Choice, grant, is_too_tangled
from calc.engine.combine.problem import Candidate, Problem

Ints: TypeAlias = NDArray[np.int64]

MOST_SETS: Final = 2**18
"""So many sets are held beside each other."""

MOST_CLAIMS: Final = 62
"""So many claims have a bit each."""

LARGEST_SUM: Final = 2**62
"""All claims of a part have to stay below it together, so that no sum of them wraps."""


class _Sets(NamedTuple):
    """Sets of claims, a bit for each claim, the first the highest; what each gets, and leaves of the caps."""

    bits: Ints
    totals: Ints
    left: tuple[Ints, ...]

    def take(self, rows: NDArray[np.bool_]) -> "_Sets":
        return _Sets(self.bits[rows], self.totals[rows], tuple(one[rows] for one in self.left))

    def and_those_of(self, other: "_Sets") -> "_Sets":
        return _Sets(
            np.concatenate((self.bits, other.bits)),
            np.concatenate((self.totals, other.totals)),
            tuple(np.concatenate(both) for both in zip(self.left, other.left, strict=True)),
        )


def best_set(problem: Problem) -> Choice | None:
    """The best choice of a part, as ``calc.engine.combine.choice.choose``; ``None`` where it takes a solver.

    The largest claims come first.  A set grows by a claim only where that gets something, and is dropped once
    nothing that is left can lift it to the best one found.
    """
    if not _can_be_held(problem) or is_too_tangled(problem) or _shares_a_base(problem):
        return None
    nothing = np.zeros(1, np.int64)
    limits = (min(cap.limit, LARGEST_SUM) for cap in problem.caps)
    sets = _Sets(nothing, nothing, tuple(nothing + limit for limit in limits))
    bits = _bits_of(problem)
    ahead = sorted(problem.candidates, key=lambda one: -one.amount)
    most = int(_still_to_get(problem, ahead, sets)[0])
    while ahead:
        one = ahead.pop(0)
        sets = sets.and_those_of(_grown(problem, one, sets, bits))
        sets = sets.take(_may_be_best(sets, _still_to_get(problem, ahead, sets), ahead, most))
        if sets.bits.size > MOST_SETS:
            return None
    chosen = _first_of_best(sets)
    return Choice(grant(problem, [one for one in problem.candidates if chosen & bits[one.index]]) or {})


def _may_be_best(sets: _Sets, still_to_get: Ints, ahead: Sequence[Candidate], most: int) -> NDArray[np.bool_]:
    """Which sets may yet become the best one; ``most``: nothing gets more."""
    best = int(sets.totals.max())
    may_be = sets.totals + still_to_get >= best
    if best == most:  # then the fewest claims decide
        counts = np.bitwise_count(sets.bits)
        largest = ahead[0].amount if ahead else LARGEST_SUM
        may_be &= counts + -(-(best - sets.totals) // largest) <= counts[sets.totals == best].min()
    return may_be


def _can_be_held(problem: Problem) -> bool:
    amounts = [one.amount for one in problem.candidates]
    return len(amounts) <= MOST_CLAIMS and sum(amounts) < LARGEST_SUM


def _shares_a_base(problem: Problem) -> bool:
    roots = [one.base.root for one in problem.candidates if one.base is not None]
    return problem.shares_bases and len(set(roots)) < len(roots)


def _bits_of(problem: Problem) -> dict[int, int]:
    """The bit of each claim, by its index."""
    last = len(problem.candidates) - 1
    return {one.index: 1 << (last - place) for place, one in enumerate(problem.candidates)}


def _grown(problem: Problem, one: Candidate, sets: _Sets, bits: Mapping[int, int]) -> _Sets:
    """The sets that may hold one claim more, with it."""
    rivals = reduce(
        or_, (bits[two.index] for two in problem.candidates if problem.conflict(two.index, one.index)), 0
    )
    may_hold = (sets.bits & rivals) == 0
    for quota in problem.quotas:
        if one.index in quota.members:
            members = reduce(or_, (bits[index] for index in quota.members))
            may_hold &= np.bitwise_count(sets.bits & members) < quota.limit
    touching = [one.index in cap.members for cap in problem.caps]
    gets = np.full(sets.bits.size, one.amount)
    for left, is_touched in zip(sets.left, touching, strict=True):
        if is_touched:
            gets = np.minimum(gets, left)
    may_hold &= gets > 0
    some, gets = sets.take(may_hold), gets[may_hold]
    return _Sets(
        some.bits | bits[one.index],
        some.totals + gets,
        tuple(
            left - gets if is_touched else left for left, is_touched in zip(some.left, touching, strict=True)
        ),
    )


def _still_to_get(problem: Problem, ahead: Iterable[Candidate], sets: _Sets) -> Ints:
    """At least what the claims ahead could add to each set: each counts within the first of its caps."""
    sums: defaultdict[int | None, int] = defaultdict(int)
    for one in ahead:
        caps = (number for number, cap in enumerate(problem.caps) if one.index in cap.members)
        sums[next(caps, None)] += one.amount
    most = np.zeros(sets.bits.size, np.int64)
    for cap, amount in sums.items():
        most += amount if cap is None else np.minimum(sets.left[cap], amount)
    return most


def _first_of_best(sets: _Sets) -> int:
    """The set that gets most; of such the one of the fewest claims, then of the earliest."""
    bits = sets.bits[sets.totals == sets.totals.max()]
    counts = np.bitwise_count(bits)
    return int(bits[counts == counts.min()].max())
