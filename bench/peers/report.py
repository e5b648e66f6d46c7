"""Shows what was measured: tables for the terminal, and the same as Markdown in results.md."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table

from bench.peers.registry import BUILD

RESULTS = Path("bench/peers/results.md")
NOTHING = "—"
WIDTH = 180


class Sheet(NamedTuple):
    """One table: what stands above it, its columns, its rows, what stands below."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str]


def _number(value: float | None, places: int = 0) -> str:
    return NOTHING if value is None else f"{value:,.{places}f}"


def _rounded(value: float | None) -> str:
    """A rate to three digits: more would be noise."""
    if value is None:
        return NOTHING
    step = 10 ** max(0, len(str(int(value))) - 3)
    return f"{round(value / step) * step:,}"


def _growth(growth: dict[str, float]) -> str:
    return " · ".join(f"{seconds:.3g}" for _, seconds in _by_size(growth)) or NOTHING


def _by_size(growth: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(growth.items(), key=lambda one: int(one[0]))


def _sizes(growth: dict[str, float]) -> str:
    powers = [f"10^{len(size) - 1}" for size, _ in _by_size(growth)]
    return f"{powers[0]}–{powers[-1]}" if powers else NOTHING


def peers_sheet(content: dict[str, Any]) -> Sheet:
    """The table of the peers."""
    head = (
        "peer", "how", "rows", "start-up, ms", "rows/s in memory", "rows/s file to file", "peak, MB",
        "seconds by rows", "for rows", "error, yuan",
    )  # fmt: skip
    rows = [
        (
            one["label"], one["how"], _number(one["rows"]), _number(one["start"]),
            _rounded(one["in_memory"]), _rounded(one["between_files"]), _number(one["peak"]),
            _growth(one["growth"]), _sizes(one["growth"]), _number(one["error"]),
        )
        for one in content["results"]
        if one["start"] is not None
    ]  # fmt: skip
    left_out = [f"{one['label']}: {one['note']}." for one in content["results"] if one["note"]]
    notes = [content["what"], *left_out, content["versions"], content["machine"]]
    return Sheet(f"Peers, {content['date']}", head, rows, notes)


def clusters_sheet(content: dict[str, Any]) -> Sheet:
    """The table of the distributed engines."""
    head = ("engine", "installed, MB", "start, s", "run, s", "right", "run with a killed worker, s", "right",
            "rows after a second run")  # fmt: skip
    rows = [
        (
            one["label"], _number(one["megabytes"]), _number(one["start"], 1), _number(one["run"], 1),
            _yes(one["is_right"]), _number(one["killed"], 1), _yes(one["is_right_killed"]),
            _number(one["rows_twice"]),
        )
        for one in content["results"]
        if one["run"] is not None
    ]  # fmt: skip
    left_out = [f"{one['label']}: {one['note']}." for one in content["results"] if one["note"]]
    return Sheet(
        f"Distributed engines, {content['date']}",
        head,
        rows,
        [content["what"], *left_out, content["machine"]],
    )


def _yes(is_right: bool | None) -> str:
    return NOTHING if is_right is None else "yes" if is_right else "no"


def markdown(sheet: Sheet) -> str:
    """A sheet as Markdown."""
    lines = [f"## {sheet.title}", "", f"| {' | '.join(sheet.head)} |", f"|{'---|' * len(sheet.head)}"]
    lines += [f"| {' | '.join(row)} |" for row in sheet.rows]
    return "\n".join([*lines, "", *(f"{note}  " for note in sheet.notes), ""])


def show(sheet: Sheet, console: Console) -> None:
    """A sheet on the terminal."""
    table = Table(*sheet.head, title=sheet.title, box=box.SIMPLE_HEAD)
    for row in sheet.rows:
        table.add_row(*row)
    console.print(table)
    for note in sheet.notes:
        console.print(note, style="dim", markup=False, highlight=False)


def wide_console() -> Console:
    """The terminal; what goes to a file has room for every column."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDTH)


def report(console: Console) -> None:
    """Show everything that has been measured, and write it to results.md."""
    kinds = {"peers": peers_sheet, "clusters": clusters_sheet}
    sheets = [
        sheet(json.loads((BUILD / f"{name}.json").read_text(encoding="utf-8")))
        for name, sheet in kinds.items()
        if (BUILD / f"{name}.json").exists()
    ]
    for sheet in sheets:
        show(sheet, console)
    title = "# Measured beside others\n\n`make peers` measures this anew.\n"
    RESULTS.write_text("\n".join([title, *map(markdown, sheets)]), encoding="utf-8")
