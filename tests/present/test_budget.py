"""How a budget is drawn: bars as long as their sums, decimal points below each other, titles that fit."""

import io
from fractions import Fraction
from typing import Any

import pytest
import python_calamine
from rich.console import Console

from calc.batch.answers import Question
from calc.batch.budget.asked import Asked
from calc.batch.budget.run import budget_of
from calc.batch.budget.tally import WHOLE
from calc.policy.loader import packaged_rules
from calc.present.data.budget import Heading, Sheet
from calc.present.data.budget_documents import Report, report_of
from calc.present.language import language
from calc.present.look import Look
from calc.present.views.budget import budget_view, headlines, shares_of
from calc.present.views.budget_book import budget_xlsx
from calc.present.views.budget_page import budget_html


def sheet(*values: int, bar: str = "change") -> Sheet:
    columns = (Heading("item", "事项"), Heading("title", "名称"), Heading("change", "相差", "change"))
    rows = tuple((f"0{place}-x", f"第{place}项", value) for place, value in enumerate(values))
    return Sheet("against", "items", "按事项", columns, rows, bar=bar)


def report(*sheets: Sheet) -> Report:
    """A report of nothing, with some sheets."""
    rules = packaged_rules()
    budget = budget_of((), Asked((Question(rules),), ((),)), 1, lambda *_: "", lambda _: None)
    return report_of(budget, language("zh"))._replace(sheets=sheets)


def lines(shown: Report, width: int) -> list[str]:
    console = Console(width=width, record=True, file=None, force_terminal=False)
    with console.capture() as captured:
        console.print(budget_view(shown, Look(language("zh"), False, width)))
    return captured.get().splitlines()


def test_shares_are_those_of_the_longest_bar() -> None:
    assert shares_of(sheet(200, -800, 0)) == [Fraction(1, 4), Fraction(-1), Fraction(0)]
    assert not any(shares_of(sheet(0, 0)))
    assert shares_of(sheet(5)) == (), "one bar has nothing to be compared with"
    assert shares_of(sheet(5, 7, bar="")) == ()


def test_a_bar_is_as_long_as_its_sum_and_never_nothing() -> None:
    shown = lines(report(sheet(8_000_000, -4_000_000, 1, 0)), 100)
    bars = [line.split()[-1] for line in shown if "-x" in line]
    assert bars[:3] == ["█" * 24, "█" * 12, "▏"]
    assert bars[3] == "0"


@pytest.mark.parametrize(("width", "bar"), [(50, 24), (42, 12), (32, 0)])
def test_bars_give_way_to_words(width: int, bar: int) -> None:
    shown = lines(report(sheet(8_000_000, -4_000_000)), width)
    assert max(line.count("█") for line in shown) == bar


def test_an_empty_portfolio_is_told_too() -> None:
    empty = report()
    assert headlines(empty, Look(language("en"), False, 80)) == ["0 enterprises, up to 0 yuan"]
    assert empty.budget.before.tally["all", WHOLE, "enterprises"] == 0
    assert "<h1>" in budget_html(empty, language("zh"), in_yuan=False)
    assert budget_xlsx(empty, language("zh"), in_yuan=False)[:2] == b"PK"


def test_the_points_of_sums_stand_below_each_other() -> None:
    page = budget_html(report(sheet(10_000, 12_500)), language("en"), in_yuan=False)
    assert ">+1\u2008\u2007\u2007<" in page
    assert ">+1.25<" in page
    assert ">+12,500<" in budget_html(report(sheet(10_000, 12_500)), language("en"), in_yuan=True)


def test_titles_become_names_that_a_workbook_takes() -> None:
    odd = sheet(1, 2)._replace(title="[a]:*?/\\' " + "长" * 60)
    book: Any = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(budget_xlsx(report(odd, odd), language("zh"), in_yuan=False))
    )
    assert len(set(book.sheet_names)) == 3
    assert all(len(name) <= 31 for name in book.sheet_names)


def test_a_sum_of_more_digits_than_a_cell_holds_is_text() -> None:
    large = 10**15 + 1
    book: Any = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(budget_xlsx(report(sheet(large, 5)), language("zh"), in_yuan=False))
    )
    cells = book.get_sheet_by_index(1).to_python()
    assert (cells[1][2], cells[2][2]) == (str(large), 5)
