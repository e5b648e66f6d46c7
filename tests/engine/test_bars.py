# ruff: noqa: E501 -- some cases are one a line
"""What closes a claim, what lowers it, and loans that run over years: cases with hand-worked answers."""

from typing import Any

import pytest

from calc.engine.doubts import find_doubts
from calc.engine.estimate import estimate
from calc.engine.outcomes import Barred, Eligible
from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import base_text, packaged_rules, rules_from
from calc.present.data.estimate import estimate_data
from calc.present.language import language

RULES = packaged_rules()
LINE = """
[[investment]]
name = "二期"
year = {year}
purposes = ["capacity"]
equipment = "1亿"
construction_months = 12
"""
CHAIN = LINE.replace('"capacity"', '"chain"') + 'fixed_assets = "2亿"\n'


def answer(text: str, head: str = "", year: int = 2026, **options: Any) -> dict[str, Any]:
    whole = f'[enterprise]\nname = "甲"\nclaim_year = {year}\n{head}\n{text}'
    loaded = enterprise_from(parse_document("x", whole, is_json=False), RULES.vocabulary, RULES.item_ids)
    return estimate_data(estimate(loaded.enterprise, RULES, **options), language("zh"))


def claim(text: str, item: str, head: str = "", year: int = 2026, **options: Any) -> dict[str, Any]:
    claims: list[dict[str, Any]] = answer(text, head, year, **options)["claims"]
    return next(one for one in claims if one["item"] == item)


def line(year: int = 2026) -> str:
    return LINE.format(year=year)


def agreement(until: str, covers: str, since: str | None = None) -> str:
    start = f"from = {since}\n" if since else ""
    return f'[[agreement]]\nname = "协议"\nuntil = {until}\ncovers = ["{covers}"]\n{start}'


def received(item: str, year: int, amount: str, subject: str | None = None) -> str:
    of = f'subject = "{subject}"\n' if subject else ""
    return f'[[received]]\nitem = "{item}"\nyear = {year}\namount = "{amount}"\n{of}'


def expect(item: str, amount: str, subject: str | None = None, year: int = 2026) -> str:
    return received(item, year, amount, subject).replace("[[received]]", "[[expect]]")


@pytest.mark.parametrize("item", RULES.items)
def test_outside_the_zone_only_the_marked_items_are_open(item: str) -> None:
    assert RULES.items[item].outside_zone == (
        item
        in {
            "08-tech-transfer",
            "11-contest",
            "16-exhibition-host",
            "17-fdi-introducer",
            "26-risk-compensation",
        }
    )


def test_outside_the_zone_a_claim_is_barred_and_no_service_is_open() -> None:
    found = answer(line(), "in_zone = false")
    assert [(one["status"], one["reasons"][0]["code"]) for one in found["claims"]] == [
        ("barred", "out_of_zone")
    ]
    assert found["services"] == []


@pytest.mark.parametrize(
    ("year", "status"),
    [(2024, "barred"), (2025, "eligible"), (2026, "eligible"), (2027, "eligible"), (2028, "barred")],
)
def test_the_claim_year_has_a_day_within_the_policy(year: int, status: str) -> None:
    found = answer(line(year), year=year)
    assert [one["status"] for one in found["claims"]] == [status]
    assert bool(found["services"]) == (status == "eligible")


@pytest.mark.parametrize(
    ("filing", "until", "since", "status"),
    [
        (None, "2025-12-31", None, "eligible"),
        (None, "2026-01-01", None, "barred"),
        (None, "2027-06-30", "2026-12-31", "barred"),
        (None, "2027-06-30", "2027-01-01", "eligible"),
        ("2026-06-15", "2026-06-14", None, "eligible"),
        ("2026-06-15", "2026-06-15", None, "barred"),
        ("2026-06-15", "2026-12-31", "2026-06-15", "barred"),
        ("2026-06-15", "2026-12-31", "2026-06-16", "eligible"),
        ("2025-06-15", "2026-01-01", None, "barred"),
    ],
)
def test_an_agreement_bars_on_its_days(
    filing: str | None, until: str, since: str | None, status: str
) -> None:
    head = f"filing_date = {filing}" if filing else ""
    assert claim(line() + agreement(until, "*", since), "02-capacity", head)["status"] == status


