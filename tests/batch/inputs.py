"""Enterprises as rows, and what each is worth: sums worked out by hand."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

from calc.cli.app import run

# 13-compute-voucher: 20% of the amount, at most 100万 a claim and a year.
VOUCHERS = {"甲公司": (1_000_003, 200_000), "乙公司": (9_000_000, 1_000_000), "丙公司": (25_000, 5_000)}


def enterprise(name: str, amount: int | str, **more: Any) -> dict[str, Any]:
    return {
        "enterprise": {"name": name, "claim_year": 2026, **more},
        "compute_contract": [{"name": "算力", "year": 2026, "amount": amount}],
    }


def voucher_rows() -> list[dict[str, Any]]:
    return [enterprise(name, amount) for name, (amount, _) in VOUCHERS.items()]


def in_process(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a command says and ends in, without a process of its own: most tests need none."""
    said, told = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "SUBSIDY"))}
    words = [str(one) for one in arguments]
    with (
        mock.patch.dict(os.environ, {**kept, "COLUMNS": "100", **environment}, clear=True),
        mock.patch.multiple(sys, stdout=said, stderr=told, argv=["subsidy", *words]),
    ):
        code = run(words)
    said.flush()
    return subprocess.CompletedProcess(words, code, said.buffer.getvalue().decode(), told.getvalue())


def ndjson(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def dotted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "enterprise.name": row["enterprise"]["name"],
            "claim_year": row["enterprise"]["claim_year"],
            "compute_contract.1.name": row["compute_contract"][0]["name"],
            "compute_contract.1.year": row["compute_contract"][0]["year"],
            "compute_contract.1.amount": row["compute_contract"][0]["amount"],
        }
        for row in rows
    ]


FILE_ROWS = 50
"""So many enterprises stand in each file of a folder: each file is a piece."""


def write_pieces(folder: Path, count: int) -> None:
    """So many enterprises in several pieces, one in ten of them wrong."""
    folder.mkdir()
    rows = [
        enterprise(f"企业{number}", "1美元" if number % 10 == 3 else 10_000 + number)
        for number in range(count)
    ]
    for start in range(0, count, FILE_ROWS):
        name = f"{start:06d}.ndjson"
        (folder / name).write_text(ndjson(rows[start : start + FILE_ROWS]), "utf-8")
