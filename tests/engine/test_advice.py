# ruff: noqa: E501 -- some cases are one a line
"""Gaps and what-ifs: each change makes its claim eligible, one step less does not; sums equal a fresh estimate."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calc.engine.advice import Gap, Scene, find_gaps, leaf_of
from calc.engine.estimate import Estimate, estimate
from calc.engine.gaps import Mend
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput
from calc.enterprise.changes import Change, changed, read_leaf
from calc.enterprise.documents import Document, parse_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from, load_enterprise
from calc.enterprise.problems import InputError
from calc.policy.loader import packaged_rules
from calc.present.data.documents import json_text
from calc.present.language import language
from tests.engine.test_properties import enterprises

RULES = packaged_rules()
HEAD = '[enterprise]\nname = "甲"\nclaim_year = 2026\n'
LINE = (
    '[[investment]]\nname = "二期.线"\nyear = {}\npurposes = ["capacity"]\n'
    'equipment = "{}"\nconstruction_months = {}\n'
)


def read(document: Document) -> Enterprise:
    return enterprise_from(document, RULES.vocabulary, RULES.item_ids).enterprise


def answer(enterprise: Enterprise) -> Estimate:
    return estimate(enterprise, RULES)


def scene(text: str) -> Scene:
    document = parse_document("x.toml", text, is_json=False)
    return Scene(document, answer(read(document)), read, answer)


def changes(gap: Gap) -> list[tuple[str, Any, Any]]:
    return [(mend.path, mend.before, mend.after) for mend in gap.mends]


@pytest.mark.parametrize(
    ("text", "wanted", "gain"),
    [
        (LINE.format(2026, "1999.9999万", 24), [("investment:二期.线.equipment", 19_999_999, 20_000_000)], 2_000_000),
        (LINE.format(2026, "1500.005万", 30), [("investment:二期.线.equipment", 15_000_050, 20_000_000), ("investment:二期.线.construction_months", 30, 24)], 2_000_000),
        # 3% of 3333.33 yuan is 99.9999; the whole-yuan expense that passes 100万 is far above
        ('[enterprise]\nname="甲"\nclaim_year=2026\nkinds=["high_tech"]\n[figures.2025]\nrevenue="1亿"\nrd_expense="150万"\n[figures.2024]\nrd_expense="200万"\n', [("figures.2025.rd_expense", 1_500_000, 3_000_000)], 160_000),
        ('[[contest]]\nname="赛"\nyear=2026\nlevel="municipal"\nprize=5\n', [("contest:赛.prize", 5, 3), ("contest:赛.level", "municipal", "provincial")], 0),
        ('[[service_platform]]\nname="台"\nyear=2026\nservice_income=100\n', [("service_platform:台.effective", False, True)], 30),
        ('[[bad_loan]]\nname="贷"\nyear=2026\ntotal=100\n', [("enterprise.kinds", (), ("bank",))], 30),
        ("[figures.2025]\ntech_transfer_value=0\n", [("figures.2025.tech_transfer_value", 0, 1), ("enterprise.kinds", (), ("rd_institute",))], 0),
        ('[[park]]\nname="园"\nyear=2026\nkind="sme"\noccupancy="29.995%"\noperated_area_m2="19999.2"\neffective=true\n', [("park:园.operated_area_m2", Fraction(199992, 10), 20_000), ("park:园.occupancy", Fraction(29995, 100_000), Fraction(3, 10))], 0),
    ],
)  # fmt: skip
def test_the_least_change(text: str, wanted: list[tuple[str, Any, Any]], gain: int) -> None:
    gaps = find_gaps(scene(text if text.startswith("[enterprise]") else HEAD + text))
    assert [changes(gap) for gap in gaps] == [wanted]
    assert gaps[0].gain == gain


def test_a_sum_over_several_loans_is_mended_through_the_claims_own() -> None:
    loan = (
        '[[loan]]\nname = "{}"\npurpose = "investment"\nkind = "other"\nprincipal = "{}"\nannual_rate = "3%"\n'
        'start = 2026-01-01\nmonths = 12\nproject = "P"\n'
    )
    gaps = find_gaps(scene(HEAD + loan.format("一", "6000万") + loan.format("二", "3000万")))
    assert [changes(gap) for gap in gaps] == [
        [("loan:一.principal", 60_000_000, 70_000_000)],
        [("loan:二.principal", 30_000_000, 40_000_000)],
    ]
    # Either makes both eligible: 1% of 1亿 for a year.
    assert [gap.gain for gap in gaps] == [1_000_000, 1_000_000]


def test_a_gap_behind_which_a_figure_is_missing_comes_last() -> None:
    text = (
        HEAD + '[[exhibition]]\nname = "展"\nyear = 2026\nrole = "host"\n' + LINE.format(2026, "1000万", 24)
    )
    assert [(gap.item_id, gap.gain) for gap in find_gaps(scene(text))] == [
        ("02-capacity", 2_000_000),
        ("16-exhibition-host", None),
    ]


def weakened(mend: Mend) -> Mend | None:
    """The change, one yuan, month or place short; a flag, a level or a kind has nothing between."""
    if isinstance(mend.after, bool) or not isinstance(mend.after, int | Fraction):
        return None
    step = Fraction(1, 10**4) if isinstance(mend.after, Fraction) else 1
    sign = 1 if isinstance(mend.before, int | Fraction) and mend.before < mend.after else -1
    return mend._replace(after=mend.after - sign * step)


@pytest.mark.parametrize(
    ("text", "is_near"),
    [
        # a tenth of 2000万 is 200万
        (LINE.format(2026, "1800万", 24), True),
        (LINE.format(2026, "1799.9999万", 24), False),
        # months: three, though a tenth of 24 is 2.4
        (LINE.format(2026, "2000万", 27), True),
        (LINE.format(2026, "2000万", 28), False),
        # every figure that fails has to be near
        (LINE.format(2026, "1900万", 27), True),
        (LINE.format(2026, "1000万", 25), False),
        # a fourth prize misses the third by a third of it: a count that counts no months
        ('[[contest]]\nname="赛"\nyear=2026\nlevel="national"\nprize=4\n', False),
        # a flag or a kind is no figure
        ('[[service_platform]]\nname="台"\nyear=2026\nservice_income=100\n', False),
        ('[[bad_loan]]\nname="贷"\nyear=2026\ntotal=100\n', False),
        # nothing is not nearly something
        ('[figures.2025]\ngreen_power_cost=0\n', False),
        ('[[park]]\nname="园"\nyear=2026\nkind="sme"\noccupancy="27%"\noperated_area_m2=18_000\neffective=true\n', True),
        ('[[park]]\nname="园"\nyear=2026\nkind="sme"\noccupancy="26.99%"\noperated_area_m2=18_000\neffective=true\n', False),
        # 3% of 1亿 are 300万: 270万 of expense is a tenth short, and below last year's by a tenth of that
        ('[enterprise]\nname="甲"\nclaim_year=2026\nkinds=["high_tech"]\n[figures.2025]\nrevenue="1亿"\nrd_expense="270万"\n[figures.2024]\nrd_expense="300万"\n', True),
        ('[enterprise]\nname="甲"\nclaim_year=2026\nkinds=["high_tech"]\n[figures.2025]\nrevenue="1亿"\nrd_expense="269万"\n', False),
    ],
)  # fmt: skip
def test_a_near_miss_lies_within_a_tenth_or_three_months_in_every_figure(text: str, is_near: bool) -> None:
    gaps = find_gaps(scene(text if text.startswith("[enterprise]") else HEAD + text))
    assert [gap.is_near for gap in gaps] == [is_near]


@given(content=enterprises(), earlier=st.integers(2025, 2027))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_file_changed_and_written_out_gives_what_the_gap_said(
    content: dict[str, Any], earlier: int, tmp_path: Path
) -> None:
    """A name may stand in several years, and sums may have been received: a change means this year's entry."""
    for table in RULES.vocabulary.tables.values():
        if table.dated and table.name in content:
            others = [{**entry, "year": earlier} for entry in content[table.name] if earlier != 2026]
            content[table.name] = [*others, *content[table.name]]
    content["received"] = [
        {"item": "02-chain", "year": 2025, "amount": 10**6, "subject": "investment:investment0"}
    ]
    here = scene(tomli_w.dumps(content))
    for number, gap in enumerate(find_gaps(here)):
        leaves = [Change(mend.path, leaf_of(mend.after)) for mend in gap.mends]
        path = tmp_path / f"{number}.toml"
        path.write_text(
            tomli_w.dumps(changed(here.document, leaves, RULES.vocabulary, 2026).content), "utf-8"
        )
        again = answer(load_enterprise(str(path), RULES.vocabulary, RULES.item_ids).enterprise)
        mark = (gap.item_id, gap.subject)
        outcome = next(one for one in again.outcomes if (one.claim.item_id, one.claim.subject) == mark)
        if gap.total_after is None:
            assert isinstance(outcome, NeedsInput)
        else:
            assert isinstance(outcome, Eligible)
            assert (again.total, gap.gain) == (gap.total_after, again.total - here.estimate.total)


