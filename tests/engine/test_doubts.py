# ruff: noqa: E501 -- the cases are data, one a line
"""Doubts: legal figures beyond what is usual, and entries that change nothing; each at its edge."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings

from calc.engine.doubts import find_doubts
from calc.engine.estimate import estimate
from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.positions import located
from calc.enterprise.problems import Problem
from calc.enterprise.vocabulary import base_vocabulary
from calc.policy.loader import base_text, load_rules, packaged_rules, rules_from
from calc.policy.rules import Rules
from calc.present.language import LANGUAGES, language
from calc.present.words.diagnostics import path_text
from calc.present.words.next_steps import next_step
from calc.present.words.problems import what_is_wrong
from tests.engine.test_properties import enterprises

ROOT = Path(__file__).parents[2]
HEAD = '[enterprise]\nname = "甲"\nclaim_year = 2026\nkinds = ["high_tech"]\n'
CAPACITY = '[[investment]]\nname = "线"\nyear = 2026\npurposes = ["capacity"]\n'
LOAN = '[[loan]]\nname = "贷"\npurpose = "investment"\nkind = "credit"\nmonths = 12\n'
PARK = '[[park]]\nname = "园"\nyear = 2026\nkind = "sme"\n'
PROJECT = '[[rd_project]]\nname = "研"\nyear = {}\nscope = "other"\n'


def doubts(text: str, rules: Rules | None = None) -> list[Problem]:
    rules = rules or packaged_rules()
    document = parse_document(
        "x.toml", text if text.startswith("[enterprise]") else HEAD + text, is_json=False
    )
    enterprise = enterprise_from(document, rules.vocabulary, rules.item_ids).enterprise
    return list(located(document, find_doubts(estimate(enterprise, rules))))


def codes(text: str, rules: Rules | None = None) -> list[tuple[str, str]]:
    return [(one.code, path_text(one.path)) for one in doubts(text, rules)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (CAPACITY + "equipment = 2600\n", [("unusually_small", "investment[1].equipment")]),
        (CAPACITY + "equipment = 99_999.99\n", [("unusually_small", "investment[1].equipment")]),
        (CAPACITY + "equipment = 100_000\n", []),
        (CAPACITY + "equipment = 0\n", [("unusually_small", "investment[1].equipment")]),
        (CAPACITY + 'equipment = "1000亿"\nfixed_assets = "1000亿"\n', []),
        (CAPACITY + 'equipment = "1000.01亿"\n', [("unusually_high", "investment[1].equipment")]),
        (CAPACITY + 'equipment = "2亿"\nfixed_assets = "2亿"\n', []),
        (CAPACITY + 'equipment = "20000.01万"\nfixed_assets = "2亿"\n', [("above_other", "investment[1].equipment")]),
        (CAPACITY + "construction_months = 120\n", []),
        (CAPACITY + "construction_months = 121\n", [("unusually_high", "investment[1].construction_months")]),
        (CAPACITY + "construction_months = 0\n", [("unusually_low", "investment[1].construction_months")]),
        (CAPACITY + "hookup_cost = 0\n", []),
        (CAPACITY + "hookup_cost = 1\n", [("unusually_small", "investment[1].hookup_cost")]),
        ('[figures.2025]\nrevenue = "1亿"\nrd_expense = "1亿"\n', []),
        ('[figures.2025]\nrevenue = "1亿"\nrd_expense = "10000.0001万"\n', [("above_other", "figures.2025.rd_expense")]),
        # The years do not mix: this year's expense is not held against last year's revenue.
        ('[figures.2025]\nrevenue = "1亿"\n[figures.2024]\nrd_expense = "2亿"\n', []),
        ("[figures.2025]\nrevenue = 0\nrd_expense = 0\n", []),
        ("[figures.2025]\nrevenue = 32_000\n", [("unusually_small", "figures.2025.revenue")]),
        ("[figures.2025]\nfdi_usd = 300\n", [("unusually_small", "figures.2025.fdi_usd")]),
        (LOAN + 'start = 2026-01-01\nannual_rate = "15%"\n', []),
        (LOAN + 'start = 2026-01-01\nannual_rate = "15.01%"\n', [("unusually_high", "loan[1].annual_rate")]),
        (LOAN + 'start = 2026-01-01\nannual_rate = "20%"\n', [("unusually_high", "loan[1].annual_rate")]),
        (LOAN + 'start = 2026-01-01\nannual_rate = "0.35%"\n', [("unusually_low", "loan[1].annual_rate")]),
        (PARK + "occupancy = 0\n", [("unusually_low", "park[1].occupancy")]),
        (PARK + 'occupancy = "5%"\n', []),
        ("[fx]\nusd_cny = 7.1\n", []),
        ("[fx]\nusd_cny = 71\n", [("unusually_high", "fx.usd_cny")]),
        ('[[expect]]\nitem = "11-startup"\nyear = 2027\namount = 50\n', [("unusually_small", "expect[1].amount")]),
        ('[[expect]]\nitem = "11-startup"\nyear = 2027\namount = 10_000\n', []),
        ('[[received]]\nitem = "11-startup"\nyear = 2025\namount = 9999.99\n', [("unusually_small", "received[1].amount")]),
    ],
)  # fmt: skip
def test_a_figure_beyond_what_is_usual(text: str, wanted: list[tuple[str, str]]) -> None:
    assert codes(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('[enterprise]\nname = "甲"\nclaim_year = 2026\n', [("no_kinds", "enterprise.kinds")]),
        ('[enterprise]\nname = "甲"\nclaim_year = 2026\n[kinds]\n2026 = ["sme"]\n', []),
        ('[enterprise]\nname = "甲"\nclaim_year = 2026\nkinds = ["sme"]\n[kinds]\n2026 = []\n', [("no_kinds", "enterprise.kinds")]),
        ('[enterprise]\nname = "甲"\nclaim_year = 2025\nkinds = ["sme"]\n', []),
        ('[enterprise]\nname = "甲"\nclaim_year = 2024\nkinds = ["sme"]\n', [("claim_year_outside", "enterprise.claim_year")]),
        ('[enterprise]\nname = "甲"\nclaim_year = 2028\nkinds = ["sme"]\n', [("claim_year_outside", "enterprise.claim_year")]),
        # The claim year is queried once, not again with each of its entries.
        ('[enterprise]\nname = "甲"\nclaim_year = 2028\nkinds = ["sme"]\n' + PROJECT.format(2028), [("claim_year_outside", "enterprise.claim_year")]),
        (HEAD + "filing_date = 2026-12-31\n", []),
        (HEAD + "filing_date = 2025-12-31\n", [("filed_elsewhere", "enterprise.filing_date")]),
        # figures
        ("[figures.2026]\nrevenue = 1_000_000\n", [("figures_unread", "figures.2026")]),
        ("[figures.2026]\nrevenue = 1_000_000\n[figures.2025]\n", []),
        ("[figures.2023]\n[figures.2024]\n", [("figures_unread", "figures.2023")]),
        ("[figures.2023]\n[figures.2025]\n", []),
        # years of entries
        (PROJECT.format(2027), []),
        (PROJECT.format(2025), [("entry_year_past", "rd_project[1].year")]),
        (PROJECT.format(2024), [("entry_year_outside", "rd_project[1].year")]),
        (PROJECT.format(2028), [("entry_year_outside", "rd_project[1].year")]),
        # It has been paid, or it goes on: no slip.
        (PROJECT.format(2025) + PROJECT.format(2026), []),
        (PROJECT.format(2025) + '[[received]]\nitem = "03-core-tech"\nyear = 2025\namount = "10万"\nsubject = "rd_project:研"\n', []),
        # entries that nothing takes
        ('[[rd_project]]\nname = "研"\nyear = 2026\n', [("no_item", "rd_project[1]")]),
        ('[[title]]\nname = "园"\nyear = 2026\nkind = "park"\nlevel = "municipal"\n', [("no_item", "title[1]")]),
        (CAPACITY.replace('["capacity"]', "[]"), [("no_item", "investment[1]")]),
        (CAPACITY.replace('["capacity"]', "[]") + "green_equipment = 10_000\n", []),
        (LOAN + "start = 2027-12-31\n", []),
        (LOAN + "start = 2028-01-01\n", [("starts_after_policy", "loan[1].start")]),
        # received: yearly, without a subject, too late
        ('[[received]]\nitem = "05-rd-growth"\nyear = 2025\namount = "10万"\n', [("received_idle", "received[1].item")]),
        ('[[received]]\nitem = "11-startup"\nyear = 2025\namount = "10万"\n', []),
        ('[[received]]\nitem = "02-capacity"\nyear = 2025\namount = "10万"\n', [("received_unassigned", "received[1].item")]),
        ('[[received]]\nitem = "18-aeo"\nyear = 2025\namount = "10万"\n', []),
        ('[[received]]\nitem = "18-aeo"\nyear = 2026\namount = "10万"\n', [("received_late", "received[1].year")]),
        # expected: of nothing, of another year, at and above the ceiling
        ('[[expect]]\nitem = "18-aeo"\nyear = 2026\namount = "10万"\n', [("expect_idle", "expect[1].item")]),
        ('[[expect]]\nitem = "18-aeo"\nyear = 2027\namount = "10万"\n', []),
        (PROJECT.format(2026) + '[[expect]]\nitem = "03-core-tech"\nyear = 2026\namount = "1000万"\n', []),
        (PROJECT.format(2026) + '[[expect]]\nitem = "03-core-tech"\nyear = 2026\namount = 10_000_001\n', [("above_ceiling", "expect[1].amount")]),
        (PROJECT.format(2026) + 'spend = "100万"\npartner = true\n[[expect]]\nitem = "03-core-tech"\nyear = 2026\namount = "30.01万"\n', [("above_ceiling", "expect[1].amount")]),
        # It lowers nothing of one project, but the other's.
        (PROJECT.format(2026) + 'spend = "100万"\npartner = true\n' + PROJECT.format(2026).replace("研", "究") + 'spend = "200万"\npartner = true\n[[expect]]\nitem = "03-core-tech"\nyear = 2026\namount = "50万"\n', []),
        (PROJECT.format(2026) + '[[expect]]\nitem = "03-core-tech"\nyear = 2026\namount = "1万"\nsubject = "rd_project:究"\n', [("expect_idle", "expect[1].item")]),
        # What an agreement closes, or what has been paid in full, is not told about its sum.
        (PROJECT.format(2026) + '[[expect]]\nitem = "03-core-tech"\nyear = 2026\namount = "9000万"\n[[agreement]]\nname = "议"\nuntil = 2026-12-31\ncovers = ["*"]\n', []),
        (PROJECT.format(2026) + '[[expect]]\nitem = "03-core-tech"\nyear = 2026\namount = "9000万"\n[[received]]\nitem = "03-core-tech"\nyear = 2025\namount = "1200万"\nsubject = "rd_project:研"\n', []),
        # An open sum has no ceiling.
        ('[figures.2025]\ntrainees = 5\n[[expect]]\nitem = "24-training"\nyear = 2026\namount = "900万"\n', []),
    ],
)  # fmt: skip
def test_what_changes_nothing_or_stands_in_the_wrong_year(text: str, wanted: list[tuple[str, str]]) -> None:
    assert codes(text) == wanted


def test_doubts_are_warnings_in_the_order_of_the_file_each_at_its_line() -> None:
    found = doubts(
        CAPACITY + "equipment = 2600\n\n[[park]]\nname = '园'\nyear = 2026\nkind = 'sme'\noccupancy = 0\n"
    )
    assert [(one.place.line, one.is_warning) for one in found if one.place] == [(9, True), (15, True)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_doubt_says_what_and_names_the_next_step(code: str) -> None:
    speech = language("zh" if code == "zh" else "en")
    text = (
        HEAD.replace('["high_tech"]', "[]") + "filing_date = 2025-01-01\n[fx]\nusd_cny = 71\n[figures.2026]\nrevenue = 26000\nrd_expense = '1亿'\n"
        + CAPACITY + "equipment = 2600\n" + PROJECT.format(2025) + LOAN + "start = 2028-01-01\nannual_rate = 0\n"
        + "[[rd_project]]\nname = '空'\nyear = 2028\n"
        + '[[received]]\nitem = "05-rd-growth"\nyear = 2025\namount = "1万"\n[[received]]\nitem = "02-capacity"\nyear = 2025\namount = "1万"\n'
        + '[[received]]\nitem = "18-aeo"\nyear = 2026\namount = "1万"\n[[expect]]\nitem = "18-aeo"\nyear = 2026\namount = "1万"\n'
        + '[[expect]]\nitem = "02-capacity"\nyear = 2026\namount = "9000万"\n'
    )  # fmt: skip
    found = doubts(text) + doubts(HEAD.replace("2026", "2030"))
    said = {one.code: what_is_wrong(one, speech) for one in found}
    assert set(said) == {
        "no_kinds", "filed_elsewhere", "unusually_high", "figures_unread", "unusually_small", "unusually_low",
        "above_other", "entry_year_past", "entry_year_outside", "starts_after_policy", "no_item", "received_idle",
        "received_unassigned", "received_late", "expect_idle", "above_ceiling", "claim_year_outside",
    }  # fmt: skip
    assert not [text for text in said.values() if "…" in text or "{" in text]
    steps = {one.code: next_step(one, speech) for one in found}
    default = speech.say("correct it and run the command again")
    assert default not in steps.values()
    small = next(one for one in found if one.path[-1] == "equipment")
    assert '"2600万"' in next_step(small, speech)
    assert ("2,600元" if code == "zh" else "2,600 yuan") in what_is_wrong(small, speech)


@given(enterprises())
@settings(max_examples=60, deadline=None)
def test_every_file_is_answered_and_each_doubt_has_its_line(content: dict[str, Any]) -> None:
    text = tomli_w.dumps(content)
    document = parse_document("x.toml", text, is_json=False)
    enterprise = enterprise_from(document, packaged_rules().vocabulary, packaged_rules().item_ids).enterprise
    result = estimate(enterprise, packaged_rules())
    found = located(document, find_doubts(result))
    assert all(one.is_warning for one in found)
    lines = text.splitlines()
    for one in found[:50]:
        assert one.place is not None
        assert lines[one.place.line - 1] == one.place.text
        assert what_is_wrong(one, language("zh"))


def test_no_bound_is_so_tight_that_a_realistic_enterprise_is_queried() -> None:
    rules = packaged_rules()
    for path in sorted((ROOT / "examples").glob("*.toml")):
        if not path.name.endswith(".expected.toml"):
            text = path.read_text("utf-8")
            assert codes(text[text.index("[enterprise]") :], rules) == [], path.name


def test_every_sum_of_the_shared_vocabulary_has_a_least_that_is_usual() -> None:
    """A sum whose 万 was forgotten is the dearest slip: no sum is exempt from the question."""
    vocabulary = base_vocabulary()
    groups = [vocabulary.figures, *(table.fields for table in vocabulary.tables.values())]
    fields = [field for group in groups for field in group.values() if field.type in ("money", "usd")]
    assert len(fields) == 29
    assert [field.name for field in fields if not field.usual.least] == []


def test_the_bounds_of_the_shared_vocabulary_pass_the_checks_of_a_rules_file() -> None:
    """What a rules file may declare is what the shared words themselves are written in."""
    raw = tomllib.loads(files("calc.enterprise").joinpath("vocabulary.toml").read_text("utf-8"))
    figures = "".join(f"{name} = {_inline(figure)}\n" for name, figure in raw["figures"].items())
    rules = overlaid(f"[vocabulary.figures]\n{figures}")
    assert rules.vocabulary.figures == base_vocabulary().figures


def _inline(value: object) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{key} = {_inline(one)}" for key, one in value.items()) + " }"
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case text:
            return f'"{text}"'


def overlaid(text: str) -> Rules:
    base = parse_document("measures.toml", base_text(), is_json=False)
    return rules_from([base, parse_document("overlay.toml", text, is_json=False)])


def test_a_rules_file_declares_bounds_of_its_own_and_narrows_those_of_others() -> None:
    rules = overlaid(
        '[vocabulary.figures]\noutput = { type = "money", usual = { from = "10万", to = "5亿" }, usually_below = "revenue", zh = "产值", en = "output" }\n'
        'revenue = { type = "money", usual = { from = "1亿" }, zh = "营业收入", en = "revenue" }\n'
        '[vocabulary.tables.investment.fields]\nrobots = { type = "count", usual = { to = 50 }, zh = "机器人", en = "robots" }\n'
    )
    text = '[figures.2025]\nrevenue = "9999万"\noutput = "10000万"\n' + CAPACITY + "robots = 51\n"
    assert codes(text, rules) == [
        ("unusually_small", "figures.2025.revenue"),
        ("above_other", "figures.2025.output"),
        ("unusually_high", "investment[1].robots"),
    ]
    assert codes(text.replace("9999万", "1亿").replace("51", "50"), rules) == []


def test_another_zone_is_asked_by_its_own_rules() -> None:
    rules = load_rules([str(ROOT / "tests" / "policy" / "second_zone.toml")])
    head = '[enterprise]\nname = "东海"\nclaim_year = 2026\nkinds = ["solar_maker"]\n'
    # Its policy holds in 2026 alone; nothing of it takes a contest.
    text = (
        head
        + '[[plant]]\nname = "一"\nyear = 2027\nroof = "flat"\n[[contest]]\nname = "赛"\nyear = 2026\nlevel = "national"\n'
    )
    assert codes(text, rules) == [("entry_year_outside", "plant[1].year"), ("no_item", "contest[1]")]
