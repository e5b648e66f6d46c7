"""The columns answer as the single engine does, claim by claim, in every reading."""

from pathlib import Path
from random import Random

import pytest

from calc.batch.answers import Question
from calc.engine.combine.problem import STACKINGS, Stacking
from calc.engine.evaluate import COUNTS, Count
from calc.policy.loader import load_rules
from tests.batch.columns.parity import hold_alike
from tests.batch.intake.random_documents import right_document

EXAMPLES = Path("examples")
RULES = {
    "the policy": (),
    "a new item": ("overlays/new_item.toml",),
    "narrowed": ("overlays/narrowed.toml",),
    "tiers": ("overlays/tiers.toml",),
    "all overlays": ("overlays/tiers.toml", "overlays/new_item.toml", "overlays/narrowed.toml"),
    "another zone": ("zones/ic_design.toml",),
}


@pytest.mark.parametrize("stacking", STACKINGS)
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("name", RULES)
def test_random_enterprises(name: str, count: Count, stacking: Stacking) -> None:
    rules = load_rules(tuple(str(EXAMPLES / one) for one in RULES[name]))
    random = Random(f"{name} {count} {stacking}")
    documents = [right_document(random, rules.vocabulary, rules.item_ids) for _ in range(60)]
    counts = hold_alike(documents, Question(rules, stacking, count, claim_year=2026))
    assert counts["rest"] == 0
