"""Examines the conditions of a claim: one function for each form, giving a verdict and its figures."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, Literal, NamedTuple, TypeAlias

from calc.engine.claims import Claim, Facts, Operand
from calc.engine.outcomes import Reason
from calc.enterprise.enterprise import Value
from calc.enterprise.numbers import Number, exact
from calc.enterprise.vocabulary import Field
from calc.policy.forms import (
    AtLeast,
    AtMost,
    Bound,
    Condition,
    FieldBound,
    IsTrue,
    MoreThan,
    OfKinds,
    OneOf,
    RatioBound,
    WordBound,
)

Verdict: TypeAlias = Literal["holds", "fails", "missing"]

_FEN: Final = 100


class Examined(NamedTuple):
    """One condition as it stands for a claim.

    ``value`` is what the enterprise declares, ``threshold`` what it has to reach, keep to, exceed or be (a
    number, ``True``, or words any of which will do); each is ``None`` where a figure behind it is missing.
    ``reason`` stands where the condition fails, ``missing`` holds the figures without which nobody can tell.
    """

    condition: Condition
    path: str
    value: Value | None = None
    threshold: Value | None = None
    field: Field | None = None
    reason: Reason | None = None
    missing: tuple[Operand, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Whether the condition holds."""
        if self.reason is not None:
            return "fails"
        return "missing" if self.missing else "holds"


def failures(facts: Facts, claim: Claim) -> tuple[tuple[Reason, ...], tuple[Operand, ...]]:
    """The reasons for which a claim fails, and the figures its conditions lack."""
    reasons: list[Reason] = []
    missing: list[Operand] = []
    for one in examine(facts, claim):
        if one.reason is not None:
            reasons.append(one.reason)
        missing.extend(one.missing)
    return tuple(reasons), tuple(missing)


def examine(facts: Facts, claim: Claim) -> Iterator[Examined]:
    """Every condition of a claim with its verdict, in the order of the rules."""
    for condition in claim.item.conditions:
        yield _examine(facts, claim, condition)


def _examine(facts: Facts, claim: Claim, condition: Condition) -> Examined:
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
        bound = exact(Fraction(-((-bound * _FEN) // 1), _FEN))
    reason = None
    if isinstance(bound, Operand):
        lacking = (bound, *lacking)
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
    is_so = operand.value is True
    reason = None if is_so else Reason("flag", operand.path, False, True, None, operand.field, operand.year)
    return Examined(condition, operand.path, is_so, True, operand.field, reason)


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
