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
        ('[[shared_caps]]\nitems = ["02-capacity", "02-chain"]', "missing_key", 1),
        ('[[shared_caps]]\nitems = ["02-capacity", "02-chain"]\nshare = { ratio = "5%", of = "equipment" }', "unknown_field", 3),
        ('[[shared_caps]]\nitems = ["02-capacity", "02-chain"]\nshare = { ratio = "5%", of = "last_year.trainees" }', "wrong_field_type", 3),
        ('[vocabulary.figures.output]\ntype = "money"\nzh = "x"\nen = "x"\nusual = { from = "5亿", to = "1亿" }', "usual_from_above_to", 5),
        ('[vocabulary.figures.output]\ntype = "money"\nzh = "x"\nen = "x"\nusual = { from = "5%" }', "number", 5),
        ('[vocabulary.figures.output]\ntype = "rate"\nzh = "x"\nen = "x"\nusual = { to = 5 }', "number", 5),
        ('[vocabulary.figures.output]\ntype = "count"\nzh = "x"\nen = "x"\nusual = { to = 1.5 }', "number", 5),
        ('[vocabulary.figures.output]\ntype = "flag"\nzh = "x"\nen = "x"\nusual = { to = 5 }', "wrong_field_type", 5),
        ('[vocabulary.figures.output]\ntype = "money"\nzh = "x"\nen = "x"\nusual = { upto = 5 }', "unknown_key", 5),
        ('[vocabulary.figures.output]\ntype = "money"\nzh = "x"\nen = "x"\nusual = 5', "not_a_table", 5),
        ('[vocabulary.figures.output]\ntype = "money"\nzh = "x"\nen = "x"\nusually_below = "turnover"', "unknown_field", 5),
        ('[vocabulary.figures.output]\ntype = "money"\nzh = "x"\nen = "x"\nusually_below = "rd_talents"', "unknown_field", 5),
        ('[vocabulary.figures.output]\ntype = "flag"\nzh = "x"\nen = "x"\nusually_below = "trade_target_met"', "unknown_field", 5),
        ('[vocabulary.figures.output]\ntype = "money"\nzh = "x"\nen = "x"\nunit = "months"', "wrong_field_type", 5),
        ('[vocabulary.figures.output]\ntype = "count"\nzh = "x"\nen = "x"\nunit = "weeks"', "word", 5),
        ('[vocabulary.tables.investment.fields]\nrobots = { type = "count", usually_below = "equipment", zh = "x", en = "x" }', "unknown_field", 2),
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


NEW_ITEM = """
[items.{name}]
measure = 36
title = {{ zh = "新", en = "new" }}
phrase = "x"
departments = ["x"]
claim = {{ entry = "{entry}" }}
grade = "stated"
award = {award}
{more}
"""


