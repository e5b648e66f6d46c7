"""Parts of an answer that outlive an interrupted run: each appears under its name only when it is whole."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from uuid import uuid4

import pyarrow as pa
import pyarrow.ipc

from calc.batch.answers import ERROR, UNPROVEN
from calc.batch.sources.pieces import Piece, digest_of
from calc.batch.storage import Location, Remote

_ENDING: Final = ".arrow"
MOST_TOLD: Final = 20
"""So many errors of a part, and of a whole run, are told; the others are counted."""


class Told(NamedTuple):
    """One row that could not be answered: where it stands, and what is wrong."""

    source: str
    row: int | None
    error: str


class Part(NamedTuple):
    """A part of an answer: its table or the file that holds it, its rows, what is wrong with some of them.

    ``unproven``: for so many enterprises something that pays more may exist.
    """

    table: pa.Table | Location
    rows: int
    errors: int
    told: tuple[Told, ...]
    weight: int
    unproven: int = 0


class Numbered(NamedTuple):
    """A piece and its number, from 0."""

    number: int
    piece: Piece


def part_of(table: pa.Table, weight: int) -> Part:
    """An answer to a piece of some weight, with what is to be told of it."""
    wrong = table.select(Told._fields).filter(table[ERROR].is_valid())
    told = tuple(Told(**row) for row in wrong.slice(0, MOST_TOLD).to_pylist())
    unproven = int((table.schema.metadata or {}).get(UNPROVEN.encode(), 0))
    return Part(table, table.num_rows, wrong.num_rows, told, weight, unproven)


def answer_in(numbered: Numbered, folder: Location, run: str, answer: Callable[[Piece], pa.Table]) -> Part:
    """Answer a piece into a file of the folder; where it stands there from an earlier run, it is kept.

    ``run`` is the digest of the question.  Raises ``OSError`` where it cannot be written.
    """
    number, piece = numbered
    path = folder / f"{number:06d}-{digest_of(piece, run)}{_ENDING}"
    kept = _kept(path)
    if kept is not None:
        return part_of(kept, piece.weight)._replace(table=path)
    table = answer(piece)
    with whole(path, beside=folder / unique_name()) as stream:
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with pa.ipc.new_file(stream, table.schema, options=options) as writer:
            writer.write_table(table)
    return part_of(table, piece.weight)._replace(table=path)


def are_in(folder: Location) -> bool:
    """Whether any part lies in a folder.  Raises ``OSError`` where nobody can tell."""
    return folder.is_dir() and any(folder.glob(f"[0-9]*{_ENDING}"))


def _kept(path: Location) -> pa.Table | None:
    """The part of an earlier run; ``None`` where there is none, or a damaged one."""
    try:
        return read(path)
    except (OSError, pa.ArrowInvalid):
        return None


def read(path: Location) -> pa.Table:
    """The table of a part."""
    with _opened(path) as file, pa.ipc.open_file(file) as reader:
        return reader.read_all()


def _opened(path: Location) -> Any:
    return path.open() if isinstance(path, Remote) else pa.memory_map(str(path))


def unique_name() -> str:
    """A name that nobody else takes: where a worker is slow, another may do the same task."""
    return f".{uuid4().hex}.tmp"


@contextmanager
def whole(path: Location, *, beside: Location | None = None) -> Iterator[IO[bytes]]:
    """A file to write, which appears under its name when all is written and safe; else nothing does.

    ``beside`` is its name until then.  Raises ``OSError`` that names the path.
    """
    if isinstance(path, Remote):
        with _stored(path) as stream:
            yield stream
        return
    beside = beside if isinstance(beside, Path) else path.with_name(f".{path.name[:100]}.tmp")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666
        beside.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode), "w+b") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
            _settle_name(path.parent)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def _settle_name(folder: Path) -> None:
    """Let the names in a folder outlive a power cut, where the system has a way to."""
    with suppress(OSError, AttributeError):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def _stored(place: Remote) -> Iterator[IO[bytes]]:
    with tempfile.NamedTemporaryFile() as stream:
        yield stream
        stream.flush()
        place.put(stream.name)


def prepare(folder: Location, *, keep: bool) -> None:
    """Make the folder of the parts; those of an earlier run are kept or removed.  Raises ``OSError``."""
    if not keep:
        clear(folder)
    folder.mkdir(exist_ok=True)


def clear(folder: Location) -> None:
    """Remove the folder of the parts."""
    if isinstance(folder, Remote):
        folder.remove()
    elif folder.exists():
        shutil.rmtree(folder)
