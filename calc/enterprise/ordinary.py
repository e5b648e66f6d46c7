"""Figures that a file may hold and that are seldom meant: beyond what is usual of their kind."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from calc.enterprise.enterprise import Enterprise, Value
from calc.enterprise.numbers import NUMBER_TYPES, Number
from calc.enterprise.problems import KeyPath, Problem
from calc.enterprise.vocabulary import Field, Vocabulary


def unusual_figures(enterprise: Enterprise, vocabulary: Vocabulary) -> Iterator[Problem]:
    """A warning for each figure beyond what the vocabulary calls usual; the places are not yet found."""
    for at, fields, values in _groups(enterprise, vocabulary):
        for name, value in values.items():
            field = fields.get(name)
            if field is not None and field.type in NUMBER_TYPES:
                for code, details in _findings(field, fields, values):
                    found = {"field": field, **details}
                    at_key = (*at, name)
                    yield Problem(enterprise.source, code, at_key, value, details=found, is_warning=True)


def _groups(
    enterprise: Enterprise, vocabulary: Vocabulary
) -> Iterator[tuple[KeyPath, Mapping[str, Field], Mapping[str, Value]]]:
    """Each table of a file with the fields it may hold and the values it holds."""
    yield ("fx",), vocabulary.fx, enterprise.fx
    for year, figures in enterprise.figures.items():
        yield ("figures", str(year)), vocabulary.figures, figures
    for name, entries in enterprise.entries.items():
        for place, entry in enumerate(entries):
            yield (name, place), vocabulary.tables[name].fields, entry.values
    for table, sums in (("received", enterprise.received), ("expect", enterprise.expected)):
        for place, one in enumerate(sums):
            yield (table, place), vocabulary.sums, {"amount": one.amount}


def _findings(
    field: Field, fields: Mapping[str, Field], values: Mapping[str, Value]
) -> Iterator[tuple[str, dict[str, Any]]]:
    value, usual = _number(values[field.name]), field.usual
    if usual.least is not None and value < usual.least and not (value == 0 and usual.or_zero):
        # Sums are spoken of in 万: a small one was most likely meant to be one.
        yield "unusually_small" if field.type in ("money", "usd") else "unusually_low", {"limit": usual.least}
    if usual.most is not None and value > usual.most:
        yield "unusually_high", {"limit": usual.most}
    other = field.usually_below
    if other is not None and other in values and value > _number(values[other]):
        yield "above_other", {"other": fields[other].label, "limit": values[other]}


def _number(value: Value) -> Number:
    if not isinstance(value, int | Fraction):
        raise TypeError(value)
    return value
