"""Works out where one thing gives way to another as a figure moves: guesses, exact where awards are linear.

Every guess is tried by an estimate; one that is off costs time, never truth.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from calc.engine.claims import split_reference
from calc.engine.estimate import Estimate
from calc.engine.evaluate import expected_for
from calc.engine.outcomes import Eligible, Ineligible
from calc.engine.regimes import Probe, award_before_caps, limit_of
from calc.engine.whatif import Mark
from calc.enterprise.numbers import Number, exact
from calc.policy.awards import Award, Each, Interest, Ladder, Tiers, inner_awards
from calc.policy.forms import AtLeast, AtMost, FieldBound, MoreThan, single_conditions

_ROUNDING: Final = 100
"""Awards are cut to the yuan: so many yuan around the crossing of two sums are looked at closely."""


def landmarks(answer: Estimate, path: str) -> Iterator[Number]:
    """The bounds and tiers that the rules set for this figure itself."""
    key = path.rpartition(".")[2]
    for item in dict.fromkeys(outcome.claim.item_id for outcome in answer.outcomes):
        rules = answer.rules.items[item]
        for condition in single_conditions(rules.conditions):
            match condition:
                case (
                    AtLeast(field=name, at_least=bound)
                    | AtMost(field=name, at_most=bound)
                    | MoreThan(field=name, more_than=bound)
                ) if isinstance(bound, int | Fraction) and split_reference(name)[1] == key:
                    yield bound
        yield from _tiers(rules.award, key)


def _tiers(award: Award | None, key: str) -> Iterator[Number]:
    match award:
        case Tiers(tiers=name, steps=steps) if split_reference(name)[1] == key:
            yield from (step.since for step in steps)
        case Ladder(ladder=name, steps=rungs) if split_reference(name)[1] == key:
            yield from (rung.since for rung in rungs)
        case Each(each=name, beyond=beyond, up_to=up_to, per=per) if split_reference(name)[1] == key:
            if not isinstance(beyond, FieldBound):
                start = beyond or 0
                yield from (start,) if up_to is None else (start, start + up_to * (per or 1))
        case Interest(at_most=name, rate=rate, share=share) if split_reference(name)[1] == key:
            yield exact(Fraction(rate) / share)
        case _:
            for inner in inner_awards(award):
                yield from _tiers(inner, key)


def crossings(below: Probe, above: Probe) -> Iterator[Number]:
    """Values where a condition may turn, a cap be reached, or one combination overtake another."""
    for mark, side in below.sides.items():
        other = above.sides.get(mark)
        if other is None or below.regimes[mark] == above.regimes[mark]:
            continue
        for probe, outcome in ((below, side.outcome), (above, other.outcome)):
            if isinstance(outcome, Ineligible):
                yield from _turns(outcome, probe)
        if isinstance(side.outcome, Eligible) and isinstance(other.outcome, Eligible):
            yield from _bounds_reached(below, above, mark)
    if below.taken != above.taken:
        yield from _overtaking(below, above)


def _turns(outcome: Ineligible, probe: Probe) -> Iterator[Number]:
    """Where the failing figure would pass, were it the one that moves."""
    for reason in outcome.reasons:
        if reason.shortfall is not None:
            down = reason.code == "above"
            yield probe.value - reason.shortfall if down else probe.value + reason.shortfall


def _bounds_reached(below: Probe, above: Probe, mark: Mark) -> Iterator[Number]:
    one, other = below.sides[mark].outcome, above.sides[mark].outcome
    if not (isinstance(one, Eligible) and isinstance(other, Eligible)):
        return
    facts = above.answer.facts
    bounds = (limit_of(facts, other.claim), other.claim.item.floor)
    awards = [award_before_caps(outcome) for outcome in (one, other)]
    expected = [expected_for(probe.answer.facts, other.claim) for probe in (below, above)]
    for low, high in (awards, expected):
        for bound in (*bounds, awards[0], expected[0]):
            if low is not None and high is not None and bound is not None:
                yield from _root(below.value, above.value, low - bound, high - bound)


def _overtaking(below: Probe, above: Probe) -> Iterator[Number]:
    """Where the claims taken above would pay as much as those taken below."""
    margins = []
    for probe in (below, above):
        sums = [
            sum(_amount(probe, mark) for mark in taken)
            for taken in (below.taken.keys() - above.taken.keys(), above.taken.keys() - below.taken.keys())
        ]
        margins.append(sums[1] - sums[0])
    for value in _root(below.value, above.value, *margins):
        yield from (value - _ROUNDING, value, value + _ROUNDING)


def _amount(probe: Probe, mark: Mark) -> Number:
    side = probe.sides.get(mark)
    return side.outcome.amount if side is not None and isinstance(side.outcome, Eligible) else 0


def _root(first: Number, last: Number, low: Number, high: Number) -> Iterator[Number]:
    """Where a straight line from ``low`` to ``high`` passes 0."""
    if (low < 0) != (high < 0):
        yield first + Fraction(last - first) * Fraction(-low) / Fraction(high - low)
