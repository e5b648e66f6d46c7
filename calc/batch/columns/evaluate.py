"""Turns claims into outcomes, over columns: what becomes of each, and what it counts."""

from typing import NamedTuple

import numpy as np

from calc.batch.columns.awards import Awards, compute
from calc.batch.columns.conditions import tested
from calc.batch.columns.exact import (
    Exact,
    all_fit,
    by_number,
    chosen,
    constant,
    difference,
    exact_of,
    minus,
    not_negative,
    quotient,
    smaller,
    times,
    whole_yuan,
)
from calc.batch.columns.paid import Declared, Paid, covered, expected_for, paid_before
from calc.batch.columns.sight import Claims, Sight
from calc.batch.portfolio import Bools, Ints, Numbers
from calc.engine.claims import split_reference
from calc.engine.evaluate import AVERAGE_RATE_PARTS, Count, is_counted
from calc.engine.outcomes import STATUSES
from calc.enterprise.numbers import FEN
from calc.policy.rules import Item, PolicyHead

BARRED, INELIGIBLE, NEEDS_INPUT, ELIGIBLE = range(len(STATUSES))
"""What becomes of a claim, as its place in ``STATUSES``."""


class Bases(NamedTuple):
    """The sums of which each yuan supports one measure only, row by row (yuan), and what a yuan pays.

    ``root`` and ``part`` name the whole and the part of it that the claims may use.
    """

    root: str
    part: str
    wholes: Ints
    limits: Ints
    numerators: Ints
    denominators: Ints


class Outcomes(NamedTuple):
    """What becomes of the claims of one item (yuan).

    ``has_ceiling`` is false where the source sets none; ``year_limits`` is what all claims of the item may
    get together, -1 where nothing limits it; ``fits`` is false where a sum left the bounds of the columns;
    ``are_expected`` where the enterprise expects a sum.
    """

    claims: Claims
    statuses: Ints
    amounts: Ints
    ceilings: Ints
    has_ceiling: Bools
    year_limits: Ints
    fits: Bools
    are_expected: Bools
    bases: Bases | None = None


class _Limits(NamedTuple):
    """The caps of each claim, exact; ``lacks`` where the figure behind a share is missing."""

    cap: Exact | None
    year_cap: Exact | None
    lifetime_cap: Exact | None
    share: Exact | None
    lacks: Bools

    def each(self) -> list[Exact]:
        return [one for one in (self.cap, self.year_cap, self.lifetime_cap, self.share) if one is not None]


def evaluate(
    sight: Sight, claims: Claims, count: Count, declared: Declared, lacking: Bools | None
) -> Outcomes:
    """What becomes of the claims of one item.

    ``lacking``: the enterprises for which a cap that the item shares is
    unknown.
    """
    item, size = claims.item, claims.size
    paid = paid_before(sight, claims, declared)
    limits = _limits_of(sight, claims, paid)
    verdicts = tested(sight, claims, item.conditions)
    award = None if item.award is None else compute(sight, claims, item.award)
    lacks = verdicts.lacks | limits.lacks | (np.zeros(size, bool) if award is None else award.lacks)
    statuses = np.where(verdicts.fails, INELIGIBLE, np.where(lacks, NEEDS_INPUT, ELIGIBLE))
    statuses[covered(sight, claims, declared) | _barred(sight, claims, paid, limits)] = BARRED
    ceiling = _ceiling(item, size, award, limits, paid)
    expected = expected_for(sight, claims, declared)
    amount, fits = _amounts(claims, ceiling, expected, count)
    amounts = np.where(statuses == ELIGIBLE, amount, 0)
    if lacking is not None:
        statuses[(statuses == ELIGIBLE) & (amounts > 0) & lacking[claims.owners]] = NEEDS_INPUT
        amounts = np.where(statuses == ELIGIBLE, amounts, 0)
    if verdicts.fits is not None:
        fits = fits & verdicts.fits
    if paid is not None:
        fits = fits & paid.fits
    bases, can_split = _bases(sight, claims, award)
    fits = fits & (can_split | (amounts == 0))
    return Outcomes(
        claims,
        statuses,
        amounts,
        np.zeros(size, np.int64) if ceiling is None else whole_yuan(ceiling),
        np.full(size, ceiling is not None and item.grade != "in_kind"),
        _year_limits(size, limits),
        fits,
        expected.known,
        bases,
    )


def _barred(sight: Sight, claims: Claims, paid: Paid | None, limits: _Limits) -> Bools:
    portfolio, item = sight.portfolio, claims.item
    bars = _is_out_of_period(sight.rules.policy, sight.years(claims))
    if not item.outside_zone:
        bars |= ~portfolio.in_zone[claims.owners]
    if paid is not None:
        if item.pays == "once":
            bars |= paid.is_own
        for cap in (limits.cap, limits.lifetime_cap):
            if cap is not None:
                bars |= (cap.units <= 0) & paid.is_any
    return bars


