"""The work set as DuckDB SQL on BIGINT, written by hand; a product that overflows is an error there."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bench.peers.workset import FIRST_MONTH

SELECT = f"""
SELECT
  CASE WHEN is_capacity AND equipment >= 20000000 AND construction_months <= 24
       THEN least(equipment // 10, 30000000) ELSE 0 END AS "02-capacity",
  CASE WHEN is_technology AND rd_expense >= 1000000 AND rd_expense > rd_expense_before
            AND rd_expense * 100 >= revenue * 3
       THEN least((rd_expense_before * 3 + (rd_expense - rd_expense_before) * 10) // 100, 300000)
       ELSE 0 END AS "05-rd-growth",
  CASE WHEN first_year_sales >= 10000000 THEN least(first_year_sales // 100, 1000000) ELSE 0 END
    AS "06-first-launch",
  CASE WHEN fdi_usd >= 2000000 THEN least(fdi_usd * usd_cny_e4 // 200000, 5000000) ELSE 0 END AS "17-fdi",
  CASE WHEN is_technology AND is_supported_loan AND principal >= 500000
       THEN least(principal * least(annual_rate_e4, 150)
                  * greatest(least(loan_start + loan_months, {FIRST_MONTH + 12})
                             - greatest(loan_start, {FIRST_MONTH}), 0) // 120000, 150000)
       ELSE 0 END AS "25-technology-loan"
FROM """


def open_rows(path: Path) -> duckdb.DuckDBPyConnection:
    """The rows in memory: a table of a database that is on no disk."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE rows AS SELECT * FROM read_parquet(?)", [str(path)])
    return connection


def answer(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """What each item pays."""
    return connection.sql(f"{SELECT} rows").to_arrow_table()


def save(result: pa.Table, path: Path) -> None:
    """Write what was answered as Parquet."""
    pq.write_table(result, path)


def through(source: Path, target: Path) -> None:
    """Parquet to Parquet, streaming."""
    connection = duckdb.connect()
    connection.sql(f"{SELECT} read_parquet('{source}')").write_parquet(str(target))
