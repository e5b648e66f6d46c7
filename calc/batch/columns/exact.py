"""Exact rational numbers as columns of 64-bit integers over one denominator.

No product wraps: where the largest values of two columns could leave 62 bits, each row is looked at, and a
row that does not fit is marked, to be worked out elsewhere.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Final, NamedTuple

import numpy as np

from calc.batch.portfolio import LARGEST_UNITS, Bools, Ints, Numbers
from calc.enterprise.numbers import Number

_SURELY_BELOW: Final = float(LARGEST_UNITS - 2**13)
"""A product that floating point puts below this fits: three roundings move it by less."""


class Exact(NamedTuple):
    """Numbers ``units / denominator``; ``fits`` is false where a row's number left the bounds (then 0)."""

    units: Ints
    denominator: int = 1
    fits: Bools | None = None

    def take(self, rows: Ints | Bools) -> "Exact":
        """Some of the numbers."""
        return Exact(self.units[rows], self.denominator, None if self.fits is None else self.fits[rows])


def exact_of(column: Numbers) -> Exact:
    """The numbers of a column; 0 where one is not known."""
    return Exact(column.units, column.scale)


def constant(size: int, number: Number) -> Exact:
    """One number in every row."""
    return looked_up(np.zeros(size, np.int64), [number])


def looked_up(places: Ints, numbers: Sequence[Number]) -> Exact:
    """For each row the number at its place."""
    ratios = [Fraction(number) for number in numbers]
    denominator = lcm(*(ratio.denominator for ratio in ratios))
    units = [int(ratio * denominator) for ratio in ratios]
    if max(map(abs, units)) >= LARGEST_UNITS:
        return _none_fits(places.size)
    return _over(np.array(units, np.int64)[places], denominator, None)


def _none_fits(size: int) -> Exact:
    return Exact(np.zeros(size, np.int64), 1, np.zeros(size, bool))


def _over(units: Ints, denominator: int, fits: Bools | None) -> Exact:
    """Numbers over a denominator, which has to keep to the bounds too."""
    return Exact(units, denominator, fits) if denominator < LARGEST_UNITS else _none_fits(units.size)


def both_fit(one: Bools | None, other: Bools | None) -> Bools | None:
    """Where two columns fit."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def all_fit(size: int, *columns: Exact) -> Bools:
    """Where all of some columns fit."""
    fits = np.ones(size, bool)
    for column in columns:
        if column.fits is not None:
            fits &= column.fits
    return fits


def _magnitude(units: Ints) -> int:
    return max(int(units.max()), -int(units.min())) if units.size else 0


def _product(units: Ints, factors: Ints) -> tuple[Ints, Bools | None]:
    """Products that fit, 0 where one would not."""
    if _magnitude(units) * _magnitude(factors) < LARGEST_UNITS:
        return units * factors, None
    # Floating point decides only whether a product is far from the bound.
    fits = np.abs(units.astype(np.float64) * factors.astype(np.float64)) < _SURELY_BELOW
    return np.where(fits, units, 0) * np.where(fits, factors, 0), fits


def by_number(column: Exact, number: Number) -> Exact:
    """Each row times one number."""
    ratio = Fraction(number)
    shared = gcd(ratio.numerator, column.denominator)
    numerator, denominator = ratio.numerator // shared, column.denominator // shared * ratio.denominator
    if numerator == 1:
        return _over(column.units, denominator, column.fits)
    if not -LARGEST_UNITS < numerator < LARGEST_UNITS:
        return _none_fits(column.units.size)
    units, fits = _product(column.units, np.array([numerator], np.int64))
    return _over(units, denominator, both_fit(column.fits, fits))


def times(one: Exact, other: Exact) -> Exact:
    """The products of two columns."""
    units, fits = _product(one.units, other.units)
    return _over(units, one.denominator * other.denominator, both_fit(both_fit(one.fits, other.fits), fits))


def _aligned(one: Exact, other: Exact) -> tuple[Ints, Ints, int, Bools | None]:
    """Both columns over one denominator, that denominator, and where both fit."""
    if one.denominator == other.denominator:
        return one.units, other.units, one.denominator, both_fit(one.fits, other.fits)
    denominator = lcm(one.denominator, other.denominator)
    if denominator >= LARGEST_UNITS:
        nothing = _none_fits(one.units.size)
        return nothing.units, nothing.units, nothing.denominator, nothing.fits
    first = by_number(Exact(one.units, 1, one.fits), denominator // one.denominator)
    second = by_number(Exact(other.units, 1, other.fits), denominator // other.denominator)
    return first.units, second.units, denominator, both_fit(first.fits, second.fits)


def plus(one: Exact, other: Exact) -> Exact:
    """The sums of two columns."""
    first, second, denominator, fits = _aligned(one, other)
    return _bounded(first + second, denominator, fits)


def minus(one: Exact, other: Exact) -> Exact:
    """The differences of two columns."""
    first, second, denominator, fits = _aligned(one, other)
    return _bounded(first - second, denominator, fits)


def _bounded(units: Ints, denominator: int, fits: Bools | None) -> Exact:
    """Two values within the bounds add up without wrapping, but perhaps beyond the bounds."""
    if _magnitude(units) < LARGEST_UNITS:
        return Exact(units, denominator, fits)
    inside = np.abs(units) < LARGEST_UNITS
    return Exact(np.where(inside, units, 0), denominator, both_fit(fits, inside))


def smaller(one: Exact, other: Exact) -> Exact:
    """The smaller number of each row."""
    first, second, denominator, fits = _aligned(one, other)
    return Exact(np.minimum(first, second), denominator, fits)


def not_negative(column: Exact) -> Exact:
    """Each row, at least 0."""
    return Exact(np.maximum(column.units, 0), column.denominator, column.fits)


def chosen(where: Bools, one: Exact, other: Exact) -> Exact:
    """One column where a condition holds, the other elsewhere."""
    first, second, denominator, fits = _aligned(one, other)
    return Exact(np.where(where, first, second), denominator, fits)


def difference(one: Exact, other: Exact) -> tuple[Ints, Bools | None]:
    """The signs of ``one - other``, and where they can be told."""
    first, second, _, fits = _aligned(one, other)
    return np.sign(first - second), fits


def whole_yuan(column: Exact) -> Ints:
    """Each row rounded down to whole yuan: the one place where columns round."""
    return column.units if column.denominator == 1 else column.units // column.denominator


def quotient(one: Exact, other: Exact) -> Exact:
    """How many times ``other`` (above 0, or else nothing) goes into ``one``, rounded down."""
    ratio = Fraction(other.denominator, one.denominator)
    over = by_number(Exact(one.units, 1, one.fits), ratio.numerator)
    under = by_number(Exact(other.units, 1, other.fits), ratio.denominator)
    is_some = under.units > 0
    counted = np.where(is_some, over.units // np.where(is_some, under.units, 1), 0)
    return Exact(counted, 1, both_fit(over.fits, under.fits))
