"""Another zone's rules, with its own tables, figures and kinds, run with no change in the program."""

from pathlib import Path
from typing import Any

import pytest

from calc.engine.combine.problem import Stacking
from calc.engine.estimate import Estimate, estimate
from calc.engine.outcomes import Eligible
from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import load_rules

RULES = load_rules([str(Path(__file__).parent / "second_zone.toml")])


def answer(text: str, stacking: Stacking = "none") -> Estimate:
    head = '[enterprise]\nname = "东海"\nclaim_year = 2026\nkinds = ["solar_maker"]\n'
    document = parse_document("x", head + text, is_json=False)
    return estimate(
        enterprise_from(document, RULES.vocabulary, RULES.item_ids).enterprise, RULES, stacking=stacking
    )


def amounts(result: Estimate) -> dict[str, int]:
    return {one.claim.item_id: one.amount for one in result.outcomes if isinstance(one, Eligible)}


def plant(**values: Any) -> str:
    lines = "".join(f"{key} = {value}\n" for key, value in values.items())
    return f'[[plant]]\nname = "一号"\nyear = 2026\n{lines}'


@pytest.mark.parametrize(
    ("energy", "sum_paid"),
    [
        # 0.15 yuan a kWh; nothing below 1,000 yuan; at most 500,000 a plant
        ("6666", 0),
        ("6667", 1000),
        ("100001.5", 15_000),
        ("3333333", 499_999),
        ("3333334", 500_000),
        ("9000000", 500_000),
    ],
)
def test_so_much_a_unit_with_a_floor_and_a_cap(energy: str, sum_paid: int) -> None:
    assert amounts(answer(plant(roof="'flat'", energy_kwh=energy)))["1-energy"] == sum_paid


@pytest.mark.parametrize(
    ("patents", "sum_paid"), [(4, 0), (5, 10_000), (9, 10_000), (10, 50_000), (99, 50_000)]
)
def test_a_ladder_by_the_rung_reached(patents: int, sum_paid: int) -> None:
    assert amounts(answer(f"[figures.2025]\npatents = {patents}\n"))["2-patents"] == sum_paid


@pytest.mark.parametrize(
    ("output", "sum_paid"),
    # 1% of the first 1,000万, 2% of the rest
    [
        (9_999_999, 99_999),
        (10_000_000, 100_000),
        (10_000_049, 100_000),
        (10_000_050, 100_001),
        (30_000_000, 500_000),
    ],
)
def test_marginal_tiers(output: int, sum_paid: int) -> None:
    assert amounts(answer(f"[figures.2025]\noutput = {output}\n"))["2-output"] == sum_paid


@pytest.mark.parametrize(
    ("cost", "sum_paid"), [(999_999, 0), (1_000_000, 50_000), (4_999_999, 249_999), (5_000_000, 400_000)]
)
def test_whole_tiers(cost: int, sum_paid: int) -> None:
    assert amounts(answer(plant(roof="'flat'", cost=cost)))["3-plant"] == sum_paid


def test_a_word_selects_the_sum_and_the_rate() -> None:
    flat = amounts(answer(plant(roof="'flat'", cost=10**6, storage_cost=10**5)))
    pitched = amounts(answer(plant(roof="'pitched'", cost=10**6, storage_cost=10**5)))
    assert (flat["1-roof"], flat["2-storage"]) == (20_000, 10_000)
    assert (pitched["1-roof"], pitched["2-storage"]) == (30_000, 20_000)


def test_one_cap_over_several_items() -> None:
    """5万 for 333,334 kWh and 2万 for the roof share a cap of 6万 in every reading that adds them up."""
    result = answer(plant(roof="'flat'", energy_kwh=333_334))
    assert amounts(result) == {"1-energy": 50_000, "1-roof": 20_000}
    assert result.total == 60_000
    assert list(result.combination.grants.values()) == [50_000, 10_000]


def test_of_an_exclusive_group_only_the_best_is_paid() -> None:
    result = answer("[figures.2025]\npatents = 10\noutput = '2000万'\n")
    assert amounts(result) == {"2-patents": 50_000, "2-output": 300_000}
    assert result.total == 300_000
    assert [one.because for one in result.dropped] == ["exclusive"]


def test_three_claims_on_one_base_go_to_the_solver() -> None:
    """Cost 500万 at 8%, of it storage 100万 at 20% (measure 2) or 6% (measure 1); each yuan supports one.

    The storage goes to the 20%: 200,000; the other 400万 to the 8%: 320,000; nothing is left for the 6%.
    The roof of measure 1 has no base, and adds 3万.
    """
    result = answer(plant(roof="'pitched'", cost=5 * 10**6, storage_cost=10**6), "expense")
    assert result.is_proven
    assert result.total == 200_000 + 320_000 + 30_000


def test_the_policy_holds_in_its_own_year_only() -> None:
    document = parse_document(
        "x", '[enterprise]\nname = "东海"\nclaim_year = 2027\n[figures.2026]\npatents = 5\n', is_json=False
    )
    result = estimate(enterprise_from(document, RULES.vocabulary, RULES.item_ids).enterprise, RULES)
    assert [type(one).__name__ for one in result.outcomes] == ["Barred"]
