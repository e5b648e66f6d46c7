"""The columns equal the single engine under any rules: every form, in any mixture, near its bounds."""

import inspect
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any, get_args

import pytest

from calc.batch.answers import Question
from calc.batch.columns.answer import answer
from calc.batch.intake.rows.documents import portfolio_of_documents
from calc.engine.combine.problem import STACKINGS
from calc.policy import awards, forms
from calc.policy.rules import Exclusive, Item, Rules, SharedCap
from tests.batch.columns.parity import hold_alike
from tests.batch.columns.random_enterprises import documents_for
from tests.batch.columns.random_rules import LARGE, laid_over, own_policy

OWN, LAID, WITH_LARGE = range(34), range(8), range(10)


def rules_of(kind: str, seed: int) -> tuple[Rules, Random]:
    random = Random(f"{kind} {seed}")
    return (laid_over(random) if kind == "laid" else own_policy(random)), random


def question_of(rules: Rules, random: Random) -> Question:
    return Question(rules, random.choice(STACKINGS), random.choice(["ratio", "ratio", "ceiling", "stated"]))


@pytest.mark.parametrize("seed", OWN)
def test_own_policies(seed: int) -> None:
    rules, random = rules_of("own", seed)
    counts = hold_alike(documents_for(random, rules, 120), question_of(rules, random))
    assert counts["rest"] == counts["unfit"] == 0


@pytest.mark.parametrize("seed", LAID)
def test_overlays(seed: int) -> None:
    rules, random = rules_of("laid", seed)
    counts = hold_alike(documents_for(random, rules, 60), question_of(rules, random))
    assert counts["rest"] == counts["unfit"] == 0


def test_large_figures_are_right_or_left_to_the_single_engine() -> None:
    counts: Counter[str] = Counter()
    for seed in WITH_LARGE:
        random = Random(f"large {seed}")
        rules = own_policy(random, LARGE)
        counts.update(hold_alike(documents_for(random, rules, 60, LARGE), question_of(rules, random)))
    assert counts["rest"] == 0
    assert 0 < counts["unfit"] < counts["documents"] / 2


# --- what occurs in all these rules


def _records(value: Any) -> Iterator[forms.Record]:
    """Every record within a part of the rules."""
    if isinstance(value, forms.Record):
        yield value
        for name in type(value).model_fields:
            yield from _records(getattr(value, name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from _records(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _records(one)


def _keys_of(rules: Rules) -> Iterator[tuple[str, str]]:
    for in_year in (rules, *rules.by_year.values()):
        for record in _records((*in_year.items.values(), *in_year.exclusive, *in_year.shared_caps)):
            yield from ((type(record).__name__, name) for name in record.model_fields_set)


def _every_key() -> Iterator[tuple[str, str]]:
    for module in (forms, awards):
        for name, record in inspect.getmembers(module, inspect.isclass):
            if issubclass(record, forms.Record) and record is not forms.Record:
                yield from ((name, key) for key in record.model_fields)
    decides = (
        *("claim", "conditions", "award", "base", "floor", "cap", "year_cap", "lifetime_cap", "share_cap"),
        *("most_claims", "grade", "pays", "outside_zone"),
    )
    yield from (("Item", key) for key in decides)
    yield from ((record.__name__, key) for record in (Exclusive, SharedCap) for key in record.model_fields)


def test_every_form_occurs_with_every_key() -> None:
    made = [*(rules_of("own", seed)[0] for seed in OWN), *(rules_of("laid", seed)[0] for seed in LAID)]
    found = {key for rules in made for key in _keys_of(rules)}
    assert {*_every_key()} - found == set()
    items = [item for rules in made for item in rules.items.values()]
    for name in ("grade", "pays"):
        assert {getattr(item, name) for item in items} == {*get_args(Item.model_fields[name].annotation)}
    assert {one.scope for rules in made for one in rules.exclusive} == {"subject", "enterprise"}
    assert any(rules.by_year for rules in made)


def test_awards_of_every_form_are_paid() -> None:
    paid: Counter[str] = Counter()
    for seed in OWN:
        rules, random = rules_of("own", seed)
        taken = portfolio_of_documents(
            documents_for(random, rules, 60), rules.vocabulary, rules.item_ids, None
        )
        for found in answer(taken.portfolio, Question(rules)):
            for origin in found.candidates.origins.tolist():
                paid[type(found.outcomes[origin].claims.item.award).__name__] += 1
    every = {get_args(one)[0].__name__ for one in get_args(get_args(awards.Award)[0])}
    assert len(every) == 15
    assert {name for name, times in paid.items() if times > 2} >= every
    assert sum(paid.values()) > 60 * len(OWN) / 2
