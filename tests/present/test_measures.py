"""The rules in words: every form, the list at every width, what is unknown, what comes from a stranger."""

import re
import typing
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from calc.cli.channel import Channel
from calc.cli.measures import show_measures
from calc.policy import awards, forms
from calc.policy.loader import load_rules, packaged_rules
from calc.policy.rules import Item, Rules, Text
from calc.present.language import LanguageCode, language
from calc.present.views.measures import item_view, list_view
from tests.present.test_console import compare, rendered

TESTS = Path(__file__).parents[1]
LANGUAGES: list[LanguageCode] = ["zh", "en"]
WIDTHS = [40, 60, 80, 100, 140]
NASTY = "\x1b[31m\u202e[red]"
HARMLESS = "\\u{1b}[31m\\u{202e}[red]"
OVERLAY = """
[items.90-growth]
measure = 2
title = { zh = "增量奖励", en = "growth" }
phrase = "增量"
departments = ["创新发展部"]
claim = { figure = "rd_expense" }
conditions = [
  { at_most = { field = "last_year.revenue" }, field = "last_year.rd_expense" },
  { more_than = { field = "year_before.rd_expense" }, field = "last_year.rd_expense" },
  { at_least = { ratio = "3%", of = "this_year.revenue" }, field = "last_year.rd_expense" },
]
award = { rate = "10%", of = ["last_year.rd_expense"], less = "year_before.rd_expense" }
cap = "50万"
floor = "1万"
pool = "500万"
grade = "up_to_ratio"

[items.91-platform]
measure = 2
title = { zh = "按词定额", en = "by word" }
phrase = "按级别"
departments = ["创新发展部"]
claim = { entry = "service_platform", has_any = ["service_income"] }
conditions = [{ is = true, field = "effective" }]
award = { rate = "10%", of = ["service_income"] }
grade = "up_to_ratio"
filing = [{ from = "03-01", until = "04-30" }]
materials = [{ zh = "审计报告", en = "audit report" }]

[items.93-contest]
measure = 2
title = { zh = "赛事", en = "contest" }
phrase = "赛事"
departments = ["科技金融部"]
claim = { entry = "exhibition" }
conditions = [{ field = "cost", at_most = { growth = "20%", over = "last_year.revenue" } }]
award = { each = "cost", sum = "1", beyond = "5万", up_to = "3", per = "1万", times = ["last_year.trainees"] }
grade = "up_to_ratio"

[items.94-agreed]
measure = 2
title = { zh = "晚于", en = "not after" }
phrase = "贴息"
departments = ["科技金融部"]
claim = { entry = "loan" }
conditions = [{ field = "start", not_after = 2026-12-31 }]
award = { parts = [{ award = { rate = "1%", of = ["principal"] }, cap = "5万" }] }
grade = "up_to_ratio"

[items.92-loan]
measure = 2
title = { zh = "自起始月起", en = "from its start" }
phrase = "贴息"
departments = ["科技金融部"]
claim = { entry = "loan", running = { start = "start", months = "months" } }
award = { interest = "principal", rate = "1%", at_most = "annual_rate" }
year_cap = "10万"
grade = "up_to_ratio"

[[exclusive]]
items = ["90-growth", "91-platform"]
scope = "enterprise"

[[exclusive]]
items = ["91-platform", "92-loan"]
scope = "subject"

[[shared_caps]]
items = ["91-platform", "92-loan"]
cap = "60万"
"""


@pytest.fixture(scope="module")
def all_forms(tmp_path_factory: pytest.TempPathFactory) -> list[Rules]:
    path = tmp_path_factory.mktemp("rules") / "overlay.toml"
    path.write_text(OVERLAY, "utf-8")
    zones = [TESTS / "policy" / f"{name}_zone.toml" for name in ("second", "third")]
    return [load_rules([str(path)]), *(load_rules([str(zone)]) for zone in zones)]


def members(union: object) -> set[type]:
    found: set[type] = set()
    for one in typing.get_args(union):
        found |= {one} if isinstance(one, type) and issubclass(one, forms.Record) else members(one)
    return found


