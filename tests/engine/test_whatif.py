"""What-ifs: the same as editing the file by hand; the saved file gives exactly what was shown."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.engine.advice import Scene
from calc.engine.estimate import Estimate, estimate
from calc.engine.outcomes import Eligible, Ineligible
from calc.engine.whatif import differences
from calc.enterprise.changes import Change, Written
from calc.enterprise.documents import Document, parse_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.enterprise.problems import InputError
from calc.enterprise.saving import saved_text
from calc.policy.loader import packaged_rules
from calc.present.data.documents import json_text
from calc.present.language import language
from tests.engine.test_properties import FIGURES, KINDS, YEAR, enterprises, value_of

RULES = packaged_rules()
HEAD = '[enterprise]\nname = "甲"\nclaim_year = 2026\n'
LINE = (
    '[[investment]]\nname = "线"\nyear = 2026\npurposes = ["capacity"]\n'
    'equipment = "{}"\ngreen_equipment = "{}"\nconstruction_months = {}\n'
)


def read(document: Document) -> Enterprise:
    return enterprise_from(document, RULES.vocabulary, RULES.item_ids).enterprise


def answer(enterprise: Enterprise) -> Estimate:
    return estimate(enterprise, RULES)


def scene(text: str, *, as_json: bool = False) -> Scene:
    document = parse_document("x", text, is_json=as_json)
    return Scene(document, answer(read(document)), read, answer)


def shown(answer: Estimate) -> str:
    return json_text(answer, language("zh"), is_pretty=True)


def literal(value: Any) -> str:
    """A value as a file or a command line would write it."""
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def with_remarks(content: dict[str, Any]) -> str:
    """The content as a person writes it: a table below the other, remarks between and behind the lines."""
    lines = ["# 头注", ""]
    for name, part in content.items():
        tables = part if isinstance(part, list) else [part]
        for table in tables:
            if name == "figures":
                for year, figures in table.items():
                    lines += [f"[figures.{year}]  # {year} 年", *pairs(figures), ""]
            else:
                heading = f"[[{name}]]" if isinstance(part, list) else f"[{name}]"
                lines += [f"# 下面是 {name}", heading, *pairs(table), ""]
    return "\n".join(lines)


def pairs(table: dict[str, Any]) -> Iterator[str]:
    for place, (key, value) in enumerate(table.items()):
        yield f"{key} = {literal(value)}" + ("   # 备注" if place % 2 else "")


@st.composite
def edits(draw: st.DrawFn, content: dict[str, Any]) -> tuple[str, Any]:
    """One change of a file's content, made by hand too: its PATH and its value."""
    tables = [name for name in RULES.vocabulary.tables if content.get(name)]
    where = draw(st.sampled_from(["enterprise", "fx", "figures", *tables]))
    if where == "enterprise":
        value: Any
        key, value = draw(
            st.sampled_from([("in_zone", False), ("in_zone", True), ("filing_date", "2026-05-01")])
            | st.lists(st.sampled_from(KINDS), max_size=3, unique=True).map(lambda kinds: ("kinds", kinds))
        )
        content["enterprise"][key] = value
        return f"enterprise.{key}", value
    if where == "fx":
        value = draw(st.sampled_from(["7.15", 7]))
        content.setdefault("fx", {})["usd_cny"] = value
        return "fx.usd_cny", value
    if where == "figures":
        year = draw(st.sampled_from([YEAR, YEAR - 1, YEAR - 2, YEAR - 3]))
        key, value = draw(FIGURES.filter(bool).map(lambda figures: next(iter(figures.items()))))
        content["figures"].setdefault(str(year), {})[key] = value
        return f"figures.{year}.{key}", value
    entry = draw(st.sampled_from(content[where]))
    field = draw(
        st.sampled_from(sorted(RULES.vocabulary.tables[where].fields.values(), key=lambda one: one.name))
    )
    value = draw(value_of(field))
    entry[field.name] = value
    return f"{where}:{entry['name']}.{field.name}", value


@given(enterprises(), st.data())
@settings(max_examples=150, deadline=None)
def test_a_what_if_equals_the_file_edited_by_hand(content: dict[str, Any], data: st.DataObject) -> None:
    here = scene(tomli_w.dumps(content))
    changes = []
    for _ in range(data.draw(st.integers(1, 3))):
        path, value = data.draw(edits(content))
        changes.append(Change(path, Written(literal(value))))
    try:
        wanted = shown(answer(read(parse_document("x", tomli_w.dumps(content), is_json=False))))
    except InputError:
        with pytest.raises(InputError):
            here.with_changes(changes)
    else:
        assert shown(here.with_changes(changes)) == wanted


