"""JSON Schema of rules files and overlays, asked of an independent validator: it agrees with the records."""

import copy
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from calc.policy import awards, forms, leaves, rules, words
from calc.policy.loader import base_text, load_rules, packaged_rules
from calc.policy.rules import OverlayFile, RulesFile
from calc.present.authoring.rule_meanings import key_meanings, record_meanings
from calc.present.authoring.rules_schema import overlay_schema, rules_schema
from calc.present.language import language
from tests.enterprise.test_patterns import WRITTEN
from tests.present.test_enterprise_schema import as_json

ROOT = Path(__file__).parents[2]
SECOND_ZONE = ROOT / "tests" / "policy" / "second_zone.toml"
SCHEMA = rules_schema()
OVERLAY_SCHEMA = overlay_schema(packaged_rules())
VALIDATOR = Draft202012Validator(SCHEMA)
OVERLAY = Draft202012Validator(OVERLAY_SCHEMA)
RECORDS = [
    one
    for module in (forms, awards, words, rules)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, forms.Record) and one.__module__ == module.__name__
]
MEASURES = tomllib.loads(base_text(), parse_float=FloatText)
ZONE = tomllib.loads(SECOND_ZONE.read_text("utf-8"), parse_float=FloatText)
THIRD = tomllib.loads(SECOND_ZONE.with_name("third_zone.toml").read_text("utf-8"), parse_float=FloatText)
EXAMPLE = tomllib.loads(
    (ROOT / "examples" / "zones" / "ic_design.toml").read_text("utf-8"), parse_float=FloatText
)
ODD = tomllib.loads(Path(__file__).with_name("odd_zone.toml").read_text("utf-8"), parse_float=FloatText)


@pytest.mark.parametrize("schema", [SCHEMA, OVERLAY_SCHEMA])
def test_it_is_a_schema(schema: Any) -> None:
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize(
    "content",
    [MEASURES, ZONE, THIRD, ODD, EXAMPLE],
    ids=["measures", "second_zone", "third_zone", "odd_zone", "ic_design"],
)
def test_rules_files_fit(content: Any) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(as_json(content))] == []


def test_every_record_and_every_key_has_its_meaning_and_no_meaning_is_idle() -> None:
    speech = language("en")
    used = set()
    keys = key_meanings(speech)
    for record in RECORDS[1:]:
        assert record.__name__ in record_meanings(speech)
        for name, field in record.model_fields.items():
            key = field.alias or name
            own = f"{record.__name__}.{key}"
            used.add(own if own in keys else key)
    assert RECORDS[0] is forms.Record
    assert used == set(keys)
    assert set(record_meanings(speech)) == {record.__name__ for record in RECORDS[1:]}


def test_meanings_stand_in_both_languages() -> None:
    item = SCHEMA["$defs"]["Item"]
    assert (
        item["properties"]["pool"]["description"]
        == "全体申报单位合计的年度预算 · the budget of a year over all applicants"
    )
    assert SCHEMA["$defs"]["Fixed"]["description"] == "固定金额 · a fixed sum"


def paths(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            found += paths(value, (*at, key))
    return found


def changed(content: Any, path: tuple[Any, ...], deed: str, leaf: Any) -> Any:
    content = copy.deepcopy(content)
    node = content
    for part in path[:-1]:
        node = node[part]
    if deed == "remove":
        del node[path[-1]]
    elif deed == "add" and isinstance(node, dict):
        node["cap"] = leaf
    else:
        node[path[-1]] = leaf
    return content


def is_read(content: Any) -> bool:
    try:
        RulesFile.model_validate(content)
    except ValidationError:
        return False
    return all(":" not in name and name != "*" for name in content["items"])


SMALL = {
    **ZONE,
    "items": {
        **ZONE["items"],
        **{
            name: MEASURES["items"][name]
            for name in (
                "05-rd-growth", "07-park-operation", "18-aeo", "25-investment-loan", "25-guarantee",
                "26-risk-compensation", "29-safeguard-rent", "31-land-price", "35-site", "36-inspection",
            )
        },
    },
}  # fmt: skip
LEAVES = st.one_of(
    WRITTEN,
    st.text(max_size=4),
    st.integers(-2, 40),
    st.sampled_from(
        ["award", "10%", "0%", 0, 0.5, True, False, "once", "stated", "2026-03-01", "03-01", "02-29"]
    ),
    st.sampled_from(
        [
            [], ["a"], [True], [""], {}, {"fixed": "5万"}, {"fixed": 0}, {"always": True}, {"kinds": ["sme"]},
            {"field": "a"}, {"ratio": "3%", "of": "a"}, {"zh": "甲", "en": "a"}, {"zh": "甲"}, {"entry": "a"},
            {"rate": "3%", "of": ["a"]}, {"rate": "3%", "of": []}, [{"zh": "甲", "en": "a"}], {"x": 1},
            {"excess": "a", "over": 5, "times": ["b"]}, {"each": "a", "sum": "5"}, [{"from": 1, "sum": 2}],
        ]
    ),
)  # fmt: skip


def exact(leaf: Any) -> Any:
    """A decimal as the parsers hand it over."""
    return FloatText(leaf) if isinstance(leaf, float) else leaf


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(paths(SMALL)), st.sampled_from(["remove", "add", "set", "set", "set"]), LEAVES)
def test_a_changed_file_is_right_for_both_or_wrong_for_both(
    path: tuple[Any, ...], deed: str, leaf: Any
) -> None:
    content = changed(SMALL, path, deed, exact(leaf))
    assert VALIDATOR.is_valid(as_json(content)) == is_read(content)


