# ruff: noqa: E501 -- the lists are data, denser than code
"""What an interview asks next: only what kinds and earlier answers make relevant, and all of that."""

from datetime import date
from typing import Any

import pytest

from calc.engine.answers import Question, State, answered, leaf_of
from calc.engine.claims import Facts, find_claims
from calc.engine.estimate import estimate
from calc.engine.interview import Interview
from calc.engine.outcomes import NeedsInput
from calc.enterprise.documents import Document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.vocabulary import Field, Label
from calc.policy.loader import packaged_rules
from calc.policy.rules import Rules
from calc.present.authoring.samples import Samples
from calc.present.language import language
from tests.present.test_template import ODD, ZONE

BASE = packaged_rules()
INTERVIEW = Interview(BASE, BASE.item_ids, 2026)
NOT_KNOWN = None


def begun(*kinds: str, **enterprise: Any) -> State:
    known = {"name": "甲", "claim_year": 2026, "in_zone": True, "kinds": list(kinds), **enterprise}
    return State({"enterprise": known}, frozenset({"enterprise.uscc"}))


def following(state: State, *answers: Any, interview: Interview = INTERVIEW) -> tuple[State, list[str]]:
    """The state after answering with these in turn, and the questions that were asked."""
    asked = []
    for answer in answers:
        question = interview.next_question(state)
        assert question is not None
        asked.append(question.mark)
        state = answered(state, question, answer)
    return state, asked


def next_mark(state: State, interview: Interview = INTERVIEW) -> str | None:
    question = interview.next_question(state)
    return None if question is None else question.mark


def test_it_begins_with_the_enterprise_and_its_kinds() -> None:
    state, asked = following(State({}), "甲", NOT_KNOWN, 2026, True, ["bank"])
    assert asked == [f"enterprise.{key}" for key in ("name", "uscc", "claim_year", "in_zone", "kinds")]
    assert state.content == {
        "enterprise": {"name": "甲", "claim_year": 2026, "in_zone": True, "kinds": ["bank"]}
    }
    assert state.settled == {"enterprise.uscc"}


def tables(state: State, interview: Interview = INTERVIEW) -> tuple[str, ...]:
    question = interview.next_question(state)
    assert question is not None
    assert question.kind == "tables"
    return question.choices


def test_kinds_decide_which_tables_are_asked_for() -> None:
    """Only banks and guarantee companies have bad loans that count, only platforms digital projects."""
    assert "bad_loan" in tables(begun("bank"))
    assert "bad_loan" not in tables(begun("manufacturing"))
    assert "digital_project" in tables(begun("digital_platform"))
    assert "digital_project" not in tables(begun("bank"))
    assert "investment" in tables(begun())


def test_outside_the_zone_only_open_tables_are_asked_for() -> None:
    """11-contest, 16-exhibition-host and 26-risk-compensation are open outside the zone."""
    outside = begun("bank", in_zone=False)
    assert tables(outside) == ("contest", "exhibition", "bad_loan", "agreement", "received", "expect")


def test_an_item_asks_only_for_what_it_needs() -> None:
    interview = Interview(BASE, ("02-capacity",), 2026)
    state = State(
        {"enterprise": {"name": "甲", "claim_year": 2026, "in_zone": True}}, frozenset({"enterprise.uscc"})
    )
    assert tables(state, interview) == ("investment", "agreement", "received", "expect")
    state, asked = following(
        state, ["investment"], "二期", 2026, ["capacity"], "2600万", 20, False, interview=interview
    )
    assert [mark.rpartition(".")[2] for mark in asked] == [
        "tables", "name", "year", "purposes", "equipment", "construction_months", "more",
    ]  # fmt: skip
    assert next_mark(state, interview) is None


def keys_asked(table: str, **answers: Any) -> list[str]:
    """The keys of one entry that are asked for, given answers for some and none for the others."""
    state, _ = following(begun("high_tech", "sme"), [table])
    asked = []
    while (question := INTERVIEW.next_question(state)) is not None and question.path[0] == table:
        if question.kind == "more":
            break
        key = str(question.path[-1])
        asked.append(key)
        answer = {"name": "甲", "year": 2026, **answers}.get(key)
        state = answered(state, question, answer)
    return asked


