"""Reads all keys of a table, each by its type."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from calc.batch.intake.columns.numbers import read_numbers
from calc.batch.intake.columns.values import (
    Leaf,
    Read,
    read_codes,
    read_covers,
    read_days,
    read_flags,
    read_texts,
    read_word_sets,
    read_words,
    read_years,
)
from calc.batch.intake.keys import Key
from calc.batch.portfolio import Bools, Ints


def read_column(leaf: Leaf, key: Key) -> Read | None:
    """What is read of a key; ``None`` where nobody fills it in."""
    if leaf.values.null_count == len(leaf.values):
        return None
    match key.type:
        case "flag":
            return read_flags(leaf)
        case "year":
            return read_years(leaf)
        case "date":
            return read_days(leaf)
        case "word" | "item":
            return read_words(leaf, key)
        case "words":
            return read_word_sets(leaf, key)
        case "covers":
            return read_covers(leaf, key)
        case "text":
            return read_texts(_one_by_one(leaf))
        case "uscc":
            return read_codes(_one_by_one(leaf))
        case _:
            return read_numbers(_one_by_one(leaf), key)


def _one_by_one(leaf: Leaf) -> Leaf:
    """The same values, whether they repeat or not."""
    values = leaf.values
    is_dictionary = pa.types.is_dictionary(values.type)
    return Leaf(values.cast(values.type.value_type), leaf.is_cell) if is_dictionary else leaf


def read_columns(
    leaves: Mapping[str, Leaf], keys: Mapping[str, Key], rest: Bools, owners: Ints | None = None
) -> dict[str, Read]:
    """What is read of each key that anybody fills in; owners of what is refused are noted in ``rest``."""
    reads = {}
    for name, leaf in leaves.items():
        read = read_column(leaf, keys[name])
        if read is not None:
            reads[name] = read
            if read.refused.any():
                rest[read.refused if owners is None else owners[read.refused]] = True
    return reads


def known_of(reads: Mapping[str, Read], name: str, size: int) -> Bools:
    """Where a key has a value."""
    return reads[name].known if name in reads else np.zeros(size, np.bool_)
