"""Rows for enterprises and rows for claims, with pools and without, are those of one enterprise at a time."""

from random import Random

import pytest

from calc.batch.answers import Question
from calc.engine.combine.problem import STACKINGS
from calc.engine.evaluate import COUNTS
from calc.policy.loader import packaged_rules
from tests.batch.columns.parity_rows import hold_rows_alike
from tests.batch.columns.random_enterprises import documents_for
from tests.batch.columns.random_rules import laid_over, own_policy
from tests.batch.intake.random_documents import right_document


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("is_long", [False, True])
def test_rows_under_random_rules(seed: int, is_long: bool) -> None:
    random = Random(f"rows {seed} {is_long}")
    rules = laid_over(random) if seed % 3 == 0 else own_policy(random)
    made = documents_for(random, rules, 60)
    pools = tuple(random.sample(rules.item_ids, 3)) if random.random() < 0.7 else ()
    question = Question(rules, random.choice(STACKINGS), random.choice(COUNTS), is_long=is_long, pools=pools)
    assert hold_rows_alike(made, question) >= len(made) // 2


@pytest.mark.parametrize("pools", [(), ("13-compute-voucher", "26-risk-compensation", "01-chain-title")])
@pytest.mark.parametrize("is_long", [False, True])
def test_rows_under_the_policy(is_long: bool, pools: tuple[str, ...]) -> None:
    rules, random = packaged_rules(), Random(f"policy {is_long} {len(pools)}")
    made = [right_document(random, rules.vocabulary, rules.item_ids) for _ in range(80)]
    assert hold_rows_alike(made, Question(rules, is_long=is_long, pools=pools)) >= 70
