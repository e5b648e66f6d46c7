"""Random enterprises for some rules: few names, round sums, everything near what the rules look at."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any, Final

from calc.enterprise.vocabulary import Field, Table
from calc.policy.forms import EntryTrigger, OfKinds, single_conditions
from calc.policy.rules import Rules
from tests.batch.columns.random_forms import Content, Values
from tests.batch.columns.random_rules import SMALL, YEARS, is_made

_NAMES: Final = ("甲", "乙", "丙", "=1")
_DAYS: Final = (
    *(date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 6, 30)),
    *(date(2025, 12, 1), date(2026, 1, 1), date(2026, 12, 31), date(2027, 3, 1)),
)


def documents_for(random: Random, rules: Rules, number: int, values: Values = SMALL) -> list[Content]:
    """So many documents that the strict loader accepts; several differ in their figures alone."""
    found: list[Content] = []
    while len(found) < number:
        model = _document(random, rules, values)
        found.append(model)
        found += [_with_other_sums(random, rules, model, values) for _ in range(random.choice([0, 6, 12]))]
    return found[:number]


def _document(random: Random, rules: Rules, values: Values) -> Content:
    vocabulary = rules.vocabulary
    head: Content = {
        "name": "某公司",
        "claim_year": random.choice([*YEARS * 5, 2024, 2028]),
        "kinds": random.sample([*vocabulary.kinds], random.randint(0, len(vocabulary.kinds) // 2)),
        "in_zone": random.random() < 0.9,
    }
    wanted = [
        one.kinds
        for item in rules.items.values()
        for one in single_conditions(item.conditions)
        if isinstance(one, OfKinds)
    ]
    head["kinds"] = sorted({*head["kinds"], *(random.choice(kinds) for kinds in wanted)})
    if random.random() < 0.2:
        head["filing_date"] = random.choice(_DAYS)
    document: Content = {"enterprise": head}
    if random.random() < 0.9:
        document["fx"] = {name: random.choice(values["factor"]) for name in vocabulary.fx}
    document["figures"] = {
        str(year): _filled(random, [*vocabulary.figures.values()], values, 0.85)
        for year in range(2023, 2028)
        if random.random() < 0.9
    }
    # What the packaged items alone read would crowd out what is looked for.
    triggers = [item.claim for name, item in rules.items.items() if is_made(name)]
    for name in sorted({one.entry for one in triggers if isinstance(one, EntryTrigger)}):
        if random.random() < 0.8:
            document[name] = _entries(random, vocabulary.tables[name], values)
    return document | _beside(random, rules, document, values)


def _entries(random: Random, table: Table, values: Values) -> list[Content]:
    marks = [(name, year) for name in _NAMES for year in (YEARS if table.dated else (None,))]
    chosen = random.sample(marks, random.choice([1, 1, 2, 3, 4]))
    return [
        {"name": name, **({"year": year} if table.dated else {}), **_filled(random, fields, values, 0.9)}
        for fields in [[*table.fields.values()]]
        for name, year in chosen
    ]


def _filled(random: Random, fields: Sequence[Field], values: Values, share: float) -> Content:
    found = {one.name: leaf(random, one, values) for one in fields if one.required or random.random() < share}
    for one in fields:
        if one.part_of in found and one.name in found:
            # A part never exceeds its whole: none, or all of it.
            found[one.name] = random.choice([0, found[one.part_of]])
    return found


def leaf(random: Random, field: Field, values: Values) -> Any:
    """A value that is right under a key."""
    match field.type:
        case "flag":
            return random.random() < 0.6
        case "word":
            return random.choice([*field.words])
        case "words":
            return random.sample([*field.words], random.randint(0, len(field.words)))
        case "date":
            return random.choice(_DAYS)
        case "text":
            return random.choice(_NAMES)
        case "count" if field.name == "months":
            return random.choice([0, 1, 6, 12, 24, 36])
        case "count":
            return max(field.at_least, random.choice(values["count"]))
        case type_:
            return random.choice(values[type_])


def _with_other_sums(random: Random, rules: Rules, model: Content, values: Values) -> Content:
    """The same document with other numbers of the same keys."""
    vocabulary = rules.vocabulary
    figures = {
        year: _again(random, vocabulary.figures, one, values) for year, one in model["figures"].items()
    }
    entries = {
        name: [_again(random, vocabulary.tables[name].fields, one, values) for one in model[name]]
        for name in model
        if name in vocabulary.tables
    }
    return model | {"figures": figures, **entries}


def _again(random: Random, fields: Any, given: Content, values: Values) -> Content:
    changed = {
        name: leaf(random, fields[name], values)
        for name in given
        if name in fields and fields[name].type in ("money", "rate", "usd") and random.random() < 0.6
    }
    found = given | changed
    for name in given:
        whole = fields[name].part_of if name in fields else None
        if whole in found:
            found[name] = random.choice([0, found[whole]])
    return found


def _beside(random: Random, rules: Rules, document: Content, values: Values) -> Content:
    """What was received, what is expected and what agreements cover."""
    subjects = [
        f"{name}:{entry['name']}"
        for name in document
        if name in rules.vocabulary.tables
        for entry in document[name]
    ]
    items = [name for name in rules.item_ids if is_made(name)]
    found: Content = {}
    if random.random() < 0.4:
        found["received"] = [
            _sum(random, items, subjects, range(2023, 2027), values) for _ in range(random.randint(1, 5))
        ]
    if random.random() < 0.7:
        found["expect"] = [_sum(random, items, subjects, YEARS, values) for _ in range(random.randint(1, 9))]
    if random.random() < 0.15:
        found["agreement"] = [_agreement(random, name, items, subjects) for name in _NAMES[:2]]
    return found


def _sum(
    random: Random, items: list[str], subjects: list[str], years: Sequence[int], values: Values
) -> Content:
    item = random.choice(items)
    one = {"item": item, "year": random.choice(years), "amount": random.choice(values["money"])}
    named = [f"enterprise:{item}", "plan:无", *subjects, *subjects]
    return one | ({"subject": random.choice(named)} if random.random() < 0.6 else {})


def _agreement(random: Random, name: str, items: list[str], subjects: list[str]) -> Content:
    words = ["*", "plan:甲", "investment:甲", f"enterprise:{random.choice(items)}", *items, *subjects * 2]
    first, last = sorted(random.sample(_DAYS, 2))
    agreement = {"name": name, "until": last, "covers": random.choices(words, k=random.randint(0, 2))}
    return agreement | ({"from": first} if random.random() < 0.5 else {})
