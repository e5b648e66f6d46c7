"""Portfolios put one after the other are what all their enterprises together are."""

from operator import itemgetter
from random import Random
from typing import Any

import pytest

from calc.batch.answers import Question
from calc.batch.fast import answer_at_once
from calc.batch.intake.rows.documents import portfolio_of_documents
from calc.batch.joining import can_join, joined
from calc.enterprise.numbers import FloatText
from calc.policy.loader import packaged_rules
from tests.batch.intake.members import member_of
from tests.batch.intake.random_documents import right_document

RULES = packaged_rules()
WORDS = (RULES.vocabulary, RULES.item_ids)


def in_any_order(member: dict[str, Any]) -> dict[str, Any]:
    """Tables may come in any order; the entries of each may not."""
    return {**member, "entries": sorted(member["entries"], key=itemgetter(0))}


@pytest.mark.parametrize("sizes", [(1, 1), (40, 0, 3), (7, 1, 20, 5)])
def test_every_enterprise_is_the_same(sizes: tuple[int, ...]) -> None:
    random = Random(str(sizes))
    parts = [[right_document(random, *WORDS) for _ in range(size)] for size in sizes]
    portfolios = [portfolio_of_documents(part, *WORDS, None).portfolio for part in parts]
    whole = portfolio_of_documents([one for part in parts for one in part], *WORDS, None)
    together = joined(portfolios)
    assert together.size == whole.portfolio.size == sum(sizes)
    for member in range(together.size):
        assert in_any_order(member_of(together, member, *WORDS)) == in_any_order(
            member_of(whole.portfolio, member, *WORDS)
        )


def test_more_documents_than_are_read_at_once_are_answered_in_order() -> None:
    random = Random(3)
    documents = [right_document(random, *WORDS) for _ in range(40)] * 30
    documents[700] = {"enterprise": {"name": "甲"}}
    found = portfolio_of_documents(documents, *WORDS, None)
    assert found.rest == (700,)
    names = [str(one["enterprise"]["name"]) for place, one in enumerate(documents) if place != 700]
    assert found.portfolio.names.to_pylist() == names
    totals = answer_at_once(found, Question(RULES)).table["total"].to_pylist()
    assert totals[:40] == totals[40:80] == totals[-40:]


def rate(text: str) -> dict[str, object]:
    return {"enterprise": {"name": "甲", "claim_year": 2026}, "fx": {"usd_cny": FloatText(text)}}


def test_numbers_that_would_not_fit_at_one_scale_are_told() -> None:
    parts = [[rate("900000000000000")], [rate("7.123456789012")]]
    portfolios = [portfolio_of_documents(part, *WORDS, None).portfolio for part in parts]
    assert [one.fx["usd_cny"].scale for one in portfolios] == [1, 10**12]
    assert not can_join(portfolios)
    many = [*parts[0] * 600, *parts[1]]
    found = portfolio_of_documents(many, *WORDS, None)
    assert found.portfolio.size + len(found.rest) == len(many)
    assert found.rest
