# ruff: noqa: E501 -- the lists are data, denser than code
"""Every unit, sign, width and edge of a number, as applicants write them."""

import contextlib
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.enterprise.numbers import (
    LARGEST,
    NUMBER_TYPES,
    FloatText,
    NumberError,
    exact,
    half_width,
    read_number,
    whole_yuan,
)

YES: list[tuple[str, Any, Any]] = [
    ("money", 0, 0), ("money", 26_000_000, 26_000_000), ("money", LARGEST - 1, LARGEST - 1),
    ("money", FloatText("12.5"), Fraction(25, 2)), ("money", FloatText("12.50"), Fraction(25, 2)), ("money", FloatText("1_000.25"), Fraction(4001, 4)),
    ("money", FloatText("1e4"), 10_000), ("money", FloatText("2.6E7"), 26_000_000), ("money", FloatText("1e-2"), Fraction(1, 100)),
    ("money", FloatText("-0.0"), 0), ("money", FloatText("+5.0"), 5), ("money", "-0", 0), ("money", "0", 0), ("money", "007", 7),
    ("money", "2600万", 26_000_000), ("money", "2600万元", 26_000_000), ("money", "1.3亿", 130_000_000), ("money", "1.3亿元", 130_000_000),
    ("money", "2,600万元", 26_000_000), ("money", "26000000", 26_000_000), ("money", "26,000,000", 26_000_000), ("money", "5元", 5),
    ("money", "0.01", Fraction(1, 100)), ("money", "0.000001万", Fraction(1, 100)), ("money", "0.0000000001亿", Fraction(1, 100)),
    ("money", "12.34元", Fraction(617, 50)), ("money", " 5万 ", 50_000), ("money", "5 万", 50_000), ("money", "5\u3000万元", 50_000),
    ("money", "１．５亿", 150_000_000), ("money", "２，６００万元", 26_000_000), ("money", "2，600万", 26_000_000), ("money", "１。５亿", 150_000_000),
    ("money", "3.30", Fraction(33, 10)), ("money", "1,234,567.89", Fraction(123456789, 100)),
    ("usd", 3_000_000, 3_000_000), ("usd", "300万", 3_000_000), ("usd", "300万美元", 3_000_000), ("usd", "0.03亿美元", 3_000_000), ("usd", "5美元", 5), ("usd", "1亿", 10**8),
    ("rate", 0, 0), ("rate", 1, 1), ("rate", FloatText("0.035"), Fraction(7, 200)), ("rate", "0.035", Fraction(7, 200)), ("rate", "3.5%", Fraction(7, 200)),
    ("rate", "3.5％", Fraction(7, 200)), ("rate", "３．５％", Fraction(7, 200)), ("rate", "100%", 1), ("rate", "5 %", Fraction(1, 20)), ("rate", "0.001%", Fraction(1, 100_000)),
    ("area", "5.2万", 52_000), ("area", "5.2万平方米", 52_000), ("area", "52000㎡", 52_000), ("area", "52000m2", 52_000), ("area", "52000平方米", 52_000), ("area", FloatText("0.125"), Fraction(1, 8)),
    ("factor", FloatText("7.10"), Fraction(71, 10)), ("factor", "7.1", Fraction(71, 10)), ("factor", FloatText("1e-9"), Fraction(1, 10**9)),
    ("count", 24, 24), ("count", 0, 0), ("count", FloatText("24.0"), 24), ("count", FloatText("2.4e1"), 24),
]  # fmt: skip
NO: list[tuple[str, Any, str]] = [
    ("money", True, "not_a_number"), ("money", None, "not_a_number"), ("money", [1], "not_a_number"), ("money", {}, "not_a_number"), ("money", 1.5, "not_a_number"),
    ("money", -1, "negative"), ("money", FloatText("-0.01"), "negative"), ("money", "-5万", "negative"), ("money", "－5万", "negative"),
    ("money", LARGEST, "too_large"), ("money", "10000000亿", "too_large"), ("money", FloatText("1e400"), "too_large"), ("money", FloatText("1e9999"), "too_large"),
    ("money", FloatText("1e-400"), "decimals"), ("money", FloatText("1e-9999"), "decimals"), ("money", FloatText("0." + "0" * 90 + "1"), "decimals"),
    ("money", FloatText("9" * 90 + ".5"), "too_large"), ("money", 10**4000, "too_large"),
    ("money", FloatText("nan"), "not_finite"), ("money", FloatText("+inf"), "not_finite"), ("money", FloatText("-Infinity"), "not_finite"), ("money", FloatText("NaN"), "not_finite"),
    ("money", FloatText("12.345"), "decimals"), ("money", "0.001", "decimals"), ("money", "0.0000001万", "decimals"), ("money", "12.345元", "decimals"),
    ("money", "5美元", "unit"), ("money", "300万美元", "unit"), ("money", "5%", "unit"), ("money", "5㎡", "unit"), ("money", "5块", "unit"), ("money", "5千", "unit"),
    ("money", "1万亿", "unit"), ("money", "5百万", "unit"), ("money", "5w", "unit"), ("money", "5RMB", "unit"), ("money", "1e5", "unit"), ("money", "0x10", "unit"), ("money", "1_000", "unit"),
    *(("money", text, "not_a_number") for text in (
        "", " ", "abc", "五百万", "万", "元", "1,00", "1,0000", "12,34万", ",5", "5,", "--5", "+5", "+-5", "1.", ".5", "1.2.3", "1..2", "1 000", "٣٤٥", "²", "½", "Ⅴ", "①",
        "5 万 元", "=1+1", "[/]", "{value}", "−5", "9" * 49, "\u200b10",
    )),
    ("money", "1²", "unit"), ("money", "1\u0301", "unit"),
    ("usd", "5元", "unit"), ("usd", "300万元", "unit"), ("usd", FloatText("0.001"), "decimals"),
    ("rate", 2, "above_one"), ("rate", FloatText("1.0001"), "above_one"), ("rate", "100.1%", "above_one"), ("rate", 30, "above_one"), ("rate", "3.5", "above_one"),
    ("rate", "3万", "unit"), ("rate", "3‰", "unit"), ("rate", "-1%", "negative"), ("rate", "3.5%%", "unit"),
    ("area", "5亩", "unit"), ("area", "5万元", "unit"), ("area", -1, "negative"),
    ("factor", 0, "not_positive"), ("factor", FloatText("0.0"), "not_positive"), ("factor", -7, "negative"), ("factor", "7元", "unit"),
    ("count", FloatText("1.5"), "not_whole"), ("count", "24", "not_a_number"), ("count", True, "not_a_number"), ("count", -1, "negative"), ("count", FloatText("nan"), "not_finite"),
]  # fmt: skip


