# ruff: noqa: E501 -- the words are data, denser than code
"""Documents to columns: nothing accepted that the strict loader refuses, nothing read differently."""

import contextlib
import tomllib
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.batch.intake.base import Intake
from calc.batch.intake.rows.documents import portfolio_of_documents
from calc.batch.portfolio import Numbers, Texts
from calc.enterprise.documents import Document, parse_document, read_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from calc.enterprise.vocabulary import Vocabulary, base_vocabulary, extend, read_vocabulary
from calc.policy.loader import load_rules
from tests.batch.intake.members import member_of, said_by
from tests.batch.intake.random_documents import BREAKINGS, right_document

ROOT = Path(__file__).parents[3]
VOCABULARY = base_vocabulary()
ITEMS = ("02-capacity", "02-chain", "18-aeo")


def strictly(
    content: dict[str, Any], vocabulary: Vocabulary, items: tuple[str, ...], claim_year: int | None
) -> Enterprise | None:
    document = Document("x", "", is_json=True, content=content)
    try:
        return enterprise_from(document, vocabulary, items, claim_year=claim_year).enterprise
    except InputError:
        return None


def hold_alike(
    contents: Sequence[dict[str, Any]],
    vocabulary: Vocabulary = VOCABULARY,
    items: tuple[str, ...] = ITEMS,
    claim_year: int | None = None,
) -> Intake:
    """Take documents in, every member held to the strict loader."""
    intake = portfolio_of_documents(contents, vocabulary, items, claim_year)
    assert intake.portfolio.size == len(intake.places) == len(intake.portfolio.names)
    assert sorted([*intake.places.tolist(), *intake.rest]) == list(range(len(contents)))
    for member, place in enumerate(intake.places.tolist()):
        enterprise = strictly(contents[place], vocabulary, items, claim_year)
        assert enterprise is not None, contents[place]
        assert member_of(intake.portfolio, member, vocabulary, items) == said_by(enterprise, vocabulary)
    return intake


@pytest.mark.parametrize("claim_year", [None, 2026])
def test_what_is_right_is_taken_in_as_the_strict_loader_reads_it(claim_year: int | None) -> None:
    random = Random(1)
    documents = [right_document(random, VOCABULARY, ITEMS) for _ in range(300)]
    assert all(strictly(one, VOCABULARY, ITEMS, claim_year) for one in documents)
    assert hold_alike(documents, claim_year=claim_year).rest == ()


@pytest.mark.parametrize("name", BREAKINGS)
def test_what_is_wrong_is_left_to_the_strict_loader_and_spoils_no_other(name: str) -> None:
    random = Random(name)
    documents = [right_document(random, VOCABULARY, ITEMS) for _ in range(6)]
    for broken in (1, 4):
        BREAKINGS[name](documents[broken])
        assert strictly(documents[broken], VOCABULARY, ITEMS, None) is None
    assert hold_alike(documents).rest == (1, 4)


def test_a_year_that_is_asked_for_need_not_stand_in_the_document() -> None:
    documents: list[dict[str, Any]] = [
        {"enterprise": {"name": "甲"}},
        {"enterprise": {"name": "乙", "claim_year": 1}},
    ]
    assert hold_alike(documents).rest == (0, 1)
    assert hold_alike(documents, claim_year=2027).rest == (1,)


def example_sets() -> dict[str, tuple[list[Path], list[str]]]:
    """Every example with the files of the rules it is written for."""
    folder = ROOT / "examples"
    own = [path for path in folder.glob("*.toml") if not path.stem.endswith("expected")]
    others = [*folder.glob("overlays/*_enterprise.toml"), *folder.glob("zones/*_enterprise.toml")]
    return {
        "own": (own, []),
        **{path.stem: ([path], [str(path).replace("_enterprise", "")]) for path in others},
    }


@pytest.mark.parametrize("name", example_sets())
def test_every_example_is_taken_in_under_its_rules(name: str) -> None:
    paths, sources = example_sets()[name]
    rules = load_rules(sources)
    documents = [read_document(str(path)).content for path in paths]
    assert len(hold_alike(documents, rules.vocabulary, rules.item_ids).places) == len(paths)


def test_every_mistake_of_the_examples_is_left_to_the_strict_loader() -> None:
    paths = sorted((ROOT / "examples" / "mistakes").glob("*.toml"))
    documents, names = [], []
    for path in paths:
        with contextlib.suppress(InputError):
            documents.append(read_document(str(path)).content)
            names.append(path.stem)
    assert len(documents) > 15
    assert [names[place] for place in hold_alike(documents).places] == ["unheld_subject"]  # only a warning


