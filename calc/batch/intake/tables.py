"""Enterprises put together from a sheet or file for each table, whose rows name their enterprise."""

from collections.abc import Iterable, Mapping
from typing import Any

from calc.enterprise.problems import InputError
from calc.enterprise.vocabulary import Vocabulary


def contents_of_tables(
    tables: Mapping[str, Iterable[Mapping[str, Any]]], _vocabulary: Vocabulary, _source: str = ""
) -> list[dict[str, Any] | InputError]:
    """The enterprises of which each table holds a part; other tables name theirs in ``enterprise``."""
    contents: dict[str, dict[str, Any]] = {}
    for row in tables["enterprise"]:
        declared = {key: value for key, value in row.items() if value not in (None, "")}
        contents[str(declared.get("name"))] = {"enterprise": declared}
    for name, rows in tables.items():
        for row in rows if name != "enterprise" else ():
            part = {key: value for key, value in row.items() if value not in (None, "")}
            content = contents[str(part.pop("enterprise"))]
            if name == "figures":
                content.setdefault(name, {})[str(part.pop("year"))] = part
            elif name == "fx":
                content[name] = part
            else:
                content.setdefault(name, []).append(part)
    return list(contents.values())
