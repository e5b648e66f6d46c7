"""The example of many enterprises gives the sums beside it, which were worked out by hand."""

import csv
import tomllib
from pathlib import Path
from typing import Any

from calc.engine.combine.problem import STACKINGS
from tests.cli.test_command import subsidy

EXAMPLE = Path("examples/many/applicants.csv")
ENTERPRISES = tomllib.loads(EXAMPLE.with_suffix(".expected.toml").read_text("utf-8"))["enterprise"]


def answered(tmp_path: Path, *options: str) -> list[dict[str, str]]:
    output = tmp_path / "out.csv"
    done = subsidy("batch", str(EXAMPLE), "-o", str(output), *options)
    assert done.returncode == 1, done.stderr
    with output.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def expected(one: dict[str, Any]) -> dict[str, str]:
    sums = {reading: str(one[reading]) for reading in STACKINGS if reading in one}
    return sums | {item: str(granted) for item, granted in one["items"].items()}


def test_every_enterprise_gets_what_it_is_due(tmp_path: Path) -> None:
    rows = answered(tmp_path)
    for row, one in zip(rows, ENTERPRISES, strict=True):
        assert (row["name"], row["status"]) == (one["name"], one["status"])
        head = ("source", "row", "name", "uscc", "claim_year", "status", "total", "paid", "error")
        assert {key: value for key, value in row.items() if value and key not in head} == expected(one)


def test_a_pool_pays_pro_rata(tmp_path: Path) -> None:
    # 1,000,000 and 600,000 are asked of 1,200,000: three quarters of each.
    rows = answered(tmp_path, "--pool", "13=120万")
    assert [row["paid"] for row in rows] == ["2900000", "750000", "850000", "0", "0", ""]