OWN_WORDS = read_vocabulary(
    tomllib.loads(
        """
[kinds]
chip_maker = { zh = "芯片", en = "chip maker" }
[figures]
power = { type = "area", zh = "电", en = "power" }
first_filed = { type = "date", zh = "日", en = "day" }
place = { type = "text", zh = "地", en = "place" }
rank = { type = "word", zh = "级", en = "rank", words = { a = { zh = "甲", en = "a" }, b = { zh = "乙", en = "b" } } }
uses = { type = "words", zh = "用", en = "uses", words = { c = { zh = "丙", en = "c" }, d = { zh = "丁", en = "d" } } }
[tables.tape_out]
zh = "流片"
en = "tape-out"
[tables.tape_out.fields]
mode = { type = "word", zh = "式", en = "mode", words = { full = { zh = "全", en = "full" }, part = { zh = "部", en = "part" } } }
mask = { type = "word", zh = "式", en = "mask", default_to = "mode", words = { part = { zh = "部", en = "part" }, full = { zh = "全", en = "full" } } }
fee = { type = "money", required = true, not_needed_for = { mode = ["part"] }, zh = "费", en = "fee" }
least = { type = "money", at_least = 5, zh = "低", en = "least" }
share = { type = "rate", default = "12.5%", zh = "份", en = "share" }
paid = { type = "money", default_to = "fee", zh = "付", en = "paid" }
own = { type = "money", part_of = "fee", zh = "自", en = "own" }
site = { type = "text", default_to = "name", zh = "处", en = "site" }
[tables.patent]
zh = "专利"
en = "patent"
dated = false
[tables.patent.fields]
weight = { type = "factor", at_least = 2, zh = "重", en = "weight" }
[tables.title.fields]
note = { type = "text", zh = "注", en = "note" }
"""
    )
)


def of_tape_out(**values: Any) -> dict[str, Any]:
    return {
        "enterprise": {"name": "甲", "claim_year": 2026, "kinds": ["chip_maker"]},
        "tape_out": [{"name": "x", "year": 2026, **values}],
    }


def test_words_that_a_rules_file_adds_are_read_as_well() -> None:
    vocabulary = extend(VOCABULARY, OWN_WORDS)
    random = Random(2)
    documents = [right_document(random, vocabulary, ITEMS) for _ in range(300)]
    right = [place for place, one in enumerate(documents) if _is_right(one, vocabulary)]
    assert len(right) > 200
    intake = hold_alike(documents, vocabulary)
    # A word that stands for another key's is left to the strict loader, where the two fields differ.
    doubtful = [
        place for place in right if any("mask" not in one for one in documents[place].get("tape_out", ()))
    ]
    assert set(right) - set(doubtful) == set(intake.places.tolist())


def _is_right(document: dict[str, Any], vocabulary: Vocabulary) -> bool:
    try:
        return strictly(document, vocabulary, ITEMS, None) is not None
    except KeyError:  # what stands for an absent key is absent too
        return False


@pytest.mark.parametrize(
    ("values", "is_taken"),
    [
        ({"fee": 1, "mask": "full"}, True),
        ({"mode": "part", "mask": "full", "paid": 1}, True),
        ({"mode": "part", "mask": "full"}, False),
        ({"mode": "full", "mask": "full", "paid": 1}, False),
        ({"fee": 1, "mode": "full"}, False),
        ({"fee": 5, "mask": "part", "own": 5, "least": 5}, True),
        ({"fee": 5, "mask": "part", "own": FloatText("5.01")}, False),
        ({"fee": 5, "mask": "part", "least": FloatText("4.99")}, False),
    ],
)
def test_what_stands_for_an_absent_key(values: dict[str, Any], is_taken: bool) -> None:
    vocabulary = extend(VOCABULARY, OWN_WORDS)
    assert bool(hold_alike([of_tape_out(**values)], vocabulary).places.size) is is_taken


def test_a_vocabulary_of_more_words_than_bits_is_left_to_the_strict_loader() -> None:
    more = {f"kind_{number}": {"zh": "类", "en": "kind"} for number in range(65)}
    vocabulary = extend(VOCABULARY, read_vocabulary({"kinds": more}))
    documents = [right_document(Random(3), VOCABULARY, ITEMS)] * 2
    intake = portfolio_of_documents(documents, vocabulary, ITEMS, None)
    assert (intake.portfolio.size, intake.places.size, intake.rest) == (0, 0, (0, 1))


def of_area(*areas: object) -> list[dict[str, Any]]:
    return [
        {
            "enterprise": {"name": "甲", "claim_year": 2026},
            "premises": [{"name": "楼", "year": 2026, "area_m2": area, "appraised_monthly_rent": 35}],
        }
        for area in areas
    ]