@pytest.mark.parametrize(("number_type", "leaf", "value"), YES)
def test_a_number_is_read_exactly(number_type: str, leaf: Any, value: Any) -> None:
    found = read_number(leaf, number_type)
    assert found == value
    assert isinstance(found, int) == (Fraction(value).denominator == 1)


@pytest.mark.parametrize(("number_type", "leaf", "code"), NO)
def test_what_is_no_number_is_refused(number_type: str, leaf: Any, code: str) -> None:
    with pytest.raises(NumberError) as caught:
        read_number(leaf, number_type)
    assert caught.value.code == code


@given(st.integers(0, LARGEST * 100 - 1))
def test_fen_survive_however_they_are_written(fen: int) -> None:
    value = exact(Fraction(fen, 100))
    plain = f"{fen // 100}.{fen % 100:02}"
    assert read_number(FloatText(plain), "money") == value
    assert read_number(plain, "money") == value
    assert read_number(f"{fen // 100:,}.{fen % 100:02}元", "money") == value
    wide = plain.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789."})
    assert half_width(wide) == plain
    assert read_number(wide, "money") == value


@given(st.text(max_size=50), st.sampled_from(NUMBER_TYPES))
def test_any_text_is_a_number_or_refused(text: str, number_type: str) -> None:
    for leaf in (text, FloatText(text)):
        with contextlib.suppress(NumberError):
            assert 0 <= read_number(leaf, number_type) < LARGEST


@pytest.mark.parametrize(("value", "yuan"), [(5, 5), (Fraction(599, 100), 5), (Fraction(1, 3), 0), (0, 0)])
def test_yuan_are_rounded_down(value: Any, yuan: int) -> None:
    assert whole_yuan(value) == yuan
