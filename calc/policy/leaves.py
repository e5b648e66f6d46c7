"""Reads the leaves of a rules file: sums, ratios, days, texts; each a type that a record may name."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, NamedTuple, TypeAlias

from pydantic import Field
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function

from calc.enterprise.numbers import Number, NumberError, read_number
from calc.enterprise.schema import read_date, read_flag, read_text

LEAF: Final = "leaf"
"""What marks, in a JSON Schema that is not finished, the kind of a leaf."""

_COMMON_YEAR: Final = 2001
_DAY_OF_YEAR: Final = re.compile("[0-9]{2}-[0-9]{2}")
LONGEST_PROSE: Final = 2000
LONGEST_MEASURE: Final = 4
LITERAL_TYPES: Final = ("money", "usd", "area", "rate", "factor")


def _read_literal(leaf: Any) -> Number:
    reason = "not_a_number"
    for number_type in LITERAL_TYPES:
        try:
            return read_number(leaf, number_type)
        except NumberError as error:
            reason = error.code if error.code != "unit" else reason
    raise PydanticCustomError("number", "see the details", {"reason": reason, "type": "money"})


def _reader(number_type: str) -> Callable[[Any], Number]:
    def read(leaf: Any) -> Number:
        try:
            return read_number(leaf, number_type)
        except NumberError as error:
            details = {"reason": error.code, "type": number_type}
            raise PydanticCustomError("number", "see the details", details) from None

    return read


_read_money: Final = _reader("money")


def _read_text(leaf: Any) -> str:
    return read_text(leaf, LONGEST_PROSE)


def _read_count(leaf: Any) -> int:
    count = _reader("count")(leaf)
    return count if isinstance(count, int) else 0


def _read_word_or_flag(leaf: Any) -> bool | str:
    return leaf if isinstance(leaf, bool) else read_text(leaf)


def read_cap(leaf: Any) -> Number:
    """A sum above 0.  Raises ``PydanticCustomError``."""
    return positive(_read_money(leaf))


def _read_measure_number(leaf: Any) -> int:
    is_number = isinstance(leaf, str) and leaf.isascii() and leaf.isdigit() and len(leaf) <= LONGEST_MEASURE
    if not is_number:
        raise PydanticCustomError("measure_number", "see the details")
    return int(leaf)


def _read_day_of_year(leaf: Any) -> tuple[int, int]:
    text = read_text(leaf)
    try:
        # A year without a 29 February: a window opens on the same days every year.
        day = date.fromisoformat(f"{_COMMON_YEAR}-{text}") if _DAY_OF_YEAR.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise PydanticCustomError("day_of_year", "see the details")
    return day.month, day.day


def positive(value: Number) -> Number:
    """A value above 0.  Raises ``PydanticCustomError``."""
    if value == 0:
        raise PydanticCustomError("number", "see the details", {"reason": "not_positive", "type": "money"})
    return value


class Leaf(NamedTuple):
    """How a leaf is read, and what a JSON Schema calls its kind (``calc.present.authoring.rules_schema``).

    It is its own validator: one made by pydantic asks each reader anew what it takes.
    """

    read: Callable[[Any], Any]
    kind: str

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        return no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        return {"type": "string", LEAF: self.kind}


def _above_0(read: Callable[[Any], Number]) -> Callable[[Any], Number]:
    return lambda leaf: positive(read(leaf))


Quantity: TypeAlias = Annotated[Number, Leaf(_read_literal, "quantity")]
Above: TypeAlias = Annotated[Number, Leaf(_above_0(_read_literal), "quantity_above_0")]
Money: TypeAlias = Annotated[Number, Leaf(_read_money, "money")]
Cap: TypeAlias = Annotated[Number, Leaf(read_cap, "sum_above_0")]
Rate: TypeAlias = Annotated[Number, Leaf(_above_0(_reader("rate")), "rate_above_0")]
Word: TypeAlias = Annotated[str, Leaf(read_text, "text")]
Prose: TypeAlias = Annotated[str, Leaf(_read_text, "prose")]
Flag: TypeAlias = Annotated[bool, Leaf(read_flag, "flag")]
Day: TypeAlias = Annotated[date, Leaf(read_date, "date")]
DayOfYear: TypeAlias = Annotated[tuple[int, int], Leaf(_read_day_of_year, "day_of_year")]
MeasureNumber: TypeAlias = Annotated[int, Leaf(_read_measure_number, "measure_number")]
Whole: TypeAlias = Annotated[int, Leaf(_read_count, "count")]
WholeAboveZero: TypeAlias = Annotated[int, Leaf(_above_0(_read_count), "count_above_0")]
WordOrFlag: TypeAlias = Annotated[bool | str, Leaf(_read_word_or_flag, "word_or_flag")]
Words: TypeAlias = Annotated[tuple[Word, ...], Field(min_length=1)]
