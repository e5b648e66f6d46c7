"""Explanations as a person sees them: snapshots at two widths in both languages, and what has to be said."""

import re
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from calc import estimate, load_enterprise
from calc.engine.estimate import Estimate
from calc.engine.explain import explain
from calc.policy.loader import packaged_rules
from calc.present.data.explain import explain_data
from calc.present.language import LanguageCode, language
from calc.present.look import Look
from calc.present.views.explain import explanation_view
from tests.present.test_console import compare, estimate_of, rendered

EXAMPLES = Path(__file__).parents[2] / "examples"
LANGUAGES: list[LanguageCode] = ["zh", "en"]
ITEMS = (
    "02-capacity",
    "05-rd-growth",
    "19-retrofit",
    "01-chain-title",
    "06-first-launch",
    "16-exhibition-booth",
)
RULES = packaged_rules()


def answer(name: str, **options: Any) -> Estimate:
    return estimate(load_enterprise(str(EXAMPLES / f"{name}.toml")), **options)


def text_of(
    result: Estimate, *items: str, width: int = 100, code: LanguageCode = "zh", weighs: bool = False
) -> str:
    explanation = explain(result, items, weighs=weighs)
    return rendered(explanation_view(explanation, Look(language(code), False, width)), width)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("name", ["manufacturer", "bank"])
def test_all_claims_in_brief_look_as_they_did(name: str, width: int, code: LanguageCode) -> None:
    compare(text_of(answer(name), width=width, code=code), f"explain-{name}-{width}-{code}")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100])
def test_items_in_full_look_as_they_did(width: int, code: LanguageCode) -> None:
    text = text_of(answer("manufacturer"), *ITEMS, width=width, code=code)
    compare(text, f"explain-items-{width}-{code}")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("name", ["manufacturer", "bank", "group"])
def test_the_choice_looks_as_it_did(name: str, width: int, code: LanguageCode) -> None:
    text = text_of(answer(name), width=width, code=code, weighs=True)
    compare(text, f"explain-choice-{name}-{width}-{code}")


@pytest.mark.parametrize("stacking", ["strict", "expense"])
def test_the_choice_under_other_readings_looks_as_it_did(stacking: str) -> None:
    text = text_of(answer("manufacturer", stacking=stacking), weighs=True)
    compare(text, f"explain-choice-manufacturer-{stacking}-100-zh")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_every_item_fits_every_width(width: int, code: LanguageCode) -> None:
    result = answer("manufacturer")
    text = text_of(result, *RULES.item_ids, width=width, code=code, weighs=True)
    assert all(cell_len(line) <= width for line in text.splitlines())
    assert "…" not in text
    assert all(item in text for item in RULES.item_ids)


def test_where_columns_do_not_fit_the_mark_stands_before_what_it_marks() -> None:
    text = text_of(answer("manufacturer"), "02-capacity", width=40, weighs=True)
    assert "  ✓ 02-capacity" in text
    assert "  · 19-retrofit" in text
    assert "  ✓ 设备购置额" in text_of(answer("manufacturer"), "02-capacity", width=30)


def test_a_condition_shows_the_client_s_value_beside_the_threshold() -> None:
    text = text_of(answer("manufacturer"), "05-rd-growth")
    assert re.search(r"✓  上年度研发费用不低于上年度营业收入的 3% +1,200万元 +960万元\n", text)
    result = estimate_of(
        'name = "甲"\nclaim_year = 2026\n[[investment]]\nname = "线"\nyear = 2026\n'
        'purposes = ["capacity"]\nequipment = "1900万"\n'
    )
    text = text_of(result, "02-capacity")
    assert re.search(r"✗  设备购置额不低于 2,000万元 +1,900万元 +2,000万元 +100万元\n", text)
    assert re.search(r"\?  建设期月数不超过 24 +未填 +24\n", text)


@pytest.mark.parametrize(
    ("count", "item", "ways"),
    [
        (
            "ratio",
            "01-chain-title",
            ["填写 matching_award", '[[expect]]\nitem = "01-chain-title"', "--count ceiling"],
        ),
        ("ratio", "21-green-power", ['[[expect]]\nitem = "21-green-power"\nyear = 2026\n']),
        ("ceiling", "01-chain-title", []),
        ("stated", "05-rd-growth", ["--count ratio"]),
        ("stated", "19-green-title", ["--count ratio"]),
        ("stated", "04-performance", ["同时加 --count ratio：", "[[expect]]\n", "--count ceiling"]),
    ],
)
def test_what_would_make_a_claim_count(count: str, item: str, ways: list[str]) -> None:
    found = explain(answer("manufacturer", count=count), [item], weighs=False)
    (claim,) = explain_data(found, language("zh"))["claims"]
    said = "\n".join(claim["to_count"])
    assert bool(said) == bool(ways)
    assert all(way in said for way in ways)


@pytest.mark.parametrize(("count", "item"), [("ratio", "01-chain-title"), ("stated", "05-rd-growth")])
def test_a_way_to_count_a_claim_that_is_followed_makes_it_count(count: str, item: str) -> None:
    """What is said under `ways to count` is true: with the next line of counting, the claim counts."""
    wider = {"ratio": "ceiling", "stated": "ratio"}[count]
    before, after = answer("manufacturer", count=count), answer("manufacturer", count=wider)
    (one,) = explain(before, [item], weighs=False).claims
    assert one.place is not None
    assert before.granted(one.place) == 0
    assert after.granted(one.place) > 0


def test_a_barred_claim_says_from_when_it_opens() -> None:
    assert "自 2026-10-01 起可申报" in text_of(answer("manufacturer"), "02-capacity")


def test_an_item_without_a_claim_says_what_it_would_take() -> None:
    text = text_of(answer("manufacturer"), "16-exhibition-booth")
    assert "2026 年无此项申报；须有：展会（角色：参展企业）" in text
    assert "省内供需对接会（2026 年）" in text


def test_an_enterprise_without_a_claim_is_told_so() -> None:
    assert "没有可申报的事项" in text_of(estimate_of('name = "甲"\nclaim_year = 2026\n'))


def test_names_cannot_speak_to_the_terminal() -> None:
    result = estimate_of(
        'name = "甲"\nclaim_year = 2026\n[[title]]\nname = "[red]题[/]"\nyear = 2026\n'
        'kind = "chain_leader"\nlevel = "provincial"\n'
    )
    for text in (text_of(result), text_of(result, "01-chain-title")):
        assert "[red]题[/]" in text


def test_the_data_holds_the_claim_of_the_estimate_and_why() -> None:
    found = explain(answer("manufacturer"), ["19-retrofit", "11-startup"], weighs=True)
    data = explain_data(found, language("zh"))
    (claim,) = data["claims"]
    assert data["schema"] == "subsidy.explain/1"
    assert claim["conditions"] == [
        {
            "says": "绿色改造设备购置额高于 0元",
            "verdict": "holds",
            "path": "investment:二期产线.green_equipment",
            "value": 40_000_000,
            "threshold": 0,
            "shortfall": None,
        }
    ]
    assert claim["displaced_by"] == {"item": "02-capacity", "subject": "investment:二期产线"}
    assert (claim["amount"], claim["granted"], claim["cost"]) == (5_000_000, 0, 21_000_000)
    assert [one["item"] for one in data["without_claim"]] == ["11-startup"]
    choice = data["combination"]
    assert choice["total"] == 33_500_000
    assert choice["next_best"]["cost"] == 4_400_000
    assert [one["cost"] for one in choice["alternatives"]] == [4_400_000, 21_000_000]
    assert [group["kind"] for group in choice["groups"]] == ["subject", "subject"]
