"""Writes figures: as the file would accept them for machines, with their unit for people."""

import json
from datetime import date
from fractions import Fraction
from typing import Any, Final

from calc.enterprise.enterprise import Value
from calc.enterprise.numbers import WAN, FloatText, Number
from calc.enterprise.vocabulary import Field
from calc.present.language import Language

_FEN_PLACES: Final = 2
YEARS: Final = ("year", "claim_year")
"""Keys that hold a year, whose digits are never grouped."""


def decimal_text(value: Number, *, places: int = 0, grouped: bool = False) -> str:
    """An exact decimal, with at least so many places; a value without an end is cut after twelve."""
    fraction = Fraction(value)
    sign, fraction = ("-", -fraction) if fraction < 0 else ("", fraction)
    digits = places
    while digits < 12 and (fraction * 10**digits).denominator != 1:  # noqa: PLR2004
        digits += 1
    scaled = int(fraction * 10**digits)
    whole, rest = divmod(scaled, 10**digits)
    text = f"{whole:,}" if grouped else str(whole)
    return f"{sign}{text}.{rest:0{digits}d}" if digits else f"{sign}{text}"


def percent(rate: Number) -> str:
    """A rate as a percentage, exact."""
    return f"{decimal_text(rate * 100)}%"


def file_value(value: Value | None, field: Field | None) -> Any:
    """A value for machines: whole numbers as they are, others as a string that the file would accept."""
    match value:
        case tuple():
            return list(value)
        case date():
            return value.isoformat()
        case Fraction():
            if field is not None and field.type == "rate":
                return percent(value)
            is_sum = field is None or field.type in ("money", "usd")
            return decimal_text(value, places=_FEN_PLACES if is_sum else 0)
        case _:
            return value


def money(yuan: Number, speech: Language, *, in_yuan: bool = False) -> str:
    """A sum with its unit: 万元, exact to the yuan; below one 万元, or where asked, in yuan."""
    if in_yuan or -WAN < yuan < WAN or speech.code == "en":
        return speech.say("{sum} yuan", sum=decimal_text(yuan, grouped=True))
    return f"{decimal_text(Fraction(yuan) / WAN, grouped=True)}万元"


def bare_money(yuan: int, *, in_yuan: bool) -> str:
    """A sum without its unit, which stands in the heading: in 万元 or in yuan."""
    return f"{yuan:,}" if in_yuan else decimal_text(Fraction(yuan, WAN), grouped=True)


def aligned(sums: list[str]) -> list[str]:
    """Sums padded so that their decimal points stand below each other when right-aligned."""
    tails = [len(one) - one.index(".") if "." in one else 0 for one in sums]
    widest = max(tails, default=0)
    return [one + " " * (widest - tail) for one, tail in zip(sums, tails, strict=True)]


def shown_value(value: Value | None, field: Field | None, speech: Language) -> str:
    """A value for people, with its unit."""
    match value:
        case None:
            return speech.say("missing")
        case bool():
            return speech.say("yes") if value else speech.say("no")
        case date():
            return value.isoformat()
        case str():
            word = field.words.get(value) if field is not None else None
            return speech.name(word.label) if word is not None else value
        case tuple():
            return speech.comma.join(shown_value(one, field, speech) for one in value)
        case number:
            return _shown_number(number, field, speech)


def _shown_number(number: Number, field: Field | None, speech: Language) -> str:
    match field.type if field is not None else "money":
        case "money":
            return money(number, speech)
        case "usd":
            return speech.say("{sum} US dollars", sum=decimal_text(number, grouped=True))
        case "rate":
            return percent(number)
        case "area":
            return speech.say("{area} m²", area=decimal_text(number, grouped=True))
        case "count" if field is not None and field.name in YEARS:
            return decimal_text(number)
        case _:
            return decimal_text(number, grouped=True)


def toml_leaf(value: Any) -> str:
    """A text, a number, a day or a list of texts as TOML writes it on one line."""
    match value:
        case FloatText():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            return json.dumps(value, ensure_ascii=False)
