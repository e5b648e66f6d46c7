"""Turns a member of a portfolio back into what its enterprise says, to be compared with the loader's."""

from datetime import date
from fractions import Fraction
from typing import Any

from calc.batch.portfolio import YEARS_BACK, Column, Flags, Numbers, Portfolio, Texts, Words, WordSets
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.numbers import exact
from calc.enterprise.vocabulary import Field, Vocabulary


def _number(column: Numbers, place: int) -> Any:
    assert column.units[place] == 0 or column.known[place]
    return exact(Fraction(int(column.units[place]), column.scale)) if column.known[place] else None


def _set(bits: int, words: Any) -> frozenset[str]:
    return frozenset(word for place, word in enumerate(words) if bits >> place & 1)


def value_at(column: Column, field: Field, place: int) -> Any:
    match column:
        case Numbers():
            number = _number(column, place)
            if field.type in ("money", "usd"):
                assert column.scale == 100
            return date.fromordinal(number) if field.type == "date" and number is not None else number
        case Words():
            code = int(column.codes[place])
            return None if code < 0 else [*field.words][code]
        case WordSets():
            return _set(int(column.bits[place]), field.words) if column.known[place] else None
        case Flags():
            return bool(column.are_set[place])
        case Texts():
            return column.texts[place].as_py()


def member_of(portfolio: Portfolio, member: int, vocabulary: Vocabulary, items: tuple[str, ...]) -> Any:
    year = int(portfolio.claim_years[member])
    filing_day = _number(portfolio.filing_days, member)

    def value(columns: Any, key: Any, field: Field, place: int) -> Any:
        column = columns.get(key)
        absent = False if field.type == "flag" else None
        return absent if column is None else value_at(column, field, place)

    def owned(owners: Any) -> list[int]:
        return [place for place, owner in enumerate(owners.tolist()) if owner == member]

    entries = []
    for name, part in portfolio.entries.items():
        fields = vocabulary.tables[name].fields
        entries += [
            (
                name,
                part.names[place].as_py(),
                None if part.years is None else int(part.years[place]),
                {key: value(part.fields, key, field, place) for key, field in fields.items()},
            )
            for place in owned(part.owners)
        ]
    return {
        "head": (
            portfolio.names[member].as_py(),
            portfolio.usccs[member].as_py(),
            year,
            None if filing_day is None else date.fromordinal(filing_day),
            bool(portfolio.in_zone[member]),
        ),
        "kinds": _set(int(portfolio.kinds[member]), vocabulary.kinds),
        "fx": {name: value(portfolio.fx, name, field, member) for name, field in vocabulary.fx.items()},
        "figures": {
            (name, back): value(portfolio.figures, (name, back), field, member)
            for name, field in vocabulary.figures.items()
            for back in range(YEARS_BACK)
        },
        "entries": entries,
        "agreements": sorted(
            (int(part.since[place]), int(part.until[place]), part.covers[place].as_py())
            for part in [portfolio.agreements]
            for place in owned(part.owners)
        ),
        **{
            key: [
                (
                    items[part.items[place]],
                    int(part.years[place]),
                    _number(part.amounts, place),
                    part.subjects[place].as_py(),
                )
                for place in owned(part.owners)
            ]
            for key, part in (("received", portfolio.received), ("expected", portfolio.expected))
        },
    }


def _plain(value: Any) -> Any:
    return frozenset(value) if isinstance(value, tuple | list) else value


def said_by(enterprise: Enterprise, vocabulary: Vocabulary) -> Any:
    """The same of an enterprise as the strict loader reads it."""

    def value(values: Any, field: Field) -> Any:
        return _plain(values.get(field.name, False if field.type == "flag" else None))

    year = enterprise.claim_year
    return {
        "head": (
            enterprise.name,
            enterprise.uscc,
            year,
            enterprise.filing_date,
            enterprise.in_zone,
        ),
        "kinds": frozenset(enterprise.kinds_in(year)),
        "fx": {name: enterprise.fx.get(name) for name in vocabulary.fx},
        "figures": {
            (name, back): value(enterprise.figures.get(year - back, {}), field)
            for name, field in vocabulary.figures.items()
            for back in range(YEARS_BACK)
        },
        "entries": [
            (
                name,
                entry.name,
                entry.year,
                {key: value(entry.values, field) for key, field in vocabulary.tables[name].fields.items()},
            )
            for name in vocabulary.tables
            for entry in enterprise.entries.get(name, ())
        ],
        "agreements": sorted(
            (one.since.toordinal() if one.since else 0, one.until.toordinal(), word)
            for one in enterprise.agreements
            for word in one.covers
        ),
        "received": [tuple(one) for one in enterprise.received],
        "expected": [tuple(one) for one in enterprise.expected],
    }
