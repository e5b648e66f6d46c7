"""Workbooks: a sheet for each table, or a list in dotted columns."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import python_calamine as calamine

from calc.batch.intake.cells.names import english_part
from calc.batch.intake.cells.tables import Table
from calc.batch.intake.cells.text import Header
from calc.batch.sources.pieces import Cells, Piece, in_pieces
from calc.batch.sources.streams import trimmed
from calc.batch.sources.tables import put_together, tables_among
from calc.enterprise.problems import refuse
from calc.enterprise.vocabulary import Vocabulary


def sheet_pieces(source: str, vocabulary: Vocabulary) -> Iterator[Piece]:
    """A workbook in pieces: a sheet for each table, or else all in its first sheet, in dotted columns.

    Raises ``InputError`` where it cannot be read, or its header means nothing.
    """
    weight = Path(source).stat().st_size
    try:
        with calamine.CalamineWorkbook.from_path(source) as book:
            yield from _pieces(source, book, weight, vocabulary)
    except calamine.PasswordError:
        refuse(source, "locked")
    except (calamine.CalamineError, OSError) as error:
        refuse(source, "unreadable", notation="Excel", message=str(error)[:200])


def _pieces(
    source: str, book: calamine.CalamineWorkbook, weight: int, vocabulary: Vocabulary
) -> Iterator[Piece]:
    tables = _tables(book, vocabulary)
    if len(tables) > 1:
        sheets = [_table(name, _rows(book.get_sheet_by_name(name)), vocabulary) for name in tables]
        yield from put_together(source, sheets, weight, vocabulary)
        return
    # A sheet that alone is called 企业 is a list.
    rows = _rows(book.get_sheet_by_name(tables[0]) if tables else book.get_sheet_by_index(0))
    header = _header(next(rows, ()))
    Header(source, header, vocabulary)
    for first, group, share in in_pieces(rows, weight):
        yield Piece(source, first, Cells(header, group), share)


def _tables(book: calamine.CalamineWorkbook, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The sheets that are tables."""
    parts = {name: english_part(name, vocabulary) for name in book.sheet_names}
    return tables_among(
        parts, lambda name: _header(next(_rows(book.get_sheet_by_name(name)), ())), vocabulary
    )


def _rows(sheet: calamine.CalamineSheet) -> Iterator[tuple[Any, ...]]:
    return (tuple(row) for row in sheet.iter_rows() if any(cell not in (None, "") for cell in row))


def _table(name: str, rows: Iterator[tuple[Any, ...]], vocabulary: Vocabulary) -> Table:
    return Table(name, english_part(name, vocabulary), _header(next(rows, ())), rows)


def _header(row: Sequence[Any]) -> tuple[str, ...]:
    return trimmed(tuple(str(cell).strip() for cell in row))
