# ruff: noqa: E501 -- the lists are data, denser than code
"""Leaves of documents: read as the strict loader reads them, or not at all."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calc.batch.intake.columns.reading import read_column
from calc.batch.intake.columns.values import Leaf
from calc.batch.intake.keys import Key
from calc.batch.intake.rows.leaves import array_of
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
    found = read_at([leaf], number_type, at_least)[0]
    value = strictly(leaf, number_type, at_least)
    if found is None:
        assert value is None or (value * 10**12) % 1 or value * 10**12 >= 2**62
    else:
        assert value == found


def read_at(leaves: list[Any], key_type: str, at_least: int = 0) -> list[Any]:
    """What is read of leaves that stand under one key."""
    array, odd = array_of(leaves, key_type)
    if array is None:
        assert list(odd) == [place for place, leaf in enumerate(leaves) if leaf is not None]
        return [None] * len(leaves)
    read = read_column(Leaf(array, is_cell=False), Key(key_type, at_least=at_least))
    if read is None:
        return [None] * len(leaves)
    numbers = read.column
    assert not (read.known & read.refused).any()
    assert all(
        known or refused or place in odd or leaf is None
        for place, (leaf, known, refused) in enumerate(zip(leaves, read.known, read.refused, strict=True))
    )
    return [
        Fraction(int(units), numbers.scale) if known else None
        for units, known in zip(numbers.units, numbers.known, strict=True)
    ]


@given(st.lists(LEAVES, max_size=5), st.sampled_from(NUMBER_TYPES))
def test_numbers_written_in_several_ways_are_read_as_each_alone(leaves: list[Any], number_type: str) -> None:
    for leaf, found in zip(leaves, read_at(leaves, number_type), strict=True):
        assert found is None or found == strictly(leaf, number_type, 0)


def test_numbers_written_in_several_ways_stand_in_one_column() -> None:
    leaves = [26_000_000, "2600万", FloatText("2.6e7"), FloatText("26000000.00"), None, "2,600 万元", True]
    assert read_at(leaves, "money") == [26_000_000] * 4 + [None, 26_000_000, None]
    assert read_at([12, FloatText("12.0"), FloatText("12.5"), "12"], "count") == [12, 12, None, None]


@pytest.mark.parametrize("leaf", [[], {}, None, 1.5, date(2026, 1, 1), b"12", True, 2**63, -(2**70)])
def test_what_is_no_number_is_not_read(leaf: Any) -> None:
    assert all(read_at([leaf], name) == [None] for name in NUMBER_TYPES)


def test_a_truth_is_not_taken_for_the_number_that_it_equals() -> None:
    assert read_at([1, True, "1", FloatText("1")], "rate") == [1, None, 1, 1]
    assert read_at([1, "1", FloatText("1"), True], "count") == [1, None, 1, None]


def test_days() -> None:
    assert read_at([date(2026, 3, 1), " ２０２６-03-01"], "date") == [739676, 739676]
    assert read_at([date(2026, 3, 1)], "date") == [739676]
    wrong = [datetime(2026, 3, 1), "2026-3-1", 20260301, None]
    assert read_at(wrong, "date") == [None] * 4
    assert read_at([*wrong, date(2026, 3, 1)], "date") == [*[None] * 4, 739676]


@pytest.mark.parametrize(
    ("leaves", "key_type", "values", "odd"),
    [
        (["甲", FloatText("12.5"), 5, None, "\ud800", "\ud83d\ude00"[:1]], "text", ["甲", *[None] * 5], [1, 2, 4, 5]),
        ([True, 1, "true", None], "flag", [True, None, None, None], [1, 2]),
        ([["sme", "sme"], [], ["sme", None], [FloatText("1.5")], "sme", ["\ud800"], [[]]], "words", [["sme"], [], *[None] * 5], [2, 3, 4, 5, 6]),
        ([2026, True, FloatText("2026.0"), "2026", 2**80], "year", [2026, *[None] * 4], [1, 2, 3, 4]),
        ([None, None], "money", None, []),
        ([{}, 1.5], "money", None, [0, 1]),
    ],
)  # fmt: skip
def test_what_may_not_stand_under_a_key_is_told(
    leaves: list[Any], key_type: str, values: list[Any] | None, odd: list[int]
) -> None:
    array, places = array_of(leaves, key_type)
    assert (None if array is None else array.to_pylist()) == values
    assert list(places) == odd
