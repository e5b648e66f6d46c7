"""Budget pools: each grant pro rata, rounded down, worked out by hand."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from calc.batch.answers import Question, schema_of
from calc.batch.pools import Ledger, Pool, Settled, pools_of
from calc.policy.loader import packaged_rules
from tests.batch.inputs import ndjson, voucher_rows
from tests.batch.test_formats import batch
from tests.cli.test_command import subsidy


def test_the_pools_of_the_rules_and_those_that_are_named() -> None:
    rules = packaged_rules()
    assert pools_of(rules) == (
        Pool("13-compute-voucher", ("13-compute-voucher",)),
        Pool("26-risk-compensation", ("26-risk-compensation",)),
    )
    assert pools_of(rules)[0].budget_in(rules, 2026) == 10_000_000
    named = Pool("13", ("13-compute-voucher",), 5)
    assert pools_of(rules, [named]) == (Pool("26-risk-compensation", ("26-risk-compensation",)), named)


def test_a_pool_that_is_short_pays_pro_rata(tmp_path: Path) -> None:
    # Asked: 200000 + 1000000 + 5000 = 1205000.  Of 100000 there come
    # 200000 x 100000 / 1205000 = 16597.5, 82987.5 and 414.9, each rounded down.
    source = tmp_path / "a.ndjson"
    source.write_text(ndjson(voucher_rows()), "utf-8")
    rows = batch(source, "--pool", "13=10万")
    assert [row["paid"] for row in rows] == [16_597, 82_987, 414]
    assert [row["total"] for row in rows] == [200_000, 1_000_000, 5_000]
    assert [row["13-compute-voucher"] for row in rows] == [200_000, 1_000_000, 5_000]
    claims = batch(source, "--pool", "13-compute-voucher=10万", "--long")
    assert [row["paid"] for row in claims] == [16_597, 82_987, 414]
    told = subsidy("batch", str(source), "--pool", "13=10万", "--log", "json").stderr.splitlines()
    assert json.loads(told[-2]) == {
        "event": "pool",
        "pool": "13",
        "year": 2026,
        "asked": 1_205_000,
        "budget": 100_000,
        "paid": 99_998,
        "short": 1_105_000,
    }


def test_the_report_adds_up_and_is_told_to_the_quiet_too(tmp_path: Path) -> None:
    source = tmp_path / "a.ndjson"
    source.write_text(ndjson(voucher_rows()), "utf-8")
    done = subsidy("batch", str(source), "--pool", "13=10万", "--quiet", "--lang", "en")
    # 1205000 - 100000 = 1105000; of the 100000, rounding keeps 2.
    assert done.stderr == (
        "pool 13, 2026: asked 1,205,000 yuan, holds 100,000 yuan, paid 99,998 yuan, short 1,105,000 yuan\n"
    )


@pytest.mark.parametrize("budget", ["1205000", "1亿"])
def test_a_pool_that_suffices_changes_nothing(budget: str, tmp_path: Path) -> None:
    source = tmp_path / "a.ndjson"
    source.write_text(ndjson(voucher_rows()), "utf-8")
    assert [row["paid"] for row in batch(source, "--pool", f"13={budget}")] == [200_000, 1_000_000, 5_000]


def table(rows: list[dict[str, Any]], items: tuple[str, ...]) -> pa.Table:
    question = Question(packaged_rules(), pools=items)
    return pa.Table.from_pylist(rows, schema_of(question))


def row(year: int | None, total: int | None, **grants: int) -> dict[str, Any]:
    pooled = [{"item": item.replace("_", "-"), "granted": sum_} for item, sum_ in grants.items()]
    return {"claim_year": year, "total": total, "paid": total, "pooled": pooled or None}


def settled(parts: list[pa.Table], pools: tuple[Pool, ...]) -> tuple[list[Any], list[Settled]]:
    ledger = Ledger(pools, packaged_rules())
    for part in parts:
        ledger.ask(part)
    paid = [one for part in parts for one in ledger.settle(part)["paid"].to_pylist()]
    return paid, list(ledger.settled())


def test_items_share_a_pool_each_year_for_itself() -> None:
    pools = (Pool("p", ("a", "b"), 100), Pool("q", ("c",), 7))
    parts = [
        table([row(2026, 1000, a=90, b=60), row(None, None), row(2027, 80, a=80)], ("a", "b", "c")),
        table([], ("a", "b", "c")),
        table([row(2026, 150, b=50, c=100), row(2026, 5)], ("a", "b", "c")),
    ]
    # 2026: p is asked 200 and pays half: 45, 30, 25; q is asked 100 and pays 7.
    paid, report = settled(parts, pools)
    assert paid == [1000 - 45 - 30, None, 80, 150 - 25 - 93, 5]
    assert report == [
        Settled("p", 2026, 200, 100, 100),
        Settled("p", 2027, 80, 100, 80),
        Settled("q", 2026, 100, 7, 7),
    ]
    assert [one.short for one in report] == [100, 0, 93]


def test_sums_beyond_64_bits_are_exact() -> None:
    grant = 10**15 - 1
    rows = [row(2026, grant, a=grant) for _ in range(20_000)]
    paid, (report,) = settled([table(rows, ("a",))], (Pool("p", ("a",), 10**15 - 3),))
    assert report.asked == grant * 20_000
    assert set(paid) == {grant * (10**15 - 3) // (grant * 20_000)}
