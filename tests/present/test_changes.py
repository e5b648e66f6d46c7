"""What overlays change, in words: snapshots in both languages, the machine-readable answer, exit codes."""

import json
from pathlib import Path

import jsonschema
import pytest
from rich.cells import cell_len

from calc.cli.app import run
from calc.policy.differences import Differences, find_differences
from calc.policy.loader import read_layers, rules_from
from calc.policy.review import review
from calc.present.data.changes import changes_data
from calc.present.language import LanguageCode, language
from calc.present.views.changes import changes_view, review_view
from tests.present.test_console import compare, rendered

EXAMPLES = Path(__file__).parents[2] / "examples"
LANGUAGES: list[LanguageCode] = ["zh", "en"]
WIDTHS = [40, 60, 80, 100, 140]
OVERLAY = """
[overlay]
source = "促进投资实施细则（试行）"
valid_from = 2026-04-01
valid_to = 2028-12-31

[items.02-capacity]
award = { tiers = "equipment", mode = "whole", steps = [{ from = "2000万", rate = "5%" }] }
conditions = [{ field = "equipment", at_least = "5000万" }, { field = "robots", at_least = 10 }]
cap = "2000万"
departments = ["创新发展部", "投资促进中心"]

[items.16-exhibition-booth]
closed = true

[items.10-incubator-provincial]
conditions = [{ field = "level", one_of = ["national"] }]
title = { zh = "省级孵化器认定奖励", en = "Another name" }

[items.02-automation]
measure = 40
title = { zh = "自动化改造奖励", en = "Automation reward" }
phrase = "每台 1 万元"
departments = ["创新发展部"]
claim = { entry = "investment", has = ["robots"] }
award = { each = "robots", sum = "1万" }
cap = "50万"
grade = "stated"
filing = [{ from = "03-01", until = "04-30" }]
materials = [{ zh = "设备清单、发票", en = "equipment list and invoices" }]

[measures]
40 = { zh = "自动化", en = "automation" }
[vocabulary.tables.investment.fields]
robots = { type = "count", zh = "机器人台数", en = "robots" }
[vocabulary.figures]
staff = { type = "count", zh = "职工人数", en = "staff" }
[vocabulary.kinds]
robot_maker = { zh = "机器人企业", en = "robot maker" }

[[exclusive]]
items = ["02-capacity", "02-automation"]
scope = "subject"
[[exclusive]]
items = ["02-capacity", "02-chain"]
[[shared_caps]]
items = ["02-capacity", "02-chain"]
cap = "6000万"
"""


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("细则.toml").write_text(OVERLAY, "utf-8")
    return "细则.toml"


def found(source: str) -> Differences:
    layers = read_layers([source])
    return find_differences(rules_from(layers[:1]), rules_from(layers))


def diff(source: str, code: LanguageCode, width: int) -> str:
    return rendered(changes_view(found(source), language(code), width), width)


def checked(source: str, code: LanguageCode, width: int) -> str:
    layers, differences = read_layers([source]), found(source)
    warnings = review(differences.before, differences.after, layers)
    return rendered(review_view(differences, warnings, language(code), width), width)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [60, 100])
def test_a_diff_looks_as_it_did(overlay: str, width: int, code: LanguageCode) -> None:
    compare(diff(overlay, code, width), f"rules-diff-{width}-{code}")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_review_looks_as_it_did(overlay: str, code: LanguageCode) -> None:
    compare(checked(overlay, code, 100), f"rules-check-100-{code}")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_too_wide(overlay: str, width: int, code: LanguageCode) -> None:
    text = diff(overlay, code, width) + checked(overlay, code, width)
    assert all(cell_len(line) <= width for line in text.splitlines())
    assert "…" not in text