@given(enterprises(), st.data())
@settings(max_examples=150, deadline=None)
def test_the_saved_file_gives_what_was_shown_and_keeps_the_rest(
    content: dict[str, Any], data: st.DataObject
) -> None:
    text = with_remarks(content)
    here = scene(text)
    path, value = data.draw(edits(content))
    document, made = here.changed([Change(path, Written(literal(value)))])
    try:
        after = here.answer(here.read(document))
    except InputError:
        return
    saved = saved_text(here.document, document, made, is_json=False).text
    assert shown(scene(saved).estimate) == shown(after)
    before, now = text.split("\n"), saved.split("\n")
    key = path.rpartition(".")[2]
    if made[0].before is not None:
        differing = [(one, other) for one, other in zip(before, now, strict=True) if one != other]
        assert len(differing) <= 1
        for one, other in differing:
            assert one.startswith(f"{key} = ")
            assert other.startswith(f"{key} = {literal(value)}")
            assert one.endswith("# 备注") == other.endswith("# 备注")
    else:
        kept = iter(now)
        assert all(line in kept for line in before)  # every line of the original, in its order
        assert f"{key} = {literal(value)}" in now
        assert len(now) - len(before) <= 3  # the line itself; for a new table its heading and an empty line
    as_json = saved_text(here.document, document, made, is_json=True).text
    assert shown(scene(as_json, as_json=True).estimate) == shown(after)


@given(enterprises(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_json_file_is_saved_as_either(content: dict[str, Any], data: st.DataObject) -> None:
    here = scene(json.dumps(content), as_json=True)
    path, value = data.draw(edits(content))
    document, made = here.changed([Change(path, Written(literal(value)))])
    try:
        after = here.answer(here.read(document))
    except InputError:
        return
    for is_json in (True, False):
        saved = saved_text(here.document, document, made, is_json=is_json).text
        assert shown(scene(saved, as_json=is_json).estimate) == shown(after)


UNUSUAL = """enterprise = { name = "甲", claim_year = 2026 } # 一行
figures.2025.revenue = "3亿"
figures.2024 = { revenue = 4 }
investment = [ { name = "线", year = 2026, purposes = [], equipment = 1_000.50 }, # 首
  { name = "乙", year = 2026, purposes = [] } ]
"""
SPLIT = """[[investment]]
name = "线"
year = 2026
purposes = ["capacity"]
equipment = 5
[figures]
2025.revenue = 5
[[investment]]
name = "乙"
year = 2026
purposes = []
[enterprise]
name = "甲"
claim_year = 2026
[kinds]
2026 = ["sme"]
[figures.2024]
revenue = 3
"""


@pytest.mark.parametrize("text", [UNUSUAL, SPLIT, SPLIT.replace("\n", "\r\n"), SPLIT.rstrip(), HEAD + LINE])
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("investment:线.equipment", "2_000"),
        ("investment:乙.equipment", "3.2亿"),
        ("investment:线.green_equipment", "0.00"),
        ("figures.2025.rd_expense", "5万"),
        ("figures.2024.rd_expense", "7.10"),
        ("figures.2023.revenue", "12.50"),
        ("enterprise.kinds", "sme,private"),
        ("enterprise.filing_date", "2026-06-15"),
        ("fx.usd_cny", "7.10"),
    ],
)  # fmt: skip
def test_every_layout_can_be_saved(text: str, path: str, value: str) -> None:
    text = text.format("3000万", "0", 12) if text.startswith(HEAD) else text
    here = scene(text)
    try:
        document, made = here.changed([Change(path, Written(value))])
    except InputError:
        assert "乙" in path
        return
    saved = saved_text(here.document, document, made, is_json=False).text
    assert shown(scene(saved).estimate) == shown(here.answer(here.read(document)))
    assert ("\r\n" in text) == ("\r\n" in saved)
    assert value.split(",", maxsplit=1)[0] in saved  # the number as it was typed


def test_lost_remarks_are_said() -> None:
    here = scene(UNUSUAL)
    lost = {}
    for path in ("figures.2023.revenue", "figures.2025.revenue"):
        document, made = here.changed([Change(path, Written("5"))])
        saved = saved_text(here.document, document, made, is_json=False)
        lost[path] = saved.loses_remarks
        assert saved.loses_remarks == ("# 首" not in saved.text)
    assert lost == {"figures.2023.revenue": True, "figures.2025.revenue": False}
    document, made = here.changed([Change("fx.usd_cny", Written("7"))])
    assert saved_text(here.document, document, made, is_json=True).loses_remarks


def test_what_is_saved_by_hand() -> None:
    text = (
        HEAD + "\n# 产线\n" + LINE.format("1亿", "1000万", 12).replace("12\n", "12   # 月\n") + "\n# 尾注\n"
    )
    here = scene(text)
    document, made = here.changed(
        [
            Change("investment:线.construction_months", Written("18")),
            Change("investment:线.levelling_cost", Written("20万")),
            Change("enterprise.in_zone", Written("true")),
        ]
    )
    assert saved_text(here.document, document, made, is_json=False).text == (
        HEAD
        + "in_zone = true\n\n# 产线\n"
        + LINE.format("1亿", "1000万", 12).replace("12\n", '18   # 月\nlevelling_cost = "20万"\n')
        + "\n# 尾注\n"
    )


