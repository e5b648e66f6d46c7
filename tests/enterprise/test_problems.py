"""What an error says to those who read it in a traceback."""

import pytest

from calc import load_enterprise
from calc.enterprise.problems import InputError, Place, Problem


def test_every_problem_stands_on_a_line_of_its_own() -> None:
    path, place = ("figures", "2025", "revenu"), Place(3, 1, "revenu = 1", 6)
    error = InputError(
        (
            Problem("a.toml", "unknown_key", path, 1, nearest="revenue", place=place),
            Problem("frame", "unknown_column", (), "备注"),
            Problem("-", "empty"),
        )
    )
    assert str(error).splitlines() == [
        "a.toml, line 3: figures.2025.revenu: unknown_key 1 (did you mean revenue?)",
        "frame: unknown_column '备注'",
        "-: empty",
    ]


def test_what_is_found_is_data_and_short() -> None:
    hostile = Problem("a\x1b[31m\n.toml", "number", ("x\u202ey",), "\x1b]0;\n" + "9" * 1000)
    assert str(InputError((hostile,))).isprintable()
    assert len(str(InputError((hostile,)))) < 200
    assert str(InputError((Problem("a", "number", ("x",), 1 << 100_000),))) == "a: x: number …"
    assert str(InputError((Problem("a", "type", ("x",), [1 << 100_000]),))) == "a: x: type"


def test_many_problems_are_counted() -> None:
    lines = str(InputError((Problem("a", "empty"),) * 53)).splitlines()
    assert (len(lines), lines[-1]) == (51, "… and 3 more")


def test_a_notebook_learns_which_key_is_meant() -> None:
    with pytest.raises(InputError, match=r"examples/mistakes/misspelt_key\.toml, line \d+: .*did you mean"):
        load_enterprise("examples/mistakes/misspelt_key.toml")
