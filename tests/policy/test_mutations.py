# ruff: noqa: E501 -- the lists are data, denser than code
"""Rules, overlays and enterprises with a part torn out or exchanged: an answer, or an error that is told."""

import random
import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calc.engine.combine.problem import STACKINGS
from calc.engine.estimate import estimate
from calc.enterprise.documents import Document, parse_document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from calc.policy.loader import base_text, rules_from
from calc.policy.rules import Rules
from calc.present.language import language
from calc.present.words.diagnostics import problem_lines
from calc.present.words.item_rows import item_rows

ROOT = Path(__file__).parents[2]
BASE = parse_document("measures.toml", base_text(), is_json=False)
THIRD = tomllib.loads((Path(__file__).parent / "third_zone.toml").read_text("utf-8"), parse_float=FloatText)
ZONE = tomllib.loads((Path(__file__).parent / "second_zone.toml").read_text("utf-8"), parse_float=FloatText)
OVERLAY: dict[str, Any] = {
    "overlay": {"source": "x", "issued": date(2026, 1, 1)},
    "items": {
        "02-capacity": {"cap": "2000万", "remove": ["details"]},
        "16-exhibition-booth": {"closed": True},
        "02-new": BASE.content["items"]["02-chain"],
    },
    "exclusive": [{"items": ["02-capacity", "02-chain"]}],
    "shared_caps": [{"items": ["02-capacity", "02-chain"], "cap": "9000万"}],
    "vocabulary": ZONE["vocabulary"],
    "measures": {"40": {"zh": "x", "en": "y"}},
}
ENTERPRISE = tomllib.loads(
    """
    [enterprise]
    name = "东海"
    claim_year = 2026
    kinds = ["solar_maker"]
    [figures.2025]
    patents = 12
    output = "3000万"
    [[plant]]
    name = "一号"
    year = 2026
    roof = "flat"
    cost = "600万"
    storage_cost = "60万"
    energy_kwh = 20000.5
    [[plant]]
    name = "二号"
    year = 2026
    roof = "pitched"
    """,
    parse_float=FloatText,
)
MANUFACTURER = parse_document(
    "x", (ROOT / "examples" / "manufacturer.toml").read_text("utf-8"), is_json=False
)
KEYS = """
    x form:entry [key] a:b cost base floor cap year_cap award conditions words default part_of pays grade has where
    running required together less of enterprise kinds fx share_cap most_claims filing any_of parts when within_years after beyond by_year shares share
""".split()
PARTS: list[Any] = [
    5, 0, -1, 10**30, True, None, "", "x", "5万", "10%", "*", "a:b", "\u202e", "word", "money", "once", "in_kind",
    "open", "service", "stated", "up_to_sum", "cost", "roof", "last_year.output", "fx.usd_cny", FloatText("1.5"),
    FloatText("nan"), date(2026, 1, 1), [], {}, [1], ["cost"], {"form:x": 1}, {"entry": "plant"}, {"figure": "output"},
    {"kinds": ["solar_maker"]}, {"always": True}, {"fixed": "5万"}, {"field": "cost", "at_least": "5万"},
    {"rate": "5%", "of": ["cost"], "less": "storage_cost"}, {"total_of": ["cost"]}, {"priced_at": "30%", "of": ["cost"]},
    {"any_of": [{"kinds": ["solar_maker"]}, {"field": "start", "not_before": date(2026, 1, 1)}]}, {"growth": "10%", "over": "last_year.revenue"},
    {"parts": [{"award": {"fixed": 5}, "when": [{"field": "last_year.patents", "at_least": 3}]}]}, {"each": "cost", "sum": 1, "per": 7, "up_to": 2},
    {"field": "grid_date", "within_years": 10**9}, {"growth_of": "last_year.revenue", "over": "year_before.revenue", "steps": [{"from": "5%", "sum": 5}]},
    {"ratio": "50%", "of": "last_year.local_tax"}, "difference", "stages", [{"from": "03-01", "until": "02-30"}],
    {"by_year": "grid_date", "shares": ["50%", "5%"], "award": {"fixed": "5万"}}, {"interest": "cost", "share": "5%", "at_most": "last_year.output"},
    {"excess": "cost", "over": "5", "times": ["energy_kwh"]}, {"zh": "x", "en": "y", "type": "flag"},
]  # fmt: skip


