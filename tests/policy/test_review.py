# ruff: noqa: E501 -- the lists are data, denser than code
"""What is legal but odd in an overlay is told where it stands; what overlays change, as values."""

import pytest

from calc.enterprise.documents import Document, parse_document
from calc.policy.citations import uncited
from calc.policy.differences import Differences, find_differences
from calc.policy.loader import base_text, packaged_rules, rules_from
from calc.policy.review import review

BASE = parse_document("measures.toml", base_text(), is_json=False)
HEAD = '[overlay]\nsource = "细则"\nissued = 2026-01-01\n'


def documents(*texts: str) -> list[Document]:
    return [BASE, *(parse_document(f"{n}.toml", text, is_json=False) for n, text in enumerate(texts, 1))]


def warnings(*texts: str) -> list[tuple[str, str, int]]:
    layers = documents(*texts)
    found = review(packaged_rules(), rules_from(layers), layers)
    assert all(one.is_warning for one in found)
    return [(one.code, ".".join(map(str, one.path)), one.place.line if one.place else 0) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[items.02-capacity]\ncap = "2500万"', ("number_not_cited", "items.02-capacity.cap", 5)),
        ('[items.02-capacity]\ncites = ["最高2,000万元"]\ncap = "2000万"', None),
        ('[items.02-capacity]\ncites = ["设备购置额 2000 万元以上", "建设期不超过两年"]\nconditions = [{ field = "equipment", at_least = "2000万" }, { field = "construction_months", at_most = 36 }]', ("number_not_cited", "items.02-capacity.conditions", 6)),
        ('[items.02-capacity]\ncites = ["最高 4000 万元"]\ncap = "4000万"', ("cap_above_base", "items.02-capacity.cap", 6)),
        ('[items.02-capacity]\ncap = "3000万"', ("changes_nothing", "", 0)),
        ('[items.02-capacity]\nremove = ["cap"]', ("cap_removed", "items.02-capacity.remove", 5)),
        ('[items.10-incubator-provincial]\ncites = ["最高 31 万元"]\ncap = "31万"', ("cap_never_reached", "items.10-incubator-provincial.cap", 6)),
        ('[items.10-incubator-provincial]\ncap = "30万"', None),
        # in stages a cap holds over several sums: 30万 now, 1万 later
        ('[items.10-incubator-provincial]\ncites = ["最高 31 万元"]\ncap = "31万"\npays = "stages"', None),
        # by the words of its claim, its own conditions, its days
        ('[items.10-incubator-provincial]\nconditions = [{ field = "level", one_of = ["national", "municipal"] }]', ("never_claimed", "items.10-incubator-provincial.conditions.0", 5)),
        ('[items.10-incubator-provincial]\nconditions = [{ field = "level", one_of = ["national", "provincial"] }]', None),
        ('[items.02-capacity]\ncites = ["2000 万元以上", "1999.99万"]\nconditions = [{ field = "equipment", at_least = "2000万" }, { field = "equipment", at_most = "1999.99万" }]', ("never_claimed", "items.02-capacity.conditions.1", 6)),
        ('[items.02-capacity]\ncites = ["2000 万元以上"]\nconditions = [{ field = "equipment", at_least = "2000万" }, { field = "equipment", at_most = "2000万" }]', None),
        ('[items.02-capacity]\ncites = ["2000 万元以上"]\nconditions = [{ field = "equipment", more_than = "2000万" }, { field = "equipment", at_most = "2000万" }]', ("never_claimed", "items.02-capacity.conditions.1", 6)),
        ('[items.25-technology-loan]\nconditions = [{ all_of = [{ field = "start", not_before = 2026-02-01 }, { field = "start", not_after = 2026-01-31 }] }]', ("never_claimed", "items.25-technology-loan.conditions.0", 5)),
        ('[items.25-technology-loan]\nconditions = [{ any_of = [{ field = "start", not_before = 2026-02-01 }, { field = "start", not_after = 2026-01-31 }] }]', None),
        ('[vocabulary.kinds]\nrobot_maker = { zh = "机器人企业", en = "robot maker" }', ("word_unused", "vocabulary.kinds.robot_maker", 5)),
        ('[vocabulary.figures]\nstaff = { type = "count", zh = "职工", en = "staff" }\n[items.05-rd-growth]\nconditions = [{ field = "last_year.staff", at_least = 10 }]\ncites = ["职工 10 人以上"]', None),
        ('[vocabulary.figures]\nstaff = { type = "count", zh = "职工", en = "staff" }', ("word_unused", "vocabulary.figures.staff", 5)),
    ],
)  # fmt: skip
def test_what_is_odd_is_told_where_it_stands(text: str, found: tuple[str, str, int] | None) -> None:
    assert warnings(HEAD + text) == ([found] if found else [])


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ("valid_to = 2025-04-07", [("outside_policy", "overlay.valid_to", 4)]),
        ("valid_to = 2025-04-08", []),
        ("valid_from = 2028-01-01", [("outside_policy", "overlay.valid_from", 4)]),
        ("valid_from = 2027-12-31", []),
        ("valid_to = 2028-01-01", [("beyond_policy", "overlay.valid_to", 4)]),
        ("valid_from = 2025-01-01", [("beyond_policy", "overlay.valid_from", 4)]),
    ],
)
def test_days_outside_the_policy_are_odd(days: str, found: list[tuple[str, str, int]]) -> None:
    assert warnings(f"{HEAD}{days}\n[items.16-exhibition-booth]\nclosed = true") == found


