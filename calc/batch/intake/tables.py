"""Enterprises put together from a sheet or file for each table, whose rows name their enterprise."""

from collections.abc import Iterable, Mapping
from typing import Any

from calc.batch.intake.text import Header
from calc.enterprise.problems import InputError
from calc.enterprise.vocabulary import Vocabulary


def contents_of_tables(
    tables: Mapping[str, Iterable[Mapping[str, Any]]], vocabulary: Vocabulary, source: str = ""
) -> list[dict[str, Any] | InputError]:
    """The enterprises of which each table holds a part; other tables name theirs in ``enterprise``."""
    cells: dict[str, dict[str, Any]] = {}
    for row in tables["enterprise"]:
        cells[str(row["name"])] = {f"enterprise.{key}": cell for key, cell in row.items()}
    for name, rows in tables.items():
        for number, row in enumerate(rows if name != "enterprise" else (), 1):
            own = cells[str(row["enterprise"])]
            at = str(row["year"]) if name == "figures" else str(number)
            prefix = name if name == "fx" else f"{name}.{at}"
            own |= {
                f"{prefix}.{key}": cell
                for key, cell in row.items()
                if key != "enterprise" and not (name == "figures" and key == "year")
            }
    return [Header(source, tuple(one), vocabulary).content(tuple(one.values())) for one in cells.values()]
