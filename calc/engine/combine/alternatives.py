"""What else could have been chosen: the best combination with or without one claim, and the next best."""

from dataclasses import dataclass

from calc.engine.combine.choice import Choice
from calc.engine.combine.narrowed import beside, without
from calc.engine.combine.problem import Problem, components
from calc.engine.combine.readings import Combination, settle


@dataclass(frozen=True, slots=True)
class Alternative:
    """The best combination that takes in, or leaves out, the claim at this place; grants by place."""

    index: int
    grants: dict[int, int]
    is_proven: bool

    @property
    def total(self) -> int:
        """The sum of all grants, in yuan."""
        return sum(self.grants.values())


def changes(combination: Combination, other: Alternative) -> tuple[tuple[int, int, int], ...]:
    """The claims that get another sum than in the combination: the place of each, its sum there and here."""
    places = sorted(combination.grants.keys() | other.grants.keys())
    sums = ((place, combination.grants.get(place, 0), other.grants.get(place, 0)) for place in places)
    return tuple((place, before, after) for place, before, after in sums if before != after)


def parts_by_claim(problem: Problem) -> dict[int, Problem]:
    """The part of a problem in which each claim stands: what happens to a claim touches no other part."""
    return {one.index: part for part in components(problem) for one in part.candidates}


def taking(combination: Combination, index: int, part: Problem) -> Alternative:
    """The best combination that grants a claim in full or, where a cap forbids it, as much as can be.

    ``part`` is the part of its problem in which the claim stands.
    """
    one = next(one for one in part.candidates if one.index == index)
    granted = min([one.amount, *(cap.limit for cap in part.caps if index in cap.members)])
    rest = settle(beside(part, one, granted))
    return _put_together(combination, part, index, Choice({**rest.grants, index: granted}, rest.is_proven))


def leaving(combination: Combination, index: int, part: Problem) -> Alternative:
    """The best combination without a claim; ``part`` as for ``taking``."""
    return _put_together(combination, part, index, settle(without(part, {index})))


def alternatives(combination: Combination) -> tuple[Alternative, ...]:
    """For each claim granted less than it counts alone, the best combination that takes it instead."""
    parts = parts_by_claim(combination.problem)
    return tuple(
        taking(combination, one.index, parts[one.index])
        for one in combination.problem.candidates
        if combination.grants.get(one.index, 0) < one.amount
    )


def next_best(combination: Combination, found: tuple[Alternative, ...]) -> Alternative | None:
    """Of all alternatives the best that consists of other claims; nothing where no claim had to be dropped.

    A combination that only leaves a claim out is none: it always pays less, and gains nothing for it.  Ties
    as between combinations: fewer claims, then the one with the first claim in which they differ.
    """
    others = [one for one in found if one.grants.keys() != combination.grants.keys()]
    return min(others, key=lambda one: (-one.total, len(one.grants), tuple(one.grants)), default=None)


def _put_together(combination: Combination, part: Problem, index: int, choice: Choice) -> Alternative:
    inside = {one.index for one in part.candidates}
    outside = {place: amount for place, amount in combination.grants.items() if place not in inside}
    grants = dict(sorted({**outside, **choice.grants}.items()))
    return Alternative(index, grants, combination.is_proven and choice.is_proven)
