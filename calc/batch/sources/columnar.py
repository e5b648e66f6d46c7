"""Parquet and Arrow files: parts of a row group or record batch, read by the worker that answers them."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from calc.batch.sources.pieces import PIECE_ROWS, Frame, Piece
from calc.enterprise.problems import refuse


def frames_of(source: str, form: str) -> Iterator[Piece]:
    """The pieces of a Parquet (``parquet``) or Arrow IPC (``arrow``) file, in order.

    Raises ``InputError`` where it is none.
    """
    sizes = _sizes(source, form)
    status = Path(source).stat()
    identity = f"{status.st_size}:{status.st_mtime_ns}"
    weight = status.st_size // max(1, sum(sizes))
    first = 1
    for group, size in enumerate(sizes):
        for offset in range(0, size, PIECE_ROWS):
            length = min(PIECE_ROWS, size - offset)
            frame = Frame(source, form, group, offset, length, identity)
            yield Piece(source, first, frame, weight * length)
            first += length


def row_count(source: str, form: str) -> int:
    """How many rows such a file holds.  Raises ``InputError`` where it is none."""
    return sum(_sizes(source, form))


def _sizes(source: str, form: str) -> list[int]:
    try:
        if form == "parquet":
            metadata = pq.read_metadata(source)
            return [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
        with pa.memory_map(source) as file, pa.ipc.open_file(file) as reader:
            return [reader.get_batch(batch).num_rows for batch in range(reader.num_record_batches)]
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