@pytest.mark.parametrize(
    ("award", "more", "code"),
    [
        ('{ ladder = "prize", steps = [{ from = 1, sum = 10 }, { from = 2, sum = 5 }] }', "", "rungs_fall"),
        ('{ ladder = "prize", steps = [{ from = 1, sum = 10 }, { from = 2, sum = 50 }] }', "cap = 40", "cap_below_sum"),
        ('{ by_word = "level", sums = { municipal = 10, national = 50 } }', "cap = 40", "cap_below_sum"),
        ('{ by_word = "level", sums = { national = 5 }, rates = { municipal = 0.1 }, of = ["prize"] }', "", "by_word_form"),
        ('{ by_word = "level", rates = { municipal = 0.1 } }', "", "by_word_form"),
        ('{ by_word = "prize", sums = { a = 1 } }', "", "wrong_field_type"),
        ("{ fixed = 50 }", "cap = 40", "cap_below_sum"),
        ("{ fixed = 50 }", 'cap = "award"\nyear_cap = 40', "cap_below_sum"),
        ('{ each = "prize", sum = 5 }', 'conditions = [{ field = "last_year.revenue", at_least = 1, together = true }]', "together_without_group"),
        ('{ each = "level", sum = 5 }', "", "wrong_field_type"),
        ('{ each = "last_year.level", sum = 5 }', "", "unknown_field"),
        ('{ interest = "prize", rate = "1%", at_most = "prize" }', "", "interest_without_months"),
        ('{ tiers = "prize", mode = "marginal", steps = [] }', "", "too_few"),
        ('{ tiers = "prize", mode = "marginal", steps = [{ from = 2, rate = 0.1 }, { from = 1, rate = 0.2 }] }', "", "tiers_overlap"),
        ('{ total_of = ["prize"] }', "", "wrong_field_type"),
        ("{ rate = 0.1, of = [] }", "", "too_few"),
        ('{ rate = 0.1, of = ["prize"], les = "prize" }', "", "unknown_key"),
        ('{ excess = "prize", over = { feild = "prize" }, times = ["prize"] }', "", "unknown_key"),
        ('{ each = "prize", sum = -5 }', "", "number"),
        ('{ each = "prize", sum = 5, beyond = { field = "level" } }', "", "wrong_field_type"),
        ('{ each = "prize", sum = 5, per = 0 }', "", "number"),
        ('{ each = "prize", sum = 5, times = ["prise"] }', "", "unknown_field"),
        ('{ growth_of = "prize", over = "level", steps = [{ from = "10%", sum = 5 }] }', "", "wrong_field_type"),
        ('{ growth_of = "prize", over = "prize", steps = [{ from = "10%", sum = 5 }, { from = "10%", sum = 6 }] }', "", "tiers_overlap"),
        ('{ growth_of = "prize", over = "prize", steps = [{ from = "10%", sum = 5 }, { from = "20%", sum = 4 }] }', "", "rungs_fall"),
        ('{ growth_of = "prize", over = "prize", steps = [{ from = "10%", sum = 50 }] }', "cap = 40", "cap_below_sum"),
        ('{ tiers = "prize", mode = "marginal", of = ["prize"], steps = [{ from = 1, rate = "1%" }] }', "", "slices_of_another"),
        ('{ tiers = "prize", mode = "whole", of = ["level"], steps = [{ from = 1, rate = "1%" }] }', "", "wrong_field_type"),
        ('{ parts = [{ award = { fixed = 50 }, cap = 40 }] }', "", "cap_below_sum"),
        ('{ parts = [{ award = { rate = "5%", of = ["level"] } }] }', "", "wrong_field_type"),
        ('{ parts = [{ award = { fixed = 50 }, when = [{ field = "prise", at_least = 1 }] }] }', "", "unknown_field"),
        ('{ parts = [{ award = { interest = "prize", rate = "1%", at_most = "prize" } }] }', "", "interest_without_months"),
        ('{ parts = [{ award = { fixed = 50 }, wenn = [] }] }', "", "unknown_key"),
        ('{ by_year = "prize", shares = ["50%"], award = { fixed = 50 } }', "", "wrong_field_type"),
        ('{ by_year = "last_year.began", shares = ["50%"], award = { fixed = 50 } }', "", "unknown_field"),
        ('{ by_year = "last_year.began", shares = [], award = { fixed = 50 } }', "", "too_few"),
        ('{ by_year = "last_year.began", shares = ["101%"], award = { fixed = 50 } }', "", "number"),
        ('{ by_year = "last_year.began", shares = ["50%"] }', "", "missing_key"),
        ('{ by_year = "last_year.began", shares = ["50%"], award = { fixd = 50 } }', "", "form"),
        ('{ by_year = "last_year.began", shares = ["50%"], award = { rate = "5%", of = ["level"] } }', "", "wrong_field_type"),
        ('{ by_year = "last_year.began", share = ["50%"], award = { fixed = 50 } }', "", "unknown_key"),
        ('{ parts = [] }', "", "too_few"),
        ("{ fixed = 5 }", 'share_cap = { ratio = "50%", of = "level" }', "wrong_field_type"),
        ("{ fixed = 5 }", 'share_cap = { ratio = "50%" }', "missing_key"),
        ("{ fixed = 5 }", "most_claims = 0", "number"),
        ("{ fixed = 5 }", 'filing = [{ from = "04-30", until = "03-01" }]', "window_backwards"),
        ("{ fixed = 5 }", 'filing = [{ from = "02-29", until = "03-01" }]', "day_of_year"),
        ("{ fixed = 5 }", 'filing = [{ from = 2026-01-01, until = "03-01" }]', "not_text"),
        ("{ fixed = 5 }", 'filing = [{ from = "3-1", until = "13-01" }]', "day_of_year"),
        ("{ fixed = 5 }", 'filing = [{ since = "03-01", until = "04-01" }]', "unknown_key"),
        ("{ fixed = 5 }", "materials = ['x']", "not_a_table"),
        ("{ fixed = 5 }", 'conditions = [{ field = "prize", not_before = 2026-01-01 }]', "wrong_field_type"),
        ("{ fixed = 5 }", 'conditions = [{ field = "prize", within_years = 3 }]', "wrong_field_type"),
        ("{ fixed = 5 }", 'conditions = [{ any_of = [{ field = "prize", at_least = 1 }] }]', "too_few"),
        ("{ fixed = 5 }", 'conditions = [{ any_of = [{ field = "prize", at_least = 1 }, { field = "level", at_least = 1 }] }]', "wrong_field_type"),
        ("{ fixed = 5 }", 'conditions = [{ any_of = [{ field = "prize", at_leest = 1 }, { kinds = ["sme"] }] }]', "form"),
        ("{ fixed = 5 }", 'conditions = [{ any_of = [{ field = "prize", at_least = 1, x = 1 }, { kinds = ["sme"] }] }]', "unknown_key"),
        ("{ fixed = 5 }", 'conditions = [{ field = "prize", at_least = { growth = "10%", over = "level" } }]', "wrong_field_type"),
        ("{ fixed = 5 }", 'conditions = [{ field = "prize", at_least = { growth = "10%", of = "prize" } }]', "unknown_key"),
        ("{ fixed = 5 }", 'conditions = [{ field = "prize", at_least = { times = 0, of = "prize" } }]', "number"),
        ("{ fixed = 5 }", 'conditions = [{ field = "prize", at_least = { times = 2, of = "level" } }]', "wrong_field_type"),
        ("{ fixed = 5 }", 'conditions = [{ field = "prize", is = "no" }]', "not_a_flag"),
        ("5", "", "form"),
        ("{ fixed = 5 }", "base = 'level'", "wrong_field_type"),
        ("{ fixed = 5 }", "reviewed = 'yes'", "not_a_flag"),
        ("{ fixed = 5 }", "recipient = 'nobody'", "word"),
        ("{ fixed = 5 }", "details = [{ zh = 'x' }]", "missing_key"),
        ("{ fixed = 5 }", "cites = 'x'", "not_a_list"),
        ("{ fixed = 5 }", "cites = [1.5]", "not_text"),
        ("{ fixed = 5 }", "pool = 1e400", "number"),
    ],
)  # fmt: skip
def test_a_doubtful_new_item_is_refused(award: str, more: str, code: str) -> None:
    text = NEW_ITEM.format(name="new", entry="contest", award=award, more=more)
    assert code in [one.code for one in problems(text)]


