"""Parquet and Arrow files: parts of a row group or record batch, read by the worker that answers them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq

from calc.batch.intake.columns.arrays import is_list
from calc.batch.intake.columns.header import check_columns
from calc.batch.intake.keys import keys_of
from calc.batch.sources.pieces import FRAME_ROWS, Columns, Frame, Piece
from calc.batch.storage import Remote, anywhere, located
from calc.enterprise.problems import InputError, refuse
from calc.enterprise.schema import known_parts
from calc.enterprise.vocabulary import Vocabulary

_LARGEST_GROUP: Final = 2 * FRAME_ROWS
"""A larger row group is read through once, and not again and again for each of its pieces."""

_BUFFER: Final = 1 << 20


def frames_of(source: str, form: str, vocabulary: Vocabulary) -> Iterator[Piece]:
    """The pieces of a Parquet (``parquet``) or Arrow IPC (``arrow``) file, in order.

    Raises ``InputError`` where it is none, or its columns mean nothing.
    """
    schema, sizes = _shape(source, form)
    try:
        check_columns(schema, vocabulary)
    except InputError as error:
        raise InputError(tuple(one._replace(source=source) for one in error.problems)) from None
    with _refusing(source, form):
        size, identity = _state(source)
    weight = size // max(1, sum(sizes))
    first = 1
    path = anywhere(source)
    for group, rows in enumerate(sizes):
        if form == "parquet" and rows > _LARGEST_GROUP:
            yield from _read_through(source, group, first, weight)
            first += rows
            continue
        for offset in range(0, rows, FRAME_ROWS):
            length = min(FRAME_ROWS, rows - offset)
            frame = Frame(path, form, group, offset, length, identity)
            yield Piece(source, first, frame, weight * length)
            first += length


def _read_through(source: str, group: int, first: int, weight: int) -> Iterator[Piece]:
    """The pieces of a row group that would take too much memory at once, with their rows."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        _refusing(source, "parquet"),
        _opened(source, "parquet") as stream,
        pq.ParquetFile(stream, buffer_size=_BUFFER, pre_buffer=False) as file,
    ):
        for batch in file.iter_batches(FRAME_ROWS // 2, row_groups=[group], use_threads=False):
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, batch.schema, options=options) as writer:
                writer.write_batch(batch)
            yield Piece(source, first, Columns(sink.getvalue().to_pybytes()), weight * batch.num_rows)
            first += batch.num_rows
            pa.default_memory_pool().release_unused()


def _state(source: str) -> tuple[int, str]:
    """The bytes of a file, and what tells this state of it from another."""
    place = located(source)
    if isinstance(place, Remote):
        return place.size(), place.identity()
    status = place.stat()
    return status.st_size, f"{status.st_size}:{status.st_mtime_ns}"


def row_count(source: str, form: str) -> int:
    """How many rows such a file holds.  Raises ``InputError`` where it is none."""
    return sum(_shape(source, form)[1])


def column_names(source: str, form: str) -> list[str]:
    """What the columns of such a file are called.  Raises ``InputError`` where it is none."""
    names: list[str] = _shape(source, form)[0].names
    return names


def whole_table(source: str, form: str) -> pa.Table:
    """All rows of such a file.  Raises ``InputError`` where they cannot be read."""
    with _refusing(source, form), _opened(source, form) as stream:
        if form == "parquet":
            with pq.ParquetFile(stream) as file:
                table = file.read(use_threads=False)
        else:
            with pa.ipc.open_file(stream) as reader:
                table = reader.read_all()
        _check_all_places(table)
        return table


def _shape(source: str, form: str) -> tuple[pa.Schema, list[int]]:
    """The columns of a file, and the rows of each of its parts."""
    with _refusing(source, form):
        if form == "parquet":
            with _opened(source, form) as stream, pq.ParquetFile(stream) as file:
                parts = range(file.num_row_groups)
                return file.schema_arrow, [file.metadata.row_group(part).num_rows for part in parts]
        with _opened(source, form) as stream, pa.ipc.open_file(stream) as reader:
            parts = range(reader.num_record_batches)
            return reader.schema, [reader.get_batch(part).num_rows for part in parts]


