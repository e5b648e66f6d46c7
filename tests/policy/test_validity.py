# ruff: noqa: E501 -- the lists are data, denser than code
"""Overlays that hold for some claim years only: which one holds, what a file may name, what is checked."""

import pickle
from datetime import date
from hashlib import sha256

import pytest

from calc.engine.advice import Scene, find_gaps
from calc.engine.estimate import Estimate, estimate
from calc.engine.outcomes import Barred, Eligible, Ineligible
from calc.engine.plan import plan
from calc.enterprise.documents import Document, parse_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.enterprise.problems import InputError, Problem
from calc.policy.loader import base_text, packaged_rules, rules_from
from calc.policy.rules import OverlayHead, Rules

BASE = parse_document("measures.toml", base_text(), is_json=False)
# The base pays 10% of equipment, at most 3,000万; it asks for 2,000万 of equipment.
OF_2026 = """
[overlay]
source = "2026年实施细则"
valid_from = 2026-03-01
valid_to = 2026-12-31
[items.02-capacity]
award = { rate = "8%", of = ["equipment"] }
cap = "2000万"
[items.90-robots]
measure = 2
title = { zh = "机器人奖励", en = "robots" }
phrase = "每台1万元"
departments = ["创新发展部"]
claim = { entry = "investment", has = ["robots"] }
award = { each = "robots", sum = "1万" }
grade = "stated"
[vocabulary.tables.investment.fields]
robots = { type = "count", zh = "机器人台数", en = "robots" }
"""
OF_2027 = """
[overlay]
source = "2027年实施细则"
valid_from = 2027-01-01
[items.02-capacity]
conditions = [{ field = "equipment", at_least = "5000万" }]
award = { rate = "5%", of = ["equipment"] }
[items.16-exhibition-booth]
closed = true
"""


def laid(*texts: str) -> Rules:
    overlays = [parse_document(f"{place}.toml", text, is_json=False) for place, text in enumerate(texts, 1)]
    return rules_from([BASE, *overlays])


