"""Why an answer is what it is: claim by claim, and the choice among them as a whole."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from calc.engine.bars import bars
from calc.engine.claims import find_claims, own_claim
from calc.engine.combine.alternatives import (
    Alternative,
    alternatives,
    leaving,
    next_best,
    parts_by_claim,
    taking,
)
from calc.engine.combine.dropped import Dropped
from calc.engine.combine.groups import Group, find_groups
from calc.engine.combine.problem import STACKINGS, Problem, Stacking
from calc.engine.combine.readings import Combination
from calc.engine.conditions import Examined, examine
from calc.engine.estimate import Estimate, combined_under
from calc.engine.evaluate import evaluate
from calc.engine.outcomes import Outcome, Reason
from calc.enterprise.enterprise import Entry
from calc.policy.forms import EntryTrigger


@dataclass(frozen=True, slots=True)
class Explained:
    """A claim with all that led to its outcome.

    ``place`` is its place among the outcomes of the estimate, ``None`` for a service.  ``dropped`` stands
    where it gets less than it counts alone, ``instead`` is then the best combination that takes it.
    ``displaced`` holds the claims that lost to it; where there are any, ``without`` is the best combination
    without it (only where claims are explained in full).  ``groups`` are the conflicts in which it stands.
    """

    place: int | None
    outcome: Outcome
    conditions: tuple[Examined, ...]
    dropped: Dropped | None = None
    instead: Alternative | None = None
    displaced: tuple[Dropped, ...] = ()
    without: Alternative | None = None
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class NoClaim:
    """An item that nothing of the enterprise triggers in the claim year.

    ``elsewhere`` holds the entries of its table all the same: of other words, or of other years; ``bars``
    what would close it even if something did.
    """

    item_id: str
    elsewhere: tuple[Entry, ...]
    bars: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A combination beside what else could have been chosen, and what each other reading comes to.

    ``next_best`` may pay as much, ``next_lower`` is the best of those that pay less.  ``readings`` holds the
    combination under each reading, the chosen one too, with its next best.
    """

    groups: tuple[Group, ...]
    alternatives: tuple[Alternative, ...]
    next_best: Alternative | None
    next_lower: Alternative | None
    readings: Mapping[Stacking, tuple[Combination, Alternative | None]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """An answer explained: the claims of some items or, in brief, all that are no services; the choice."""

    answer: Estimate
    found: tuple[Explained | NoClaim, ...]
    is_brief: bool
    choice: Choice | None

    @property
    def claims(self) -> tuple[Explained, ...]:
        """The claims explained."""
        return tuple(one for one in self.found if isinstance(one, Explained))


def explain(answer: Estimate, items: Sequence[str], *, weighs: bool) -> Explanation:
    """Explain these items, or else all claims; ``weighs``: the whole choice, and beside it only these.

    An item that the rules of the claim year do not have is left out.
    """
    is_brief = not items and not weighs
    found = _all_claims(answer) if is_brief else _claims_of_items(answer, items)
    return Explanation(answer, found, is_brief, weigh(answer) if weighs else None)


class _Weighed(NamedTuple):
    """What is looked up for a claim by its place: its conflicts, its part of the problem, who lost to it."""

    groups: Mapping[int, list[Group]]
    parts: Mapping[int, Problem]
    dropped: Mapping[int, Dropped]
    displaced: Mapping[int, list[Dropped]]


def _weighed(answer: Estimate) -> _Weighed:
    groups: defaultdict[int, list[Group]] = defaultdict(list)
    for group in find_groups(answer.combination, answer.rules):
        for share in group.shares:
            groups[share.index].append(group)
    displaced: defaultdict[int, list[Dropped]] = defaultdict(list)
    for one in answer.dropped:
        if one.winner is not None:
            displaced[one.winner].append(one)
    dropped = {one.index: one for one in answer.dropped}
    return _Weighed(groups, parts_by_claim(answer.combination.problem), dropped, displaced)


def _all_claims(answer: Estimate) -> tuple[Explained, ...]:
    known = _weighed(answer)
    return tuple(_explained(answer, place, known, is_brief=True) for place in range(len(answer.outcomes)))


def _claims_of_items(answer: Estimate, items: Sequence[str]) -> tuple[Explained | NoClaim, ...]:
    known = _weighed(answer)
    found: list[Explained | NoClaim] = []
    for item_id in (one for one in items if one in answer.rules.items):
        claims = [*_claims_of(answer, item_id, known)]
        found.extend(claims or [_no_claim(answer, item_id)])
    return tuple(found)


def _claims_of(answer: Estimate, item_id: str, known: _Weighed) -> Iterator[Explained]:
    if answer.rules.items[item_id].grade != "service":
        for place, outcome in enumerate(answer.outcomes):
            if outcome.claim.item_id == item_id:
                yield _explained(answer, place, known, is_brief=False)
        return
    facts = answer.facts
    for claim in find_claims(facts, answer.rules):
        if claim.item_id == item_id:
            # A service is told once, on however many subjects: what closes it closes it on all of them.
            outcome = evaluate(facts, answer.rules.policy, claim, answer.count)
            yield Explained(None, outcome, tuple(examine(facts, claim)))
            return


def _explained(answer: Estimate, place: int, known: _Weighed, *, is_brief: bool) -> Explained:
    outcome, combination = answer.outcomes[place], answer.combination
    conditions = tuple(examine(answer.facts, outcome.claim))
    dropped, displaced = known.dropped.get(place), tuple(known.displaced.get(place, ()))
    return Explained(
        place,
        outcome,
        conditions,
        dropped,
        taking(combination, place, known.parts[place]) if dropped is not None else None,
        displaced,
        leaving(combination, place, known.parts[place]) if displaced and not is_brief else None,
        tuple(known.groups.get(place, ())),
    )


def _no_claim(answer: Estimate, item_id: str) -> NoClaim:
    item = answer.rules.items[item_id]
    trigger, entries = item.claim, answer.enterprise.entries
    elsewhere = entries.get(trigger.entry, ()) if isinstance(trigger, EntryTrigger) else ()
    would_be = own_claim(item_id, item)
    return NoClaim(item_id, elsewhere, tuple(bars(answer.facts, answer.rules.policy, would_be)))


def weigh(answer: Estimate) -> Choice:
    """The whole choice: its conflicts, each alternative, the next best; and the other readings."""
    held = answer.combination
    found = alternatives(held)
    best = next_best(held, found)
    readings: dict[Stacking, tuple[Combination, Alternative | None]] = {}
    for stacking in STACKINGS:
        other = combined_under(answer, stacking)
        readings[stacking] = other, best if other is held else next_best(other, alternatives(other))
    lower = next_best(held, tuple(one for one in found if one.total < held.total))
    return Choice(find_groups(held, answer.rules), found, best, lower, readings)
