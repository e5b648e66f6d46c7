"""Made-up enterprises as documents, as Arrow tables, and as what a portfolio and the loader say of them."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from calc.batch.intake.columns.contents import contents_of
from calc.batch.portfolio import YEARS_BACK, Column, Flags, Numbers, Portfolio, Texts, Words, WordSets
from calc.enterprise.documents import Document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from calc.enterprise.vocabulary import Field, Vocabulary
from calc.policy.loader import packaged_rules

RULES = packaged_rules()
VOCABULARY: Vocabulary = RULES.vocabulary
ITEMS = RULES.item_ids
CODES = ("91110000600037341L", "91140100ma0h0000xT".upper())
LISTS = (*VOCABULARY.tables, "agreement", "received", "expect")

Content = dict[str, Any]


def load(content: Content, claim_year: int | None = None) -> Enterprise:
    document = Document("x", "", is_json=True, content=content)
    return enterprise_from(document, VOCABULARY, ITEMS, claim_year=claim_year).enterprise


def content_of(table: pa.Table, place: int, vocabulary: Vocabulary) -> Content:
    """One row as the strict loader is given it; what cannot be a document at all is raised."""
    [content] = contents_of(table, [place], vocabulary)
    if isinstance(content, InputError):
        raise content
    return content


def value_of(field: Field, dice: random.Random) -> Any:
    whole = dice.choice([0, 1, 7, 12_345, 26_000_000, 10**11])
    match field.type:
        case "money" | "usd":
            unit = "元" if field.type == "money" else "美元"
            return dice.choice(
                [
                    whole,
                    FloatText(f"{whole}.5"),
                    f"{whole}",
                    "1,234.50",
                    f"{whole % 10**9}万",
                    f" 1.25亿{unit}",
                    "１２．５万",
                ]
            )
        case "rate":
            return dice.choice([0, 1, FloatText("0.035"), "3.5%", "0.0365", "100%", FloatText("1e-3")])
        case "area":
            return dice.choice([whole, FloatText("12.345"), "1.2万平方米", "35㎡"])
        case "factor":
            return dice.choice([7, FloatText("7.1"), "7.0832"])
        case "count":
            return dice.choice([1, 7, 300, FloatText("12.0")])
        case "flag":
            return dice.random() < 0.5
        case "word":
            return dice.choice([*field.words])
        case "words":
            return dice.choices([*field.words], k=dice.randrange(4))
        case "date":
            day = date(2020, 1, 1) + timedelta(dice.randrange(3000))
            return dice.choice([day, day.isoformat()])
        case _:
            return dice.choice(["一号线", "a “b”", "项目（二）"])


def fields_of(fields: Sequence[Field], dice: random.Random, share: float = 0.6) -> Content:
    some = {one.name: value_of(one, dice) for one in fields if one.required or dice.random() < share}
    for one in fields:
        if one.part_of in some and one.name in some:
            some[one.name] = 0
    return some


def good_document(dice: random.Random) -> Content:
    """A document that the loader accepts."""
    year = dice.choice([2025, 2026, 2027])
    head: Content = {"name": dice.choice(["甲公司", "Bolt & 螺母（集团）", "乙" * 200]), "claim_year": year}
    if dice.random() < 0.5:
        head["uscc"] = dice.choice(["91110000600037341L", " 9111 0000-600037341l", "９１110000600037341L"])
    if dice.random() < 0.5:
        head["filing_date"] = date(year, dice.randrange(1, 13), 5)
    if dice.random() < 0.5:
        head["in_zone"] = dice.random() < 0.8
    content: Content = {"enterprise": head}
    kinds = [*VOCABULARY.kinds]
    if dice.random() < 0.8:
        head["kinds"] = dice.choices(kinds, k=dice.randrange(4))
    if dice.random() < 0.3:
        content["kinds"] = {str(dice.choice([year, 2030])): dice.choices(kinds, k=dice.randrange(3))}
    if dice.random() < 0.5:
        content["fx"] = fields_of([*VOCABULARY.fx.values()], dice)
    years = [one for one in range(year - 4, year + 2) if dice.random() < 0.5]
    content["figures"] = {str(one): fields_of([*VOCABULARY.figures.values()], dice, 0.3) for one in years}
    for name, table in VOCABULARY.tables.items():
        if dice.random() < 0.4:
            content[name] = []
            for place in range(dice.randrange(1, 4)):
                entry = {"name": f"项目{place}"} | ({"year": year + place % 2} if table.dated else {})
                content[name].append(entry | fields_of([*table.fields.values()], dice))
    if dice.random() < 0.5:
        covers = dice.choice([["*"], ["investment:项目0", "02-capacity"], ["18-aeo", "18-aeo"]])
        content["agreement"] = [{"name": "协议", "until": date(2026, 5, 1), "covers": covers}]
        if dice.random() < 0.5:
            content["agreement"][0]["from"] = "2026-05-01"
    for part in ("received", "expect"):
        if dice.random() < 0.5:
            content[part] = [
                {
                    "item": dice.choice(ITEMS),
                    "year": 2025,
                    "amount": value_of(VOCABULARY.sums["amount"], dice),
                }
                for _ in range(dice.randrange(1, 3))
            ]
            content[part][0]["subject"] = "investment:项目0"
    return content


# As Arrow tables.

Shape = Callable[[Any], Any]


def as_decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, FloatText) else value


def as_float(value: Any) -> Any:
    return float(value) if isinstance(value, FloatText) else value


def as_text(leaf: Any) -> str:
    """A number as it would be written without an exponent, whole ones without decimals."""
    if not isinstance(leaf, FloatText):
        return str(leaf)
    number = Decimal(leaf)
    return f"{int(number)}" if number == int(number) else f"{number:f}"


def _of_one_type(values: list[Any], shape: Shape) -> list[Any]:
    """Values that one Arrow array can hold: where numbers stand beside texts, all are texts."""
    shaped = [shape(one) for one in values]
    kinds = {type(one) for one in shaped if one is not None}
    if kinds <= {date, str} and len(kinds) > 1:
        return [None if one is None else str(one) for one in shaped]
    if str in kinds and kinds - {str, list, dict}:
        return [one if one is None or isinstance(one, bool) else as_text(one) for one in values]
    if len(kinds) > 1 and kinds <= {int, float, Decimal}:
        to = Decimal if Decimal in kinds else float
        return [None if one is None else to(one) for one in shaped]
    return shaped


def _structs(rows: list[Any], shape: Shape) -> pa.Array:
    keys = [*dict.fromkeys(key for row in rows for key in row)]
    arrays = [_array([row.get(key) for row in rows], shape) for key in keys]
    return pa.StructArray.from_arrays(arrays, keys) if keys else pa.nulls(len(rows), pa.struct([]))


def _array(values: list[Any], shape: Shape) -> pa.Array:
    given = [one for one in values if one is not None]
    if given and all(isinstance(one, dict) for one in given):
        structs = _structs([one or {} for one in values], shape)
        mask = pa.array([one is None for one in values])
        return pc.if_else(mask, pa.scalar(None, structs.type), structs)
    if given and all(isinstance(one, list) and one and isinstance(one[0], dict) for one in given):
        lengths = [0, *(len(one or []) for one in values)]
        offsets = [sum(lengths[: place + 1]) for place in range(len(lengths))]
        inner = _structs([one for row in given for one in row], shape)
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), inner)
    return pa.array(_of_one_type(values, shape))


def nested(contents: Sequence[Content], shape: Shape) -> pa.Table:
    parts = [*dict.fromkeys(part for content in contents for part in content)]
    return pa.table({part: _array([content.get(part) for content in contents], shape) for part in parts})


def flat(content: Content) -> Content:
    """A column for each leaf; the enterprise's own without its name before them."""
    cells: Content = {}
    for part, inner in content.items():
        if isinstance(inner, list):
            for place, entry in enumerate(inner, 1):
                cells |= {f"{part}.{place}.{key}": leaf for key, leaf in entry.items()}
        elif part == "figures":
            cells |= {
                f"{part}.{year}.{key}": leaf for year, one in inner.items() for key, leaf in one.items()
            }
        else:
            prefix = "" if part == "enterprise" else f"{part}."
            cells |= {f"{prefix}{key}": leaf for key, leaf in inner.items()}
    return cells


