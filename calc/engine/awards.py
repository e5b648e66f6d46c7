"""Works out awards: one pure function for each form, giving the exact sum and the steps that led to it."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, NamedTuple

from calc.engine.claims import Claim, Facts, Operand
from calc.engine.conditions import tested
from calc.engine.outcomes import Step
from calc.enterprise.numbers import Number, exact
from calc.policy import awards as forms
from calc.policy.forms import FieldBound

_MONTHS: Final = 12


class Award(NamedTuple):
    """An exact sum with its steps, or the figures that are missing for it."""

    sum: Number
    steps: tuple[Step, ...] = ()
    missing: tuple[Operand, ...] = ()


def _lacking(operands: Sequence[Operand]) -> Award | None:
    missing = tuple(operand for operand in operands if operand.value is None)
    return Award(0, missing=missing) if missing else None


def _value(operand: Operand) -> Number:
    if not isinstance(operand.value, int | Fraction):
        raise TypeError(operand.path)
    return operand.value


def _product(operands: Sequence[Operand]) -> Number:
    product: Number = 1
    for operand in operands:
        product *= _value(operand)
    return product


def _done(kind: str, result: Number, operands: Sequence[Operand] = (), **details: Any) -> Award:
    result = exact(Fraction(result))
    return Award(result, (Step(kind, result, tuple(operands), details),))


def compute(facts: Facts, claim: Claim, award: forms.Award) -> Award:
    """The exact award of a claim before caps, in yuan, or the figures that it lacks."""
    match award:
        case forms.Fixed() as form:
            return _done("fixed", form.fixed)
        case forms.RateOf() as form:
            return _rate_of(facts, claim, form)
        case forms.SumOfRates() as form:
            return _sum_of_rates(facts, claim, form)
        case forms.PricedAt() as form:
            return _priced_at(facts, claim, form)
        case forms.Tiers() as form:
            return _tiers(facts, claim, form)
        case forms.Ladder() as form:
            return _ladder(facts, claim, form)
        case forms.Each() as form:
            return _each(facts, claim, form)
        case forms.ByWord() as form:
            return _by_word(facts, claim, form)
        case forms.Interest() as form:
            return _interest(facts, claim, form)
        case forms.SharedLoss() as form:
            return _shared_loss(facts, claim, form)
        case forms.Excess() as form:
            return _excess(facts, claim, form)
        case forms.TotalOf() as form:
            return _total_of(facts, claim, form)
        case forms.GrowthLadder() as form:
            return _growth_ladder(facts, claim, form)
        case forms.Parts() as form:
            return _parts(facts, claim, form)
        case forms.ByYear() as form:
            return _by_year(facts, claim, form)


def _rate_of(facts: Facts, claim: Claim, form: forms.RateOf) -> Award:
    factors = [facts.read(claim, name) for name in form.of]
    less = [facts.read(claim, form.less)] if form.less is not None else []
    lacking = _lacking([*factors, *less])
    if lacking:
        return lacking
    if less:
        growth = max(_product(factors) - _value(less[0]), 0)
        return _done("rate_of_growth", growth * form.rate, [*factors, *less], rate=form.rate)
    return _done("rate", _product(factors) * form.rate, factors, rate=form.rate)


def _sum_of_rates(facts: Facts, claim: Claim, form: forms.SumOfRates) -> Award:
    return _added([_rate_of(facts, claim, part) for part in form.sum])


def _added(parts: Sequence[Award]) -> Award:
    """Several awards added up, exactly."""
    missing = {operand.path: operand for part in parts for operand in part.missing}
    if missing:
        return Award(0, missing=tuple(missing.values()))
    total = exact(Fraction(sum(part.sum for part in parts)))
    steps = tuple(step for part in parts for step in part.steps)
    addends = tuple(part.sum for part in parts)
    return Award(total, (*steps, Step("total", total, details={"addends": addends})))


def _parts(facts: Facts, claim: Claim, form: forms.Parts) -> Award:
    parts = [_part(facts, claim, part) for part in form.parts]
    return _added(parts) if len(parts) > 1 else parts[0]


def _part(facts: Facts, claim: Claim, part: forms.Part) -> Award:
    reasons, missing = tested(facts, claim, part.when)
    if reasons:
        return Award(0, (Step("not_due", 0, details={"reasons": reasons}),))
    award = compute(facts, claim, part.award)
    lacking = (*missing, *award.missing)
    if lacking:
        return Award(0, missing=lacking)
    if part.cap is not None and award.sum > part.cap:
        return Award(part.cap, (*award.steps, Step("part_capped", part.cap)))
    return award


def _by_year(facts: Facts, claim: Claim, form: forms.ByYear) -> Award:
    began = facts.read(claim, form.by_year)
    if not isinstance(began.value, date):
        return Award(0, missing=(began,))
    first = began.value.year + form.after
    place = facts.year - first
    if not 0 <= place < len(form.shares):
        years = {"first": first, "last": first + len(form.shares) - 1}
        return Award(0, (Step("outside_years", 0, (began,), years),))
    award = compute(facts, claim, form.award)
    if award.missing:
        return award
    share = form.shares[place]
    result = exact(Fraction(award.sum * share))
    details = {"of": award.sum, "rate": share, "number": place + 1}
    return Award(result, (*award.steps, Step("share_of_year", result, (began,), details)))


def _priced_at(facts: Facts, claim: Claim, form: forms.PricedAt) -> Award:
    factors = [facts.read(claim, name) for name in form.of]
    return _lacking(factors) or _done(
        "rate", _product(factors) * (1 - form.priced_at), factors, rate=exact(Fraction(1 - form.priced_at))
    )


def _tiers(facts: Facts, claim: Claim, form: forms.Tiers) -> Award:
    base = facts.read(claim, form.tiers)
    factors = [facts.read(claim, name) for name in form.of]
    lacking = _lacking([base, *factors])
    if lacking:
        return lacking
    value = _value(base)
    reached = [step for step in form.steps if value >= step.since]
    if not reached:
        return _done("below_tiers", 0, [base], since=form.steps[0].since)
    if factors:
        rate = reached[-1].rate
        result = _product(factors) * rate
        return _done("tier_of", result, [base, *factors], rate=rate, since=reached[-1].since)
    if form.mode == "whole":
        return _done("tier", value * reached[-1].rate, [base], rate=reached[-1].rate, since=reached[-1].since)
    ends = [upper.since for _, upper in pairwise(reached)] + [value]
    slices = [(end - step.since) * step.rate for step, end in zip(reached, ends, strict=True)]
    return _done("marginal_tiers", sum(slices), [base], slices=tuple(slices))


def _ladder(facts: Facts, claim: Claim, form: forms.Ladder) -> Award:
    base = facts.read(claim, form.ladder)
    lacking = _lacking([base])
    if lacking:
        return lacking
    reached = [rung for rung in form.steps if _value(base) >= rung.since]
    if not reached:
        return _done("below_tiers", 0, [base], since=form.steps[0].since)
    return _done("rung", reached[-1].sum, [base], since=reached[-1].since)


def _growth_ladder(facts: Facts, claim: Claim, form: forms.GrowthLadder) -> Award:
    now, before = facts.read(claim, form.growth_of), facts.read(claim, form.over)
    lacking = _lacking([now, before])
    if lacking:
        return lacking
    grown = _value(now)
    # Multiplied, not divided: growth from nothing reaches every rung, and no growth none.
    is_growth = grown > _value(before)
    reached = [rung for rung in form.steps if is_growth and grown >= _value(before) * (1 + rung.since)]
    if not reached:
        return _done("below_growth", 0, [now, before], since=form.steps[0].since)
    return _done("growth_rung", reached[-1].sum, [now, before], since=reached[-1].since)


def _each(facts: Facts, claim: Claim, form: forms.Each) -> Award:
    units = facts.read(claim, form.each)
    other = [facts.read(claim, form.beyond.field)] if isinstance(form.beyond, FieldBound) else []
    factors = [facts.read(claim, name) for name in form.times]
    lacking = _lacking([units, *other, *factors])
    if lacking:
        return lacking
    start = _value(other[0]) if isinstance(form.beyond, FieldBound) else form.beyond or 0
    counted: Number = max(_value(units) - start, 0)
    if form.per is not None:
        counted = counted // form.per
    if form.up_to is not None:
        counted = min(counted, form.up_to)
    result = counted * form.sum * _product(factors)
    # What a further unit changes: whether any counts yet, whether all do that may.
    bounds = {
        "begins": None if form.beyond is None else counted > 0,
        "is_full": None if form.up_to is None else counted == form.up_to,
    }
    if counted == _value(units):
        return _done("each", result, [units, *factors], each=form.sum, **bounds)
    counted = exact(Fraction(counted))
    return _done("each_counted", result, [units, *factors], each=form.sum, counted=counted, **bounds)


def _by_word(facts: Facts, claim: Claim, form: forms.ByWord) -> Award:
    selector = facts.read(claim, form.by_word)
    factors = [facts.read(claim, name) for name in form.of]
    lacking = _lacking([selector, *factors])
    if lacking:
        return lacking
    word = str(selector.value)
    if form.sums:
        each = form.sums.get(word, 0)
        if factors:
            return _done("each", each * _product(factors), factors, each=each)
        return _done("fixed", each, [selector])
    rate = form.rates.get(word, 0)
    return _done("rate", _product(factors) * rate, factors, rate=rate)


def _interest(facts: Facts, claim: Claim, form: forms.Interest) -> Award:
    principal, own_rate = facts.read(claim, form.interest), facts.read(claim, form.at_most)
    lacking = _lacking([principal, own_rate])
    if lacking:
        return lacking
    rate = min(form.rate, exact(Fraction(_value(own_rate) * form.share)))
    interest = Fraction(_value(principal) * rate * claim.months, _MONTHS)
    return _done("interest", interest, [principal, own_rate], rate=rate, months=claim.months)


def _shared_loss(facts: Facts, claim: Claim, form: forms.SharedLoss) -> Award:
    loss, share = facts.read(claim, form.shared_loss), facts.read(claim, form.share)
    lacking = _lacking([loss, share])
    if lacking:
        return lacking
    borne = min(_value(loss) * form.rate, form.at_most)
    return _done("shared_loss", borne * _value(share), [loss, share], rate=form.rate, at_most=form.at_most)


def _excess(facts: Facts, claim: Claim, form: forms.Excess) -> Award:
    price = facts.read(claim, form.excess)
    over = form.over
    other = [facts.read(claim, over.field)] if isinstance(over, FieldBound) else []
    factors = [facts.read(claim, name) for name in form.times]
    months = [facts.read(claim, form.months)] if form.months is not None else []
    lacking = _lacking([price, *other, *factors, *months])
    if lacking:
        return lacking
    bound = _value(other[0]) if isinstance(over, FieldBound) else over
    gap = max(_value(price) - bound, 0)
    result = Fraction(gap * _product(factors))
    if months:
        result = result * _value(months[0]) / _MONTHS
    length = _value(months[0]) if months else None
    return _done("excess", result, [price, *factors], over=bound, months=length)


def _total_of(facts: Facts, claim: Claim, form: forms.TotalOf) -> Award:
    addends = [facts.read(claim, name) for name in form.total_of]
    if form.missing_is_zero:
        addends = [one for one in addends if one.value is not None]
    return _lacking(addends) or _done("sum", sum(_value(one) for one in addends), addends)
