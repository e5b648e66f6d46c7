"""The work set, or a whole portfolio, through this program's engine for one enterprise, one after another."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench.peers.workset import ITEMS
from bench.portfolios import without_absent
from calc import estimate, load_rules
from calc.engine.combine.problem import STACKINGS
from calc.enterprise.documents import parse_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from

RULES = load_rules()


def open_rows(path: Path) -> list[Enterprise]:
    """The enterprises in memory, each read by the strict loader."""
    return [_loaded(row) for row in pq.read_table(path).to_pylist()]


def _loaded(row: dict[str, Any]) -> Enterprise:
    text = json.dumps(without_absent(row), ensure_ascii=False, default=str)
    document = parse_document("row", text, is_json=True)
    return enterprise_from(document, RULES.vocabulary, RULES.item_ids).enterprise


def answer(enterprises: list[Enterprise]) -> pa.Table:
    """What each item pays, and the total of each reading."""
    return pa.Table.from_pylist([_answered(one) for one in enterprises])


def _answered(enterprise: Enterprise) -> dict[str, int]:
    estimated = estimate(enterprise, RULES)
    sums = dict.fromkeys(ITEMS, 0)
    for place, granted in estimated.combination.grants.items():
        item = estimated.outcomes[place].claim.item_id
        if item in sums:
            sums[item] += granted
    return sums | {reading: estimated.totals[reading] for reading in STACKINGS}


def save(result: pa.Table, path: Path) -> None:
    """Write what was answered as Parquet."""
    pq.write_table(result, path)
