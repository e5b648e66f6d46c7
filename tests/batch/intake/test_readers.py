"""Leaves of documents: read as the strict loader reads them, or not at all."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calc.batch.intake.rows import readers
from calc.enterprise.numbers import NUMBER_TYPES, UNITS, FloatText, NumberError, read_number
from calc.enterprise.patterns import number_pattern

TEXTS = st.one_of(
    *(st.from_regex(number_pattern(name), fullmatch=True) for name in UNITS),
    st.from_regex(r"[0-9]{1,17}(\.[0-9]{1,13})?(万|亿|元|%|万美元)?", fullmatch=True),
    st.text(max_size=8),
)
LITERALS = st.from_regex(r"-?[0-9]{1,17}(\.[0-9]{1,13})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
LEAVES = st.one_of(
    st.integers(), st.integers(0, 10**15 + 2), TEXTS, LITERALS.map(FloatText), st.booleans(), st.none()
)


def strictly(leaf: object, number_type: str, at_least: int) -> Fraction | int | None:
    try:
        value = read_number(leaf, number_type)
    except NumberError:
        return None
    return value if value >= at_least else None


@given(LEAVES, st.sampled_from(NUMBER_TYPES), st.sampled_from([0, 1, 3]))
@example("100%", "rate", 0)
@example("100.01%", "rate", 0)
@example(FloatText("3.5"), "rate", 0)
@example("999999999999999.99", "money", 0)
@example("10000000亿", "money", 0)
@example("0.000万", "factor", 0)
@example(FloatText("0.0"), "factor", 0)
@example(FloatText("12.0"), "count", 3)
@example("12", "count", 0)
@example(FloatText("12万"), "money", 0)
@example("1.23456万", "money", 0)
@example("1.234567万", "money", 0)
def test_numbers_are_those_of_the_strict_reader(leaf: Any, number_type: str, at_least: int) -> None:
    units = readers.number_reader(number_type, at_least)(leaf)
    value = strictly(leaf, number_type, at_least)
    finest = readers.finest_of(number_type)
    if units is None:
        assert value is None or (value * finest) % 1
    else:
        assert value == Fraction(units, finest)


@pytest.mark.parametrize("leaf", [[], {}, None, 1.5, date(2026, 1, 1), b"12", True])
def test_what_is_no_number_is_not_read(leaf: Any) -> None:
    assert all(readers.number_reader(name)(leaf) is None for name in NUMBER_TYPES)


def test_a_truth_is_not_taken_for_the_number_that_it_equals() -> None:
    read = readers.number_reader("rate")
    assert (read(1), read(True), read("1"), read(FloatText("1"))) == (10**12, None, 10**12, 10**12)
    read = readers.number_reader("count")
    assert (read(1), read("1"), read(FloatText("1")), read(True)) == (1, None, 1, None)


def test_days() -> None:
    assert readers.day(date(2026, 3, 1)) == readers.day(" ２０２６-03-01") == 739676
    assert [readers.day(one) for one in (datetime(2026, 3, 1), "2026-3-1", 20260301, None)] == [None] * 4
