"""Turns what documents give of a key into a column."""

from collections.abc import Iterable, Mapping, Sequence
from math import gcd
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from calc.batch.intake.rows.gathering import Filled, only_read
from calc.batch.intake.rows.readers import FINEST, finest_of
from calc.batch.portfolio import LARGEST_UNITS, Bools, Column, Flags, Ints, Numbers, Texts, Words, WordSets
from calc.enterprise.numbers import NUMBER_TYPES
from calc.enterprise.vocabulary import Field


def column_of(field: Field, filled: Filled, size: int) -> Column:
    """The column of a field, as :func:`~calc.batch.intake.rows.readers.reader_of` reads it."""
    match field.type:
        case "flag":
            return Flags(scattered(filled, size, np.bool_))
        case "word":
            return Words(scattered(filled, size, np.int64, absent=-1))
        case "words":
            return WordSets(scattered(filled, size, np.uint64), are_known(filled, size))
        case "date":
            return numbers(filled, size)
        case "text":
            return Texts(texts(filled, size))
        case number_type:
            return numbers(filled, size, finest_of(number_type))


def numbers(filled: Filled, size: int, finest: int = 1) -> Numbers:
    """Numbers read in units of which ``finest`` are one, at the least scale that holds them all.

    Sums keep their fen.
    """
    scale = least_scale(filled.values()) if finest == FINEST else finest
    if scale < finest:
        parts = finest // scale
        filled = {place: units // parts for place, units in filled.items()}
    return Numbers(scattered(filled, size, np.int64), are_known(filled, size), scale)


def least_scale(units: Iterable[int]) -> int:
    """The least power of ten that holds numbers given in ``FINEST`` units."""
    shared = gcd(FINEST, *units)
    parts = FINEST
    while shared % parts:
        parts //= 10
    return FINEST // parts


def fitting(field: Field, filled: Filled, owners: Sequence[int], doubtful: set[int]) -> Filled:
    """Only the numbers that fit into a column at the scale that all of them need."""
    if field.type not in NUMBER_TYPES or finest_of(field.type) < FINEST:
        return filled
    largest = LARGEST_UNITS * (FINEST // least_scale(filled.values()))
    return only_read(
        {place: units if units < largest else None for place, units in filled.items()}, owners, doubtful
    )


def scattered(filled: Filled, size: int, of: Any, absent: int = 0) -> NDArray[Any]:
    """The values at their places, ``absent`` at all others."""
    column = np.full(size, absent, of)
    column[_places(filled)] = np.fromiter(filled.values(), of, len(filled))
    return column


def are_known(filled: Filled, size: int) -> Bools:
    """At which places there is a value."""
    known = np.zeros(size, np.bool_)
    known[_places(filled)] = True
    return known


def _places(filled: Mapping[int, Any]) -> Ints:
    return np.fromiter(filled, np.int64, len(filled))


def texts(filled: Filled, size: int) -> pa.StringArray:
    """Texts at their places, null at all others."""
    return pa.array([filled.get(place) for place in range(size)], pa.string())


def ints(values: Sequence[int]) -> Ints:
    """Whole numbers as a column."""
    return np.fromiter(values, np.int64, len(values))
