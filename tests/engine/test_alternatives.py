"""What else could have been chosen, against brute force: every grant of every claim tried."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.engine.combine.alternatives import alternatives, leaving, next_best, parts_by_claim, taking
from calc.engine.combine.groups import Group, Share, find_groups
from calc.engine.combine.narrowed import beside, without
from calc.engine.combine.problem import Candidate, Cap, Problem, Stacking
from calc.engine.combine.readings import Combination, settle
from calc.engine.outcomes import BaseUse
from calc.policy.loader import packaged_rules
from tests.engine.test_combine import fits, problems

RULES = packaged_rules()


def combination_of(problem: Problem, stacking: Stacking = "expense") -> Combination:
    choice = settle(problem)
    return Combination(stacking, choice.grants, problem, choice.is_proven)


def all_grants(problem: Problem) -> Iterator[dict[int, int]]:
    items = {one.index: one.item for one in problem.candidates}
    for amounts in product(*(range(one.amount + 1) for one in problem.candidates)):
        grants = {
            one.index: amount for one, amount in zip(problem.candidates, amounts, strict=True) if amount
        }
        if problem.is_one_item and len({items[index] for index in grants}) > 1:
            continue
        if fits(problem, grants):
            yield grants


def rank(grants: dict[int, int]) -> tuple[int, int, tuple[int, ...]]:
    return -sum(grants.values()), len(grants), tuple(grants)


def best(problem: Problem, is_wanted: Callable[[dict[int, int]], bool]) -> dict[int, int]:
    return min((grants for grants in all_grants(problem) if is_wanted(grants)), key=rank)


def most_for(problem: Problem, index: int) -> int:
    return max(grants.get(index, 0) for grants in all_grants(problem))


def under_one_item(problem: Problem) -> Problem:
    """The same claims under the reading ``strict``: two of one item, and only caps over whole items."""
    candidates = tuple(
        replace(one, item=f"item{one.index // 2}", base=None, has_base_table=False)
        for one in problem.candidates
    )
    groups: dict[str, set[int]] = {}
    for one in candidates:
        groups.setdefault(one.item, set()).add(one.index)
    caps = tuple(
        Cap(cap.limit, frozenset(members))
        for cap, members in zip(problem.caps, groups.values(), strict=False)
    )
    return Problem(candidates, frozenset(), caps, shares_bases=False, is_one_item=True)


@given(problems(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_taking_and_leaving_a_claim_pays_what_brute_force_finds(problem: Problem, is_strict: bool) -> None:
    problem = under_one_item(problem) if is_strict else problem
    combination = combination_of(problem)
    parts = parts_by_claim(problem)
    for one in problem.candidates:
        index, most = one.index, most_for(problem, one.index)
        taken = taking(combination, index, parts[index])
        assert taken.is_proven
        assert taken.grants[index] == most
        assert rank(taken.grants) == rank(best(problem, lambda grants: grants.get(index, 0) == most))  # noqa: B023
        left = leaving(combination, index, parts[index])
        assert rank(left.grants) == rank(best(problem, lambda grants: index not in grants))  # noqa: B023
        assert fits(problem, taken.grants)
        assert fits(problem, left.grants)


@given(problems(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_next_best_is_the_best_that_takes_in_what_was_dropped(problem: Problem, is_strict: bool) -> None:
    problem = under_one_item(problem) if is_strict else problem
    combination = combination_of(problem)
    held = combination.grants
    wanted = []
    for one in problem.candidates:
        most = most_for(problem, one.index)
        if held.get(one.index, 0) < most:
            wanted.append(best(problem, lambda grants: grants.get(one.index, 0) == most))  # noqa: B023
    wanted = [grants for grants in wanted if grants.keys() != held.keys()]
    found = next_best(combination, alternatives(combination))
    assert (found is None) == (not wanted)
    if found is not None:
        assert rank(found.grants) == rank(min(wanted, key=rank))
        assert found.total <= combination.total


def claim(index: int, amount: int, subject: str = "s", base: BaseUse | None = None) -> Candidate:
    return Candidate(index, f"item{index}", index, subject, amount, base, base is not None)


def test_a_base_lacks_what_a_claim_beside_it_rests_on() -> None:
    """5 yuan at 20% take 25 of 100; the rest pays 7 at 10%; 5 of the green 30 are left, worth 1 at 20%."""
    one = claim(0, 10, base=BaseUse("b", 100, "whole", 100, Fraction(1, 10)))
    green = claim(1, 5, base=BaseUse("b", 100, "green", 30, Fraction(1, 5)))
    other = claim(2, 6, base=BaseUse("b", 100, "green", 30, Fraction(1, 5)))
    problem = Problem((one, green, other), frozenset(), (), shares_bases=True)
    rest = beside(problem, green, 5)
    assert [(each.index, each.amount, each.base and each.base.limit) for each in rest.candidates] == [
        (0, 7, 75),
        (2, 1, 5),
    ]


def test_a_cap_has_room_for_so_much_less_and_one_that_is_full_keeps_the_others_out() -> None:
    candidates = tuple(claim(index, 50, f"s{index}") for index in range(3))
    capped = Problem(candidates, frozenset(), (Cap(80, frozenset({0, 1, 2})),), shares_bases=False)
    assert beside(capped, candidates[0], 50).caps == (Cap(30, frozenset({1, 2})),)
    full = Problem(candidates, frozenset(), (Cap(50, frozenset({0, 1})),), shares_bases=False)
    assert [one.index for one in beside(full, candidates[0], 50).candidates] == [2]


def test_a_problem_without_a_claim_keeps_only_the_caps_that_can_bind() -> None:
    candidates = tuple(claim(index, 50, f"s{index}") for index in range(3))
    conflicts, caps = frozenset({(0, 1), (1, 2)}), (Cap(80, frozenset({0, 1})), Cap(60, frozenset({1, 2})))
    rest = without(Problem(candidates, conflicts, caps, shares_bases=False), {0})
    assert rest.conflicts == {(1, 2)}
    assert rest.caps == (Cap(60, frozenset({1, 2})),)


def test_where_nothing_is_dropped_there_is_no_next_best() -> None:
    combination = combination_of(Problem((claim(0, 5), claim(1, 7)), frozenset(), (), shares_bases=False))
    assert alternatives(combination) == ()
    assert next_best(combination, ()) is None


def test_the_yuan_of_a_shared_base_are_told_apart() -> None:
    """100 at 10%, of which 30 at 20%: the better rate first, 6 for 30; the other 70 pay 7."""
    one = claim(0, 10, base=BaseUse("b", 100, "whole", 100, Fraction(1, 10)))
    green = claim(1, 6, base=BaseUse("b", 100, "green", 30, Fraction(1, 5)))
    problem = Problem((one, green), frozenset(), (), shares_bases=True)
    (group,) = find_groups(combination_of(problem), RULES)
    assert group == Group("base", (Share(0, 10, 7, 70), Share(1, 6, 6, 30)), 100)


def test_a_claim_alone_on_its_base_takes_the_whole_of_it() -> None:
    one = claim(0, 3, base=BaseUse("b", 100, "whole", 100, Fraction(1, 10)))
    rival = claim(1, 2, base=BaseUse("b", 100, "whole", 100, Fraction(1, 10)))
    problem = Problem((one, rival), frozenset({(0, 1)}), (), shares_bases=True)
    (group,) = find_groups(combination_of(problem), RULES)
    assert group.shares == (Share(0, 3, 3, 100), Share(1, 2, 0, None))


@pytest.mark.parametrize(
    ("stacking", "kinds"), [("subject", ["subject"]), ("expense", ["subject"]), ("none", [])]
)
def test_rivals_on_a_subject_are_a_group_where_the_reading_makes_them_so(
    stacking: Stacking, kinds: list[str]
) -> None:
    problem = Problem((claim(0, 5), claim(1, 7)), frozenset(), (), shares_bases=stacking == "expense")
    assert [one.kind for one in find_groups(combination_of(problem, stacking), RULES)] == kinds


def test_under_strict_all_items_stand_against_each_other_and_caps_beside_them() -> None:
    candidates = tuple(replace(claim(index, 50), item=f"item{index // 2}") for index in range(4))
    caps = (Cap(60, frozenset({0, 1})),)
    problem = Problem(candidates, frozenset(), caps, shares_bases=False, is_one_item=True)
    groups = find_groups(combination_of(problem, "strict"), RULES)
    assert [(one.kind, len(one.shares), one.limit) for one in groups] == [("item", 4, None), ("cap", 2, 60)]
    assert [share.granted for share in groups[0].shares] == [0, 0, 50, 50]


def test_a_part_of_a_base_is_in_whole_yuan_and_pays_the_sum_that_rests_on_it() -> None:
    base = BaseUse("b", 100, "b", 100, Fraction(3, 10))
    first, second = (Candidate(place, f"item {place}", place, "s", 10, base, True) for place in (0, 1))
    problem = Problem((first, second), frozenset(), (), shares_bases=True)
    # 10 yuan at 30% rest on 34 yuan: 33 pay 9.9.
    (rest,) = beside(problem, first, 10).candidates
    assert rest.base is not None
    assert rest.base.whole == 100 - 34
    (group,) = find_groups(Combination("expense", {0: 10, 1: 10}, problem, True), packaged_rules())
    assert [share.part for share in group.shares] == [34, 34]
