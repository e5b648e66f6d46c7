"""Answers as CSV and NDJSON."""

import csv
import io
import json
import re
from collections.abc import Iterable
from typing import IO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from calc.batch.intake.safe_texts import bytes_of
from calc.enterprise.cells import STARTS, STDIN_CELL

_RUNS: Final = f"^([{re.escape(''.join(STARTS))}])"

_NULL: Final = "null"
_ESCAPED: Final = np.isin(np.arange(256), [*range(0x20), *b'"\\'])
_UNQUOTABLE: Final = r'[\x00-\x1f"\\]'
"""What JSON escapes: the bytes, and a text that holds one of them."""


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
            stream.write(bytes_of(_lines(table))[1])


def _lines(table: pa.Table) -> pa.StringArray:
    parts: list[pa.Array | str] = []
    for place, field in enumerate(table.schema):
        parts.append(f"{',' if place else '{'}{json.dumps(field.name)}:")
        parts.append(_json_of(table[field.name].combine_chunks()))
    return pc.binary_join_element_wise(*parts, "}\n", "", null_handling="replace", null_replacement=_NULL)


def _json_of(column: pa.Array) -> pa.Array:
    """Each value as JSON writes it, null where there is none."""
    return _quoted(column) if pa.types.is_string(column.type) else column.cast(pa.string())


def _quoted(texts: pa.StringArray) -> pa.StringArray:
    """Texts as JSON writes them: few hold what cannot stand there as it is."""
    quoted = pc.binary_join_element_wise('"', texts, '"', "")
    if not _ESCAPED[bytes_of(texts)[1]].any():
        return quoted
    marked = pc.match_substring_regex(texts, _UNQUOTABLE).fill_null(False)
    escaped = [json.dumps(text, ensure_ascii=False) for text in texts.filter(marked).to_pylist()]
    return pc.replace_with_mask(quoted, marked, pa.array(escaped, pa.string()))