def problems_of(*texts: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        laid(*texts)
    return caught.value.problems


def enterprise(text: str, rules: Rules, year: int = 2026) -> Enterprise:
    head = f'[enterprise]\nname = "甲"\nclaim_year = {year}\n'
    return enterprise_from(document(head + text), rules.vocabulary, rules.item_ids).enterprise


def document(text: str) -> Document:
    return parse_document("x.toml", text, is_json=False)


def line(year: int, equipment: str = '"4000万"', more: str = "") -> str:
    return (
        f'[[investment]]\nname = "{year}线"\nyear = {year}\npurposes = ["capacity"]\n'
        f"equipment = {equipment}\nconstruction_months = 12\n{more}\n"
    )


def amounts(answer: Estimate) -> dict[str, int]:
    return {one.claim.item_id: one.amount for one in answer.outcomes if isinstance(one, Eligible)}


@pytest.mark.parametrize(
    ("head", "years"),
    [
        ("", [2024, 2025, 2026, 2027, 2028]),
        ("valid_from = 2026-12-31", [2026, 2027, 2028]),
        ("valid_to = 2026-01-01", [2024, 2025, 2026]),
        ("valid_from = 2026-06-01\nvalid_to = 2027-01-01", [2026, 2027]),
    ],
)
def test_one_day_of_the_year_is_enough(head: str, years: list[int]) -> None:
    read = OverlayHead.model_validate(document(head + "\nsource = 'x'").content)
    assert [year for year in range(2024, 2029) if read.holds_in(year)] == years


def test_the_claim_year_decides_between_two_overlays_for_one_item() -> None:
    rules = laid(OF_2026, OF_2027)
    by_year = {}
    for year in (2025, 2026, 2027):
        answer = estimate(enterprise(line(year), rules, year), rules)
        by_year[year] = amounts(answer).get("02-capacity")
    # 2025: the base, 10% of 4,000万. 2026: 8%. 2027: below the 5,000万 of its own detailed rules.
    assert by_year == {2025: 4_000_000, 2026: 3_200_000, 2027: None}
    enough = estimate(enterprise(line(2027, '"5000万"'), rules, 2027), rules)
    assert amounts(enough) == {"02-capacity": 2_500_000}


def test_a_file_stays_readable_in_every_year() -> None:
    """The key of 2026's overlay, its item and the item that 2027's closes may stand in any file."""
    rules = laid(OF_2026, OF_2027)
    more = line(2026, more="robots = 3") + (
        '[[received]]\nitem = "90-robots"\nyear = 2026\namount = 5\n'
        '[[expect]]\nitem = "16-exhibition-booth"\nyear = 2026\namount = "2万"\n'
        '[[exhibition]]\nname = "展"\nyear = 2026\nrole = "exhibitor"\n'
        '[[exhibition]]\nname = "展"\nyear = 2027\nrole = "exhibitor"\n'
    )
    robots = {year: amounts(estimate(enterprise(more, rules, year), rules)) for year in (2025, 2026, 2027)}
    # 3 robots at 1万 lose against the 8% of 4,000万, but each is an eligible claim.
    assert robots == {
        2025: {},
        2026: {"02-capacity": 3_200_000, "90-robots": 30_000, "16-exhibition-booth": 20_000},
        2027: {},
    }
    assert {"90-robots", "16-exhibition-booth"} <= set(rules.item_ids)
    assert set(laid("[items.16-exhibition-booth]\nclosed = true").item_ids) == set(packaged_rules().item_ids)


def test_the_digest_and_the_sources_are_those_of_the_year() -> None:
    rules = laid(OF_2026, OF_2027)
    base, first, second = (sha256(text.encode()).hexdigest() for text in (base_text(), OF_2026, OF_2027))
    assert rules.in_year(2025).digest == base
    assert rules.in_year(2026).digest == sha256(f"{base}\n{first}".encode()).hexdigest()
    assert rules.in_year(2027).digest == sha256(f"{base}\n{second}".encode()).hexdigest()
    assert rules.in_year(2027).sources == ("measures.toml", "2.toml")
    assert rules.digest == sha256(f"{base}\n{first}\n{second}".encode()).hexdigest()
    assert [one.holds_in(2026) for one in rules.layers] == [True, True, False]


def test_the_same_rules_serve_every_year_where_nothing_is_dated() -> None:
    rules = laid("[items.02-capacity]\ncap = '2000万'")
    assert rules.in_year(2025) is rules
    assert packaged_rules().in_year(2030) is packaged_rules()
    dated = laid(OF_2026)
    assert dated.in_year(2025) is dated.in_year(2027) is not dated.in_year(2026)
    assert dated.in_year(2025).in_year(2026) is dated.in_year(2026)
    # Outside the policy every claim is barred, whatever the rules say of it.
    outside = estimate(enterprise(line(2028), dated, 2028), dated)
    assert [type(one) for one in outside.outcomes] == [Barred]


def test_gaps_are_those_of_the_year() -> None:
    rules = laid(OF_2026, OF_2027)
    text = '[enterprise]\nname = "甲"\nclaim_year = 2027\n' + line(2027)

    def read(one: Document) -> Enterprise:
        return enterprise_from(one, rules.vocabulary, rules.item_ids).enterprise

    def answer(one: Enterprise) -> Estimate:
        return estimate(one, rules)

    found = document(text)
    (gap,) = find_gaps(Scene(found, answer(read(found)), read, answer))
    assert [(one.path, one.after) for one in gap.mends] == [("investment:2027线.equipment", 50_000_000)]
    assert gap.total_after == 2_500_000


def test_a_plan_follows_each_year_s_own_rules() -> None:
    rules = laid(OF_2026, OF_2027)
    text = "".join(line(year, '"6000万"') for year in (2025, 2026, 2027))
    answer = plan(enterprise(text, rules, 2025), rules, [2025, 2026, 2027])
    # 10%, 8% and 5% of 6,000万
    assert [one.granted for one in answer.filings] == [6_000_000, 4_800_000, 3_000_000]
    # Put off, the line of 2027 cannot be; that of 2026 would get less, and so stays.
    deferred = plan(enterprise(text, rules, 2025), rules, [2025, 2026, 2027], defers=True)
    assert deferred.total == 13_800_000


STAGED = """
[overlay]
valid_from = {year}-01-01
valid_to = {year}-12-31
[items.03-core-tech]
cap = "{cap}"
"""


def staged(spends: dict[int, int]) -> str:
    return "".join(
        f'[[rd_project]]\nname = "轴"\nyear = {year}\nspend = {spend}\npartner = true\nscope = "other"\n'
        for year, spend in spends.items()
    )


@pytest.mark.parametrize(
    ("caps", "spends", "granted"),
    [
        # 30% of 2,000万 is 600万 a stage; the base's 1,000万 holds over both.
        ({}, {2026: 20_000_000, 2027: 20_000_000}, [6_000_000, 4_000_000]),
        # Raised to 1,100万 in 2027: 600万 and 500万. Lowered to 800万: 600万 and 200万, but the
        # total alone is fixed; the earlier claim is given more.
        ({2027: "1100万"}, {2026: 20_000_000, 2027: 20_000_000}, [6_000_000, 5_000_000]),
        ({2027: "800万"}, {2026: 20_000_000, 2027: 20_000_000}, [6_000_000, 2_000_000]),
        # Lowered to 500万, below the 600万 of 2026: nothing is left for 2027.
        ({2027: "500万"}, {2026: 20_000_000, 2027: 20_000_000}, [6_000_000]),
        # Lowered to just what 2026 paid.
        ({2027: "600万"}, {2026: 20_000_000, 2027: 20_000_000}, [6_000_000]),
        # 400万 in 2026, then 300万 of 600万, then 600万 less 400万 and 200万, raised to 900万: 300万 more.
        ({2026: "400万", 2027: "900万"}, {2026: 20_000_000, 2027: 20_000_000}, [4_000_000, 5_000_000]),
    ],
)
def test_a_cap_over_all_stages_is_that_of_the_later_year(
    caps: dict[int, str], spends: dict[int, int], granted: list[int]
) -> None:
    rules = laid(*(STAGED.format(year=year, cap=cap) for year, cap in caps.items()))
    answer = plan(enterprise(staged(spends), rules), rules, [2026, 2027])
    assert [one.granted for one in answer.filings] == granted


def test_what_pays_once_from_a_year_on_is_not_paid_again() -> None:
    once = '[overlay]\nvalid_from = 2027-01-01\n[items.03-core-tech]\npays = "once"'
    rules = laid(once)
    text = staged({2026: 20_000_000, 2027: 30_000_000})
    answer = plan(enterprise(text, rules), rules, [2026, 2027])
    # 600万 in 2026 bar the 900万 of 2027, which pay more.
    assert [(one.year, one.granted) for one in answer.filings] == [(2027, 9_000_000)]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        # doubtful in each year it sees: told once
        (('[overlay]\nvalid_from = 2026-01-01\n[items.06-first-launch]\nfloor = "200万"',), [("1.toml", "floor_above_cap", 4)]),
        # what 2027 changes was an item of 2026 only
        ((OF_2026, "[overlay]\nvalid_from = 2027-01-01\n[items.90-robots]\ncap = 5"), [("2.toml", "item", 3)]),
        (("[overlay]\nvalid_from = 2027-01-01\nvalid_to = 2026-12-31",), [("1.toml", "valid_from_after_to", 2)]),
        # 2026's cap lies below the sum that an undated overlay fixes
        (
            ("[items.18-aeo]\naward = { fixed = '40万' }", "[overlay]\nvalid_to = 2026-01-01\n[items.18-aeo]\ncap = '30万'\nlifetime_cap = '30万'"),
            [("2.toml", "cap_below_sum", 4)],
        ),
    ],
)  # fmt: skip
def test_each_combination_of_layers_is_checked_and_told_once(
    texts: tuple[str, ...], found: list[tuple[str, str, int]]
) -> None:
    told = [(one.source, one.code, one.place.line if one.place else 0) for one in problems_of(*texts)]
    assert told == found


