"""The patterns of JSON Schema accept the texts that the readers accept, and no other."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calc.enterprise.numbers import LONGEST_TEXT, UNITS, FloatText, NumberError, read_number
from calc.enterprise.patterns import (
    credit_code_pattern,
    day_pattern,
    number_pattern,
    unsafe_pattern,
    years_pattern,
)
from calc.enterprise.schema import is_unsafe, read_day
from tests.enterprise.test_numbers import NO, YES

PATTERNS = {name: re.compile(number_pattern(name)) for name in UNITS}
DAY = re.compile(day_pattern())
UNSAFE = re.compile(unsafe_pattern())

DIGITS = st.text("00019５０", min_size=1, max_size=4)
GROUPED = st.lists(st.text("0019０", min_size=3, max_size=3), min_size=1, max_size=7).map(",".join)
WRITTEN = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(["", "", "", " ", "-", "－"]),
    st.one_of(
        DIGITS,
        st.builds("{},{}".format, DIGITS, GROUPED),
        st.integers(0, 10**17).map(str),
        st.integers(0, 10**17).map("{:,}".format),
    ),
    st.one_of(
        st.just(""),
        st.text("0019０", max_size=12).map(".{}".format),
        st.text("05", max_size=4).map("。{}".format),
    ),
    st.sampled_from(["", "", " ", "\u3000"]),
    st.sampled_from(["", *{unit for units in UNITS.values() for unit in units}, "％", "ｍ２", "千"]),
    st.sampled_from(["", "", "\t", "x"]),
)


def is_read(text: str, number_type: str) -> bool:
    try:
        read_number(text, number_type)
    except NumberError:
        return False
    return True


@pytest.mark.parametrize(
    ("number_type", "leaf", "is_number"),
    [(one, leaf, True) for one, leaf, _ in YES] + [(one, leaf, False) for one, leaf, _ in NO],
)
def test_the_known_cases_of_numbers(number_type: str, leaf: Any, is_number: bool) -> None:
    if type(leaf) is str and number_type in PATTERNS and not isinstance(leaf, FloatText):
        assert (len(leaf) <= LONGEST_TEXT and bool(PATTERNS[number_type].search(leaf))) == is_number


@given(WRITTEN, st.sampled_from(sorted(UNITS)))
@example("999,999,999,999,999.99", "money")
@example("1,000,000,000,000,000", "money")
@example("000,000,000,000,000,001", "money")
@example("99,999,999,999万", "money")
@example("099,999,999,999万", "money")
@example("000,099,999,999,999万", "money")
@example("100,000,000,000万", "money")
@example("0.0000000001亿", "money")
@example("0.00000000010亿", "money")
@example("0.00000000001亿", "money")
@example("-0.00万", "money")
@example("100.0%", "rate")
@example("100.01%", "rate")
@example("0,001", "rate")
@example("1.0", "rate")
@example("0.0", "factor")
@example("0.01", "factor")
def test_a_text_is_a_number_for_the_pattern_and_for_the_reader(text: str, number_type: str) -> None:
    if len(text) <= LONGEST_TEXT:
        assert bool(PATTERNS[number_type].search(text)) == is_read(text, number_type)


@given(st.dates(), st.booleans())
def test_every_day_that_exists(day: date, is_wide: bool) -> None:
    text = day.isoformat()
    if is_wide:
        text = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert DAY.search(text)
    assert read_day(text) == day


@given(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32))
@example(1900, 2, 29)
@example(2000, 2, 29)
@example(2024, 2, 29)
@example(0, 1, 1)
def test_no_day_that_does_not(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    assert bool(DAY.search(text)) == (read_day(text) is not None)


def test_the_last_days_of_all_months() -> None:
    for year in (1999, 2000, 2001, 2004, 2100):
        for month in range(1, 13):
            first_of_next = date(year + month // 12, month % 12 + 1, 1)
            last = first_of_next - timedelta(days=1)
            assert DAY.search(last.isoformat())
            assert not DAY.search(f"{year}-{month:02}-{last.day + 1:02}")


def test_unsafe_characters_are_those_of_the_reader() -> None:
    for code in range(0xD800):
        assert bool(UNSAFE.search(chr(code))) == is_unsafe(chr(code)), hex(code)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("91350100M000100Y43", True),
        ("９１３５０１００m000100y43", True),
        (" 9135 0100-M000100Y43", True),
        ("91350100M000100Y4", False),
        ("91350100M000100Y4I", False),
        ("9135010AM000100Y43", False),
    ],
)
def test_the_shape_of_a_credit_code(text: str, fits: bool) -> None:
    assert bool(re.search(credit_code_pattern(), text)) == fits


def test_the_years_of_a_span() -> None:
    pattern = re.compile(years_pattern(1998, 2100))
    assert [year for year in range(1980, 2120) if pattern.search(str(year))] == list(range(1998, 2101))
