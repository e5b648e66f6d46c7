"""``subsidy explain`` as a process: formats, names of items, exit codes."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.cli.test_command import subsidy

EXAMPLES = Path(__file__).parents[2] / "examples"
MANUFACTURER = str(EXAMPLES / "manufacturer.toml")


def test_all_in_brief_with_the_commands_to_go_on_with() -> None:
    done = subsidy("explain", MANUFACTURER)
    assert done.returncode == 0
    assert "若改取此项，合计为 1,250万元，少 2,100万元" in done.stdout
    assert f"subsidy explain {MANUFACTURER} 02-capacity" in done.stderr
    assert not subsidy("explain", MANUFACTURER, "-q").stderr


def test_a_measure_s_number_stands_for_its_items() -> None:
    done = subsidy("explain", MANUFACTURER, "25", "02-capacity", "25-guarantee", "--format", "json")
    found = json.loads(done.stdout)
    assert [(one["item"], one["subject"]) for one in found["claims"]] == [
        ("25-investment-loan", "loan:二期项目贷款"),
        ("25-technology-loan", "loan:流动资金贷款"),
        ("02-capacity", "investment:二期产线"),
        ("02-capacity", "investment:一期改造"),
    ]
    assert [one["item"] for one in found["without_claim"]] == [
        "25-guarantee",
        "25-guarantee-business",
        "25-insurance",
    ]


@pytest.mark.parametrize(("name", "nearest"), [("02-capcity", "02-capacity"), ("99", None)])
def test_an_unknown_item_is_a_wrong_command_line(name: str, nearest: str | None) -> None:
    done = subsidy("explain", MANUFACTURER, name)
    assert done.returncode == 2
    assert not done.stdout
    assert name in done.stderr
    assert (nearest or "") in done.stderr


def test_the_combination_in_every_format(tmp_path: Path) -> None:
    options = ("explain", MANUFACTURER, "--combination", "--stacking", "expense")
    found = json.loads(subsidy(*options, "--format", "json").stdout)
    assert found["claims"] == []
    assert found["combination"]["total"] == 36_000_000
    assert found["combination"]["next_best"]["total"] == 35_500_000
    assert found["combination"]["groups"][0]["limit"] == 260_000_000
    line = subsidy(*options, "--format", "ndjson").stdout
    assert line.count("\n") == 1
    assert json.loads(line) == found
    path = tmp_path / "说明.toml"
    assert subsidy(*options, "-o", str(path)).stdout == ""
    assert (
        tomllib.loads(path.read_text("utf-8"))["combination"]["next_best"]
        == found["combination"]["next_best"]
    )
    assert "次优组合" in subsidy(*options).stdout


def test_the_year_and_the_count_of_the_command_line_hold() -> None:
    found = json.loads(
        subsidy("explain", MANUFACTURER, "01", "--count", "ceiling", "--format", "json").stdout
    )
    assert found["claims"][0]["granted"] == 1_000_000
    done = subsidy("explain", MANUFACTURER, "02-capacity", "--year", "2027", "--lang", "en")
    assert "No claim in 2027; it would take: investment" in done.stdout


def test_what_is_wrong_with_a_file_is_told_and_the_exit_code_says_so(tmp_path: Path) -> None:
    assert subsidy("explain", str(EXAMPLES / "mistakes" / "several_at_once.toml")).returncode == 65
    assert subsidy("explain", str(tmp_path / "absent.toml")).returncode == 66
    rules = tmp_path / "rules.toml"
    rules.write_text("[items.02-capacity]\ncap = 0\n", "utf-8")
    assert subsidy("explain", MANUFACTURER, "--rules", str(rules)).returncode == 78


def test_what_to_go_on_with_answers_under_the_same_rules_and_reading() -> None:
    overlay = str(EXAMPLES / "overlays" / "tiers.toml")
    asked = ("--stacking", "strict", "--count", "ceiling", "--year", "2026", "--rules", overlay)
    told = subsidy("explain", str(EXAMPLES / "manufacturer.toml"), *asked, "--lang", "en").stderr
    options = f"--year 2026 --stacking strict --count ceiling --rules {overlay}"
    assert told.count("subsidy ") == 3
    assert told.count(f" {options}\n") == 3


def test_a_wrong_file_is_checked_with_the_rules_that_it_is_read_with() -> None:
    overlay, wrong = str(EXAMPLES / "overlays" / "tiers.toml"), str(EXAMPLES / "mistakes" / "bad_date.toml")
    told = subsidy("explain", wrong, "--rules", overlay, "--lang", "zh").stderr
    assert told.endswith(f"请运行：subsidy check {wrong} --rules {overlay}\n")
