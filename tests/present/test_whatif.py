"""What a person sees of a what-if and of a comparison, at fixed widths in both languages."""

import sys
from dataclasses import replace

import pytest
from rich.cells import cell_len

from calc.engine.advice import Scene
from calc.engine.estimate import Estimate, estimate
from calc.engine.kinks import curve
from calc.enterprise.changes import Change, Written
from calc.enterprise.documents import Document, read_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.enterprise.paths import Finder
from calc.policy.loader import packaged_rules
from calc.present.data.whatif import WhatIf
from calc.present.language import LanguageCode, language
from calc.present.look import Look
from calc.present.views.comparison import comparison_view
from calc.present.views.whatif import whatif_view
from tests.present.test_console import EXAMPLES, LANGUAGES, WIDTHS, answer, compare, rendered

RULES = packaged_rules()
EQUIPMENT = "investment:二期产线.equipment"
SETS = (
    (EQUIPMENT, "3.2亿"),
    ("enterprise.kinds", "sme,private"),
    ("exhibition:省内供需对接会.nationwide", "true"),
    ("investment:二期产线.hookup_cost", "200万"),
    ("first_launch:首台套五轴中心.first_year_sales", "900万"),
    ("figures.2025.listing_fees", "30万"),
)


def scene(name: str) -> Scene:
    def read(document: Document) -> Enterprise:
        return enterprise_from(document, RULES.vocabulary, RULES.item_ids).enterprise

    def of(enterprise: Enterprise) -> Estimate:
        return estimate(enterprise, RULES)

    document = read_document(str(EXAMPLES / f"{name}.toml"))
    return Scene(document, of(read(document)), read, of)


def tried(*, with_sets: bool, with_sweep: bool) -> WhatIf:
    here = scene("manufacturer")
    changes = [Change(path, Written(value)) for path, value in SETS] if with_sets else []
    document, settings = here.changed(changes)
    after = here.answer(here.read(document))
    if not with_sweep:
        return WhatIf(here.estimate, after, settings, None)
    field = Finder("x", here.document.content, RULES.vocabulary, 2026).find(EQUIPMENT).field
    values = [40_000_000 + 90_000_000 * place for place in range(5)]
    return WhatIf(here.estimate, after, settings, curve(here, changes, EQUIPMENT, field, values))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_what_if_looks_as_it_did(width: int, code: LanguageCode) -> None:
    text = rendered(
        whatif_view(tried(with_sets=True, with_sweep=True), Look(language(code), False, width)), width
    )
    assert all(cell_len(line) <= width for line in text.splitlines())
    compare(text, f"whatif-{width}-{code}")


def test_a_sweep_alone_shows_no_before_and_after() -> None:
    text = rendered(whatif_view(tried(with_sets=False, with_sweep=True), Look(language("zh"), True, 80)), 80)
    assert "多得" not in text
    assert "逐项对比" not in text
    assert "37,500,000" in text


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("enterprise.in_zone", "false", "少得"),
        ("enterprise.name", "乙", "合计不变"),
        ("agreement:一期投资协议.until", "2025-12-31", "多得"),
    ],
)
def test_the_gain_stands_first(path: str, value: str, words: str) -> None:
    here = scene("manufacturer")
    document, settings = here.changed([Change(path, Written(value))])
    tried = WhatIf(here.estimate, here.answer(here.read(document)), settings, None)
    lines = rendered(whatif_view(tried, Look(language("zh"), False, 100)), 100).splitlines()
    assert words in lines[2]


def _named(estimate: Estimate, source: str) -> Estimate:
    """The same estimate from a file of this name: the path of the checkout is not looked at."""
    return replace(estimate, enterprise=estimate.enterprise._replace(source=source))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_comparison_looks_as_it_did(width: int, code: LanguageCode) -> None:
    names = ("manufacturer", "bank", "startup", "bonded_trader")
    estimates = [_named(answer(name), f"{name}.toml") for name in names]
    text = rendered(comparison_view(estimates, Look(language(code), False, width)), width)
    assert all(cell_len(line) <= width for line in text.splitlines())
    compare(text, f"compare-{width}-{code}")


def test_scenarios_of_one_enterprise_are_told_apart_by_their_files() -> None:
    here = scene("manufacturer")
    after = here.with_changes([Change(EQUIPMENT, "3.2亿")])
    estimates = [_named(here.estimate, "企业.toml"), _named(after, "方案二.toml")]
    text = rendered(comparison_view(estimates, Look(language("zh"), False, 100)), 100)
    assert "A 企业" in text
    assert "B 方案二" in text
    assert "+400" in text


def test_the_same_twice_differs_nowhere() -> None:
    text = rendered(comparison_view([answer("bank")] * 2, Look(language("zh"), False, 100)), 100)
    assert "各事项所得均相同。" in text


def test_without_anything_to_draw_with_kinks_and_points_still_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotext", None)
    text = rendered(whatif_view(tried(with_sets=False, with_sweep=True), Look(language("zh"), False, 80)), 80)
    assert "┤" not in text
    assert "转折点" in text
    assert "逐点合计" in text
