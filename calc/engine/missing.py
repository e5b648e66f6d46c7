"""What an enterprise has not said yet: each missing figure, and what the claims that wait for it could be."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from calc.engine.claims import Claim, Operand
from calc.engine.combine.problem import Stacking
from calc.engine.estimate import Answer, yearly_limits
from calc.engine.evaluate import possible_ceiling
from calc.engine.outcomes import NeedsInput


class Waiting(NamedTuple):
    """A claim that waits for a figure; ``ceiling``: the most it could get, in yuan (``None``: open)."""

    claim: Claim
    ceiling: int | None


class WaitingItem(NamedTuple):
    """The claims of one item that wait for a figure, and the most that they could get together."""

    claims: tuple[Waiting, ...]
    ceiling: int | None


class MissingFigure(NamedTuple):
    """A figure that claims lack, with the items it blocks.

    ``ceiling`` is what they could bring at most, in yuan, once all that they lack is there: the sum over the
    items or, of items that compete for a subject under the reading, the largest; ``None``: no item has one.
    """

    operand: Operand
    items: tuple[WaitingItem, ...]
    ceiling: int | None


def find_missing(answer: Answer) -> tuple[MissingFigure, ...]:
    """Every figure that claims lack, the most valuable first, those without a ceiling last."""
    operands: dict[str, Operand] = {}
    blocked: dict[str, list[Waiting]] = {}
    for outcome in answer.outcomes:
        if isinstance(outcome, NeedsInput):
            one = Waiting(outcome.claim, possible_ceiling(answer.facts, outcome.claim))
            for operand in outcome.missing:
                operands[operand.path] = operand
                blocked.setdefault(operand.path, []).append(one)
    claims = [one.claim for one in answer.outcomes if isinstance(one, NeedsInput)]
    limits = yearly_limits(answer.facts, claims)
    found = [_figure(operands[path], waiting, limits, answer.stacking) for path, waiting in blocked.items()]
    return tuple(sorted(found, key=lambda one: (one.ceiling is None, -(one.ceiling or 0))))


def _figure(
    operand: Operand, waiting: Sequence[Waiting], limits: Mapping[str, int], stacking: Stacking
) -> MissingFigure:
    by_item: dict[str, list[Waiting]] = {}
    for one in waiting:
        by_item.setdefault(one.claim.item_id, []).append(one)
    items = tuple(
        WaitingItem(tuple(claims), _within(claims, limits.get(item_id)))
        for item_id, claims in by_item.items()
    )
    return MissingFigure(operand, items, _together(items, stacking))


def _within(claims: Sequence[Waiting], limit: int | None) -> int | None:
    """What claims of one item could get, within its caps over all of them."""
    known = [one.ceiling for one in claims if one.ceiling is not None]
    if not known:
        return None
    return sum(known) if limit is None else min(sum(known), limit)


def _together(items: Sequence[WaitingItem], stacking: Stacking) -> int | None:
    """Of items that compete for a subject the largest, summed up over those that do not."""
    known = sorted((one for one in items if one.ceiling is not None), key=lambda one: -(one.ceiling or 0))
    if not known:
        return None
    if stacking == "strict":
        return known[0].ceiling
    total, taken = 0, set[str]()
    for one in known:
        subjects = {each.claim.subject for each in one.claims}
        if stacking != "subject" or taken.isdisjoint(subjects):
            total += one.ceiling or 0
        taken |= subjects
    return total
