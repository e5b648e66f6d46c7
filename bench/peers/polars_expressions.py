"""The work set as polars expressions on 64-bit integers, written by hand."""

from pathlib import Path

import polars as pl

from bench.peers.workset import FIRST_MONTH, ITEMS

equipment, spent, before = pl.col("equipment"), pl.col("rd_expense"), pl.col("rd_expense_before")
sales, dollars, principal = pl.col("first_year_sales"), pl.col("fdi_usd"), pl.col("principal")
is_technology = pl.col("is_technology")

is_capacity = pl.col("is_capacity") & (equipment >= 20_000_000) & (pl.col("construction_months") <= 24)
is_grown = is_technology & (spent >= 1_000_000) & (spent > before) & (spent * 100 >= pl.col("revenue") * 3)
is_loan = is_technology & pl.col("is_supported_loan") & (principal >= 500_000)
end = pl.min_horizontal(pl.col("loan_start") + pl.col("loan_months"), FIRST_MONTH + 12)
months = (end - pl.max_horizontal("loan_start", FIRST_MONTH)).clip(lower_bound=0)
interest = principal * pl.min_horizontal("annual_rate_e4", 150) * months // 120_000


def _capped(condition: pl.Expr, amount: pl.Expr, cap: int) -> pl.Expr:
    return pl.when(condition).then(amount.clip(upper_bound=cap)).otherwise(0)


AMOUNTS = (
    _capped(is_capacity, equipment // 10, 30_000_000),
    _capped(is_grown, (before * 3 + (spent - before) * 10) // 100, 300_000),
    _capped(sales >= 10_000_000, sales // 100, 1_000_000),
    _capped(dollars >= 2_000_000, dollars * pl.col("usd_cny_e4") // 200_000, 5_000_000),
    _capped(is_loan, interest, 150_000),
)
COLUMNS = [amount.cast(pl.Int64).alias(item) for item, amount in zip(ITEMS, AMOUNTS, strict=True)]


def open_rows(path: Path) -> pl.DataFrame:
    """The rows in memory."""
    return pl.read_parquet(path).rechunk()


def answer(rows: pl.DataFrame) -> pl.DataFrame:
    """What each item pays."""
    return rows.select(COLUMNS)


def save(result: pl.DataFrame, path: Path) -> None:
    """Write what was answered as Parquet."""
    result.write_parquet(path)


def through(source: Path, target: Path) -> None:
    """Parquet to Parquet, streaming."""
    pl.scan_parquet(source).select(COLUMNS).sink_parquet(target)
