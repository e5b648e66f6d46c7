"""What a change of figures does: before and after claim by claim, and the total over a span of one figure."""

from typing import NamedTuple, TypeAlias

from calc.engine.claims import Claim
from calc.engine.combine.dropped import Dropped
from calc.engine.estimate import Estimate
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput, Outcome
from calc.enterprise.numbers import Number

Mark: TypeAlias = tuple[str, str]
"""Item and subject: what a claim is known by in two estimates."""


class Side(NamedTuple):
    """A claim as one estimate sees it: its outcome, what it gets, and why it gets less than it counts."""

    outcome: Outcome
    granted: int
    dropped: Dropped | None


class Difference(NamedTuple):
    """A claim that two estimates see differently; ``None`` where one does not have it."""

    claim: Claim
    before: Side | None
    after: Side | None


class Point(NamedTuple):
    """One value of a swept figure, and what the combination pays with it."""

    value: Number
    total: int


def sides(answer: Estimate) -> dict[Mark, Side]:
    """Every claim of an estimate, by item and subject."""
    dropped = {one.index: one for one in answer.dropped}
    return {
        (outcome.claim.item_id, outcome.claim.subject): Side(
            outcome, answer.granted(index), dropped.get(index)
        )
        for index, outcome in enumerate(answer.outcomes)
    }


def differences(before: Estimate, after: Estimate) -> tuple[Difference, ...]:
    """The claims that differ, in the order of the rules, then of the files.

    Another claim year may have other rules: items that only one of the two has stand where it has them.
    """
    one, other = sides(before), sides(after)
    places = {item: place for rules in (before.rules, after.rules) for place, item in enumerate(rules.items)}
    marks = sorted(dict.fromkeys((*one, *other)), key=lambda mark: places[mark[0]])
    found = []
    for mark in marks:
        side, now = one.get(mark), other.get(mark)
        if _seen(side, before) != _seen(now, after):
            claim = (now or side).outcome.claim  # type: ignore[union-attr]
            found.append(Difference(claim, side, now))
    return tuple(found)


def _seen(side: Side | None, answer: Estimate) -> object:
    """What a person would compare of a claim."""
    if side is None:
        return None
    drop = side.dropped
    winner = answer.outcomes[drop.winner].claim if drop is not None and drop.winner is not None else None
    because = (drop.because, winner.item_id if winner else None) if drop is not None else None
    match side.outcome:
        case Barred() | Ineligible() as one:
            return type(one).__name__, one.reasons
        case NeedsInput() as one:
            return type(one).__name__, tuple(operand.path for operand in one.missing)
        case Eligible() as one:
            return one.amount, one.ceiling, one.spared, side.granted, because