ROW = {
    "type": "object",
    "required": ["key", "label", "changes"],
    "properties": {
        "changes": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["before", "after"],
                "properties": {
                    "before": {"type": ["string", "null"]},
                    "after": {"type": ["string", "null"]},
                },
                "additionalProperties": False,
            },
        }
    },
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_machine_readable_diff_says_the_same(overlay: str, code: LanguageCode) -> None:
    data = changes_data(found(overlay), language(code))
    assert data["schema"] == "subsidy.rules-diff/1"
    assert [period["years"] for period in data["periods"]] == [[2025], [2026, 2027]]
    items = {one["item"]: one for one in data["periods"][1]["items"]}
    assert {name: one["change"] for name, one in items.items()} == {
        "02-capacity": "changed",
        "10-incubator-provincial": "changed",
        "16-exhibition-booth": "closed",
        "02-automation": "added",
    }
    rows = [row for one in items.values() for row in one["rows"]]
    for row in rows:
        jsonschema.validate(row, ROW)
    assert [row["key"] for row in items["02-capacity"]["rows"]] == [
        "conditions",
        "award",
        "caps",
        "departments",
    ]
    assert data["periods"][1]["shared_caps"]["new"] == [
        {"items": ["02-capacity", "02-chain"], "cap": 60_000_000, "share": None}
    ]
    assert data["vocabulary"] == {
        "kinds": ["robot_maker"],
        "figures": ["staff"],
        "tables": {"investment": ["robots"]},
    }
    assert data["overlays"][0]["issued"] is None


def test_the_commands_and_their_exit_codes(overlay: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["measures", "diff", overlay, "--format", "json", "--lang", "zh"]) == 0
    assert json.loads(capfd.readouterr().out) == changes_data(found(overlay), language("zh"))
    assert run(["measures", "check", overlay, "--lang", "zh"]) == 0
    assert "永远无法申报" in capfd.readouterr().out
    assert run(["measures", "check", "没有.toml"]) == 66
    Path("错.toml").write_text("[items.02-capacty]\ncap = 5\n[items.02-chain]\ncap = 0.5", "utf-8")
    assert run(["measures", "check", "错.toml", "--lang", "zh"]) == 78
    shown = capfd.readouterr()
    assert not shown.out
    assert "02-capacity" in shown.err
    assert run(["measures", "diff", "错.toml"]) == 78
    assert run(["measures", "check", str(EXAMPLES / "bank.toml"), "--lang", "zh"]) == 78
    assert "这是企业文件" in capfd.readouterr().err
    assert run(["measures", "check"]) == 2


def test_a_whole_file_is_reviewed_and_has_nothing_below_it(capfd: pytest.CaptureFixture[str]) -> None:
    zone = str(Path(__file__).parents[1] / "policy" / "third_zone.toml")
    assert run(["measures", "check", zone, "--lang", "zh"]) == 0
    assert "没有错误，也没有可疑之处" in capfd.readouterr().out
    assert run(["measures", "diff", zone, "--lang", "zh"]) == 0
    assert "完整的规则文件" in capfd.readouterr().out


def test_the_heading_of_an_answer_names_the_rules_used(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    folder = EXAMPLES / "overlays"
    enterprise = str(folder / "narrowed_enterprise.toml")
    for output_format in ("table", "markdown"):
        for year, words in (("2026", "补充规则："), ("2027", "未适用（2027 年不在有效期内）：")):
            arguments = ["estimate", enterprise, "--rules", str(folder / "narrowed.toml"), "--year", year]
            assert run([*arguments, "--format", output_format, "--lang", "zh"]) == 0
            assert f"{words}研发投入奖励申报指南（示例），2026-03-10 发布" in capfd.readouterr().out
    zone = str(Path(__file__).parents[1] / "policy" / "third_zone.toml")
    assert run(["estimate", str(EXAMPLES / "startup.toml"), "--rules", zone, "--lang", "zh"]) in (0, 65)


def test_an_item_is_shown_once_for_each_way_it_reads(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    narrowed = str(EXAMPLES / "overlays" / "narrowed.toml")
    assert run(["measures", "show", "05-rd-growth", "--rules", narrowed, "--lang", "zh"]) == 0
    shown = capfd.readouterr().out
    assert [line.split()[-1] for line in shown.splitlines() if "适用年度" in line] == ["2025、2027", "2026"]
    assert shown.count("研发人员占职工总数比例不低于 10%") == 2  # the phrase cited, and the condition of 2026
    assert run(["measures", "show", "02-capacity", "--rules", narrowed, "--lang", "zh"]) == 0
    assert "适用年度" not in capfd.readouterr().out
