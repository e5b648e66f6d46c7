"""Combines under each reading: the parts of the problem settled one by one, the whole put together again."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from calc.engine.combine.choice import Choice, choose
from calc.engine.combine.problem import (
    Candidate,
    Cap,
    Problem,
    Stacking,
    binding_caps,
    components,
    state,
)
from calc.policy.rules import Rules


class Combination(NamedTuple):
    """What each claim gets, by its place among all claims; claims that get nothing are not in it."""

    stacking: Stacking
    grants: dict[int, int]
    problem: Problem
    is_proven: bool

    @property
    def total(self) -> int:
        """The sum of all grants, in yuan."""
        return sum(self.grants.values())


def combine(
    candidates: Sequence[Candidate],
    limits: dict[str, int],
    stacking: Stacking,
    rules: Rules,
    *,
    settle_ties: bool = True,
) -> Combination:
    """The combination that pays most under one reading.

    ``limits`` holds, for the items that have one, what all claims of the item may get in the claim year.
    Source: the closing clause (从优从高) and its four readings.
    """
    problem = state(candidates, stacking, rules, binding_caps(candidates, limits, rules))
    choice = settle(problem, settle_ties=settle_ties)
    return Combination(stacking, choice.grants, problem, choice.is_proven)


def settle(problem: Problem, *, settle_ties: bool = True) -> Choice:
    """The best choice of a whole problem, part by part; only what is tangled goes to the solver."""
    if problem.is_one_item:
        return _best_item(problem)
    grants: dict[int, int] = {}
    is_proven = True
    for part in components(problem) if problem.candidates else ():
        choice = choose(part)
        if choice is None:
            from calc.engine.combine.milp import solve

            choice = solve(part, settle_ties=settle_ties)
        grants.update(choice.grants)
        is_proven = is_proven and choice.is_proven
    return Choice(dict(sorted(grants.items())), is_proven)


def _best_item(problem: Problem) -> Choice:
    """One item in all: all its claims, within the caps; ties by fewer claims, then by the earlier."""
    by_item: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in problem.candidates:
        by_item[candidate.item].append(candidate)
    best: dict[int, int] = {}
    for group in by_item.values():
        members = {one.index for one in group}
        own_caps = tuple(
            Cap(cap.limit, cap.members & members) for cap in problem.caps if cap.members & members
        )
        tightest = sorted(own_caps, key=lambda cap: cap.limit)[:1]
        own_quotas = tuple(quota for quota in problem.quotas if quota.members <= members)
        own = Problem(tuple(group), frozenset(), tuple(tightest), shares_bases=False, quotas=own_quotas)
        grants = settle(own).grants
        if (-sum(grants.values()), len(grants)) < (-sum(best.values()), len(best)):
            best = grants
    return Choice(dict(sorted(best.items())))
