"""Workbooks and per-table files: held in memory, since sheets are read whole and tables are put together."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import python_calamine as calamine

from calc.batch.intake.cells.names import english_part
from calc.batch.intake.cells.tables import OWNER, contents_of_tables
from calc.batch.intake.cells.text import Header
from calc.batch.sources.pieces import Cells, Contents, Piece, in_pieces, sendable
from calc.batch.sources.streams import decoded, trimmed
from calc.enterprise.problems import InputError, refuse
from calc.enterprise.sources import open_error
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
    if tables:
        named = {name: _rows(book.get_sheet_by_name(name)) for name in tables}
        yield from _put_together(source, named, weight, vocabulary)
        return
    rows = _rows(book.get_sheet_by_index(0))
    header = _header(next(rows, ()))
    Header(source, header, vocabulary)
    for first, group, share in in_pieces(rows, weight):
        yield Piece(source, first, Cells(header, group), share)


def _tables(book: calamine.CalamineWorkbook, vocabulary: Vocabulary) -> list[str]:
    """The sheets that are tables, where there is a sheet for each."""
    names = book.sheet_names
    if OWNER not in {english_part(name, vocabulary) for name in names}:
        return []
    tables = [name for name in names if _is_table(name, _rows(book.get_sheet_by_name(name)), vocabulary)]
    # A sheet that alone is called 企业 may as well be a list in dotted columns.
    return tables if OWNER in names or len(tables) > 1 else []


def _is_table(name: str, rows: Iterator[tuple[Any, ...]], vocabulary: Vocabulary) -> bool:
    """Whether a sheet or a file is called as a table, or names the enterprises of its rows.

    Such a one is meant as a table: it is not passed over, and refused where no table is called so.
    """
    owners = {OWNER, vocabulary.common[OWNER].zh}
    return english_part(name, vocabulary) is not None or not owners.isdisjoint(_header(next(rows, ())))


def table_pieces(source: str, vocabulary: Vocabulary) -> Iterator[Piece]:
    """A folder with a CSV file for each table, in pieces.  Raises ``InputError`` where one cannot be read."""
    files = sorted(Path(source).glob("[!.]*.csv"))
    tables = {
        file.stem: file
        for file in files
        if file.is_file() and _is_table(file.stem, _records(file), vocabulary)
    }
    weight = sum(file.stat().st_size for file in tables.values())
    named = {name: _records(file) for name, file in tables.items()}
    yield from _put_together(source, named, weight, vocabulary)


def _rows(sheet: calamine.CalamineSheet) -> Iterator[tuple[Any, ...]]:
    return (tuple(row) for row in sheet.iter_rows() if any(cell not in (None, "") for cell in row))


def _records(file: Path) -> Iterator[tuple[str, ...]]:
    try:
        text = decoded(str(file), file.read_bytes())
    except OSError as error:
        refuse(str(file), open_error(error), reason=error.strerror)
    return (tuple(row) for row in csv.reader(text.splitlines(keepends=True)) if any(row))


def _header(row: Sequence[Any]) -> tuple[str, ...]:
    return trimmed(tuple(str(cell).strip() for cell in row))


def _put_together(
    source: str, tables: Mapping[str, Iterator[tuple[Any, ...]]], weight: int, vocabulary: Vocabulary
) -> Iterator[Piece]:
    contents = contents_of_tables({name: _named(rows) for name, rows in tables.items()}, vocabulary, source)
    sent = (sendable(one.problems) if isinstance(one, InputError) else one for one in contents)
    for first, group, share in in_pieces(sent, weight):
        yield Piece(source, first, Contents(group), share)


def _named(rows: Iterator[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    header = _header(next(rows, ()))
    return (dict(zip(header, row, strict=False)) for row in rows)