def test_a_fixed_sum_is_no_ratio() -> None:
    text = NEW_ITEM.format(name="new", entry="contest", award="{ fixed = 5 }", more="")
    assert [one.code for one in problems(text.replace('"stated"', '"up_to_ratio"'))] == ["grade_and_award"]


@pytest.mark.parametrize("name", ['"a:b"', '"*"'])
def test_an_item_has_a_name_that_a_file_can_cover(name: str) -> None:
    text = NEW_ITEM.format(name=name, entry="contest", award="{ fixed = 5 }", more="")
    assert [one.code for one in problems(text)] == ["item_name"]


@pytest.mark.parametrize(
    ("running", "code"),
    [
        ('start = "start", months = "months", window = 12', "window_without_group"), ('start = "day", months = "months"', "unknown_field"),
        ('start = "months", months = "months"', "wrong_field_type"), ('start = "start", months = "principal"', "wrong_field_type"),
        ('start = "start", months = "months", together_by = "projects"', "unknown_field"), ('start = "start"', "missing_key"),
        ('start = "start", months = "months", window = 0', "number"), ('start = "start", months = "months", window = 1.5', "number"),
    ],
)  # fmt: skip
def test_what_runs_needs_its_days_and_months(running: str, code: str) -> None:
    text = f'[items.25-technology-loan]\nclaim = {{ entry = "loan", running = {{ {running} }} }}'
    assert code in [one.code for one in problems(text)]


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("partner = ['yes']", "not_a_flag"), ("spend = ['5']", "wrong_field_type"), ("scope = [true]", "unknown_word"), ("scope = []", "too_few"),
        ("scpe = ['other']", "unknown_field"), ("scope = 'other'", "not_a_list"), ("scope = [5]", "not_text"),
    ],
)  # fmt: skip
def test_a_trigger_selects_by_words_that_exist(where: str, code: str) -> None:
    text = f'[items.03-core-tech]\nclaim = {{ entry = "rd_project", where = {{ {where} }} }}'
    assert code in [one.code for one in problems(text)]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("[overlay]\nsuorce = 'x'", "unknown_key", 2), ("[overlay]\nissued = 'soon'", "not_a_date", 2), ("[overlay]\nvalid_from = 5", "not_a_date", 2),
        ("[overlay]\nsource = 5", "not_text", 2), ("overlay = 'x'", "not_a_table", 1), ("schema = 'subsidy.rules/2'", "word", 1),
        ("[items.02-capacity]\nremove = ['polo']", "unknown_key", 2), ("[items.02-capacity]\nremove = [5]", "not_text", 2),
        ("[items.02-capacity]\nremove = ['measure']", "missing_key", 1), ("[items.x]\nclosed = true", "item", 1), ("[measures]\nx = { zh = 'x', en = 'x' }", "measure_number", 2),
        ("[measures]\n40 = { zh = 'x' }", "missing_key", 2), ("[[shared_caps]]\nitems = ['02-capacity']\ncap = 5", "too_few", 2),
        ("[[exclusive]]\nitems = ['02-capacity', '02-capacity']", "item_twice", 2), ("[[exclusive]]\nitems = ['02-capacity', '02-chain']\nscope = 'all'", "word", 3),
        ("[[shared_caps]]\nitems = ['10-incubator-provincial', '10-makerspace-provincial']\ncap = '20万'", "cap_below_sum", 3),
        ('[items.02-capacity]\nphrase = "\\u001b[31m"', "unsafe_text", 2), ('[items.02-capacity]\ntitle = { zh = "a\\nb", en = "" }', "empty_text", 2),
        ('[items.02-capacity]\n"form:entry" = 1', "unknown_key", 2), ('[items.02-capacity.claim]\n"form:entry" = 1', "form", 1), ('["form:x"]', "unknown_key", 1),
    ],
)  # fmt: skip
def test_an_overlay_says_only_what_it_may(text: str, code: str, line: int) -> None:
    found = [(one.code, one.place.line if one.place else 0) for one in problems(text)]
    assert (code, line) in found


