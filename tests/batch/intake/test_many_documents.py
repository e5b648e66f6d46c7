"""Each of many documents is read as it is alone, however many are taken apart together."""

from random import Random

import pytest

from calc.batch.answers import Question
from calc.batch.fast import answer_at_once
from calc.batch.intake.rows.documents import portfolio_of_documents
from calc.enterprise.numbers import FloatText
from calc.policy.loader import packaged_rules
from tests.batch.intake.members import member_of
from tests.batch.intake.random_documents import right_document

RULES = packaged_rules()
WORDS = (RULES.vocabulary, RULES.item_ids)


@pytest.mark.parametrize("size", [1, 40, 600])
def test_every_enterprise_is_the_same(size: int) -> None:
    random = Random(size)
    documents = [right_document(random, *WORDS) for _ in range(size)]
    whole = portfolio_of_documents(iter(documents), *WORDS, None).portfolio
    assert whole.size == size
    for member in random.sample(range(size), min(size, 50)):
        alone = portfolio_of_documents([documents[member]], *WORDS, None).portfolio
        assert member_of(whole, member, *WORDS) == member_of(alone, 0, *WORDS)


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


def test_numbers_that_would_not_fit_at_one_scale_are_left_to_the_strict_loader() -> None:
    parts = [[rate("900000000000000")], [rate("7.123456789012")]]
    portfolios = [portfolio_of_documents(part, *WORDS, None).portfolio for part in parts]
    assert [one.fx["usd_cny"].scale for one in portfolios] == [1, 10**12]
    many = [*parts[0] * 600, *parts[1]]
    found = portfolio_of_documents(many, *WORDS, None)
    assert found.portfolio.size + len(found.rest) == len(many)
    assert found.rest