@contextmanager
def _refusing(source: str, form: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        refuse(source, "unreadable", notation=form.capitalize(), message=str(error)[:200])


@contextmanager
def _opened(source: str, form: str) -> Iterator[Any]:
    place = located(source)
    if isinstance(place, Remote):
        with place.open() as stream:
            yield stream
    else:
        with pa.OSFile(str(place)) if form == "parquet" else pa.memory_map(str(place)) as file:
            yield file


def table_of(content: Frame | Columns, source: str, vocabulary: Vocabulary) -> pa.Table:
    """The rows of columns of a source.  Raises ``InputError`` where they cannot be read."""
    if isinstance(content, Columns):
        with pa.ipc.open_stream(content.stream) as reader:
            return reader.read_all()
    with _refusing(source, content.form):
        table = _group(content, vocabulary).slice(content.offset, content.length)
        _check_all_places(table)
        return table


def _group(frame: Frame, vocabulary: Vocabulary) -> pa.Table:
    if frame.form != "parquet":
        with _opened(frame.path, frame.form) as stream, pa.ipc.open_file(stream) as reader:
            return pa.Table.from_batches([reader.get_batch(frame.group)])
    footer = _footer(frame.path, frame.identity)
    try:
        return _row_group(frame, footer, _columns_of_words(footer.schema, vocabulary))
    except (pa.ArrowException, OSError):  # of some encodings no dictionary can be made
        return _row_group(frame, footer, [])


def _row_group(frame: Frame, footer: pq.FileMetaData, of_words: list[str]) -> pa.Table:
    """A row group of a Parquet file; columns ``of_words`` hold each word once, and where it stands."""
    is_far = isinstance(located(frame.path), Remote)
    with (
        _opened(frame.path, frame.form) as stream,
        pq.ParquetFile(stream, metadata=footer, read_dictionary=of_words, pre_buffer=is_far) as file,
    ):
        # No thread of Arrow's own: each core has a worker.
        read = partial(file.read_row_group, frame.group, use_threads=False)
        names = file.schema_arrow.names
        if is_far or len(set(names)) < len(names):
            return read()
        # What it takes to decode a column is given back before the next one.
        return pa.table({name: read(columns=[name])[name] for name in names})


@lru_cache(maxsize=1)
def _footer(path: str, _identity: str) -> pq.FileMetaData:
    """What a Parquet file says of its parts: it grows with them, and each piece of the file wants it."""
    with _opened(path, "parquet") as stream:
        return pq.read_metadata(stream)


def _columns_of_words(schema: pq.ParquetSchema, vocabulary: Vocabulary) -> list[str]:
    """The columns of which an enterprise file knows the few words that may stand there."""
    names = _names_of_words(vocabulary)
    columns = map(schema.column, range(len(schema)))
    return [
        one.path
        for one in columns
        if one.physical_type == "BYTE_ARRAY" and not names.isdisjoint(one.path.split("."))
    ]


@cache
def _names_of_words(vocabulary: Vocabulary) -> frozenset[str]:
    keys = (pair for part in known_parts(vocabulary) for pair in keys_of(part, vocabulary).items())
    return frozenset(name for name, key in keys if key.type in ("word", "words", "item"))


def _check_all_places(table: pa.Table) -> None:
    for column in table.columns:
        for chunk in column.chunks:
            _check_places(chunk)


def _check_places(values: pa.Array) -> None:
    """Raise ``ArrowInvalid`` where a value stands beyond its dictionary: files may be damaged."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        ends = pc.min_max(values.indices)
        least, most, size = ends["min"].as_py(), ends["max"].as_py(), len(values.dictionary)
        if most is not None and not 0 <= least <= most < size:
            raise pa.ArrowInvalid(f"beyond the {size} values of a dictionary: {least}..{most}")
    elif pa.types.is_struct(kind):
        for inner in values.flatten():
            _check_places(inner)
    elif is_list(kind):
        _check_places(values.values)
