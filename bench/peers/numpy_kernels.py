"""The work set as NumPy kernels on 64-bit integers, over Arrow columns, in pieces that stay in the cache."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.peers.workset import FIRST_MONTH, ITEMS

PIECE = 16_384
THREADS = 2


def open_rows(path: Path) -> pa.Table:
    """The rows in memory."""
    return pq.read_table(path).combine_chunks()


def answer(table: pa.Table) -> pa.Table:
    """What each item pays, on both cores."""
    pieces = [table.slice(start, PIECE) for start in range(0, table.num_rows, PIECE)]
    with ThreadPoolExecutor(THREADS) as pool:
        return pa.concat_tables(pool.map(amounts, pieces))


def amounts(table: pa.Table) -> pa.Table:
    """What each item pays, for one piece; a pure function that any engine can carry."""

    def column(name: str) -> Any:
        return table[name].to_numpy()

    equipment = column("equipment")
    is_capacity = column("is_capacity") & (equipment >= 20_000_000) & (column("construction_months") <= 24)
    capacity = np.minimum(equipment // 10, 30_000_000) * is_capacity

    spent, before = column("rd_expense"), column("rd_expense_before")
    is_technology = column("is_technology")
    is_grown = is_technology & (spent >= 1_000_000) & (spent > before)
    is_grown &= spent * 100 >= column("revenue") * 3
    growth = np.minimum((before * 3 + (spent - before) * 10) // 100, 300_000) * is_grown

    sales = column("first_year_sales")
    launch = np.minimum(sales // 100, 1_000_000) * (sales >= 10_000_000)

    dollars = column("fdi_usd")
    fdi = np.minimum(dollars * column("usd_cny_e4") // 200_000, 5_000_000) * (dollars >= 2_000_000)

    principal, start = column("principal"), column("loan_start")
    end = np.minimum(start + column("loan_months"), FIRST_MONTH + 12)
    months = np.maximum(end - np.maximum(start, FIRST_MONTH), 0)
    is_loan = is_technology & column("is_supported_loan") & (principal >= 500_000)
    interest = principal * np.minimum(column("annual_rate_e4"), 150) * months // 120_000
    loan = np.minimum(interest, 150_000) * is_loan
    return pa.table(dict(zip(ITEMS, (capacity, growth, launch, fdi, loan), strict=True)))


def save(result: pa.Table, path: Path) -> None:
    """Write what was answered as Parquet; sums are quicker and smaller without a dictionary."""
    pq.write_table(result, path, use_dictionary=False)


def through(source: Path, target: Path) -> None:
    """Parquet to Parquet, a row group at a time on each core."""

    def answered(group: int) -> pa.Table:
        return amounts(pq.ParquetFile(source).read_row_group(group))

    groups = range(pq.read_metadata(source).num_row_groups)
    with ThreadPoolExecutor(THREADS) as pool:
        writer = None
        for result in pool.map(answered, groups):
            writer = writer or pq.ParquetWriter(target, result.schema, use_dictionary=False)
            writer.write_table(result)
        if writer is not None:
            writer.close()
