"""The command as a process: formats, exit codes, pipes, languages."""

import csv
import io
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import calc
from calc.cli.app import run
from calc.engine.combine import milp, sets

ENTERPRISE = """
[enterprise]
name = "=cmd|' /C calc'!A0"
claim_year = 2026
kinds = ["manufacturing", "high_tech"]
[[investment]]
name = "二期产线"
year = 2026
purposes = ["capacity"]
equipment = "3亿"
construction_months = 24
green_equipment = "1亿"
"""


def subsidy(*arguments: str, text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "SUBSIDY"))}
    return subprocess.run(
        [sys.executable, "-m", "calc", *arguments],
        input=text,
        capture_output=True,
        encoding="utf-8",
        env={**kept, "PYTHONUTF8": "1", "COLUMNS": "100", **environment},
        check=False,
    )


def answer(*arguments: str, text: str = ENTERPRISE) -> Any:
    done = subsidy("estimate", "-", "--format", "json", *arguments, text=text)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_version() -> None:
    assert subsidy("--version").stdout == f"subsidy {calc.__version__}\n"


@pytest.mark.parametrize(
    ("stacking", "total"),
    [("strict", 30_000_000), ("subject", 30_000_000), ("expense", 32_500_000), ("none", 35_000_000)],
)
def test_an_investment_with_a_green_part_under_the_four_readings(stacking: str, total: int) -> None:
    """3亿 at 10% is capped at 3000万; 1亿 of green at 20% at 500万, which takes 2500万 of the base."""
    found = answer("--stacking", stacking)
    assert found["combination"]["total"] == total
    assert found["totals"] == {
        "strict": 30_000_000,
        "subject": 30_000_000,
        "expense": 32_500_000,
        "none": 35_000_000,
    }


def test_an_rd_project_with_a_national_scenario() -> None:
    """4000万 x 30% is capped at 1000万, which takes 3333.3334万; the rest at 20% is worth 133.3333万."""
    text = """
    [enterprise]
    name = "甲"
    claim_year = 2026
    [[rd_project]]
    name = "研发"
    year = 2026
    spend = "4000万"
    partner = true
    scope = "core_technology"
    scenario_honour = "national"
    """
    totals = answer(text=text)["totals"]
    assert totals == {"strict": 10_000_000, "subject": 10_000_000, "expense": 11_333_333, "none": 12_000_000}


def test_toml_says_the_same_as_json_but_for_nulls() -> None:
    found = tomllib.loads(subsidy("estimate", "-", "--format", "toml", text=ENTERPRISE).stdout)
    wanted = answer()
    assert found["combination"] == wanted["combination"]
    assert found["totals"] == wanted["totals"]
    assert "uscc" not in found["enterprise"]


def test_csv_has_a_row_for_each_claim_and_no_formula() -> None:
    done = subsidy("estimate", "-", "--format", "csv", text=ENTERPRISE)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["item"] for row in rows] == ["02-capacity", "19-retrofit"]
    assert [int(row["granted"]) for row in rows] == [30_000_000, 0]
    assert all(row["enterprise"].startswith("'=") for row in rows)


def test_markdown_cannot_be_broken_by_a_name() -> None:
    done = subsidy("estimate", "-", "--format", "markdown", text=ENTERPRISE.replace("二期产线", "a|b<b>"))
    assert "a\\|b&lt;b&gt;" in done.stdout


def test_several_files_give_a_line_each_and_the_bad_one_is_reported(tmp_path: Path) -> None:
    good, bad, absent = tmp_path / "good.toml", tmp_path / "bad.toml", tmp_path / "absent.toml"
    good.write_text(ENTERPRISE, "utf-8")
    bad.write_text(ENTERPRISE.replace("3亿", "3亿美元"), "utf-8")
    done = subsidy("estimate", str(good), str(bad), str(absent), "--format", "json")
    assert done.returncode == 65
    assert [json.loads(line)["combination"]["total"] for line in done.stdout.splitlines()] == [30_000_000]
    assert "bad.toml" in done.stderr
    assert "absent.toml" in done.stderr
    assert subsidy("estimate", str(absent)).returncode == 66