def test_an_overlay_says_where_it_comes_from() -> None:
    head = (
        '[overlay]\nsource = "细则"\nissued = 2025-09-01\nvalid_from = "2025-10-01"\nvalid_to = 2027-12-31\n'
    )
    assert overlaid(head).item_ids == packaged_rules().item_ids


TABLE = '[vocabulary.tables.{name}]\nzh = "x"\nen = "x"\n[vocabulary.tables.{name}.fields]\n{field}'
FIELD = '{{ zh = "x", en = "x", type = {type} }}'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[vocabulary.kind]\nx = 5", "unknown_key"), ("[vocabulary.kinds]\nx = { zh = 'x' }", "missing_key"), ("[vocabulary.kinds]\n'a b' = { zh = 'x', en = 'x' }", "not_a_name"),
        ("[vocabulary.kinds]\n'电站' = { zh = 'x', en = 'x' }", "not_a_name"), ("[vocabulary.kinds]\nx = { zh = 'x', en = 'x', opn = true }", "unknown_key"),
        ("[vocabulary.figures]\nx = { zh = 'x', en = 'x', type = 'sum' }", "word"), ("[vocabulary.figures]\nx = { zh = 'x', en = 'x', type = 'word' }", "words_and_type"),
        ("[vocabulary.figures]\nx = { zh = 'x', en = 'x', type = 'money', words = { a = { zh = 'x', en = 'x' } } }", "words_and_type"),
        ("[vocabulary.tables.plant.fields]\nx = { zh = 'x', en = 'x', type = 'money' }", "missing_key"),
        (TABLE.format(name="figures", field=""), "reserved"), (TABLE.format(name="plant", field="name = " + FIELD.format(type="'text'")), "reserved"),
        (TABLE.format(name="plant", field="year = " + FIELD.format(type="'count'")), "reserved"),
        (TABLE.format(name="plant", field="x = " + FIELD.format(type="'money', default = 'x'")), "default"), (TABLE.format(name="plant", field="x = " + FIELD.format(type="'flag', default = true")), "default"),
        (TABLE.format(name="plant", field="x = " + FIELD.format(type="'money', part_of = 'y'")), "unknown_field"), (TABLE.format(name="plant", field="x = " + FIELD.format(type="'count', part_of = 'x'")), "unknown_field"),
        (TABLE.format(name="plant", field="x = " + FIELD.format(type="'text', default_to = 'y'") + "\ny = " + FIELD.format(type="'count'")), "unknown_field"),
        (TABLE.format(name="plant", field="x = " + FIELD.format(type="'count', expects = true")), "wrong_field_type"),
        (TABLE.format(name="plant", field="x = " + FIELD.format(type="'text', not_needed_for = { y = ['z'] }")), "unknown_word"),
        (TABLE.format(name="plant", field="").replace("[vocabulary.tables.plant.fields]", 'belongs_to = { table = "x", by = "y" }'), "unknown_table"),
        (TABLE.format(name="plant", field="").replace("[vocabulary.tables.plant.fields]", 'belongs_to = { table = "loan", by = "y" }'), "unknown_field"),
    ],
)  # fmt: skip
def test_words_that_could_not_be_read_are_refused(text: str, code: str) -> None:
    found = problems(text)
    assert code in [one.code for one in found]
    assert all(one.place is not None for one in found)


