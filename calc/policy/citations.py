"""Whether each number of an item stands in a phrase that it cites."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from calc.enterprise.numbers import WAN, YI
from calc.policy import forms
from calc.policy.rules import Item

_MONTHS: Final = 12
_CHINESE: Final[Mapping[Fraction, str]] = {
    Fraction(2 + place): figures for place, figures in enumerate(("二两", *"三四五六七八九十"))
}
_NUMBER: Final = r"(?<![0-9.])0*{}(?![0-9.]*[0-9]|[%万亿])"
"""A number with its unit, and not a part of another: 10 does not stand in 10%, nor 5万 in 25万."""


def uncited(item: Item, key: str) -> tuple[str, ...]:
    """The numbers under one key of an item that no phrase of it holds, as a source would write them."""
    cited = _plain("|".join((item.phrase, *item.cites)))
    numbers = dict.fromkeys(_numbers(getattr(item, key)))
    return tuple(
        _ways(number)[0] for number in numbers if not any(_stands_in(way, cited) for way in _ways(number))
    )


def _plain(text: str) -> str:
    """Text without blanks and thousands marks, and with one form of each sign."""
    return re.sub(r"\s|(?<=[0-9]),(?=[0-9]{3})", "", unicodedata.normalize("NFKC", text))


def _stands_in(way: str, cited: str) -> bool:
    return re.search(_NUMBER.format(re.escape(way)), cited) is not None


def _numbers(value: Any) -> Iterator[Fraction]:
    """Every number within a rule but 0 and 1, which stand for any and for the first."""
    match value:
        case bool() | str() | None:
            return
        case int() | Fraction():
            if value not in (0, 1):
                yield Fraction(value)
        case forms.Record():
            for name in type(value).model_fields:
                yield from _numbers(getattr(value, name))
        case tuple():
            for one in value:
                yield from _numbers(one)
        case Mapping():
            for one in value.values():
                yield from _numbers(one)
        case _:
            return


def _ways(number: Fraction) -> list[str]:
    """How a source may write a number: 10%, 2000万, 0.5万, 1.3亿, 2年 for 24 months, a plain count."""
    ways = [f"{_decimal(number * 100)}%"] if number <= 1 else []
    ways += [f"{_decimal(number / unit)}{name}" for name, unit in (("亿", YI), ("万", WAN)) if number >= unit]
    ways.append(_decimal(number))
    if number < WAN and number > 1:
        ways.append(f"{_decimal(number / WAN)}万")
    ways += _CHINESE.get(number, ())
    if number % _MONTHS == 0:
        ways.append(f"{_decimal(number / _MONTHS)}年")
    return ways


def _decimal(number: Fraction) -> str:
    whole, rest = divmod(number, 1)
    digits = ""
    while rest and len(digits) < _MONTHS:
        figure, rest = divmod(rest * 10, 1)
        digits += str(figure)
    return f"{whole}.{digits}" if digits else str(whole)
