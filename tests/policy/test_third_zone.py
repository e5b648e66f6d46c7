# ruff: noqa: E501 -- the lists are data, denser than code
"""A zone whose policy is phrased as zones phrase theirs; every sum is worked out by hand from the wording."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calc.cli.app import run
from calc.engine.advice import Gap, Scene, find_gaps
from calc.engine.combine.problem import Stacking
from calc.engine.conditions import examine
from calc.engine.estimate import Estimate, estimate
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput
from calc.engine.plan import plan
from calc.enterprise.documents import Document, parse_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import load_rules
from calc.present.language import LanguageCode, language
from calc.present.words.claims import reason_says
from calc.present.words.steps import step_says

RULES = load_rules([str(Path(__file__).parent / "third_zone.toml")])


def document(text: str, year: int = 2026, kinds: str = '"above_scale"') -> Document:
    head = f'[enterprise]\nname = "清河"\nclaim_year = {year}\nkinds = [{kinds}]\n'
    return parse_document("x", head + text, is_json=False)


def read(one: Document) -> Enterprise:
    return enterprise_from(one, RULES.vocabulary, RULES.item_ids).enterprise


def answer(
    text: str, year: int = 2026, kinds: str = '"above_scale"', stacking: Stacking = "none"
) -> Estimate:
    return estimate(read(document(text, year, kinds)), RULES, stacking=stacking)


def amounts(result: Estimate) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in result.outcomes:
        if isinstance(one, Eligible):
            found[one.claim.item_id] = found.get(one.claim.item_id, 0) + one.amount
    return found


def figures(now: str, before: str = "") -> str:
    return f"[figures.2025]\n{now}\n[figures.2024]\n{before}\n"


def entry(table: str, name: str = "甲", year: int = 2026, **values: Any) -> str:
    lines = "".join(f"{key} = {value}\n" for key, value in values.items())
    return f'[[{table}]]\nname = "{name}"\nyear = {year}\n{lines}'


def renewal(revenue: str, tax: str, equipment: str, start: str = "2026-01-01") -> str:
    return figures(f"revenue = '{revenue}'\nlocal_tax = '{tax}'") + entry(
        "renewal", equipment=f"'{equipment}'", start=start
    )


def solar(panel: str, kwh: str, cost: str = "'1亿'", grid: str = "2024-07-01") -> str:
    return entry("solar", panel=f"'{panel}'", kwh=kwh, cost=cost, grid_date=grid)


def project(assets: str, since: str, agreed: str = "false") -> str:
    return entry(
        "project",
        fixed_assets=assets,
        land_mu="33.5",
        profit_since=since,
        local_tax=1_000_001,
        has_agreement=agreed,
    )


def fit_out(cost: int, move_in: str) -> str:
    return entry("fit_out", cost=cost, move_in=move_in)


def term_loan(principal: int, rate: str, months: int = 12, start: str = "2026-01-01") -> str:
    values = f"principal = {principal}\nannual_rate = '{rate}'\nstart = {start}\nmonths = {months}\n"
    return f'[[term_loan]]\nname = "甲"\n{values}'


HAND_WORKED = [
    # 首次达到 1 亿元、5 亿元、10 亿元，20、60、120 万元
    ("1-milestone", entry("milestone", output="'9999.99万'"), 0),
    ("1-milestone", entry("milestone", output="'1亿'"), 200_000),
    ("1-milestone", entry("milestone", output="'4.9999亿'"), 200_000),
    ("1-milestone", entry("milestone", output="'5亿'"), 600_000),
    ("1-milestone", entry("milestone", output="'30亿'"), 1_200_000),
    # 5000 万元以上且同比增长 10%、20%、30% 以上：10、20、30 万元。6,000万 x 1.1 = 6,600万, x 1.2 = 7,200万, x 1.3 = 7,800万
    ("1-growth", figures("revenue = '6599.99万'", "revenue = '6000万'"), None),
    ("1-growth", figures("revenue = '6600万'", "revenue = '6000万'"), 100_000),
    ("1-growth", figures("revenue = '7199.99万'", "revenue = '6000万'"), 100_000),
    ("1-growth", figures("revenue = '7200万'", "revenue = '6000万'"), 200_000),
    ("1-growth", figures("revenue = '7800万'", "revenue = '6000万'"), 300_000),
    ("1-growth", figures("revenue = '4999.99万'", "revenue = '1000万'"), None),
    ("1-growth", figures("revenue = '5000万'", "revenue = '4545.45万'"), 100_000),
    # 从无到有：任何收入都是增长
    ("1-growth", figures("revenue = '5000万'", "revenue = 0"), 300_000),
    # 每增加 1000 万元 3 万元，最高 60 万元：不足一份不计
    ("1-increment", figures("revenue = '6999.99万'", "revenue = '6000万'"), 0),
    ("1-increment", figures("revenue = '7000万'", "revenue = '6000万'"), 30_000),
    ("1-increment", figures("revenue = '8999万'", "revenue = '6000万'"), 60_000),
    ("1-increment", figures("revenue = '5000万'", "revenue = '6000万'"), 0),
    ("1-increment", figures("revenue = '2.6亿'", "revenue = '6000万'"), 600_000),
    ("1-increment", figures("revenue = '5亿'", "revenue = '6000万'"), 600_000),
    # 6%、8%、10% 按营业收入分档，最高 1000 万元，且不超过地方贡献的 50%
    ("2-renewal", renewal("9999万", "2000万", "500万"), 300_000),
    ("2-renewal", renewal("9999万", "2000万", "499.99万"), None),
    ("2-renewal", renewal("1亿", "2000万", "3000万"), 2_400_000),
    ("2-renewal", renewal("5亿", "2亿", "9000万"), 9_000_000),
    ("2-renewal", renewal("5亿", "2亿", "1.2亿"), 10_000_000),
    # 8% of 3,000万 is 240万; half of 480万, of 479.9999万 (2,399,999.5) and of nothing
    ("2-renewal", renewal("1亿", "480万", "3000万"), 2_400_000),
    ("2-renewal", renewal("1亿", "479.9999万", "3000万"), 2_399_999),
    ("2-renewal", renewal("1亿", "0", "3000万"), 0),
    ("2-renewal", renewal("1亿", "2000万", "3000万", "2025-12-31"), None),
    # 薄膜每千瓦时 0.4 元、常规 0.2 元；不超过投资的 20%，最高 300 万元
    ("3-solar", solar("film", "1000000.5"), 400_000),
    ("3-solar", solar("common", "1000004"), 200_000),
    ("3-solar", solar("common", "14999999"), 2_999_999),
    ("3-solar", solar("common", "15000001"), 3_000_000),
    ("3-solar", solar("film", "1000000", "'199.9999万'"), 399_999),
    # 2024 年以后并网；自并网当年起 3 年：2024、2025、2026
    ("3-solar", solar("film", "1000000", grid="2023-12-31"), None),
    ("3-solar", solar("film", "1000000", grid="2024-01-01"), 400_000),
    ("3-solar", solar("film", "1000000", grid="2026-12-31"), 400_000),
    ("3-solar", solar("film", "1000000", grid="2027-01-01"), None),
    # 每千瓦 100 元，最高 100 万元
    ("3-storage", entry("storage", power_kw="9999.99"), 999_999),
    ("3-storage", entry("storage", power_kw="10000.01"), 1_000_000),
    # 每件 5000 元，最多 20 件；首次获得再奖励 1 万元
    ("4-patent", figures("patents = 1\nfirst_patent = true"), 15_000),
    ("4-patent", figures("patents = 1"), 5_000),
    ("4-patent", figures("patents = 20"), 100_000),
    ("4-patent", figures("patents = 21\nfirst_patent = true"), 110_000),
    ("4-patent", figures("patents = 0\nfirst_patent = true"), 0),
    # 500 万元以内 5%、至 2000 万元 8%、以上 10%，最高 200 万元；研发强度 5% 亦可
    ("4-rd", figures("rd_expense = '500万'\nrevenue = '1亿'"), 250_000),
    ("4-rd", figures("rd_expense = '499.99万'\nrevenue = '1亿'"), None),
    ("4-rd", figures("rd_expense = '1000万'\nrevenue = '1亿'"), 250_000 + 400_000),
    ("4-rd", figures("rd_expense = '2500万'\nrevenue = '1亿'"), 250_000 + 1_200_000 + 500_000),
    ("4-rd", figures("rd_expense = '3000万'\nrevenue = '1亿'"), 2_000_000),
    ("4-champion", entry("champion", level="'provincial'"), 300_000),
    ("4-champion", entry("champion", level="'national'"), 1_000_000),
    # 博士每人 3 万元、硕士每人 1 万元
    ("5-talent", entry("talent", degree="'doctor'", persons=4) + entry("talent", "乙", degree="'master'", persons=7), 190_000),
    # 实付利息的 40%，不足 1 万元不予兑付，最高 50 万元
    ("6-interest", entry("credit", interest_paid=24_999), 0),
    ("6-interest", entry("credit", interest_paid=25_000), 10_000),
    ("6-interest", entry("credit", interest_paid=1_250_001), 500_000),
    # 每平方米每月 8 元，最多 1500 平方米；自入驻次年起 3 年
    ("6-rent", entry("lease", area_m2="1000.5", months=12, move_in="2025-12-31"), 96_048),
    ("6-rent", entry("lease", area_m2="1500.5", months=6, move_in="2023-01-01"), 72_000),
    ("6-rent", entry("lease", area_m2="1500", months=6, move_in="2022-12-31"), None),
    ("6-rent", entry("lease", area_m2="1500", months=6, move_in="2026-01-01"), None),
    # 30%，最高 100 万元，再按年：2026 年入驻为第 1 年 40%，2025、2024 年为第 2、3 年 30%，前后不计。只在最后取整：300,000.3 x 40% = 120,000.12
    ("6-fit-out", fit_out(1_000_001, "2026-12-31"), 120_000),
    ("6-fit-out", fit_out(1_000_001, "2025-01-01"), 90_000),
    ("6-fit-out", fit_out(1_000_001, "2024-01-01"), 90_000),
    ("6-fit-out", fit_out(1_000_001, "2023-12-31"), 0),
    ("6-fit-out", fit_out(1_000_001, "2027-01-01"), 0),
    ("6-fit-out", fit_out(4_000_000, "2026-01-01"), 400_000),
    # 实际利率的一半，年化最高 2%：3.9% 得 1.95%，4% 得 2%，4.1% 仍得 2%；按申报年度内的月数
    ("6-term-loan", term_loan(10_000_000, "3.9%"), 195_000),
    ("6-term-loan", term_loan(10_000_000, "4%"), 200_000),
    ("6-term-loan", term_loan(10_000_000, "4.1%"), 200_000),
    ("6-term-loan", term_loan(10_000_000, "3.9%", 24, "2026-07-01"), 97_500),
    ("6-term-loan", term_loan(1_000_001, "3%"), 15_000),
    # 展位费的 50%，每个最高 2 万元
    ("6-booth", entry("booth", fee=39_999), 19_999),
    ("6-booth", entry("booth", fee=90_000), 20_000),
    ("7-listing", entry("listing", stage="'accepted'"), 1_000_000),
    # 营业收入 10 亿元以上且增长 10% 以上，或者实缴资本 1 亿元以上
    ("8-headquarters", figures("output = 1\nrevenue = '10亿'\npaid_in = 0", "revenue = '9亿'"), 2_000_000),
    ("8-headquarters", figures("output = 1\nrevenue = '10亿'\npaid_in = 0", "revenue = '9.1亿'"), None),
    ("8-headquarters", figures("output = 1\nrevenue = '9亿'\npaid_in = 0", "revenue = '1亿'"), None),
    ("8-headquarters", figures("output = 1\nrevenue = '9亿'\npaid_in = '1亿'", "revenue = '9亿'"), 2_000_000),
    # 每亩 300 万元以上：33.5 亩须 1.005 亿元；次年起前 2 年 100%（2026、2025 年前一年获利），后 3 年 50%
    ("8-project", project("'1.005亿'", "2025-06-30"), 1_000_001),
    ("8-project", project("'10049.99万'", "2025-06-30"), None),
    ("8-project", project("'1.005亿'", "2024-01-01"), 1_000_001),
    ("8-project", project("'1.005亿'", "2023-12-31"), 500_000),
    ("8-project", project("'1.005亿'", "2021-01-01"), 500_000),
    ("8-project", project("'1.005亿'", "2020-12-31"), 0),
    ("8-project", project("'1.005亿'", "2026-01-01"), 0),
    ("8-project", project("'1.005亿'", "2025-06-30", "true"), None),
    # 一项已够，另一项缺数也不用补
    ("8-headquarters", figures("output = 1\npaid_in = '1亿'"), 2_000_000),
]  # fmt: skip


@pytest.mark.parametrize(("item", "text", "amount"), HAND_WORKED)
def test_the_sums_are_those_of_the_wording(item: str, text: str, amount: int | None) -> None:
    result = answer(text)
    assert amounts(result).get(item) == amount
    if amount is None:
        assert [type(one) for one in result.outcomes if one.claim.item_id == item] == [Ineligible]


def test_every_item_has_a_hand_worked_sum() -> None:
    worked = {item for item, _, amount in HAND_WORKED if amount}
    assert worked == {name for name, item in RULES.items.items() if item.grade != "service"}
    assert len(worked) >= 12


@pytest.mark.parametrize("code", ["zh", "en"])
def test_every_step_and_reason_has_its_words(code: LanguageCode) -> None:
    for _, text, _ in HAND_WORKED:
        result = answer(text)
        for one in result.outcomes:
            says = (
                [step_says(step, language(code)) for step in one.steps]
                if isinstance(one, Eligible)
                else [reason_says(reason, result, language(code)) for reason in one.reasons]
                if isinstance(one, Ineligible)
                else []
            )
            assert all(text and "None" not in text and "…" not in text for text in says)


def test_of_growth_and_increment_only_the_better_is_paid() -> None:
    # 6,000万 to 1.2亿: growth 100% pays 30万, six lots of 1,000万 pay 18万.
    result = answer(figures("revenue = '1.2亿'", "revenue = '6000万'"))
    assert amounts(result) == {"1-growth": 300_000, "1-increment": 180_000}
    assert (result.total, [one.because for one in result.dropped]) == (300_000, ["exclusive"])


def test_one_cap_over_many_items() -> None:
    """30万 growth (18万 increment), 200万 R&D, 50万 talent, 50万 interest: 330万, of which 300万 are paid."""
    text = figures("revenue = '1.2亿'\nrd_expense = '3000万'", "revenue = '6000万'")
    text += entry("talent", degree="'doctor'", persons=20) + entry("credit", interest_paid="'200万'")
    result = answer(text)
    assert amounts(result)["5-talent"] == 500_000
    assert result.total == 3_000_000


OWN_TAX = """
[[shared_caps]]
items = ["4-champion", "7-listing", "3-storage"]
share = { ratio = "50%", of = "last_year.local_tax" }
"""


@pytest.mark.parametrize(
    ("tax", "more", "totals"),
    [
        # 100万 for the champion and 150万 for the listing: half of 500万, of 200.0001万 and of nothing
        ("500万", "", [1_500_000, 2_500_000, 2_500_000]),
        ("200.0001万", "", [1_000_000, 1_000_000, 1_000_000]),
        ("500万", 'cap = "160万"', [1_500_000, 1_600_000, 1_600_000]),
        ("200.0001万", 'cap = "160万"', [1_000_000, 1_000_000, 1_000_000]),
        ("0", "", [0, 0, 0]),
    ],
)
def test_a_cap_over_several_items_may_be_a_share_of_a_figure(
    tax: str, more: str, totals: list[int], tmp_path: Path
) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text(OWN_TAX + more, "utf-8")
    rules = load_rules([str(Path(__file__).parent / "third_zone.toml"), str(overlay)])
    text = entry("champion", level="'national'") + entry("listing", stage="'listed'")
    taxed = read(document(text + f"[figures.2025]\nlocal_tax = '{tax}'\n"))
    answers = [estimate(taxed, rules, stacking=stacking) for stacking in ("strict", "subject", "none")]
    assert [one.total for one in answers] == totals
    assert plan(taxed, rules, [2026, 2027]).total == totals[1]
    assert all(amount for one in answers for amount in one.combination.grants.values())
    # The rules an answer rests on may be used again, for another enterprise and year.
    assert estimate(taxed, answers[0].rules, stacking="none").total == totals[2]
    assert answers[0].rules.in_year(2026) is rules
    # Without the figure the cap is unknown, and both claims ask for it.
    asked = estimate(read(document(text)), rules)
    assert [one.missing[0].path for one in asked.outcomes if isinstance(one, NeedsInput)] == [
        "figures.2025.local_tax"
    ] * 2


def test_five_booths_a_year_and_listing_for_good() -> None:
    booths = "".join(entry("booth", f"{place}号", fee="'5万'") for place in range(7))
    # 7 booths at 2万, at most 10万 a year
    assert answer(booths).total == 100_000
    paid = '[[received]]\nitem = "7-listing"\nyear = 2025\namount = "200万"\n'
    # 累计最高 300 万元: 200万 are paid, 100万 of the 150万 are left
    assert answer(entry("listing", stage="'listed'") + paid).total == 1_000_000


def test_the_best_two_champions_are_paid_in_every_reading() -> None:
    levels = ["provincial", "national", "provincial", "national", "national"]
    text = "".join(entry("champion", f"{place}号", level=f"'{level}'") for place, level in enumerate(levels))
    for stacking in ("strict", "subject", "expense", "none"):
        result = answer(text, stacking=stacking)
        assert result.is_proven
        # two of the three national ones, the earlier
        assert result.combination.grants == {1: 1_000_000, 3: 1_000_000}
        assert {one.because for one in result.dropped} == {"cap"}
    # In a plan each year has its own two.
    more = entry("champion", "0号", 2027, level="'national'")
    assert plan(read(document(text + more)), RULES, [2026, 2027]).total == 3_000_000


def milestones(*outputs: str) -> str:
    return "".join(
        entry("milestone", "产值", 2026 + place, output=f"'{output}'") for place, output in enumerate(outputs)
    )


@pytest.mark.parametrize(
    ("outputs", "total"),
    # However often the rung rises, all years together pay the highest one.
    [(("1亿", "5亿", "10亿"), 1_200_000), (("1亿", "2亿", "5亿"), 600_000), (("5亿", "1亿", "1亿"), 600_000)],
)
def test_a_higher_rung_later_pays_the_difference(outputs: tuple[str, ...], total: int) -> None:
    assert plan(read(document(milestones(*outputs))), RULES, [2026, 2027, 2028]).total == total
    paid = '[[received]]\nitem = "1-milestone"\nyear = 2026\nsubject = "milestone:产值"\namount = "20万"\n'
    assert answer(milestones("1亿", "5亿") + paid, 2027).total == 400_000
    assert answer(milestones("1亿", "1亿") + paid, 2027).total == 0


def test_a_plant_is_paid_three_years_within_its_share() -> None:
    """800万 of cost allow 160万 in all: 60万, 60万, then 40万 of 60万; the fourth year is too late."""
    text = "".join(
        solar("film", "1500000", "'800万'", "2026-05-01").replace("2026\n", f"{year}\n", 1)
        for year in (2026, 2027, 2028, 2029)
    )
    answered = plan(read(document(text)), RULES, [2026, 2027, 2028])
    assert [one.granted for one in answered.filings] == [600_000, 600_000, 400_000]
    paid = '[[received]]\nitem = "3-solar"\nyear = 2026\nsubject = "solar:甲"\namount = "120万"\n'
    assert amounts(answer(text + paid, 2028)) == {"3-solar": 400_000}
    assert amounts(answer(text + paid.replace("120万", "200万"), 2028)) == {"3-solar": 0}
    assert [type(one) for one in answer(text, 2029).outcomes] == [Barred]


def test_what_is_missing_is_asked_for() -> None:
    def missing(text: str) -> list[str]:
        return [
            one.path for out in answer(text).outcomes if isinstance(out, NeedsInput) for one in out.missing
        ]

    assert missing(entry("renewal", equipment="'500万'", start="2026-01-01")) == [
        "figures.2025.revenue",
        "figures.2025.local_tax",
    ]
    assert missing(figures("patents = 3")) == []
    # Neither way to the headquarters fails yet: the one that lacks least is asked for.
    assert missing(figures("output = 1")) == ["figures.2025.paid_in"]
    assert missing(entry("solar", panel="'film'", kwh="5")) == ["solar:甲.grid_date", "solar:甲.cost"]


def gaps_of(text: str, kinds: str = '"above_scale"') -> tuple[Gap, ...]:
    found = document(text, kinds=kinds)
    return find_gaps(Scene(found, estimate(read(found), RULES), read, lambda one: estimate(one, RULES)))


@pytest.mark.parametrize(
    ("text", "changes", "after"),
    [
        # one figure mends either way, so the first does: 10亿 are 11% above 9亿; ten lots of 1,000万 pay 30万 more
        (figures("output = 1\nrevenue = '9亿'\npaid_in = '1000万'", "revenue = '9亿'"), {"figures.2025.revenue": 1_000_000_000}, 2_300_000),
        # the intensity would do too, but the kind comes first: 5% of 500万 of R&D is 25万
        (figures("rd_expense = '500万'\nrevenue = '2亿'", "revenue = '2亿'"), {"enterprise.kinds": ("above_scale", "high_tech")}, 250_000),
        (project("'1亿'", "2025-06-30"), {"project:甲.fixed_assets": 100_500_000}, 1_000_001),
        (project("'2亿'", "2025-06-30", "true"), {"project:甲.has_agreement": False}, 1_000_001),
        (renewal("1亿", "2000万", "3000万", "2025-10-01"), {"renewal:甲.start": date(2026, 1, 1)}, 2_400_000),
        (solar("film", "1000000", grid="2023-03-01"), {"solar:甲.grid_date": date(2024, 1, 1)}, 400_000),
        (entry("lease", area_m2="100", months=10, move_in="2026-03-01"), {"lease:甲.move_in": date(2025, 12, 31)}, 8_000),
    ],
)  # fmt: skip
def test_a_gap_is_the_least_change(text: str, changes: dict[str, Any], after: int) -> None:
    gap = next(one for one in gaps_of(text) if {mend.path: mend.after for mend in one.mends} == changes)
    assert gap.total_after == after


def test_a_growth_that_falls_short_is_mended_to_the_yuan() -> None:
    (gap,) = (
        one
        for one in gaps_of(figures("revenue = '5000万'", "revenue = '50000001'"))
        if one.item_id == "1-growth"
    )
    # 50,000,001 x 1.1 = 55,000,001.1, so the next whole yuan
    assert [(mend.path, mend.after) for mend in gap.mends] == [("figures.2025.revenue", 55_000_002)]
    assert gap.total_after == 100_000
    (nothing,) = (one for one in gaps_of(figures("revenue = 0", "revenue = 0")) if one.item_id == "1-growth")
    assert [mend.after for mend in nothing.mends] == [50_000_000]


@pytest.mark.parametrize("kinds", ['"high_tech"', '"tech_sme", "above_scale"'])
def test_a_kind_is_enough_for_one_alternative(kinds: str) -> None:
    # Without revenue the intensity is unknown; the kind alone opens it. 5% of 100万.
    assert amounts(answer(figures("rd_expense = '100万'"), kinds=kinds)) == {"4-rd": 50_000}


CLIENT = """
[enterprise]
name = "清河"
claim_year = 2026
kinds = ["above_scale"]
[figures.2025]
revenue = "9亿"
output = "9亿"
paid_in = "1000万"
rd_expense = "700万"
patents = 22
first_patent = true
local_tax = "800万"
[figures.2024]
revenue = "8.5亿"
""" + "".join(entry("champion", name, level="'national'") for name in ("甲", "乙", "丙"))


@pytest.mark.parametrize("code", ["zh", "en"])
def test_explanations_speak_of_alternatives_and_of_so_many_a_year(
    code: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    client = tmp_path / "client.toml"
    client.write_text(CLIENT, "utf-8")
    shared = [str(client), "--rules", str(Path(__file__).parent / "third_zone.toml"), "--lang", code]
    for command in (
        ["explain", "8-headquarters", "4-champion"],
        ["explain", "--combination"],
        ["gaps"],
        ["check"],
        ["plan", "--defer"],
    ):
        assert run([command[0], *shared, *command[1:]]) == 0
    shown = " ".join(capfd.readouterr().out.split())
    wanted = {
        "zh": [
            "90,000万元；90,000万元；1,000万元",
            "该事项 3 项申报，最多取 2 项",
            "单项冠军奖励：每年最多 2 项",
        ],
        "en": ["of 3 claims of this item at most 2", "champion: at most 2 claims a year"],
    }
    for words in wanted[code]:
        assert words in shown


@pytest.mark.parametrize(("item", "text", "amount"), HAND_WORKED)
def test_each_condition_is_examined_as_it_is_judged(item: str, text: str, amount: int | None) -> None:
    result = answer(text)
    for outcome in result.outcomes:
        verdicts = {one.verdict for one in examine(result.facts, outcome.claim)}
        if outcome.claim.item_id == item:
            assert ("fails" in verdicts) is (amount is None)
