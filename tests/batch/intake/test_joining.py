"""Columns of some places as rows of all places."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from calc.batch.intake.columns.joining import scattered
from calc.batch.portfolio import Column, Flags, Numbers, Texts, Words, WordSets

KNOWN = np.array([True, True, True])


def told(column: Column) -> list[Any]:
    match column:
        case Numbers(units, known, scale):
            return [one / scale if is_known else None for one, is_known in zip(units, known, strict=True)]
        case WordSets(bits, known):
            return [int(one) if is_known else None for one, is_known in zip(bits, known, strict=True)]
        case Words(codes):
            return [None if one < 0 else int(one) for one in codes]
        case Flags(are_set):
            return [bool(one) or None for one in are_set]
        case Texts(texts):
            return list(texts.to_pylist())


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (Numbers(np.array([5, 0, 30]), KNOWN, 10), [0.5, 0, 3]),
        (WordSets(np.array([1, 2**63, 0], np.uint64), KNOWN), [1, 2**63, 0]),
        (Words(np.array([2, 0, 1])), [2, 0, 1]),
        (Flags(KNOWN), [True, True, True]),
        (Texts(pa.array(["a", None, "c"])), ["a", None, "c"]),
    ],
    ids=lambda one: type(one).__name__,
)
def test_each_value_stands_in_its_place_and_nothing_elsewhere(column: Column, values: list[Any]) -> None:
    first, second, third = values
    rows = scattered(column, np.array([7, 0, 4]), 2, 4)
    assert [told(row) for row in rows] == [[second, None, None, None], [third, None, None, first]]
    nobody = scattered(column.take(np.zeros(3, np.bool_)), np.zeros(0, np.int64), 2, 4)
    assert [told(row) for row in nobody] == [[None] * 4] * 2
