"""Answers as text, byte by byte."""

import io
import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.batch.sinks.text import write_csv, write_ndjson

HOSTILE = ['"', "\\", "\n\t\x00\x1f\x7f", "甲\u2028", "=1"]
TEXTS = st.none() | st.text(st.characters(codec="utf-8"), max_size=6) | st.sampled_from(HOSTILE)
NUMBERS = st.none() | st.integers(-(2**63), 2**63 - 1)
ROWS = st.fixed_dictionaries({"name": TEXTS, "total": NUMBERS, "error": st.none()})
SCHEMA = pa.schema([("name", pa.string()), ("total", pa.int64()), ("error", pa.string())])


@given(st.lists(ROWS, max_size=5), st.integers(0, 5))
def test_each_row_is_an_object_of_json(rows: list[dict[str, str | int | None]], cut: int) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA)
    parts = [table.slice(0, cut), table.slice(cut), pa.concat_tables([table.slice(0, cut), table.slice(cut)])]
    stream = io.BytesIO()
    write_ndjson(parts, SCHEMA, stream)
    held = [{name: row[name] for name in SCHEMA.names} for row in rows]
    lines = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in held)
    assert stream.getvalue().decode() == lines * 2


@pytest.mark.parametrize(
    ("name", "cell"),
    [("甲", '"甲"'), ("=1", '"\'=1"'), ("-", '"-"'), ('a"b', '"a""b"'), ("", '""'), (None, "")],
)
def test_csv_quotes_texts_and_makes_them_harmless(name: str | None, cell: str) -> None:
    stream = io.BytesIO()
    write_csv([pa.Table.from_pylist([{"name": name, "total": 5, "error": None}], SCHEMA)], SCHEMA, stream)
    assert stream.getvalue().decode() == f"name,total,error\n{cell},5,\n"
