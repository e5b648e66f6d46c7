"""Says why a claim gets less than it counts alone."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from calc.engine.combine.problem import Candidate
from calc.engine.combine.readings import Combination

Because: TypeAlias = Literal["one_item", "measure", "subject", "base", "cap", "exclusive"]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A claim granted less than its amount; ``winner`` is the place of the claim that displaced it."""

    index: int
    amount: int
    granted: int
    because: Because
    winner: int | None


def find_dropped(combination: Combination) -> tuple[Dropped, ...]:
    """Every claim of a combination granted less than its amount, in order."""
    explain = _explain_strict if combination.stacking == "strict" else _explainer(combination)
    dropped = []
    for one in combination.problem.candidates:
        granted = combination.grants.get(one.index, 0)
        if granted < one.amount:
            because, winner = explain(combination, one)
            dropped.append(Dropped(one.index, one.amount, granted, because, winner))
    return tuple(dropped)


def _explain_strict(combination: Combination, one: Candidate) -> tuple[Because, int | None]:
    chosen = [other for other in combination.problem.candidates if other.index in combination.grants]
    if chosen and chosen[0].item != one.item:
        return "one_item", chosen[0].index
    return "cap", None


def _explainer(combination: Combination) -> Callable[[Combination, Candidate], tuple[Because, int | None]]:
    chosen: defaultdict[str, list[Candidate]] = defaultdict(list)
    for other in combination.problem.candidates:
        if other.index in combination.grants:
            chosen[other.subject].append(other)

    def explain(combination: Combination, one: Candidate) -> tuple[Because, int | None]:
        rivals = [other for other in chosen[one.subject] if other.index != one.index]
        if one.index not in combination.grants:
            clashing = [other for other in rivals if combination.problem.conflict(other.index, one.index)]
            for other in clashing:
                if other.measure == one.measure and combination.stacking != "none":
                    return "measure", other.index
            if clashing and not _only_excluded(combination, one):
                return "subject", clashing[0].index
        if combination.problem.shares_bases and one.base is not None:
            for other in rivals:
                if other.base is not None and other.base.root == one.base.root:
                    return "base", other.index
        if one.index not in combination.grants:
            for other in combination.problem.candidates:
                if other.index in combination.grants and combination.problem.conflict(other.index, one.index):
                    return "exclusive", other.index
        return "cap", None

    return explain


def _only_excluded(combination: Combination, one: Candidate) -> bool:
    """Whether only a named exclusion, not the reading itself, keeps two claims of one subject apart."""
    if combination.stacking == "subject":
        return False
    return combination.stacking == "none" or one.has_base_table
