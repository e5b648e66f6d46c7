"""A plan over the years against brute force: every way to file every claim in every year."""

from collections import defaultdict
from fractions import Fraction
from itertools import product
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.engine.combine.problem import STACKINGS, Stacking
from calc.engine.estimate import estimate
from calc.engine.plan import Plan, plan
from calc.enterprise.documents import parse_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import packaged_rules

RULES = packaged_rules()
YEARS = (2025, 2026, 2027)
HEAD = '[enterprise]\nname = "甲"\nclaim_year = 2025\n'


def load(text: str) -> Enterprise:
    document = parse_document("x", HEAD + text, is_json=False)
    return enterprise_from(document, RULES.vocabulary, RULES.item_ids).enterprise


def filed(answer: Plan) -> list[tuple[int, str, str, int, int | None]]:
    return [
        (one.year, one.outcome.claim.item_id, one.outcome.claim.subject, one.granted, one.entry_year)
        for one in answer.filings
    ]


def line(name: str, year: int, equipment: str, green: str | None = None) -> str:
    part = f'green_equipment = "{green}"\n' if green else ""
    return (
        f'[[investment]]\nname = "{name}"\nyear = {year}\npurposes = ["capacity"]\n'
        f'equipment = "{equipment}"\nconstruction_months = 12\n{part}'
    )


def test_without_ties_between_the_years_a_plan_is_an_estimate_a_year() -> None:
    enterprise = load(line("一", 2025, "1亿") + line("二", 2026, "2亿", "3000万"))
    for stacking in STACKINGS:
        answer = plan(enterprise, RULES, YEARS, stacking=stacking)
        totals = [
            estimate(enterprise._replace(claim_year=year), RULES, stacking=stacking).total for year in YEARS
        ]
        assert [year.total for year in answer.years] == totals


def stage(year: int, spend: str, honour: str) -> str:
    return (
        f'[[rd_project]]\nname = "轴"\nyear = {year}\nspend = "{spend}"\npartner = true\nscope = "other"\n'
        f'scenario_honour = "{honour}"\n'
    )


STAGES = [
    # 30% of 33,333,330 is 9,999,999, which leaves 1 of the 10,000,000 that the stages share; 30% of 50 is 15,
    # 20% of it 10.  The 1 would cost 4 of the 50 and so 1 of the 10: the second year takes its 10 alone.
    (
        [stage(2025, "33333330", "provincial"), stage(2027, "50.01", "provincial")],
        [("03-core-tech", 9_999_999), ("15-scenario-provincial", 10)],
    ),
    # 10,000,000 in the first year and 2,000,000 in the last, or the other way round: the earlier item first.
    (
        [stage(2025, "40000000", "national"), stage(2027, "40000001", "national")],
        [("03-core-tech", 10_000_000), ("15-scenario-national", 2_000_000)],
    ),
    # 30% of 33,333,332 is 9,999,999; the 1 left would cost a yuan of the 200,000 that 1,000,000 pay at 20%.
    (
        [stage(2026, "33333332", "provincial"), stage(2027, "1000000", "national")],
        [("03-core-tech", 9_999_999), ("15-scenario-national", 200_000)],
    ),
]


@pytest.mark.parametrize(("entries", "expected"), STAGES)
def test_stages_and_what_shares_their_bases_pay_the_last_yuan(
    entries: list[str], expected: list[tuple[str, int]]
) -> None:
    answer = plan(load("".join(entries)), RULES, YEARS, stacking="expense")
    assert answer.is_proven
    assert [(item, granted) for _, item, _, granted, _ in filed(answer)] == expected


def test_what_excludes_each_other_is_spread_over_the_years() -> None:
    """1亿 of equipment, 3000万 of it green: 1000万 in one year, and 500万 in the next."""
    enterprise = load(line("一", 2025, "1亿", "3000万"))
    assert plan(enterprise, RULES, YEARS).total == 10_000_000
    answer = plan(enterprise, RULES, YEARS, defers=True)
    assert filed(answer) == [
        (2025, "02-capacity", "investment:一", 10_000_000, 2025),
        (2026, "19-retrofit", "investment:一", 5_000_000, 2025),
    ]


def test_a_shared_cap_is_used_in_every_year() -> None:
    """Three compute contracts of 100万 each share 100万 a year; deferred, each gets a year of its own."""
    text = "".join(
        f'[[compute_contract]]\nname = "{name}"\nyear = 2025\namount = "500万"\n'
        for name in ("甲", "乙", "丙")
    )
    assert plan(load(text), RULES, YEARS).total == 1_000_000
    answer = plan(load(text), RULES, YEARS, defers=True)
    assert [(one.year, one.granted) for one in answer.filings] == [(year, 1_000_000) for year in YEARS]
    assert [one.outcome.claim.subject[-1] for one in answer.filings] == ["甲", "乙", "丙"]


