"""Reads leaves of parsed documents for columns: as the strict loader does, or ``None`` where it might not.

A reader never raises.  Numbers are read as whole units: so many of them are one (``finest_of``).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias

from pydantic_core import PydanticCustomError

from calc.batch.intake.keys import MOST_PLACES, PLACES
from calc.enterprise.numbers import LARGEST, NUMBER_TYPES, UNITS, FloatText, NumberError, read_number
from calc.enterprise.schema import FIRST_YEAR, LAST_YEAR, LONGEST_NAME, read_day, read_text
from calc.enterprise.vocabulary import Field, Word

Read: TypeAlias = Callable[[Any], Any]

FINEST: Final = 10**MOST_PLACES
"""No column counts in smaller parts of one than these; sums count in fen, and counts in ones."""

_REMEMBERED: Final = 2**14
_PLAIN: Final = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,9}))?([^0-9.,\s]\S*)?")
_WRITTEN: Final = frozenset({int, str, FloatText})


def finest_of(number_type: str) -> int:
    """How many units of a column are one, as its numbers are read."""
    finest: int = 10 ** PLACES.get(number_type, MOST_PLACES)
    return finest


@cache
def number_reader(number_type: str, at_least: int = 0) -> Read:
    """A reader of numbers; equal texts are read once."""
    finest = finest_of(number_type)
    most = finest if number_type == "rate" else LARGEST * finest - 1
    least = max(at_least * finest, 1) if number_type == "factor" else at_least * finest
    units_of = {unit: (factor * finest).numerator for unit, factor in UNITS.get(number_type, {}).items()}
    is_sum = number_type in ("money", "usd")

    def read_plain(leaf: str) -> int | None:
        """What nearly all numbers look like, without a detour over fractions."""
        match = _PLAIN.fullmatch(leaf)
        if match is None:
            return None
        whole, decimals, unit = match.groups("")
        if unit not in units_of or (unit and type(leaf) is FloatText):
            return None
        units, odd = divmod(int(whole + decimals) * units_of[unit], 10 ** len(decimals))
        return units if not odd and least <= units <= most else None

    @lru_cache(_REMEMBERED, typed=True)
    def read_once(leaf: Any) -> int | None:
        plain = read_plain(leaf) if type(leaf) is not int and units_of else None
        if plain is not None:
            return plain
        try:
            value = read_number(leaf, number_type)
        except NumberError:
            return None
        units = value * finest
        return units.numerator if value >= at_least and units.denominator == 1 else None

    def read(leaf: Any) -> int | None:
        if type(leaf) is int and (is_sum or number_type == "count"):
            units = leaf * finest
            return units if least <= units <= most else None
        return read_once(leaf) if type(leaf) in _WRITTEN else None

    return read


def flag(leaf: Any) -> bool | None:
    """A boolean."""
    return leaf if type(leaf) is bool else None


def text(leaf: Any) -> str | None:
    """A text on one line that a terminal may show."""
    if type(leaf) is str and leaf.isprintable() and len(leaf) <= LONGEST_NAME and leaf.strip():
        return leaf  # as most are
    try:
        return read_text(leaf)
    except PydanticCustomError:
        return None


def year(leaf: Any) -> int | None:
    """A claim year."""
    return leaf if type(leaf) is int and FIRST_YEAR <= leaf <= LAST_YEAR else None


@lru_cache(_REMEMBERED)
def _written_day(leaf: str) -> int | None:
    found = read_day(leaf)
    return None if found is None else found.toordinal()


def day(leaf: Any) -> int | None:
    """The ordinal of a day."""
    if type(leaf) is str:
        return _written_day(leaf)
    return leaf.toordinal() if type(leaf) is date else None


def place_reader(words: Mapping[str, Any] | tuple[str, ...]) -> Read:
    """A reader of one of some words, as its place among them."""
    places = {word: place for place, word in enumerate(words)}

    def read(leaf: Any) -> int | None:
        return places.get(leaf) if type(leaf) is str else None

    return read


def bits_reader(words: Mapping[str, Word]) -> Read:
    """A reader of a list of words, as a bit for the place of each."""
    bits = {word: 1 << place for place, word in enumerate(words)}

    def read(leaf: Any) -> int | None:
        if type(leaf) is not list:
            return None
        found = 0
        for one in leaf:
            bit = bits.get(one) if type(one) is str else None
            if bit is None:
                return None
            found |= bit
        return found

    return read


def covers_reader(items: tuple[str, ...]) -> Read:
    """A reader of what an agreement covers: subjects, items or ``*``, each once."""
    known = frozenset((*items, "*"))

    def read(leaf: Any) -> tuple[str, ...] | None:
        if type(leaf) is not list:
            return None
        covered = tuple(dict.fromkeys(map(text, leaf)))
        is_plain = all(one is not None and (one in known or ":" in one) for one in covered)
        return covered if is_plain else None  # type: ignore[return-value]

    return read


def reader_of(field: Field) -> Read:
    """The reader for a key of a table, or for a yearly figure."""
    match field.type:
        case "flag":
            return flag
        case "word":
            return place_reader(field.words)
        case "words":
            return bits_reader(field.words)
        case "date":
            return day
        case "text":
            return text
        case number_type if number_type in NUMBER_TYPES:
            return number_reader(number_type, field.at_least)
        case _:
            raise ValueError(field.type)
