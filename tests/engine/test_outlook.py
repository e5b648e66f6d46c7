"""What stands beside a plan: agreements that end, caps used up, what no year takes, what is missing."""

from datetime import date
from typing import Any

import pytest

from calc.engine.combine.dropped import Dropped
from calc.engine.outcomes import Barred, Ineligible, NeedsInput
from calc.engine.outlook import endings, entries_beyond, spent_caps, undecided, untaken
from calc.engine.plan import Plan, plan
from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import packaged_rules

RULES = packaged_rules()
YEARS = (2025, 2026, 2027)
LINE = (
    '[[investment]]\nname = "{}"\nyear = {}\npurposes = ["capacity"]\nequipment = "{}"\n'
    "construction_months = 12\n"
)
AGREEMENT = '[[agreement]]\nname = "{}"\nuntil = {}\ncovers = ["{}"]\n'


def planned(text: str, kinds: str = "", years: tuple[int, ...] = YEARS, **options: Any) -> Plan:
    head = f'[enterprise]\nname = "甲"\nclaim_year = 2025\nkinds = [{kinds}]\n'
    document = parse_document("x", head + text, is_json=False)
    enterprise = enterprise_from(document, RULES.vocabulary, RULES.item_ids).enterprise
    return plan(enterprise, RULES, years, **options)


def test_an_agreement_is_told_with_what_it_bars_and_the_day_after() -> None:
    text = LINE.format("一", 2026, "1亿") + AGREEMENT.format("协议", "2026-09-30", "investment:一")
    (one,) = endings(planned(text))
    assert one.claim is not None
    assert (one.agreement.name, one.claim.item_id, one.opens) == ("协议", "02-capacity", date(2026, 10, 1))


