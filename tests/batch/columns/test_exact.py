"""Exact columns beside fractions: whatever fits is right, and nothing wraps at the edges."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.batch.columns.exact import (
    Exact,
    by_number,
    chosen,
    constant,
    difference,
    looked_up,
    minus,
    not_negative,
    plus,
    quotient,
    smaller,
    times,
    whole_yuan,
)
from calc.batch.portfolio import LARGEST_UNITS

SIZE = 4
EDGE = LARGEST_UNITS - 1
Pair: TypeAlias = Callable[[Exact, Exact], Exact]

units = (
    st.sampled_from([0, 1, -1, EDGE, -EDGE, EDGE // 2, EDGE // 2 + 1, 2**31, 2**53 + 1, EDGE // 127 + 1])
    | st.integers(-(10**6), 10**6)
    | st.integers(-EDGE, EDGE)
)
denominators = st.sampled_from([1, 1, 2, 3, 100, 10**4, 10**12, 2**31, EDGE]) | st.integers(1, 10**6)
numbers = st.builds(Fraction, units, denominators)
columns = st.builds(
    lambda rows, denominator: Exact(np.array(rows, np.int64), denominator),
    st.lists(units, min_size=SIZE, max_size=SIZE),
    denominators,
)
small = st.builds(
    lambda rows, denominator: Exact(np.array(rows, np.int64), denominator),
    st.lists(st.integers(-(10**6), 10**6), min_size=SIZE, max_size=SIZE),
    st.integers(1, 10**4),
)


def fractions(column: Exact) -> list[Fraction]:
    return [Fraction(one, column.denominator) for one in column.units.tolist()]


def hold(found: Exact, wanted: Sequence[Fraction | int]) -> None:
    """Where a row fits it is right; where not, nobody asks; every row keeps to the bounds."""
    assert 0 < found.denominator < LARGEST_UNITS
    assert all(abs(one) < LARGEST_UNITS for one in found.units.tolist())
    fits = [True] * SIZE if found.fits is None else found.fits.tolist()
    for place, one in enumerate(fractions(found)):
        assert not fits[place] or one == wanted[place]


def _quotient(one: Fraction, other: Fraction) -> int:
    return floor(one / other) if other > 0 else 0


PAIRS: dict[str, tuple[Pair, Callable[[Fraction, Fraction], Fraction | int]]] = {
    "plus": (plus, lambda one, other: one + other),
    "minus": (minus, lambda one, other: one - other),
    "times": (times, lambda one, other: one * other),
    "smaller": (smaller, min),
    "quotient": (quotient, _quotient),
}


@pytest.mark.parametrize("name", PAIRS)
@given(columns, columns)
def test_two_columns(name: str, one: Exact, other: Exact) -> None:
    over, alone = PAIRS[name]
    hold(over(one, other), [alone(*pair) for pair in zip(fractions(one), fractions(other), strict=True)])


@pytest.mark.parametrize("name", PAIRS)
@given(small, small)
def test_small_numbers_fit(name: str, one: Exact, other: Exact) -> None:
    found = PAIRS[name][0](one, other)
    assert found.fits is None or found.fits.all()


@given(columns, columns, st.lists(st.booleans(), min_size=SIZE, max_size=SIZE))
def test_chosen(one: Exact, other: Exact, where: list[bool]) -> None:
    pairs = zip(where, fractions(one), fractions(other), strict=True)
    hold(chosen(np.array(where), one, other), [first if mine else second for mine, first, second in pairs])


@given(columns, numbers)
def test_by_number(column: Exact, number: Fraction) -> None:
    hold(by_number(column, number), [one * number for one in fractions(column)])


@given(st.lists(numbers, min_size=1, max_size=3), st.lists(st.integers(0, 2), min_size=SIZE, max_size=SIZE))
def test_looked_up(choice: list[Fraction], places: list[int]) -> None:
    rows = [place % len(choice) for place in places]
    hold(looked_up(np.array(rows), choice), [choice[row] for row in rows])
    hold(constant(SIZE, choice[0]), [choice[0]] * SIZE)


@given(columns, columns)
def test_difference_and_rounding(one: Exact, other: Exact) -> None:
    signs, fits = difference(one, other)
    for place, (first, second) in enumerate(zip(fractions(one), fractions(other), strict=True)):
        if fits is None or fits[place]:
            assert signs[place] == (first > second) - (first < second)
    assert whole_yuan(one).tolist() == [floor(each) for each in fractions(one)]
    hold(not_negative(one), [max(each, Fraction(0)) for each in fractions(one)])


def test_a_product_that_rounds_below_the_bound_does_not_fit() -> None:
    # As floating point numbers these give less than 2**62.
    one, other = 103, 44_773_650_664_343_572
    assert one * other == LARGEST_UNITS + 12
    found = by_number(Exact(np.array([other, 1], np.int64)), one)
    assert found.fits is not None
    assert found.fits.tolist() == [False, True]


def test_a_denominator_beyond_the_bounds_does_not_fit() -> None:
    nothing = np.zeros(1, np.int64)
    found = plus(Exact(nothing, 10**18), Exact(nothing, 7))
    assert found.fits is not None
    assert not found.fits.any()
    assert whole_yuan(found).tolist() == [0]


@given(columns, columns, columns)
def test_what_left_the_bounds_stays_marked(one: Exact, other: Exact, third: Exact) -> None:
    wanted = [
        max((first + second) * last, Fraction(0))
        for first, second, last in zip(fractions(one), fractions(other), fractions(third), strict=True)
    ]
    hold(not_negative(times(plus(one, other), third)), wanted)
