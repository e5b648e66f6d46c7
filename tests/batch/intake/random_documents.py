"""Random documents of any vocabulary, right ones and ones broken in a known way."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from calc.enterprise.numbers import FloatText
from calc.enterprise.vocabulary import Field, Table, Vocabulary

CODES = ("91350100M000100Y43", " 91350100m000100y43 ", "９１３５０１００M000100Y43")
NAMES = "甲 乙 丙丁 一期　厂房 A&B =1+1 'x 项目:一 100".split(" ")


def right_document(random: Random, vocabulary: Vocabulary, items: tuple[str, ...]) -> dict[str, Any]:
    """A document that the strict loader accepts."""
    document: dict[str, Any] = {"enterprise": _head(random, vocabulary)}
    if random.random() < 0.3:
        document["kinds"] = {
            str(year): _some(random, vocabulary.kinds) for year in random.sample(range(2024, 2029), 2)
        }
    if random.random() < 0.6:
        document["fx"] = {"usd_cny": random.choice([7, FloatText("7.10"), "7.1234", "７。１"])}
    years = random.sample(range(2022, 2028), random.randint(0, 4))
    if years:
        document["figures"] = {
            str(year): {
                name: leaf(random, vocabulary.figures[name])
                for name in random.sample([*vocabulary.figures], random.randint(0, 6))
            }
            for year in years
        }
    for name in random.sample([*vocabulary.tables], min(len(vocabulary.tables), random.randint(0, 5))):
        document[name] = _entries(random, vocabulary.tables[name])
    if random.random() < 0.3:
        document["agreement"] = [_agreement(random, name, items) for name in random.sample(NAMES, 2)]
    for part in ("received", "expect"):
        if random.random() < 0.3:
            document[part] = [_sum(random, items) for _ in range(random.randint(0, 3))]
    return dict(random.sample([*document.items()], len(document)))


def _head(random: Random, vocabulary: Vocabulary) -> dict[str, Any]:
    head = {
        "name": random.choice(NAMES),
        "uscc": random.choice(CODES),
        "claim_year": random.choice([2025, 2026, 2026, 2027]),
        "filing_date": random.choice([date(2026, 6, 15), "2026-06-15", " ２０２６-06-15"]),
        "in_zone": random.random() < 0.9,
        "kinds": _some(random, vocabulary.kinds),
    }
    kept = {key for key in head if random.random() < 0.6} | {"name", "claim_year"}
    return {key: value for key, value in head.items() if key in kept}


def _some(random: Random, words: Mapping[str, Any]) -> list[str]:
    return random.choices([*words], k=random.randint(0, 3))


def _entries(random: Random, table: Table) -> list[dict[str, Any]]:
    return [
        _entry(random, table, name) for name in random.sample(NAMES, random.randint(0, min(4, len(NAMES))))
    ]


def _entry(random: Random, table: Table, name: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": name}
    if table.dated:
        entry["year"] = random.choice([2025, 2026, 2026, 2027])
    for field in table.fields.values():
        if field.required or random.random() < 0.5:
            entry[field.name] = leaf(random, field)
    for field in table.fields.values():
        if field.part_of is not None and field.part_of in entry and field.name in entry:
            entry[field.part_of], entry[field.name] = "100万", random.choice([0, 999_999, "100.00万"])
    return entry


def _agreement(random: Random, name: str, items: tuple[str, ...]) -> dict[str, Any]:
    start = date(2025, 1, 1) + timedelta(random.randint(0, 700))
    covers = random.choices(["*", "investment:甲", "loan:无", *items[:3]], k=random.randint(0, 3))
    agreement: dict[str, Any] = {
        "name": name,
        "until": start + timedelta(random.randint(0, 9)),
        "covers": covers,
    }
    return agreement | ({"from": start.isoformat()} if random.random() < 0.5 else {})


def _sum(random: Random, items: tuple[str, ...]) -> dict[str, Any]:
    one = {"item": random.choice(items), "year": random.choice([2025, 2026]), "amount": random.choice(SUMS)}
    return one | ({"subject": "investment:甲"} if random.random() < 0.5 else {})


SUMS = [
    0,
    12,
    26_000_000,
    FloatText("12.5"),
    FloatText("1.5e3"),
    "2600万",
    "1.3亿元",
    "2,600 万",
    "０.01",
    "12",
]
RATES = [0, 1, FloatText("0.035"), "3.5%", "0.12345678", "100%", FloatText("1e-3")]
AREAS = [0, 1200, FloatText("12.25"), "5.2万平方米", "3m2", "1,200.125"]


def leaf(random: Random, field: Field) -> Any:
    """A leaf that is right under a key of this type."""
    match field.type:
        case "money":
            return random.choice(SUMS) if not field.at_least else field.at_least
        case "usd":
            return random.choice([3_000_000, "300万", "300万美元", FloatText("3.25")])
        case "rate":
            return random.choice(RATES)
        case "area":
            return random.choice(AREAS)
        case "factor":
            return random.choice([1, FloatText("7.10"), "0.001"])
        case "count":
            return random.choice([field.at_least, 12, FloatText("24.0")])
        case "flag":
            return random.random() < 0.5
        case "word":
            return random.choice([*field.words])
        case "words":
            return _some(random, field.words)
        case "date":
            return random.choice([date(2025, 9, 1), "2025-09-01", "２０２５-０９-３０ "])
        case "text":
            return random.choice(NAMES)


Broken = Callable[[dict[str, Any]], None]


def _put(part: str, key: str, value: Any) -> Broken:
    """A value under a key of the head, of a figure's year, of the rates, or of the first of some entries."""

    def put(document: dict[str, Any]) -> None:
        table = document.setdefault(part, {}) if part in ("enterprise", "fx") else document[part]
        table[key] = value

    return put


