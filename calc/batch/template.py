"""Empty inputs to fill in: every column that there is, the first entry of each table."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import IO, Any, Final, NamedTuple

from calc.batch.sinks.workbook import workbook_into
from calc.enterprise.cells import as_cell

_ROWS: Final = 1000
"""Word lists are offered in so many rows."""

_WIDTHS: Final = (38, 52, 52, 52)
"""Of the columns that explain."""

_HEIGHT_OF_LINE: Final = 17
_HIGHEST: Final = 409
"""No row of a sheet is higher."""

_LONGEST_LIST: Final = 255
"""So many characters of words a cell can offer."""


class Column(NamedTuple):
    """A column to fill in: its name, what it is called, how it is written, its words and their names.

    ``offered``: what a cell may hold, where it is one of few things, to choose from.
    """

    name: str
    label: str
    how: str
    words: Mapping[str, str] = MappingProxyType({})
    offered: tuple[str, ...] = ()


def write_template(form: str, columns: Sequence[Column], headings: Sequence[str], stream: IO[bytes]) -> None:
    """Write an empty input as ``csv`` or ``xlsx``; ``headings``: of what explains it."""
    _WRITERS[form](columns, headings, stream)


def _csv(columns: Sequence[Column], _headings: Sequence[str], stream: IO[bytes]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(column.name for column in columns)
    stream.write(text.getvalue().encode("utf-8-sig"))


def _xlsx(columns: Sequence[Column], headings: Sequence[str], stream: IO[bytes]) -> None:
    with workbook_into(stream) as book:
        _fill(book, columns, headings)


def _fill(book: Any, columns: Sequence[Column], headings: Sequence[str]) -> None:
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet, explained = book.add_worksheet("batch"), book.add_worksheet("columns")
    sheet.freeze_panes(1, 1)
    explained.freeze_panes(1, 0)
    explained.set_landscape()
    explained.fit_to_pages(1, 0)
    explained.write_row(0, 0, headings, bold)
    for place, width in enumerate(_WIDTHS):
        explained.set_column(place, place, width)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, bold)
        sheet.set_column(place, place, max(12, len(column.name)))
        sheet.write_comment(0, place, f"{column.label}\n{column.how}")
        if column.offered and len(",".join(column.offered)) <= _LONGEST_LIST:
            offered = {"validate": "list", "source": list(column.offered), "error_type": "warning"}
            sheet.data_validation(1, place, _ROWS, place, offered)
        explained.set_row(place + 1, min(_HIGHEST, _HEIGHT_OF_LINE * max(1, len(column.words))))
        words = "\n".join(f"{word}  {name}" for word, name in column.words.items())
        for at, cell in enumerate((column.name, column.label, column.how, words)):
            explained.write_string(place + 1, at, as_cell(cell), wrapped)


_WRITERS: Final[Mapping[str, Callable[[Sequence[Column], Sequence[str], IO[bytes]], None]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
}
