"""Parquet files read part by part: whatever their encodings, the rows that were written."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calc.batch.intake.columns.contents import contents_of
from calc.batch.intake.columns.frames import portfolio_of_table
from calc.batch.sources.columnar import frames_of, table_of
from calc.batch.sources.pieces import Frame
from calc.enterprise.problems import InputError
from calc.policy.loader import packaged_rules

RULES = packaged_rules()
ROWS = 3000


def enterprises(level: list[str], name: list[str]) -> pa.Table:
    entry = pa.struct(
        [("name", pa.string()), ("year", pa.int64()), ("kind", pa.string()), ("level", pa.string())]
    )
    titles = [
        None
        if row % 7 == 0
        else [{"name": one, "year": 2026, "kind": "makerspace", "level": word}] * (row % 2)
        for row, (one, word) in enumerate(zip(name, level, strict=True))
    ]
    return pa.table({
        "name": name,
        "claim_year": [2026] * len(name),
        "enterprise.kinds": [["sme"] if row % 3 else None for row in range(len(name))],
        "title": pa.array(titles, pa.list_(entry)),
    })  # fmt: skip


FEW = ["national", "provincial"] * (ROWS // 2)
MANY = [*FEW[: ROWS // 2], *(f"level {row}" for row in range(ROWS // 2))]


def rows_of(path: Path) -> tuple[list[Any], list[int]]:
    """What is read of a file, and the rows that are not plainly right."""
    rows: list[Any] = []
    rest: list[int] = []
    for piece in frames_of(str(path), "parquet", RULES.vocabulary):
        assert isinstance(piece.content, Frame)
        table = table_of(piece.content, piece.source, RULES.vocabulary)
        intake = portfolio_of_table(table, RULES.vocabulary, RULES.item_ids, None)
        rest += [piece.first - 1 + place for place in intake.rest]
        rows += table.to_pylist()
    return rows, rest


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"use_dictionary": False},
        {"use_dictionary": False, "column_encoding": {"title.list.element.level": "DELTA_BYTE_ARRAY"}},
        {"use_dictionary": False, "column_encoding": {"title.list.element.level": "DELTA_LENGTH_BYTE_ARRAY"}},
        {"dictionary_pagesize_limit": 100, "data_page_size": 300, "write_batch_size": 50},
        {"data_page_version": "2.0", "data_page_size": 300, "write_batch_size": 50},
        {"store_schema": False, "row_group_size": 700},
    ],
    ids=str,
)
@pytest.mark.parametrize("levels", [FEW, MANY], ids=["few", "many"])
def test_rows_are_those_that_were_written(options: Any, levels: list[str], tmp_path: Path) -> None:
    table = enterprises(levels, [f"企业{row % 50}" for row in range(ROWS)])
    pq.write_table(table, tmp_path / "a.parquet", **options)
    rows, rest = rows_of(tmp_path / "a.parquet")
    assert rows == table.to_pylist()
    wrong = [row for row in range(ROWS) if row % 2 and row % 7 and levels[row] not in FEW]
    assert rest == wrong


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.string_view(), pa.binary(), pa.dictionary(pa.int8(), pa.string())]
)
def test_texts_of_every_type_are_read(kind: pa.DataType, tmp_path: Path) -> None:
    names = pa.array(["甲", "乙", None, "\ta"] * 500).cast(kind)
    table = pa.table({"name": names, "claim_year": [2026] * 2000})
    pq.write_table(table, tmp_path / "a.parquet")
    _, rest = rows_of(tmp_path / "a.parquet")
    assert rest == [row for row in range(2000) if row % 4 > 1]


def test_texts_that_are_no_utf_8_are_told_apart(tmp_path: Path) -> None:
    words = pa.array([b"national", b"\xff"] * 500, pa.binary()).view(pa.string())
    columns = {"name": ["甲"] * 1000, "claim_year": [2026] * 1000, "title.1.name": ["a"] * 1000}
    columns |= {"title.1.year": [2026] * 1000, "title.1.kind": ["makerspace"] * 1000}
    pq.write_table(pa.table({**columns, "title.1.level": words}), tmp_path / "a.parquet")
    [piece] = frames_of(str(tmp_path / "a.parquet"), "parquet", RULES.vocabulary)
    assert isinstance(piece.content, Frame)
    table = table_of(piece.content, piece.source, RULES.vocabulary)
    intake = portfolio_of_table(table, RULES.vocabulary, RULES.item_ids, None)
    assert intake.rest == tuple(range(1, 1000, 2))
    found = contents_of(table, [0, 1], RULES.vocabulary)
    assert [one["title"][0]["level"] for one in found if isinstance(one, dict)] == ["national", "\udcff"]


@pytest.mark.parametrize("place", [-1, 2, 127])
def test_a_word_beyond_its_dictionary_is_refused(place: int, tmp_path: Path) -> None:
    words = pa.DictionaryArray.from_arrays(
        pa.array([0, place, 1], pa.int8()), pa.array(["sme", "private"]), safe=False
    )
    columns = {"name": ["甲"] * 3, "claim_year": [2026] * 3}
    for kinds in (words, pa.ListArray.from_arrays([0, 1, 1, 3], words)):
        table = pa.table({**columns, "enterprise.kinds": kinds})
        with pa.OSFile(str(tmp_path / "a.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
            file.write_table(table)
        [piece] = frames_of(str(tmp_path / "a.arrow"), "arrow", RULES.vocabulary)
        assert isinstance(piece.content, Frame)
        with pytest.raises(InputError) as caught:
            table_of(piece.content, piece.source, RULES.vocabulary)
        [problem] = caught.value.problems
        assert problem.code == "unreadable"
        assert str(problem.details["message"]).startswith("beyond the 2 values of a dictionary")


def test_a_file_that_was_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    for level in ("national", "provincial"):
        table = enterprises([level] * 10, [f"{level} {row}" for row in range(10)])
        pq.write_table(table, path, row_group_size=3)
        assert rows_of(path)[0] == table.to_pylist()


def test_a_file_that_lost_its_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(enterprises(FEW, FEW), path, row_group_size=1000)
    pieces = list(frames_of(str(path), "parquet", RULES.vocabulary))
    for keep in (1000, 10, 0):
        path.write_bytes(path.read_bytes()[:keep])
        for piece in pieces[1:]:
            assert isinstance(piece.content, Frame)
            with pytest.raises(InputError):
                table_of(piece.content, str(path), RULES.vocabulary)
