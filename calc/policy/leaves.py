"""Reads the leaves of a rules file: sums, ratios, days, texts; each a type that a record may name."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, Field, PlainValidator
from pydantic_core import PydanticCustomError

from calc.enterprise.numbers import Number, NumberError, read_number
from calc.enterprise.schema import read_date, read_flag, read_text

_COMMON_YEAR: Final = 2001
_DAY_OF_YEAR: Final = re.compile("[0-9]{2}-[0-9]{2}")
_LONGEST_TEXT: Final = 2000
_LONGEST_NUMBER: Final = 4
_LITERAL_TYPES: Final = ("money", "usd", "area", "rate", "factor")


def _read_literal(leaf: Any) -> Number:
    reason = "not_a_number"
    for number_type in _LITERAL_TYPES:
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


def _read_text(leaf: Any) -> str:
    return read_text(leaf, _LONGEST_TEXT)


def _read_count(leaf: Any) -> int:
    count = _reader("count")(leaf)
    return count if isinstance(count, int) else 0


def _read_word_or_flag(leaf: Any) -> bool | str:
    return leaf if isinstance(leaf, bool) else read_text(leaf)


def read_cap(leaf: Any) -> Number:
    """A sum above 0.  Raises ``PydanticCustomError``."""
    return positive(_reader("money")(leaf))


def _read_measure_number(leaf: Any) -> int:
    is_number = isinstance(leaf, str) and leaf.isascii() and leaf.isdigit() and len(leaf) <= _LONGEST_NUMBER
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


Quantity: TypeAlias = Annotated[Number, PlainValidator(_read_literal)]
Above: TypeAlias = Annotated[Quantity, AfterValidator(positive)]
Money: TypeAlias = Annotated[Number, PlainValidator(_reader("money"))]
Cap: TypeAlias = Annotated[Money, AfterValidator(positive)]
Rate: TypeAlias = Annotated[Number, PlainValidator(_reader("rate")), AfterValidator(positive)]
Word: TypeAlias = Annotated[str, PlainValidator(read_text)]
Prose: TypeAlias = Annotated[str, PlainValidator(_read_text)]
Flag: TypeAlias = Annotated[bool, PlainValidator(read_flag)]
Day: TypeAlias = Annotated[date, PlainValidator(read_date)]
DayOfYear: TypeAlias = Annotated[tuple[int, int], PlainValidator(_read_day_of_year)]
MeasureNumber: TypeAlias = Annotated[int, PlainValidator(_read_measure_number)]
Whole: TypeAlias = Annotated[int, PlainValidator(_read_count)]
WordOrFlag: TypeAlias = Annotated[bool | str, PlainValidator(_read_word_or_flag)]
Words: TypeAlias = Annotated[tuple[Word, ...], Field(min_length=1)]
