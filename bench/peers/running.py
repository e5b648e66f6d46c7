"""Runs one peer after the other, each in processes of its own, and gathers what was measured."""

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench import columns, population, portfolios
from bench.peers import workset
from bench.peers.registry import BUILD, GROWTH, NODE_PACKAGES, WHOLE, Peer, Source

STARTS = 5
TIMEOUT = 120
READINGS = ("strict", "subject", "expense", "none")
SUFFIXES: dict[Source, str] = {
    "flat": "parquet",
    "nested": "nested.parquet",
    "lines": "ndjson",
    "portfolio": "portfolio.parquet",
}
WRITERS: dict[str, Callable[[Path, int], None]] = {
    "flat": workset.write_flat,
    "nested": workset.write_nested,
    "lines": workset.write_lines,
    "portfolio": portfolios.write_parquet,
    "exact": workset.write_exact,
}


@dataclass
class Measured:
    """What one peer showed; ``rows`` are those that speed, memory and error were measured at."""

    label: str
    how: str
    rows: int = 0
    start: float | None = None
    in_memory: float | None = None
    between_files: float | None = None
    peak: float | None = None
    growth: dict[int, float] = field(default_factory=dict)
    error: int | None = None
    note: str | None = None


class FailedError(Exception):
    """A peer that did not answer, and why."""


def source_of(kind: Source, rows: int) -> Path:
    """The rows in the form a peer reads, written once."""
    return _made(kind, rows, SUFFIXES[kind])


def exact_of(rows: int) -> Path:
    """What the rows are exactly paid, worked out once."""
    return _made("exact", rows, "exact.parquet")


def rows_folder() -> Path:
    """Where rows are kept; another place when they would be made in another way."""
    made_by = (workset, portfolios, columns, population)
    sources = b"".join(Path(str(module.__file__)).read_bytes() for module in made_by)
    return BUILD / "rows" / hashlib.sha256(sources).hexdigest()[:8]


def _made(kind: str, rows: int, suffix: str) -> Path:
    path = rows_folder() / f"{rows}.{suffix}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"partial.{path.name}")
        WRITERS[kind](partial, rows)
        partial.rename(path)
    return path


def _run(peer: Peer, *arguments: str) -> dict[str, float]:
    environment = {**os.environ, "NODE_PACKAGES": str(NODE_PACKAGES.absolute()), "PYTHONPATH": "."}
    try:
        done = subprocess.run(
            [*peer.command, *arguments],
            check=True,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise FailedError(f"took more than {TIMEOUT} s") from None
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or "").strip().splitlines()
        raise FailedError(lines[-1][:120] if lines else f"ended with {error.returncode}") from None
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def measure(peer: Peer, rows: int, say: Callable[[str], None]) -> Measured:
    """Everything about one peer: so many rows in memory and in files, ten times as many for growth."""
    asked = min(rows, peer.most)
    measured = Measured(peer.label, peer.how, asked)
    try:
        say(f"{peer.label}: start-up")
        measured.start = _start_up(peer)
        target = BUILD / "answers" / f"{peer.module}.{peer.source}.out"
        target.parent.mkdir(parents=True, exist_ok=True)
        sizes = _sizes(peer, rows)
        for size in [asked] if peer.grows_in_files else sizes:
            say(f"{peer.label}: {size:,} rows in memory")
            one = _run(peer, "memory", str(source_of(peer.source, size)), str(target))
            measured.growth[size] = one["seconds"]
            if size == asked:
                measured.in_memory, measured.peak = size / one["seconds"], one["peak"]
                measured.error = _error(peer, target, size)
        for size in (sizes if peer.grows_in_files else [asked]) if peer.has_files else ():
            say(f"{peer.label}: {size:,} rows from file to file")
            one = _run(peer, "files", str(source_of(peer.source, size)), f"{target}.parquet")
            if peer.grows_in_files:
                measured.growth[size] = one["seconds"]
            if size == asked:
                measured.between_files, measured.peak = asked / one["seconds"], one["peak"]
    except FailedError as error:
        measured.note = str(error)
    return measured


def _sizes(peer: Peer, rows: int) -> list[int]:
    """Powers of ten up to ten times the rows asked for, or to the most that a slow peer can do."""
    first = 1_000 if peer.most < rows else GROWTH[0]
    sizes, size = [], first
    while size <= min(peer.most, rows * 10):
        sizes.append(size)
        size *= 10
    asked = min(rows, peer.most)
    return sorted({*sizes, asked})


def _start_up(peer: Peer) -> float:
    source = source_of(peer.source, 1)
    times = []
    for _ in range(STARTS):
        start = time.perf_counter()
        _run(peer, "first", str(source))
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def _error(peer: Peer, target: Path, rows: int) -> int | None:
    """The sum of all differences to the exact amounts, in yuan, over rows and items."""
    if peer.source == "portfolio":
        return _error_of_whole(target, rows) if peer.label == WHOLE.label else None
    answers = _read(target, rows)
    exact = pq.read_table(exact_of(rows))
    return sum(_difference(answers[item], exact[item]) for item in workset.ITEMS)


def _error_of_whole(target: Path, rows: int) -> int:
    """The columns beside the engine for one enterprise, on the first rows, over the four readings."""
    singly = pq.read_table(BUILD / "answers" / "ours_single.portfolio.out")
    sample = min(rows, singly.num_rows)
    answers = pq.read_table(target).slice(0, sample)
    return sum(_difference(answers[name], singly[name].slice(0, sample)) for name in READINGS)


def _read(target: Path, rows: int) -> pa.Table:
    first = target.open("rb").read(4)
    if first == b"PAR1":
        return pq.read_table(target).slice(0, rows)
    lines = target.read_text(encoding="utf-8").splitlines()
    return pa.Table.from_pylist([json.loads(line) for line in lines])


def _difference(answers: Any, exact: Any) -> int:
    given = pc.fill_null(answers.cast(pa.int64()), 0).to_numpy()
    return int(np.abs(given - exact.to_numpy()).sum())


def keep(name: str, results: list[Any], **more: str) -> None:
    """Keep what was measured under build, for the report."""
    content = {**more, "results": [asdict(one) for one in results]}
    (BUILD / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
