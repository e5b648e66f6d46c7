"""Parquet and Arrow files: parts of a row group or record batch, read by the worker that answers them."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from calc.batch.intake.frames import check_columns
from calc.batch.sources.pieces import FRAME_ROWS, Frame, Piece
from calc.enterprise.problems import InputError, refuse
from calc.enterprise.vocabulary import Vocabulary


def frames_of(source: str, form: str, vocabulary: Vocabulary) -> Iterator[Piece]:
    """The pieces of a Parquet (``parquet``) or Arrow IPC (``arrow``) file, in order.

    Raises ``InputError`` where it is none, or its columns mean nothing.
    """
    schema, sizes = _shape(source, form)
    try:
        check_columns(schema, vocabulary)
    except InputError as error:
        raise InputError(tuple(one._replace(source=source) for one in error.problems)) from None
    status = Path(source).stat()
    identity = f"{status.st_size}:{status.st_mtime_ns}"
    weight = status.st_size // max(1, sum(sizes))
    first = 1
    for group, size in enumerate(sizes):
        for offset in range(0, size, FRAME_ROWS):
            length = min(FRAME_ROWS, size - offset)
            frame = Frame(source, form, group, offset, length, identity)
            yield Piece(source, first, frame, weight * length)
            first += length


def row_count(source: str, form: str) -> int:
    """How many rows such a file holds.  Raises ``InputError`` where it is none."""
    return sum(_shape(source, form)[1])


def _shape(source: str, form: str) -> tuple[pa.Schema, list[int]]:
    """The columns of a file, and the rows of each of its parts."""
    try:
        if form == "parquet":
            with pq.ParquetFile(source) as file:
                parts = range(file.num_row_groups)
                return file.schema_arrow, [file.metadata.row_group(part).num_rows for part in parts]
        with pa.memory_map(source) as file, pa.ipc.open_file(file) as reader:
            parts = range(reader.num_record_batches)
            return reader.schema, [reader.get_batch(part).num_rows for part in parts]
    except (pa.ArrowException, OSError) as error:
        refuse(source, "unreadable", notation=form.capitalize(), message=str(error)[:200])


def table_of(frame: Frame) -> pa.Table:
    """The rows of a frame.  Raises ``InputError`` where they cannot be read."""
    try:
        return _group(frame).slice(frame.offset, frame.length)
    except (pa.ArrowException, OSError) as error:
        refuse(frame.path, "unreadable", notation=frame.form.capitalize(), message=str(error)[:200])


def _group(frame: Frame) -> pa.Table:
    if frame.form == "parquet":
        # No thread of Arrow's own: each core has a worker.
        with pq.ParquetFile(frame.path) as file:
            return file.read_row_group(frame.group, use_threads=False)
    with pa.memory_map(frame.path) as file, pa.ipc.open_file(file) as reader:
        return pa.Table.from_batches([reader.get_batch(frame.group)])
