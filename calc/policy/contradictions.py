"""Finds conditions that can never hold: against what makes the claim, or against each other."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from calc.policy import forms
from calc.policy.rules import Item


class _Span(NamedTuple):
    """What a condition leaves of a field: not below ``low``, not above ``high``; ``None``: open."""

    low: Any = None
    high: Any = None
    is_strict: bool = False


def contradictions(item: Item) -> list[int]:
    """The places of the conditions that contradict the trigger, or a condition before them."""
    where = item.claim.where if isinstance(item.claim, forms.EntryTrigger) else {}
    allowed: dict[str, set[bool | str]] = {name: set(words) for name, words in where.items()}
    spans: dict[str, _Span] = {}
    found = []
    for place, condition in enumerate(item.conditions):
        for one in _simple(condition):
            if isinstance(one, forms.OneOf | forms.IsTrue):
                words: set[bool | str] = {one.is_true} if isinstance(one, forms.IsTrue) else set(one.one_of)
                allowed[one.field] = allowed.get(one.field, words) & words
                if not allowed[one.field]:
                    found.append(place)
            else:
                span = _span(one)
                if span is not None:
                    spans[one.field] = _both(spans.get(one.field, _Span()), span)  # type: ignore[union-attr]
                    if _is_empty(spans[one.field]):  # type: ignore[union-attr]
                        found.append(place)
    return list(dict.fromkeys(found))


def _simple(condition: forms.Condition) -> Iterator[forms.Condition]:
    """The conditions that hold together in one; alternatives are left aside."""
    match condition:
        case forms.AllOf(all_of=inner):
            for one in inner:
                yield from _simple(one)
        case forms.AnyOf():
            return
        case _:
            yield condition


def _span(condition: forms.Condition) -> _Span | None:
    match condition:
        case forms.AtLeast(at_least=int() | Fraction() as low):
            return _Span(low=low)
        case forms.AtMost(at_most=int() | Fraction() as high):
            return _Span(high=high)
        case forms.MoreThan(more_than=int() | Fraction() as low):
            return _Span(low=low, is_strict=True)
        case forms.NotBefore(not_before=date() as first):
            return _Span(low=first)
        case forms.NotAfter(not_after=date() as last):
            return _Span(high=last)
        case _:
            return None


def _both(one: _Span, other: _Span) -> _Span:
    lows = [span.low for span in (one, other) if span.low is not None]
    highs = [span.high for span in (one, other) if span.high is not None]
    low = max(lows, default=None)
    is_strict = any(span.is_strict and span.low == low for span in (one, other))
    return _Span(low, min(highs, default=None), is_strict)


def _is_empty(span: _Span) -> bool:
    if span.low is None or span.high is None:
        return False
    return bool(span.low > span.high or (span.is_strict and span.low == span.high))
