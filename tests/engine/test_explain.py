"""Why: conditions with their verdicts, what displaced what at which cost; cases worked out by hand."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc import load_enterprise
from calc.engine.combine.alternatives import leaving, parts_by_claim
from calc.engine.combine.problem import STACKINGS, Stacking
from calc.engine.conditions import examine
from calc.engine.estimate import Estimate, estimate
from calc.engine.explain import Explained, NoClaim, explain, weigh
from calc.engine.outcomes import Eligible, Ineligible, NeedsInput
from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import load_rules, packaged_rules
from calc.policy.rules import Rules
from tests.engine.test_properties import enterprises, load

RULES = packaged_rules()
EXAMPLES = Path(__file__).parents[2] / "examples"
LINE = """
[[investment]]
name = "线"
year = 2026
purposes = ["capacity"]
"""


def answer(name: str, stacking: Stacking = "subject") -> Estimate:
    return estimate(load_enterprise(str(EXAMPLES / f"{name}.toml")), RULES, stacking=stacking)


def answer_to(text: str, head: str = "", rules: Rules = RULES) -> Estimate:
    whole = f'[enterprise]\nname = "甲"\nclaim_year = 2026\n{head}\n{text}'
    loaded = enterprise_from(parse_document("x", whole, is_json=False), rules.vocabulary, rules.item_ids)
    return estimate(loaded.enterprise, rules)


def explained(result: Estimate, item: str, name: str | None = None) -> Explained:
    found = [one for one in explain(result, [item], weighs=False).found if isinstance(one, Explained)]
    return next(
        one
        for one in found
        if name is None or (one.outcome.claim.entry is not None and one.outcome.claim.entry.name == name)
    )


def verdicts(result: Estimate, item: str) -> list[tuple[str, Any, Any]]:
    return [(one.verdict, one.value, one.threshold) for one in explained(result, item).conditions]


@pytest.mark.parametrize(
    ("equipment", "months", "wanted"),
    [
        ("2000万", 24, [("holds", 20_000_000, 20_000_000), ("holds", 24, 24)]),
        ("1999万", 25, [("fails", 19_990_000, 20_000_000), ("fails", 25, 24)]),
        (None, 24, [("missing", None, 20_000_000), ("holds", 24, 24)]),
    ],
)
def test_bounds_hold_at_the_number_itself(equipment: str | None, months: int, wanted: list[Any]) -> None:
    figure = f'equipment = "{equipment}"\n' if equipment else ""
    text = f"{LINE}{figure}construction_months = {months}\n"
    assert verdicts(answer_to(text), "02-capacity") == wanted


@pytest.mark.parametrize(
    ("kinds", "figures", "wanted"),
    [
        # 3% of 40,000,000 is 1,200,000; last year's 1,200,000 reaches it and exceeds the 1,199,999 before.
        (
            '["bank", "high_tech"]',
            ("40_000_000", "1_200_000", "1_199_999"),
            ["holds", "holds", "holds", "holds"],
        ),
        ('["bank"]', ("40_000_000", "999_999", "999_999"), ["fails", "fails", "fails", "fails"]),
        ('["high_tech"]', (None, "1_200_000", None), ["holds", "holds", "missing", "missing"]),
    ],
)
def test_kinds_ratios_and_strict_bounds(
    kinds: str, figures: tuple[str | None, ...], wanted: list[str]
) -> None:
    revenue, spent, before = figures
    text = f"[figures.2025]\nrd_expense = {spent}\n" + (f"revenue = {revenue}\n" if revenue else "")
    text += f"[figures.2024]\nrd_expense = {before}\n" if before else ""
    found = explained(answer_to(text, f"kinds = {kinds}"), "05-rd-growth").conditions
    assert [one.verdict for one in found] == wanted
    assert found[2].threshold == (1_200_000 if revenue else None)
    assert found[3].threshold == (int(before) if before else None)


def test_flags_and_words() -> None:
    text = (
        '[[carrier]]\nname = "器"\nyear = 2026\nkind = "incubator"\nlevel = "municipal"\neffective = true\n'
    )
    assert verdicts(answer_to(text), "10-incubator-operation") == [
        ("fails", "municipal", ("provincial", "national")),
        ("holds", True, True),
    ]


@pytest.mark.parametrize(
    ("principals", "verdict", "value"),
    [
        (("6000万", "4000万"), "holds", 100_000_000),
        (("6000万", "3999万"), "fails", 99_990_000),
        (("6000万", None), "missing", 60_000_000),
        ((None, None), "missing", None),
        # The known one reaches the bound by itself: the other is not asked for.
        (("1亿", None), "holds", 100_000_000),
    ],
)
def test_a_sum_over_the_loans_of_a_project(
    principals: tuple[str | None, ...], verdict: str, value: int | None
) -> None:
    text = "".join(
        f'[[loan]]\nname = "{place}"\npurpose = "investment"\nkind = "other"\nproject = "线"\n'
        f'annual_rate = "3%"\nstart = 2026-01-01\nmonths = 12\n'
        + (f'principal = "{principal}"\n' if principal else "")
        for place, principal in enumerate(principals)
    )
    assert verdicts(answer_to(text), "25-investment-loan") == [(verdict, value, 100_000_000)]


@given(enterprises())
@settings(max_examples=100, deadline=None)
def test_the_examination_and_the_outcome_say_the_same(content: dict[str, Any]) -> None:
    result = estimate(load(content), RULES)
    for outcome in result.outcomes:
        found = [*examine(result.facts, outcome.claim)]
        failed = tuple(one.reason for one in found if one.verdict == "fails")
        match outcome:
            case Ineligible(reasons=reasons):
                assert failed == reasons
            case NeedsInput(missing=missing):
                assert not failed
                assert {path.path for one in found for path in one.missing} <= {one.path for one in missing}
            case Eligible():
                assert all(one.verdict == "holds" for one in found)
            case _:
                pytest.fail("nothing is barred here")


@given(enterprises(), st.sampled_from(STACKINGS))
@settings(max_examples=60, deadline=None)
def test_without_a_claim_it_pays_what_a_fresh_estimate_does_that_expects_nothing_of_it(
    content: dict[str, Any], stacking: Stacking
) -> None:
    result = estimate(load(content), RULES, stacking=stacking)
    for place in result.combination.grants:
        claim = result.outcomes[place].claim
        nothing = {"item": claim.item_id, "year": 2026, "subject": claim.subject, "amount": 0}
        fresh = estimate(load({**content, "expect": [*content["expect"], nothing]}), RULES, stacking=stacking)
        left = leaving(result.combination, place, parts_by_claim(result.combination.problem)[place])
        assert left.is_proven
        assert left.total == fresh.total
        assert left.grants == fresh.combination.grants


def test_what_a_claim_displaced_and_what_taking_the_other_would_cost() -> None:
    """2,600万 for capacity against 500万 for the retrofit of the same line: 3,350 - 2,600 + 500 = 1,250."""
    result = answer("manufacturer")
    winner, loser = explained(result, "02-capacity", "二期产线"), explained(result, "19-retrofit")
    assert [one.index for one in winner.displaced] == [loser.place]
    assert winner.without is not None
    assert winner.without.total == 12_500_000
    assert winner.dropped is None
    assert loser.dropped is not None
    assert (loser.dropped.because, loser.dropped.winner) == ("subject", winner.place)
    assert loser.instead is not None
    assert loser.instead.total == 12_500_000


def test_a_claim_cut_by_a_shared_base_and_the_total_if_it_were_not() -> None:
    """2.6亿 at 10%: the retrofit takes 2,500万 of it; capacity in full is 250万 more, and 500万 are lost."""
    result = answer("manufacturer", "expense")
    cut = explained(result, "02-capacity", "二期产线")
    assert cut.dropped is not None
    assert (cut.dropped.because, cut.dropped.granted) == ("base", 23_500_000)
    assert cut.instead is not None
    assert cut.instead.total == 33_500_000
    (group,) = cut.groups
    assert (group.kind, group.limit) == ("base", 260_000_000)
    assert [(share.granted, share.part) for share in group.shares] == [
        (23_500_000, 235_000_000),
        (5_000_000, 25_000_000),
    ]


@pytest.mark.parametrize(
    ("stacking", "total", "claims", "next_best"),
    [
        ("strict", 26_000_000, 1, 5_400_000),
        ("subject", 33_500_000, 6, 29_100_000),
        ("expense", 36_000_000, 7, 35_500_000),
        ("none", 39_500_000, 8, None),
    ],
)
def test_each_reading_has_its_next_best(
    stacking: Stacking, total: int, claims: int, next_best: int | None
) -> None:
    """strict: 03-core-tech's 540万.  subject: 440万 less.  expense: 50万 less, either way."""
    found = weigh(answer("manufacturer", stacking))
    assert tuple(found.readings) == STACKINGS
    held, best = found.readings[stacking]
    assert (held.total, len(held.grants)) == (total, claims)
    assert (best.total if best else None) == next_best
    assert (found.next_best.total if found.next_best else None) == next_best
    for name in STACKINGS:
        other = answer("manufacturer", name)
        assert found.readings[name][0].grants == other.combination.grants


