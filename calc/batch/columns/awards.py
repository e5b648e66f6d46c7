"""Works out awards over columns: one function for each form, as ``calc.engine.awards`` has for one claim."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from calc.batch.columns.conditions import tested
from calc.batch.columns.days import ORDINAL_OF_1970
from calc.batch.columns.exact import (
    Exact,
    all_fit,
    by_number,
    chosen,
    constant,
    difference,
    exact_of,
    looked_up,
    minus,
    not_negative,
    plus,
    quotient,
    smaller,
    times,
)
from calc.batch.columns.sight import Claims, Sight
from calc.batch.portfolio import Bools, Ints
from calc.engine.claims import MONTHS
from calc.enterprise.numbers import Number
from calc.policy import awards as forms
from calc.policy.forms import FieldBound, QuantityOrField


class Awards(NamedTuple):
    """The exact award of each claim before caps, in yuan; ``lacks`` where a figure is missing.

    ``rate`` is the flat ratio that an award of a single step may rest on, ``None`` where it is no ratio.
    """

    sums: Exact
    lacks: Bools
    rate: Exact | None = None


def compute(sight: Sight, claims: Claims, award: forms.Award) -> Awards:
    """The awards of one form."""
    match award:
        case forms.Fixed(fixed=fixed):
            return Awards(constant(claims.size, fixed), np.zeros(claims.size, bool))
        case forms.RateOf() as form:
            return _rate_of(sight, claims, form)
        case forms.SumOfRates(sum=parts):
            return _added([_rate_of(sight, claims, part) for part in parts])
        case forms.PricedAt(priced_at=share, of=references):
            product, lacks = _product(sight, claims, references)
            return _flat(product, 1 - share, lacks)
        case forms.Tiers() as form:
            return _tiers(sight, claims, form)
        case forms.Ladder() as form:
            return _ladder(sight, claims, form)
        case forms.GrowthLadder() as form:
            return _growth_ladder(sight, claims, form)
        case forms.Each() as form:
            return _each(sight, claims, form)
        case forms.ByWord() as form:
            return _by_word(sight, claims, form)
        case forms.Interest() as form:
            return _interest(sight, claims, form)
        case forms.SharedLoss() as form:
            return _shared_loss(sight, claims, form)
        case forms.Excess() as form:
            return _excess(sight, claims, form)
        case forms.TotalOf() as form:
            return _total_of(sight, claims, form)
        case forms.Parts(parts=parts):
            found = [_part(sight, claims, part) for part in parts]
            return _added(found) if len(found) > 1 else found[0]
        case forms.ByYear() as form:
            return _by_year(sight, claims, form)


def _read(sight: Sight, claims: Claims, reference: str) -> tuple[Exact, Bools]:
    """A figure, and where it is missing."""
    found = sight.numbers(claims, reference)
    return exact_of(found), ~found.known


def _product(sight: Sight, claims: Claims, references: Sequence[str]) -> tuple[Exact, Bools]:
    """The product of some figures, and where one of them is missing."""
    lacks = np.zeros(claims.size, bool)
    product: Exact | None = None
    for reference in references:
        factor, is_missing = _read(sight, claims, reference)
        product = factor if product is None else times(product, factor)
        lacks |= is_missing
    return product if product is not None else constant(claims.size, 1), lacks


def _flat(base: Exact, rate: Number, lacks: Bools) -> Awards:
    return Awards(by_number(base, rate), lacks, constant(lacks.size, rate))


def _rate_of(sight: Sight, claims: Claims, form: forms.RateOf) -> Awards:
    product, lacks = _product(sight, claims, form.of)
    if form.less is None:
        return _flat(product, form.rate, lacks)
    less, is_missing = _read(sight, claims, form.less)
    growth = not_negative(minus(product, less))
    return Awards(by_number(growth, form.rate), lacks | is_missing)


def _added(parts: Sequence[Awards]) -> Awards:
    """Several awards added up."""
    sums = reduce(plus, (part.sums for part in parts))
    return Awards(sums, np.logical_or.reduce([part.lacks for part in parts]))


def _part(sight: Sight, claims: Claims, part: forms.Part) -> Awards:
    verdicts = tested(sight, claims, part.when)
    award = compute(sight, claims, part.award)
    sums, rate, is_due = award.sums, award.rate, ~verdicts.fails
    if part.cap is not None:
        cap = constant(claims.size, part.cap)
        if rate is not None:
            # What a cap cuts rests on no flat ratio any more.
            rate = chosen(difference(sums, cap)[0] > 0, constant(claims.size, 0), rate)
        sums = smaller(sums, cap)
    if verdicts.fits is not None:
        sums = sums._replace(fits=all_fit(claims.size, sums) & verdicts.fits)
    paid = chosen(is_due, sums, constant(claims.size, 0))
    return Awards(paid, is_due & (verdicts.lacks | award.lacks), rate)


def _by_year(sight: Sight, claims: Claims, form: forms.ByYear) -> Awards:
    began = sight.numbers(claims, form.by_year)
    years = (began.units - ORDINAL_OF_1970).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    places = sight.years(claims) - (years + 1970 + form.after)
    is_within = (places >= 0) & (places < len(form.shares)) & began.known
    award = compute(sight, claims, form.award)
    shares = looked_up(np.where(is_within, places, len(form.shares)), [*form.shares, 0])
    return Awards(times(award.sums, shares), ~began.known | (is_within & award.lacks))


def _reached(values: Exact, bounds: Iterable[Number]) -> tuple[Ints, Bools | None]:
    """How many bounds each value reaches; they rise."""
    size = values.units.size
    reached, fits = np.zeros(size, np.int64), np.ones(size, bool)
    for bound in bounds:
        signs, can_tell = difference(values, constant(size, bound))
        reached += signs >= 0
        if can_tell is not None:
            fits &= can_tell
    return reached, fits


def _only_where(column: Exact, fits: Bools | None) -> Exact:
    return column if fits is None else column._replace(fits=all_fit(column.units.size, column) & fits)


def _tiers(sight: Sight, claims: Claims, form: forms.Tiers) -> Awards:
    value, lacks = _read(sight, claims, form.tiers)
    reached, fits = _reached(value, (step.since for step in form.steps))
    rates = looked_up(reached, [0, *(step.rate for step in form.steps)])
    if form.of:
        product, is_missing = _product(sight, claims, form.of)
        return Awards(_only_where(times(product, rates), fits), lacks | is_missing, rates)
    if form.mode == "whole":
        return Awards(_only_where(times(value, rates), fits), lacks, rates)
    slices = [
        by_number(_slice(value, step.since, upper), step.rate)
        for step, upper in zip(form.steps, [*(one.since for one in form.steps[1:]), None], strict=True)
    ]
    return Awards(_only_where(reduce(plus, slices), fits), lacks)


def _slice(value: Exact, since: Number, until: Number | None) -> Exact:
    """What of each value lies between two bounds."""
    size = value.units.size
    end = value if until is None else smaller(value, constant(size, until))
    return not_negative(minus(end, constant(size, since)))


def _ladder(sight: Sight, claims: Claims, form: forms.Ladder) -> Awards:
    value, lacks = _read(sight, claims, form.ladder)
    reached, fits = _reached(value, (rung.since for rung in form.steps))
    return Awards(_only_where(looked_up(reached, [0, *(rung.sum for rung in form.steps)]), fits), lacks)


def _growth_ladder(sight: Sight, claims: Claims, form: forms.GrowthLadder) -> Awards:
    now, lacks = _read(sight, claims, form.growth_of)
    before, is_missing = _read(sight, claims, form.over)
    growth, _ = difference(now, before)
    reached = np.zeros(claims.size, np.int64)
    fits = np.ones(claims.size, bool)
    for rung in form.steps:
        over, can_tell = difference(now, by_number(before, 1 + rung.since))
        reached += (over >= 0) & (growth > 0)
        if can_tell is not None:
            fits &= can_tell
    sums = looked_up(reached, [0, *(rung.sum for rung in form.steps)])
    return Awards(_only_where(sums, fits), lacks | is_missing)


def _number_or_field(sight: Sight, claims: Claims, bound: QuantityOrField) -> tuple[Exact, Bools]:
    """A number that stands in the rules, or a figure, and where it is missing."""
    if isinstance(bound, FieldBound):
        return _read(sight, claims, bound.field)
    return constant(claims.size, bound), np.zeros(claims.size, bool)


def _each(sight: Sight, claims: Claims, form: forms.Each) -> Awards:
    units, lacks = _read(sight, claims, form.each)
    start, is_missing = _number_or_field(sight, claims, form.beyond or 0)
    factors, are_missing = _product(sight, claims, form.times)
    counted = not_negative(minus(units, start))
    if form.per is not None:
        counted = quotient(counted, constant(claims.size, form.per))
    if form.up_to is not None:
        counted = smaller(counted, constant(claims.size, form.up_to))
    return Awards(times(by_number(counted, form.sum), factors), lacks | is_missing | are_missing)


def _by_word(sight: Sight, claims: Claims, form: forms.ByWord) -> Awards:
    codes = sight.words(claims, form.by_word).codes
    words = sight.field(claims, form.by_word).words
    factors, lacks = _product(sight, claims, form.of)
    lacks = lacks | (codes < 0)
    numbers: Mapping[str, Number] = form.sums or form.rates
    values = looked_up(codes, [*(numbers.get(word, 0) for word in words), 0])
    return Awards(times(factors, values), lacks, None if form.sums else values)


def _interest(sight: Sight, claims: Claims, form: forms.Interest) -> Awards:
    principal, lacks = _read(sight, claims, form.interest)
    own_rate, is_missing = _read(sight, claims, form.at_most)
    rate = smaller(constant(claims.size, form.rate), by_number(own_rate, form.share))
    months = Exact(np.zeros(claims.size, np.int64) if claims.months is None else claims.months, MONTHS)
    return Awards(times(times(principal, rate), months), lacks | is_missing)


def _shared_loss(sight: Sight, claims: Claims, form: forms.SharedLoss) -> Awards:
    loss, lacks = _read(sight, claims, form.shared_loss)
    share, is_missing = _read(sight, claims, form.share)
    borne = smaller(by_number(loss, form.rate), constant(claims.size, form.at_most))
    return Awards(times(borne, share), lacks | is_missing)


def _excess(sight: Sight, claims: Claims, form: forms.Excess) -> Awards:
    price, lacks = _read(sight, claims, form.excess)
    over, is_missing = _number_or_field(sight, claims, form.over)
    product, are_missing = _product(sight, claims, form.times)
    result = times(not_negative(minus(price, over)), product)
    lacks = lacks | is_missing | are_missing
    if form.months is not None:
        months, is_missing = _read(sight, claims, form.months)
        result = times(result, months._replace(denominator=months.denominator * MONTHS))
        lacks = lacks | is_missing
    return Awards(result, lacks)


def _total_of(sight: Sight, claims: Claims, form: forms.TotalOf) -> Awards:
    addends = [_read(sight, claims, reference) for reference in form.total_of]
    lacks = np.logical_or.reduce([is_missing for _, is_missing in addends])
    total = reduce(plus, (addend for addend, _ in addends))
    return Awards(total, np.zeros(claims.size, bool) if form.missing_is_zero else lacks)
