"""The template: sound as it is, sound with everything let in, and about the items that it is for."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from calc.engine.claims import Facts, find_claims
from calc.enterprise.documents import Document, parse_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import load_rules, packaged_rules, rules_from
from calc.policy.rules import Rules
from calc.policy.scope import items_for, scope_of
from calc.present.authoring.enterprise_schema import enterprise_schema
from calc.present.authoring.template import Wish, template_text
from calc.present.language import LanguageCode, language
from tests.present.test_console import compare
from tests.present.test_enterprise_schema import SECOND_ZONE, as_json

BASE = packaged_rules()
ZONE = load_rules([str(SECOND_ZONE)])
ODD = rules_from(
    [parse_document("odd.toml", Path(__file__).with_name("odd_zone.toml").read_text("utf-8"), is_json=False)]
)
"""Rules whose words are all at the edge of what a rules file may declare."""
VOCABULARY = BASE.vocabulary


def template(
    rules: Rules,
    items: tuple[str, ...],
    kinds: tuple[str, ...] = (),
    year: int = 2026,
    code: LanguageCode = "zh",
) -> str:
    return template_text(Wish(scope_of(rules, items), year, kinds), language(code))


def let_in(text: str) -> str:
    """The template with a name, and with everything let in that waits."""
    lines = [line.removeprefix("# ") if line.startswith("# ") else line for line in text.splitlines()]
    return "\n".join(lines).replace('name = ""', 'name = "甲"', 1)


def parsed(text: str) -> Document:
    return parse_document("x.toml", text, is_json=False)


def load(text: str, rules: Rules) -> Enterprise:
    """Load it; nothing is wrong or doubtful about it."""
    enterprise, warnings = enterprise_from(parsed(text), rules.vocabulary, rules.item_ids)
    assert not warnings
    return enterprise


SCOPES: list[Any] = [
    pytest.param(BASE, BASE.item_ids, (), 2026, id="base"),
    pytest.param(ZONE, ZONE.item_ids, (), 2026, id="zone"),
    pytest.param(ODD, ODD.item_ids, (), 2026, id="odd"),
    pytest.param(BASE, BASE.item_ids, (), 2000, id="first-year"),
    pytest.param(BASE, BASE.item_ids, (), 2100, id="last-year"),
    *(pytest.param(BASE, (item,), (), 2026, id=item) for item in BASE.item_ids),
    *(pytest.param(ZONE, (item,), (), 2026, id=f"zone-{item}") for item in ZONE.item_ids),
    *(pytest.param(BASE, items_for(BASE, [kind]), (kind,), 2026, id=kind) for kind in VOCABULARY.kinds),
    pytest.param(ZONE, items_for(ZONE, ["solar_maker"]), ("solar_maker",), 2026, id="zone-solar_maker"),
]


@pytest.mark.parametrize(("rules", "items", "kinds", "year"), SCOPES)
def test_a_template_with_its_name_filled_in_is_sound(
    rules: Rules, items: tuple[str, ...], kinds: tuple[str, ...], year: int
) -> None:
    text = template(rules, items, kinds, year).replace('name = ""', 'name = "甲"', 1)
    enterprise = load(text, rules)
    assert (enterprise.claim_year, enterprise.kinds, enterprise.entries) == (year, kinds, {})
    assert not any(enterprise.figures.values())


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize(("rules", "items", "kinds", "year"), SCOPES)
def test_a_template_with_everything_let_in_is_sound(
    rules: Rules, items: tuple[str, ...], kinds: tuple[str, ...], year: int, code: LanguageCode
) -> None:
    text = let_in(template(rules, items, kinds, year, code))
    load(text, rules)
    content = as_json(parsed(text).content)
    assert [one.message for one in Draft202012Validator(enterprise_schema(rules)).iter_errors(content)] == []


@pytest.mark.parametrize(
    ("rules", "item"), [(BASE, item) for item in BASE.item_ids] + [(ZONE, item) for item in ZONE.item_ids]
)
def test_a_template_for_an_item_makes_a_claim_of_it_and_lacks_nothing(rules: Rules, item: str) -> None:
    enterprise = load(let_in(template(rules, (item,))), rules)
    claims = [
        one for one in find_claims(Facts(enterprise, rules.vocabulary, 2026), rules) if one.item_id == item
    ]
    assert len(claims) == 1


def test_the_whole_template_names_every_table_key_figure_and_kind_in_both_languages() -> None:
    for code in ("zh", "en"):
        text = template(BASE, BASE.item_ids, code=code)
        name = language(code).name
        for table in VOCABULARY.tables.values():
            block = text[text.index(f"# [[{table.name}]]") :].split("\n\n")[0]
            assert f"## ======== {name(table.label)}\n" in text
            for field in table.fields.values():
                assert f"\n# {field.name} = " in block
                assert f"\n## {name(field.label)} · " in block
                for word in field.words:
                    assert word in block
        for figure in VOCABULARY.figures.values():
            assert f"\n## {name(figure.label)} · " in text
            assert f"\n# {figure.name} = " in text
        for kind in VOCABULARY.kinds:
            assert f"{kind}（" in text or f"{kind} (" in text or f" {kind}," in text


def test_a_key_names_the_items_that_read_it() -> None:
    text = template(BASE, BASE.item_ids)
    assert "## 设备购置额 · 金额（元） · 用于 02-capacity、02-chain\n" in text
    assert "## 营业收入 · 金额（元） · 用于 05-rd-growth 研发投入奖励\n" in text


def test_an_item_asks_only_for_what_it_reads() -> None:
    """02-capacity reads purposes, equipment and months; chain and green keys belong to other items."""
    content = parsed(let_in(template(BASE, ("02-capacity",)))).content
    assert set(content) == {"enterprise", "investment", "agreement", "received", "expect"}
    assert list(content["investment"][0]) == ["name", "year", "purposes", "equipment", "construction_months"]
    content = parsed(let_in(template(BASE, ("05-rd-growth",)))).content
    assert content["figures"] == {
        "2025": {"revenue": "3.2亿", "rd_expense": "1200万"},
        "2024": {"rd_expense": "1200万"},
    }
    assert set(content) == {"enterprise", "kinds", "figures", "agreement", "expect"}


def test_a_service_needs_nothing() -> None:
    assert set(parsed(let_in(template(BASE, ("21-reclaimed-water",)))).content) == {"enterprise"}


def test_a_kind_leaves_out_what_it_cannot_claim_and_keeps_what_asks_for_no_kind() -> None:
    items = items_for(BASE, ["manufacturing"])
    assert "05-rd-growth" not in items
    assert "11-startup" not in items
    assert {"02-capacity", "04-performance", "36-inspection"} <= set(items)
    text = template(BASE, items, ("manufacturing",))
    assert '\nkinds = ["manufacturing"]\n' in text
    assert "rd_expense" not in text
    assert "[[bad_loan]]" not in text
    assert "02-capacity" in text


def test_outside_the_zone_only_what_is_open_there_stays() -> None:
    assert items_for(BASE, ["bank"], in_zone=False) == (
        "11-contest", "16-exhibition-host", "17-fdi-introducer", "26-risk-compensation",
    )  # fmt: skip


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_template_looks_as_it_did(code: LanguageCode) -> None:
    items = ("02-capacity", "05-rd-growth", "18-aeo")
    compare(template(BASE, items, code=code), f"template-{code}")


@pytest.mark.parametrize("code", ["zh", "en"])
def test_no_line_is_too_long(code: LanguageCode) -> None:
    from rich.cells import cell_len

    assert max(map(cell_len, template(BASE, BASE.item_ids, code=code).splitlines())) <= 100
