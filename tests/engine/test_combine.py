"""The combination against brute force: every grant of every claim tried, ties and all."""

from collections import defaultdict
from fractions import Fraction
from itertools import product
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.engine.combine.choice import choose
from calc.engine.combine.milp import solve
from calc.engine.combine.problem import Candidate, Cap, Problem, Quota, components
from calc.engine.combine.readings import settle
from calc.engine.combine.split import best_split
from calc.engine.outcomes import BaseUse

RATES = [Fraction(1, 10), Fraction(1, 5), Fraction(3, 10), Fraction(1, 2), Fraction(1), Fraction(7, 23)]


def fits(problem: Problem, grants: dict[int, int]) -> bool:
    """Whether grants (of chosen claims, all above 0) keep every conflict, cap and base."""
    by_index = {one.index: one for one in problem.candidates}
    if any(first in grants and second in grants for first, second in problem.conflicts):
        return False
    if any(sum(grants.get(index, 0) for index in cap.members) > cap.limit for cap in problem.caps):
        return False
    if any(len(quota.members & grants.keys()) > quota.limit for quota in problem.quotas):
        return False
    if not problem.shares_bases:
        return True
    groups: defaultdict[str, list[Candidate]] = defaultdict(list)
    for index in grants:
        base = by_index[index].base
        if base is not None:
            groups[base.root].append(by_index[index])
    return all(fits_base(group, grants) for group in groups.values() if len(group) > 1)


def fits_base(group: list[Candidate], grants: dict[int, int]) -> bool:
    used: defaultdict[str, int] = defaultdict(int)
    limits: dict[str, int] = {}
    for one in group:
        assert one.base is not None
        used[one.base.part] += ceil(grants[one.index] / one.base.rate)
        limits[one.base.part] = one.base.limit
    whole = group[0].base.whole if group[0].base else 0
    return sum(used.values()) <= whole and all(used[part] <= limit for part, limit in limits.items())


