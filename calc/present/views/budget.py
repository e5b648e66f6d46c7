"""Prints a budget as people read it: tables by section, with bars where there is room."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from calc.present.data.budget import Cell, Sheet
from calc.present.data.budget_documents import Report
from calc.present.folding import folded, plain, stacked
from calc.present.language import Language
from calc.present.look import Look, signed
from calc.present.views.sections import Section, bullets, laid_out
from calc.present.views.tables import Column, first_fitting, framed, table
from calc.present.views.terminal import show

_BARS: Final = (24, 12)
"""The columns of the longest bar, where there is room and where there is less."""

_EIGHTHS: Final = "▏▎▍▌▋▊▉█"


def print_budget(report: Report, speech: Language, *, in_yuan: bool) -> None:
    """Print the budget to standard output."""
    show(lambda width: Group(budget_view(report, Look(speech, in_yuan, width)), Text()))


def budget_view(report: Report, look: Look) -> RenderableType:
    """The whole budget as something Rich can print."""
    heading = framed(_heading(report, look), look.width, "green")
    return Group(heading, *laid_out(lambda within: _sections(report, within), look))


def _heading(report: Report, look: Look) -> Iterator[Text]:
    yield plain(report.title, "bold")
    for line in headlines(report, look):
        yield Text(line, "bold green")
    for line in report.lines:
        yield plain(line, "dim")


def headlines(report: Report, look: Look) -> list[str]:
    """What the whole portfolio would cost, and what the other rules would change, in a few words."""
    say, budget = look.speech.say, report.budget
    before = budget.before
    count = before.tally["all", "", "enterprises"]
    lines = [
        say("{count} enterprises, up to {total}", count=f"{count:,}", total=look.money(before.total)),
    ]
    if before.pools:
        lines.append(say("after the budget pools: {total}", total=look.money(before.paid)))
    if budget.after is not None:
        change = budget.after.total - before.total
        difference = f"{'+' if change > 0 else '-' if change < 0 else ''}{look.money(abs(change))}"
        lines.append(
            say(
                "under the other rules: {total} ({difference})",
                total=look.money(budget.after.total),
                difference=difference,
            )
        )
    return lines


def _sections(report: Report, look: Look) -> Iterator[Section]:
    for sheet in report.sheets:
        yield Section(sheet.title, _body(sheet, look), unit_of(sheet, look))
    if report.notes:
        yield Section(look.speech.say("Bear in mind"), bullets(report.notes, look.width))


def unit_of(sheet: Sheet, look: Look) -> str:
    """The unit of a table's sums, if it has any."""
    return look.unit if any(column.kind in ("sum", "change") for column in sheet.columns) else ""


def _body(sheet: Sheet, look: Look) -> RenderableType:
    columns = [
        _column(sheet, place, look) for place, column in enumerate(sheet.columns) if not column.is_detail
    ]
    choices = [[*columns, *_bars(sheet, longest)] for longest in _BARS]
    if has_keys(sheet) and not sheet.columns[0].is_detail:
        choices += [columns, [_stacked(*columns[:2]), *columns[2:]]]
    shown = table(first_fitting((*choices, columns), look.width), look.width)
    return Group(shown, folded(plain(sheet.note, "dim"), look.width)) if sheet.note else shown


def _column(sheet: Sheet, place: int, look: Look) -> Column:
    heading = sheet.columns[place]
    cells = [row[place] for row in sheet.rows]
    match heading.kind:
        case "count":
            return Column(heading.title, [Text(_grouped(cell)) for cell in cells], "sum")
        case "sum":
            return Column(heading.title, look.sums(cells), "sum")
        case "change":
            return Column(heading.title, [signed(one) for one in look.sums(cells)], "sum")
        case _:
            is_key = place == 0 and has_keys(sheet)
            style = "cyan" if is_key else ""
            texts = [plain(cell or "", style) for cell in cells]
            return Column(heading.title, texts, "whole" if is_key else "folds")


def has_keys(sheet: Sheet) -> bool:
    """Whether each row has a key, and then a title."""
    return len(sheet.columns) > 1 and sheet.columns[1].key == "title"


def _stacked(keys: Column, titles: Column) -> Column:
    """Keys and titles below each other, for where columns do not fit."""
    cells = [stacked(*pair) for pair in zip(keys.cells, titles.cells, strict=True)]
    return Column(keys.heading, cells)


def _grouped(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else ""


def _bars(sheet: Sheet, longest: int) -> list[Column]:
    """The column that is drawn, if one is and there is anything to compare."""
    shares = shares_of(sheet)
    if not any(shares):
        return []
    return [Column("", [_bar(share, longest, sheet) for share in shares], "whole")]


def shares_of(sheet: Sheet) -> Sequence[Fraction]:
    """What is drawn of each row: its part of the longest bar, from -1 to 1; nothing of a single row."""
    place = next((place for place, one in enumerate(sheet.columns) if one.key == sheet.bar), None)
    if place is None or len(sheet.rows) < len(("one", "other")):
        return ()
    values = [cell if isinstance(cell := row[place], int) else 0 for row in sheet.rows]
    longest = max(map(abs, values))
    return [Fraction(value, longest or 1) for value in values]


def _bar(share: Fraction, longest: int, sheet: Sheet) -> Text:
    eighths = round(abs(share) * longest * 8)
    whole, rest = divmod(max(eighths, 1 if share else 0), 8)
    text = _EIGHTHS[-1] * whole + (_EIGHTHS[rest - 1] if rest else "")
    style = "cyan" if sheet.bar != "change" else "green" if share > 0 else "red"
    return Text(text, style)
