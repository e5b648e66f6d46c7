"""The work set: five items with one entry each, as flat columns, and what each exactly pays.

02-capacity, 05-rd-growth, 06-first-launch, 17-fdi and 25-technology-loan: conditions, ratios of one or two
figures, a rate of exchange, interest for the months of a year, a cap each.  Money is whole yuan, rates are
ten-thousandths.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.columns import Maker, Random, count, flag, money

ITEMS = ("02-capacity", "05-rd-growth", "06-first-launch", "17-fdi", "25-technology-loan")
YEAR = 2026
FIRST_MONTH = YEAR * 12
GROUP = 65_536
SEED = 2026

COLUMNS: dict[str, Maker] = {
    "is_technology": flag(0.6),
    "is_capacity": flag(0.8),
    "equipment": money(2500, 1.2, 0),
    "construction_months": count(8, 40, 0),
    "rd_expense": money(420, 1.2, 0),
    "rd_expense_before": money(330, 1.2, 0),
    "revenue": money(9000, 1.3, 0),
    "first_year_sales": money(1100, 1.4, 0),
    "fdi_usd": money(230, 1.1, 0),
    "usd_cny_e4": count(68_000, 74_000, 0),
    "is_supported_loan": flag(0.8),
    "principal": money(500, 1.6, 0),
    "annual_rate_e4": count(50, 600, 0),
    "loan_start": count((YEAR - 2) * 12 + 2, FIRST_MONTH + 9, 0),  # months since the year 0
    "loan_months": count(3, 48, 0),
}


class Row(NamedTuple):
    """One enterprise of the work set, named as the columns."""

    id: int
    is_technology: bool
    is_capacity: bool
    equipment: int
    construction_months: int
    rd_expense: int
    rd_expense_before: int
    revenue: int
    first_year_sales: int
    fdi_usd: int
    usd_cny_e4: int
    is_supported_loan: bool
    principal: int
    annual_rate_e4: int
    loan_start: int
    loan_months: int


def groups(rows: int) -> Iterator[pa.Table]:
    """So many rows of the work set, group by group; a larger set begins with the same rows."""
    for group in range(-(-rows // GROUP)):
        random = np.random.default_rng((SEED, group))
        numbers = pa.array(np.arange(group * GROUP, (group + 1) * GROUP))
        columns = {name: _column(make, random) for name, make in COLUMNS.items()}
        yield pa.table({"id": numbers, **columns}).slice(0, min(GROUP, rows - group * GROUP))


def _column(make: Maker, random: Random) -> pa.Array:
    values = make(random, GROUP)
    return values if pa.types.is_boolean(values.type) else values.cast(pa.int64())


def exact_amounts(row: Row) -> tuple[int, ...]:
    """What each item pays, in the order of ``ITEMS``, in fractions and in the words of the source."""
    capacity = growth = launch = fdi = loan = Fraction(0)
    if row.is_capacity and row.equipment >= 20_000_000 and row.construction_months <= 24:
        capacity = min(Fraction(10, 100) * row.equipment, Fraction(30_000_000))
    grown = row.rd_expense - row.rd_expense_before
    is_enough = row.rd_expense >= 1_000_000 and row.rd_expense >= Fraction(3, 100) * row.revenue
    if row.is_technology and is_enough and grown > 0:
        growth = Fraction(3, 100) * row.rd_expense_before + Fraction(10, 100) * grown
        growth = min(growth, Fraction(300_000))
    if row.first_year_sales >= 10_000_000:
        launch = min(Fraction(1, 100) * row.first_year_sales, Fraction(1_000_000))
    if row.fdi_usd >= 2_000_000:
        yuan = row.fdi_usd * Fraction(row.usd_cny_e4, 10_000)
        fdi = min(Fraction(5, 100) * yuan, Fraction(5_000_000))
    if row.is_supported_loan and row.is_technology and row.principal >= 500_000:
        rate = min(Fraction(15, 1000), Fraction(row.annual_rate_e4, 10_000))
        running = range(row.loan_start, row.loan_start + row.loan_months)
        months = sum(1 for month in running if month // 12 == YEAR)
        loan = min(row.principal * rate * Fraction(months, 12), Fraction(150_000))
    return tuple(floor(amount) for amount in (capacity, growth, launch, fdi, loan))


def write_flat(path: Path, rows: int) -> None:
    """Write the work set as flat Parquet."""
    _write(path, groups(rows))


def write_nested(path: Path, rows: int) -> None:
    """Write the same enterprises in the shape of the enterprise file."""
    _write(path, map(nested, groups(rows)))


def write_lines(path: Path, rows: int) -> None:
    """Write the same rows as JSON, one a line, for peers that read no Parquet."""
    import json

    with path.open("w", encoding="utf-8") as file:
        for table in groups(rows):
            file.writelines(json.dumps(row) + "\n" for row in table.to_pylist())


def write_exact(path: Path, rows: int) -> None:
    """Write what each of the rows is exactly paid."""
    amounts = [exact_amounts(Row(**row)) for table in groups(rows) for row in table.to_pylist()]
    columns = np.array(amounts, np.int64).T
    _write(path, [pa.table(dict(zip(ITEMS, columns, strict=True)))])


def _write(path: Path, tables: Any) -> None:
    writer = None
    for table in tables:
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=GROUP)
    if writer is not None:
        writer.close()


def nested(table: pa.Table) -> pa.Table:
    """Rows of the work set as enterprises with one entry in each table."""
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    size = table.num_rows
    year = pa.array(np.full(size, YEAR))
    kinds = pa.array([[], ["high_tech"]], pa.list_(pa.string()))
    purposes = pa.array([[], ["capacity"]], pa.list_(pa.string()))
    figures = ("revenue", "rd_expense", "fdi_usd")
    starts = columns["loan_start"].to_numpy()
    first_days = ((starts - 1970 * 12).astype("datetime64[M]")).astype("datetime64[D]")
    loan = {
        "name": _texts("贷款", size),
        "purpose": _texts("technology", size),
        "kind": pa.array(["other", "credit"]).take(columns["is_supported_loan"].cast(pa.int8())),
        "principal": columns["principal"],
        "annual_rate": _ten_thousandths(columns["annual_rate_e4"]),
        "start": pa.array(first_days),
        "months": columns["loan_months"],
    }
    investment = {
        "name": _texts("产线", size),
        "year": year,
        "purposes": purposes.take(columns["is_capacity"].cast(pa.int8())),
        "equipment": columns["equipment"],
        "construction_months": columns["construction_months"],
    }
    launch = {"name": _texts("首发", size), "year": year, "first_year_sales": columns["first_year_sales"]}
    enterprise = {
        "name": pc.binary_join_element_wise("企业", columns["id"].cast(pa.string()), ""),
        "claim_year": year,
        "kinds": kinds.take(columns["is_technology"].cast(pa.int8())),
    }
    years = {
        str(YEAR - 2): _struct({"rd_expense": columns["rd_expense_before"]}),
        str(YEAR - 1): _struct({name: columns[name] for name in figures}),
    }
    return pa.table(
        {
            "enterprise": _struct(enterprise),
            "fx": _struct({"usd_cny": _ten_thousandths(columns["usd_cny_e4"])}),
            "figures": _struct(years),
            "investment": _one_each(investment),
            "first_launch": _one_each(launch),
            "loan": _one_each(loan),
        }
    )


def _struct(fields: dict[str, pa.Array]) -> pa.Array:
    return pa.StructArray.from_arrays(list(fields.values()), names=list(fields))


def _one_each(fields: dict[str, pa.Array]) -> pa.Array:
    entries = _struct(fields)
    return pa.ListArray.from_arrays(pa.array(np.arange(len(entries) + 1, dtype=np.int32)), entries)


def _texts(text: str, size: int) -> pa.Array:
    return pa.array([text]).take(pa.array(np.zeros(size, np.int8)))


def _ten_thousandths(units: pa.Array) -> pa.Array:
    whole = units.cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(pa.decimal128(19, 4), len(whole), whole.buffers()).cast(pa.decimal128(9, 4))
