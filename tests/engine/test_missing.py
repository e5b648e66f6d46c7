"""Missing figures: what they block, what each may be worth, the most valuable first."""

import pytest

from calc.engine.combine.problem import Stacking
from calc.engine.estimate import Estimate, estimate
from calc.engine.missing import find_missing
from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import base_text, packaged_rules, rules_from
from calc.policy.rules import Rules

HEAD = '[enterprise]\nname = "甲"\nclaim_year = 2026\nkinds = ["high_tech", "data_merchant"]\n'
PROJECT = (
    '[[rd_project]]\nname = "研"\nyear = 2026\nscope = "other"\npartner = true\nscenario_honour = "{}"\n'
)
LOAN = (
    '[[loan]]\nname = "{}"\npurpose = "investment"\nkind = "credit"\nannual_rate = "4%"\n'
    'start = 2026-01-01\nmonths = 12\nproject = "P"\n{}'
)
CAPACITY = '[[investment]]\nname = "线"\nyear = 2026\npurposes = ["capacity"]\n'


def answer(text: str, rules: Rules | None = None, stacking: Stacking = "subject") -> Estimate:
    rules = rules or packaged_rules()
    document = parse_document("x.toml", HEAD + text, is_json=False)
    enterprise = enterprise_from(document, rules.vocabulary, rules.item_ids).enterprise
    return estimate(enterprise, rules, stacking=stacking)


def found(result: Estimate) -> list[tuple[str, list[tuple[str, int | None]], int | None]]:
    return [
        (
            one.operand.path,
            [(each.claim.item_id, each.ceiling) for item in one.items for each in item.claims],
            one.ceiling,
        )
        for one in find_missing(result)
    ]


@pytest.mark.parametrize(
    ("stacking", "together"),
    # The subject carries one claim: 1000万.  Under none both of them.
    [("strict", 10_000_000), ("subject", 10_000_000), ("none", 12_000_000)],
)
def test_claims_of_one_subject_are_worth_what_the_reading_lets_them_get(
    stacking: Stacking, together: int
) -> None:
    assert found(answer(PROJECT.format("national"), stacking=stacking)) == [
        ("rd_project:研.spend", [("03-core-tech", 10_000_000), ("15-scenario-national", 2_000_000)], together)
    ]


def test_claims_of_one_item_are_worth_its_yearly_cap() -> None:
    # 一 alone could get 500万; 二 waits for the sum of its project; together at most 500万 a year.
    loans = LOAN.format("一", "") + LOAN.format("二", 'principal = "100万"\n')
    assert found(answer(loans)) == [
        (
            "loan:一.principal",
            # 25-technology-loan: 15万 for 一; 二 has its principal.  A subject carries one of its two claims.
            [
                ("25-investment-loan", 5_000_000),
                ("25-investment-loan", 10_000),
                ("25-technology-loan", 150_000),
            ],
            5_000_000,
        )
    ]


@pytest.mark.parametrize(
    ("text", "ceiling"),
    [
        # The award needs equipment: whatever the caps leave.
        (CAPACITY + "construction_months = 20\n", 30_000_000),
        # Only a condition needs the months: 10% of 5000万, and not the cap of 3000万.
        (CAPACITY + 'equipment = "5000万"\n', 5_000_000),
        (CAPACITY + 'equipment = "4亿"\n', 30_000_000),
        # 500万 of the 5000万 for its stages have been paid.
        (
            '[[investment]]\nname = "线"\nyear = 2026\npurposes = ["chain"]\nfixed_assets = "1亿"\n'
            'construction_months = 20\n[[received]]\nitem = "02-chain"\nyear = 2025\namount = "500万"\n'
            'subject = "investment:线"\n',
            45_000_000,
        ),
        # What is spared in kind has no ceiling.
        ('[[guarantee]]\nname = "担"\nyear = 2026\namount = "100万"\n', None),
    ],
)  # fmt: skip
def test_a_ceiling_is_what_caps_and_the_known_figures_leave(text: str, ceiling: int | None) -> None:
    assert [one[2] for one in found(answer(text))] == [ceiling]


def test_the_most_valuable_figure_comes_first_and_open_ones_last() -> None:
    text = (
        '[[guarantee]]\nname = "担"\nyear = 2026\namount = "100万"\n'
        '[[insurance]]\nname = "险"\nyear = 2026\n'
        "[figures.2025]\nfdi_usd = 2_000_000\nrd_expense = 2_000_000\n" + CAPACITY
    )
    assert [(path, ceiling) for path, _, ceiling in found(answer(text))] == [
        ("investment:线.equipment", 30_000_000),
        ("investment:线.construction_months", 30_000_000),
        # 5% of 200万 dollars at a rate that is not known yet: at most 500万
        ("fx.usd_cny", 5_000_000),
        ("figures.2025.revenue", 300_000),
        ("figures.2024.rd_expense", 300_000),
        ("insurance:险.premium", 200_000),
        ("guarantee:担.market_fee_rate", None),
    ]


def test_a_figure_that_several_items_of_the_year_need_is_worth_their_sum() -> None:
    overlay = (
        '[items.05-more]\nmeasure = 5\ntitle = { zh = "加", en = "more" }\nphrase = "加"\n'
        'departments = ["部"]\nclaim = { figure = "data_trade_amount" }\n'
        'conditions = [{ field = "last_year.revenue", at_least = 1 }]\naward = { fixed = "7万" }\n'
        'grade = "stated"\n'
    )
    base = parse_document("measures.toml", base_text(), is_json=False)
    rules = rules_from([base, parse_document("overlay.toml", overlay, is_json=False)])
    text = (
        '[figures.2025]\ndata_trade_amount = "1万"\nrd_expense = "200万"\n'
        '[figures.2024]\nrd_expense = "100万"\n'
    )
    # 5: 3% of 100万 and 10% of the growth are 13万; its condition and the new item wait for the revenue.
    assert found(answer(text, rules)) == [
        ("figures.2025.revenue", [("05-rd-growth", 130_000), ("05-more", 70_000)], 200_000)
    ]


def test_nothing_is_missing_where_nothing_waits() -> None:
    assert find_missing(answer("")) == ()
