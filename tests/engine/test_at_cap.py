# ruff: noqa: E501 -- the cases are data, one a line
"""What is at a cap, and from which value of its figure on: a yuan less pays less, a yuan more pays no more."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.engine.advice import leaf_of
from calc.engine.at_cap import AtCap, find_at_cap
from calc.engine.estimate import Estimate
from calc.engine.outcomes import Eligible
from calc.enterprise.changes import Change
from calc.enterprise.documents import parse_document
from calc.enterprise.problems import InputError
from calc.policy.loader import base_text, load_rules, rules_from
from calc.policy.rules import Rules
from tests.engine.test_advice import HEAD, LINE, scene
from tests.engine.test_missing import answer
from tests.engine.test_properties import enterprises

CONTRACT = '[[compute_contract]]\nname = "{}"\nyear = 2026\namount = "{}"\n'
HOST = '[[exhibition]]\nname = "{}"\nyear = 2026\nrole = "host"\nnationwide = true\ncost = "{}"\n'
TECH = (
    '[[loan]]\nname = "{}"\npurpose = "technology"\nkind = "credit"\nprincipal = "{}"\nannual_rate = "{}"\n'
    "start = 2026-01-01\nmonths = 12\n"
)


def seen(result: Estimate) -> list[tuple[str, str, int, Any]]:
    return [
        (one.claim.subject, one.because, one.cap, one.beyond.reached_at if one.beyond else None)
        for one in find_at_cap(result)
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # 10% of 3亿 is the cap of 3000万
        (LINE.format(2026, "29999.9999万", 24), []),
        (LINE.format(2026, "3亿", 24), [("investment:二期.线", "cap", 30_000_000, 300_000_000)]),
        (LINE.format(2026, "3.2亿", 24), [("investment:二期.线", "cap", 30_000_000, 300_000_000)]),
        # not eligible: at no cap
        (LINE.format(2026, "3.2亿", 25), []),
        # 30% of 3333.3334万 is the first whole yuan that pays 1000万
        ('[[rd_project]]\nname = "研"\nyear = 2026\nscope = "other"\npartner = true\nspend = "4000万"\n', [("rd_project:研", "cap", 10_000_000, 33_333_334)]),
        # 1000万 paid in an earlier stage leave 2000万 of 5000万 less 3000万
        ('[[investment]]\nname = "链"\nyear = 2026\npurposes = ["chain"]\nequipment = "5亿"\nfixed_assets = "5亿"\nconstruction_months = 36\n[[received]]\nitem = "02-chain"\nyear = 2025\namount = "3000万"\nsubject = "investment:链"\n', [("investment:链", "cap_left", 20_000_000, 200_000_000)]),
        # 5% of the dollars at 7.1: 500万 from 14,084,508 dollars on (x 7.1 x 5% = 5,000,000.34)
        ("[fx]\nusd_cny = 7.1\n[figures.2025]\nfdi_usd = 20_000_000\n", [("enterprise:17-fdi", "year_cap", 5_000_000, 14_084_508)]),
        # 3% of 500万 are 15万, so 10% of a growth of 150万 reaches 30万
        ("[figures.2025]\nrevenue = 0\nrd_expense = 9_000_000\n[figures.2024]\nrd_expense = 5_000_000\n", [("enterprise:05-rd-growth", "year_cap", 300_000, 6_500_000)]),
        # 3% of 1000万 alone are 30万: no value of this year's expense is where the cap begins
        ("[figures.2025]\nrevenue = 0\nrd_expense = 12_000_000\n[figures.2024]\nrd_expense = 10_000_000\n", [("enterprise:05-rd-growth", "year_cap", 300_000, None)]),
        # 1.5% of 1000万 for a year are 15万; at 1% it takes 1500万
        (TECH.format("贷", "2000万", "4%"), [("loan:贷", "year_cap", 150_000, 10_000_000)]),
        (TECH.format("贷", "2000万", "1%"), [("loan:贷", "year_cap", 150_000, 15_000_000)]),
        # A loan's claim that the item's yearly cap has cut stands at that cap, and so does the other.
        (TECH.format("一", "800万", "4%") + TECH.format("二", "900万", "4%"), [("loan:一", "year_cap", 150_000, None), ("loan:二", "year_cap", 150_000, None)]),
        (TECH.format("一", "100万", "4%") + TECH.format("二", "900万", "4%"), []),
        # 20% of 250万 is 50万; three of them share 100万 a year
        (HOST.format("一", "300万"), [("exhibition:一", "cap", 500_000, 2_500_000)]),
        (HOST.format("一", "300万") + HOST.format("二", "250万") + HOST.format("三", "100万"), [("exhibition:一", "cap", 500_000, 2_500_000), ("exhibition:二", "cap", 500_000, 2_500_000), ("exhibition:三", "year_cap", 1_000_000, None)]),
        (CONTRACT.format("一", "300万") + CONTRACT.format("二", "300万"), [("compute_contract:一", "year_cap", 1_000_000, None), ("compute_contract:二", "year_cap", 1_000_000, None)]),
        # A fixed sum grows with nothing; a second one is cut by the cap for good.
        ('[[bonded]]\nname = "一"\nyear = 2026\nkind = "repair_first"\n', []),
        ('[[bonded]]\nname = "一"\nyear = 2026\nkind = "repair_first"\n[[bonded]]\nname = "二"\nyear = 2026\nkind = "repair_first"\n', [("bonded:一", "lifetime_cap", 500_000, None), ("bonded:二", "lifetime_cap", 500_000, None)]),
        ('[[data_listing]]\nname = "一"\nyear = 2026\nservice_fee = "60万"\n[[received]]\nitem = "14-data-listing"\nyear = 2025\namount = "4万"\n', [("data_listing:一", "lifetime_cap_left", 60_000, 300_000)]),
        # What has no award of its own grows with nothing either.
        ('[[title]]\nname = "绿"\nyear = 2026\nkind = "green_factory"\nlevel = "national"\nmatching_award = "900万"\n', []),
    ],
)  # fmt: skip
def test_a_claim_is_at_its_cap_from_the_first_yuan_that_pays_no_more(
    text: str, wanted: list[tuple[str, str, int, Any]]
) -> None:
    assert seen(answer(text)) == wanted


def test_an_award_that_holds_its_own_most_is_at_it() -> None:
    """26: 30% of the loan, at most 300万, of which the bank bears 60%: 180万 from 1000万 on."""
    text = '[[bad_loan]]\nname = "贷"\nyear = 2026\ntotal = "{}"\nloss_share = "60%"\n'
    bank = HEAD + 'kinds = ["bank"]\n'
    at = scene(bank + text.format("1500万")).estimate
    assert seen(at) == [("bad_loan:贷", "award", 1_800_000, 10_000_000)]
    assert seen(scene(bank + text.format("999.9999万")).estimate) == []


def overlaid(text: str) -> Rules:
    base = parse_document("measures.toml", base_text(), is_json=False)
    return rules_from([base, parse_document("overlay.toml", text, is_json=False)])


def test_a_cap_over_several_items_is_used_up_by_all_of_them() -> None:
    rules = overlaid('[[shared_caps]]\nitems = ["13-compute-voucher", "16-exhibition-host"]\ncap = "90万"\n')
    text = CONTRACT.format("一", "250万") + HOST.format("展", "225万")
    # 50万 and 45万 share 90万.
    assert seen(answer(text, rules)) == [
        ("compute_contract:一", "shared_cap", 900_000, None),
        ("exhibition:展", "shared_cap", 900_000, None),
    ]


@pytest.mark.parametrize(
    ("award", "reached_at"),
    [
        # 8% from 2亿 on pay 1600万 at once, and 3000万 at 3.75亿
        ('{ tiers = "equipment", mode = "whole", steps = [{ from = "2000万", rate = "5%" }, { from = "2亿", rate = "8%" }] }', 375_000_000),
        # 5% of 1.8亿 are 900万; the other 2100万 take 2.625亿 at 8%
        ('{ tiers = "equipment", mode = "marginal", steps = [{ from = "2000万", rate = "5%" }, { from = "2亿", rate = "8%" }] }', 462_500_000),
        ('{ ladder = "equipment", steps = [{ from = "2000万", sum = "100万" }, { from = "2亿", sum = "3000万" }] }', 200_000_000),
    ],
)  # fmt: skip
def test_tiers_and_ladders_are_at_the_cap_from_some_value_on(award: str, reached_at: int) -> None:
    grade = "stated" if "ladder" in award else "up_to_ratio"
    rules = overlaid(f'[items.02-capacity]\naward = {award}\ngrade = "{grade}"\n')
    result = answer(LINE.format(2026, "5亿", 24), rules)
    assert seen(result) == [("investment:二期.线", "cap", 30_000_000, reached_at)]


def test_the_top_rung_is_the_most_there_is_without_a_cap() -> None:
    rules = load_rules([str(Path(__file__).parents[1] / "policy" / "second_zone.toml")])
    from calc.engine.estimate import estimate
    from calc.enterprise.loader import enterprise_from

    def at(patents: int) -> list[AtCap]:
        text = f'[enterprise]\nname = "甲"\nclaim_year = 2026\n[figures.2025]\npatents = {patents}\n'
        document = parse_document("x", text, is_json=False)
        enterprise = enterprise_from(document, rules.vocabulary, rules.item_ids).enterprise
        return list(find_at_cap(estimate(enterprise, rules)))

    # 1万 from 5 patents, 5万 from 10 on
    assert at(9) == []
    assert [(one.because, one.cap, one.beyond.reached_at) for one in at(12) if one.beyond] == [
        ("award", 50_000, 10)
    ]


SHARES = st.sampled_from(["12.34%", "60%", "100%"])
SUMS = st.integers(10**6, 10**9)


@st.composite
def eligible(draw: st.DrawFn) -> dict[str, Any]:
    """Claims that fail no condition, of every form of award, their sums around the caps."""
    project = {"name": "研", "year": 2026, "spend": draw(SUMS), "partner": True, "scope": "other"}
    line = {"purposes": ["capacity", "chain"], "fixed_assets": 10**9, "construction_months": 12}
    equipment = draw(st.integers(2 * 10**7, 10**9))
    green = draw(st.integers(1, equipment))
    earlier = draw(st.integers(0, 2 * 10**7))
    loan = {"kind": "credit", "start": "2026-01-01", "months": draw(st.integers(1, 12))}
    return {
        "enterprise": {"name": "甲", "claim_year": 2026, "kinds": ["high_tech", "bank"]},
        "fx": {"usd_cny": draw(st.sampled_from(["6.9", "7.1", "7.1234"]))},
        "figures": {
            "2025": {"revenue": 0, "rd_expense": earlier + draw(SUMS), "fdi_usd": 2 * 10**6 + draw(SUMS)},
            "2024": {"rd_expense": earlier},
        },
        "investment": [
            {"name": "线", "year": 2026, "equipment": equipment, "green_equipment": green, **line}
        ],
        "rd_project": [{**project, "scenario_honour": draw(st.sampled_from(["provincial", "national"]))}],
        "loan": [
            {
                "name": "贷",
                "purpose": "investment",
                "principal": 10**8 + draw(SUMS),
                "annual_rate": draw(st.sampled_from(["0.5%", "1.2%", "3.85%"])),
                **loan,
            }
        ],
        "bad_loan": [{"name": "坏", "year": 2026, "total": draw(SUMS), "loss_share": draw(SHARES)}],
        "exhibition": [{"name": "展", "year": 2026, "role": "host", "nationwide": True, "cost": draw(SUMS)}],
        "received": [
            {"item": "02-chain", "year": 2025, "amount": draw(SUMS) % 10**7, "subject": "investment:线"}
        ],
    }


@given(enterprises() | eligible())
@settings(max_examples=120, deadline=None)
def test_one_yuan_less_pays_less_and_more_pays_no_more(content: dict[str, Any]) -> None:
    here = scene(tomli_w.dumps(content))

    def ceiling_at(one: AtCap, value: int | Fraction) -> int | None:
        assert one.beyond is not None
        after = here.with_changes([Change(one.beyond.figure.path, leaf_of(value))])
        mark = (one.claim.item_id, one.claim.subject)
        found = [each for each in after.outcomes if (each.claim.item_id, each.claim.subject) == mark]
        return next((each.ceiling for each in found if isinstance(each, Eligible)), None)

    for one in find_at_cap(here.estimate):
        if one.beyond is None:
            continue
        value, reached_at = one.beyond.figure.value, one.beyond.reached_at
        assert isinstance(value, int | Fraction)
        assert 0 < reached_at <= value
        for raised in (value + 1, 2 * value):
            try:
                assert ceiling_at(one, raised) in (one.cap, None)
            except InputError:
                continue  # a part above its whole is no file
        try:
            less = ceiling_at(one, reached_at - 1)
        except InputError:
            continue  # nor is a whole below its part
        assert less is None or less < one.cap
