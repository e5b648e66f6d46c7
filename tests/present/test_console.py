"""What a person sees: snapshots at fixed widths in both languages.  UPDATE_SNAPSHOTS=1 writes them anew."""

import io
import os
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from calc import estimate, load_enterprise
from calc.engine.estimate import Estimate
from calc.policy.loader import packaged_rules
from calc.present.console import estimate_view
from calc.present.figures import bare_money
from calc.present.language import LanguageCode, language
from calc.present.measures import item_view, list_view
from calc.present.sections import Look

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
NAMES = ["manufacturer", "group", "bank", "startup", "bonded_trader"]
WIDTHS = [60, 80, 100, 140]
LANGUAGES: list[LanguageCode] = ["zh", "en"]


def answer(name: str) -> Estimate:
    return estimate(load_enterprise(str(EXAMPLES / f"{name}.toml")))


def rendered(view: object, width: int) -> str:
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
def test_the_rules_look_as_they_did(code: LanguageCode) -> None:
    rules = packaged_rules()
    compare(rendered(list_view(rules, language(code)), 100), f"measures-{code}")
    views = [rendered(item_view(item, rules, language(code)), 100) for item in rules.items]
    compare("\n".join(views), f"items-{code}")


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
    """The rule under a heading is as wide as the widest row, and sums end in the same column."""
    lines = shown("manufacturer", width, "zh").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("由哪些事项组成"))
    ends = set()
    for line in lines[start + 3 :]:
        if not line:
            break
        found = re.search(r"\S+\s+([\d,]+)\s+(?:[\d,]+\s+)?(?:比例上限|按预期)", line)
        if found:
            ends.add(cell_len(line[: found.end(1)]))
    assert len(ends) == 1


def test_markup_and_escapes_in_a_name_are_text() -> None:
    from calc.enterprise.documents import parse_document
    from calc.enterprise.loader import enterprise_from

    rules = packaged_rules()
    text = '[enterprise]\nname = "[red]甲[/red] [/]"\nclaim_year = 2026\n'
    document = parse_document("x", text, is_json=False)
    loaded = enterprise_from(document, rules.vocabulary, rules.item_ids)
    view = estimate_view(estimate(loaded.enterprise), Look(language("zh"), False, 80))
    assert "[red]甲[/red] [/]" in rendered(view, 80)
