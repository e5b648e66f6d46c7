"""Tests the conditions of a claim: one function for each form, each giving reasons and missing figures."""

from collections.abc import Iterator, Sequence
from datetime import MINYEAR, date
from fractions import Fraction
from itertools import chain
from typing import Final, TypeAlias

from calc.engine.claims import Claim, Facts, Operand
from calc.engine.outcomes import Reason
from calc.enterprise.numbers import Number, exact
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

Finding: TypeAlias = Reason | Operand
"""A failed condition, or a figure that is missing."""

_FEN: Final = 100


def failures(facts: Facts, claim: Claim) -> tuple[tuple[Reason, ...], tuple[Operand, ...]]:
    """The reasons for which a claim fails, and the figures its conditions lack."""
    return tested(facts, claim, claim.item.conditions)


def tested(
    facts: Facts, claim: Claim, conditions: Sequence[Condition]
) -> tuple[tuple[Reason, ...], tuple[Operand, ...]]:
    """The reasons for which some conditions fail, and the figures that they lack."""
    reasons: list[Reason] = []
    missing: list[Operand] = []
    for place, condition in enumerate(conditions):
        for finding in _test(facts, claim, condition, place):
            if isinstance(finding, Reason):
                reasons.append(finding)
            else:
                missing.append(finding)
    return tuple(reasons), tuple(missing)


def _test(facts: Facts, claim: Claim, condition: Condition, place: int) -> Iterator[Finding]:
    match condition:
        case AtLeast():
            return _at_least(facts, claim, condition)
        case AtMost():
            return _at_most(facts, claim, condition)
        case MoreThan():
            return _more_than(facts, claim, condition)
        case IsTrue():
            return _is_true(facts, claim, condition)
        case OneOf():
            return _one_of(facts, claim, condition)
        case OfKinds():
            return _of_kinds(facts, condition)
        case NotBefore():
            return _in_days(facts, claim, condition.field, condition.not_before, None)
        case NotAfter():
            return _in_days(facts, claim, condition.field, None, condition.not_after)
        case WithinYears():
            last = max(facts.year - condition.after, MINYEAR)
            first = max(last - condition.within_years + 1, MINYEAR)
            return _in_days(facts, claim, condition.field, date(first, 1, 1), date(last, 12, 31))
        case AnyOf():
            return _any_of(facts, claim, condition, place)
        case AllOf(all_of=inner):
            return chain.from_iterable(_test(facts, claim, one, index) for index, one in enumerate(inner))


def _any_of(facts: Facts, claim: Claim, condition: AnyOf, place: int) -> Iterator[Finding]:
    """Nothing where one alternative holds; what those lack that may hold yet; or else why each fails."""
    found = [tested(facts, claim, (one,)) for one in condition.any_of]
    if any(not reasons and not missing for reasons, missing in found):
        return
    lacking = [missing for reasons, missing in found if not reasons]
    if lacking:
        yield from min(lacking, key=len)
        return
    for number, (reasons, _) in enumerate(found):
        yield from (one._replace(either=((place, number), *one.either)) for one in reasons)


def _in_days(
    facts: Facts, claim: Claim, field: str, first: date | None, last: date | None
) -> Iterator[Finding]:
    operand = facts.read(claim, field)
    day = operand.value
    if not isinstance(day, date):
        yield operand
    elif first is not None and day < first:
        yield Reason("below", operand.path, day, first, None, operand.field, operand.year)
    elif last is not None and day > last:
        yield Reason("above", operand.path, day, last, None, operand.field, operand.year)


def _number(operand: Operand) -> Number:
    if not isinstance(operand.value, int | Fraction):
        raise TypeError(operand.path)
    return operand.value