def test_where_another_agreement_follows_the_claim_opens_after_it() -> None:
    text = LINE.format("一", 2026, "1亿") + AGREEMENT.format("前", "2026-03-31", "02-capacity")
    text += '[[agreement]]\nname = "后"\nfrom = 2026-04-01\nuntil = 2026-12-31\ncovers = ["investment:一"]\n'
    assert [(one.agreement.name, one.opens) for one in endings(planned(text))] == [
        ("前", date(2027, 1, 1)),
        ("后", date(2027, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ("2024-12-31", []),
        ("2025-01-01", [date(2025, 1, 2)]),
        ("2027-12-30", [date(2027, 12, 31)]),
        ("2027-12-31", [None]),  # the policy ends on the same day
        ("2028-01-01", []),
    ],
)
def test_agreements_that_end_within_the_years_bar_or_not(until: str, found: list[date | None]) -> None:
    answer = endings(planned(AGREEMENT.format("协议", until, "18-aeo")))
    assert [(one.claim, one.opens) for one in answer] == [(None, day) for day in found]


def test_a_cap_for_good_is_told_once_it_is_used_up() -> None:
    """初创期 pays at most 200万 in all: 30万 received, then 150万 and what is left, 20万."""
    text = (
        "".join(f'[[expect]]\nitem = "11-startup"\nyear = {year}\namount = "150万"\n' for year in YEARS)
        + '[[received]]\nitem = "11-startup"\nyear = 2024\namount = "30万"\n'
    )
    (one,) = spent_caps(planned(text, '"startup"'))
    assert (one.claim.item_id, one.per_subject, one.cap, one.received) == (
        "11-startup",
        False,
        2_000_000,
        300_000,
    )
    assert one.granted == {2025: 1_500_000, 2026: 200_000}
    assert spent_caps(planned(text.replace('"150万"', '"50万"'), '"startup"')) == []


def test_the_cap_of_a_staged_project_is_told_by_subject() -> None:
    """3亿 of equipment a stage at 10%: 3000万 and 2000万 of the 5000万."""
    stage = LINE.replace('"capacity"', '"chain"') + 'fixed_assets = "6亿"\n'
    text = stage.format("基地", 2025, "3亿") + stage.format("基地", 2026, "3亿")
    (one,) = spent_caps(planned(text))
    assert (one.claim.subject, one.per_subject, one.cap) == ("investment:基地", True, 50_000_000)
    assert one.granted == {2025: 30_000_000, 2026: 20_000_000}


def test_what_no_year_takes_is_told_with_the_reason_of_its_year() -> None:
    text = (
        LINE.format("一", 2025, "1亿")
        + 'green_equipment = "3000万"\n'  # 1000万 against 500万
        + LINE.format("小", 2025, "1999万")
        + LINE.format("封", 2025, "1亿")
        + AGREEMENT.format("协议", "2030-12-31", "investment:封")
    )
    found = {(one.claim.item_id, one.claim.subject): one for one in untaken(planned(text))}
    assert {key: type(one.hindrance) for key, one in found.items()} == {
        ("02-capacity", "investment:小"): Ineligible,
        ("02-capacity", "investment:封"): Barred,
        ("19-retrofit", "investment:一"): Dropped,
    }
    # Put off, the retrofit finds a year of its own; the others do not.
    assert [one.claim.subject for one in untaken(planned(text, defers=True))] == [
        "investment:小",
        "investment:封",
    ]


def test_a_second_entry_of_what_pays_once_names_the_year_of_the_first() -> None:
    text = LINE.format("一", 2025, "1亿") + LINE.format("一", 2026, "9000万")
    (one,) = untaken(planned(text))
    assert one.claim.entry is not None
    assert (one.claim.entry.year, one.paid_in) == (2026, 2025)


def test_entries_of_other_years_are_told_unless_the_policy_is_younger() -> None:
    text = "".join(LINE.format(f"{year}", year, "1亿") for year in (2024, 2025, 2027, 2028))
    assert [one.year for one in entries_beyond(planned(text, years=(2026, 2027)))] == [2025, 2028]


def test_a_missing_figure_is_asked_for_once_and_next_year_s_figures_too() -> None:
    text = (
        '[figures.2024]\nrd_expense = "1200万"\nrevenue = "1亿"\n[figures.2023]\nrd_expense = "1000万"\n'
        '[[first_launch]]\nname = "首台"\nyear = 2025\n'
    )
    years = undecided(planned(text, '"high_tech"', defers=True))
    missing = [
        [
            (one.claim.item_id, [operand.path for operand in one.missing])
            for one in year.outcomes
            if isinstance(one, NeedsInput)
        ]
        for year in years
    ]
    assert missing == [
        [("06-first-launch", ["first_launch:首台.first_year_sales"])],
        [("05-rd-growth", ["figures.2025.rd_expense", "figures.2025.revenue"])],
        [("05-rd-growth", ["figures.2026.rd_expense", "figures.2026.revenue", "figures.2025.rd_expense"])],
    ]


def test_nobody_asks_for_figures_of_years_in_which_the_claim_is_closed() -> None:
    text = '[figures.2026]\nrd_expense = "1200万"\nrevenue = "1亿"\n[figures.2025]\nrd_expense = "1000万"\n'
    years = undecided(planned(text, '"high_tech"', years=(2027, 2028)))
    assert [year.outcomes for year in years] == [(), ()]
    kinds = "[kinds]\n2027 = []\n"
    text = text.replace("2025", "2024").replace("2026", "2025")
    assert [len(year.outcomes) for year in undecided(planned(text, '"high_tech"', years=(2026, 2027)))] == [
        0,
        1,
    ]
    assert undecided(planned(text + kinds, '"high_tech"', years=(2026, 2027)))[1].outcomes == ()


def test_what_counts_nothing_yet_is_told_in_its_own_year_only() -> None:
    text = '[[title]]\nname = "链主"\nyear = 2025\nkind = "chain_leader"\nlevel = "provincial"\n'
    years = undecided(planned(text, defers=True))
    assert [[one.claim.item_id for one in year.outcomes] for year in years] == [["01-chain-title"], [], []]


def test_what_finds_its_cap_used_up_is_not_told_as_open() -> None:
    """200万 expected in 2025 use up what 初创期 pays in all; with 150万, the years after are open still."""
    text = '[[expect]]\nitem = "11-startup"\nyear = 2025\namount = "{}万"\n'
    for amount, open_still in ((200, 0), (150, 1)):
        years = undecided(planned(text.format(amount), '"startup"'))
        assert [len(year.outcomes) for year in years] == [0, open_still, open_still]
