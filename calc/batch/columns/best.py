"""The best of several choices for many parts at once, and the choice under one cap in closed form."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from calc.batch.portfolio import Ints

Grid: TypeAlias = NDArray[np.int64]
"""A row for each claim of a part, a column for each part."""


class Best(NamedTuple):
    """The best grants found for each part, with what settles ties."""

    grants: Grid
    totals: Ints
    counts: Ints
    sets: Ints

    @classmethod
    def of_nothing(cls, shape: tuple[int, ...]) -> "Best":
        """Worse than any choice, the empty one too."""
        nothing = np.zeros(shape[1], np.int64)
        return cls(np.zeros(shape, np.int64), nothing - 1, nothing, nothing)

    def or_better(self, grants: Grid) -> "Best":
        """Each part's better one: more in all, fewer claims, the earlier claims, more for the earlier."""
        totals = grants.sum(axis=0)
        is_better, is_equal = totals > self.totals, totals == self.totals
        is_granted = grants > 0
        # Of two sets of as many claims the one with the first claim in which they differ has the higher bit.
        sets = (1 << np.arange(len(grants))[::-1]) @ is_granted
        counts = is_granted.sum(axis=0)
        keys = ((-counts, -self.counts), (sets, self.sets), *zip(grants, self.grants, strict=True))
        if is_equal.any():
            for mine, theirs in keys:
                is_better |= is_equal & (mine > theirs)
                is_equal &= mine == theirs
        np.copyto(self.grants, grants, where=is_better)
        return Best(
            self.grants,
            np.where(is_better, totals, self.totals),
            np.where(is_better, counts, self.counts),
            np.where(is_better, sets, self.sets),
        )


def under_one_cap(amounts: Grid, limits: Ints) -> Grid:
    """No conflict and one cap over all: the fewest claims that reach it, the earliest such, the earlier more.

    A column is a part, as ``calc.engine.combine.choice`` settles one.
    """
    size = len(amounts)
    reached = np.cumsum(-np.sort(-amounts, axis=0), axis=0)
    needed = 1 + (reached[:-1] < limits).sum(axis=0)
    still_needed = np.minimum(limits, reached[-1])
    left = limits.copy()
    taken = np.zeros(limits.size, np.int64)
    grants = np.zeros_like(amounts)
    everywhere = np.arange(limits.size)
    for index, amount in enumerate(amounts):
        # The most that the claims after this one add, by how many of them are taken.
        later = np.zeros((size - index, limits.size), np.int64)
        later[1:] = np.cumsum(-np.sort(-amounts[index + 1 :], axis=0), axis=0)
        others = np.clip(needed - taken - 1, 0, size - index - 1)
        is_taken = (taken < needed) & (amount + later[others, everywhere] >= still_needed)
        still_needed = still_needed - np.where(is_taken, amount, 0)
        taken += is_taken
        grants[index] = np.where(is_taken, np.minimum(amount, left), 0)
        left -= grants[index]
    return grants