@pytest.mark.parametrize(
    ("covers", "status"),
    [
        ("investment:二期", "barred"),
        ("02-capacity", "barred"),
        ("*", "barred"),
        ("02-chain", "eligible"),
        ("title:二期", "eligible"),
    ],
)
def test_an_agreement_bars_what_it_covers(covers: str, status: str) -> None:
    assert claim(line() + agreement("2027-12-31", covers), "02-capacity")["status"] == status


def test_the_reason_says_from_what_day_on_it_opens() -> None:
    two = agreement("2026-06-30", "*") + agreement("2026-09-30", "*", "2026-07-01").replace(
        "协议", "又一协议"
    )
    reasons = claim(line() + two, "02-capacity")["reasons"]
    assert [(one["value"], one["threshold"]) for one in reasons] == [
        ("2026-06-30", "2026-10-01"),
        ("2026-09-30", "2026-10-01"),
    ]
    never = claim(line() + agreement("2027-12-31", "*"), "02-capacity")["reasons"][0]
    assert "不再开放" in never["says"]


LOAN = """
[[loan]]
name = "{name}"
purpose = "investment"
kind = "credit"
principal = {principal}
annual_rate = "4%"
start = {start}
months = {months}
project = "二期"
"""


def loan(name: str = "贷", principal: str = '"1.2亿"', start: str = "2026-01-01", months: int = 60) -> str:
    return LOAN.format(name=name, principal=principal, start=start, months=months)


@pytest.mark.parametrize("covers", ["investment:二期", "loan:贷"])
def test_an_investment_covers_the_loans_of_its_project(covers: str) -> None:
    assert claim(loan() + agreement("2027-12-31", covers), "25-investment-loan")["status"] == "barred"


@pytest.mark.parametrize(
    ("start", "months", "year", "sum_paid"),
    [
        # 1.2亿 x 1% is 10万 a month
        ("2026-03-31", 60, 2026, 100_0000),
        ("2026-03-01", 60, 2027, 120_0000),
        ("2024-04-01", 60, 2026, 30_0000),
        ("2024-01-01", 60, 2025, 120_0000),
        ("2025-12-01", 1, 2025, 10_0000),
        ("2026-11-15", 3, 2027, 10_0000),
    ],
)
def test_interest_of_the_months_of_a_year_within_24(
    start: str, months: int, year: int, sum_paid: int
) -> None:
    found = claim(loan(start=start, months=months), "25-investment-loan", year=year)
    assert found["amount"] == sum_paid


def test_the_24_months_begin_with_the_first_loan_of_the_project() -> None:
    text = loan("早", start="2024-07-01", months=6) + loan("晚", start="2026-01-01")
    found = [one for one in answer(text)["claims"] if one["item"] == "25-investment-loan"]
    # From July 2024 to June 2026: six months of 2026 remain for the later loan.
    assert [(one["subject"], one["amount"]) for one in found] == [("loan:晚", 60_0000)]


def test_the_loans_of_a_project_reach_the_bound_together() -> None:
    text = loan("一", '"6000万"') + loan("二", '"4000万"')
    assert [one["status"] for one in answer(text)["claims"] if one["item"] == "25-investment-loan"] == [
        "eligible"
    ] * 2
    short = claim(loan("一", '"6000万"') + loan("二", '"3999万"'), "25-investment-loan")["reasons"][0]
    assert (short["path"], short["value"], short["shortfall"]) == ("loan:一.principal", 99_990_000, 10_000)
    later = loan("一", '"6000万"') + loan("二", '"4000万"', start="2027-01-01")
    assert claim(later, "25-investment-loan")["status"] == "ineligible"


def test_where_the_known_principals_reach_the_bound_a_missing_one_is_not_asked_for() -> None:
    unknown = loan("二").replace('principal = "1.2亿"\n', "")
    first, second = (
        one for one in answer(loan("一") + unknown)["claims"] if one["item"] == "25-investment-loan"
    )
    assert (first["status"], first["missing"]) == ("eligible", [])
    assert (second["status"], second["missing"]) == ("needs_input", ["loan:二.principal"])
    both = answer(loan("一", '"1000万"') + unknown)["claims"]
    missing = [one["missing"] for one in both if one["item"] == "25-investment-loan"]
    assert missing == [["loan:二.principal"], ["loan:二.principal"]]


