"""Answers as a workbook."""

from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any, Final

import pyarrow as pa
import xlsxwriter

from calc.enterprise.cells import as_cell

MOST_ROWS: Final = 1_048_575
"""So many rows a sheet holds below its heading."""

_LONGEST_CELL: Final = 32_767
_EXACT: Final = 10**15
"""A cell holds 15 digits of a number; one that has more is written as text."""

_NO_DAY: Final = datetime(2000, 1, 1)
"""The same answer has the same bytes on every day."""


class SheetFullError(Exception):
    """An answer has more rows than a sheet holds."""


def write_xlsx(tables: Iterable[pa.Table], schema: pa.Schema, stream: IO[bytes]) -> None:
    """A workbook of one sheet.  Raises ``SheetFullError``."""
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    book.set_properties({"created": _NO_DAY})
    sheet = book.add_worksheet("subsidy")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, schema.names)
    row = 1
    for table in tables:
        if row + table.num_rows > MOST_ROWS + 1:
            raise SheetFullError
        columns = [column.to_pylist() for column in table.columns]
        for cells in zip(*columns, strict=True):
            for place, cell in enumerate(cells):
                _write(sheet, row, place, cell)
            row += 1
    book.close()


def _write(sheet: Any, row: int, place: int, cell: int | str | None) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, as_cell(cell)[:_LONGEST_CELL])
    elif cell is not None and abs(cell) < _EXACT:
        sheet.write_number(row, place, cell)
    elif cell is not None:
        sheet.write_string(row, place, str(cell))
