"""``python -m bench.peers.combination``: the step that columns carry worst, in NumPy, polars and DuckDB.

Each enterprise has three subjects with two claims each that exclude each other; each item has a cap.
``none``: all claims, each item's sum capped.  ``subject``: the best of the eight choices under the same caps.
Run it with the interpreter under build/peers.
"""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from bench.peers.measure import peak_megabytes

OWNERS = 300_000
SUBJECTS = 3
ITEMS = 6
CAPS = np.array([300_000, 500_000, 1_000_000, 1_000_000, 2_000_000, 5_000_000])
RUNS = 3
CHOICES = 2**SUBJECTS


def claims() -> pa.Table:
    """The claims, as columns: owner, subject, side (which of the two), item, amount."""
    random = np.random.default_rng(2026)
    size = OWNERS * SUBJECTS * 2
    place = np.arange(size)
    amounts = np.exp(random.normal(np.log(400_000), 1.0, size)).astype(np.int64)
    return pa.table(
        {
            "owner": place // (SUBJECTS * 2),
            "subject": place // 2 % SUBJECTS,
            "side": place % 2,
            "item": random.integers(0, ITEMS, size),
            "amount": amounts,
        }
    )


def with_numpy(table: pa.Table) -> tuple[int, int]:
    """Sorted once by enterprise and item; each choice is one masked sum over the groups."""
    owner, subject, side, item, amount = (table[name].to_numpy() for name in table.column_names)
    key = owner * ITEMS + item
    order = np.argsort(key, kind="stable")
    key, amount = key[order], amount[order]
    bit, side = subject[order], side[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    caps, group_owner = CAPS[key[starts] % ITEMS], key[starts] // ITEMS
    owner_starts = np.flatnonzero(np.r_[True, group_owner[1:] != group_owner[:-1]])

    def total(amounts: np.ndarray) -> np.ndarray:
        return np.add.reduceat(np.minimum(np.add.reduceat(amounts, starts), caps), owner_starts)

    best = total(amount * (side == 0))
    for choice in range(1, CHOICES):
        np.maximum(best, total(amount * (side == (choice >> bit & 1))), out=best)
    return int(total(amount).sum()), int(best.sum())


def with_polars(table: pa.Table) -> tuple[int, int]:
    """Every claim beside every choice, then grouped twice."""
    frame = pl.from_arrow(table).lazy()
    caps = pl.LazyFrame({"item": np.arange(ITEMS), "cap": CAPS})
    choices = pl.LazyFrame({"choice": np.arange(CHOICES)})

    def total(rows: pl.LazyFrame, *keys: str) -> pl.LazyFrame:
        sums = rows.group_by(*keys, "item").agg(pl.col("amount").sum()).join(caps, on="item")
        return sums.group_by(*keys).agg(pl.min_horizontal("amount", "cap").sum().alias("total"))

    chosen = frame.join(choices, how="cross").filter(
        (pl.col("choice") // 2 ** pl.col("subject")) % 2 == pl.col("side")
    )
    best = total(chosen, "owner", "choice").group_by("owner").agg(pl.col("total").max())
    none = total(frame, "owner")
    both = pl.collect_all([none.select(pl.col("total").sum()), best.select(pl.col("total").sum())])
    return int(both[0].item()), int(both[1].item())


def with_duckdb(table: pa.Table) -> tuple[int, int]:
    """The same as SQL."""
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.register("claims", table)
    connection.register("caps", pa.table({"item": np.arange(ITEMS), "cap": CAPS}))
    none = """
        SELECT sum(least(asked, cap)) FROM
        (SELECT owner, item, sum(amount) AS asked FROM claims GROUP BY owner, item) JOIN caps USING (item)"""
    best = f"""
        WITH chosen AS (
          SELECT owner, choice, item, sum(amount) AS asked
          FROM claims, range({CHOICES}) AS choices(choice)
          WHERE (choice >> subject) & 1 = side GROUP BY owner, choice, item),
        totals AS (
          SELECT owner, choice, sum(least(asked, cap)) AS total
          FROM chosen JOIN caps USING (item) GROUP BY owner, choice)
        SELECT sum(best) FROM (SELECT max(total) AS best FROM totals GROUP BY owner)"""
    return tuple(int(connection.sql(query).fetchall()[0][0]) for query in (none, best))  # type: ignore[return-value]


ENGINES: dict[str, Callable[[Any], tuple[int, int]]] = {
    "NumPy, one core": with_numpy,
    "polars": with_polars,
    "DuckDB": with_duckdb,
}


def timed(name: str) -> tuple[float, float, tuple[int, int]]:
    """The best of a few runs in seconds, the most memory held in megabytes, and the answer."""
    table = claims()
    times = []
    answer = (0, 0)
    for _ in range(RUNS):
        start = time.perf_counter()
        answer = ENGINES[name](table)
        times.append(time.perf_counter() - start)
    return min(times), peak_megabytes(), answer


def main() -> None:
    """Time each in a process of its own on the same claims, and check that they agree."""
    answers = set()
    for name in ENGINES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            seconds, peak, answer = pool.submit(timed, name).result()
        answers.add(answer)
        print(f"{name}: {OWNERS / seconds:,.0f} enterprises a second, {peak:,.0f} MB")
    print("all agree" if len(answers) == 1 else f"they differ: {answers}")


if __name__ == "__main__":
    main()