def _bound(facts: Facts, claim: Claim, bound: Bound) -> Number | Operand:
    """The value of a bound, or the figure it lacks."""
    match bound:
        case RatioBound():
            whole = facts.read(claim, bound.of)
            return whole if whole.value is None else _number(whole) * bound.ratio
        case TimesBound():
            unit = facts.read(claim, bound.of)
            return unit if unit.value is None else _number(unit) * bound.times
        case GrowthBound():
            before = facts.read(claim, bound.over)
            return before if before.value is None else _number(before) * (1 + bound.growth)
        case FieldBound():
            other = facts.read(claim, bound.field)
            return other if other.value is None else _number(other)
        case WordBound():
            selector = facts.read(claim, bound.by)
            if selector.value is None:
                return selector
            return bound.values.get(str(selector.value), bound.otherwise)
        case literal:
            return literal


def _fail(code: str, operand: Operand, value: Number, threshold: Number, shortfall: Number) -> Reason:
    return Reason(
        code,
        operand.path,
        value,
        exact(Fraction(threshold)),
        exact(Fraction(shortfall)),
        operand.field,
        operand.year,
    )


def _at_least(facts: Facts, claim: Claim, condition: AtLeast) -> Iterator[Finding]:
    operand = facts.read(claim, condition.field)
    bound = _bound(facts, claim, condition.at_least)
    lacking: list[Operand] = []
    if condition.together:
        parts = [facts.read_entry(entry, condition.field) for entry in claim.together]
        lacking = [part for part in parts if part.value is None]
        value: Number = sum(_number(part) for part in parts if part.value is not None)
    else:
        lacking = [operand] if operand.value is None else []
        value = 0 if lacking else _number(operand)
    if isinstance(bound, Operand):
        yield bound
        yield from lacking
    elif isinstance(condition.at_least, GrowthBound) and not lacking and value == bound == 0:
        yield _fail("not_more", operand, value, bound, 0)
    elif value >= bound and (condition.together or not lacking):
        return
    elif lacking:
        yield from lacking
    else:
        # A figure holds whole fen at most, so the least that passes is the bound rounded up to the fen.
        least = exact(Fraction(-((-bound * _FEN) // 1), _FEN)) if operand.field.type == "money" else bound
        yield _fail("below", operand, value, least, least - value)


def _pair(facts: Facts, claim: Claim, field: str, raw_bound: Bound) -> tuple[Operand, Number | Operand]:
    return facts.read(claim, field), _bound(facts, claim, raw_bound)


def _at_most(facts: Facts, claim: Claim, condition: AtMost) -> Iterator[Finding]:
    operand, bound = _pair(facts, claim, condition.field, condition.at_most)
    if operand.value is None:
        yield operand
    if isinstance(bound, Operand):
        yield bound
    elif operand.value is not None and _number(operand) > bound:
        yield _fail("above", operand, _number(operand), bound, _number(operand) - bound)


def _more_than(facts: Facts, claim: Claim, condition: MoreThan) -> Iterator[Finding]:
    operand, bound = _pair(facts, claim, condition.field, condition.more_than)
    if operand.value is None:
        yield operand
    if isinstance(bound, Operand):
        yield bound
    elif operand.value is not None and _number(operand) <= bound:
        yield _fail("not_more", operand, _number(operand), bound, bound - _number(operand))


def _is_true(facts: Facts, claim: Claim, condition: IsTrue) -> Iterator[Finding]:
    operand = facts.read(claim, condition.field)
    wanted = condition.is_true
    if (operand.value is True) is not wanted:
        yield Reason("flag", operand.path, not wanted, wanted, None, operand.field, operand.year)


def _one_of(facts: Facts, claim: Claim, condition: OneOf) -> Iterator[Finding]:
    operand = facts.read(claim, condition.field)
    if operand.value is None:
        yield operand
    elif operand.value not in condition.one_of:
        code = "level" if operand.field.name == "level" else "kind"
        yield Reason(code, operand.path, operand.value, condition.one_of, None, operand.field)


def _of_kinds(facts: Facts, condition: OfKinds) -> Iterator[Finding]:
    kinds = facts.enterprise.kinds_in(facts.year)
    if not any(kind in condition.kinds for kind in kinds):
        yield Reason("kind", "enterprise.kinds", kinds, condition.kinds)
