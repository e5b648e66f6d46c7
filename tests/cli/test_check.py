"""``check`` as a process: exit codes, what goes where, the machine-readable answer, what a person sees."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_command import subsidy

EXAMPLES = Path(__file__).parents[2] / "examples"
MAKER, GROUP = str(EXAMPLES / "manufacturer.toml"), str(EXAMPLES / "group.toml")
WRONG = str(EXAMPLES / "mistakes" / "several_at_once.toml")
KEYS = {"schema", "source", "name", "claim_year", "ok", "problems", "missing", "doubts"}
DOUBTFUL = """
[enterprise]
name = "甲"
claim_year = 2026
kinds = ["manufacturing"]
[figures.2025]
revenue = "1000万"
rd_expense = "1200万"
[[investment]]
name = "线"
year = 2026
purposes = ["capacity"]
equipment = 2600
[[agreement]]
name = "协议"
until = 2027-06-30
covers = ["investment:二线"]
[[loan]]
name = "贷"
purpose = "investment"
kind = "credit"
annual_rate = "20%"
start = 2026-01-01
months = 12
"""


def check(*arguments: str, text: str = "", code: int = 0) -> Any:
    done = subsidy("check", *arguments, "--format", "json", text=text)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_a_right_file_is_told_what_is_missing_and_the_next_command() -> None:
    found = check(MAKER)
    assert set(found) == KEYS
    assert (found["schema"], found["source"], found["ok"]) == ("subsidy.check/1", MAKER, True)
    assert (found["name"], found["claim_year"]) == ("晋北精工装备有限公司", 2026)
    assert (found["problems"], found["doubts"]) == ([], [])
    # 06: 1% of the sales that are not known yet, at most 100万
    assert found["missing"] == [
        {
            "path": "first_launch:首台套五轴中心.first_year_sales",
            "says": "“首台套五轴中心”的首年销售额",
            "items": [
                {"item": "06-first-launch", "subject": "first_launch:首台套五轴中心", "ceiling": 1_000_000}
            ],
            "ceiling": 1_000_000,
        }
    ]
    done = subsidy("check", MAKER)
    assert done.returncode == 0
    assert done.stderr == f"请运行：subsidy estimate {MAKER}\n"
    assert "没有错误 · 缺数据 1 项 · 存疑 0 处" in done.stdout


def test_problems_stand_on_standard_error_and_in_the_answer_alike() -> None:
    found = check(WRONG, code=65)
    assert not found["ok"]
    assert (found["name"], found["claim_year"], found["missing"]) == (None, None, [])
    assert [(one["code"], one["path"], one["line"]) for one in found["problems"]] == [
        ("missing_key", "enterprise.claim_year", 1),
        ("word", "enterprise.kinds[1]", 3),
        ("not_a_flag", "enterprise.in_zone", 4),
        ("number", "figures.2025.revenue", 7),
        ("missing_key", "contest[1].level", 9),
        ("number", "contest[1].prize", 12),
    ]
    told = subsidy("check", WRONG)
    assert told.returncode == 65
    estimated, _ = subsidy("estimate", WRONG).stderr.split("请运行：")
    assert told.stderr == f"{estimated}改正后：subsidy check {WRONG}\n"
    assert "错误 6 处，须先改正" in told.stdout
    for one in found["problems"]:
        assert f"  = {one['says']}\n" in told.stderr
        assert f"  = {one['next']}\n" in told.stderr


def test_doubts_are_warnings_that_change_no_exit_code_and_no_estimate() -> None:
    found = check("-", text=DOUBTFUL)
    assert found["ok"]
    assert [(one["code"], one["path"], one["line"]) for one in found["doubts"]] == [
        ("above_other", "figures.2025.rd_expense", 8),
        ("unusually_small", "investment[1].equipment", 13),
        ("unheld_subject", "agreement[1].covers", 17),
        ("unusually_high", "loan[1].annual_rate", 22),
    ]
    done = subsidy("check", "-", text=DOUBTFUL)
    assert done.stderr.count("提醒：") == 4
    assert "存疑 4 处" in done.stdout
    assert "研发费用 1,200万元 高于营业收入 1,000万元" in done.stdout
    quiet = subsidy("check", "-", "-q", text=DOUBTFUL)
    assert (quiet.stdout, quiet.stderr) == (done.stdout, "")
    # An estimate keeps the warnings that it had.
    assert subsidy("estimate", "-", text=DOUBTFUL).stderr.count("提醒：") == 1


def test_of_several_files_the_good_ones_are_checked_and_the_bad_ones_reported(tmp_path: Path) -> None:
    absent = str(tmp_path / "没有.toml")
    done = subsidy("check", WRONG, MAKER, absent, "--format", "json")
    assert done.returncode == 65
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["source"], one["ok"]) for one in found] == [(WRONG, False), (MAKER, True), (absent, False)]
    assert found[2]["problems"][0]["code"] == "not_found"
    assert done.stderr.endswith(f"改正后：subsidy check {WRONG} {absent}\n")
    assert subsidy("check", absent).returncode == 66
    assert subsidy("check", MAKER, absent).returncode == 66
    assert subsidy("check", MAKER, GROUP).returncode == 0


def test_the_year_and_the_rules_asked_for_hold(tmp_path: Path) -> None:
    found = check(MAKER, "--year", "2027")
    assert found["claim_year"] == 2027
    overlay = tmp_path / "rules.toml"
    overlay.write_text('[items.06-first-launch]\ncap = "80万"\n', "utf-8")
    assert check(MAKER, "--rules", str(overlay))["missing"][0]["ceiling"] == 800_000
    done = subsidy("check", MAKER, "--rules", str(overlay), "--year", "2026")
    assert done.stderr == f"请运行：subsidy estimate {MAKER} --year 2026 --rules {overlay}\n"
    overlay.write_text("[itmes]\n", "utf-8")
    assert subsidy("check", MAKER, "--rules", str(overlay)).returncode == 78


def test_answers_can_be_toml_and_one_line_and_a_file(tmp_path: Path) -> None:
    one = tomllib.loads(subsidy("check", MAKER, "--format", "toml").stdout)
    assert (one["schema"], one["missing"][0]["ceiling"]) == ("subsidy.check/1", 1_000_000)
    two = tomllib.loads(subsidy("check", MAKER, WRONG, "--format", "toml").stdout)
    assert [each["ok"] for each in two["checks"]] == [True, False]
    assert len(subsidy("check", MAKER, "--format", "ndjson").stdout.splitlines()) == 1
    target = tmp_path / "check.json"
    done = subsidy("check", WRONG, "-o", str(target))
    assert (done.returncode, done.stdout) == (65, "")
    assert len(json.loads(target.read_text("utf-8"))["problems"]) == 6


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "text", ["", "{", "[enterprise]\nname = '\\u001b[31m'", '企业 = "甲"', "[[enterprise]]\n"]
)
def test_hostile_files_are_told(text: str, lang: str) -> None:
    done = subsidy("check", "-", "--lang", lang, text=text)
    assert done.returncode == 65
    assert done.stdout
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_a_name_cannot_speak_to_the_terminal() -> None:
    text = DOUBTFUL.replace("线", "[red]线[/red]")
    done = subsidy("check", "-", text=text + "[[park]]\nname = '[/]'\nyear = 2020\nkind = 'sme'\n")
    assert done.returncode == 0
    assert "[red]线[/red]" in done.stdout
