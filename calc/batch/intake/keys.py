"""What each key of an enterprise file holds, for those who read columns of it."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

from calc.enterprise.schema import FIRST_YEAR, LAST_YEAR, YEARS_BEFORE
from calc.enterprise.vocabulary import Field, Vocabulary

SINGLE: Final = ("enterprise", "fx")
"""The tables that an enterprise has once."""

FIRST_YEARS: Final = {"kinds": FIRST_YEAR, "figures": FIRST_YEAR - YEARS_BEFORE}
"""The tables that hold a table or a list for each year, and the first year of each."""

PLACES: Final = {"money": 2, "usd": 2, "count": 0}
"""The decimal places of the number types of which every column has the same scale."""

MOST_PLACES: Final = 12
"""So many decimal places a column of any other number type may have."""


class Key(NamedTuple):
    """One key: a field's type, or ``year``, ``item``, ``covers`` or ``uscc``; ``words``: what it may say."""

    type: str
    is_required: bool = False
    words: tuple[str, ...] = ()
    at_least: int = 0


@cache
def keys_of(part: str, vocabulary: Vocabulary, items: tuple[str, ...] = ()) -> Mapping[str, Key]:
    """The keys of a table of the file, of one year's figures or of an entry, by their names.

    ``items`` are the identifiers that a file may name.  Raises ``KeyError`` for a table that no file holds.
    """
    match part:
        case "enterprise":
            return {
                "name": Key("text", is_required=True),
                "uscc": Key("uscc"),
                "claim_year": Key("year"),
                "filing_date": Key("date"),
                "in_zone": Key("flag"),
                "kinds": Key("words", words=tuple(vocabulary.kinds)),
            }
        case "kinds":
            return {"kinds": Key("words", words=tuple(vocabulary.kinds))}
        case "fx":
            return _keys_of_fields(vocabulary.fx.values())
        case "figures":
            return _keys_of_fields(vocabulary.figures.values())
        case "agreement":
            return {
                "name": Key("text", is_required=True),
                "from": Key("date"),
                "until": Key("date", is_required=True),
                "covers": Key("covers", is_required=True, words=(*items, "*")),
            }
        case "received" | "expect":
            amounts = _keys_of_fields(vocabulary.sums.values())
            return {
                "item": Key("item", is_required=True, words=items),
                "year": Key("year", is_required=True),
                **{name: key._replace(is_required=True) for name, key in amounts.items()},
                "subject": Key("text"),
            }
        case name:
            table = vocabulary.tables[name]
            own = {"name": Key("text", is_required=True)}
            if table.dated:
                own["year"] = Key("year", is_required=True)
            return own | _keys_of_fields(table.fields.values())


def _keys_of_fields(fields: Iterable[Field]) -> dict[str, Key]:
    return {
        field.name: Key(
            field.type, field.required and not field.not_needed_for, tuple(field.words), field.at_least
        )
        for field in fields
    }


@cache
def lists_of(part: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The required keys of an entry that hold a list: an empty cell is the list of nothing."""
    keys = keys_of(part, vocabulary).items()
    return tuple(name for name, key in keys if key.is_required and key.type in ("words", "covers"))


def year_of(text: str, part: str) -> int | None:
    """The year that a key of ``kinds`` or ``figures`` names, if it names one that may stand there."""
    is_year = text.isascii() and text.isdigit() and len(text) == len(str(LAST_YEAR))
    return int(text) if is_year and FIRST_YEARS[part] <= int(text) <= LAST_YEAR else None
