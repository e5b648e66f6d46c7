"""A budget as a workbook: a sheet for each section, numbers as numbers (yuan), charts of its own."""

import io
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from calc.enterprise.cells import as_cell
from calc.present.data.budget import Cell, Heading, Sheet
from calc.present.data.budget_documents import Report
from calc.present.language import Language
from calc.present.look import Look
from calc.present.safe import visible
from calc.present.views.budget import headlines

_NO_DAY: Final = datetime(2000, 1, 1)
"""The same budget has the same bytes on every day."""

_EXACT: Final = 10**15
"""A cell holds 15 digits of a number; one that has more is written as text."""

_LONGEST_NAME: Final = 31
_WIDEST: Final = 48
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_NUMBERED: Final = ("claim_year", "measure")
"""Columns of numbers that are names: a spreadsheet sorts them as numbers."""

_FORMS: Final = {
    "number": "0",
    "text": "@",
    "count": "#,##0",
    "sum": "#,##0",
    "change": "+#,##0;[Red]-#,##0;0",
}
_ROW_HEIGHT: Final = 20
_CHART_WIDTH: Final = 640


def budget_xlsx(report: Report, speech: Language, *, in_yuan: bool) -> bytes:
    """The workbook; its first sheet says what the others hold."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    book.set_properties({"title": visible(report.title), "created": _NO_DAY})
    forms = {kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in _FORMS.items()}
    forms["text"].set_text_wrap()
    forms["number"].set_align("left")
    heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    heads = {
        kind: book.add_format({**heading, "align": "left" if kind == "text" else "right"}) for kind in _FORMS
    }
    _write_front(book, report, Look(speech, in_yuan, 0))
    for number, sheet in enumerate(report.sheets, 1):
        name = f"{number} {sheet.title}".translate(_FORBIDDEN)[:_LONGEST_NAME].strip()
        page = book.add_worksheet(name)
        _write_sheet(page, sheet, forms, heads, speech)
        _add_chart(book, page, sheet)
    book.close()
    return held.getvalue()


def _write_front(book: Any, report: Report, look: Look) -> None:
    page = book.add_worksheet(look.speech.say("Overview"))
    page.hide_gridlines(2)
    page.set_column(0, 0, 100)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    large = book.add_format({"bold": True, "font_size": 16})
    bold = book.add_format({"bold": True, "font_size": 12})
    texts = [(report.title, large), *((line, bold) for line in headlines(report, look))]
    texts += [(line, wrapped) for line in report.lines]
    texts += [("", wrapped), *((sheet_line, wrapped) for sheet_line in _contents(report))]
    texts += [("", wrapped), *((note, wrapped) for note in report.notes)]
    for row, (text, form) in enumerate(texts):
        page.write_string(row, 0, str(as_cell(visible(text))), form)


def _contents(report: Report) -> list[str]:
    return [f"{number}  {sheet.title}" for number, sheet in enumerate(report.sheets, 1)]


def _titled(sheet: Sheet) -> list[int]:
    """The places of the columns that a reader is shown here: all that have a title, or stand for the rows."""
    return [place for place, one in enumerate(sheet.columns) if one.title or not one.is_detail]


def _write_sheet(
    page: Any, sheet: Sheet, forms: dict[str, Any], heads: dict[str, Any], speech: Language
) -> None:
    places = _titled(sheet)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for at, place in enumerate(places):
        column = sheet.columns[place]
        page.write_string(0, at, _heading(column, speech), heads[column.kind])
        longest = max([len(column.title), *(_length(row[place]) for row in sheet.rows)])
        page.set_column(at, at, min(_WIDEST, longest * (1 if column.kind != "text" else 2) + 4))
        form = forms["number" if column.key in _NUMBERED else column.kind]
        for row, cells in enumerate(sheet.rows, 1):
            _write_cell(page, row, at, _cell(cells[place], column), form)
    if sheet.note:
        page.write_string(len(sheet.rows) + 2, 0, str(as_cell(visible(sheet.note))))


def _heading(column: Heading, speech: Language) -> str:
    unit = speech.say(" ({unit})", unit=speech.say("yuan")) if column.kind in ("sum", "change") else ""
    return f"{column.title}{unit}"


def _length(cell: Cell) -> int:
    return len(f"{cell:,}" if isinstance(cell, int) else cell or "")


def _cell(cell: Cell, column: Heading) -> Cell:
    is_number = column.key in _NUMBERED and isinstance(cell, str) and cell.isascii() and cell.isdecimal()
    return int(cell) if is_number and cell is not None else cell


def _write_cell(page: Any, row: int, at: int, cell: Cell, form: Any) -> None:
    if isinstance(cell, int) and abs(cell) < _EXACT:
        page.write_number(row, at, cell, form)
    elif cell is not None:
        page.write_string(row, at, as_cell(visible(str(cell))), form)


def _add_chart(book: Any, page: Any, sheet: Sheet) -> None:
    """Draw the column that is drawn, the rows from above below each other."""
    places = _titled(sheet)
    keys = [sheet.columns[place].key for place in places]
    if sheet.bar not in keys or len(sheet.rows) < len(("one", "other")):
        return
    at, last = keys.index(sheet.bar), len(sheet.rows)
    labels = keys.index("title") if "title" in keys else 0
    chart = book.add_chart({"type": "bar"})
    name = page.get_name()
    chart.add_series(
        {
            "name": [name, 0, at],
            "categories": [name, 1, labels, last, labels],
            "values": [name, 1, at, last, at],
            "fill": {"color": "#2F6F9F"},
            "invert_if_negative": True,
            "invert_if_negative_color": "#B3403A",
            "gap": 60,
        }
    )
    chart.set_title({"name": visible(sheet.title), "overlay": False, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    kind = sheet.columns[places[at]].kind
    lines = {"visible": True, "line": {"color": "#D9DEE7"}}
    chart.set_x_axis(
        {
            "num_format": "#,##0",
            "major_gridlines": lines,
            **({} if kind == "change" else {"min": 0}),
            **({} if kind == "count" else {"display_units": "ten_thousands"}),
        }
    )
    chart.set_size({"width": _CHART_WIDTH, "height": 120 + _ROW_HEIGHT * max(last, 4)})
    page.insert_chart(1, len(places) + 1, chart)