def test_a_heading_says_where_it_comes_from() -> None:
    closed = "[items.16-exhibition-booth]\nclosed = true"
    assert [code for code, _, _ in warnings(closed)] == ["no_source", "no_issued"]


def test_an_overlay_that_another_one_needs_changes_something() -> None:
    first = HEAD + '[vocabulary.kinds]\nx = { zh = "x", en = "x" }'
    second = HEAD + '[items.11-startup]\nclaim = { kinds = ["x"] }'
    assert warnings(first, second) == []


def test_nothing_is_odd_about_the_packaged_rules() -> None:
    assert review(packaged_rules(), packaged_rules(), [BASE]) == ()
    assert all(
        not uncited(item, key) for item in packaged_rules().items.values() for key in ("award", "conditions")
    )


def differences(*texts: str) -> Differences:
    return find_differences(packaged_rules(), rules_from(documents(*texts)))


def test_differences_are_told_by_year() -> None:
    found = differences(
        "[overlay]\nvalid_to = 2026-01-01\n[items.02-capacity]\ncap = 5\n[items.16-exhibition-booth]\nclosed = true",
        "[overlay]\nvalid_from = 2026-12-31\n[measures]\n40 = { zh = 'x', en = 'y' }\n"
        "[[exclusive]]\nitems = ['02-capacity', '02-chain']",
    )
    told = [
        (one.years, [(item.name, item.what) for item in one.items], one.exclusive) for one in found.periods
    ]
    group = ("02-capacity", "02-chain")
    changed = [("02-capacity", "changed"), ("16-exhibition-booth", "closed")]
    assert [(years, items, tuple(one.items for one in new)) for years, items, (_, new) in told] == [
        ((2025,), changed, ()),
        ((2026,), changed, (group,)),
        ((2027,), [], (group,)),
    ]
    assert found.measures == (40,)


def test_new_words_are_told() -> None:
    found = differences(
        '[vocabulary.tables.investment.fields]\nrobots = { type = "count", zh = "台", en = "robots" }\n'
        '[vocabulary.tables.plant]\nzh = "电站"\nen = "plant"'
    )
    assert found.words.tables == {"investment": ("robots",), "plant": ()}
    assert not found.is_empty
    assert differences("[overlay]\nsource = 'x'").is_empty