def dotted(contents: Sequence[Content], shape: Shape) -> pa.Table:
    rows = [flat(content) for content in contents]
    keys = [*dict.fromkeys(key for row in rows for key in row)]
    return pa.table({key: pa.array(_of_one_type([row.get(key) for row in rows], shape)) for key in keys})


def as_texts(contents: Sequence[Content]) -> pa.Table:
    """Dotted columns of texts alone, as a spreadsheet's text file holds them."""

    def cell(leaf: Any) -> str | None:
        match leaf:
            case None:
                return None
            case list():
                return "; ".join(leaf) or "[]"
            case bool():
                return "是" if leaf else "FALSE"
            case date():
                return f"{leaf.year}/{leaf.month}/{leaf.day}"
            case _:
                return as_text(leaf)

    rows = [flat(content) for content in contents]
    keys = [*dict.fromkeys(key for row in rows for key in row)]
    return pa.table({key: pa.array([cell(row.get(key)) or "" for row in rows]) for key in keys})


# What is said of an enterprise, in one shape for both roads.


def _plain(value: Any) -> Any:
    match value:
        case bool() | str():
            return value
        case date():
            return Fraction(value.toordinal())
        case tuple():
            return frozenset(value)
        case number:
            return Fraction(number)


def _told(values: Any) -> Content:
    return {key: _plain(value) for key, value in values.items() if value is not False}


