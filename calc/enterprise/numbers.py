"""Exact numbers as an applicant writes them: yuan, dollars, rates, areas, counts.

Every reader takes a leaf of a parsed TOML or JSON document and returns an ``int`` or, where the value
is not whole, a ``Fraction``.  Binary floats never occur: the parsers hand over the literal's own text.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

Number: TypeAlias = int | Fraction

LARGEST: Final = 10**15
"""No figure reaches this bound (a quadrillion): beyond it a number is a slip, not a sum."""

LONGEST_TEXT: Final = 48
FEN: Final = 100
"""The fen of a yuan, the cents of a dollar."""

WAN: Final = 10**4
YI: Final = 10**8

UNITS: Final[Mapping[str, Mapping[str, Number]]] = MappingProxyType(
    {
        "money": {"": 1, "元": 1, "万": WAN, "万元": WAN, "亿": YI, "亿元": YI},
        "usd": {"": 1, "美元": 1, "万": WAN, "万美元": WAN, "亿": YI, "亿美元": YI},
        "rate": {"": 1, "%": Fraction(1, 100)},
        "area": {"": 1, "万": WAN, "平方米": 1, "万平方米": WAN, "m2": 1, "㎡": 1},
        "factor": {"": 1},
    }
)
NUMBER_TYPES: Final = (*UNITS, "count")

# Chinese input methods type full-width digits, signs and letters, and a full stop for the decimal point.
FULL_WIDTH: Final[Mapping[int, int | str]] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    ord("。"): ".",
}
_WRITTEN: Final = re.compile(
    r"(?P<sign>-?)(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<decimals>[0-9]+))?\s*(?P<unit>[^0-9.,\s]\S*)?"
)
_LITERAL: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]+)(?:\.(?P<decimals>[0-9]+))?(?:[eE](?P<exponent>[+-]?[0-9]{1,3}))?"
)


class FloatText(str):
    """A decimal literal of a document, kept as its own text so that it stays exact."""

    __slots__ = ()


class NumberError(ValueError):
    """A leaf that is no number of the wanted type.

    ``code`` says what is wrong: ``not_a_number``, ``unit``, ``negative``, ``decimals``, ``too_large``,
    ``not_finite``, ``above_one``, ``not_positive`` or ``not_whole``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def exact(value: Fraction) -> Number:
    """The same number, as an ``int`` where it is whole."""
    return value.numerator if value.denominator == 1 else value


def whole_yuan(value: Number) -> int:
    """Round an exact sum down to the yuan: the one place where the program rounds."""
    return value if isinstance(value, int) else value.numerator // value.denominator


def half_width(text: str) -> str:
    """Text with full-width digits, letters, signs and spaces turned into ASCII."""
    return text.translate(FULL_WIDTH)


def read_number(leaf: object, number_type: str) -> Number:
    """Read one figure.

    ``number_type`` is one of ``NUMBER_TYPES``: ``money`` (yuan) and ``usd`` (dollars) hold at most two
    decimals, ``rate`` lies between 0 and 1, ``factor`` is above 0, ``count`` is whole.

    Raises ``NumberError`` naming what is wrong.
    """
    value = _read_count(leaf) if number_type == "count" else _read_measured(leaf, UNITS[number_type])
    if value < 0:
        raise NumberError("negative")
    if number_type == "rate" and value > 1:
        raise NumberError("above_one")
    if number_type == "factor" and value == 0:
        raise NumberError("not_positive")
    if value >= LARGEST:
        raise NumberError("too_large")
    if number_type in ("money", "usd") and (value * FEN) % 1:
        raise NumberError("decimals")
    return value


def _read_count(leaf: object) -> Number:
    if isinstance(leaf, bool) or (isinstance(leaf, str) and not isinstance(leaf, FloatText)):
        raise NumberError("not_a_number")
    value = _read_measured(leaf, UNITS["factor"])
    if not isinstance(value, int):
        raise NumberError("not_whole")
    return value


def _read_measured(leaf: object, units: Mapping[str, Number]) -> Number:
    match leaf:
        case bool():
            raise NumberError("not_a_number")
        case int():
            return leaf
        case FloatText():
            return _read_literal(leaf)
        case str():
            return _read_written(leaf, units)
        case _:
            raise NumberError("not_a_number")


def _read_literal(text: str) -> Number:
    plain = text.replace("_", "")
    match = _LITERAL.fullmatch(plain)
    if match is None:
        if "nan" in plain.lower() or "inf" in plain.lower():
            raise NumberError("not_finite")
        raise NumberError(_far_exponent(plain) if "e" in plain.lower() else "not_a_number")
    if len(plain) > LONGEST_TEXT:
        raise NumberError("decimals" if len(match["whole"]) < LONGEST_TEXT // 2 else "too_large")
    exponent = int(match["exponent"] or 0)
    if exponent > LONGEST_TEXT:
        raise NumberError("too_large")
    return exact(Fraction(_assemble(match)) * Fraction(10) ** exponent)


def _far_exponent(plain: str) -> str:
    """What is wrong with a literal whose exponent has more digits than any figure."""
    return "decimals" if "e-" in plain.lower() else "too_large"


def _read_written(text: str, units: Mapping[str, Number]) -> Number:
    match = _WRITTEN.fullmatch(half_width(text).strip()) if len(text) <= LONGEST_TEXT else None
    if match is None:
        raise NumberError("not_a_number")
    unit = match["unit"] or ""
    if unit not in units:
        raise NumberError("unit")
    return exact(Fraction(_assemble(match) * units[unit]))


def _assemble(match: re.Match[str]) -> Number:
    decimals = match["decimals"] or ""
    digits = int(match["whole"].replace(",", "") + decimals)
    return exact(Fraction(-digits if match["sign"] == "-" else digits, 10 ** len(decimals)))
