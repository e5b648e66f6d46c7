"""Reads a cell of a spreadsheet as the leaf that a document would hold there.

What cannot be read stays as it is, so that the strict loader can name it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, Final

from calc.enterprise.cells import Unread, from_cell
from calc.enterprise.numbers import LONGEST_TEXT, FloatText, half_width

_FLAGS: Final = {
    **dict.fromkeys(("true", "是", "1", "yes"), True),
    **dict.fromkeys(("false", "否", "0", "no"), False),
}
_BETWEEN: Final = re.compile(r"[;；]")
"""What stands between the words of a list, and in none of them."""

_BETWEEN_WORDS: Final = re.compile(r"[|、，,]")
"""What may stand between words too; but in a Chinese word as well, or in the name of a subject."""

NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})
_WHOLE: Final = re.compile(r"(-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+))(?:\.0+)?")
_DAY: Final = re.compile(
    r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?"
    r"|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
)
_TEXTS: Final = frozenset({"text", "uscc", "item"})
_REMEMBERED: Final = 2**10
_FARTHEST_PLACE: Final = 30
"""No number of so many digits is ever right: it is not written out."""


def text_reader(key_type: str, named: Mapping[str, str] = NO_NAMES) -> Callable[[str], Any]:
    """A reader for texts in a column whose :class:`~calc.batch.intake.keys.Key` is of this type.

    ``named`` are the words that the column may hold, by all that they may be called.  A reader gives ``None``
    for a blank text.
    """
    match key_type:
        case "word":
            read_text: Callable[[str], Any] = partial(_word, named=named)
        case "words":
            read_text = partial(_words, named=named)
        case _:
            read_text = _OF_TEXT.get(key_type, str.strip)
    return lambda text: read_text(text) if text and not text.isspace() else None


def leaf_reader(key_type: str, named: Mapping[str, str] = NO_NAMES) -> Callable[[Any], Any]:
    """A reader for the cells of a column of a spreadsheet; it gives ``None`` for an empty cell."""
    read_text = text_reader(key_type, named)

    def read(cell: Any) -> Any:
        if type(cell) is str:
            return read_text(from_cell(cell) if cell.startswith("'") else cell)
        return None if cell is None else _typed(cell, key_type)

    return read


def _typed(cell: Any, key_type: str) -> Any:
    """What a cell holds that has a type of its own."""
    match cell:
        case bool() | dict() | Unread():
            return cell
        case datetime():
            return cell.date() if cell.timetz() == time() else str(cell)
        case date():
            return cell
        case int() | float() | Decimal():
            number = _number(cell)
            if key_type == "flag" and number in (0, 1):
                return bool(number)
            return str(number) if key_type in _TEXTS else number
        case list() | tuple():
            return [one if one is None or isinstance(one, str) else _typed(one, "word") for one in cell]
        case _:
            return str(cell)


def _number(cell: float | Decimal) -> int | FloatText:
    """The number that a cell shows: of a float the shortest that means it."""
    exact = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
    is_whole = exact.is_finite() and exact.adjusted() < _FARTHEST_PLACE and exact == exact.to_integral_value()
    return int(exact) if is_whole else FloatText(str(exact))


@lru_cache(_REMEMBERED)
def _whole(text: str) -> int | str:
    """A whole number; a spreadsheet writes a year with ``.0`` where others of its column are empty."""
    plain = half_width(text).strip()
    match = _WHOLE.fullmatch(plain) if len(plain) <= LONGEST_TEXT else None
    return text.strip() if match is None else int(match[1].replace(",", ""))


@lru_cache(_REMEMBERED)
def _flag(text: str) -> bool | str:
    return _FLAGS.get(half_width(text).strip().lower(), text.strip())


@lru_cache(_REMEMBERED)
def _day(text: str) -> str:
    match = _DAY.fullmatch(half_width(text).strip())
    if match is None:
        return text.strip()
    year, month, day = (part for part in match.group(1, 3, 4, 5, 6, 7) if part is not None)
    return f"{year}-{month:0>2}-{day:0>2}"


def _word(text: str, named: Mapping[str, str]) -> str:
    word = text.strip()
    return named.get(word, word)


def _words(text: str, named: Mapping[str, str]) -> Any:
    """Words apart from each other, or a list as JSON writes it."""
    listed = _listed(text)
    if listed is None:
        return [word for part in _BETWEEN.split(text) for word in _words_within(part, named)]
    return (
        [_word(one, named) if type(one) is str else one for one in listed] if type(listed) is list else listed
    )


def _words_within(text: str, named: Mapping[str, str]) -> Iterator[str]:
    """The words of a text, of which a Chinese one may hold what stands between others."""
    marks = [*_BETWEEN_WORDS.finditer(text)]
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    longest = max((len(_BETWEEN_WORDS.findall(name)) for name in named), default=0) if marks else 0
    at = 0
    while at < len(starts):
        last = min(at + longest, len(ends) - 1)
        while last > at and text[starts[at] : ends[last]].strip() not in named:
            last -= 1
        word = _word(text[starts[at] : ends[last]], named)
        if word:
            yield word
        at = last + 1


def _subjects(text: str) -> Any:
    """Subjects and items apart from each other, or a list as JSON writes it."""
    listed = _listed(text)
    return [one.strip() for one in _BETWEEN.split(text) if one.strip()] if listed is None else listed


def _listed(text: str) -> Any:
    """A list as JSON writes it; ``None`` where a text begins as none, the text where it is none."""
    if not text.lstrip().startswith("["):
        return None
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        return text.strip()
    return [FloatText(str(one)) if type(one) is float else one for one in listed]


_OF_TEXT: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "text": str,
        "uscc": str,
        "year": _whole,
        "count": _whole,
        "flag": _flag,
        "date": _day,
        "covers": _subjects,
    }
)
