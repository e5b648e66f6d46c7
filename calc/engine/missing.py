"""What an enterprise has not said yet: each missing figure, and what the claims that wait for it could be."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from calc.engine.claims import Claim, Operand
from calc.engine.combine.problem import Candidate
from calc.engine.combine.readings import combine
from calc.engine.estimate import Estimate, yearly_limits
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

    ``ceiling`` is the most that all the claims waiting for it could get together under the reading, in yuan,
    once everything they lack is there; ``None`` where no claim has a ceiling.
    """

    operand: Operand
    items: tuple[WaitingItem, ...]
    ceiling: int | None


def find_missing(estimate: Estimate) -> tuple[MissingFigure, ...]:
    """Every figure that claims lack, the most valuable first, those without a ceiling last."""
    operands: dict[str, Operand] = {}
    claims: list[Waiting] = []
    blocked: dict[str, list[int]] = {}
    for outcome in estimate.outcomes:
        if isinstance(outcome, NeedsInput):
            for operand in outcome.missing:
                operands[operand.path] = operand
                blocked.setdefault(operand.path, []).append(len(claims))
            claims.append(Waiting(outcome.claim, possible_ceiling(estimate.facts, outcome.claim)))

    # The figures of a group of loans all block the same claims.
    @cache
    def waiting(places: tuple[int, ...]) -> tuple[tuple[WaitingItem, ...], int | None]:
        every = [claims[place] for place in places]
        by_item: dict[str, list[Waiting]] = {}
        for one in every:
            by_item.setdefault(one.claim.item_id, []).append(one)
        items = tuple(WaitingItem(tuple(each), _together(estimate, each)) for each in by_item.values())
        return items, _together(estimate, every)

    found = [MissingFigure(operands[path], *waiting(tuple(places))) for path, places in blocked.items()]
    return tuple(sorted(found, key=lambda one: (one.ceiling is None, -(one.ceiling or 0))))


def _together(estimate: Estimate, waiting: Sequence[Waiting]) -> int | None:
    """What claims could get side by side: one subject's exclude each other, an item's share its caps."""
    if all(one.ceiling is None for one in waiting):
        return None
    candidates = [
        Candidate(place, one.claim.item_id, one.claim.item.measure, one.claim.subject, one.ceiling)
        for place, one in enumerate(waiting)
        if one.ceiling
    ]
    limits = yearly_limits(estimate.facts, [one.claim for one in waiting])
    return combine(candidates, limits, estimate.stacking, estimate.rules, settle_ties=False).total
