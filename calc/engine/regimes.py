"""Which bounds decide the awards: where the same ones do between two values, the total is a straight line."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import Any, Final, TypeAlias

from calc.engine.bars import paid_of_difference
from calc.engine.claims import MONTHS, Claim, Facts, month_of
from calc.engine.estimate import Estimate, yearly_limits
from calc.engine.evaluate import expected_for, limits_of
from calc.engine.outcomes import BaseUse, Eligible, NeedsInput, Outcome, Step
from calc.engine.whatif import Mark, Side, sides
from calc.enterprise.numbers import Number
from calc.policy.awards import Interest, Parts
from calc.policy.forms import EntryTrigger

Bound: TypeAlias = tuple[str, int]
"""A bound by its name, and its number among those of its name: an award of parts has several."""

Regime: TypeAlias = Mapping[Bound, Any]
"""What decides an award, by bound: whether its cap is reached, which tier it stands in, and the like."""

_AFTER_THE_AWARD: Final = frozenset({"capped", "expected", "rounded", "below_floor", "up_to", "difference"})

_OWN_BOUNDS: Final = frozenset({"cap", "expected"})


def status_regime(outcome: Outcome) -> tuple[Any, ...]:
    """Whether a claim is open, and what stands against it."""
    match outcome:
        case Eligible():
            return ("eligible",)
        case NeedsInput():
            return ("needs_input", *(operand.path for operand in outcome.missing))
        case _:
            return (type(outcome).__name__, *((one.code, one.path) for one in outcome.reasons))


def award_regime(facts: Facts, outcome: Eligible) -> dict[Bound, Any]:
    """What decides the award of an eligible claim: the bounds within it, then those of the whole."""
    seen: Counter[str] = Counter()
    found: dict[Bound, Any] = {}
    for step in outcome.steps:
        for name, value in _step_regime(step, outcome.claim):
            found[name, seen[name]] = value
            seen[name] += 1
    return found | {(name, seen[name]): value for name, value in _whole_regime(facts, outcome).items()}


def _whole_regime(facts: Facts, outcome: Eligible) -> dict[str, Any]:
    """Which bounds of the whole claim bind: its parts, its floor, its caps, what is expected, its months."""
    found: dict[str, Any] = {}
    claim = outcome.claim
    if isinstance(claim.item.award, Parts):
        found["due"] = -sum(step.kind == "not_due" for step in outcome.steps)
    award, limit, expected = award_before_caps(outcome), limit_of(facts, claim), expected_for(facts, claim)
    if award is not None and claim.item.floor is not None:
        found["floor"] = award >= claim.item.floor
    if expected is not None and (award is None or _expects_itself(facts, claim)):
        # The expectation is what moves: what the award and its cap allow stands still.
        most = min((one for one in (award, limit) if one is not None), default=None)
        found["cap"] = most is not None and expected >= most
    elif award is not None:
        if limit is not None:
            found["cap"] = award >= limit
        if expected is not None:
            found["expected"] = (_worked_out(facts, outcome) or 0) >= expected
        if paid_of_difference(facts, claim):
            found["growth"] = (_worked_out(facts, outcome) or 0) >= 1
    if claim.months:
        found["months"] = _fills_its_months(facts, claim)
    return found


def _expects_itself(facts: Facts, claim: Claim) -> bool:
    """Whether the entry itself says what is expected for it."""
    if claim.entry is None:
        return False
    fields = facts.vocabulary.tables[claim.entry.table].fields.values()
    return any(field.expects and field.name in claim.entry.values for field in fields)


def award_before_caps(outcome: Eligible) -> Number | None:
    """The exact award before caps and expectations; nothing where no figure makes it."""
    results = [step.result for step in outcome.steps if step.kind not in _AFTER_THE_AWARD]
    return results[-1] if results else None


def limit_of(facts: Facts, claim: Claim) -> Number | None:
    """The tightest cap of one claim, after what was paid earlier."""
    return min((limit.value for limit in limits_of(facts, claim)), default=None)


def _worked_out(facts: Facts, outcome: Eligible) -> Number | None:
    """What an award comes to within its caps, less what was paid of it; nothing where nothing bounds it."""
    bounds = [one for one in (award_before_caps(outcome), limit_of(facts, outcome.claim)) if one is not None]
    return max(min(bounds) - paid_of_difference(facts, outcome.claim), 0) if bounds else None


def _step_regime(step: Step, claim: Claim) -> Iterator[tuple[str, Any]]:
    details = step.details
    match step.kind:
        case "tier" | "tier_of" | "rung" | "growth_rung":
            yield "tier", details["since"]
        case "marginal_tiers":
            yield "tier", len(details["slices"])
        case "below_tiers" | "below_growth":
            yield "tier", None
        case "interest" if isinstance(claim.item.award, Interest):
            yield "rate", details["rate"] == claim.item.award.rate
        case "shared_loss":
            loss = step.operands[0].value
            yield "loss", isinstance(loss, int | Fraction) and loss * details["rate"] >= details["at_most"]
        case "each" | "each_counted":
            for name, detail in (("growth", "begins"), ("units", "is_full")):
                if details.get(detail) is not None:
                    yield name, details[detail]
        case "part_capped":
            yield "part", True
        case "rate_of_growth" | "excess":
            yield "growth", step.result > 0
        case _:
            pass


def _fills_its_months(facts: Facts, claim: Claim) -> bool:
    """Whether a longer loan would bring no further month to the claim year."""
    trigger = claim.item.claim
    if claim.entry is None or not isinstance(trigger, EntryTrigger) or trigger.running is None:
        return False
    running = trigger.running
    starts = [start for one in claim.together if isinstance(start := one.values[running.start], date)]
    own = claim.entry.values[running.start]
    if not isinstance(own, date):
        return False
    last = (facts.year + 1) * MONTHS
    if running.window is not None and starts:
        last = min(last, min(map(month_of, starts)) + running.window)
    return claim.months >= last - max(month_of(own), facts.year * MONTHS)


@dataclass(frozen=True)
class Probe:
    """The estimate at one value, and what decides it."""

    value: Number
    answer: Estimate

    @cached_property
    def sides(self) -> dict[Mark, Side]:
        """Every claim, by item and subject."""
        return sides(self.answer)

    @cached_property
    def regimes(self) -> dict[Mark, tuple[tuple[Any, ...], Regime]]:
        """What decides each claim, taken or not."""
        facts = self.answer.facts
        return {
            mark: (
                status_regime(side.outcome),
                award_regime(facts, side.outcome) if isinstance(side.outcome, Eligible) else {},
            )
            for mark, side in self.sides.items()
        }

    @cached_property
    def taken(self) -> dict[Mark, tuple[Regime, bool]]:
        """What decides the total: of each claim that is granted something, its award, and whether it is cut.

        Where a claim is cut, its own cap decides nothing.
        """
        short, full = self.short_of_base, self._items_at_their_cap()
        found = {}
        for mark, side in self.sides.items():
            if side.granted:
                is_cut = short[mark] if mark in short else mark[0] in full
                award = self.regimes[mark][1]
                kept = {name: one for name, one in award.items() if name[0] not in _OWN_BOUNDS}
                found[mark] = (kept if is_cut else award, is_cut)
        return found

    @cached_property
    def short_of_base(self) -> dict[Mark, bool]:
        """Of the claims taken that share a base, those that find less of it than they need.

        Worked out by need: which of them lose a yuan to rounding changes with every yuan of the base.
        """
        groups: defaultdict[str, list[tuple[Mark, Eligible, BaseUse]]] = defaultdict(list)
        if self.answer.combination.problem.shares_bases:
            for mark, side in self.sides.items():
                if side.granted and isinstance(side.outcome, Eligible) and side.outcome.base is not None:
                    groups[side.outcome.base.root].append((mark, side.outcome, side.outcome.base))
        short: dict[Mark, bool] = {}
        for group in groups.values():
            left = min(group[0][2].whole, sum(base.limit for _, _, base in group))
            for mark, outcome, base in sorted(group, key=lambda one: -one[2].rate):
                # Parts of a base are whole yuan.
                needed = min(base.limit, ceil(self._exact_amount(outcome) / base.rate) if base.rate else 0)
                short[mark] = needed > left
                left -= min(needed, left)
        return short

    def _items_at_their_cap(self) -> set[str]:
        """The items of which several claims together reach a cap of the year."""
        granted = {mark: side for mark, side in self.sides.items() if side.granted}
        rules = self.answer.rules
        limits = yearly_limits(self.answer.facts, [side.outcome.claim for side in granted.values()])
        groups: list[tuple[tuple[str, ...], int]] = [((item,), limit) for item, limit in limits.items()]
        groups += [(shared.items, int(shared.cap)) for shared in rules.shared_caps]
        full: set[str] = set()
        for items, limit in groups:
            sums = [side.granted for mark, side in granted.items() if mark[0] in items]
            if len(sums) > 1 and sum(sums) >= limit:
                full.update(items)
        return full

    def _exact_amount(self, outcome: Eligible) -> Number:
        facts = self.answer.facts
        bounds = (_worked_out(facts, outcome), expected_for(facts, outcome.claim))
        return min(one for one in bounds if one is not None)
