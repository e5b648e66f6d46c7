"""Gathers the tables of many documents by their name, and reads them key by key.

What is not plainly right makes its document doubtful: its place joins a set, and nothing is said about it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from calc.batch.intake.keys import Key
from calc.batch.intake.rows.readers import Read

Content: TypeAlias = Mapping[str, Any]
Filled: TypeAlias = dict[int, Any]
"""What is given of one key: values by the place of their table or document."""


class Rows(NamedTuple):
    """The tables of one name, with the places of their documents."""

    owners: list[int]
    tables: list[dict[str, Any]]


def single_tables(contents: Sequence[Content], part: str, doubtful: set[int]) -> Rows:
    """A table that a document holds at most once."""
    rows = Rows([], [])
    for owner, content in enumerate(contents):
        if part in content:
            add_table(rows, owner, content[part], doubtful)
    return rows


def table_arrays(contents: Sequence[Content], part: str, doubtful: set[int]) -> Rows:
    """The entries of an array of tables."""
    rows = Rows([], [])
    for owner, content in enumerate(contents):
        if part in content:
            entries = content[part]
            if type(entries) is list and all(type(entry) is dict for entry in entries):
                rows.owners.extend([owner] * len(entries))
                rows.tables.extend(entries)
            else:
                doubtful.add(owner)
    return rows


def add_table(rows: Rows, owner: int, table: object, doubtful: set[int]) -> bool:
    """Add what has to be a table; whether it is one."""
    if type(table) is not dict:
        doubtful.add(owner)
        return False
    rows.owners.append(owner)
    rows.tables.append(table)
    return True


def by_year(rows: Rows, first: int, last: int, doubtful: set[int]) -> list[tuple[int, int, Any]]:
    """What tables hold under the years that are their keys: document, year, value."""
    years = {str(year): year for year in range(first, last + 1)}
    found = []
    for owner, table in zip(rows.owners, rows.tables, strict=True):
        for key, value in table.items():
            if key in years:
                found.append((owner, years[key], value))
            else:
                doubtful.add(owner)
    return found


def check_keys(rows: Rows, keys: Mapping[str, Key], doubtful: set[int]) -> None:
    """Every table holds the keys that are required, and no others than these."""
    known = frozenset(keys)
    needed = frozenset(name for name, key in keys.items() if key.is_required)
    doubtful.update(
        owner
        for owner, table in zip(rows.owners, rows.tables, strict=True)
        if not needed <= table.keys() <= known
    )


def read_key(rows: Rows, key: str, read: Read, doubtful: set[int]) -> Filled:
    """What the tables hold under a key, by the place of the table."""
    filled = {place: read(table[key]) for place, table in enumerate(rows.tables) if key in table}
    return only_read(filled, rows.owners, doubtful)


def only_read(filled: Filled, owners: Sequence[int], doubtful: set[int]) -> Filled:
    """What could be read; the documents of all else are doubtful."""
    if None not in filled.values():
        return filled
    doubtful.update(owners[place] for place, value in filled.items() if value is None)
    return {place: value for place, value in filled.items() if value is not None}


def by_owner(filled: Filled, rows: Rows) -> Filled:
    """The same values by the place of their document, where it holds at most one such table."""
    return {rows.owners[place]: value for place, value in filled.items()}


def check_names(rows: Rows, names: Filled, years: Filled | None, doubtful: set[int]) -> None:
    """No name stands twice in a document, or twice for one year where there are years."""
    marks = [
        (rows.owners[place], name, None if years is None else years.get(place))
        for place, name in names.items()
    ]
    if len(set(marks)) < len(marks):
        doubtful.update(mark[0] for mark, times in Counter(marks).items() if times > 1)