def _is_out_of_period(policy: PolicyHead, years: Ints) -> Bools:
    return (years < policy.valid_from.year) | (years > policy.valid_to.year)


def _limits_of(sight: Sight, claims: Claims, paid: Paid | None) -> _Limits:
    """The caps of each claim, lowered by what was paid before."""
    item, size = claims.item, claims.size
    cap, year_cap, lifetime_cap = (
        None if number is None else constant(size, number)
        for number in (item.cap_of("cap"), item.cap_of("year_cap"), item.cap_of("lifetime_cap"))
    )
    if paid is not None:
        if cap is not None and item.pays == "stages":
            cap = minus(cap, Exact(paid.own, FEN))
        if lifetime_cap is not None:
            lifetime_cap = minus(lifetime_cap, Exact(paid.in_all, FEN))
    if item.share_cap is None:
        return _Limits(cap, year_cap, lifetime_cap, None, np.zeros(size, bool))
    whole = sight.numbers(claims, item.share_cap.of)
    share = by_number(exact_of(whole), item.share_cap.ratio)
    if paid is not None and item.pays == "stages":
        share = minus(share, Exact(paid.own, FEN))
    return _Limits(cap, year_cap, lifetime_cap, not_negative(share), ~whole.known)


def _ceiling(item: Item, size: int, award: Awards | None, limits: _Limits, paid: Paid | None) -> Exact | None:
    """The most the source allows each claim, exact; ``None`` where nothing bounds it."""
    caps = limits.each()
    if award is None and not caps:
        return None
    result = caps[0] if award is None else award.sums
    if award is not None and item.floor is not None:
        signs, fits = difference(result, constant(size, item.floor))
        result = chosen(signs >= 0, result, constant(size, 0))
        if fits is not None:
            result = result._replace(fits=all_fit(size, result) & fits)
    for cap in caps:
        result = smaller(result, cap)
    if paid is not None and item.pays == "difference":
        result = not_negative(minus(result, Exact(paid.own, FEN)))
    return result


def _amounts(claims: Claims, ceiling: Exact | None, expected: Numbers, count: Count) -> tuple[Ints, Bools]:
    """What each claim counts alone were it eligible, and where that can be told."""
    item, size = claims.item, claims.size
    nothing = np.zeros(size, np.int64)
    fits = np.ones(size, bool) if ceiling is None else all_fit(size, ceiling)
    if item.grade == "in_kind":
        return nothing, fits
    counts = np.where(
        expected.known,
        is_counted(item.grade, count, is_expected=True),
        is_counted(item.grade, count, is_expected=False),
    )
    exact = exact_of(expected)
    if ceiling is not None:
        exact = smaller(chosen(expected.known, exact, ceiling), ceiling)
        fits = all_fit(size, exact)
    return np.where(counts, whole_yuan(exact), 0), fits


def _year_limits(size: int, limits: _Limits) -> Ints:
    caps = [whole_yuan(cap) for cap in (limits.year_cap, limits.lifetime_cap) if cap is not None]
    return np.minimum.reduce(caps) if caps else np.full(size, -1, np.int64)


def _bases(sight: Sight, claims: Claims, award: Awards | None) -> tuple[Bases | None, Bools]:
    """The bases of claims, if they have one, and where what a yuan of it pays can be told."""
    reference = claims.item.base
    if reference is None or claims.entries is None:
        return None, np.ones(claims.size, bool)
    name = split_reference(reference)[1]
    field = sight.field(claims, name)
    root = field.part_of or field.name
    part, whole = sight.numbers(claims, name), sight.numbers(claims, root)
    limits = whole_yuan(exact_of(part))
    wholes = np.where(whole.known, whole_yuan(exact_of(whole)), limits)
    rates = _rates_on(exact_of(part), award)
    shared = np.gcd(rates.units, rates.denominator)
    bases = Bases(root, name, wholes, limits, rates.units // shared, rates.denominator // shared)
    return bases, all_fit(claims.size, rates)


def _rates_on(base: Exact, award: Awards | None) -> Exact:
    """What a yuan of each base pays: the ratio itself, or else the award's average, cut."""
    size = base.units.size
    if award is None:
        return constant(size, 0)
    cut = quotient(by_number(award.sums, AVERAGE_RATE_PARTS), base)
    average = cut._replace(denominator=AVERAGE_RATE_PARTS)
    if award.rate is None:
        return average
    signs, fits = difference(times(award.rate, base), award.sums)
    rates = chosen((signs == 0) & (base.units > 0), award.rate, average)
    return rates if fits is None else rates._replace(fits=all_fit(size, rates) & fits)
