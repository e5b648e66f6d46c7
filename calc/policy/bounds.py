"""Looks for what is doubtful about conditions: the fields they read and the bounds they set."""

from collections.abc import Iterator
from typing import Any

from calc.enterprise.problems import KeyPath
from calc.policy import forms
from calc.policy.fields import NUMBERS, Doubt, Lookup, unknown
from calc.policy.rules import Item


def doubts_of_condition(
    item: Item, condition: forms.Condition, lookup: Lookup, at: KeyPath
) -> Iterator[Doubt]:
    """What a condition refers to in vain, or could never mean."""
    match condition:
        case forms.AnyOf(any_of=inner) | forms.AllOf(all_of=inner):
            key = "any_of" if isinstance(condition, forms.AnyOf) else "all_of"
            for index, one in enumerate(inner):
                yield from doubts_of_condition(item, one, lookup, (*at, key, index))
        case forms.NotBefore() | forms.NotAfter() | forms.WithinYears():
            yield from lookup.check(condition.field, ("date",), (*at, "field"))
        case forms.OfKinds():
            yield from unknown(condition.kinds, lookup.vocabulary.kinds, "unknown_word", (*at, "kinds"))
        case forms.IsTrue():
            yield from lookup.check(condition.field, ("flag",), (*at, "field"))
        case forms.OneOf():
            yield from lookup.check(condition.field, ("word",), (*at, "field"))
            field = lookup.field(condition.field)
            if field is not None:
                yield from unknown(condition.one_of, field.words, "unknown_word", (*at, "one_of"))
        case forms.AtLeast() | forms.AtMost() | forms.MoreThan():
            yield from lookup.check(condition.field, NUMBERS, (*at, "field"))
            yield from _doubts_of_bound(condition, lookup, at)
            if isinstance(condition, forms.AtLeast) and condition.together:
                trigger = item.claim
                running = trigger.running if isinstance(trigger, forms.EntryTrigger) else None
                if running is None or running.together_by is None:
                    yield Doubt("together_without_group", (*at, "together"), True)
                elif "." in condition.field:
                    yield Doubt("not_own", (*at, "field"), condition.field)


def _doubts_of_bound(condition: Any, lookup: Lookup, at: KeyPath) -> Iterator[Doubt]:
    key = next(iter(type(condition).model_fields))
    bound = getattr(condition, key)
    field = lookup.field(condition.field)
    match bound:
        case forms.RatioBound() | forms.TimesBound():
            yield from lookup.check(bound.of, NUMBERS, (*at, key, "of"))
        case forms.GrowthBound():
            yield from lookup.check(bound.over, NUMBERS, (*at, key, "over"))
        case forms.FieldBound():
            yield from lookup.check(bound.field, NUMBERS, (*at, key, "field"))
        case forms.WordBound():
            yield from lookup.check(bound.by, ("word",), (*at, key, "by"))
            selector = lookup.field(bound.by)
            if selector is not None:
                yield from unknown(bound.values, selector.words, "unknown_word", (*at, key, "values"))
        case literal:
            if field is not None and field.type == "rate" and literal > 1:
                yield Doubt("bound_above_one", (*at, key), literal)
            if field is not None and field.type == "count" and literal % 1:
                yield Doubt("bound_not_whole", (*at, key), literal)
