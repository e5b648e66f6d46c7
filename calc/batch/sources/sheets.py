"""Workbooks: a sheet for each table, or a list in dotted columns."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import python_calamine as calamine

from calc.batch.intake.cells.names import english_part, is_remark, place_of
from calc.batch.intake.cells.tables import Table
from calc.batch.intake.cells.text import Header
from calc.batch.sources.pieces import Cells, Piece, Unusable, in_pieces
from calc.batch.sources.streams import trimmed
from calc.batch.sources.tables import names_owners, put_together, tables_among
from calc.batch.sources.unread import unread_cells
from calc.enterprise.cells import Unread
from calc.enterprise.problems import InputError, Problem, refuse
from calc.enterprise.vocabulary import Vocabulary

_Row: TypeAlias = tuple[int, tuple[Any, ...]]
"""A row of a sheet, after its number from 1."""


class _Book:
    """The sheets of a workbook, with what its reader takes for empty cells."""

    def __init__(self, source: str, book: calamine.CalamineWorkbook) -> None:
        self._book, self._unread = book, unread_cells(source)
        self._headers: dict[str, tuple[str, ...]] = {}
        pages = book.sheets_metadata
        names = [one.name for one in pages if one.typ == calamine.SheetTypeEnum.WorkSheet]
        # Its owner's remarks are left unread, unless there is nothing else.
        self.names = [name for name in names if not is_remark(name)] or names

    def rows(self, name: str) -> Iterator[_Row]:
        """The rows of a sheet that hold anything."""
        sheet, unread = self._book.get_sheet_by_name(name), self._unread.get(name, {})
        (_, left), (last, _) = sheet.start or (0, 0), sheet.end or (-1, 0)
        below: Iterator[tuple[int, list[Any]]] = ((at, []) for at in sorted(unread) if at > last)
        for at, row in chain(enumerate(sheet.iter_rows()), below):
            cells = _filled(row, unread[at], left) if at in unread else row
            if any(cell not in (None, "") for cell in cells):
                yield at + 1, tuple(cells)

    def header(self, name: str) -> tuple[str, ...]:
        """The names of the columns of a sheet."""
        if name not in self._headers:
            self._headers[name] = _header(self.rows(name))
        return self._headers[name]


def sheet_pieces(source: str, vocabulary: Vocabulary) -> Iterator[Piece]:
    """A workbook in pieces: a sheet for each table, or else all in its first sheet, in dotted columns.

    Raises ``InputError`` where it cannot be read, or its header means nothing.
    """
    weight = Path(source).stat().st_size
    try:
        with calamine.CalamineWorkbook.from_path(source) as book:
            yield from _pieces(source, _Book(source, book), weight, vocabulary)
    except calamine.PasswordError:
        refuse(source, "locked")
    except (calamine.CalamineError, OSError) as error:
        refuse(source, "unreadable", notation="Excel", message=str(error)[:200])


def _pieces(source: str, book: _Book, weight: int, vocabulary: Vocabulary) -> Iterator[Piece]:
    if not book.names:
        refuse(source, "empty")
    parts = {name: english_part(name, vocabulary) for name in book.names}
    tables = tables_among(parts, book.header, vocabulary)
    if len(tables) > 1:
        sheets = [_table(name, parts[name], book.rows(name)) for name in tables]
        yield from put_together(source, sheets, weight, vocabulary)
    else:
        tables = tables or (book.names[0],)  # a sheet that alone is called 企业 is a list
        _check_no_table(source, [name for name in book.names if name not in tables], book, vocabulary)
        yield from _list_in(source, book.rows(tables[0]), weight, vocabulary)
    unread = [name for name in book.names if name not in tables and _is_list(name, book, vocabulary)]
    if unread:
        problems = tuple(Problem(source, "sheet_unread", (), name, details={}) for name in unread)
        yield Piece(source, 0, Unusable(problems), 0)


def _check_no_table(source: str, names: Sequence[str], book: _Book, vocabulary: Vocabulary) -> None:
    """Raise ``InputError`` with the sheets that are meant as tables, where none is of the enterprises."""
    tables = [name for name in names if names_owners(book.header(name), vocabulary)]
    if tables:
        raise InputError(
            tuple(Problem(source, "table_without_head", (), name, details={}) for name in tables)
        )


def _list_in(source: str, rows: Iterator[_Row], weight: int, vocabulary: Vocabulary) -> Iterator[Piece]:
    header = _header(rows)
    Header(source, header, vocabulary)
    for first, group, share in in_pieces(rows, weight):
        lines, cells = zip(*group, strict=True) if group else ((), ())
        yield Piece(source, first, Cells(header, cells, lines), share)


def _is_list(name: str, book: _Book, vocabulary: Vocabulary) -> bool:
    """Whether a sheet has columns of enterprises; notes may have one that is called so: a name, a kind."""
    return sum(place_of(column, vocabulary) is not None for column in book.header(name)) > 1


def _table(name: str, part: str | None, rows: Iterator[_Row]) -> Table:
    return Table(name, part, _header(rows), (cells for _, cells in rows))


def _header(rows: Iterator[_Row]) -> tuple[str, ...]:
    _, row = next(rows, (0, ()))
    return trimmed(tuple(str(cell).strip() for cell in row))


def _filled(row: Sequence[Any], unread: Mapping[int, Unread], left: int) -> list[Any]:
    """A row that begins in the column ``left``, with the cells that were not read."""
    width = max(len(row), max(unread) - left + 1)
    cells = [*row, *[""] * (width - len(row))]
    for column, cell in unread.items():
        if column >= left:  # what stands before any header is no cell of a column
            cells[column - left] = cell
    return cells