def _lack(key: str) -> Broken:
    return lambda document: document["enterprise"].pop(key, None)


def _part(name: str, value: Any) -> Broken:
    return lambda document: document.update({name: value})


TITLE = {"name": "甲", "year": 2026, "kind": "park", "level": "national"}
INVESTMENT = {"name": "甲", "year": 2026, "purposes": ["capacity"]}
LOAN = {"name": "贷", "purpose": "investment", "kind": "credit", "start": "2026-01-31", "months": 12}
AGREEMENT = {"name": "协", "until": "2026-01-01", "covers": ["*"]}
SUM = {"item": "18-aeo", "year": 2026, "amount": 1}


def _without(table: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name != key}


BREAKINGS: dict[str, Broken] = {
    "no enterprise": lambda document: document.pop("enterprise"),
    "enterprise no table": _part("enterprise", ["甲"]),
    "no name": _lack("name"),
    "unknown part": _part("titel", []),
    "blank name": _put("enterprise", "name", " \u3000"),
    "number for a name": _put("enterprise", "name", 5),
    "decimal for a name": _put("enterprise", "name", FloatText("1.5")),
    "direction character": _put("enterprise", "name", "甲\u202e"),
    "control character": _put("enterprise", "name", "甲\x1b[31m"),
    "half a character": _put("enterprise", "name", "甲\ud800"),
    "long name": _put("enterprise", "name", "甲" * 201),
    "nothing for a name": _put("enterprise", "name", None),
    "wrong check digit": _put("enterprise", "uscc", "91350100M000100Y44"),
    "no credit code": _put("enterprise", "uscc", "²"),
    "year before 2000": _put("enterprise", "claim_year", 1999),
    "year after 2100": _put("enterprise", "claim_year", 2101),
    "year a text": _put("enterprise", "claim_year", "2026"),
    "year a truth": _put("enterprise", "claim_year", True),
    "year a decimal": _put("enterprise", "claim_year", FloatText("2026.0")),
    "endless year": _put("enterprise", "claim_year", 10**30),
    "no such day": _put("enterprise", "filing_date", "2026-02-30"),
    "basic date": _put("enterprise", "filing_date", "20260615"),
    "flag a number": _put("enterprise", "in_zone", 1),
    "kinds a text": _put("enterprise", "kinds", "sme"),
    "unknown kind": _put("enterprise", "kinds", ["smee"]),
    "kind in a list": _put("enterprise", "kinds", [["sme"]]),
    "unknown key of the head": _put("enterprise", "nmae", 1),
    "kinds of no year": _part("kinds", {"27": ["sme"]}),
    "kinds of a wide year": _part("kinds", {"２０２７": ["sme"]}),
    "kinds in a list of tables": _part("kinds", [{"2027": ["sme"]}]),
    "kind unknown in another year": _part("kinds", {"2099": ["smee"]}),
    "rate of nothing": _put("fx", "usd_cny", 0),
    "unknown currency": _put("fx", "eur_cny", 8),
    "rate not finite": _put("fx", "usd_cny", FloatText("nan")),
    "figures of no year": _part("figures", {"revenue": 5}),
    "figures too early": _part("figures", {"1997": {}}),
    "figures of a year a list": _part("figures", {"2025": []}),
    "unknown figure": _part("figures", {"2025": {"revenu": 5}}),
    "unknown figure long ago": _part("figures", {"1999": {"revenu": 5}}),
    "negative sum": _part("figures", {"2025": {"revenue": -1}}),
    "negative text": _part("figures", {"2020": {"revenue": "-1万"}}),
    "three decimals": _part("figures", {"2025": {"revenue": FloatText("1.005")}}),
    "sum too large": _part("figures", {"2025": {"revenue": 10**15}}),
    "sum far too large": _part("figures", {"2025": {"revenue": FloatText("1e999")}}),
    "yuan for dollars": _part("figures", {"2025": {"fdi_usd": "300万元"}}),
    "unknown unit": _part("figures", {"2025": {"revenue": "5千"}}),
    "truth for a sum": _part("figures", {"2025": {"revenue": True}}),
    "list for a sum": _part("figures", {"2025": {"revenue": [1]}}),
    "table for a sum": _part("figures", {"2025": {"revenue": {"a": 1}}}),
    "nothing for a sum": _part("figures", {"2025": {"revenue": None}}),
    "day for a sum": _part("figures", {"2025": {"revenue": date(2026, 1, 1)}}),
    "text for a count": _part("figures", {"2025": {"trainees": "5"}}),
    "half a person": _part("figures", {"2025": {"trainees": FloatText("5.5")}}),
    "text for a flag": _part("figures", {"2025": {"trade_target_met": "true"}}),
    "nothing for a flag": _part("figures", {"2025": {"trade_target_met": None}}),
    "entries a table": _part("title", TITLE),
    "entry a text": _part("title", [TITLE, "x"]),
    "entry without name": _part("title", [_without(TITLE, "name")]),
    "entry without year": _part("title", [_without(TITLE, "year")]),
    "entry without kind": _part("title", [_without(TITLE, "kind")]),
    "entry without level": _part("title", [_without(TITLE, "level")]),
    "unknown word": _part("title", [{**TITLE, "kind": "prak"}]),
    "list for a word": _part("title", [{**TITLE, "kind": ["park"]}]),
    "unknown key of an entry": _part("title", [{**TITLE, "levle": "national"}]),
    "name used twice": _part("title", [TITLE, {**TITLE, "kind": "incubator"}]),
    "undated entry with a year": _part("loan", [{**LOAN, "year": 2026}]),
    "undated name used twice": _part("loan", [LOAN, {**LOAN, "months": 3}]),
    "loan without months": _part("loan", [_without(LOAN, "months")]),
    "rate above one": _part("loan", [{**LOAN, "annual_rate": "3.5"}]),
    "moment for a day": _part("loan", [{**LOAN, "start": "2026-01-31T10:00:00"}]),
    "project a number": _part("loan", [{**LOAN, "project": 5}]),
    "prize of none": _part("contest", [{"name": "赛", "year": 2026, "level": "national", "prize": 0}]),
    "part above whole": _part("investment", [{**INVESTMENT, "equipment": 1, "green_equipment": "1.01"}]),
    "part above whole of a later year": _part(
        "investment", [INVESTMENT, {**INVESTMENT, "year": 2030, "equipment": "1万", "green_equipment": "1亿"}]
    ),
    "words a text": _part("investment", [{**INVESTMENT, "purposes": "capacity"}]),
    "unknown one of words": _part("investment", [{**INVESTMENT, "purposes": ["capacity", "chian"]}]),
    "agreement without end": _part("agreement", [_without(AGREEMENT, "until")]),
    "agreement over nothing": _part("agreement", [_without(AGREEMENT, "covers")]),
    "agreement of an unknown item": _part("agreement", [{**AGREEMENT, "covers": ["99-none"]}]),
    "agreement of blank words": _part("agreement", [{**AGREEMENT, "covers": [" "]}]),
    "agreement that ends before": _part("agreement", [{**AGREEMENT, "from": "2026-01-02"}]),
    "agreement named twice": _part("agreement", [AGREEMENT, AGREEMENT]),
    "agreement with a year": _part("agreement", [{**AGREEMENT, "year": 2026}]),
    "received of an unknown item": _part("received", [{**SUM, "item": "99-none"}]),
    "received without a year": _part("received", [_without(SUM, "year")]),
    "received without amount": _part("received", [_without(SUM, "amount")]),
    "expected with a name": _part("expect", [{**SUM, "name": "x"}]),
    "expected of a list": _part("expect", [{**SUM, "subject": []}]),
    "expected below nothing": _part("expect", [{**SUM, "amount": -1}]),
}
"""Each makes of any right document one that the strict loader refuses."""