def of_enterprise(one: Enterprise) -> Content:
    return {
        "head": (one.name, one.uscc, one.claim_year, one.in_zone, frozenset(one.kinds_in(one.claim_year))),
        "filing": None if one.filing_date is None else one.filing_date.toordinal(),
        "fx": _told(one.fx),
        "figures": {
            (name, back): value
            for back in range(YEARS_BACK)
            for name, value in _told(one.figures.get(one.claim_year - back, {})).items()
        },
        "entries": {
            table: [(entry.name, entry.year, _told(entry.values)) for entry in entries]
            for table, entries in one.entries.items()
            if entries
        },
        "agreements": Counter(
            (agreement.since.toordinal() if agreement.since else 0, agreement.until.toordinal(), word)
            for agreement in one.agreements
            for word in agreement.covers
        ).keys(),
        "sums": [
            [(ITEMS.index(some.item), some.year, Fraction(some.amount), some.subject) for some in sums]
            for sums in (one.received, one.expected)
        ],
    }


def _at(column: Column, place: int, words: Sequence[str]) -> Any:
    match column:
        case Numbers(units, known, scale):
            return Fraction(int(units[place]), scale) if known[place] else None
        case Words(codes):
            return None if codes[place] < 0 else words[codes[place]]
        case WordSets(bits, known):
            named = frozenset(word for at, word in enumerate(words) if int(bits[place]) >> at & 1)
            return named if known[place] else None
        case Flags(are_set):
            return True if are_set[place] else None
        case Texts(texts):
            return texts[place].as_py()


def _all_at(columns: Any, place: int, fields: Any) -> Content:
    found = {key: _at(column, place, [*fields(key).words]) for key, column in columns.items()}
    return {key: value for key, value in found.items() if value is not None}


def of_member(portfolio: Portfolio, place: int) -> Content:
    kinds = [word for at, word in enumerate(VOCABULARY.kinds) if int(portfolio.kinds[place]) >> at & 1]
    year = int(portfolio.claim_years[place])
    entries = {}
    for table, part in portfolio.entries.items():
        fields = VOCABULARY.tables[table].fields
        own = [int(at) for at in (part.owners == place).nonzero()[0]]
        if own:
            entries[table] = [
                (
                    part.names[at].as_py(),
                    None if part.years is None else int(part.years[at]),
                    _all_at(part.fields, at, fields.__getitem__),
                )
                for at in own
            ]
    agreements = portfolio.agreements
    filing = _at(portfolio.filing_days, place, ())
    return {
        "head": (
            portfolio.names[place].as_py(),
            portfolio.usccs[place].as_py(),
            year,
            bool(portfolio.in_zone[place]),
            frozenset(kinds),
        ),
        "filing": filing,
        "fx": _all_at(portfolio.fx, place, VOCABULARY.fx.__getitem__),
        "figures": _all_at(portfolio.figures, place, lambda key: VOCABULARY.figures[key[0]]),
        "entries": entries,
        "agreements": Counter(
            (int(agreements.since[at]), int(agreements.until[at]), agreements.covers[at].as_py())
            for at in (agreements.owners == place).nonzero()[0]
        ).keys(),
        "sums": [
            [
                (
                    int(some.items[at]),
                    int(some.years[at]),
                    Fraction(int(some.amounts.units[at]), some.amounts.scale),
                    some.subjects[int(at)].as_py(),
                )
                for at in (some.owners == place).nonzero()[0]
            ]
            for some in (portfolio.received, portfolio.expected)
        ],
    }