@pytest.mark.parametrize(
    ("text", "item", "status", "ceiling"),
    [
        (line() + received("02-capacity", 2025, "1万", "investment:二期"), "02-capacity", "barred", None),
        (line() + received("02-capacity", 2025, "0", "investment:二期"), "02-capacity", "barred", None),
        (line() + received("02-capacity", 2026, "1万", "investment:二期"), "02-capacity", "eligible", 1000_0000),
        (line() + received("02-capacity", 2025, "1万"), "02-capacity", "eligible", 1000_0000),
        (line() + received("02-capacity", 2025, "1万", "investment:一期"), "02-capacity", "eligible", 1000_0000),
        (CHAIN.format(year=2026) + received("02-chain", 2025, "4500万", "investment:二期"), "02-chain", "eligible", 500_0000),
        (CHAIN.format(year=2026) + received("02-chain", 2025, "4500万"), "02-chain", "eligible", 1000_0000),
        (CHAIN.format(year=2026) + received("02-chain", 2025, "5000万", "investment:二期"), "02-chain", "barred", None),
        ('[[certificate]]\nname = "碳"\nyear = 2026\n' + received("20-carbon-certificate", 2025, "70万"), "20-carbon-certificate", "eligible", 30_0000),
        ('[[certificate]]\nname = "碳"\nyear = 2026\n' + received("20-carbon-certificate", 2025, "70万", "certificate:旧"), "20-carbon-certificate", "eligible", 30_0000),
        ('[[certificate]]\nname = "碳"\nyear = 2026\n' + received("20-carbon-certificate", 2025, "100万"), "20-carbon-certificate", "barred", None),
    ],
)  # fmt: skip
def test_what_was_received_counts_against_what_pays_once_in_stages_or_for_good(
    text: str, item: str, status: str, ceiling: int | None
) -> None:
    found = claim(text, item)
    assert (found["status"], found["ceiling"]) == (status, ceiling)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        # 02-capacity pays 1000万; 01-chain-title up to 100万, which counts only what is expected
        (line() + expect("02-capacity", "800万"), (0, 800_0000, 800_0000)),
        (line() + expect("02-capacity", "1200万"), (0, 1000_0000, 1000_0000)),
        (line() + expect("02-capacity", "800万") + expect("02-capacity", "700万", "investment:二期"), (0, 700_0000, 700_0000)),
        (line() + expect("02-capacity", "800万", "investment:一期"), (0, 1000_0000, 1000_0000)),
        (line() + expect("02-capacity", "800万", year=2027), (0, 1000_0000, 1000_0000)),
        ('[[title]]\nname = "链"\nyear = 2026\nkind = "chain_core"\nlevel = "provincial"\n', (0, 0, 100_0000)),
        ('[[title]]\nname = "链"\nyear = 2026\nkind = "chain_core"\nlevel = "provincial"\nmatching_award = "60万"\n', (0, 60_0000, 60_0000)),
        ('[[title]]\nname = "孵"\nyear = 2026\nkind = "incubator"\nlevel = "provincial"\n', (30_0000, 30_0000, 30_0000)),
        ('[[title]]\nname = "孵"\nyear = 2026\nkind = "incubator"\nlevel = "provincial"\nmatching_award = "20.5"\n', (20, 20, 20)),
        ("[figures.2025]\ntrainees = 5\n" + expect("24-training", "9万"), (0, 9_0000, 9_0000)),
        ("[figures.2025]\ntrainees = 5\n", (0, 0, 0)),
    ],
)  # fmt: skip
def test_what_counts_under_each_count(text: str, amounts: tuple[int, int, int]) -> None:
    found = tuple(
        answer(text, count=count)["claims"][0]["amount"] for count in ("stated", "ratio", "ceiling")
    )
    assert found == amounts


