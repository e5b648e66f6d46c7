"""What to do about a cell that is wrong is said in the terms of a sheet, not of a TOML file."""

import pytest

from calc.batch.intake.cells.text import nearest_column
from calc.enterprise.problems import Problem
from calc.enterprise.vocabulary import base_vocabulary
from calc.present.language import language
from calc.present.words.batch import row_says
from calc.present.words.cells import cell_step


@pytest.mark.parametrize(
    ("problem", "step"),
    [
        (Problem("a", "not_a_flag", ("in_zone",), "√"), "write 是 or 否, true or false"),
        (
            Problem("a", "number", ("x",), "万50", {"reason": "not_a_number", "type": "money"}),
            "write yuan: 26000000, 2600万 or 1.3亿",
        ),
        (Problem("a", "year", ("claim_year",), "2026年"), "write the year alone: 2026"),
        (
            Problem("a", "missing_key", ("claim_year",), None, {"example": "claim_year = 2026"}),
            "fill in this column, as 2026",
        ),
        (
            Problem("a", "missing_key", ("level",), None, {"example": 'level = "municipal"'}),
            "fill in this column, as municipal",
        ),
        (
            Problem("a", "missing_key", ("purposes",), None, {"example": 'purposes = ["capacity"]'}),
            "fill in this column, as capacity",
        ),
        (Problem("a", "missing_key", ("name",)), "fill in this column"),
        (Problem("a", "missing_key", ("name",), None, {"example": 'name = "…"'}), "fill in this column"),
        (Problem("a", "word", ("kinds",), "bank/sme", nearest="bank"), "put ; between several words"),
        (Problem("a", "word", ("kinds",), "bnak", nearest="bank"), "did you mean bank?"),
        (
            Problem("a", "uscc", ("uscc",), "1"),
            "copy its 18 characters from the licence; the last is a check digit",
        ),
    ],
)
def test_the_next_step_fits_a_cell(problem: Problem, step: str) -> None:
    assert cell_step(problem, language("en")) == step


def test_the_same_advice_is_given_once_a_row() -> None:
    unknown = [Problem("a.csv", "unknown_column", (), name) for name in ("备注", "联系人")]
    said = row_says("zh", unknown, None)
    assert said.count("列名放在第一行") == 1
    assert "备注" in said
    assert "联系人" in said


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("我的备注", None),
        ("source", None),
        ("claim_yaer", "claim_year"),
        ("申报年", "claim_year"),
        ("figures.2025.revenu", "figures.2025.revenue"),
        ("enterprise.nmae", "enterprise.name"),
    ],
)
def test_only_a_column_that_looks_alike_is_proposed(name: str, nearest: str | None) -> None:
    assert nearest_column(name, base_vocabulary()) == nearest