@given(enterprises())
@settings(max_examples=80, deadline=None)
def test_each_change_mends_and_one_step_less_does_not(content: dict[str, Any]) -> None:
    here = scene(tomli_w.dumps(content))
    for gap in find_gaps(here):
        mark = (gap.item_id, gap.subject)

        def after(mends: list[Mend]) -> Estimate:
            return here.with_changes([Change(mend.path, leaf_of(mend.after)) for mend in mends])

        mended = after(list(gap.mends))
        outcome = next(one for one in mended.outcomes if (one.claim.item_id, one.claim.subject) == mark)
        assert not isinstance(outcome, Ineligible)
        assert not isinstance(outcome, Barred)
        assert gap.total_after == (None if isinstance(outcome, NeedsInput) else mended.total)
        for place, mend in enumerate(gap.mends):
            less = weakened(mend)
            if less is None or less.after < 0:  # type: ignore[operator]
                continue
            others = [*gap.mends[:place], less, *gap.mends[place + 1 :]]
            try:
                short = after(others)
            except InputError:
                continue  # a whole one yuan short of its part is no file at all
            outcome = next(one for one in short.outcomes if (one.claim.item_id, one.claim.subject) == mark)
            assert isinstance(outcome, Ineligible), (gap, less)


@pytest.mark.parametrize(
    ("text", "leaf"),
    [("3亿", "3亿"), ('"3亿"', "3亿"), ("30_000", 30_000), ("true", True), ("2026-01-01", None), ('["bank"]', ["bank"]), ("a = 1", "a = 1")],
)  # fmt: skip
def test_a_value_is_written_as_in_the_file_quotes_optional(text: str, leaf: Any) -> None:
    found = read_leaf(text)
    assert str(found) == "2026-01-01" if leaf is None else found == leaf


