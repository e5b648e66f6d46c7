"""Splits bases between two claims each, in whole yuan, exactly, as ``calc.engine.combine.split`` does one."""

from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from calc.batch.portfolio import LARGEST_UNITS, Ints
from calc.engine.combine.split import reach_of

LONGEST_REACH: Final = 100
"""Splits for which more parts than this count beside each end of a stretch are looked at row by row."""


class Side(NamedTuple):
    """One of two claims on many bases: what it counts, the most of each base that it may use, its rate."""

    amounts: Ints
    limits: Ints
    rate: Fraction


def can_split(first: Fraction, second: Fraction, most: int) -> bool:
    """Whether bases of at most so many yuan can be split at these rates in columns."""
    numerator = max(first.numerator, second.numerator)
    return (
        reach_of(first, second) <= LONGEST_REACH
        and numerator * (most + LONGEST_REACH) < LARGEST_UNITS
        and max(first.denominator, second.denominator) * most < LARGEST_UNITS
    )


def best_splits(first: Side, second: Side, wholes: Ints) -> tuple[Ints, Ints]:
    """The grants of two claims on each base that pay most together; among those, most for the first.

    Only parts near the end of a stretch are tried, as in the single engine's ``best_split``.
    """
    reach = reach_of(first.rate, second.rate)
    nothing = np.zeros(wholes.size, np.int64)
    ends = (
        nothing,
        first.limits,
        wholes - second.limits,
        _part_for(first.amounts, first.rate),
        wholes - _part_for(second.amounts, second.rate),
    )
    best_total, best_first = nothing - 1, nothing - 1
    offsets = np.arange(-reach, reach + 1)[:, None]
    for end in ends:
        parts = end + offsets
        owns = _paid_by(parts, first)
        totals = owns + _paid_by(np.minimum(second.limits, wholes - parts), second)
        np.copyto(totals, -1, where=(parts < 0) | (parts > first.limits))
        total = totals.max(axis=0)
        own = np.where(totals == total, owns, -1).max(axis=0)
        is_better = (total > best_total) | ((total == best_total) & (own > best_first))
        best_total = np.where(is_better, total, best_total)
        best_first = np.where(is_better, own, best_first)
    return best_first, best_total - best_first


def _paid_by(part: Ints, side: Side) -> Ints:
    return np.minimum(side.rate.numerator * part // side.rate.denominator, side.amounts)


def _part_for(amounts: Ints, rate: Fraction) -> Ints:
    """The part of a base that each amount rests on, rounded up to the yuan."""
    if not rate:
        return np.zeros(amounts.size, np.int64)
    return -(-amounts * rate.denominator // rate.numerator)
