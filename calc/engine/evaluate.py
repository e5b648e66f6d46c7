"""Turns claims into outcomes."""

from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from calc.engine.awards import Award, compute
from calc.engine.bars import bars, left_of_caps, left_of_share, paid_of_difference
from calc.engine.claims import Claim, Facts, Operand, split_reference
from calc.engine.conditions import failures
from calc.engine.outcomes import Barred, BaseUse, Eligible, Ineligible, NeedsInput, Outcome, Step
from calc.enterprise.numbers import Number, whole_yuan
from calc.policy.rules import PolicyHead

Count: TypeAlias = Literal["stated", "ratio", "ceiling"]
COUNTS: Final[tuple[Count, ...]] = ("stated", "ratio", "ceiling")

AVERAGE_RATE_PARTS: Final = 10**4
"""An award that is no flat ratio pays a split base at its average ratio, cut to a hundredth of a per cent."""


class Limit(NamedTuple):
    """A cap on a claim, in yuan; its name ends in ``_left`` where earlier payments have lowered it."""

    name: str
    value: Number


def evaluate(facts: Facts, policy: PolicyHead, claim: Claim, count: Count) -> Outcome:
    """What becomes of one claim; ``count`` says which grades count (contract: stated, ratio, ceiling)."""
    barred = tuple(bars(facts, policy, claim))
    if barred:
        return Barred(claim, barred)
    if claim.item.grade == "service":
        # A service has neither conditions nor a sum, and most items of an estimate are services.
        return Eligible(claim, None, 0, None, False, ())
    reasons, missing = failures(facts, claim)
    if reasons:
        return Ineligible(claim, reasons)
    award = compute(facts, claim, claim.item.award) if claim.item.award is not None else None
    share = left_of_share(facts, claim)
    of_award = award.missing if award is not None else ()
    lacking = (*missing, *of_award, *((share,) if isinstance(share, Operand) else ()))
    if lacking:
        return NeedsInput(claim, tuple({operand.path: operand for operand in lacking}.values()))
    return _eligible(facts, claim, award, count)


def _eligible(facts: Facts, claim: Claim, award: Award | None, count: Count) -> Eligible:
    item = claim.item
    limits = limits_of(facts, claim)
    steps = list(award.steps) if award is not None else []
    ceiling = _ceiling(claim, award, limits, steps)
    paid = paid_of_difference(facts, claim)
    if paid and ceiling is not None:
        ceiling = max(ceiling - paid, 0)
        steps.append(Step("difference", ceiling, details={"paid": paid}))
    if item.grade == "in_kind":
        spared = whole_yuan(ceiling) if ceiling is not None else 0
        _add_rounding(steps, ceiling)
        return Eligible(claim, None, 0, spared, False, tuple(steps))
    expected = expected_for(facts, claim)
    exact_amount = ceiling
    if expected is not None and (ceiling is None or expected < ceiling):
        exact_amount = expected
        steps.append(Step("expected", expected))
    _add_rounding(steps, exact_amount)
    counts = is_counted(item.grade, count, is_expected=expected is not None)
    amount = whole_yuan(exact_amount) if counts and exact_amount is not None else 0
    return Eligible(
        claim,
        None if ceiling is None else whole_yuan(ceiling),
        amount,
        None,
        expected is not None,
        tuple(steps),
        _base_use(facts, claim, award) if item.base is not None and amount else None,
    )


def possible_ceiling(facts: Facts, claim: Claim) -> int | None:
    """The most the source allows a claim, in yuan, whatever figures it lacks: what award and caps leave.

    ``None`` where nothing bounds it, and for what is spared in kind.
    """
    if claim.item.grade == "in_kind":
        return None
    award = compute(facts, claim, claim.item.award) if claim.item.award is not None else None
    limits = limits_of(facts, claim)
    # An award that lacks a figure may still reach any cap.
    ceiling = _ceiling(claim, None if award is None or award.missing else award, limits, [])
    return None if ceiling is None else whole_yuan(ceiling)


def _add_rounding(steps: list[Step], result: Number | None) -> None:
    if isinstance(result, Fraction) and result.denominator != 1:
        steps.append(Step("rounded", whole_yuan(result)))


