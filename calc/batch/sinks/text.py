"""Answers as CSV and NDJSON."""

import csv
import io
import json
import re
from collections.abc import Iterable
from typing import IO, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from calc.enterprise.cells import STARTS, STDIN_CELL

_RUNS: Final = f"^([{re.escape(''.join(STARTS))}])"


def harmless(table: pa.Table) -> pa.Table:
    """A table whose texts no spreadsheet runs: as ``as_cell`` writes each."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            texts = table[field.name]
            cells = pc.replace_substring_regex(texts, _RUNS, r"'\1")
            cells = pc.if_else(pc.equal(texts, STDIN_CELL), texts, cells)
            table = table.set_column(place, field, cells)
    return table


def write_csv(tables: Iterable[pa.Table], schema: pa.Schema, stream: IO[bytes]) -> None:
    """CSV with a header; what is null is empty."""
    heading = io.StringIO(newline="")
    csv.writer(heading, lineterminator="\n").writerow(schema.names)
    stream.write(heading.getvalue().encode())
    options = pa.csv.WriteOptions(include_header=False)
    for table in tables:
        if table.num_rows:
            held = io.BytesIO()
            pa.csv.write_csv(harmless(table), held, options)
            stream.write(held.getbuffer())


def write_ndjson(tables: Iterable[pa.Table], _schema: pa.Schema, stream: IO[bytes]) -> None:
    """A JSON object a line, every column a key."""
    for table in tables:
        if table.num_rows:
            stream.write("".join(_lines(table).to_pylist()).encode())


def _lines(table: pa.Table) -> pa.Array:
    parts: list[pa.Array | str] = []
    for place, field in enumerate(table.schema):
        parts.append(f"{',' if place else '{'}{json.dumps(field.name)}:")
        parts.append(_json_of(table[field.name]))
    return pc.binary_join_element_wise(*parts, "}\n", "")


def _json_of(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_string(column.type):
        texts = (
            None if text is None else json.dumps(text, ensure_ascii=False) for text in column.to_pylist()
        )
        written: pa.Array = pa.array(texts, pa.string())
    else:
        written = column.cast(pa.string()).combine_chunks()
    return written.fill_null("null")