def test_groups_of_two_years_may_cross() -> None:
    group = "[overlay]\nvalid_from = {0}-01-01\nvalid_to = {0}-12-31\n[[shared_caps]]\nitems = {1}\ncap = 5\n"
    rules = laid(
        group.format(2026, '["02-capacity", "02-chain"]'), group.format(2027, '["02-chain", "03-core-tech"]')
    )
    assert [len(rules.in_year(year).shared_caps) for year in (2025, 2026, 2027)] == [0, 1, 1]


def test_what_one_year_closes_the_next_may_change() -> None:
    rules = laid(
        "[overlay]\nvalid_to = 2026-12-31\n[items.02-capacity]\nclosed = true",
        "[overlay]\nvalid_from = 2027-01-01\n[items.02-capacity]\ncap = '5万'",
    )
    assert "02-capacity" not in rules.in_year(2026).items
    assert rules.in_year(2027).items["02-capacity"].cap == 50_000
    assert rules.items["02-capacity"].cap == 50_000


def test_an_expired_condition_no_longer_fails() -> None:
    rules = laid(
        '[overlay]\nvalid_to = 2026-06-30\n[items.02-capacity]\nconditions = [{ field = "equipment", at_least = "1亿" }]'
    )
    kinds = [type(estimate(enterprise(line(year), rules, year), rules).outcomes[0]) for year in (2026, 2027)]
    assert kinds == [Ineligible, Eligible]


def test_a_policy_of_another_century_is_still_checked() -> None:
    text = base_text().replace("valid_to = 2027-12-31", "valid_to = 2400-12-31")
    rules = rules_from(
        [document(text), document("[overlay]\nvalid_from = 2099-01-01\n[items.02-capacity]\ncap = 5")]
    )
    assert rules.in_year(2100).items["02-capacity"].cap == 5
    assert rules.policy.valid_to == date(2400, 12, 31)


def test_dated_rules_can_be_sent_to_another_process() -> None:
    rules = rules_from([BASE, parse_document("2026.toml", OF_2026, is_json=False)])
    sent = pickle.loads(pickle.dumps(rules))
    assert sent.in_year(2026).in_year(2027) is sent.in_year(2027)
    assert list(sent.by_year) == list(rules.by_year)
    assert sent.in_year(2026).items["02-capacity"].cap == 20_000_000
    assert sent.in_year(2027).items["02-capacity"].cap == 30_000_000
