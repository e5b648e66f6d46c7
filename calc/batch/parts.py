"""Parts of an answer that outlive an interrupted run: each appears under its name only when it is whole."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

import pyarrow as pa
import pyarrow.ipc

from calc.batch.answers import ERROR
from calc.batch.sources.pieces import Piece, digest_of

MOST_TOLD: Final = 20
"""So many errors of a part are told; the others are counted."""


class Told(NamedTuple):
    """One row that could not be answered: where it stands, and what is wrong."""

    source: str
    row: int | None
    error: str


class Part(NamedTuple):
    """A part of an answer: its table or the file that holds it, its rows, what is wrong with some of them."""

    table: pa.Table | Path
    rows: int
    errors: int
    told: tuple[Told, ...]
    weight: int


class Numbered(NamedTuple):
    """A piece and its number, from 0."""

    number: int
    piece: Piece


def part_of(table: pa.Table, weight: int) -> Part:
    """An answer to a piece of some weight, with what is to be told of it."""
    wrong = table.select(Told._fields).filter(table[ERROR].is_valid())
    told = tuple(Told(**row) for row in wrong.slice(0, MOST_TOLD).to_pylist())
    return Part(table, table.num_rows, wrong.num_rows, told, weight)


def answer_in(numbered: Numbered, folder: Path, run: str, answer: Callable[[Piece], pa.Table]) -> Part:
    """Answer a piece into a file of the folder; where it stands there from an earlier run, it is kept.

    ``run`` is the digest of the question.  Raises ``OSError`` where it cannot be written.
    """
    number, piece = numbered
    path = folder / f"{number:06d}-{digest_of(piece, run)}.arrow"
    kept = _kept(path)
    if kept is not None:
        return part_of(kept, piece.weight)._replace(table=path)
    table = answer(piece)
    with whole(path) as stream:
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.ipc.new_file(stream, table.schema, options=options) as writer:
            writer.write_table(table)
    return part_of(table, piece.weight)._replace(table=path)


def _kept(path: Path) -> pa.Table | None:
    """The part of an earlier run; ``None`` where there is none, or a damaged one."""
    try:
        return read(path)
    except (OSError, pa.ArrowInvalid):
        return None


def read(path: Path) -> pa.Table:
    """The table of a part."""
    with pa.memory_map(str(path)) as file, pa.ipc.open_file(file) as reader:
        return reader.read_all()


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, which appears under its name when all is written and safe; else nothing does.

    Raises ``OSError`` that names the path.
    """
    beside = path.with_name(f".{path.name[:100]}.tmp")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666
        beside.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode), "w+b") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def prepare(folder: Path, *, keep: bool) -> None:
    """Make the folder of the parts; those of an earlier run are kept or removed.  Raises ``OSError``."""
    if not keep:
        clear(folder)
    folder.mkdir(exist_ok=True)


def clear(folder: Path) -> None:
    """Remove the folder of the parts."""
    if folder.exists():
        shutil.rmtree(folder)