def test_the_kinds_of_a_claim_year_replace_the_others() -> None:
    text = '[kinds]\n2027 = ["bank"]\n[[bad_loan]]\nname = "贷"\nyear = 2027\ntotal = "100万"\n'
    assert claim(text, "26-risk-compensation", 'kinds = ["manufacturing"]', 2027)["status"] == "eligible"


def test_a_word_that_stands_for_and_so_on_has_to_be_confirmed() -> None:
    text = '[[rd_project]]\nname = "研"\nyear = 2026\nscope = "other"\npartner = true\nspend = 1\n'
    assert any("其他方向" in one for one in claim(text, "03-core-tech")["confirm"])
    text = "[figures.2025]\noutstanding_results = true\n"
    open_kind = claim(text, "04-performance", 'kinds = ["producer_service"]')["confirm"]
    named_kind = claim(text, "04-performance", 'kinds = ["producer_service", "manufacturing"]')["confirm"]
    assert len(open_kind) == len(named_kind) + 1


def test_by_grade_says_what_each_grant_rests_on() -> None:
    text = (
        line()
        + '[[title]]\nname = "孵"\nyear = 2026\nkind = "incubator"\nlevel = "provincial"\n'
        + '[[title]]\nname = "链"\nyear = 2026\nkind = "chain_core"\nlevel = "provincial"\n'
        + '[[certificate]]\nname = "碳"\nyear = 2026\n'
        + expect("20-carbon-certificate", "5万")
    )
    assert answer(text, count="ceiling")["combination"]["by_grade"] == {
        "stated": 30_0000,
        "up_to_ratio": 1000_0000,
        "expected": 5_0000,
        "ceiling": 100_0000,
    }


def test_a_base_alone_is_whole_and_a_split_base_is_cut_to_the_yuan() -> None:
    """10.90 yuan at 30% is 3.27, alone 3; split, the base is 10 yuan: 3 at 30% or 2 at 20% of it."""
    text = '[[rd_project]]\nname = "研"\nyear = 2026\nscope = "other"\npartner = true\nspend = "10.90"\n'
    assert answer(text, stacking="expense")["combination"]["total"] == 3
    # With 9.99 of spend: 30% gives 2 alone; split, 7 yuan give 2, and nothing whole is left in 2 yuan at 20%.
    both = text.replace("10.90", "12.40") + 'scenario_honour = "provincial"\n'
    # 12 yuan: 10 at 30% are 3, 2 at 20% are 0; 7 at 30% are 2, 5 at 20% are 1: 3 either way, so one claim alone.
    found = answer(both, stacking="expense")["combination"]
    assert [(one["item"], one["granted"]) for one in found["claims"]] == [("03-core-tech", 3)]


@pytest.mark.parametrize(
    ("paid", "left"),
    [
        # 3% of 300万 and 10% of 100万 are 19万; 4万 were paid
        ('pays = "difference"', 150_000),
        # 16万 are left of the cap of 20万 over all years
        ('pays = "stages"\ncap = "20万"', 160_000),
        ('pays = "once"', None),
    ],
)
@pytest.mark.parametrize("subject", [None, "enterprise:05-rd-growth"])
def test_what_was_paid_on_the_enterprise_itself_needs_no_subject(
    paid: str, left: int | None, subject: str | None
) -> None:
    base = parse_document("measures.toml", base_text(), is_json=False)
    overlay = parse_document("x", f'[items.05-rd-growth]\nremove = ["year_cap"]\n{paid}', is_json=False)
    rules = rules_from([base, overlay])
    text = (
        '[enterprise]\nname = "甲"\nclaim_year = 2026\nkinds = ["high_tech"]\n'
        '[figures.2025]\nrevenue = "8000万"\nrd_expense = "400万"\n[figures.2024]\nrd_expense = "300万"\n'
    ) + received("05-rd-growth", 2025, "4万", subject)
    read = enterprise_from(parse_document("x", text, is_json=False), rules.vocabulary, rules.item_ids)
    result = estimate(read.enterprise, rules)
    (outcome,) = (one for one in result.outcomes if one.claim.item_id == "05-rd-growth")
    assert isinstance(outcome, Barred if left is None else Eligible)
    assert result.total == (left or 0)
    assert list(find_doubts(result)) == []