@pytest.mark.parametrize(
    ("path", "typed", "leaf"),
    [
        ("enterprise.kinds", "sme", ["sme"]),
        ("enterprise.kinds", "sme,private", ["sme", "private"]),
        ("enterprise.kinds", "[sme, private]", ["sme", "private"]),
        ("enterprise.kinds", '["sme"]', ["sme"]),
        ("enterprise.kinds", "sme、private", ["sme", "private"]),
        ("enterprise.kinds", "[]", []),
        ("enterprise.in_zone", "false", False),
        ("enterprise.filing_date", "2026-03-01", date(2026, 3, 1)),
        ("enterprise.name", "2026", "2026"),
        ("investment:线.purposes", "capacity,chain", ["capacity", "chain"]),
        ("investment:线.equipment", "3亿", "3亿"),
        ("investment:线.equipment", "12.50", "12.50"),
    ],
)
def test_what_is_typed_means_what_its_key_holds(path: str, typed: str, leaf: Any) -> None:
    _, made = scene(HEAD + LINE.format(1, 0, 1)).changed([Change(path, Written(typed))])
    assert made[0].after == leaf


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("investment:线.equipmnt", "investment:线.equipment"),
        ("investment:线.设备购置额", "investment:线.equipment"),
        ("投资项目:线.equipment", "investment:线.equipment"),
        ("investmnt:线.equipment", "investment:线.equipment"),
        ("线.equipment", "investment:线.equipment"),
        ("revenue", "figures.2025.revenue"),
        ("figures.revenue", "figures.2025.revenue"),
        ("figures.2024.revenu", "figures.2024.revenue"),
        ("figures.2025.营业收入", "figures.2025.revenue"),
        ("usd_cny", "fx.usd_cny"),
        ("fx.usd", "fx.usd_cny"),
        ("kinds", "enterprise.kinds"),
        ("enterprise.企业类型", "enterprise.kinds"),
        ("enterprise.in_zon", "enterprise.in_zone"),
    ],
)
def test_a_misspelt_path_gets_the_one_that_was_meant(path: str, meant: str) -> None:
    here = scene(HEAD + LINE.format(1, 0, 1))
    with pytest.raises(InputError) as error:
        here.changed([Change(path, 1)])
    problem = error.value.problems[0]
    assert problem.code == "unknown_path"
    assert problem.nearest == meant


@pytest.mark.parametrize(
    "path", ["", ".", "x", "a.b.c", "investment:.equipment", "kinds.2026", "expect:x.amount"]
)
def test_a_path_of_nothing_lists_what_there_is(path: str) -> None:
    here = scene(HEAD + LINE.format(1, 0, 1))
    with pytest.raises(InputError) as error:
        here.changed([Change(path, 1)])
    assert "investment:线" in error.value.problems[0].details["allowed"] or error.value.problems[0].nearest


def test_differences_name_what_changes_and_nothing_else() -> None:
    # 2500万 of equipment, 2000万 of it green: 20% of 2000万 is 400万, more than 10% of 2500万.
    # At 5000万 the line pays 500万 and takes the place of the green part; the exhibition stays as it is.
    more = '[[exhibition]]\nname = "展"\nyear = 2026\nrole = "host"\nnationwide = true\ncost = 100\n'
    here = scene(HEAD + LINE.format("2500万", "2000万", 30) + more)
    after = here.with_changes(
        [Change("investment:线.construction_months", 24), Change("investment:线.equipment", "5000万")]
    )
    found = differences(here.estimate, after)
    assert [one.claim.item_id for one in found] == ["02-capacity", "19-retrofit"]
    capacity, retrofit = found
    assert capacity.before is not None and isinstance(capacity.before.outcome, Ineligible)
    assert capacity.after is not None and isinstance(capacity.after.outcome, Eligible)
    assert (capacity.before.granted, capacity.after.granted) == (0, 5_000_000)
    assert retrofit.before is not None and retrofit.after is not None
    assert (retrofit.before.granted, retrofit.after.granted) == (4_000_000, 0)
    assert retrofit.after.dropped is not None and retrofit.after.dropped.because == "subject"
    assert after.total - here.estimate.total == 1_000_000


def test_a_claim_that_comes_or_goes_is_a_difference() -> None:
    here = scene(HEAD)
    after = here.with_changes([Change("figures.2025.listing_fees", "5万")])
    found = differences(here.estimate, after)
    assert [(one.claim.item_id, one.before) for one in found] == [("27-listing", None)]
    assert [one.after for one in differences(after, here.estimate)] == [None]
    assert differences(after, after) == ()
