# ruff: noqa: E501 -- the lists are data, denser than code
"""Overlays, the digest, and the self-check: each doubtful rule is refused where it stands."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from calc.enterprise.documents import parse_document
from calc.enterprise.problems import InputError, Problem
from calc.policy.loader import base_text, load_rules, packaged_rules, rules_from
from calc.policy.rules import Rules

ROOT = Path(__file__).parents[2]


def overlaid(text: str) -> Rules:
    base = parse_document("measures.toml", base_text(), is_json=False)
    return rules_from([base, parse_document("overlay.toml", text, is_json=False)])


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        overlaid(text)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('[items.18-aeo]\nlifetime_cap = "20万"', "cap_below_sum", 2),
        ('[items.12-digital-platform]\nyear_cap = "100万"', "cap_below_sum", 2),
        ('[items.06-first-launch]\ncap = "award"', "cap_without_sum", 2),
        ("[items.06-first-launch]\ncap = 0.5", "cap_not_whole", 2),
        ("[items.06-first-launch]\ncap = 0", "number", 2),
        ('[items.06-first-launch]\nfloor = "200万"', "floor_above_cap", 2),
        ("[items.06-first-launch]\nmeasure = 37", "dangling_measure", 2),
        ('[items.06-first-launch]\nclaim = { entry = "launch" }', "unknown_table", 2),
        ('[items.06-first-launch]\nclaim = { entry = "first_launch", has = ["sales"] }', "unknown_field", 2),
        ('[items.06-first-launch]\nclaim = { entry = "first_launch", where = { kind = ["shop"] } }', "unknown_word", 2),
        ('[items.11-startup]\nclaim = { kinds = ["start_up"] }', "unknown_word", 2),
        ('[items.17-fdi]\nclaim = { figure = "fdi" }', "unknown_field", 2),
        ('[items.06-first-launch]\nconditions = [{ field = "sales", at_least = 5 }]', "unknown_field", 2),
        ('[items.06-first-launch]\nconditions = [{ field = "kind", at_least = 5 }]', "wrong_field_type", 2),
        ('[items.06-first-launch]\nconditions = [{ field = "kind", one_of = ["shop"] }]', "unknown_word", 2),
        ('[items.06-first-launch]\nconditions = [{ kinds = ["shop"] }]', "unknown_word", 2),
        ('[items.06-first-launch]\nconditions = [{ field = "kind" }]', "form", 2),
        ('[items.07-park-operation]\nconditions = [{ field = "occupancy", at_least = 30 }]', "bound_above_one", 2),
        ('[items.02-capacity]\nconditions = [{ field = "construction_months", at_most = 1.5 }]', "bound_not_whole", 2),
        ('[items.02-capacity]\nconditions = [{ field = "equipment", at_least = 1, together = true }]', "together_without_group", 2),
        ('[items.02-capacity]\naward = { rate = "10%", of = ["equipmnt"] }', "unknown_field", 2),
        ('[items.02-capacity]\naward = { rate = "110%", of = ["equipment"] }', "number", 2),
        ('[items.02-capacity]\naward = { tiers = "equipment", mode = "whole", steps = [{ from = 5, rate = "1%" }, { from = 5, rate = "2%" }] }', "tiers_overlap", 2),
        ('[items.02-capacity]\naward = { tiers = "equipment", mode = "half", steps = [{ from = 5, rate = "1%" }] }', "word", 2),
        ('[items.02-capacity]\naward = { interest = "equipment", rate = "1%", at_most = "equipment" }', "wrong_field_type", 2),
        ('[items.19-green-title]\naward = { by_word = "level", sums = { city = 5 } }', "unknown_word", 2),
        ('[items.02-capacity]\nbase = "last_year.revenue"', "not_own", 2),
        ('[items.02-capacity]\ngrade = "open"', "grade_and_award", 2),
        ('[items.02-capacity]\ngrade = "up_to"', "word", 2),
        ('[items.33-approval]\ngrade = "stated"', "grade_and_award", 2),
        ('[items.16-exhibition-booth]\npays = "stages"', "stages_without_cap", 2),
        ("[items.02-capacity]\ncapp = 5", "unknown_key", 2),
        ("[items.02-capacty]\ncap = 5", "item", 1),
        ("[itmes]\nx = 1", "unknown_key", 1),
        ('[[exclusive]]\nitems = ["02-capacity", "99"]', "unknown_item", 2),
        ('[[shared_caps]]\nitems = ["02-capacity", "02-chain"]\n[[shared_caps]]\nitems = ["02-chain", "06-first-launch"]\ncap = 5', "missing_key", 1),
        ('[[shared_caps]]\ncap = 5\nitems = ["02-capacity", "02-chain"]\n[[shared_caps]]\ncap = 5\nitems = ["02-chain", "06-first-launch"]', "caps_cross", 6),
    ],
)  # fmt: skip
def test_a_doubtful_rule_is_refused_where_it_stands(text: str, code: str, line: int) -> None:
    found = problems(text)
    assert code in [one.code for one in found]
    problem = next(one for one in found if one.code == code)
    assert problem.source == "overlay.toml"
    assert problem.place is not None
    assert problem.place.line == line


def test_all_doubts_are_told_at_once() -> None:
    found = problems("[items.02-capacity]\nmeasure = 40\n[items.02-chain]\nmeasure = 41\n")
    assert [one.code for one in found] == ["dangling_measure", "dangling_measure"]


@pytest.mark.parametrize(
    "text",
    [
        "items = 5", "[items]\nx = 5", "vocabulary = 1", "[vocabulary]\ntables = 5", "exclusive = 5", "shared_caps = [1]",
        "[[exclusive]]\nx = 1", "[items.02-capacity]\nclosed = 5", "[items.02-capacity]\nremove = 5",
        "[items.02-capacity]\nclaim = 5", "[items.02-capacity]\nconditions = 5", "[items.02-capacity]\naward = []",
        "[vocabulary.tables.x]\nzh = 1", "[vocabulary.figures]\nx = { type = 'sum', zh = 'x', en = 'x' }",
        "[vocabulary.kinds]\nx = 5", "[vocabulary.tables.x.fields]\ny = 1", "measures = 1", "[measures]\nx = 1",
    ],
)  # fmt: skip
def test_a_misshapen_overlay_is_an_error_and_no_trace(text: str) -> None:
    assert problems(text)


def test_the_digest_is_that_of_the_files() -> None:
    base = sha256(base_text().encode()).hexdigest()
    assert packaged_rules().digest == base
    text = "[items.16-exhibition-booth]\nclosed = true\n"
    both = sha256(f"{base}\n{sha256(text.encode()).hexdigest()}".encode()).hexdigest()
    assert overlaid(text).digest == both


def test_a_closed_item_leaves_its_groups_too() -> None:
    rules = overlaid(
        '[items.02-chain]\nclosed = true\n[[exclusive]]\nitems = ["02-capacity", "02-chain"]\n'
        '[[exclusive]]\nitems = ["02-capacity", "02-chain", "03-core-tech"]\n'
    )
    assert "02-chain" not in rules.items
    assert [group.items for group in rules.exclusive] == [("02-capacity", "03-core-tech")]


def test_a_key_can_be_taken_away() -> None:
    assert (
        overlaid('[items.13-compute-voucher]\nremove = ["pool"]\n').items["13-compute-voucher"].pool is None
    )


def test_a_new_item_comes_last() -> None:
    text = """
    [items.36-new]
    measure = 36
    title = { zh = "新", en = "new" }
    phrase = "x"
    departments = ["x"]
    claim = { figure = "trainees" }
    award = { each = "last_year.trainees", sum = 500 }
    grade = "stated"
    """
    assert overlaid(text).item_ids[-1] == "36-new"


def test_the_overlay_of_the_documentation_holds(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    block = re.search(r"```toml\n(.*?)```", text, re.S)
    assert block is not None
    path = tmp_path / "overlay.toml"
    path.write_text(block[1], "utf-8")
    rules = load_rules([str(path)])
    assert "02-automation" in rules.items
    assert "16-exhibition-booth" not in rules.items
