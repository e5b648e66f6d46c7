"""Made-up portfolios of enterprises, of any size and the same for the same seed: what the benchmarks run on.

``python -m bench.portfolios ROWS FILE`` writes Parquet, NDJSON or CSV, by the ending of the file.  Thresholds
pass about half of the time, caps bind now and then, and the strict loader accepts every enterprise.
"""

import argparse
import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from bench.columns import Random, day, flag, joined, money, rate, words
from bench.population import (
    COVERED,
    EXPECTED,
    FIGURE_YEARS,
    FIGURES,
    KIND_SHARES,
    KINDS,
    RECEIVED,
    TABLES,
    Table,
)
from calc.policy.loader import packaged_rules

GROUP = 65_536
"""Enterprises in a row group: each group is made on its own, so that memory does not grow with the rows."""

SEED = 2026
YEARS = (2025, 2026, 2027)
USCC_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)
USCC_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])


def _struct(fields: dict[str, pa.Array], absent: np.ndarray | None = None) -> pa.Array:
    mask = None if absent is None else pa.array(absent)
    return pa.StructArray.from_arrays(list(fields.values()), names=list(fields), mask=mask)


def _lists(counts: np.ndarray, fields: dict[str, pa.Array]) -> pa.Array:
    """Entries as one list an enterprise; absent where there are none."""
    offsets = pa.array(np.concatenate(([0], np.cumsum(counts))).astype(np.int32))
    return pa.ListArray.from_arrays(offsets, _struct(fields), mask=pa.array(counts == 0))


def _places(counts: np.ndarray) -> np.ndarray:
    """The place of each entry among those of its enterprise, from 1."""
    starts = np.cumsum(counts) - counts
    places: np.ndarray = np.arange(int(counts.sum())) - np.repeat(starts, counts) + 1
    return places


def _usccs(random: Random, size: int, absent: float) -> pa.Array:
    digits = random.integers(0, 31, (size, 17))
    digits[:, :8] %= 10
    digits[:, :2] = (9, 1)
    check = (31 - digits @ USCC_WEIGHTS % 31) % 31
    letters = USCC_ALPHABET[np.column_stack((digits, check))]
    data = pa.py_buffer(np.ascontiguousarray(letters))
    texts = pa.StringArray.from_buffers(size, pa.py_buffer(np.arange(size + 1, dtype=np.int32) * 18), data)
    return pc.if_else(pa.array(random.random(size) < absent), pa.scalar(None, pa.string()), texts)


def _figures(random: Random, claim_years: np.ndarray) -> pa.Array:
    """The two years before the claim year, later sums grown out of earlier ones."""
    size = len(claim_years)
    last = {name: make(random, size) for name, make in FIGURES.items()}
    before = dict(last)
    for name in ("revenue", "rd_expense"):
        share = random.integers(60, 130, size)
        before[name] = pc.divide(pc.multiply(last[name], pa.array(share)), 100)
    before["trade_target_met"] = flag(0.5)(random, size)
    nothing = pa.nulls(size)
    years = {}
    for year in FIGURE_YEARS:
        is_last, is_before = claim_years - 1 == year, claim_years - 2 == year
        columns = {
            name: pc.if_else(
                pa.array(is_last), last[name], pc.if_else(pa.array(is_before), before[name], nothing)
            )
            for name in FIGURES
        }
        years[str(year)] = _struct(columns, ~(is_last | is_before))
    return _struct(years)


def _entries(
    random: Random, table: Table, kinds: np.ndarray, claim_years: np.ndarray, is_dated: bool
) -> pa.Array:
    counts = random.binomial(table.most, table.mean / table.most, len(kinds))
    if table.kinds:
        usual = np.array([any(kind in table.kinds for kind in some) for some in KINDS])
        counts *= usual[kinds] | (random.random(len(kinds)) < 0.02)
    total = int(counts.sum())
    fields = {"name": joined(table.label, pa.array(_places(counts)))}
    if is_dated:
        later = (random.random(total) < 0.05).astype(np.int64)
        fields["year"] = pa.array(np.repeat(claim_years, counts) + later)
    fields |= {name: make(random, total) for name, make in table.fields.items()}
    if "green_equipment" in fields:  # a part of the equipment
        fields["green_equipment"] = pc.min_element_wise(
            fields["green_equipment"], fields["equipment"], skip_nulls=False
        )
    return _lists(counts, fields)


def _sums(
    random: Random, counts: np.ndarray, items: pa.Array, subjects: pa.Array, years: np.ndarray
) -> pa.Array:
    amounts = money(40, 1.0, 0)(random, len(items))
    return _lists(counts, {"item": items, "year": pa.array(years), "amount": amounts, "subject": subjects})


