"""Claims already at a cap, where a further yuan buys nothing; and from which value of a figure on."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import Final, NamedTuple

from calc.engine.awards import compute
from calc.engine.claims import Claim, Facts, Operand
from calc.engine.estimate import Estimate
from calc.engine.evaluate import Limit, limits_of
from calc.engine.outcomes import Eligible
from calc.enterprise.numbers import LARGEST, Number, whole_yuan
from calc.enterprise.vocabulary import FieldType
from calc.policy.awards import Award

_GROWING: Final[tuple[FieldType, ...]] = ("money", "usd", "area", "factor", "count")
"""Figures that a client could have more of; a rate is agreed, not added to."""


class Beyond(NamedTuple):
    """The figure that grows beyond a cap, and its least whole value at which the cap is reached."""

    figure: Operand
    reached_at: Number


class AtCap(NamedTuple):
    """An eligible claim at a cap, in yuan.

    ``because``: ``cap``, ``year_cap`` or ``lifetime_cap``, with ``_left`` where earlier payments have lowered
    it; ``award`` where the award's own form pays no more; ``shared_cap``: one over several items.  ``award``
    is what the claim's figures give before caps; ``None`` where the item's claims have used the cap up
    together.  ``beyond`` is ``None`` then, and where the cap is reached whatever any one figure is.
    """

    claim: Claim
    because: str
    cap: int
    award: Number | None = None
    beyond: Beyond | None = None


def find_at_cap(estimate: Estimate) -> tuple[AtCap, ...]:
    """The claims at a cap of their own, or of an item whose cap the combination has used up; in order."""
    used_up = _used_up(estimate)
    found: list[AtCap] = []
    for outcome in estimate.outcomes:
        if isinstance(outcome, Eligible) and outcome.ceiling is not None:
            own = _own(estimate.facts, outcome.claim)
            joint = used_up.get(outcome.claim.item_id) if outcome.amount else None
            if joint is not None and (own is None or joint.value <= own.cap):
                found.append(AtCap(outcome.claim, joint.name, whole_yuan(joint.value)))
            elif own is not None:
                found.append(own)
    return tuple(found)


def _own(facts: Facts, claim: Claim) -> AtCap | None:
    """The cap of its own that a claim is at, where its award grows with a figure."""
    form = claim.item.award
    award = compute(facts, claim, form) if form is not None else None
    if form is None or award is None:
        return None
    operands = [operand for step in award.steps for operand in step.operands]
    figure = next((one for one in operands if _raises(facts, claim, form, one)), None)
    if figure is None:
        return None
    limit = min(limits_of(facts, claim), key=lambda one: one.value, default=None)
    if limit is None or award.sum < limit.value:
        if _paid(facts, claim, form, figure, LARGEST) > award.sum:
            return None
        limit = Limit("award", award.sum)
    is_moved = _paid(facts, claim, form, figure, 0) < limit.value
    reached_at = _reached_at(facts, claim, form, figure, limit.value) if is_moved else None
    beyond = Beyond(figure, reached_at) if reached_at is not None else None
    return AtCap(claim, limit.name, whole_yuan(limit.value), award.sum, beyond)


def _raises(facts: Facts, claim: Claim, form: Award, operand: Operand) -> bool:
    """Whether the award grows with a figure that a client could have more of; an exchange rate is none."""
    value, is_entrys = operand.value, operand.path.startswith(f"{claim.subject}.")
    return (
        (is_entrys or operand.year is not None)
        and operand.field.type in _GROWING
        and isinstance(value, int | Fraction)
        and _paid(facts, claim, form, operand, 0) < _paid(facts, claim, form, operand, value)
    )


def _reached_at(facts: Facts, claim: Claim, form: Award, figure: Operand, cap: Number) -> Number:
    """The least whole value that pays the cap, by halving: awards do not fall as their figures grow."""
    value = figure.value if isinstance(figure.value, int | Fraction) else 0
    too_little, enough = 0, ceil(value)
    while enough - too_little > 1:
        middle = (too_little + enough) // 2
        if _paid(facts, claim, form, figure, middle) >= cap:
            enough = middle
        else:
            too_little = middle
    return min(enough, value)


def _paid(facts: Facts, claim: Claim, form: Award, figure: Operand, value: Number) -> Number:
    """What an award pays before caps, were one of its figures another."""
    name, enterprise = figure.field.name, facts.enterprise
    if figure.year is not None:
        figures = {**enterprise.figures[figure.year], name: value}
        changed = enterprise._replace(figures={**enterprise.figures, figure.year: figures})
        return compute(facts._replace(enterprise=changed), claim, form).sum
    entry = claim.entry
    if entry is None:
        raise LookupError(name)
    changed_entry = entry._replace(values={**entry.values, name: value})
    return compute(facts, claim._replace(entry=changed_entry), form).sum


def _used_up(estimate: Estimate) -> dict[str, Limit]:
    """The cap that the claims of an item have used up together, for the items that one has cut."""
    granted: defaultdict[str, int] = defaultdict(int)
    for index, amount in estimate.combination.grants.items():
        granted[estimate.outcomes[index].claim.item_id] += amount
    cut = [estimate.outcomes[one.index].claim for one in estimate.dropped if one.because == "cap"]
    found: dict[str, Limit] = {}
    for claim in cut:
        for limit, items in _joint_limits(estimate, claim):
            if sum(granted[item_id] for item_id in items) == whole_yuan(limit.value):
                found |= {item_id: limit for item_id in items if item_id not in found}
    return found


def _joint_limits(estimate: Estimate, claim: Claim) -> Iterator[tuple[Limit, tuple[str, ...]]]:
    """The caps that all claims of an item share, alone or with other items, and the items that share each."""
    for limit in limits_of(estimate.facts, claim):
        if not limit.name.startswith(("cap", "share")):
            yield limit, (claim.item_id,)
    for shared in estimate.rules.shared_caps:
        if claim.item_id in shared.items:
            yield Limit("shared_cap", shared.cap), shared.items
