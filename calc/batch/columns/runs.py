"""Rows in the order of a key, and what those of one key come to together."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from calc.batch.portfolio import Bools, Ints

_SHORT: Final = 2**16


class Runs(NamedTuple):
    """Rows that stand in runs of one key each: where each run begins, and the run of each row."""

    firsts: Ints
    marks: Ints

    @classmethod
    def of(cls, keys: Ints) -> "Runs":
        """The runs of equal keys that stand together."""
        is_first = np.ones(keys.size, bool)
        np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
        return cls(np.flatnonzero(is_first), np.cumsum(is_first) - 1)

    def sums(self, values: Ints) -> Ints:
        """The sum of each run."""
        return np.add.reduceat(values, self.firsts) if self.firsts.size else self.firsts

    def largest(self, values: Ints) -> Ints:
        """The largest value of each run."""
        return np.maximum.reduceat(values, self.firsts) if self.firsts.size else self.firsts


def joined(columns: Sequence[Ints | Bools]) -> Ints:
    """Some columns one after the other."""
    return np.concatenate(columns) if columns else np.zeros(0, np.int64)


def order_of(keys: Ints) -> Ints:
    """The rows in the order of their keys, which are not negative; those of one key as they stand."""
    # NumPy sorts short integers digit by digit.
    is_short = keys.size > 0 and int(keys.max()) < _SHORT
    return np.argsort(keys.astype(np.uint16) if is_short else keys, kind="stable")