@pytest.mark.parametrize(
    ("table", "answers", "asked"),
    [
        # a loan for neither investment nor of a kind that counts needs no sums
        ("loan", {"purpose": "technology", "kind": "other", "start": date(2026, 1, 1), "months": 6},
         ["name", "purpose", "kind", "start", "months"]),
        ("loan", {"purpose": "technology", "kind": "credit", "start": date(2026, 1, 1), "months": 6},
         ["name", "purpose", "kind", "principal", "annual_rate", "start", "months"]),
        ("loan", {"purpose": "investment", "kind": "other", "start": date(2026, 1, 1), "months": 6},
         ["name", "purpose", "kind", "principal", "annual_rate", "start", "months", "project"]),
        # only what a chain investment reads
        ("investment", {"purposes": ["chain"]},
         ["name", "year", "purposes", "equipment", "fixed_assets", "construction_months", "green_equipment",
          "levelling_cost", "hookup_cost"]),
        ("investment", {"purposes": ["capacity"]},
         ["name", "year", "purposes", "equipment", "construction_months", "green_equipment", "levelling_cost",
          "hookup_cost"]),
        # AEO has no level, and a fixed sum needs no matching award
        ("title", {"kind": "aeo_advanced"}, ["name", "year", "kind"]),
        ("title", {"kind": "park", "level": "provincial"}, ["name", "year", "kind", "level", "matching_award"]),
        ("title", {"kind": "park", "level": "municipal"}, ["name", "year", "kind", "level"]),
        ("title", {"kind": "incubator", "level": "provincial"}, ["name", "year", "kind", "level"]),
        # no safeguard premises, no claim
        ("premises", {"safeguard": False}, ["name", "year", "safeguard"]),
        ("premises", {"safeguard": None}, ["name", "year", "safeguard"]),
        ("premises", {"safeguard": True},
         ["name", "year", "safeguard", "area_m2", "appraised_monthly_rent", "months"]),
        # an R&D project without a scope and without an honour is no claim
        ("rd_project", {}, ["name", "year", "scenario_honour", "scope"]),
        ("rd_project", {"scope": "other"}, ["name", "year", "scenario_honour", "scope", "spend", "partner"]),
        ("rd_project", {"scenario_honour": "national"}, ["name", "year", "scenario_honour", "scope", "spend"]),
        # what only describes its entry is asked for too
        ("certificate", {}, ["name", "year", "kind"]),
        ("contest", {"level": "municipal"}, ["name", "year", "level"]),
        ("contest", {"level": "national"}, ["name", "year", "level", "prize"]),
    ],
)  # fmt: skip
def test_an_entry_is_asked_for_what_its_words_leave_open(
    table: str, answers: dict[str, Any], asked: list[str]
) -> None:
    assert keys_asked(table, **answers) == asked


def test_figures_are_asked_for_where_their_item_is_triggered() -> None:
    """R&D expense makes the claim; only then revenue and the year before matter."""
    state, _ = following(begun("high_tech"), [])
    question = INTERVIEW.next_question(state)
    assert question is not None
    assert (question.mark, question.kind) == ("figures.2025", "figures")
    assert "rd_expense" in question.choices
    assert "trade_target_met" in question.flags
    assert "revenue" not in question.choices
    without = answered(state, question, [])
    assert next_mark(without) is None
    state = answered(state, question, ["rd_expense", "trade_target_met"])
    assert state.content["figures"] == {"2025": {"trade_target_met": True}}
    state, asked = following(state, "1200万", "3.2亿", "1000万", True)
    assert asked == [
        "figures.2025.rd_expense", "figures.2025.revenue", "figures.2024.rd_expense", "figures.2024.trade_target_met",
    ]  # fmt: skip
    assert next_mark(state) is None


def test_a_rate_of_exchange_is_asked_for_where_there_is_foreign_capital() -> None:
    state, asked = following(begun(), [], ["fdi_usd"], "300万美元", "7.1")
    assert asked[2:] == ["figures.2025.fdi_usd", "fx.usd_cny"]
    assert next_mark(state) is None


def test_another_entry_begins_anew() -> None:
    state, asked = following(
        begun(), ["certificate"], "一", 2026, NOT_KNOWN, True, "二", 2026, NOT_KNOWN, False
    )
    assert asked[1:] == [
        "certificate.0.name", "certificate.0.year", "certificate.0.kind", "certificate.more",
        "certificate.1.name", "certificate.1.year", "certificate.1.kind", "certificate.more",
    ]  # fmt: skip
    assert state.content["certificate"] == [{"name": "一", "year": 2026}, {"name": "二", "year": 2026}]