KINDS_OF_LEAVES: dict[str, Any] = {
    "quantity": leaves.Quantity,
    "quantity_above_0": leaves.Above,
    "money": leaves.Money,
    "sum_above_0": leaves.Cap,
    "rate_above_0": leaves.Rate,
    "text": leaves.Word,
    "prose": leaves.Prose,
    "flag": leaves.Flag,
    "date": leaves.Day,
    "day_of_year": leaves.DayOfYear,
    "measure_number": leaves.MeasureNumber,
    "count": leaves.Whole,
    "count_above_0": leaves.WholeAboveZero,
    "word_or_flag": leaves.WordOrFlag,
    "name": words.Name,
    "cap_or_award": rules.CapOrAward,
}
EDGES: list[Any] = [
    0, 1, 2, 0.5, 1.5, 10**15 - 1, 10**15, -1, True, "0", "0.00万", "0%", "1", "100%", "5㎡", "3%",
    "award", "awards", "a" * 40, "a" * 41, "a" * 200, "a" * 201, "a" * 2001,
    "a_1", "1a", "A", "甲", " ", "", "a\nb",
    "25", "00025", "٣", "12-31", "12-32", "02-28", "02-29", "06-31", "0６-30",
    "2026-02-28", "2026-02-29", [], {}, ["a"],
]  # fmt: skip


@pytest.mark.parametrize("name", KINDS_OF_LEAVES)
def test_each_kind_of_leaf_is_right_for_both_or_wrong_for_both(name: str) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(KINDS_OF_LEAVES[name])
    validator = VALIDATOR.evolve(schema=SCHEMA["$defs"][name])
    for leaf in EDGES:
        try:
            adapter.validate_python(exact(leaf))
            is_sound = True
        except ValidationError:
            is_sound = False
        # A key is always a text.
        assert (name == "measure_number" and not isinstance(leaf, str)) or validator.is_valid(
            leaf
        ) == is_sound, leaf


OVERLAYS = [
    '[items.02-capacity]\ncap = "2000万"\nremove = ["pool"]\n',
    "[items.16-exhibition-booth]\nclosed = true\n",
    '[overlay]\nsource = "实施细则"\nissued = 2026-01-01\nvalid_from = 2026-01-01\nvalid_to = 2026-12-31\n',
    """
    [items.02-capacity]
    award = { tiers = "equipment", mode = "whole", steps = [{ from = "2000万", rate = "5%" }] }
    """,
    """
    [items.02-automation]
    measure = 2
    title = { zh = "自动化改造奖励", en = "Automation reward" }
    phrase = "按照设备购置额的 3%"
    departments = ["创新发展部"]
    claim = { entry = "investment", has = ["robots"] }
    award = { each = "robots", sum = "1万" }
    cap = "50万"
    grade = "stated"
    filing = [{ from = "03-01", until = "03-31" }]
    materials = [{ zh = "发票", en = "invoice" }]
    [vocabulary.tables.investment.fields]
    robots = { type = "count", zh = "机器人台数", en = "robots", example = 5 }
    [[exclusive]]
    items = ["02-capacity", "02-automation"]
    scope = "subject"
    [[shared_caps]]
    items = ["02-capacity", "02-chain"]
    cap = "6000万"
    [measures]
    2 = { zh = "投资" }
    99 = { zh = "新增", en = "new" }
    """,
    "[measures]\n99 = { zh = '新增' }\n",
    '[items.02-capacity]\ncap = "2000万美元"\n',
    "[items.02-capacity]\ncapp = 5\n",
    "[items.02-capacity]\nclosed = 1\n",
    '[items.02-capacity]\nremove = ["x"]\n',
    "[items.99-new]\ncap = 5\n",
    "[items.99-new]\nclosed = true\n",
    "[vocabulary.figures]\nheads = { type = 'count', zh = '人数' }\n",
    "[[exclusive]]\nitems = ['02-capacity']\n",
    "[stray]\n",
]


@pytest.mark.parametrize("text", OVERLAYS)
def test_an_overlay_is_right_for_both_or_wrong_for_both(text: str, tmp_path: Path) -> None:
    path = tmp_path / "overlay.toml"
    path.write_text(text, "utf-8")
    try:
        load_rules([str(path)])
        is_sound = True
    except InputError:
        is_sound = False
    assert OVERLAY.is_valid(as_json(tomllib.loads(text))) == is_sound


def test_an_overlay_may_change_a_word_that_the_rules_declare_key_by_key(tmp_path: Path) -> None:
    path = tmp_path / "overlay.toml"
    path.write_text("[vocabulary.figures.patents]\nzh = '专利'\n", "utf-8")
    load_rules([str(SECOND_ZONE), str(path)])
    content = tomllib.loads(path.read_text("utf-8"))
    OverlayFile.model_validate(content)
    assert Draft202012Validator(overlay_schema(load_rules([str(SECOND_ZONE)]))).is_valid(content)
    assert not OVERLAY.is_valid(content)
