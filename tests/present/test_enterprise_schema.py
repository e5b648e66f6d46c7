"""JSON Schema of enterprise files, asked of an independent validator: it agrees with the loader."""

import json
import math
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from calc.enterprise.documents import Document, parse_document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from calc.policy.loader import load_rules, packaged_rules
from calc.policy.rules import Rules
from calc.present.authoring.enterprise_schema import enterprise_schema
from tests.enterprise.test_patterns import WRITTEN

ROOT = Path(__file__).parents[2]
SECOND_ZONE = ROOT / "tests" / "policy" / "second_zone.toml"
RULES = packaged_rules()
SCHEMA = enterprise_schema(RULES)
VALIDATOR = Draft202012Validator(SCHEMA)

ACROSS_KEYS = {
    "bad_credit_code",  # the check digit
    "from_after_until",  # one day after another
    "name_used_twice",
    "part_above_whole",
    "too_many_decimals",  # a bare number: a validator may count in binary fractions
    "unheld_subject",  # a warning, no mistake
}
"""What no schema can say."""

NO_DOCUMENT = {
    "duplicate_key", "empty", "full_width_quotes", "gbk", "unquoted_unit", "utf_16",
}  # fmt: skip
"""What no parser turns into a document."""


def as_json(leaf: Any) -> Any:
    """What an editor hands to its validator: days are texts, and JSON knows no infinity."""
    match leaf:
        case dict():
            return {key: as_json(value) for key, value in leaf.items()}
        case list():
            return [as_json(value) for value in leaf]
        case date():
            return leaf.isoformat()
        case FloatText():
            return as_json(float(leaf))
        case float():
            return leaf if math.isfinite(leaf) else None
        case _:
            return leaf


def read(path: Path) -> Any:
    return as_json(tomllib.loads(path.read_text("utf-8")))


def loads(content: dict[str, Any], rules: Rules = RULES) -> bool:
    try:
        enterprise_from(Document("x", "", True, content), rules.vocabulary, rules.item_ids)
    except InputError:
        return False
    return True


@pytest.mark.parametrize("sources", [(), (str(SECOND_ZONE),)])
def test_it_is_a_schema(sources: tuple[str, ...]) -> None:
    schema = enterprise_schema(load_rules(sources))
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*[!d].toml")), ids=lambda path: path.stem)
def test_each_example_fits(path: Path) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(read(path))] == []


@pytest.mark.parametrize(
    "path",
    [
        one
        for one in sorted((ROOT / "examples" / "mistakes").iterdir())
        if one.stem not in {*NO_DOCUMENT, "expected"}
    ],
    ids=lambda path: path.stem,
)
def test_each_mistake_of_shape_is_found(path: Path) -> None:
    assert VALIDATOR.is_valid(read(path)) == (path.stem in ACROSS_KEYS)


def test_it_says_what_a_key_is_in_both_languages() -> None:
    equipment = SCHEMA["properties"]["investment"]["items"]["properties"]["equipment"]
    assert equipment["title"] == "设备购置额 · equipment"
    assert "02-capacity, 02-chain" in equipment["description"]
    kinds = SCHEMA["$defs"]["kinds"]["items"]
    assert "manufacturing: 制造业 · manufacturing" in kinds["description"]


def test_a_policy_of_its_own_has_its_own_schema() -> None:
    """The made-up zone knows a plant's roof, and no item of the packaged rules."""
    rules = load_rules([str(SECOND_ZONE)])
    validator = Draft202012Validator(enterprise_schema(rules))
    content: dict[str, Any] = {
        "enterprise": {"name": "甲", "claim_year": 2026, "kinds": ["solar_maker"]},
        "figures": {"2025": {"patents": 7}},
        "plant": [{"name": "一号", "year": 2026, "roof": "flat", "energy_kwh": "12.5"}],
        "expect": [{"item": "1-energy", "year": 2026, "amount": "1万"}],
    }
    assert validator.is_valid(content)
    assert not VALIDATOR.is_valid(content)
    content["plant"][0]["roof"] = "round"
    assert not validator.is_valid(content)


def test_a_word_can_make_another_key_needless() -> None:
    def title(**keys: str) -> bool:
        entry = {"name": "称号", "year": 2026, **keys}
        content = {"enterprise": {"name": "甲", "claim_year": 2026}, "title": [entry]}
        assert VALIDATOR.is_valid(content) == loads(content)
        return loads(content)

    assert title(kind="aeo_advanced")
    assert title(kind="park", level="national")
    assert not title(kind="park")
    assert not title(level="national")