def brute_force(problem: Problem) -> dict[int, int]:
    """The best grants by the rules for ties: total, fewer claims, earlier claims, more for the earlier."""
    best: dict[int, int] = {}
    best_rank = (0, 0, (), ())
    for amounts in product(*(range(one.amount + 1) for one in problem.candidates)):
        grants = {
            one.index: amount for one, amount in zip(problem.candidates, amounts, strict=True) if amount
        }
        rank = (
            -sum(grants.values()),
            len(grants),
            tuple(grants),
            tuple(-amount for amount in grants.values()),
        )
        if rank < best_rank and fits(problem, grants):
            best, best_rank = grants, rank  # type: ignore[assignment]
    return best


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Small problems with everything in them: conflicts, nested caps, bases with a part."""
    size = draw(st.integers(1, 5))
    whole = draw(st.integers(0, 30))
    green = draw(st.integers(0, whole))
    candidates = []
    for index in range(size):
        base = None
        amount = draw(st.integers(1, 5))
        if draw(st.booleans()):
            rate = draw(st.sampled_from(RATES))
            part, limit = draw(st.sampled_from([("whole", whole), ("green", green)]))
            # A fraction of a yuan in the base may be worth one yuan more to a claim that is alone on it.
            amount = min(amount, floor(rate * limit) + draw(st.integers(0, 1)))
            base = BaseUse("base", whole, part, limit, rate)
        if amount > 0:
            has_base = base is not None
            candidates.append(Candidate(index, f"item{index}", index, "subject", amount, base, has_base))
    indices = [one.index for one in candidates]
    pairs = [(first, second) for place, second in enumerate(indices) for first in indices[:place]]
    conflicts = draw(st.sets(st.sampled_from(pairs), max_size=4)) if pairs else set()
    caps: list[Cap] = []
    is_capped: bool = draw(st.booleans())
    if indices and is_capped:
        outer: set[int] = draw(st.sets(st.sampled_from(indices), min_size=1))
        caps.append(Cap(draw(st.integers(1, 12)), frozenset(outer)))
        inner = draw(st.sets(st.sampled_from(sorted(outer)), min_size=1))
        caps.append(Cap(draw(st.integers(1, 8)), frozenset(inner)))
    shares_bases = draw(st.booleans())
    quotas: tuple[Quota, ...] = ()
    is_counted: bool = draw(st.booleans())
    if indices and is_counted:
        counted: set[int] = draw(st.sets(st.sampled_from(indices), min_size=1))
        quotas = (Quota(draw(st.integers(1, 3)), frozenset(counted)),)
    return Problem(tuple(candidates), frozenset(conflicts), tuple(caps), shares_bases, quotas=quotas)


@given(problems())
@settings(max_examples=300, deadline=None)
def test_settled_part_by_part_it_is_the_best_there_is(problem: Problem) -> None:
    choice = settle(problem)
    assert choice.is_proven
    assert choice.grants == brute_force(problem)


@given(problems())
@settings(max_examples=60, deadline=None)
def test_the_solver_alone_gives_the_same_answer(problem: Problem) -> None:
    grants: dict[int, int] = {}
    for part in components(problem) if problem.candidates else ():
        choice = solve(part, settle_ties=True)
        assert choice.is_proven
        grants.update(choice.grants)
    assert dict(sorted(grants.items())) == brute_force(problem)


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.tuples(st.sampled_from(RATES), st.sampled_from(RATES)),
    st.tuples(st.integers(1, 12), st.integers(1, 12)),
)
@settings(max_examples=300, deadline=None)
def test_a_split_is_the_best_of_all_splits(
    whole: int, green: int, rates: tuple[Fraction, Fraction], amounts: tuple[int, int]
) -> None:
    green = min(green, whole)
    first = Candidate(0, "a", 1, "s", amounts[0], BaseUse("b", whole, "whole", whole, rates[0]), True)
    second = Candidate(1, "b", 2, "s", amounts[1], BaseUse("b", whole, "green", green, rates[1]), True)
    tried = []
    for part in range(whole + 1):
        one = min(floor(rates[0] * part), amounts[0])
        other = min(floor(rates[1] * min(green, whole - part)), amounts[1])
        tried.append((one + other, one))
    total, grant = max(tried)
    assert best_split(first, second) == (grant, total - grant)


def split_between(rates: tuple[Fraction, Fraction], whole: int) -> tuple[Candidate, Candidate]:
    """Two claims that each could use a whole base."""
    one, other = (
        Candidate(place, f"{place}", place, "s", floor(rate * whole), BaseUse("b", whole, "b", whole, rate))
        for place, rate in enumerate(rates)
    )
    return one, other


def test_rates_of_many_decimals_are_split_as_soon_as_plain_ones() -> None:
    rates = Fraction(123_456_789, 10**9), Fraction(76_543_211, 10**9)
    # The higher rate takes all: 10**9 x 12.3456789%.
    assert best_split(*split_between(rates, 10**9)) == (123_456_789, 0)


def test_a_split_whose_rounding_repeats_too_late_goes_to_the_solver() -> None:
    rate = Fraction(123_456_789, 10**9)
    candidates = split_between((rate, rate), 10**6)
    assert best_split(*candidates) is None
    choice = settle(Problem(candidates, frozenset(), (), shares_bases=True))
    # One takes all: 10**6 x 12.3456789% is 123456.789.
    assert choice.grants == {0: 123_456}
    assert choice.is_proven


def test_sums_beyond_what_the_solver_takes_for_finite() -> None:
    # Three claims on one base go to the solver; it takes no coefficient of 10**15, a rate of many decimals
    # times a sum, and no sum of 10**15.
    rates = [Fraction(333_333, 10**6), Fraction(123_456_789, 10**9), Fraction(1, 10**6)]
    for whole, amount in ((3 * 10**6, 10**6), (10**15, 10**15)):
        candidates = tuple(
            Candidate(place, f"{place}", place, "s", amount, BaseUse("b", whole, "b", whole, rate))
            for place, rate in enumerate(rates)
        )
        choice = solve(Problem(candidates, frozenset(), (), shares_bases=True), settle_ties=False)
        assert sum(choice.grants.values()) >= 333_333


@st.composite
def stages(draw: st.DrawFn) -> Problem:
    """One project over years: its stages under one cap, each on a base that another claim may share."""
    first_rate, second_rate = draw(st.sampled_from(RATES)), draw(st.sampled_from(RATES))
    candidates = []
    for year in range(draw(st.integers(2, 3))):
        whole = draw(st.integers(1, 40))
        limit = draw(st.sampled_from([whole, whole // 2 + 1]))
        root = f"year {year}"
        stage = BaseUse(root, whole, "whole", whole, first_rate)
        amount = min(draw(st.integers(1, 5)), floor(first_rate * whole))
        if amount:
            candidates.append(Candidate(2 * year, "stage", 1, "s", amount, stage, True))
        other = BaseUse(root, whole, "part", limit, second_rate)
        amount = min(draw(st.integers(0, 3)), floor(second_rate * limit))
        if amount:
            candidates.append(Candidate(2 * year + 1, f"other {year}", 2, "s", amount, other, True))
    members = frozenset(one.index for one in candidates if one.item == "stage")
    cap = Cap(draw(st.integers(1, 10)), members)
    return Problem(tuple(candidates), frozenset(), (cap,) if members else (), shares_bases=True)


@given(stages())
@settings(max_examples=60, deadline=None)
def test_stages_under_one_cap_share_their_bases_best(problem: Problem) -> None:
    choice = choose(problem)
    assert choice is not None
    assert choice.grants == brute_force(problem)


def test_a_cap_whose_rounding_repeats_too_late_goes_to_the_solver() -> None:
    rates = Fraction(9_999, 100_000), Fraction(1, 9)
    candidates = tuple(
        Candidate(2 * year + place, f"{place}", place, "s", amount, base, True)
        for year in range(2)
        for place, (rate, amount) in enumerate(zip(rates, (90, 100), strict=True))
        for base in (BaseUse(f"{year}", 1000, "whole", 1000, rate),)
    )
    assert choose(Problem(candidates, frozenset(), (Cap(10, frozenset({0, 2})),), shares_bases=True)) is None


def test_one_cap_takes_the_fewest_and_earliest_claims() -> None:
    amounts = [40, 60, 60, 100, 100]
    candidates = tuple(Candidate(index, "i", 1, f"s{index}", amount) for index, amount in enumerate(amounts))
    problem = Problem(candidates, frozenset(), (Cap(160, frozenset(range(5))),), shares_bases=False)
    # Two claims reach 160: the first that can be one of them is 60 (with a 100), and it gets all of its sum.
    assert settle(problem).grants == {1: 60, 3: 100}


@pytest.mark.parametrize("size", [12, 24])
def test_what_is_tangled_the_solver_settles_as_looking_does(size: int) -> None:
    """Two caps across many conflicts: each subject may feed one of them."""
    candidates = []
    for place in range(size):
        candidates.append(Candidate(place, "a", 1, f"s{place}", 37 + 11 * place))
    for place in range(size):
        candidates.append(Candidate(size + place, "b", 1, f"s{place}", 20 + 7 * place))
    problem = Problem(
        tuple(candidates),
        frozenset((place, size + place) for place in range(size)),
        (Cap(500, frozenset(range(size))), Cap(150, frozenset(range(size, 2 * size)))),
        shares_bases=False,
    )
    choice = solve(problem, settle_ties=True)
    assert choice.is_proven
    assert choice.total == settle(problem).total == 650


@pytest.mark.parametrize("conflicts", [frozenset(), frozenset({(0, 1)})])
def test_a_small_model_that_a_presolving_solver_gets_wrong(conflicts: frozenset[tuple[int, int]]) -> None:
    """Two claims on one base under nested caps: 2 yuan for the first alone is the answer of fewest claims."""
    base = BaseUse("base", 3, "whole", 3, Fraction(1))
    candidates = tuple(Candidate(place, "ab"[place], place, "s", 2, base, True) for place in range(2))
    caps = (Cap(2, frozenset({0, 1})), Cap(2, frozenset({0})))
    choice = solve(Problem(candidates, conflicts, caps, shares_bases=True), settle_ties=True)
    assert choice.is_proven
    assert choice.grants == {0: 2}