def is_counted(grade: str, count: Count, *, is_expected: bool) -> bool:
    """Whether a claim of a grade counts (contract, section 3)."""
    match grade:
        case "stated":
            return True
        case "up_to_ratio":
            return count != "stated"
        case "up_to_sum":
            return count == "ceiling" or (count == "ratio" and is_expected)
        case _:
            return count != "stated" and is_expected


def limits_of(facts: Facts, claim: Claim) -> list[Limit]:
    """Every cap of a claim: its own, its item's for the year, and for good; a share of a figure, if known."""
    item = claim.item
    cap, lifetime_cap = left_of_caps(facts, claim)
    limits = []
    for name, full, left in (
        ("cap", item.cap_of("cap"), cap),
        ("year_cap", item.cap_of("year_cap"), item.cap_of("year_cap")),
        ("lifetime_cap", item.cap_of("lifetime_cap"), lifetime_cap),
    ):
        if left is not None:
            limits.append(Limit(name if left == full else f"{name}_left", left))
    share = left_of_share(facts, claim)
    if isinstance(share, int | Fraction):
        limits.append(Limit("share_cap", share))
    return limits


def _ceiling(claim: Claim, award: Award | None, limits: list[Limit], steps: list[Step]) -> Number | None:
    """The most the source allows, exact; the caps that bind are added to the steps."""
    if award is None:
        if not limits:
            return None
        tightest = min(limits, key=lambda limit: limit.value)
        steps.append(Step("up_to", tightest.value, details={"limit": tightest.name}))
        return tightest.value
    result = award.sum
    floor = claim.item.floor
    if floor is not None and result < floor:
        steps.append(Step("below_floor", 0, details={"floor": floor}))
        return 0
    for limit in limits:
        if result > limit.value:
            result = limit.value
            steps.append(Step("capped", result, details={"limit": limit.name}))
    return result


def expected_for(facts: Facts, claim: Claim) -> Number | None:
    """The lowest expectation that fits the claim."""
    fitting = _expected_in(facts, claim, facts.year)
    if claim.entry is not None:
        if not fitting and claim.entry.year not in (None, facts.year):
            fitting = _expected_in(facts, claim, claim.entry.year)
        for field in facts.vocabulary.tables[claim.entry.table].fields.values():
            if field.expects and field.name in claim.entry.values:
                fitting.append(claim.entry.values[field.name])
    return min(fitting) if fitting else None


def _expected_in(facts: Facts, claim: Claim, year: int | None) -> list[Any]:
    return [
        one.amount
        for one in facts.enterprise.expected
        if one.item == claim.item_id and one.year == year and one.subject in (None, claim.subject)
    ]


def _base_use(facts: Facts, claim: Claim, award: Award | None) -> BaseUse | None:
    reference = claim.item.base
    if reference is None or claim.entry is None:
        return None
    part = facts.read(claim, split_reference(reference)[1])
    limit = _whole(part)
    root = part.field.part_of or part.field.name
    whole = facts.read(claim, root)
    return BaseUse(
        root=f"{facts.year}/{claim.entry.year}/{claim.subject}.{root}",
        whole=limit if whole.value is None else _whole(whole),
        part=part.path,
        limit=limit,
        rate=_rate_on(part, award),
    )


def _whole(operand: Operand) -> int:
    return whole_yuan(operand.value) if isinstance(operand.value, int | Fraction) else 0


def _rate_on(base: Operand, award: Award | None) -> Fraction:
    """What a yuan of the base pays: the ratio itself, or else the award's average."""
    value = base.value
    if award is None or not isinstance(value, int | Fraction) or value == 0:
        return Fraction(0)
    last = award.steps[0].details.get("rate") if len(award.steps) == 1 else None
    if (
        award.steps
        and award.steps[0].kind in ("rate", "tier", "tier_of")
        and last is not None
        and last * value == award.sum
    ):
        return Fraction(last)
    return Fraction(int(award.sum * AVERAGE_RATE_PARTS / value), AVERAGE_RATE_PARTS)