def forms_of(item: Item) -> Iterator[object]:
    """Every condition and award of an item, those within others too."""
    pending: list[object] = [item.award, *item.conditions]
    while pending:
        one = pending.pop()
        yield one
        for name in ("any_of", "all_of", "when"):
            pending += getattr(one, name, ())
        for part in getattr(one, "parts", ()):
            pending += [part.award, *part.when]
        if isinstance(one, awards.ByYear):
            pending.append(one.award)


def test_every_form_is_put_into_words(all_forms: list[Rules]) -> None:
    items = [item for rules in all_forms for item in rules.items.values()]
    used = {type(one) for item in items for one in (item.claim, *forms_of(item))}
    wanted = members(forms.Trigger) | members(forms.Condition) | members(awards.Award)
    assert len(wanted) > 20
    assert wanted <= used


@pytest.mark.parametrize("code", LANGUAGES)
def test_forms_that_the_packaged_rules_do_not_use_look_as_they_did(
    all_forms: list[Rules], code: LanguageCode
) -> None:
    overlaid, *others = all_forms
    names = [(overlaid, name) for name in overlaid.items if name.startswith("9")]
    names += [(other, name) for other in others for name in other.items]
    compare(
        "\n".join(rendered(item_view(name, rules, language(code), 80), 80) for rules, name in names),
        f"forms-{code}",
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_items_look_as_they_did(code: LanguageCode) -> None:
    rules = packaged_rules()
    views = [rendered(item_view(name, rules, language(code), 100), 100) for name in rules.items]
    compare("\n".join(views), f"items-{code}")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [60, 100, 140])
def test_the_list_looks_as_it_did(width: int, code: LanguageCode) -> None:
    compare(rendered(list_view(packaged_rules(), language(code), width), width), f"measures-{width}-{code}")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_too_wide_and_no_identifier_is_broken(width: int, code: LanguageCode) -> None:
    rules = packaged_rules()
    text = rendered(list_view(rules, language(code), width), width)
    for name in rules.items:
        assert re.search(rf"^ *{re.escape(name)}(?![\w-])", text, re.M), name
        text += rendered(item_view(name, rules, language(code), width), width)
    assert all(cell_len(line) <= width for line in text.splitlines())
    assert "…" not in text


def test_a_list_names_what_holds_for_the_whole_policy() -> None:
    rules = packaged_rules()
    text = rendered(list_view(rules, language("zh"), 140), 140).replace("\n", "").replace(" ", "")
    for words in (*rules.policy.readings, *rules.policy.notes):
        assert words.zh.replace(" ", "") in text


def test_an_unknown_name_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert show_measures(("02-capcity",), (), Channel(language("en"))) == 2
    shown = capsys.readouterr()
    assert not shown.out
    assert "02-capcity" in shown.err
    assert "02-capacity" in shown.err


@pytest.mark.parametrize("name", ["25", "025", "25-guarantee"])
def test_a_measure_or_an_item_is_shown(name: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert show_measures((name,), (), Channel(language("zh"))) == 0
    assert "25-guarantee" in capfdbinary.readouterr().out.decode()


def nasty_rules() -> Rules:
    """Rules whose texts would move the cursor, turn the line round and colour it, if they were let."""
    rules = packaged_rules()
    item = rules.items["01-chain-title"].model_copy(
        update={
            "title": Text.model_construct(zh=f"甲{NASTY}", en=f"a{NASTY}"),
            "phrase": f"乙{NASTY}",
            "departments": (f"丙{NASTY}",),
            "confirm": (Text.model_construct(zh=f"丁{NASTY}", en=f"b{NASTY}"),),
            "readings": (Text.model_construct(zh=f"戊{NASTY}", en=f"c{NASTY}"),),
            "details": (Text.model_construct(zh=f"己{NASTY}", en=f"d{NASTY}"),),
        }
    )
    return replace(rules, items={**rules.items, "01-chain-title": item})


def test_a_stranger_s_rules_cannot_speak_to_the_terminal() -> None:
    rules, speech = nasty_rules(), language("zh")
    listed = rendered(list_view(rules, speech, 140), 140)
    text = rendered(item_view("01-chain-title", rules, speech, 140), 140)
    assert listed.count(HARMLESS) == 2
    assert text.count(HARMLESS) == 6
    assert "\x1b" not in listed + text
    assert "\u202e" not in listed + text
