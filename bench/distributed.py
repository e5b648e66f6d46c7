"""The whole of a batch, Parquet to Parquet: one process, processes of this machine, and Dask on it.

``python -m bench.distributed [ROWS]`` prints a table: seconds to start, to run, and to run where a worker is
killed half-way; ``same``: whether the files are those of one process, to the byte.
"""

import argparse
import contextlib
import filecmp
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import distributed
import pyarrow.parquet as pq

from bench.portfolios import GROUP, write_parquet

ROWS = 1_000_000
WAYS = {"one process": ("--jobs", "1"), "two processes": ("--jobs", "2"), "Dask": ("--cluster", "local")}
START = """
import sys, time
before = time.perf_counter()
from calc.batch.cluster import connected
from pathlib import Path
with connected("local", Path(sys.argv[1]), ()):
    print(time.perf_counter() - before)
"""


@dataclass(frozen=True)
class Run:
    """Seconds of one run, and whether its files are the expected ones."""

    seconds: float
    is_same: bool


def ran(source: Path, output: Path, expected: Path, way: tuple[str, ...], *, kills: bool = False) -> Run:
    """One run from the start of the process to its end."""
    command = [sys.executable, "-m", "calc", "batch", str(source), "-o", f"{output}/", *way, "--quiet"]
    before = time.perf_counter()
    with subprocess.Popen(command) as process:
        if kills:
            half = pq.read_metadata(source).num_rows // GROUP // 2
            while process.poll() is None and len(list((output / ".parts").glob("*.arrow"))) < half:
                time.sleep(0.01)
            kill_a_worker(process.pid)
        process.wait()
    seconds = time.perf_counter() - before
    names = sorted(one.name for one in expected.iterdir())
    is_same = process.returncode == 0 and sorted(one.name for one in output.iterdir()) == names
    return Run(seconds, is_same and not any(filecmp.cmpfiles(expected, output, names, shallow=False)[1:]))


def kill_a_worker(process: int) -> None:
    """End that process of those which a process has started that is largest: one that works."""
    children = [
        int(one)
        for file in Path(f"/proc/{process}/task").glob("*/children")
        for one in file.read_text().split()
    ]
    sizes = {}
    for child in children:
        with contextlib.suppress(OSError):
            sizes[int(Path(f"/proc/{child}/statm").read_text().split()[1])] = child
    if sizes:
        os.kill(sizes[max(sizes)], signal.SIGKILL)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.distributed", description=__doc__)
    parser.add_argument("rows", type=int, nargs="?", default=ROWS)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        source, expected = Path(folder) / "in.parquet", Path(folder) / "expected"
        write_parquet(source, rows)
        start = subprocess.run(
            [sys.executable, "-c", START, folder], capture_output=True, text=True, check=True
        )
        print(f"{rows:,} enterprises, all items, four readings; Dask {distributed.__version__}")
        print(f"start of a cluster of this machine: {float(start.stdout):.1f} s")
        print(f"{'':16}   run, s   same   a worker killed, s   same")
        for name, way in WAYS.items():
            output = expected if name == "one process" else Path(folder) / name
            whole = ran(source, output, expected, way)
            line = f"{name:16} {whole.seconds:8.1f} {whole.is_same!s:>6}"
            if output != expected:
                killed = ran(source, Path(folder) / f"{name}, killed", expected, way, kills=True)
                line += f" {killed.seconds:20.1f} {killed.is_same!s:>6}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
