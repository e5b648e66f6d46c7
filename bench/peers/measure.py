"""Measures one peer in a process of its own; prints one JSON object.

``python -m bench.peers.measure PEER first ROWS`` answers one row; ``memory ROWS`` answers rows in memory,
several times, and keeps the best; ``files ROWS OUT`` goes from file to file.  The peer is
``bench.peers.PEER``.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

RUNS = 40
FILE_RUNS = 5
SECONDS = 4.0


def peak_megabytes() -> float:
    """The most memory this process held, or the largest of those it started."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit
    status = Path("/proc/self/status")
    if not status.exists():
        return max(started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
    # On Linux the resource usage begins with that of the process which started this one.
    lines = status.read_text(encoding="ascii").splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return max(started, own / unit)


def in_memory(peer: Any, source: Path, target: Path | None) -> dict[str, float]:
    """Seconds of the best of a few runs over rows that are in memory already."""
    rows = peer.open_rows(source)
    seconds, result = _best(lambda: peer.answer(rows), RUNS)
    peak = peak_megabytes()
    if target is not None:
        peer.save(result, target)
    return {"seconds": seconds, "peak": peak}


def between_files(peer: Any, source: Path, target: Path) -> dict[str, float]:
    """Seconds of the best of a few runs from one file to another, imports not counted."""
    seconds, _ = _best(lambda: peer.through(source, target), FILE_RUNS)
    return {"seconds": seconds, "peak": peak_megabytes()}


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
    match options.mode:
        case "first":
            peer.answer(peer.open_rows(options.source))
            measured = {}
        case "memory":
            measured = in_memory(peer, options.source, options.target)
        case _:
            measured = between_files(peer, options.source, options.target)
    print(json.dumps(measured), flush=True)


if __name__ == "__main__":
    main()