def test_the_next_best_may_pay_as_much_and_the_next_lower_never_does() -> None:
    """Two loans of 15万 each share 15万; beside them 100万 stands against 40万 on one project."""
    loans = "".join(
        f'[[loan]]\nname = "{name}"\npurpose = "technology"\nkind = "credit"\nprincipal = "1000万"\n'
        f'annual_rate = "3%"\nstart = 2026-01-01\nmonths = 12\n'
        for name in "甲乙"
    )
    project = (
        '[[rd_project]]\nname = "题"\nyear = 2026\nspend = "200万"\npartner = true\n'
        'scope = "core_technology"\nscenario_honour = "provincial"\n'
    )
    found = weigh(answer_to(loans + project, 'kinds = ["high_tech"]'))
    # 30% of 200万 is 60万, 20% is 40万: 75万 in all, 75万 with the other loan, 55万 with the scenario.
    assert found.next_best is not None
    assert found.next_best.total == 750_000
    assert found.next_lower is not None
    assert found.next_lower.total == 550_000


def test_items_without_a_claim_and_services_are_explained_too() -> None:
    found = explain(answer("manufacturer"), ["02-chain", "28-fund", "11-startup"], weighs=False).found
    chain, fund, startup = found
    assert isinstance(chain, NoClaim)
    assert [(entry.name, entry.year) for entry in chain.elsewhere] == [("二期产线", 2026), ("一期改造", 2026)]
    assert isinstance(fund, Explained)
    assert fund.place is None
    assert isinstance(fund.outcome, Eligible)
    assert startup == NoClaim("11-startup", ())


