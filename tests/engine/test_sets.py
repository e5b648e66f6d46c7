"""Large parts: the best of all their sets, ties and all, as looking at each set on its own gives it."""

from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.engine.combine.choice import choose, compatible_sets, grant
from calc.engine.combine.milp import solve
from calc.engine.combine.problem import Candidate, Cap, Problem, Quota
from calc.engine.combine.sets import LARGEST_SUM, best_set
from calc.engine.outcomes import BaseUse


def best_of_each_set(problem: Problem) -> dict[int, int]:
    """More in all, fewer claims, the earlier claims, more for the earlier."""

    def rank(grants: dict[int, int]) -> tuple[int, int, tuple[int, ...], tuple[int, ...]]:
        return -sum(grants.values()), len(grants), tuple(grants), tuple(-one for one in grants.values())

    found = (grant(problem, chosen) or {} for chosen in compatible_sets(problem, problem.candidates))
    return min(({index: one for index, one in grants.items() if one} for grants in found), key=rank)


def under(caps: list[Cap], amounts: list[int], conflicts: set[tuple[int, int]], *quotas: Quota) -> Problem:
    candidates = tuple(Candidate(index, "i", 1, f"s{index}", amount) for index, amount in enumerate(amounts))
    return Problem(candidates, frozenset(conflicts), tuple(caps), shares_bases=False, quotas=quotas)


@st.composite
def parts(draw: st.DrawFn) -> Problem:
    """Parts with conflicts, caps within and beside each other, and quotas; few sums, so that many tie."""
    amounts = draw(st.lists(st.integers(1, 6) | st.integers(1, 10**6), min_size=1, max_size=9))
    indices = range(len(amounts))
    pairs = list(combinations(indices, 2))
    conflicts = draw(st.sets(st.sampled_from(pairs), max_size=8)) if pairs else set()
    some = st.sets(st.sampled_from(indices), min_size=1)
    limits = st.integers(1, 20) | st.integers(1, 10**6)
    caps = []
    outer = draw(some)
    if draw(st.booleans()):
        caps.append(Cap(draw(limits), frozenset(outer)))
        caps.append(Cap(draw(limits), frozenset(draw(st.sets(st.sampled_from(sorted(outer)), min_size=1)))))
        beside = set(indices) - outer
        if beside:
            caps.append(Cap(draw(limits), frozenset(beside)))
    quotas = [Quota(draw(st.integers(1, 4)), frozenset(draw(some)))] if draw(st.booleans()) else []
    return under(caps, amounts, conflicts, *quotas)


@settings(max_examples=400, deadline=None)
@given(parts())
def test_it_is_the_best_of_all_sets(problem: Problem) -> None:
    choice = best_set(problem)
    assert choice is not None and choice.is_proven
    assert {index: one for index, one in choice.grants.items() if one} == best_of_each_set(problem)


def loans(seed: int, count: int, *limits: int) -> Problem:
    """Two items with a cap each, of which every subject can feed one; several subjects count the same."""
    random = Random(seed)
    amounts = [random.choice([500_000, random.randrange(1, 1_000_000)]) for _ in range(2 * count)]
    caps = [
        Cap(limit, frozenset(range(place * count, place * count + count)))
        for place, limit in enumerate(limits)
    ]
    return under(caps, amounts, {(place, count + place) for place in range(count)})


@pytest.mark.parametrize("seed", range(4))
def test_many_loans_get_what_a_solver_gives_them(seed: int) -> None:
    problem = loans(seed, 12, 2_000_000, 3_000_000)
    choice, solved = choose(problem), solve(problem, settle_ties=False)
    assert choice is not None and solved.is_proven
    assert choice.total == solved.total
    assert all(index + 12 not in choice.grants for index in choice.grants)


def test_the_earlier_of_many_equal_claims_are_taken() -> None:
    # 3 of 20 equal claims reach the cap; of the other item 2 do, on subjects that the first leaves.
    problem = under(
        [Cap(1_200_000, frozenset(range(20))), Cap(1_000_000, frozenset(range(20, 40)))],
        [500_000] * 40,
        {(place, 20 + place) for place in range(20)},
    )
    choice = choose(problem)
    assert choice is not None
    assert choice.grants == {0: 500_000, 1: 500_000, 2: 200_000, 23: 500_000, 24: 500_000}


def test_what_it_cannot_hold_is_left_to_others() -> None:
    base = BaseUse("s.equipment", 100, "s.equipment", 100, Fraction(1))
    on_base = tuple(Candidate(place, "i", 1, "s", 50, base, True) for place in range(2))
    assert best_set(Problem(on_base, frozenset(), (), shares_bases=True)) is None
    assert best_set(under([], [1] * 63, set())) is None
    assert best_set(under([], [LARGEST_SUM], set())) is None
    assert best_set(under([Cap(LARGEST_SUM * 9, frozenset({0}))], [5], set())) is not None
    crossing = [Cap(9, frozenset({0, 1})), Cap(9, frozenset({1, 2}))]
    assert best_set(under(crossing, [5, 5, 5], set())) is None
