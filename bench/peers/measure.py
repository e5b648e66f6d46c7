"""Measures one peer in a process of its own; prints one JSON object.

``python -m bench.peers.measure PEER first ROWS`` answers one row; ``memory ROWS`` answers rows in memory,
several times, and keeps the best; ``files ROWS OUT`` goes from file to file.  The peer is
``bench.peers.PEER``.
"""

import argparse
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

RUNS = 40
FILE_RUNS = 5
SECONDS = 4.0


BETWEEN = 0.05


class Largest(threading.Thread):
    """Looks now and then how much memory the processes below this one have held at most."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.kilobytes = 0

    def run(self) -> None:
        while True:
            below = [os.getpid()]
            for process in below:  # it grows meanwhile
                below += _children(process)
            self.kilobytes = max(self.kilobytes, *map(_most_held, below))
            time.sleep(BETWEEN)


def _children(process: int) -> list[int]:
    try:
        files = Path(f"/proc/{process}/task").glob("*/children")
        return [int(one) for file in files for one in file.read_text(encoding="ascii").split()]
    except OSError:
        return []


def _most_held(process: int) -> int:
    """The kilobytes that a process held at most; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def peak_megabytes(largest: Largest | None = None) -> float:
    """The most memory this process held, or the largest of those that it and they started."""
    if largest is not None and largest.kilobytes:
        return max(largest.kilobytes, _most_held(os.getpid())) / 1e3
    if Path("/proc/self/status").exists():
        # The resource usage of a process begins with that of the one which started it.
        return _most_held(os.getpid()) / 1e3
    unit = 1e6 if sys.platform == "darwin" else 1e3
    both = (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    return max(resource.getrusage(who).ru_maxrss for who in both) / unit


def in_memory(peer: Any, source: Path, target: Path | None, largest: Largest) -> dict[str, float]:
    """Seconds of the best of a few runs over rows that are in memory already."""
    rows = peer.open_rows(source)
    seconds, result = _best(lambda: peer.answer(rows), RUNS)
    peak = peak_megabytes(largest)
    if target is not None:
        peer.save(result, target)
    return {"seconds": seconds, "peak": peak}


def between_files(peer: Any, source: Path, target: Path, largest: Largest) -> dict[str, float]:
    """Seconds of the best of a few runs from one file to another, imports not counted."""
    seconds, _ = _best(lambda: peer.through(source, target), FILE_RUNS)
    return {"seconds": seconds, "peak": peak_megabytes(largest)}


def _best(run: Callable[[], Any], most: int) -> tuple[float, Any]:
    """The seconds of the best of several runs, and what the last one gave."""
    times: list[float] = []
    result = None
    while len(times) < most and sum(times) < SECONDS:
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return min(times), result


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers.measure", description=__doc__)
    parser.add_argument("peer")
    parser.add_argument("mode", choices=("first", "memory", "files"))
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path, nargs="?")
    options = parser.parse_args()
    peer = import_module(f"bench.peers.{options.peer}")
    largest = Largest()
    if Path("/proc/self/task").exists():
        largest.start()
    match options.mode:
        case "first":
            peer.answer(peer.open_rows(options.source))
            measured = {}
        case "memory":
            measured = in_memory(peer, options.source, options.target, largest)
        case _:
            measured = between_files(peer, options.source, options.target, largest)
    print(json.dumps(measured), flush=True)


if __name__ == "__main__":
    main()
