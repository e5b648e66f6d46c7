"""Rules and figures at which columns once answered, or might answer, otherwise than the single engine."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from calc.batch.answers import Question
from calc.batch.columns.answer import answer
from calc.batch.columns.claims import NotColumnarError
from calc.batch.fast import answer_at_once
from calc.batch.intake.rows.documents import portfolio_of_documents
from calc.engine.estimate import Estimate, estimate
from calc.engine.outcomes import NeedsInput
from calc.enterprise.documents import Document
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import rules_from
from calc.policy.rules import Rules
from tests.batch.columns.parity import hold_alike
from tests.batch.columns.random_forms import Content
from tests.batch.columns.random_rules import OWN_WORDS, item_of, policy_of, rules_document

LEASE = {"entry": "lease", "running": {"start": "start", "months": "months", "together_by": "project"}}
A_LEASE = {"name": "甲", "start": date(2026, 1, 1), "months": 12, "project": "甲"}


def rules_of(words: Content = OWN_WORDS, groups: Content | None = None, **items: Content) -> Rules:
    return rules_from([rules_document({**policy_of(items, words), **(groups or {})})])


def enterprise_with(**tables: Any) -> Content:
    return {"enterprise": {"name": "某公司", "claim_year": 2026}, **tables}


def answer_alone(content: Content, rules: Rules) -> Estimate:
    document = Document("x", "", is_json=True, content=content)
    return estimate(enterprise_from(document, rules.vocabulary, rules.item_ids).enterprise, rules)


def test_what_runs_over_months_on_dated_entries_is_left_to_the_single_engine() -> None:
    words = deepcopy(OWN_WORDS)
    words["tables"]["lease"]["dated"] = True
    claim = {"entry": "lease", "running": {"start": "start", "months": "months"}}
    rules = rules_of(words, a=item_of(1, claim, award={"rate": "10%", "of": ["rent"]}, grade="stated"))
    # Of one name in two years: one subject, of which one claim is paid, the larger.
    leases = [{**A_LEASE, "year": year, "rent": rent} for year, rent in ((2025, 1000), (2026, 3000))]
    content = enterprise_with(lease=leases)
    taken = portfolio_of_documents([content], rules.vocabulary, rules.item_ids, None)
    with pytest.raises(NotColumnarError):
        list(answer(taken.portfolio, Question(rules)))
    assert answer_at_once(taken, Question(rules)).rest == (0,)
    assert answer_alone(content, rules).total == 300


def test_a_rate_on_a_base_that_columns_cannot_hold_is_left_to_the_single_engine() -> None:
    claim = {"entry": "plan"}
    rates = {"award": {"sum": [{"rate": "10%", "of": ["cost"]}]}, "cap": 1000, "base": "cost"}
    rules = rules_of(
        a=item_of(1, claim, grade="stated", **rates), b=item_of(2, claim, grade="stated", **rates)
    )
    costs = [10**6] * 6 + [10**15 - 1] * 6
    documents = [enterprise_with(plan=[{"name": "甲", "year": 2026, "cost": cost}]) for cost in costs]
    counts = hold_alike(documents, Question(rules, "expense"))
    assert counts["unfit"] == 6
    assert counts["claims"] == 12


def test_a_part_that_its_cap_cuts_pays_a_base_at_its_average() -> None:
    # 12.345% of 100000 is the cap too: no flat ratio for all that, but 12.34% on average.
    part = {"award": {"rate": "12.345%", "of": ["fee"]}, "cap": 12_345}
    claim = {"entry": "plan"}
    rules = rules_of(
        a=item_of(1, claim, grade="stated", award={"parts": [part]}, base="cost"),
        b=item_of(2, claim, grade="stated", award={"rate": "20%", "of": ["cost"]}, base="cost", cap=10_000),
    )
    plan = {"name": "甲", "year": 2026, "cost": 100_000}
    documents = [enterprise_with(plan=[{**plan, "fee": fee}]) for fee in (200_000, 100_000, 99_999)] * 3
    assert hold_alike(documents, Question(rules, "expense"))["unfit"] == 0


def test_a_missing_part_of_a_growing_sum_is_asked_for() -> None:
    condition = {"at_least": {"growth": "10%", "over": "last_year.sales"}, "field": "rent", "together": True}
    rules = rules_of(a=item_of(1, LEASE, grade="stated", award={"fixed": 100}, conditions=[condition]))
    figures = {"2025": {"sales": 0}}
    leases = [{**A_LEASE, "rent": 0}, {**A_LEASE, "name": "乙"}]
    documents = [
        enterprise_with(figures=figures, lease=leases),
        enterprise_with(figures=figures, lease=leases[:1]),
        enterprise_with(figures=figures, lease=[leases[1], {**A_LEASE, "rent": 1}]),
    ]
    hold_alike(documents, Question(rules))
    answers = [answer_alone(one, rules) for one in documents]
    assert [one.total for one in answers] == [0, 0, 200]
    asked = [one for one in answers[0].outcomes if isinstance(one, NeedsInput)]
    assert [[each.path for each in one.missing] for one in asked] == [["lease:乙.rent"]] * 2


def test_no_agreement_covers_a_whole_without_a_name() -> None:
    words = deepcopy(OWN_WORDS)
    del words["tables"]["lease"]["fields"]["project"]["default_to"]
    rules = rules_of(words, a=item_of(1, LEASE, grade="stated", award={"fixed": 100}))
    agreement = {"name": "协议", "until": date(2026, 12, 31), "covers": ["plan:None", "plan:甲"]}
    nameless = {key: value for key, value in A_LEASE.items() if key != "project"}
    documents = [enterprise_with(lease=[one], agreement=[agreement]) for one in (nameless, A_LEASE)]
    hold_alike(documents, Question(rules))
    assert [answer_alone(one, rules).total for one in documents] == [100, 0]


def test_a_shared_cap_that_is_a_share_alone_keeps_enterprises_in_the_columns() -> None:
    claim, award = {"entry": "plan"}, {"rate": "33.3%", "of": ["cost"]}
    shared = {"items": ["a", "b"], "share": {"ratio": "33.3%", "of": "last_year.sales"}}
    rules = rules_of(
        groups={"shared_caps": [shared]},
        a=item_of(1, claim, grade="stated", award=award),
        b=item_of(2, claim, grade="stated", award=award),
    )
    document = enterprise_with(
        figures={"2025": {"sales": "1000.01"}},
        plan=[{"name": name, "year": 2026, "cost": 2000} for name in ("甲", "乙")],
    )
    assert hold_alike([document] * 6, Question(rules))["unfit"] == 0
    # 33.3% of 1000.01 is 333.00333.
    assert answer_alone(document, rules).total == 333
