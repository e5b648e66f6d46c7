"""The work set as a decision of zen-engine (JDM), one evaluation a row, in batches from Python."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import zen

from bench.peers.workset import FIRST_MONTH, ITEMS

BATCH = 1_000
END = f"min([loan_start + loan_months, {FIRST_MONTH + 12}])"
MONTHS = f"max([{END} - max([loan_start, {FIRST_MONTH}]), 0])"
EXPRESSIONS = {
    "02-capacity": "is_capacity and equipment >= 20000000 and construction_months <= 24"
    " ? floor(min([equipment / 10, 30000000])) : 0",
    "05-rd-growth": "is_technology and rd_expense >= 1000000 and rd_expense > rd_expense_before"
    " and rd_expense * 100 >= revenue * 3"
    " ? floor(min([(rd_expense_before * 3 + (rd_expense - rd_expense_before) * 10) / 100, 300000])) : 0",
    "06-first-launch": "first_year_sales >= 10000000 ? floor(min([first_year_sales / 100, 1000000])) : 0",
    "17-fdi": "fdi_usd >= 2000000 ? floor(min([fdi_usd * usd_cny_e4 / 200000, 5000000])) : 0",
    "25-technology-loan": "is_technology and is_supported_loan and principal >= 500000"
    f" ? floor(min([principal * min([annual_rate_e4, 150]) * {MONTHS} / 120000, 150000])) : 0",
}
NODES = [
    {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
    {
        "id": "items",
        "name": "items",
        "type": "expressionNode",
        "position": {"x": 1, "y": 0},
        "content": {
            "expressions": [{"id": key, "key": key, "value": value} for key, value in EXPRESSIONS.items()]
        },
    },
    {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
]
EDGES = [
    {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
    for source, target in (("in", "items"), ("items", "out"))
]
DECISION = {"contentType": "application/vnd.gorules.decision", "nodes": NODES, "edges": EDGES}


def open_rows(path: Path) -> list[dict[str, Any]]:
    """The rows in memory, a dictionary each."""
    return list(pq.read_table(path).to_pylist())


def answer(rows: list[dict[str, Any]]) -> pa.Table:
    """What each item pays."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"items": DECISION}}})
    answered = engine.evaluate_batch([{"key": "items", "context": row} for row in rows])
    results = [one["data"]["result"] for one in answered]
    return pa.table({item: [int(one[item]) for one in results] for item in ITEMS})


def save(result: pa.Table, path: Path) -> None:
    """Write what was answered as Parquet."""
    pq.write_table(result, path)


def through(source: Path, target: Path) -> None:
    """Parquet to Parquet, a batch at a time."""
    writer = None
    for batch in pq.ParquetFile(source).iter_batches(BATCH):
        result = answer(batch.to_pylist())
        writer = writer or pq.ParquetWriter(target, result.schema)
        writer.write_table(result)
    if writer is not None:
        writer.close()