def group_of(group: int, seed: int) -> pa.Table:
    """One row group of a portfolio, ``GROUP`` enterprises: nested columns, shaped as the enterprise file."""
    random = np.random.default_rng((seed, group))
    claim_years = random.choice(YEARS, GROUP, p=(0.15, 0.7, 0.15))
    kinds = random.choice(len(KINDS), GROUP, p=KIND_SHARES)
    lists_of_kinds = pa.array(KINDS, pa.list_(pa.string())).take(pa.array(kinds))
    numbers = pa.array(np.arange(group * GROUP + 1, (group + 1) * GROUP + 1))
    head = {
        "name": joined("示例企业", numbers),
        "uscc": _usccs(random, GROUP, absent=0.2),
        "claim_year": pa.array(claim_years),
        "in_zone": flag(0.97)(random, GROUP),
        "kinds": lists_of_kinds,
        "filing_date": day(date(2025, 5, 1), date(2027, 12, 31), 0.6)(random, GROUP),
    }
    differs = pa.array(random.random(GROUP) < 0.01)
    other_kinds = pc.if_else(
        differs, lists_of_kinds.take(pa.array(random.permutation(GROUP))), pa.nulls(GROUP)
    )
    tables = packaged_rules().vocabulary.tables
    columns = {
        "enterprise": _struct(head),
        "kinds": _struct({"2026": other_kinds}),
        "fx": _struct({"usd_cny": rate(6.8, 7.4)(random, GROUP)}),
        "figures": _figures(random, claim_years),
    }
    for name, table in TABLES.items():
        columns[name] = _entries(random, table, kinds, claim_years, tables[name].dated)
    columns["agreement"] = _agreements(random)
    received = random.binomial(2, 0.025, GROUP)
    pairs = pa.array(random.integers(0, len(RECEIVED), int(received.sum())))
    items, subjects = (pa.array(column, pa.string()).take(pairs) for column in zip(*RECEIVED, strict=True))
    before = np.repeat(claim_years, received) - random.integers(0, 2, len(items))
    columns["received"] = _sums(random, received, items, subjects, before)
    expected = random.binomial(2, 0.05, GROUP)
    items = pa.array(EXPECTED).take(pa.array(random.integers(0, len(EXPECTED), int(expected.sum()))))
    columns["expect"] = _sums(
        random, expected, items, pa.nulls(len(items), pa.string()), np.repeat(claim_years, expected)
    )
    return pa.table(columns)


def _agreements(random: Random) -> pa.Array:
    counts = (random.random(GROUP) < 0.05).astype(np.int64)
    total = int(counts.sum())
    return _lists(counts, {
        "name": joined("协议", pa.array(_places(counts))),
        "from": day(date(2023, 1, 1), date(2025, 6, 30), 0.3)(random, total),
        "until": day(date(2025, 7, 1), date(2028, 6, 30))(random, total),
        "covers": words(*COVERED)(random, total),
    })  # fmt: skip


def groups(rows: int, seed: int = SEED) -> Iterator[pa.Table]:
    """A portfolio of so many enterprises, group by group; a larger one begins with the same enterprises."""
    for group in range(-(-rows // GROUP)):
        yield group_of(group, seed).slice(0, min(GROUP, rows - group * GROUP))


def write_parquet(path: str | Path, rows: int, seed: int = SEED) -> None:
    """Write a portfolio as Parquet with nested columns."""
    writer = None
    for table in groups(rows, seed):
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=GROUP)
    if writer is not None:
        writer.close()


def write_ndjson(path: str | Path, rows: int, seed: int = SEED) -> None:
    """Write the same enterprises as JSON, one a line; decimals and days as texts."""
    with Path(path).open("w", encoding="utf-8") as file:
        for table in groups(rows, seed):
            for content in table.to_pylist():
                json.dump(without_absent(content), file, ensure_ascii=False, default=str)
                file.write("\n")


def without_absent(content: Any) -> Any:
    """The same content without keys that have no value: null is nothing that a file may hold."""
    if isinstance(content, dict):
        pairs = ((key, without_absent(value)) for key, value in content.items() if value is not None)
        return {key: value for key, value in pairs if value != {}}
    if isinstance(content, list):
        return [without_absent(value) for value in content]
    return content


def write_csv(path: str | Path, rows: int, seed: int = SEED) -> None:
    """Write the same enterprises as CSV with dotted columns, lists separated by semicolons."""
    writer = None
    for table in groups(rows, seed):
        flat = dotted(table)
        writer = writer or pa.csv.CSVWriter(path, flat.schema)
        writer.write_table(flat)
    if writer is not None:
        writer.close()


def dotted(table: pa.Table) -> pa.Table:
    """The same enterprises with a column a figure: ``figures.2025.revenue``, ``investment.1.equipment``."""
    most = {name: one.most for name, one in TABLES.items()} | {"agreement": 1, "received": 2, "expect": 2}
    columns: dict[str, pa.Array] = {}
    for name in table.column_names:
        _flatten(name, table[name].combine_chunks(), most, columns)
    return pa.table(columns)


def _flatten(name: str, column: pa.Array, most: dict[str, int], columns: dict[str, pa.Array]) -> None:
    if pa.types.is_struct(column.type):
        for field, values in zip(column.type, column.flatten(), strict=True):
            _flatten(f"{name}.{field.name}", values, most, columns)
    elif pa.types.is_list(column.type) and name in most:
        counts = pc.list_value_length(column).fill_null(0).to_numpy()
        starts, entries = np.cumsum(counts) - counts, column.flatten()
        for place in range(most[name]):
            chosen = pa.array(starts + place, mask=counts <= place)
            _flatten(f"{name}.{place + 1}", entries.take(chosen), most, columns)
    else:
        columns[name] = pc.binary_join(column, ";") if pa.types.is_list(column.type) else column


WRITERS = {".parquet": write_parquet, ".ndjson": write_ndjson, ".csv": write_csv}


def main() -> None:
    """Write one portfolio."""
    parser = argparse.ArgumentParser(prog="python -m bench.portfolios", description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path, help=f"ends in {', '.join(WRITERS)}")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    write = WRITERS.get(options.file.suffix)
    if write is None:
        parser.error(f"{options.file} ends in none of {', '.join(WRITERS)}")
    start = time.perf_counter()
    write(options.file, options.rows, options.seed)
    size = options.file.stat().st_size / 1e6
    print(
        f"{options.rows:,} enterprises, {size:,.0f} MB, {time.perf_counter() - start:.1f} s: {options.file}"
    )


if __name__ == "__main__":
    main()
