import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from bench import portfolios
from bench.peers import numpy_kernels, workset
from calc import load_rules
from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from

ROWS = 400


@pytest.fixture(scope="module")
def group() -> pa.Table:
    return portfolios.group_of(0, seed=7)


def test_the_strict_loader_accepts_every_enterprise(group: pa.Table) -> None:
    rules = load_rules()
    for content in group.slice(0, ROWS).to_pylist():
        text = json.dumps(portfolios.without_absent(content), ensure_ascii=False, default=str)
        document = parse_document("row", text, is_json=True)
        loaded = enterprise_from(document, rules.vocabulary, rules.item_ids)
        assert loaded.enterprise.name == content["enterprise"]["name"]


def test_every_table_of_entries_occurs(group: pa.Table) -> None:
    vocabulary = load_rules().vocabulary
    entries = {name for name in vocabulary.tables if group[name].combine_chunks().flatten()}
    assert entries == set(vocabulary.tables)
    figures = group["figures"].combine_chunks().field("2025").type
    assert {field.name for field in figures} == set(vocabulary.figures)


def test_a_larger_portfolio_begins_with_the_same_enterprises(tmp_path: Path) -> None:
    small, large = tmp_path / "small.parquet", tmp_path / "large.parquet"
    portfolios.write_parquet(small, 10)
    portfolios.write_parquet(large, portfolios.GROUP + 10)
    assert pq.read_table(small).equals(pq.read_table(large).slice(0, 10))
    assert pq.read_table(large).num_rows == portfolios.GROUP + 10


def test_lines_and_dotted_columns_hold_the_same_enterprises(tmp_path: Path) -> None:
    lines, cells = tmp_path / "rows.ndjson", tmp_path / "rows.csv"
    portfolios.write_ndjson(lines, 50)
    portfolios.write_csv(cells, 50)
    contents = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    table = pa.csv.read_csv(cells)
    assert table["enterprise.name"].to_pylist() == [content["enterprise"]["name"] for content in contents]
    equipment = [content.get("investment", [{}])[0].get("equipment") for content in contents]
    assert table["investment.1.equipment"].to_pylist() == equipment
    assert any(equipment)


# Worked out by hand: 10% of 3 亿 is 3,000 万, the cap; 3% of 1,000 万 and 10% of 200 万 are 50 万, cut to
# 30 万; 1% of 1,234.5678 万; 5% of 250 万 dollars at 7.1 is 88.75 万; 800 万 at 1.5% for ten months is 10 万.
ROW = workset.Row(
    id=0,
    is_technology=True,
    is_capacity=True,
    equipment=300_000_001,
    construction_months=24,
    rd_expense=12_000_000,
    rd_expense_before=10_000_000,
    revenue=400_000_000,
    first_year_sales=12_345_678,
    fdi_usd=2_500_000,
    usd_cny_e4=71_000,
    is_supported_loan=True,
    principal=8_000_000,
    annual_rate_e4=350,
    loan_start=2026 * 12 + 2,
    loan_months=24,
)


@pytest.mark.parametrize(
    ("changes", "amounts"),
    [
        ({}, (30_000_000, 300_000, 123_456, 887_500, 100_000)),
        ({"equipment": 20_000_019}, (2_000_001, 300_000, 123_456, 887_500, 100_000)),
        ({"equipment": 19_999_999}, (0, 300_000, 123_456, 887_500, 100_000)),
        ({"construction_months": 25}, (0, 300_000, 123_456, 887_500, 100_000)),
        ({"revenue": 400_000_001}, (30_000_000, 0, 123_456, 887_500, 100_000)),
        ({"rd_expense": 10_000_000, "revenue": 0}, (30_000_000, 0, 123_456, 887_500, 100_000)),
        ({"first_year_sales": 9_999_999}, (30_000_000, 300_000, 0, 887_500, 100_000)),
        ({"fdi_usd": 1_999_999}, (30_000_000, 300_000, 123_456, 0, 100_000)),
        ({"annual_rate_e4": 120, "loan_months": 3}, (30_000_000, 300_000, 123_456, 887_500, 24_000)),
        ({"loan_start": 2027 * 12}, (30_000_000, 300_000, 123_456, 887_500, 0)),
        ({"is_technology": False}, (30_000_000, 0, 123_456, 887_500, 0)),
    ],
)
def test_the_work_set_pays_what_the_source_says(changes: dict[str, Any], amounts: tuple[int, ...]) -> None:
    row = ROW._replace(**changes)
    assert workset.exact_amounts(row) == amounts
    columns = numpy_kernels.amounts(pa.Table.from_pylist([row._asdict()]))
    assert tuple(columns[item][0].as_py() for item in workset.ITEMS) == amounts