@pytest.mark.parametrize(
    ("path", "leaf", "before", "after"),
    [
        ("investment:二期.线.equipment", "2亿", LINE.format(2026, "1亿", 12), LINE.format(2026, "2亿", 12)),
        ("investment:二期.线.equipment", 5, LINE.format(2025, "1亿", 12) + LINE.format(2026, "1亿", 12), LINE.format(2025, "1亿", 12) + LINE.format(2026, "5", 12)),
        ("figures.2025.rd_expense", "5万", "", "[figures.2025]\nrd_expense = '5万'\n"),
        ("fx.usd_cny", "7.1", "", "[fx]\nusd_cny = '7.1'\n"),
        ("enterprise.kinds", ["bank"], "[kinds]\n2026 = []\n", "[kinds]\n2026 = ['bank']\n"),
    ],
)  # fmt: skip
def test_a_what_if_is_the_file_edited_by_hand(path: str, leaf: Any, before: str, after: str) -> None:
    here = scene(HEAD + before)
    edited = scene(HEAD + after)
    speech = language("zh")
    found = here.with_changes([Change(path, leaf)])
    assert json_text(found, speech, is_pretty=False) == json_text(edited.estimate, speech, is_pretty=False)
    assert json.dumps(here.document.content, default=str) == json.dumps(
        parse_document("x.toml", HEAD + before, is_json=False).content, default=str
    )


@pytest.mark.parametrize(
    "path", ["", "x", "investment", "investment:三期.equipment", "figure.2025.revenue", "a.b.c"]
)
def test_an_unknown_path_is_an_error(path: str) -> None:
    document = parse_document("x.toml", HEAD + LINE.format(2026, "1亿", 12), is_json=False)
    with pytest.raises(InputError):
        changed(document, [Change(path, 1)], RULES.vocabulary, 2026)


def test_an_unknown_key_or_a_wrong_value_is_told_by_the_loader() -> None:
    here = scene(HEAD + LINE.format(2026, "1亿", 12))
    for change in (Change("investment:二期.线.equipmnt", 5), Change("investment:二期.线.equipment", "5美元")):
        with pytest.raises(InputError):
            here.with_changes([change])
