"""Records of CSV: one by one, or all of a piece as columns."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv

from calc.batch.intake.cells.columns import table_of_cells
from calc.batch.intake.cells.names import Place, place_of
from calc.batch.sources.pieces import Csv
from calc.enterprise.problems import InputError, Problem
from calc.enterprise.vocabulary import Vocabulary

_BLANK: Final = " \r"
_NAME: Final = Place("enterprise", "name")

# What holds a cell is bounded before it is read, in every process that reads CSV.
csv.field_size_limit(2**31 - 1)


def records_of(records: Csv) -> Iterator[list[str] | InputError]:
    """The records of CSV that are not blank; one that is no text in its encoding is an error."""
    try:
        text = records.text.decode(records.encoding)
    except UnicodeDecodeError:
        text = records.text.decode(records.encoding, "surrogateescape")
    # A carriage return within a cell stays: lines end where the reader says they do.
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=records.delimiter):
        if is_blank(cells):
            continue
        if any("\udc80" <= mark <= "\udcff" for cell in cells for mark in cell):
            yield InputError((Problem("", "encoding"),))
        else:
            yield cells


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a record holds nothing; the same byte by byte as in its encoding."""
    return not any(cell.strip(_BLANK) for cell in cells)


def table_of_records(records: Csv, vocabulary: Vocabulary) -> pa.Table | None:
    """The same records as a table of the columns of a file, a row each.

    ``None`` where they have to be looked at one by one: some are longer or shorter than the header, or no
    text.
    """
    try:
        text = records.text.decode(records.encoding)
        cells = _cells(text.encode() if records.encoding != "utf-8" else records.text, records)
    except (UnicodeDecodeError, pa.ArrowInvalid):
        return None
    places = [place_of(name, vocabulary) for name in records.header]
    return table_of_cells(_without_blank_rows(cells, places), places, vocabulary)


def _cells(text: bytes, records: Csv) -> pa.Table:
    """Every cell as it stands there, null where it is empty.  Raises ``ArrowInvalid``."""
    if not records.header:
        raise pa.ArrowInvalid  # without names Arrow would take the first record for them
    names = [str(place) for place in range(len(records.header))]
    return pa.csv.read_csv(
        pa.py_buffer(text),
        # No thread of Arrow's own: each core has a worker.
        pa.csv.ReadOptions(use_threads=False, column_names=names, block_size=max(1, len(text))),
        pa.csv.ParseOptions(delimiter=records.delimiter, newlines_in_values=True),
        pa.csv.ConvertOptions(
            check_utf8=False,  # it has been decoded
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _without_blank_rows(cells: pa.Table, places: Sequence[Place | None]) -> pa.Table:
    """The rows that hold anything: only one without a name may hold nothing."""
    if _NAME in places:
        names = cells.column(places.index(_NAME)).to_pylist()
        suspects = [row for row, name in enumerate(names) if not (name or "").strip(_BLANK)]
    else:
        suspects = list(range(cells.num_rows))
    if not suspects:
        return cells
    columns = [column.to_pylist() for column in cells.take(suspects).columns]
    held = zip(*columns, strict=True)
    blank = [
        row for row, of_row in zip(suspects, held, strict=True) if is_blank([cell or "" for cell in of_row])
    ]
    kept = np.ones(cells.num_rows, np.bool_)
    kept[blank] = False
    return cells.filter(pa.array(kept))