LEAF = st.one_of(
    WRITTEN,
    st.text(max_size=6),
    st.integers(-2, 40),
    st.sampled_from(
        [0, 1, 2000, 2026, 2100, 2101, 10**15 - 1, 10**15, True, False, "*", "2026-03-01", "2026-02-30"]
    ),
    st.sampled_from(
        [
            "2026年3月",
            "２０２６-03-01",
            "bank",
            "park",
            "provincial",
            "02-capacity",
            "a:b",
            " ",
            "甲\u202e",
            "甲\n",
        ]
    ),
    st.sampled_from([[], ["bank"], ["bank", "bank"], ["x"], ["*"], ["capacity"], [1], {}, {"a": 1}]),
)
FIELDS = [
    (table.name, field.name) for table in RULES.vocabulary.tables.values() for field in table.fields.values()
] + [("agreement", key) for key in ("from", "until", "covers", "name", "x")]
SOUND: dict[str, dict[str, Any]] = {
    "investment": {"purposes": []},
    "title": {"kind": "park", "level": "national"},
    "park": {"kind": "sme"},
    "carrier": {"kind": "incubator", "level": "national"},
    "contest": {"level": "national"},
    "exhibition": {"role": "host"},
    "bonded": {"kind": "new_business"},
    "loan": {"purpose": "investment", "kind": "credit", "start": "2026-01-01", "months": 3},
    "land": {"kind": "far_increase"},
    "agreement": {"until": "2026-12-31", "covers": []},
}


@settings(max_examples=400)
@given(st.sampled_from(FIELDS), LEAF)
def test_a_leaf_of_an_entry_is_right_for_both_or_wrong_for_both(field: tuple[str, str], leaf: Any) -> None:
    table, key = field
    dated = {} if table in ("loan", "agreement") else {"year": 2026}
    entry = {"name": "甲", **dated, **SOUND.get(table, {}), key: leaf}
    content = {"enterprise": {"name": "甲", "claim_year": 2026}, table: [entry]}
    is_after = (
        table == "agreement"
        and key == "from"
        and loads({**content, table: [{**entry, "until": "9999-12-31"}]})
    )
    assert VALIDATOR.is_valid(content) == (loads(content) or is_after)


@settings(max_examples=400)
@given(st.sampled_from(["name", "claim_year", "filing_date", "in_zone", "kinds", "x"]), LEAF)
def test_a_leaf_of_the_enterprise_is_right_for_both_or_wrong_for_both(key: str, leaf: Any) -> None:
    content = {"enterprise": {"name": "甲", "claim_year": 2026, key: leaf}}
    assert VALIDATOR.is_valid(content) == loads(content)


@settings(max_examples=300)
@given(
    st.sampled_from(["figures", "kinds", "fx", "received", "expect", "stray"]),
    st.sampled_from(["1997", "1998", "2000", "2100", "2101", "０", "02026", "usd_cny", "item"]),
    st.sampled_from([*RULES.vocabulary.figures, "x"]),
    LEAF,
)
def test_the_other_tables_are_right_for_both_or_wrong_for_both(
    part: str, key: str, figure: str, leaf: Any
) -> None:
    parts: dict[str, Any] = {
        "figures": {key: {figure: leaf}},
        "kinds": {key: leaf},
        "fx": {key: leaf},
        "received": [{"item": "18-aeo", "year": 2025, "amount": 5, key: leaf}],
        "expect": [{"item": leaf, "year": 2025, "amount": leaf}],
        "stray": leaf,
    }
    content = {"enterprise": {"name": "甲", "claim_year": 2026}, part: parts[part]}
    assert VALIDATOR.is_valid(content) == loads(content)


@given(st.sampled_from(["money", "usd", "rate", "area", "factor"]), st.decimals(-1, 10**16, places=2))
def test_a_bare_decimal_is_right_for_both_or_wrong_for_both(number_type: str, value: Any) -> None:
    text = f'[enterprise]\nname = "甲"\nclaim_year = 2026\n[[x]]\nv = {value}\n'
    leaf = parse_document("x", text, is_json=False).content["x"][0]["v"]
    places = {
        "money": ("investment", "equipment"), "usd": ("", ""), "rate": ("park", "occupancy"),
        "area": ("park", "operated_area_m2"), "factor": ("", ""),
    }  # fmt: skip
    table, key = places[number_type]
    sound = {"enterprise": {"name": "甲", "claim_year": 2026}}
    parts: dict[str, dict[str, Any]] = {
        "usd": {**sound, "figures": {"2025": {"fdi_usd": leaf}}},
        "factor": {**sound, "fx": {"usd_cny": leaf}},
    }
    entry = {"name": "甲", "year": 2026, **SOUND.get(table, {}), key: leaf}
    content = parts.get(number_type, {**sound, table: [entry]})
    assert VALIDATOR.is_valid(as_json(content)) == loads(content)
