"""The work set, or a whole portfolio, through this program's columns: all items, four readings."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import calc


def is_there() -> bool:
    """Whether the program answers frames."""
    return hasattr(calc, "estimate_frame")


def open_rows(path: Path) -> pa.Table:
    """The rows in memory."""
    return pq.read_table(path)


def answer(table: pa.Table) -> pa.Table:
    """What each item pays, and the total of each reading."""
    return calc.estimate_frame(table)


def save(result: pa.Table, path: Path) -> None:
    """Write what was answered as Parquet."""
    pq.write_table(result, path)


def through(source: Path, target: Path) -> None:
    """Parquet to Parquet, as a user does it."""
    command = [sys.executable, "-m", "calc", "batch", str(source), "-o", str(target)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
