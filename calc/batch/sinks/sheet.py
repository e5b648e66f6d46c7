"""Answers as a workbook."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, Any, Final, NamedTuple

import pyarrow as pa

from calc.batch.answers import CLAIM, ERROR, HEAD, SUMS
from calc.batch.sinks.workbook import workbook_into
from calc.enterprise.cells import as_cell

MOST_ROWS: Final = 1_048_575
"""So many rows a sheet holds below its heading."""

_LONGEST_CELL: Final = 32_767
_EXACT: Final = 10**15
"""A cell holds 15 digits of a number; one that has more is written as text."""

_NO_DAY: Final = datetime(2000, 1, 1)
"""The same answer has the same bytes on every day."""

_A4: Final = 9
_NO_SUMS: Final = ("row", "claim_year")
_ITEMS_BEGIN: Final = len(HEAD) + len(SUMS)
_FIXED: Final = [name for name, _ in HEAD].index("name") + 1
"""So many columns stay in sight: up to the name of the enterprise."""

_WIDTHS: Final = {
    "source": 16,
    "row": 6,
    "name": 32,
    "uscc": 21,
    "claim_year": 11,
    "status": 8,
    "item": 26,
    "subject": 32,
    "claim_status": 13,
    "grade": 12,
    "error": 100,
}
_WIDTH_OF_SUMS: Final = 15
"""Room for a sum of a thousand billion, and for the button of a filter beside a name."""


class SheetFullError(Exception):
    """An answer has more rows than a sheet holds."""


class Legend(NamedTuple):
    """What columns and items are called in the reader's language, and the heading of a table of that."""

    heading: tuple[str, str]
    names: Mapping[str, str]


def write_xlsx(
    tables: Iterable[pa.Table], schema: pa.Schema, stream: IO[bytes], legend: Legend | None = None
) -> None:
    """A workbook: the answer, its empty item columns folded away, and a sheet for the legend.

    Raises ``SheetFullError``, and ``OSError`` where it cannot be written.
    """
    with workbook_into(stream, row_by_row=True) as book:
        _fill(book, tables, schema, legend)


def _fill(book: Any, tables: Iterable[pa.Table], schema: pa.Schema, legend: Legend | None) -> None:
    book.set_properties({"created": _NO_DAY})
    bold, sums = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    sheet = book.add_worksheet("subsidy")
    sheet.freeze_panes(1, _FIXED)
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.repeat_columns(_FIXED - 1)
    for place, field in enumerate(schema):
        sheet.set_column(place, place, _width(field), sums if _is_sum(field) else None)
        sheet.write_string(0, place, field.name, bold)
        if legend is not None and field.name in legend.names:
            sheet.write_comment(0, place, legend.names[field.name])
    row, seen = 1, set[int]()
    for table in tables:
        if row + table.num_rows > MOST_ROWS + 1:
            raise SheetFullError
        seen |= {place for place, column in enumerate(table.columns) if column.null_count < len(column)}
        columns = [column.to_pylist() for column in table.columns]
        for cells in zip(*columns, strict=True):
            for place, cell in enumerate(cells):
                _write(sheet, row, place, cell)
            row += 1
    for place in _items_of(schema) - seen:
        folded = {"level": 1, "hidden": True}
        sheet.set_column(place, place, _width(schema.field(place)), sums, folded)
    wrong = {"type": "cell", "criteria": "==", "value": f'"{ERROR}"'}
    status = schema.names.index("status")
    red = {"format": book.add_format({"font_color": "#C00000", "bold": True})}
    sheet.conditional_format(1, status, MOST_ROWS, status, wrong | red)
    sheet.autofilter(0, 0, max(1, row - 1), len(schema) - 1)
    if legend is not None:
        _write_legend(book.add_worksheet("columns"), legend, bold)


def _is_sum(field: pa.Field) -> bool:
    return pa.types.is_integer(field.type) and field.name not in _NO_SUMS


def _items_of(schema: pa.Schema) -> set[int]:
    """Where the columns of items stand; a row for each claim has none."""
    if CLAIM[0][0] in schema.names:
        return set()
    return set(range(_ITEMS_BEGIN, schema.names.index(ERROR)))


def _width(field: pa.Field) -> int:
    if _is_sum(field):
        return max(_WIDTH_OF_SUMS, len(field.name) + 3)
    return _WIDTHS[field.name]


def _write_legend(sheet: Any, legend: Legend, bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 60)
    sheet.write_row(0, 0, legend.heading, bold)
    for row, cells in enumerate(legend.names.items(), 1):
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, as_cell(cell))


def _write(sheet: Any, row: int, place: int, cell: int | str | None) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, as_cell(cell)[:_LONGEST_CELL])
    elif cell is not None and abs(cell) < _EXACT:
        sheet.write_number(row, place, cell)
    elif cell is not None:
        sheet.write_string(row, place, str(cell))