def test_the_year_of_the_command_wins() -> None:
    assert answer("--year", "2027")["claims"] == []
    assert answer("--year", "2028")["services"] == []


@pytest.mark.parametrize(
    "arguments", [["estimate"], ["estimate", "-", "--stacking", "x"], ["nonsense"], ["--x"]]
)
def test_a_wrong_command_line_is_exit_2(arguments: list[str]) -> None:
    done = subsidy(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_wrong_rules_are_exit_78(tmp_path: Path) -> None:
    overlay = tmp_path / "细则.toml"
    overlay.write_text('[items.18-aeo]\nlifetime_cap = "20万"\n', "utf-8")
    done = subsidy("estimate", "-", "--rules", str(overlay), text=ENTERPRISE)
    assert done.returncode == 78
    assert "细则.toml" in done.stderr


def test_an_overlay_changes_the_sum_and_the_digest(tmp_path: Path) -> None:
    overlay = tmp_path / "细则.toml"
    overlay.write_text('[items.02-capacity]\naward = { rate = "5%", of = ["equipment"] }\n', "utf-8")
    before, after = answer(), answer("--rules", str(overlay))
    assert after["combination"]["total"] == 15_000_000
    assert before["policy"]["digest"] != after["policy"]["digest"]


def test_a_pipe_gets_no_escapes_and_a_forced_colour_does() -> None:
    assert "\x1b" not in subsidy("estimate", "-", text=ENTERPRISE).stdout
    assert "\x1b" in subsidy("estimate", "-", text=ENTERPRISE, FORCE_COLOR="1").stdout
    assert (
        "\x1b"
        not in subsidy("estimate", "-", text=ENTERPRISE, FORCE_COLOR="1", NO_COLOR="1", TERM="dumb").stdout
    )


def test_the_language_follows_option_variable_and_locale() -> None:
    def total_word(*arguments: str, **environment: str) -> bool:
        return "最多可得" in subsidy("estimate", "-", *arguments, text=ENTERPRISE, **environment).stdout

    assert total_word()
    assert total_word(LANG="zh_CN.UTF-8")
    assert not total_word(LANG="en_GB.UTF-8")
    assert total_word(LANG="en_GB.UTF-8", SUBSIDY_LANG="zh")
    assert not total_word("--lang", "en", SUBSIDY_LANG="zh")


def test_standard_output_holds_nothing_but_the_answer_where_the_solver_runs() -> None:
    loans = "".join(
        f'[[loan]]\nname = "{place}"\npurpose = "investment"\nkind = "credit"\n'
        f"principal = {10**7 + place * 10**6}\n"
        'annual_rate = "4%"\nstart = 2026-01-01\nmonths = 12\nproject = "P"\n'
        for place in range(20)
    )
    text = '[enterprise]\nname = "甲"\nclaim_year = 2026\nkinds = ["high_tech"]\n' + loans
    found = answer(text=text)
    # 1% of 3.9亿 is 390万 over all loans; the smallest, worth 10万, brings the 15万 of technology loans.
    assert found["totals"]["none"] == 3_900_000 + 150_000
    assert found["totals"]["subject"] == 3_900_000 - 100_000 + 150_000


def test_what_is_not_proven_is_said(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    group = Path(__file__).parents[2] / "examples" / "group.toml"
    assert run(["estimate", str(group), "--format", "json", "--lang", "en"]) == 0
    assert capfd.readouterr().err == ""
    monkeypatch.setattr(sets, "MOST_SETS", 0)  # it is left to the solver
    monkeypatch.setattr(milp, "_SECONDS", 0.0)
    assert run(["estimate", str(group), "--format", "json", "--lang", "en"]) == 0
    shown = capfd.readouterr()
    assert "Not proven" in shown.err
    assert json.loads(shown.out)["combination"]["total"] <= 120_350_000
