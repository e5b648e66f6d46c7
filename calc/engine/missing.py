"""What an enterprise has not said yet: each missing figure, and what the claims that wait for it could be."""

from collections.abc import Sequence
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


class MissingFigure(NamedTuple):
    """A figure that claims lack.

    ``ceiling`` is the most that the claims waiting for it could get together under the reading, in yuan, once
    all they lack is there; ``None`` where no claim has a ceiling.
    """

    operand: Operand
    waiting: tuple[Waiting, ...]
    ceiling: int | None

    @property
    def is_shared(self) -> bool:
        """Whether several claims wait for it."""
        return len(self.waiting) > 1


def find_missing(estimate: Estimate) -> tuple[MissingFigure, ...]:
    """Every figure that claims lack, the most valuable first, those without a ceiling last."""
    operands: dict[str, Operand] = {}
    waiting: dict[str, list[Waiting]] = {}
    for outcome in estimate.outcomes:
        if isinstance(outcome, NeedsInput):
            one = Waiting(outcome.claim, possible_ceiling(estimate.facts, outcome.claim))
            for operand in outcome.missing:
                operands[operand.path] = operand
                waiting.setdefault(operand.path, []).append(one)
    found = [
        MissingFigure(operands[path], tuple(claims), _together(estimate, claims))
        for path, claims in waiting.items()
    ]
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
