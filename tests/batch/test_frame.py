"""Data frames in, data frames of the same kind out."""

from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from calc import estimate_frame, load_rules
from calc.enterprise.problems import InputError

COLUMNS = {
    "name": ["甲公司", "乙公司", "丙公司"],
    "claim_year": [2026, 2026, 2026],
    "kinds": ["high_tech", "high_tech", "hightech"],
    "figures.2025.revenue": [30_000_000, 30_000_000, None],
    "figures.2025.rd_expense": [2_000_000, 1_000_000, None],
    "figures.2024.rd_expense": [1_000_000, 1_000_000, None],
}
# 3% of 1,000,000 and 10% of the growth of 1,000,000; without growth nothing.
REWARDS = [130_000, None, None]
TOTALS = [130_000, 0, None]

FRAMES = [pl.DataFrame(COLUMNS), pd.DataFrame(COLUMNS), pa.table(COLUMNS)]


def lists(frame: Any) -> dict[str, list[object]]:
    table = frame if isinstance(frame, pa.Table) else pl.DataFrame(frame).to_arrow()
    return {name: table[name].to_pylist() for name in table.column_names}


@pytest.mark.parametrize("frame", FRAMES, ids=lambda one: type(one).__module__.split(".")[0])
def test_the_kind_that_goes_in_comes_out(frame: object) -> None:
    answered = estimate_frame(frame)
    assert type(answered) is type(frame)
    columns = lists(answered)
    assert columns["row"] == [1, 2, 3]
    assert columns["status"] == ["ok", "ok", "error"]
    assert columns["total"] == columns["paid"] == TOTALS
    assert columns["05-rd-growth"] == REWARDS
    assert columns["error"][:2] == [None, None]
    assert "hightech" in str(columns["error"][2])


def test_whole_numbers_with_gaps_stay_whole_in_pandas() -> None:
    answered = estimate_frame(pd.DataFrame(COLUMNS))
    assert str(answered["total"].dtype) == str(answered["05-rd-growth"].dtype) == "Int64"


def test_a_row_for_each_claim() -> None:
    answered = estimate_frame(pl.DataFrame(COLUMNS), long=True)
    rows = answered.select("name", "item", "claim_status", "granted").rows()
    assert rows == [
        ("甲公司", "05-rd-growth", "eligible", 130_000),
        ("乙公司", "05-rd-growth", "ineligible", 0),
        ("丙公司", None, None, None),
    ]


def test_the_options_of_the_command() -> None:
    frame = pl.DataFrame(COLUMNS)
    assert estimate_frame(frame, count="stated")["total"].to_list() == [0, 0, None]
    assert estimate_frame(frame, claim_year=2028)["total"].to_list() == [0, 0, None]
    narrowed = load_rules("examples/overlays/narrowed.toml")
    assert estimate_frame(frame, narrowed, stacking="strict")["status"].to_list() == ["ok", "ok", "error"]


def test_all_columns_that_mean_nothing_at_once() -> None:
    with pytest.raises(InputError) as refused:
        estimate_frame(pl.DataFrame({**COLUMNS, "figures.2025.revenu": [1, 2, 3], "what": [1, 2, 3]}))
    assert [problem.nearest for problem in refused.value.problems] == ["figures.2025.revenue", None]


def test_what_is_no_frame() -> None:
    with pytest.raises(TypeError):
        estimate_frame([1, 2])


INDEXES = [
    pd.Index(["c", "a", "b"], name="code"),
    pd.Index([7, 7, 7]),
    pd.MultiIndex.from_tuples([("x", 1), ("x", 2), ("y", 1)], names=["zone", None]),
    pd.date_range("2026-01-01", periods=3),
]


@pytest.mark.parametrize("index", INDEXES, ids=["text", "repeated", "multi", "dates"])
def test_an_index_of_pandas_is_no_column_and_is_kept(index: pd.Index) -> None:
    answered = estimate_frame(pd.DataFrame(COLUMNS, index=index))
    pd.testing.assert_index_equal(answered.index, index)
    assert answered["row"].tolist() == [1, 2, 3]
    assert answered["status"].tolist() == ["ok", "ok", "error"]


def test_answers_stand_beside_the_rows_that_they_answer() -> None:
    frame = pd.DataFrame(COLUMNS).sort_values("figures.2025.rd_expense").iloc[[1, 0]]
    frame["total"] = estimate_frame(frame)["total"]
    assert dict(zip(frame["name"], frame["total"], strict=True)) == {"甲公司": 130_000, "乙公司": 0}


def test_each_claim_bears_the_index_of_its_row() -> None:
    frame = pd.DataFrame(COLUMNS, index=["a", "b", "c"]).iloc[[1, 0, 2]]
    assert estimate_frame(frame, long=True).index.tolist() == ["b", "a", "c"]
    assert estimate_frame(frame.iloc[:0]).index.tolist() == []


def test_the_error_says_which_columns_are_meant() -> None:
    with pytest.raises(InputError) as refused:
        estimate_frame(pd.DataFrame({**COLUMNS, "figures.2025.revenu": 1, "what": 1}))
    assert str(refused.value).splitlines() == [
        "unknown_column 'figures.2025.revenu' (did you mean figures.2025.revenue?)",
        "unknown_column 'what'",
    ]