@pytest.mark.parametrize(
    ("areas", "scale", "rest"),
    [
        ((1200, "5.2万"), 1, ()),
        ((1200, FloatText("0.50")), 10, ()),
        ((FloatText("1.25"), "0.000000000001"), 10**12, ()),
        ((1, "0.0000000000001"), 1, (1,)),
        ((10**14, "0.0001"), 10**4, ()),
        ((10**14, "0.000001"), 10**6, (0,)),
        ((FloatText("461168.6018427387904"), 0), 1, (0,)),
        (("4611686.018427387903", "4611686.018427387905"), 10**12, (1,)),
    ],
)
def test_a_column_has_the_least_scale_that_holds_its_values(
    areas: tuple[object, ...], scale: int, rest: tuple[int, ...]
) -> None:
    intake = hold_alike(of_area(*areas))
    column = intake.portfolio.entries["premises"].fields["area_m2"]
    assert isinstance(column, Numbers)
    assert (column.scale, intake.rest) == (scale, rest)


def test_nothing_and_nobody() -> None:
    assert portfolio_of_documents([], VOCABULARY, ITEMS, None).portfolio.size == 0
    nobody = portfolio_of_documents([{}, {"enterprise": 5}], VOCABULARY, ITEMS, None)
    assert (nobody.portfolio.size, nobody.rest) == (0, (0, 1))
    assert not nobody.portfolio.entries


def test_what_nobody_gives_has_no_column() -> None:
    document = {
        "enterprise": {"name": "甲", "claim_year": 2026},
        "figures": {"2025": {"revenue": 5}, "2019": {"rd_expense": 5}, "2023": {"trainees": 1}},
        "loan": [
            {"name": "贷", "purpose": "investment", "kind": "credit", "start": "2026-01-31", "months": 12}
        ],
        "title": [],
    }
    portfolio = hold_alike([document]).portfolio
    assert list(portfolio.figures) == [("revenue", 1)]
    assert list(portfolio.entries) == ["loan"]
    assert set(portfolio.entries["loan"].fields) == {"purpose", "kind", "start", "months", "project"}
    project = portfolio.entries["loan"].fields["project"]
    assert isinstance(project, Texts)
    assert project.texts.to_pylist() == ["贷"]


def test_exact_values() -> None:
    text = '{"enterprise": {"name": "甲", "claim_year": 2026}, "figures": {"2025": {"revenue": 0.1}}}'
    document = parse_document("x", text, is_json=True).content
    revenue = portfolio_of_documents([document], VOCABULARY, ITEMS, None).portfolio.figures["revenue", 1]
    assert isinstance(revenue, Numbers)
    assert Fraction(int(revenue.units[0]), revenue.scale) == Fraction(1, 10)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**15 - 1, 10**15, 2**63, 2026, -1, 0, 1]),
    st.text(max_size=3),
    st.sampled_from(
        ["1万", "3.5%", "2026-02-29", "sme", "capacity", "other", "*", "loan:x", "18-aeo", "甲", " "]
    ),
    st.sampled_from(["1.005", "nan", "-0", "1e400", "0.5", "1e-13", "100.0"]).map(FloatText),
    st.dates(),
    st.datetimes(),
    st.lists(st.sampled_from(["sme", "sme", 5, None, "capacity"]), max_size=3),
    st.dictionaries(st.sampled_from(["name", "year", "2025", "revenue"]), st.integers(), max_size=2),
)


def spoilt(random: Random, node: Any, junk: Any) -> None:
    """Put junk somewhere into a document, or take something away, or double it."""
    while isinstance(node, dict | list) and node:
        key = random.choice([*node] if isinstance(node, dict) else range(len(node)))
        inner = node[key]
        if isinstance(inner, dict | list) and inner and random.random() < 0.8:
            node = inner
            continue
        match random.random():
            case chance if chance < 0.7:
                node[key] = junk
            case chance if chance < 0.85 or isinstance(node, dict):
                del node[key]
            case _:
                node.append(inner)
        return


@given(st.randoms(use_true_random=False), JUNK)
def test_whatever_is_spoilt_nothing_is_accepted_that_the_strict_loader_refuses(
    random: Random, junk: Any
) -> None:
    documents = [right_document(random, VOCABULARY, ITEMS) for _ in range(3)]
    spoilt(random, documents[1], junk)
    assert set(hold_alike(documents).rest) <= {1}


PARTS = st.sampled_from(["enterprise", "kinds", "fx", "figures", "title", "agreement", "received", "x"])
NODES = st.recursive(
    JUNK,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "year", "2025", "kinds", "kind", "item"]), inner, max_size=4
        )
    ),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(PARTS, NODES, max_size=4), max_size=4))
def test_nothing_makes_a_traceback(documents: list[dict[str, Any]]) -> None:
    hold_alike(documents)


def test_the_last_of_as_many_kinds_as_there_are_bits() -> None:
    lacking = 64 - len(VOCABULARY.kinds)
    more = {f"kind_{number}": {"zh": "类", "en": "kind"} for number in range(lacking)}
    vocabulary = extend(VOCABULARY, read_vocabulary({"kinds": more}))
    last = f"kind_{lacking - 1}"
    document = {"enterprise": {"name": "甲", "claim_year": 2026, "kinds": [last, last]}}
    assert hold_alike([document], vocabulary).portfolio.kinds.tolist() == [1 << 63]
