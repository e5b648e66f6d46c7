"""Examines the conditions of a claim: one function for each form, giving a verdict and its figures."""

from collections.abc import Iterator, Sequence
from datetime import MINYEAR, date
from fractions import Fraction
from itertools import chain
from typing import Literal, NamedTuple, TypeAlias

from calc.engine.claims import Claim, Facts, Operand
from calc.engine.outcomes import Reason
from calc.enterprise.enterprise import Value
from calc.enterprise.numbers import FEN, Number, exact
from calc.enterprise.vocabulary import Field
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

Verdict: TypeAlias = Literal["holds", "fails", "missing"]


class Examined(NamedTuple):
    """One condition as it stands for a claim.

    ``value`` is what the enterprise declares, ``threshold`` what it has to reach, keep to, exceed or be (a
    number, ``True``, or words any of which will do); each is ``None`` where a figure behind it is missing.
    ``reason`` stands where the condition fails, ``missing`` holds the figures without which nobody can tell.
    A condition made of others has no path: ``inner`` holds them, ``others`` the reasons after the first.
    """

    condition: Condition
    path: str
    value: Value | None = None
    threshold: Value | None = None
    field: Field | None = None
    reason: Reason | None = None
    missing: tuple[Operand, ...] = ()
    others: tuple[Reason, ...] = ()
    inner: "tuple[Examined, ...]" = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason for which the condition fails."""
        return () if self.reason is None else (self.reason, *self.others)

    @property
    def verdict(self) -> Verdict:
        """Whether the condition holds."""
        if self.reason is not None:
            return "fails"
        return "missing" if self.missing else "holds"


def failures(facts: Facts, claim: Claim) -> tuple[tuple[Reason, ...], tuple[Operand, ...]]:
    """The reasons for which a claim fails, and the figures its conditions lack."""
    return tested(facts, claim, claim.item.conditions)


def tested(
    facts: Facts, claim: Claim, conditions: Sequence[Condition]
) -> tuple[tuple[Reason, ...], tuple[Operand, ...]]:
    """The reasons for which some conditions fail, and the figures that they lack."""
    found = _each(facts, claim, conditions)
    reasons = chain.from_iterable(one.reasons for one in found)
    return tuple(reasons), tuple(chain.from_iterable(one.missing for one in found))


def examine(facts: Facts, claim: Claim) -> Iterator[Examined]:
    """Every condition of a claim with its verdict, in the order of the rules."""
    yield from _each(facts, claim, claim.item.conditions)


def _each(facts: Facts, claim: Claim, conditions: Sequence[Condition]) -> tuple[Examined, ...]:
    return tuple(_examine(facts, claim, one, place) for place, one in enumerate(conditions))


def _examine(facts: Facts, claim: Claim, condition: Condition, place: int) -> Examined:
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
        case NotBefore(not_before=first):
            return _in_days(facts, claim, condition, first, None)
        case NotAfter(not_after=last):
            return _in_days(facts, claim, condition, None, last)
        case WithinYears():
            last_year = max(facts.year - condition.after, MINYEAR)
            first_year = max(last_year - condition.within_years + 1, MINYEAR)
            return _in_days(facts, claim, condition, date(first_year, 1, 1), date(last_year, 12, 31))
        case AnyOf():
            return _any_of(condition, _each(facts, claim, condition.any_of), place)
        case AllOf():
            return _all_of(condition, _each(facts, claim, condition.all_of))


def _any_of(condition: AnyOf, inner: tuple[Examined, ...], place: int) -> Examined:
    """Holds where one alternative does; lacks what one lacks that may hold yet; else fails as each does."""
    if any(one.verdict == "holds" for one in inner):
        return Examined(condition, "", inner=inner)
    lacking = [one.missing for one in inner if one.verdict == "missing"]
    if lacking:
        return Examined(condition, "", missing=min(lacking, key=len), inner=inner)
    first, *others = (
        reason._replace(either=((place, number), *reason.either))
        for number, one in enumerate(inner)
        for reason in one.reasons
    )
    return Examined(condition, "", reason=first, others=tuple(others), inner=inner)


def _all_of(condition: AllOf, inner: tuple[Examined, ...]) -> Examined:
    reasons = tuple(chain.from_iterable(one.reasons for one in inner))
    missing = tuple(chain.from_iterable(one.missing for one in inner))
    return Examined(
        condition, "", reason=next(iter(reasons), None), missing=missing, others=reasons[1:], inner=inner
    )


def _in_days(
    facts: Facts,
    claim: Claim,
    condition: NotBefore | NotAfter | WithinYears,
    first: date | None,
    last: date | None,
) -> Examined:
    """A date beside the days between which it has to lie, both included."""
    operand = facts.read(claim, condition.field)
    day, field, year = operand.value, operand.field, operand.year
    threshold = last if first is None else first
    if not isinstance(day, date):
        return Examined(condition, operand.path, None, threshold, field, missing=(operand,))
    reason = None
    if first is not None and day < first:
        reason = Reason("below", operand.path, day, first, None, field, year)
    elif last is not None and day > last:
        threshold = last
        reason = Reason("above", operand.path, day, last, None, field, year)
    return Examined(condition, operand.path, day, threshold, field, reason)


def _number(operand: Operand) -> Number:
    if not isinstance(operand.value, int | Fraction):
        raise TypeError(operand.path)
    return operand.value


def _bound(facts: Facts, claim: Claim, bound: Bound) -> Number | Operand:
    """The value of a bound, or the figure it lacks."""
    match bound:
        case RatioBound():
            whole = facts.read(claim, bound.of)
            return whole if whole.value is None else exact(Fraction(_number(whole) * bound.ratio))
        case TimesBound():
            unit = facts.read(claim, bound.of)
            return unit if unit.value is None else exact(Fraction(_number(unit) * bound.times))
        case GrowthBound():
            before = facts.read(claim, bound.over)
            return before if before.value is None else exact(Fraction(_number(before) * (1 + bound.growth)))
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


def _known(bound: Number | Operand) -> Number | None:
    """A bound as a threshold: one that is an operand is a figure that is missing."""
    return None if isinstance(bound, Operand) else bound


def _at_least(facts: Facts, claim: Claim, condition: AtLeast) -> Examined:
    operand = facts.read(claim, condition.field)
    bound = _bound(facts, claim, condition.at_least)
    parts = [operand]
    if condition.together:
        parts = [facts.read_entry(entry, condition.field) for entry in claim.together]
    lacking = tuple(part for part in parts if part.value is None)
    value: Number = sum(_number(part) for part in parts if part.value is not None)
    if isinstance(bound, Fraction) and operand.field.type == "money":
        # A figure holds whole fen at most, so the least that passes is the bound rounded up to the fen.
        bound = exact(Fraction(-((-bound * FEN) // 1), FEN))
    reason = None
    if isinstance(bound, Operand):
        lacking = (bound, *lacking)
    elif isinstance(condition.at_least, GrowthBound) and value == bound == 0:
        reason = None if lacking else _fail("not_more", operand, value, bound, 0)
    elif value >= bound and (condition.together or not lacking):
        lacking = ()
    elif not lacking:
        reason = _fail("below", operand, value, bound, bound - value)
    known = None if len(lacking) == len(parts) else value
    return Examined(condition, operand.path, known, _known(bound), operand.field, reason, lacking)


def _against(
    condition: Condition, operand: Operand, bound: Number | Operand, code: Literal["above", "not_more"]
) -> Examined:
    """A figure beside a bound that it may not pass, or that it has to pass."""
    lacking = tuple(one for one in (operand, bound) if isinstance(one, Operand) and one.value is None)
    value = None if operand.value is None else _number(operand)
    reason = None
    if value is not None and not isinstance(bound, Operand):
        over = value - bound
        if (over > 0) is (code == "above"):
            reason = _fail(code, operand, value, bound, over if over > 0 else -over)
    return Examined(condition, operand.path, value, _known(bound), operand.field, reason, lacking)


def _at_most(facts: Facts, claim: Claim, condition: AtMost) -> Examined:
    operand, bound = facts.read(claim, condition.field), _bound(facts, claim, condition.at_most)
    return _against(condition, operand, bound, "above")


def _more_than(facts: Facts, claim: Claim, condition: MoreThan) -> Examined:
    operand, bound = facts.read(claim, condition.field), _bound(facts, claim, condition.more_than)
    return _against(condition, operand, bound, "not_more")


def _is_true(facts: Facts, claim: Claim, condition: IsTrue) -> Examined:
    operand = facts.read(claim, condition.field)
    is_so, wanted = operand.value is True, condition.is_true
    field, year = operand.field, operand.year
    reason = None if is_so is wanted else Reason("flag", operand.path, is_so, wanted, None, field, year)
    return Examined(condition, operand.path, is_so, wanted, field, reason)


def _one_of(facts: Facts, claim: Claim, condition: OneOf) -> Examined:
    operand = facts.read(claim, condition.field)
    words, reason = condition.one_of, None
    if operand.value is not None and operand.value not in words:
        code = "level" if operand.field.name == "level" else "kind"
        reason = Reason(code, operand.path, operand.value, words, None, operand.field)
    missing = (operand,) if operand.value is None else ()
    return Examined(condition, operand.path, operand.value, words, operand.field, reason, missing)


def _of_kinds(facts: Facts, condition: OfKinds) -> Examined:
    path, kinds, wanted = "enterprise.kinds", facts.enterprise.kinds_in(facts.year), condition.kinds
    is_one = any(kind in wanted for kind in kinds)
    reason = None if is_one else Reason("kind", path, kinds, wanted)
    return Examined(condition, path, kinds, wanted, None, reason)
