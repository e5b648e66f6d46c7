"""What a person sees: snapshots at fixed widths in both languages.  UPDATE_SNAPSHOTS=1 writes them anew."""

import io
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from calc import estimate, load_enterprise
from calc.engine.estimate import Estimate
from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import load_rules, packaged_rules
from calc.policy.rules import Rules
from calc.policy.rules import Text as LabelText
from calc.present.figures import bare_money
from calc.present.language import LanguageCode, language
from calc.present.look import Look
from calc.present.views.estimate import estimate_view

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
NAMES = ["manufacturer", "group", "bank", "startup", "bonded_trader"]
WIDTHS = [60, 80, 100, 140]
LANGUAGES: list[LanguageCode] = ["zh", "en"]


def answer(name: str) -> Estimate:
    return estimate(load_enterprise(str(EXAMPLES / f"{name}.toml")))


def rendered(view: RenderableType, width: int) -> str:
    console = Console(
        file=io.StringIO(), width=width, color_system=None, highlight=False, legacy_windows=False
    )
    console.print(view)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"


def shown(name: str, width: int, code: LanguageCode, *, in_yuan: bool = False) -> str:
    return rendered(estimate_view(answer(name), Look(language(code), in_yuan, width)), width)


def compare(text: str, name: str) -> None:
    path = HERE / "snapshots" / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_an_estimate_looks_as_it_did(width: int, code: LanguageCode) -> None:
    compare(shown("manufacturer", width, code), f"manufacturer-{width}-{code}")


@pytest.mark.parametrize("code", LANGUAGES)
def test_sums_in_yuan_look_as_they_did(code: LanguageCode) -> None:
    compare(shown("bonded_trader", 80, code, in_yuan=True), f"bonded_trader-80-{code}-yuan")


@pytest.mark.parametrize("name", ["bank", "startup", "group"])
def test_other_examples_look_as_they_did(name: str) -> None:
    compare(shown(name, 100, "zh"), f"{name}-100-zh")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_too_wide_and_nothing_that_matters_is_cut(
    name: str, width: int, code: LanguageCode
) -> None:
    text = shown(name, width, code)
    assert all(cell_len(line) <= width for line in text.splitlines())
    assert "…" not in text
    result = answer(name)
    for index, granted in result.combination.grants.items():
        assert result.outcomes[index].claim.item_id in text
        assert re.search(rf"(?<![\d,.]){re.escape(bare_money(granted, in_yuan=False))}(?![\d,])", text)
    for outcome in result.outcomes:
        assert outcome.claim.item_id in text


@pytest.mark.parametrize("width", WIDTHS)
def test_columns_of_wide_characters_line_up(width: int) -> None:
    """The sums of the combination end in one column."""
    lines = shown("manufacturer", width, "zh").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("组合明细"))
    ends = []
    for line in lines[start + 3 :]:
        if not line:
            break
        found = re.search(r"\S+\s+([\d,]+)\s+(?:[\d,]+\s+)+(?:比例上限|按预期)", line)
        if found:
            ends.append(cell_len(line[: found.end(1)]))
    assert len(ends) == 6
    assert len(set(ends)) == 1


def estimate_of(text: str, rules: Rules | None = None) -> Estimate:
    rules = rules or packaged_rules()
    document = parse_document("x", f"[enterprise]\n{text}", is_json=False)
    return estimate(enterprise_from(document, rules.vocabulary, rules.item_ids).enterprise, rules)


def text_of(result: Estimate, code: LanguageCode = "zh", *, width: int = 100, in_yuan: bool = False) -> str:
    return rendered(estimate_view(result, Look(language(code), in_yuan, width)), width)


def test_markup_in_a_name_is_text() -> None:
    assert "[red]甲[/red] [/]" in text_of(estimate_of('name = "[red]甲[/red] [/]"\nclaim_year = 2026\n'))


def test_the_total_stands_on_the_second_line_and_says_what_it_rests_on() -> None:
    lines = shown("manufacturer", 100, "zh").splitlines()
    assert "最多可得 3,350万元" in lines[2]
    assert "其中：比例上限 3,300万元、按预期 50万元" in lines[3]
    assert "Up to 3,350万元 (33,500,000 yuan)" in shown("manufacturer", 100, "en").splitlines()[2]
    assert "Up to 33,500,000 yuan " in shown("manufacturer", 100, "en", in_yuan=True).splitlines()[2]


def test_what_is_not_proven_is_said() -> None:
    result = answer("startup")
    assert "未能证明最优" not in text_of(result)
    assert "未能证明最优" in text_of(replace(result, is_proven=False))


def test_rules_that_are_not_the_packaged_ones_are_named(tmp_path: Path) -> None:
    path = tmp_path / "细则.toml"
    path.write_text('[items.02-capacity]\ncap = "2000万"\n', "utf-8")
    rules = load_rules([str(path)])
    text = 'name = "甲"\nclaim_year = 2026\n'
    assert "细则.toml" in text_of(estimate_of(text, rules)).replace("\n", "").replace(" ", "").replace(
        "│", ""
    )
    assert "所用规则" not in text_of(estimate_of(text))


def test_what_to_ask_names_the_most_that_each_claim_can_be() -> None:
    text = text_of(
        estimate_of(
            'name = "甲"\nclaim_year = 2026\nkinds = ["high_tech"]\n'
            "[figures.2025]\nrd_expense = 2_000_000\n"
            '[[rd_project]]\nname = "主轴"\nyear = 2026\nscope = "core_technology"\npartner = true\n'
            '[[received]]\nitem = "03-core-tech"\nsubject = "rd_project:主轴"\n'
            'year = 2025\namount = "400万"\n'
        )
    )
    asked = text[text.index("需补充的数据") : text.index("四种叠加读法")]
    assert re.search(r"figures\.2024\.rd_expense", asked)
    assert re.search(r"05-rd-growth .* 30\n", asked)
    assert re.search(r"03-core-tech .* 600\n", asked)  # 1,000万 less the 400万 already paid


def test_a_stranger_s_rules_cannot_speak_to_the_terminal() -> None:
    rules = packaged_rules()
    nasty, harmless = "\x1b[31m\u202e[red]", "\\u{1b}[31m\\u{202e}[red]"
    title = LabelText.model_construct(zh=f"甲{nasty}", en=f"a{nasty}")
    changes = {"title": title, "departments": (f"丙{nasty}",), "confirm": (title,)}
    items = {name: item.model_copy(update=changes) for name, item in rules.items.items()}
    example = load_enterprise(str(EXAMPLES / "manufacturer.toml"))
    result = estimate(example, replace(rules, items=items))
    for code in LANGUAGES:
        text = text_of(result, code, width=140)
        assert text.count(harmless) > 40
        assert "\x1b" not in text
        assert "\u202e" not in text
