"""Pieces of an input: so many enterprises as a worker takes at once, small enough to hold and to send."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any, Final, NamedTuple, TypeAlias

from calc.enterprise.problems import Problem

PIECE_BYTES: Final = 8 * 1024 * 1024
"""So much text makes a piece."""

PIECE_ROWS: Final = 20_000
"""So many rows of cells make a piece."""

FRAME_ROWS: Final = 65_536
"""So many rows of columns make a piece."""


class Files(NamedTuple):
    """Files that hold one enterprise each: their names and bytes."""

    names: tuple[str, ...]
    contents: tuple[bytes, ...]


class Lines(NamedTuple):
    """Whole lines of NDJSON."""

    text: bytes


class Csv(NamedTuple):
    """Whole records of CSV, below a header that is known."""

    header: tuple[str, ...]
    delimiter: str
    encoding: str
    text: bytes


class Cells(NamedTuple):
    """Rows of a sheet, below a header that is known; an empty cell is ``""`` or ``None``.

    ``lines``: the numbers of the rows in the sheet itself, where blank ones are counted too.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    lines: tuple[int, ...]


class Contents(NamedTuple):
    """Enterprises put together from several tables, each of the shape of a document, or what is wrong."""

    contents: tuple[dict[str, Any] | tuple[Problem, ...], ...]


class Frame(NamedTuple):
    """A part of a columnar file: rows from ``offset`` of a row group or record batch.

    ``path`` means the same to a process in another folder; ``identity`` tells one state of the file from
    another.
    """

    path: str
    form: str
    group: int
    offset: int
    length: int
    identity: str


class Columns(NamedTuple):
    """Rows of columns themselves, as an Arrow IPC stream: of a row group too large to be read at once."""

    stream: bytes


class Unusable(NamedTuple):
    """A source of which no row can be read."""

    problems: tuple[Problem, ...]


Content: TypeAlias = Files | Lines | Csv | Cells | Contents | Frame | Columns | Unusable


class Piece(NamedTuple):
    """Some enterprises of one source, the first of them its ``first`` (from 1; of NDJSON, the line).

    ``weight``: the bytes of the input that it stands for.
    """

    source: str
    first: int
    content: Content
    weight: int


def sendable(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems that can be sent to a worker: what they say by default cannot."""
    return tuple(one._replace(details=dict(one.details)) for one in problems)


def digest_of(piece: Piece, run: str) -> str:
    """What tells a piece under one question from every other; ``run`` is the digest of the question."""
    digest = blake2b(run.encode(), digest_size=12)
    for part in (type(piece.content).__name__, piece.source, piece.first, *_parts(piece.content)):
        data = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def _parts(content: Content) -> Iterator[object]:
    for part in content:
        if isinstance(part, tuple) and part and isinstance(part[0], bytes):
            yield from part
        else:
            yield part


def in_pieces(rows: Iterator[Any], weight: int) -> Iterator[tuple[int, tuple[Any, ...], int]]:
    """Rows in groups of a piece's size: the number of the first, the rows, their share of the weight."""
    first, group = 1, []
    for row in rows:
        group.append(row)
        if len(group) == PIECE_ROWS:
            yield first, tuple(group), 0
            first, group = first + len(group), []
    if group or first == 1:
        yield first, tuple(group), weight