def test_a_service_on_several_subjects_is_told_once() -> None:
    (found,) = explain(answer("manufacturer"), ["20-carbon-review"], weighs=False).found
    assert isinstance(found, Explained)


def test_an_item_without_a_claim_tells_what_would_close_it_all_the_same() -> None:
    (found,) = explain(answer("bank"), ["02-capacity"], weighs=False).found
    assert isinstance(found, NoClaim)
    assert [reason.code for reason in found.bars] == ["out_of_zone"]


def test_all_in_brief_are_the_claims_of_the_estimate_in_order() -> None:
    result = answer("group")
    found = explain(result, (), weighs=False)
    assert found.is_brief
    assert [one.place for one in found.claims] == [*range(len(result.outcomes))]
    assert explain(result, (), weighs=True).found == ()


def test_items_that_the_rules_keep_apart_are_a_group(tmp_path: Path) -> None:
    path = tmp_path / "细则.toml"
    path.write_text('[[exclusive]]\nitems = ["05-rd-growth", "25-technology-loan"]\n', "utf-8")
    rules = load_rules([str(path)])
    text = (
        "[figures.2025]\nrevenue = 1_000_000\nrd_expense = 1_000_000\n[figures.2024]\nrd_expense = 500_000\n"
        '[[loan]]\nname = "甲"\npurpose = "technology"\nkind = "credit"\nprincipal = "1000万"\n'
        'annual_rate = "3%"\nstart = 2026-01-01\nmonths = 12\n'
    )
    result = answer_to(text, 'kinds = ["high_tech"]', rules)
    # 3% of 50万 + 10% of 50万 = 6.5万 against 15万.
    (group,) = weigh(result).groups
    assert group.kind == "exclusive"
    assert [(share.amount, share.granted) for share in group.shares] == [(65_000, 0), (150_000, 150_000)]
    loser = explained(result, "05-rd-growth")
    assert loser.dropped is not None
    assert loser.dropped.because == "exclusive"
