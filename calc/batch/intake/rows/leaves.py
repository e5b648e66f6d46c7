"""Leaves of parsed documents as Arrow arrays, from which they are read as the strict loader reads them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Final

import pyarrow as pa

from calc.batch.intake.safe_texts import is_valid
from calc.enterprise.numbers import UNITS, FloatText, NumberError, read_number

_ALLOWED: Final[Mapping[str, frozenset[type]]] = {
    "flag": frozenset({bool}),
    "year": frozenset({int}),
    "count": frozenset({int, FloatText}),
    "date": frozenset({str, date}),
    "words": frozenset({list}),
    "covers": frozenset({list}),
    **dict.fromkeys(UNITS, frozenset({int, str, FloatText})),
}
"""What may stand under a key, by its type; under every other key only text."""

_TEXT: Final = frozenset({str})
_ARROW: Final[Mapping[type, pa.DataType]] = {
    bool: pa.bool_(),
    int: pa.int64(),
    str: pa.string(),
    date: pa.date32(),
    list: pa.list_(pa.string()),
}
_PLAIN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_REMEMBERED: Final = 2**14


def array_of(values: Sequence[Any], key_type: str) -> tuple[pa.Array | None, Sequence[int]]:
    """What stands under a key of such a type, and where something stands that may not be right.

    ``None`` among the values is nothing, as it is in the array; without any value there is no array.
    """
    allowed = _ALLOWED.get(key_type, _TEXT)
    kinds = _types_of(values)
    written = values if kinds <= allowed else [one if type(one) in allowed else None for one in values]
    array = _array(_alike(written, kinds & allowed, key_type))
    if array is None:
        return None, [place for place, one in enumerate(values) if one is not None]
    if array.null_count == values.count(None):
        return array, ()
    return array, [
        place
        for place, (one, is_there) in enumerate(zip(values, is_valid(array).tolist(), strict=True))
        if one is not None and not is_there
    ]


def _types_of(values: Iterable[Any]) -> set[type]:
    return set(map(type, values)) - {type(None)}


def _alike(values: Sequence[Any], kinds: set[type], key_type: str) -> Sequence[Any]:
    """Values of some types as values of one that mean the same; ``None`` where they might not."""
    if kinds == {list}:
        return [None if one is None else _texts(one) for one in values]
    if len(kinds) <= 1 and FloatText not in kinds:
        return values
    if key_type == "date":
        return [one.isoformat() if type(one) is date else one for one in values]
    write = _whole if key_type == "count" else partial(_figure, number_type=key_type)
    return [None if one is None else write(one) for one in values]


def _texts(listed: Iterable[Any]) -> list[str] | None:
    """The texts of a list, each once."""
    return list(dict.fromkeys(listed)) if all(type(one) is str for one in listed) else None


@lru_cache(_REMEMBERED, typed=True)
def _whole(leaf: Any) -> int | None:
    """A count as a whole number."""
    try:
        value = read_number(leaf, "count")
    except NumberError:
        return None
    return int(value)


@lru_cache(_REMEMBERED, typed=True)
def _figure(leaf: Any, number_type: str) -> str | None:
    """A figure as text, without an exponent."""
    if type(leaf) is FloatText and not _PLAIN.fullmatch(leaf):
        try:
            read_number(leaf, number_type)
        except NumberError:
            return None
        return f"{Decimal(leaf):f}"
    return str(leaf)


def _array(values: Sequence[Any]) -> pa.Array | None:
    """Values of one type as an array, null where one has no place in it; ``None`` where there are none."""
    kind = next((_ARROW[type(one)] for one in values if one is not None), None)
    if kind is None:
        return None
    try:
        return pa.array(values, kind)
    except (ValueError, OverflowError):  # a number of more bits, or text with half of a character
        return pa.array([one if _has_place(one, kind) else None for one in values], kind)


def _has_place(value: Any, kind: pa.DataType) -> bool:
    try:
        pa.scalar(value, kind)
    except (ValueError, OverflowError):
        return False
    return True
