"""Examines conditions over columns: where each fails, and where a figure that it needs is missing."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from calc.batch.columns.days import days_of_years
from calc.batch.columns.exact import (
    Exact,
    by_number,
    constant,
    difference,
    exact_of,
    looked_up,
)
from calc.batch.columns.sight import Claims, Sight, any_of_bits, are_among, bits_of, column_of
from calc.batch.portfolio import Bools, Flags, Ints, Numbers
from calc.policy.forms import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Bound,
    Condition,
    FieldBound,
    GrowthBound,
    IsTrue,
    MoreThan,
    NotAfter,
    NotBefore,
    OfKinds,
    OneOf,
    RatioBound,
    TimesBound,
    WithinYears,
    WordBound,
)


class Verdicts(NamedTuple):
    """For each claim: whether conditions fail, whether they lack a figure, and whether that can be told."""

    fails: Bools
    lacks: Bools
    fits: Bools | None = None

    @property
    def holds(self) -> Bools:
        """Where nothing fails and nothing is missing."""
        return ~(self.fails | self.lacks)


def tested(sight: Sight, claims: Claims, conditions: Iterable[Condition]) -> Verdicts:
    """Where any of some conditions fails, and where any lacks a figure."""
    fails, lacks = np.zeros(claims.size, bool), np.zeros(claims.size, bool)
    fits: Bools | None = None
    for condition in conditions:
        one = _examine(sight, claims, condition)
        fails, lacks = fails | one.fails, lacks | one.lacks
        if one.fits is not None:
            fits = one.fits if fits is None else fits & one.fits
    return Verdicts(fails, lacks, fits)


def _examine(sight: Sight, claims: Claims, condition: Condition) -> Verdicts:
    match condition:
        case AtLeast():
            return _at_least(sight, claims, condition)
        case AtMost(at_most=bound, field=field):
            return _against(sight, claims, field, bound, is_strict=False)
        case MoreThan(more_than=bound, field=field):
            return _against(sight, claims, field, bound, is_strict=True)
        case IsTrue(is_true=wanted, field=field):
            return _is_true(sight, claims, field, wanted=wanted)
        case OneOf(one_of=words, field=field):
            codes = sight.words(claims, field).codes
            is_allowed = are_among(codes, sight.field(claims, field), words)
            return Verdicts((codes >= 0) & ~is_allowed, codes < 0)
        case OfKinds(kinds=kinds):
            bits = bits_of(kinds, tuple(sight.rules.vocabulary.kinds))
            are_such = any_of_bits(sight.portfolio.kinds[claims.owners], bits)
            return Verdicts(~are_such, np.zeros(claims.size, bool))
        case NotBefore(not_before=first, field=field):
            return _in_days(sight, claims, field, first.toordinal(), None)
        case NotAfter(not_after=last, field=field):
            return _in_days(sight, claims, field, None, last.toordinal())
        case WithinYears(within_years=number, field=field, after=after):
            last_year = np.maximum(sight.years(claims) - after, 1)
            first_year = np.maximum(last_year - number + 1, 1)
            return _in_days(sight, claims, field, days_of_years(first_year), days_of_years(last_year + 1) - 1)
        case AnyOf(any_of=inner):
            return _any_of([_examine(sight, claims, one) for one in inner])
        case AllOf(all_of=inner):
            return tested(sight, claims, inner)


def _any_of(inner: list[Verdicts]) -> Verdicts:
    """Holds where one alternative does; lacks what one lacks that may hold yet; else fails."""
    holds = np.logical_or.reduce([one.holds for one in inner])
    lacks = np.logical_or.reduce([one.lacks & ~one.fails for one in inner]) & ~holds
    fits = [one.fits for one in inner if one.fits is not None]
    return Verdicts(~(holds | lacks), lacks, np.logical_and.reduce(fits) if fits else None)


def _bound(sight: Sight, claims: Claims, bound: Bound) -> tuple[Exact, Bools]:
    """The value of a bound, and where it is known."""
    match bound:
        case RatioBound(ratio=factor, of=reference) | TimesBound(times=factor, of=reference):
            whole = sight.numbers(claims, reference)
            return by_number(exact_of(whole), factor), whole.known
        case GrowthBound(growth=growth, over=reference):
            before = sight.numbers(claims, reference)
            return by_number(exact_of(before), 1 + growth), before.known
        case FieldBound(field=reference):
            other = sight.numbers(claims, reference)
            return exact_of(other), other.known
        case WordBound(by=reference, values=values, otherwise=otherwise):
            codes = sight.words(claims, reference).codes
            words = sight.field(claims, reference).words
            numbers = [*(values.get(word, otherwise) for word in words), otherwise]
            return looked_up(codes, numbers), codes >= 0
        case literal:
            return constant(claims.size, literal), np.ones(claims.size, bool)


def _at_least(sight: Sight, claims: Claims, condition: AtLeast) -> Verdicts:
    bound, is_known = _bound(sight, claims, condition.at_least)
    operand = sight.numbers(claims, condition.field)
    lacks = ~operand.known
    value = exact_of(operand)
    if condition.together:
        value, lacks = _together(sight, claims, condition.field)
    over, fits = difference(value, bound)
    reaches = over >= 0
    if isinstance(condition.at_least, GrowthBound):
        # From nothing to nothing is no growth.
        reaches &= ~((over == 0) & (bound.units == 0))
    holds = reaches if condition.together else reaches & ~lacks
    return Verdicts(is_known & ~lacks & ~holds, ~is_known | (lacks & ~holds), fits)


def _together(sight: Sight, claims: Claims, name: str) -> tuple[Exact, Bools]:
    """The sum over all entries that count together, and where one of them lacks the figure."""
    together, entries = claims.together, claims.entries
    if together is None or entries is None:
        raise LookupError(name)
    parts = column_of(entries, sight.field(claims, name)).take(together.members)
    if not isinstance(parts, Numbers):
        raise TypeError(name)
    size = 1 + max(int(marks.max(initial=0)) for marks in (together.marks, together.member_marks))
    sums, tops, lacking = np.zeros(size, np.int64), np.zeros(size), np.zeros(size, bool)
    np.add.at(sums, together.member_marks, parts.units)
    np.add.at(tops, together.member_marks, parts.units.astype(np.float64))
    lacking[together.member_marks[~parts.known]] = True
    fits = tops < 2.0**61
    marks = together.marks
    return Exact(sums[marks], parts.scale, None if fits.all() else fits[marks]), lacking[marks]


def _against(sight: Sight, claims: Claims, field: str, bound: Bound, *, is_strict: bool) -> Verdicts:
    """A figure beside a bound that it may not pass or, where strict, has to pass."""
    operand = sight.numbers(claims, field)
    limit, is_known = _bound(sight, claims, bound)
    over, fits = difference(exact_of(operand), limit)
    can_tell = operand.known & is_known
    return Verdicts(can_tell & ((over <= 0) if is_strict else (over > 0)), ~can_tell, fits)


def _is_true(sight: Sight, claims: Claims, field: str, *, wanted: bool) -> Verdicts:
    found = sight.read(claims, field)
    if not isinstance(found, Flags):
        raise TypeError(field)
    return Verdicts(found.are_set != wanted, np.zeros(claims.size, bool))


def _in_days(
    sight: Sight, claims: Claims, field: str, first: int | Ints | None, last: int | Ints | None
) -> Verdicts:
    """A date beside the days between which it has to lie, both included."""
    day = sight.numbers(claims, field)
    outside = np.zeros(claims.size, bool)
    if first is not None:
        outside |= day.units < first
    if last is not None:
        outside |= day.units > last
    return Verdicts(outside & day.known, ~day.known)
