"""Splits one base between two claims, in whole yuan, exactly."""

from fractions import Fraction
from math import ceil, lcm
from typing import Final

from calc.engine.combine.problem import Candidate
from calc.engine.outcomes import BaseUse

MOST_PARTS: Final = 50_000
"""So many parts of a base are tried beside each end of a stretch."""


def paid_by(part: int, base: BaseUse, amount: int) -> int:
    """What a claim gets for a part of its base: rate x part, rounded down, at most its amount."""
    return min(base.rate.numerator * part // base.rate.denominator, amount)


def best_split(first: Candidate, second: Candidate) -> tuple[int, int] | None:
    """The grants of two claims on one base that pay most together; among those, most for the first.

    The sum is linear in the first claim's part between the points where a cap or a limit begins to bind, but
    for rounding.  So the best part lies near the end of a stretch, and only parts there are tried; ``None``
    where those are too many.
    """
    one, other = first.base, second.base
    if one is None or other is None:
        raise ValueError("both claims need a base")
    limits, whole = limits_of(first, second)
    ratio, other_ratio = one.rate.as_integer_ratio(), other.rate.as_integer_ratio()
    reach = reach_of(one.rate, other.rate)
    if reach > MOST_PARTS:
        return None
    ends = {
        0,
        limits[0],
        whole - limits[1],
        part_for(first.amount, one.rate),
        whole - part_for(second.amount, other.rate),
    }
    best_total, best_first = -1, -1
    for end in ends:
        for part in range(max(0, end - reach), min(limits[0], end + reach) + 1):
            # As ``paid_by`` has it, without its calls: this is the innermost loop of every estimate.
            own = min(ratio[0] * part // ratio[1], first.amount)
            left = min(limits[1], whole - part)
            total = own + min(other_ratio[0] * left // other_ratio[1], second.amount)
            if total > best_total or (total == best_total and own > best_first):
                best_total, best_first = total, own
    return best_first, best_total - best_first


def reach_of(rate: Fraction, other: Fraction) -> int:
    """How far from the end of a stretch the best part may lie, in whole yuan.

    Rounding repeats with the rates' common denominator.  It costs less than two yuan, so that nothing lies
    further off than where the difference of the rates has cost as much; the stretch itself may end a yuan
    beside its end.
    """
    period, difference = lcm(rate.denominator, other.denominator), abs(rate - other)
    return min(period, ceil(2 / difference) + 1) if difference else period


def limits_of(first: Candidate, second: Candidate) -> tuple[tuple[int, int], int]:
    """The most of a base, in whole yuan, that each of two claims may take, and both together."""
    one, other = first.base, second.base
    if one is None or other is None:
        raise ValueError("both claims need a base")
    # Two claims on the same part of a base share that part's limit too.
    whole = min(one.whole, one.limit) if one.part == other.part else one.whole
    return (min(one.limit, whole), min(other.limit, whole)), whole


def part_for(amount: int, rate: Fraction) -> int:
    """The part of a base that an amount rests on, in whole yuan."""
    return ceil(amount / rate) if rate else 0