def places(part: Any) -> list[tuple[Any, Any]]:
    """Every container with each of its keys."""
    keys = list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else []
    return [(part, key) for key in keys] + [place for key in keys for place in places(part[key])]


def torn(whole: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A copy with one to three of its parts taken out, exchanged or added."""
    whole = deepcopy(whole)
    for _ in range(chance.choice((1, 1, 2, 3))):
        container, key = chance.choice(places(whole) or [(whole, "x")])
        part = deepcopy(chance.choice(PARTS))
        match chance.randrange(4):
            case 0:
                container.pop(key)
            case 1 if isinstance(container, dict):
                container[chance.choice(KEYS)] = part
            case _:
                container[key] = part
    return whole


CITIZEN = tomllib.loads(
    """
    [enterprise]
    name = "清河"
    claim_year = 2026
    kinds = ["above_scale"]
    [figures.2025]
    revenue = "12亿"
    rd_expense = "700万"
    output = "9亿"
    local_tax = "800万"
    patents = 22
    paid_in = "5000万"
    [figures.2024]
    revenue = "9亿"
    [[renewal]]
    name = "技改"
    year = 2026
    equipment = "3000万"
    start = 2026-02-01
    [[solar]]
    name = "屋顶"
    year = 2026
    panel = "film"
    kwh = 1000000.5
    cost = "900万"
    grid_date = 2025-02-01
    [[champion]]
    name = "冠军"
    year = 2026
    level = "national"
    [[talent]]
    name = "博士"
    year = 2026
    degree = "doctor"
    persons = 3
    [[lease]]
    name = "厂房"
    year = 2026
    area_m2 = 2000
    months = 12
    move_in = 2024-05-01
    """,
    parse_float=FloatText,
)


def document(content: dict[str, Any]) -> Document:
    return Document("x.toml", "a = 1\n", is_json=False, content=content)


def rules_or_none(documents: list[Document]) -> Rules | None:
    try:
        return rules_from(documents)
    except InputError as error:
        for problem in error.problems:
            assert all(isinstance(line, str) for line in problem_lines(problem, language("en")))
        return None


def answer_all(enterprise: Document, rules: Rules) -> None:
    try:
        loaded = enterprise_from(enterprise, rules.vocabulary, rules.item_ids).enterprise
    except InputError as error:
        assert all(list(problem_lines(problem, language("en"))) for problem in error.problems)
        return
    for stacking in STACKINGS:
        estimate(loaded, rules, stacking=stacking, count="ceiling")


@pytest.mark.parametrize("seed", range(150))
def test_torn_rules_of_another_zone(seed: int) -> None:
    rules = rules_or_none([document(torn(ZONE, random.Random(seed)))])
    if rules is not None:
        answer_all(document(ENTERPRISE), rules)


@pytest.mark.parametrize("seed", range(150))
def test_torn_rules_of_a_third_zone(seed: int) -> None:
    rules = rules_or_none([document(torn(THIRD, random.Random(seed)))])
    if rules is not None:
        answer_all(document(CITIZEN), rules)
        speech = language("zh")
        for name in rules.items:
            assert all(row.label for row in item_rows(name, rules, speech))


@pytest.mark.parametrize("seed", range(150))
def test_a_torn_enterprise_of_a_third_zone(seed: int) -> None:
    rules = rules_or_none([document(THIRD)])
    assert rules is not None
    answer_all(document(torn(CITIZEN, random.Random(seed))), rules)


@pytest.mark.parametrize("seed", range(40))
def test_a_torn_overlay(seed: int) -> None:
    rules = rules_or_none([BASE, document(torn(OVERLAY, random.Random(seed)))])
    if rules is not None:
        answer_all(MANUFACTURER, rules)


@pytest.mark.parametrize("seed", range(150))
def test_a_torn_enterprise(seed: int) -> None:
    rules = rules_or_none([document(ZONE)])
    assert rules is not None
    answer_all(document(torn(ENTERPRISE, random.Random(seed))), rules)
