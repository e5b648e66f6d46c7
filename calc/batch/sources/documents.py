"""The documents of a piece, each with its place: what the strict loader looks at."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from calc.batch.intake.cells.text import Header
from calc.batch.intake.rows.contents import contents_of_lines
from calc.batch.sources.pieces import Cells, Columns, Contents, Csv, Files, Frame, Lines, Piece, Unusable
from calc.batch.sources.records import records_of
from calc.enterprise.documents import Document, parse_any
from calc.enterprise.problems import InputError, KeyPath, Problem
from calc.enterprise.sources import LARGEST_BYTES, text_of
from calc.enterprise.vocabulary import Vocabulary

Numbered: TypeAlias = tuple[int, bytes]
"""A line, after its number from 1."""


class Placed(NamedTuple):
    """A document and where it stands: its source and its row, ``None`` where no row was seen.

    ``is_of_cells``: it was put together from cells; ``column_of`` names the column of a path in it, where
    one row holds all of it; ``line`` is the number of that row in its sheet.
    """

    source: str
    row: int | None
    document: Document | InputError
    column_of: Callable[[KeyPath], str] | None = None
    is_of_cells: bool = False
    line: int | None = None


def documents_of(piece: Piece, vocabulary: Vocabulary) -> Iterator[Placed]:
    """The documents of a piece, in order; what is wrong with one stands in its place."""
    source, first = piece.source, piece.first
    match piece.content:
        case Files(names, contents):
            for name, data in zip(names, contents, strict=True):
                yield Placed(name, 1, _parsed(name, data))
        case Lines(text):
            yield from documents_of_some(source, lines_of(text, first))
        case Csv() as records:
            header = Header(source, records.header, vocabulary)
            for row, cells in enumerate(records_of(records), first):
                yield _of_cells(source, row, header, cells, len(records.header))
        case Cells(names, rows, in_sheet):
            header = Header(source, names, vocabulary)
            for row, (of_sheet, line) in enumerate(zip(rows, in_sheet, strict=True), first):
                yield _of_cells(source, row, header, of_sheet, len(names))._replace(line=line)
        case Contents(contents):
            for row, content in enumerate(contents, first):
                held = InputError(content) if isinstance(content, tuple) else content
                yield Placed(source, row, document_of(source, held), is_of_cells=True)
        case Frame() | Columns():
            raise TypeError("columns are no documents")
        case Unusable(problems):
            yield Placed(source, None, InputError(problems))


def _parsed(name: str, data: bytes) -> Document | InputError:
    try:
        return parse_any(name, text_of(name, data))
    except InputError as error:
        return error


def lines_of(text: bytes, first: int) -> list[Numbered]:
    """The lines that are not blank, each with its number."""
    return [(row, line) for row, line in enumerate(text.split(b"\n"), first) if line.strip()]


def documents_of_some(source: str, lines: Iterable[Numbered]) -> Iterator[Placed]:
    """Lines of NDJSON as documents."""
    for row, line in lines:
        if len(line) > LARGEST_BYTES:
            yield Placed(source, row, _refused(source, "too_big", megabytes=LARGEST_BYTES >> 20))
            continue
        (content,) = contents_of_lines([line])
        if isinstance(content, InputError):
            yield Placed(source, row, _of_source(source, content))
        else:
            yield Placed(source, row, Document(source, line.decode().removeprefix("\ufeff"), True, content))


def contents_of_some(lines: Iterable[Numbered]) -> Iterator[dict[str, Any] | None]:
    """The contents of lines of NDJSON, ``None`` where there is something wrong with one."""
    for _, line in lines:
        (content,) = contents_of_lines([line]) if len(line) <= LARGEST_BYTES else (None,)
        yield content if isinstance(content, dict) else None


def _of_cells(source: str, row: int, header: Header, cells: Any, width: int) -> Placed:
    if isinstance(cells, InputError):
        return Placed(source, row, _of_source(source, cells))
    if any(cell not in (None, "") for cell in cells[width:]):
        return Placed(source, row, _refused(source, "too_many_cells", limit=width, count=len(cells)))
    document = Document(source, "", True, header.content(cells))
    return Placed(source, row, document, partial(header.column_of, cells=cells), is_of_cells=True)


def document_of(source: str, content: dict[str, Any] | InputError) -> Document | InputError:
    """A content that no text was read from, as a document; or what is wrong, named by its source."""
    if isinstance(content, InputError):
        return _of_source(source, content)
    return Document(source, "", True, content)


def _refused(source: str, code: str, **details: Any) -> InputError:
    return InputError((Problem(source, code, details=details),))


def _of_source(source: str, error: InputError) -> InputError:
    return InputError(tuple(one._replace(source=source) for one in error.problems))
