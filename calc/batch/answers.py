"""What a batch answers: the columns of a row for each enterprise, or of one for each of its claims."""

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from calc.engine.combine.problem import STACKINGS, Stacking
from calc.engine.evaluate import Count
from calc.policy.rules import Rules

HEAD: Final = (
    ("source", pa.string()),
    ("row", pa.int64()),
    ("name", pa.string()),
    ("uscc", pa.string()),
    ("claim_year", pa.int64()),
    ("status", pa.string()),
)
"""What stands first in every row: where the enterprise stands, which it is, and ``ok`` or ``error``."""

SUMS: Final = ("total", *STACKINGS, "paid")
"""The sums of an enterprise, in yuan: the combination, each reading's total, what the pools leave."""

CLAIM: Final = (
    ("item", pa.string()),
    ("subject", pa.string()),
    ("claim_status", pa.string()),
    ("grade", pa.string()),
    ("amount", pa.int64()),
    ("ceiling", pa.int64()),
    ("granted", pa.int64()),
    ("paid", pa.int64()),
)
"""What a row for a claim holds, as in the JSON of an estimate; ``paid``: the grant after the pools."""

POOLED: Final = "pooled"
"""A column that no output holds: the grants of an enterprise that are paid out of pools."""

GRANTS: Final = pa.list_(pa.struct([("item", pa.string()), ("granted", pa.int64())]))
"""The type of that column."""

ERROR: Final = "error"

UNPROVEN: Final = "unproven"
"""What the schema of a piece's answer says where more may exist: for how many of its enterprises."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every enterprise.

    ``claim_year`` wins over its own; ``pools`` names the items that are paid from one.
    """

    rules: Rules
    stacking: Stacking = "subject"
    count: Count = "ratio"
    claim_year: int | None = None
    is_long: bool = False
    pools: tuple[str, ...] = ()


def item_columns(rules: Rules) -> tuple[str, ...]:
    """Every item of the rules, in whatever year it holds, in their order."""
    of_years = (item for rules_of_year in rules.by_year.values() for item in rules_of_year.items)
    return tuple(dict.fromkeys((*rules.items, *of_years)))


def schema_of(question: Question) -> pa.Schema:
    """The columns of an answer, in order; the pooled grants last, where pools are asked for."""
    if question.is_long:
        fields = [*HEAD, *CLAIM]
    else:
        items = item_columns(question.rules)
        fields = [*HEAD, *((name, pa.int64()) for name in (*SUMS, *items))]
    fields.append((ERROR, pa.string()))
    if question.pools:
        fields.append((POOLED, GRANTS))
    return pa.schema(fields)
