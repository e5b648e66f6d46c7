"""``python -m bench.peers``: measure this program beside its peers, and write bench/peers/results.md."""

import argparse
from datetime import UTC, datetime

from bench.peers import environment, ours
from bench.peers.distributed import compare_clusters
from bench.peers.registry import OURS, PEERS, PYTHON, WHOLE, WHOLE_SINGLE, Peer
from bench.peers.report import report, wide_console
from bench.peers.running import Measured, exact_of, keep, measure

QUICK_ROWS = 10**5
PACKAGES = ("numpy", "polars", "duckdb", "OpenFisca-Core", "zen-engine", "pyarrow")
WHAT = (
    "Work set: items 02-capacity, 05-rd-growth, 06-first-launch, 17-fdi, 25-technology-loan, one entry "
    "each. In memory: the best of several runs. Seconds by rows: in memory, of the whole from file to file. "
    "Start-up: from the start of a process to one answer. Peak"
    " memory: from file to file, else in memory. Error: all differences to amounts worked out in "
    "fractions, over rows and items; for the whole, columns beside the engine for one enterprise, on the "
    "rows that both did."
)


def main() -> None:
    """Set up, measure, report."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument(
        "--rows", type=int, default=10**6, help="rows in the main columns (default: 1,000,000)"
    )
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROWS:,} rows, no distributed engines")
    options = parser.parse_args()
    rows = QUICK_ROWS if options.quick else options.rows
    console = wide_console()
    machine = environment.machine()
    with console.status("setting up") as status:
        environment.prepare_python()
        no_node = environment.prepare_node()
        status.update(f"working out what {rows:,} rows are exactly paid")
        exact_of(rows)
        results = [
            skipped if (skipped := _skipped(peer, no_node)) else measure(peer, rows, status.update)
            for peer in (*PEERS, WHOLE_SINGLE, WHOLE)
        ]
        keep(
            "peers",
            results,
            date=f"{datetime.now(UTC):%Y-%m-%d}",
            machine=machine,
            versions=environment.versions(PYTHON, PACKAGES),
            what=WHAT,
        )
        if not options.quick:
            compare_clusters(status.update)
    report(console)


def _skipped(peer: Peer, no_node: str | None) -> Measured | None:
    if peer.needs_node and no_node:
        return Measured(peer.label, peer.how, note=no_node)
    if peer.module == OURS.module and not ours.is_there():
        return Measured(peer.label, peer.how, note="not measured: this version has no calc.estimate_frame")
    return None


if __name__ == "__main__":
    main()
