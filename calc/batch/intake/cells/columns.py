"""Cells of spreadsheets as columns of Arrow texts, read there as the file's own."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calc.batch.intake.cells.names import Place, types_of, words_of
from calc.batch.intake.cells.written import text_reader
from calc.batch.intake.keys import lists_of
from calc.batch.intake.safe_texts import bytes_of, is_valid
from calc.batch.portfolio import Bools
from calc.enterprise.cells import from_cell
from calc.enterprise.vocabulary import Vocabulary

Columns: TypeAlias = dict[Place, pa.StringArray]

_WORDS: Final = ("word", "words")
_LAST_OF_ASCII: Final = 0x7F

_NO_WORDS: Final = "[]"
"""How a cell says that it holds a list of nothing."""


def table_of_cells(cells: pa.Table, places: Sequence[Place | None], vocabulary: Vocabulary) -> pa.Table:
    """Texts of cells as a table of the columns of a file.

    ``places`` says where each column stands; null is an empty cell.
    """
    columns: Columns = {
        place: _plain(values.combine_chunks())
        for place, values in zip(places, cells.columns, strict=True)
        if place is not None
    }
    columns |= _in_english(columns, vocabulary)
    columns |= _lists_filled(columns, vocabulary)
    return pa.table(list(columns.values()), names=[dotted(place) for place in columns])


def dotted(place: Place) -> str:
    """What a column is called in full."""
    at = (place.year, place.number)
    return ".".join([place.part, *(str(one) for one in at if one is not None), place.key])


def _plain(texts: pa.StringArray) -> pa.StringArray:
    """The texts that cells stand for."""
    if not (bytes_of(texts)[1] == ord("'")).any():
        return texts
    marked = pc.starts_with(texts, "'").fill_null(False)
    read = [from_cell(text) for text in texts.filter(marked).to_pylist()]
    return pc.replace_with_mask(texts, marked, pa.array(read, pa.string()))


def _in_english(columns: Columns, vocabulary: Vocabulary) -> Columns:
    """The columns that hold Chinese words, in English."""
    return {
        place: _named(texts, key_type, words_of(place.part, place.field, vocabulary))
        for place, texts in columns.items()
        if (key_type := types_of(place.part, vocabulary)[place.field]) in _WORDS
        and (bytes_of(texts)[1] > _LAST_OF_ASCII).any()
    }


def _named(texts: pa.StringArray, key_type: str, named: Mapping[str, str]) -> pa.StringArray:
    """Texts of words with their English names, each distinct one looked at once."""
    encoded, read = texts.dictionary_encode(), text_reader(key_type, named)
    words = [read(text) for text in encoded.dictionary.to_pylist()]
    written = [json.dumps(word, ensure_ascii=False) if type(word) is list else word for word in words]
    return pa.array(written, pa.string()).take(encoded.indices)


def _lists_filled(columns: Mapping[Place, pa.StringArray], vocabulary: Vocabulary) -> Columns:
    """The lists that an entry has to have, those of nothing where others of its cells are filled in."""
    entries: defaultdict[tuple[str, int], list[Place]] = defaultdict(list)
    for place in columns:
        if place.number is not None:
            entries[place.part, place.number].append(place)
    filled: Columns = {}
    for (part, _), held in entries.items():
        lists = [place for place in held if place.key in lists_of(part, vocabulary)]
        if lists:
            given: Bools = np.logical_or.reduce([is_valid(columns[place]) for place in held])
            filled |= {place: _filled(columns[place], given) for place in lists}
    return filled


def _filled(texts: pa.StringArray, given: Bools) -> pa.StringArray:
    lacking = pa.array(given & ~is_valid(texts))
    return pc.if_else(lacking, pa.scalar(_NO_WORDS), texts)
