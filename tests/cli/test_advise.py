"""``gaps``, ``whatif`` and ``plan`` as processes: the machine-readable answers and what a person sees."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_command import ENTERPRISE, subsidy

EXAMPLES = Path(__file__).parents[2] / "examples"
GROUP, MAKER = str(EXAMPLES / "group.toml"), str(EXAMPLES / "manufacturer.toml")
HEADING = {"schema", "policy", "enterprise", "claim_year", "stacking", "count"}


def answer(*arguments: str) -> Any:
    done = subsidy(*arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_gaps_come_with_their_gain_the_largest_first() -> None:
    found = answer("gaps", GROUP)
    assert set(found) == HEADING | {"gaps", "near", "at_cap"}
    assert found["schema"] == "subsidy.gaps/1"
    # 六号线 at 24 months pays 500万; 液压系统 with a partner 270万; 四号线 at 2000万 pays 200万
    assert [(gap["item"], gap["changes"][0]["to"], gap["gain"]) for gap in found["gaps"]] == [
        ("02-capacity", 24, 5_000_000),
        ("03-core-tech", True, 2_700_000),
        ("02-capacity", 20_000_000, 2_000_000),
        ("29-safeguard-rent", ["manufacturing", "high_tech", "digital_platform", "sme"], 0),
    ]
    assert found["gaps"][3]["changes"][0]["add"] == ["sme"]
    assert all(gap["total_after"] - gap["total_before"] == gap["gain"] for gap in found["gaps"])
    keys = {"item", "subject", "changes", "total_before", "total_after", "gain"}
    assert all(set(gap) == keys for gap in found["gaps"])


def test_gaps_mark_near_misses_and_what_is_at_a_cap() -> None:
    found = answer("gaps", GROUP)
    # 1900万 of 2000万; 30 months of 24 are too many
    assert found["near"] == [{"item": "02-capacity", "subject": "investment:四号线"}]
    at_cap = {(one["item"], one["subject"]): (one["cap"], one["because"]) for one in found["at_cap"]}
    assert all(set(one) == {"item", "subject", "cap", "because"} for one in found["at_cap"])
    assert at_cap["02-capacity", "investment:一号线"] == (30_000_000, "cap")
    # 5000万 less the 2000万 of an earlier stage
    assert at_cap["02-chain", "investment:链条基地"] == (30_000_000, "cap_left")
    assert at_cap["12-digital-platform", "digital_project:焦化厂改造"] == (2_000_000, "cap")
    assert at_cap["12-digital-platform", "digital_project:物流园改造"] == (5_000_000, "year_cap")
    assert at_cap["20-carbon-certificate", "certificate:碳足迹"] == (1_000_000, "lifetime_cap")
    assert ("02-capacity", "investment:二号线") not in at_cap


def test_gaps_show_near_misses_and_caps_to_people() -> None:
    text = subsidy("gaps", GROUP).stdout
    assert text.count("差一点") == 2  # the one gap, and the legend
    assert "设备购置额 40,000万元，达到 30,000万元 即封顶" in text
    assert "仿真算力、训练算力、渲染算力" in text
    assert "差一点" not in subsidy("gaps", MAKER).stdout


def test_a_what_if_holds_both_estimates_and_the_gain() -> None:
    found = answer(
        "whatif", MAKER, "--set", "investment:二期产线.equipment=3.2亿", "--set", "figures.2025.revenue=1亿"
    )
    assert set(found) == {"schema", "before", "after", "gain"}
    assert found["before"]["schema"] == "subsidy.estimate/1"
    # 2.6亿 at 10% pays 2600万, 3.2亿 would pay 3200万, at most 3000万
    assert found["gain"] == 4_000_000 == found["after"]["combination"]["total"] - 33_500_000


def test_a_sweep_has_a_point_for_each_value_the_last_included() -> None:
    found = answer("whatif", MAKER, "--sweep", "investment:二期产线.equipment=2.8亿..3.2亿/0.1亿")
    assert [(one["value"], one["total"]) for one in found["points"]] == [
        (280_000_000, 35_500_000),
        (290_000_000, 36_500_000),
        (300_000_000, 37_500_000),
        (310_000_000, 37_500_000),
        (320_000_000, 37_500_000),
    ]


def test_a_plan_has_a_total_a_year() -> None:
    found = answer("plan", MAKER, "--years", "2026-2027", "--defer")
    assert set(found) == HEADING | {"years", "total"}
    assert [one["claim_year"] for one in found["years"]] == [2026, 2027]
    # 2026 as the estimate; put off to 2027: the green part 500万, the scenario 100万, the second line 300万
    # once its agreement has run out; the loans go on: 8 months of 1.2亿 at 1%, 2 months of 800万 at 1.5%.
    assert [one["total"] for one in found["years"]] == [
        33_500_000,
        5_000_000 + 1_000_000 + 3_000_000 + 800_000 + 20_000,
    ]
    put_off = [one["item"] for one in found["years"][1]["claims"] if one["entry_year"] == 2026]
    assert put_off == ["02-capacity", "15-scenario-provincial", "19-retrofit"]


def test_answers_can_be_toml_and_one_line() -> None:
    assert tomllib.loads(subsidy("plan", MAKER, "--format", "toml").stdout)["schema"] == "subsidy.plan/1"
    assert len(subsidy("gaps", MAKER, "--format", "ndjson").stdout.splitlines()) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("gaps", GROUP),
        ("gaps", str(EXAMPLES / "startup.toml")),
        ("plan", MAKER, "--defer"),
        ("whatif", MAKER, "--set", "enterprise.in_zone=false"),
        ("whatif", MAKER, "--sweep", "loan:流动资金贷款.annual_rate=0.5%..2%/0.5%"),
    ],
)
def test_tables_are_plain_in_a_pipe(arguments: tuple[str, ...], lang: str) -> None:
    done = subsidy(*arguments, "--lang", lang)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("whatif", MAKER, "--set", "equipment"),
        ("whatif", MAKER, "--set", "investment:三期.equipment=1"),
        ("whatif", MAKER, "--set", "investment:二期产线.equipmnt=1"),
        ("whatif", MAKER, "--set", "investment:二期产线.equipment=1美元"),
        ("whatif", MAKER, "--sweep", "investment:二期产线.equipment=1..2"),
        ("whatif", MAKER, "--sweep", "investment:二期产线.equipment=1..2/0"),
        ("whatif", MAKER, "--sweep", "investment:二期产线.equipment=1..9亿/1"),
        ("whatif", MAKER, "--sweep", "investment:二期产线.purposes=1..2/1"),
        ("plan", MAKER, "--years", "2027-2025"),
        ("plan", MAKER, "--years", "soon"),
    ],
)
def test_what_does_not_fit_on_the_command_line_is_told(arguments: tuple[str, ...]) -> None:
    """The file is right: it is the command line that is wrong, exit code 2."""
    done = subsidy(*arguments, "--format", "json")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_standard_input_works_here_too() -> None:
    done = subsidy("gaps", "-", "--format", "json", text=ENTERPRISE.replace("= 24", "= 25"))
    assert [gap["gain"] for gap in json.loads(done.stdout)["gaps"]] == [25_000_000]


def test_what_was_received_in_the_years_of_a_plan_is_a_warning() -> None:
    paid = '[[received]]\nitem = "18-aeo"\nyear = 2026\namount = "30万"\n'
    done = subsidy("plan", "-", "--format", "json", text=ENTERPRISE + paid)
    assert done.returncode == 0
    assert "received[1]" in done.stderr


def test_a_gain_of_nothing_says_what_would_make_it_count() -> None:
    """Eligible for a sum that the source does not name, a claim still counts nothing."""
    park = subsidy("gaps", str(EXAMPLES / "park_operator.toml"), "--lang", "zh").stdout
    assert "0：条文未写金额，或只写最高额；符合条件后，在 [[expect]] 填写预期金额即可计入" in park
    assert "0：" not in subsidy("gaps", MAKER, "--lang", "zh").stdout


def test_a_plan_of_a_wrong_file_says_how_to_look_at_it() -> None:
    wrong = str(EXAMPLES / "mistakes" / "bad_date.toml")
    assert subsidy("plan", wrong, "--lang", "zh").stderr.endswith(f"请运行：subsidy check {wrong}\n")


def test_an_enterprise_named_as_rules_is_not_sent_to_be_checked_as_rules() -> None:
    check = subsidy("measures", "check", MAKER, "--lang", "zh").stderr
    told = subsidy("gaps", MAKER, "--rules", MAKER, "--lang", "zh").stderr
    assert check == told
    assert "measures check" not in told
    assert told.endswith("请写在 --rules 之前：subsidy estimate 企业.toml --rules 细则.toml\n")


@pytest.mark.parametrize("arguments", [("gaps",), ("plan", "--years", "soon"), ("whatif", "--set", "x=1")])
def test_a_file_that_is_wrong_comes_before_the_command_line(arguments: tuple[str, ...]) -> None:
    done = subsidy(*arguments, str(EXAMPLES / "mistakes" / "gbk.toml"))
    assert (done.returncode, done.stdout) == (65, "")
