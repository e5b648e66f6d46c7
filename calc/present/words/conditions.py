"""Puts conditions into words."""

import re
from collections.abc import Sequence
from typing import Final

from calc.policy import forms
from calc.present.figures import percent
from calc.present.words.claims import kinds_text
from calc.present.words.fields import FieldWords

_BETWEEN_CHINESE: Final = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
"""A blank that stands around numbers, and that has none beside it."""


def condition_says(condition: forms.Condition, fields: FieldWords) -> str:
    """One condition, in words."""
    return _BETWEEN_CHINESE.sub("", _says(condition, fields))


def conditions_say(conditions: Sequence[forms.Condition], fields: FieldWords) -> str:
    """Conditions that hold together, on one line."""
    return fields.speech.comma.join(condition_says(one, fields) for one in conditions)


def _says(condition: forms.Condition, fields: FieldWords) -> str:
    say = fields.speech.say
    match condition:
        case forms.AtLeast():
            name = fields.name(condition.field)
            if condition.together:
                name = say("{figure} of the whole group", figure=name)
            if isinstance(condition.at_least, forms.GrowthBound):
                return _growth(name, condition.at_least, fields)
            bound = _bound(condition.field, condition.at_least, fields)
            return say("{figure} at least {bound}", figure=name, bound=bound)
        case forms.AtMost():
            bound = _bound(condition.field, condition.at_most, fields)
            return say("{figure} at most {bound}", figure=fields.name(condition.field), bound=bound)
        case forms.MoreThan():
            bound = _bound(condition.field, condition.more_than, fields)
            return say("{figure} more than {bound}", figure=fields.name(condition.field), bound=bound)
        case forms.IsTrue():
            name = fields.name(condition.field)
            return name if condition.is_true else say("not: {figure}", figure=name)
        case forms.OneOf():
            return fields.either(condition.field, condition.one_of)
        case forms.OfKinds():
            kinds = kinds_text(condition.kinds, fields.vocabulary, fields.speech)
            return say("one of: {kinds}", kinds=kinds)
        case forms.NotBefore(field=field, not_before=day):
            return say("{figure} on {day} or later", figure=fields.name(field), day=day)
        case forms.NotAfter(field=field, not_after=day):
            return say("{figure} on {day} or earlier", figure=fields.name(field), day=day)
        case forms.WithinYears():
            return _within_years(condition, fields)
        case forms.AnyOf(any_of=inner):
            either = fields.speech.semicolon.join(condition_says(one, fields) for one in inner)
            return say("any of these: {conditions}", conditions=either)
        case forms.AllOf(all_of=inner):
            return say(" and ").join(condition_says(one, fields) for one in inner)


def _growth(name: str, bound: forms.GrowthBound, fields: FieldWords) -> str:
    return fields.speech.say(
        "{figure} at least {ratio} above {other}",
        figure=name,
        ratio=percent(bound.growth),
        other=fields.name(bound.over),
    )


def _within_years(condition: forms.WithinYears, fields: FieldWords) -> str:
    say, name = fields.speech.say, fields.name(condition.field)
    match condition.after:
        case 0:
            return say(
                "within {years} years from the year of {figure}", years=condition.within_years, figure=name
            )
        case after:
            return say(
                "within {years} years, the first {after} after the year of {figure}",
                years=condition.within_years,
                after=after,
                figure=name,
            )


def _bound(reference: str, bound: forms.Bound, fields: FieldWords) -> str:
    match bound:
        case forms.RatioBound():
            return fields.speech.say(
                "{ratio} of {figure}", ratio=percent(bound.ratio), figure=fields.name(bound.of)
            )
        case forms.GrowthBound():
            return f"{fields.name(bound.over)} × (1 + {percent(bound.growth)})"
        case forms.TimesBound():
            return f"{fields.value(reference, bound.times)} × {fields.name(bound.of)}"
        case forms.FieldBound():
            return fields.name(bound.field)
        case forms.WordBound():
            special = fields.speech.comma.join(
                f"{fields.words(bound.by, (word,))} {fields.value(reference, value)}"
                for word, value in bound.values.items()
            )
            usual = fields.value(reference, bound.otherwise)
            return fields.speech.say("{entry} ({words})", entry=usual, words=special)
        case literal:
            return fields.value(reference, literal)
