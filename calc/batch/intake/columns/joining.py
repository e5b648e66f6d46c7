"""Puts columns together, fills them up, and leaves out what nobody fills in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from calc.batch.intake.columns.numbers import at_one_scale, with_least_scale
from calc.batch.intake.columns.values import Read, WordLists
from calc.batch.intake.keys import Key, keys_of
from calc.batch.portfolio import Bools, Column, Flags, Ints, Numbers, Portfolio, Texts, Words, WordSets
from calc.enterprise.vocabulary import Vocabulary


def absent(key: Key, size: int) -> Read:
    """A column of a key that nobody fills in."""
    nothing = np.zeros(size, np.bool_)
    column: Any
    match key.type:
        case "flag":
            column = Flags(nothing)
        case "word" | "item":
            column = Words(np.full(size, -1))
        case "words":
            column = WordSets(np.zeros(size, np.uint64), nothing)
        case "covers":
            column = WordLists(pa.nulls(size, pa.list_(pa.string())))
        case "text" | "uscc":
            column = Texts(pa.nulls(size, pa.string()))
        case _:
            column = Numbers(np.zeros(size, np.int64), nothing)
    return Read(column, nothing, nothing)


def taken(read: Read, rows: Ints | Bools) -> Read:
    """Some places of a column."""
    return Read(read.column.take(rows), read.known[rows], read.refused[rows])


def joined(reads: Sequence[Read], key: Key) -> Read:
    """Columns of one key, one after the other."""
    if len(reads) == 1:
        return reads[0]
    known = np.concatenate([read.known for read in reads])
    refused = np.concatenate([read.refused for read in reads])
    columns = [read.column for read in reads]
    column: Any
    match columns[0]:
        case Numbers():
            units = np.concatenate([one.units for one in columns])
            scales = {one.scale for one in columns if one.known.any()}
            if len(scales) > 1:
                places = np.repeat([len(str(one.scale)) - 1 for one in columns], [*map(_size, columns)])
                column, do_not_fit = at_one_scale(units, places, known, key.type)
                known, refused = column.known, refused | do_not_fit
            else:
                column = Numbers(units, known, *scales)
        case WordSets():
            column = WordSets(np.concatenate([one.bits for one in columns]), known)
        case Texts():
            column = Texts(pa.concat_arrays([one.texts for one in columns]))
        case WordLists():
            column = WordLists(pa.concat_arrays([one.lists for one in columns]))
        case first:  # flags or words
            column = type(first)(np.concatenate([one[0] for one in columns]))
    return Read(column, known, refused)


def scattered(column: Column, places: Ints, rows: int, size: int) -> list[Column]:
    """Rows of ``size`` places each, one after the other, in which only ``places`` are filled."""

    def put(values: Any) -> Any:
        whole = np.zeros(rows * size, values.dtype)
        whole[places] = values
        return whole.reshape(rows, size)

    match column:
        case Numbers(units, known, scale):
            return [Numbers(*row, scale) for row in zip(put(units), put(known), strict=True)]
        case WordSets(bits, known):
            return [WordSets(*row) for row in zip(put(bits), put(known), strict=True)]
        case Words(codes):
            return [Words(row - 1) for row in put(codes + 1)]
        case Flags(are_set):
            return [Flags(row) for row in put(are_set)]
        case Texts(texts):
            numbers = put(np.arange(len(texts)) + 1)
            return [Texts(texts.take(pa.array(row - 1, mask=row == 0))) for row in numbers]


def _size(numbers: Numbers) -> int:
    return len(numbers.units)


def slim(portfolio: Portfolio, vocabulary: Vocabulary) -> Portfolio:
    """The same portfolio without the columns that nobody fills in, numbers at the least scale."""
    figures = keys_of("figures", vocabulary)
    return replace(
        portfolio,
        fx=_slim(portfolio.fx, keys_of("fx", vocabulary)),
        figures={
            (name, back): _at_least_scale(column, figures[name])
            for (name, back), column in portfolio.figures.items()
            if _is_filled(column)
        },
        entries={
            name: part._replace(fields=_slim(part.fields, keys_of(name, vocabulary)))
            for name, part in portfolio.entries.items()
            if len(part.owners)
        },
    )


def _slim(columns: Mapping[str, Any], keys: Mapping[str, Key]) -> dict[str, Any]:
    return {
        name: _at_least_scale(column, keys[name]) for name, column in columns.items() if _is_filled(column)
    }


def _at_least_scale(column: Column, key: Key) -> Column:
    return with_least_scale(column, key.type) if isinstance(column, Numbers) else column


def _is_filled(column: Column) -> bool:
    match column:
        case Numbers() | WordSets():
            return bool(column.known.any())
        case Words(codes):
            return bool((codes >= 0).any())
        case Flags(are_set):
            return bool(are_set.any())
        case Texts(texts):
            return bool(texts.null_count < len(texts))
