"""Empty inputs to fill in: every column that there is, the first entry of each table."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Final, NamedTuple

import xlsxwriter

from calc.enterprise.cells import as_cell

_ROWS: Final = 1000
"""Word lists are offered in so many rows."""

_LONGEST_LIST: Final = 255
"""So many characters of words a cell can offer."""


class Column(NamedTuple):
    """A column to fill in: its name, what it is called, how it is written, the words allowed.

    ``is_one``: a cell holds one of the words, and not several.
    """

    name: str
    label: str
    how: str
    words: tuple[str, ...] = ()
    is_one: bool = False


def write_template(form: str, columns: Sequence[Column], headings: Sequence[str], stream: IO[bytes]) -> None:
    """Write an empty input as ``csv`` or ``xlsx``; ``headings``: of what explains it."""
    _WRITERS[form](columns, headings, stream)


def _csv(columns: Sequence[Column], _headings: Sequence[str], stream: IO[bytes]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(column.name for column in columns)
    stream.write(text.getvalue().encode("utf-8-sig"))


def _xlsx(columns: Sequence[Column], headings: Sequence[str], stream: IO[bytes]) -> None:
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    bold = book.add_format({"bold": True})
    sheet, explained = book.add_worksheet("batch"), book.add_worksheet("columns")
    sheet.freeze_panes(1, 0)
    explained.freeze_panes(1, 0)
    explained.write_row(0, 0, headings, bold)
    explained.set_column(0, 3, 36)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, bold)
        sheet.set_column(place, place, max(12, len(column.name)))
        if column.label:
            sheet.write_comment(0, place, column.label)
        if column.is_one and len(",".join(column.words)) <= _LONGEST_LIST:
            offered = {"validate": "list", "source": list(column.words), "error_type": "warning"}
            sheet.data_validation(1, place, _ROWS, place, offered)
        cells = (column.name, column.label, column.how, ", ".join(column.words))
        for at, cell in enumerate(cells):
            explained.write_string(place + 1, at, as_cell(cell))
    book.close()


_WRITERS: Final[Mapping[str, Callable[[Sequence[Column], Sequence[str], IO[bytes]], None]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
}