def test_an_agreement_covers_what_the_file_holds() -> None:
    state, _ = following(
        begun(),
        ["certificate", "agreement"],
        "一",
        2026,
        NOT_KNOWN,
        False,
        [],
        "协议",
        None,
        date(2026, 9, 30),
    )
    question = INTERVIEW.next_question(state)
    assert question is not None
    assert question.mark == "agreement.0.covers"
    assert question.choices[:2] == ("*", "certificate:一")
    assert "02-capacity" in question.choices
    state, asked = following(state, ["*"], False, date(2026, 6, 15))
    assert asked[-1] == "enterprise.filing_date"  # only an agreement makes it matter
    assert next_mark(state) is None


def test_what_was_received_is_proposed_for_the_year_before_and_what_is_expected_for_the_claim_year() -> None:
    for table, year in (("received", 2025), ("expect", 2026)):
        state, _ = following(begun(), [table], [], "18-aeo")
        question = INTERVIEW.next_question(state)
        assert question is not None
        assert (question.mark, question.default) == (f"{table}.0.year", year)


def test_what_is_known_is_not_asked_again_and_nothing_is_changed_in_place() -> None:
    state = begun("bank")
    question = INTERVIEW.next_question(state)
    assert question is not None
    answered(state, question, ["bad_loan"])
    assert state == begun("bank")
    known = State(
        {**state.content, "bad_loan": [{"name": "坏账", "year": 2026, "total": "500万"}]}, state.settled
    )
    assert "bad_loan" not in tables(known)
    state, _ = following(known, [])
    assert next_mark(state) == "bad_loan.0.loss_share"


def sample_answer(question: Question, samples: Samples) -> Any:
    """An answer that says as much as can be said."""
    match question:
        case Question(kind="tables" | "figures"):
            return list(question.choices)
        case Question(kind="more"):
            return False
        case Question(path=("enterprise", "uscc")):
            return None
        case Question(path=("enterprise", "in_zone")):
            return True
        case Question(path=("enterprise", "kinds")):
            return list(question.choices)
        case Question(path=("agreement", _, "covers")):
            return []
        case Question(default=int() as default):
            return default
        case Question(field=Field(type="text")):
            return "甲"
        case Question(field=Field() as field):
            return samples.of_field(field)
        case _:
            raise AssertionError(question)


@pytest.mark.parametrize("rules", [BASE, ZONE, ODD], ids=["base", "zone", "odd"])
def test_an_interview_answered_in_full_ends_and_leaves_no_claim_without_its_figures(rules: Rules) -> None:
    interview = Interview(rules, rules.item_ids, 2026)
    state = State({})
    for _ in range(400):
        question = interview.next_question(state)
        if question is None:
            break
        samples = Samples(interview.scope(state), 2026, language("zh"))
        state = answered(state, question, sample_answer(question, samples))
    assert interview.next_question(state) is None
    document = Document("x", "", is_json=False, content=dict(state.content))
    enterprise = enterprise_from(document, rules.vocabulary, rules.item_ids).enterprise
    outcomes = estimate(enterprise, rules).outcomes
    assert outcomes
    assert [one.claim.item_id for one in outcomes if isinstance(one, NeedsInput)] == []
    assert list(find_claims(Facts(enterprise, rules.vocabulary, 2026), rules))


def field(field_type: Any) -> Field:
    return Field("x", field_type, Label("甲", "x"))


@pytest.mark.parametrize(
    ("text", "field_type", "leaf"),
    [
        (" 2600万 ", "money", "2600万"), ('"2600万"', "money", "2600万"), ("“2600万”", "money", "2600万"), ("12.50", "money", "12.50"),
        ("24", "count", 24), ("２４", "count", 24), ("24.5", "count", "24.5"), ("9" * 17, "count", "9" * 17), ("-1", "count", "-1"),
        ("2026-03-01", "date", date(2026, 3, 1)), ("２０２６-03-01", "date", date(2026, 3, 1)), ("2026-02-30", "date", "2026-02-30"),
        ("二期“产线”", "text", "二期“产线”"), ('"', "text", '"'), ("", "text", ""), ("3.5％", "rate", "3.5％"),
    ],
)  # fmt: skip
def test_what_is_typed_stands_in_the_file_as_it_was_written(text: str, field_type: str, leaf: Any) -> None:
    found = leaf_of(text, field(field_type))
    assert found == leaf
    assert type(found) is type(leaf)