def test_stages_share_their_cap_over_the_years() -> None:
    """Two stages of 3亿 at 10% are 3000万 each, at most 5000万 in all: the earlier gets more."""
    stage = (
        '[[investment]]\nname = "基地"\nyear = {}\npurposes = ["chain"]\nequipment = "3亿"\n'
        'fixed_assets = "6亿"\nconstruction_months = 36\n'
    )
    answer = plan(load(stage.format(2025) + stage.format(2026)), RULES, YEARS)
    assert [(one.year, one.granted) for one in answer.filings] == [(2025, 30_000_000), (2026, 20_000_000)]


def test_a_cap_for_good_holds_over_the_years() -> None:
    """初创期 counts at most 200万 in all, though 150万 is expected each year."""
    expected = "".join(
        f'[[expect]]\nitem = "11-startup"\nyear = {year}\namount = "150万"\n' for year in YEARS
    )
    enterprise = load(expected)._replace(kinds=("startup",))
    answer = plan(enterprise, RULES, YEARS)
    assert [(one.year, one.granted) for one in answer.filings] == [(2025, 1_500_000), (2026, 500_000)]


def test_only_what_was_received_before_the_plan_counts() -> None:
    paid = '[[received]]\nitem = "02-capacity"\nyear = {}\namount = "1万"\nsubject = "investment:一"\n'
    text = line("一", 2026, "1亿")
    assert plan(load(text + paid.format(2024)), RULES, YEARS).total == 0
    assert plan(load(text + paid.format(2025)), RULES, YEARS).total == 10_000_000


def test_a_deferred_claim_is_judged_by_its_own_year() -> None:
    """An agreement bars 2025; in 2026 the expectation of 2026 holds, and else that of the entry's year."""
    bar = '[[agreement]]\nname = "协议"\nuntil = 2025-12-31\ncovers = ["*"]\n'
    expect = '[[expect]]\nitem = "02-capacity"\nyear = {}\namount = "{}"\n'
    text = line("一", 2025, "1亿") + bar
    assert plan(load(text), RULES, YEARS).total == 0
    assert plan(load(text + expect.format(2025, "800万")), RULES, YEARS, defers=True).total == 8_000_000
    both = expect.format(2025, "800万") + expect.format(2026, "700万") + expect.format(2027, "600万")
    answer = plan(load(text + both), RULES, YEARS, defers=True)
    assert [(one.year, one.granted) for one in answer.filings] == [(2026, 7_000_000)]


@st.composite
def portfolios(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """A few investments: entry year, equipment and its green part, in units of 100万."""
    size = draw(st.integers(1, 3))
    made = []
    for _ in range(size):
        equipment = draw(st.integers(15, 400))
        made.append((draw(st.sampled_from(YEARS)), equipment, draw(st.integers(0, min(equipment, 40)))))
    return made


def brute_force(portfolio: list[tuple[int, int, int]], stacking: Stacking) -> int:
    """The best total over every choice of a filing year, or of none, for each claim."""
    claims: list[tuple[int, str, int, int]] = []
    for number, (year, equipment, green) in enumerate(portfolio):
        if equipment >= 20:
            claims.append((number, "02", year, min(equipment * 10, 3000)))
        if green:
            claims.append((number, "19", year, min(green * 20, 500)))
    best = 0
    for choice in product(*((None, *(year for year in YEARS if year >= claim[2])) for claim in claims)):
        total = 0
        for year in YEARS:
            filed_now = [claim for claim, when in zip(claims, choice, strict=True) if when == year]
            value = year_value(filed_now, portfolio, stacking)
            if value is None:
                break
            total += value
        else:
            best = max(best, total)
    return best * 10**4


def year_value(
    claims: list[tuple[int, str, int, int]], portfolio: list[tuple[int, int, int]], stacking: Stacking
) -> int | None:
    if stacking == "strict" and len({item for _, item, _, _ in claims}) > 1:
        return None
    by_subject: defaultdict[int, list[tuple[int, str, int, int]]] = defaultdict(list)
    for claim in claims:
        by_subject[claim[0]].append(claim)
    total = 0
    for number, group in by_subject.items():
        if len(group) == 1 or stacking == "none":
            total += sum(claim[3] for claim in group)
        elif stacking == "subject":
            return None
        else:
            _, equipment, green = portfolio[number]
            total += max(
                min(floor(Fraction(equipment - part) * 10), 3000) + min(part * 20, 500)
                for part in range(green + 1)
            )
    return total


@given(portfolios(), st.sampled_from(STACKINGS))
@settings(max_examples=60, deadline=None)
def test_a_deferring_plan_is_the_best_of_all(portfolio: list[tuple[int, int, int]], stacking: Any) -> None:
    text = "".join(
        line(f"线{number}", year, f"{equipment}00万", f"{green}00万")
        for number, (year, equipment, green) in enumerate(portfolio)
    )
    answer = plan(load(text), RULES, YEARS, stacking=stacking, defers=True)
    assert answer.is_proven
    assert answer.total == brute_force(portfolio, stacking)


@pytest.mark.parametrize("stacking", STACKINGS)
def test_a_plan_of_one_year_is_its_estimate(stacking: Stacking) -> None:
    enterprise = load(line("一", 2025, "1亿", "3000万"))
    assert (
        plan(enterprise, RULES, [2025], stacking=stacking).total
        == estimate(enterprise, RULES, stacking=stacking).total
    )