def test_a_known_table_gains_keys() -> None:
    field = '[vocabulary.tables.investment.fields]\nrobots = { type = "count", zh = "机器人", en = "robots" }'
    table = overlaid(field).vocabulary.tables["investment"]
    assert table.label.zh == "投资项目"
    assert list(table.fields)[-1] == "robots"


def test_what_is_doubtful_is_told_beside_what_is_misshapen() -> None:
    found = problems(
        "[items.02-capacity]\ncapp = 5\n[items.02-chain]\nmeasure = 99\n[[exclusive]]\nitems = ['02-capacity', 'x']"
    )
    assert [one.code for one in found] == ["unknown_key", "dangling_measure", "unknown_item"]


def test_a_group_of_the_second_overlay_is_marked_there() -> None:
    base = parse_document("measures.toml", base_text(), is_json=False)
    first = parse_document("1.toml", "[[exclusive]]\nitems = ['02-capacity', '02-chain']", is_json=False)
    second = parse_document("2.toml", "\n\n[[exclusive]]\nitems = ['02-capacity', 'x']", is_json=False)
    with pytest.raises(InputError) as caught:
        rules_from([base, first, second])
    (problem,) = caught.value.problems
    assert problem.source == "2.toml"
    assert problem.place is not None
    assert problem.place.line == 4


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


def test_all_that_is_wrong_with_an_overlay_is_told_at_once_line_by_line() -> None:
    text = """[overlay]
issued = "2026年2月"
[items.02-capcity]
cap = "2000万"
[items.02-capacity]
cap = "2000万美元"
[items.18-aeo]
lifetime_cap = "20万"
[items.05-rd-growth]
remove = ["capp"]
[[exclusive]]
items = ["02-capacity"]
"""
    assert [(one.code, one.place.line if one.place else 0) for one in problems(text)] == [
        ("not_a_date", 2),
        ("item", 3),
        ("number", 6),
        ("cap_below_sum", 8),
        ("unknown_key", 10),
        ("too_few", 12),
    ]


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
    assert "16-exhibition-booth" not in rules.in_year(2026).items


def test_a_figure_named_without_its_year_is_told_with_its_years() -> None:
    # revenue is a figure, and no key of the table: only its three years are meant.
    award = '{ each = "revenue", sum = 5 }'
    (problem,) = problems(NEW_ITEM.format(name="36-x", entry="contest", award=award, more=""))
    assert problem.code == "unknown_field"
    assert problem.details["allowed"] == ("this_year.revenue", "last_year.revenue", "year_before.revenue")


def test_of_a_table_that_is_unknown_only_that_is_told() -> None:
    award = '{ each = "pieces", sum = 5, times = ["last_year.nothing"] }'
    found = problems(NEW_ITEM.format(name="36-x", entry="contests", award=award, more=""))
    assert [(one.code, one.value) for one in found] == [
        ("unknown_table", "contests"),
        ("unknown_field", "last_year.nothing"),
    ]


@pytest.mark.parametrize(
    ("award", "is_refused"),
    [
        ("{ fixed = 50 }", False),
        ("{ fixed = 51 }", True),
        # Only who reaches the second rung, or the word, is cut.
        ('{ ladder = "prize", steps = [{ from = 1, sum = 10 }, { from = 2, sum = 51 }] }', False),
        ('{ by_word = "level", sums = { municipal = 10, national = 51 } }', False),
    ],
)
def test_a_cap_over_several_items_may_lie_below_the_highest_step_of_one(award: str, is_refused: bool) -> None:
    both = "".join(
        NEW_ITEM.format(name=name, entry="contest", award=one, more="")
        for name, one in (("36-x", award), ("36-y", "{ fixed = 5 }"))
    )
    text = f'{both}\n[[shared_caps]]\nitems = ["36-x", "36-y"]\ncap = 50'
    if is_refused:
        assert [one.code for one in problems(text)] == ["cap_below_sum"]
    else:
        assert overlaid(text).shared_caps[-1].cap == 50
