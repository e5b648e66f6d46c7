"""Many parsed documents as a portfolio: their tables gathered by name, and read key by key.

Only what the strict loader would accept, and read the same, becomes a member; all else is left to it.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa

from calc.batch.intake.base import Intake
from calc.batch.intake.columns.frames import portfolio_of_layout
from calc.batch.intake.columns.layout import Layout, Rows, YearRows
from calc.batch.intake.columns.values import Leaf
from calc.batch.intake.keys import FIRST_YEARS, SINGLE, Key, keys_of, year_of
from calc.batch.intake.rows.leaves import array_of
from calc.enterprise.schema import known_parts
from calc.enterprise.vocabulary import Vocabulary

Content: TypeAlias = Mapping[str, Any]

_TOGETHER: Final = 500
"""So many documents are taken apart at once: more would not stay in a core's cache."""

_NO_TABLE: Final[Content] = {"": None}
"""What stands for something that is no table: no key may be called so."""


def portfolio_of_documents(
    contents: Iterable[Content | None], vocabulary: Vocabulary, items: tuple[str, ...], claim_year: int | None
) -> Intake:
    """Take in documents as the parsers give them, decimals as ``FloatText``; ``None`` is no document.

    ``items`` are the identifiers that a file may name; ``claim_year`` wins over a document's own.
    """
    gathered = _Gathered(vocabulary, items)
    left = iter(contents)
    while some := list(islice(left, _TOGETHER)):
        gathered.add(some)
    return portfolio_of_layout(gathered.layout(), vocabulary, items, claim_year)


class _Gathered:
    """What documents hold, table by table; places of those in which anything is not plainly right."""

    def __init__(self, vocabulary: Vocabulary, items: tuple[str, ...]) -> None:
        self._parts = {part: _tables_of(part, vocabulary, items) for part in known_parts(vocabulary)}
        self._size = 0
        self._doubtful: set[int] = set()

    def add(self, contents: Iterable[Content | None]) -> None:
        """Add documents that come after all others."""
        for place, content in enumerate(contents, self._size):
            self._size += 1
            if content is None:
                self._doubtful.add(place)
                continue
            for part, node in content.items():
                tables = self._parts.get(part)
                if tables is None or not tables.put(place, node):
                    self._doubtful.add(place)
        for tables in self._parts.values():
            self._doubtful.update(tables.taken_apart())

    def layout(self) -> Layout:
        """All of it as columns."""
        layout = Layout(self._size, np.zeros(self._size, np.bool_))
        for part, tables in self._parts.items():
            rows, odd = tables.rows()
            self._doubtful.update(odd)
            if part in SINGLE:
                layout.single[part] = _of_everyone(rows, self._size)
            elif isinstance(tables, _TablesOfYears):
                layout.year_rows[part] = YearRows(rows, np.array(tables.years, np.int64))
            elif len(rows.owners):
                layout.entries[part][0] = rows
        layout.astray[list(self._doubtful)] = True
        return layout


def _of_everyone(rows: Rows, size: int) -> dict[str, Leaf]:
    """The values of a table that a document holds at most once, by the places of the documents."""
    if len(rows.owners) == size:
        return rows.leaves
    places = np.full(size, -1)
    places[rows.owners] = np.arange(len(rows.owners))
    wanted = pa.array(places, mask=places < 0)
    return {name: leaf._replace(values=leaf.values.take(wanted)) for name, leaf in rows.leaves.items()}


def _tables_of(part: str, vocabulary: Vocabulary, items: tuple[str, ...]) -> "_Tables":
    keys = keys_of(part, vocabulary, items)
    if part in FIRST_YEARS:
        return _TablesOfYears(part, keys)
    return _SingleTable(keys) if part in SINGLE else _Tables(keys)


class _Tables:
    """The tables of one name: whose each is, and what it holds under each key, ``None`` where nothing."""

    def __init__(self, keys: Mapping[str, Key]) -> None:
        self._keys = keys
        self._owners: list[int] = []
        self._new: list[Any] = []
        self._values: dict[str, list[Any]] = {name: [] for name in keys}

    def put(self, owner: int, node: Any) -> bool:
        """Put down what a document holds under the name; whether it may stand there."""
        if type(node) is not list:
            return False
        self._owners += [owner] * len(node)
        self._new += node
        return True

    def taken_apart(self) -> set[int]:
        """Take apart what was put down; whose is no table, or holds what no such table may."""
        tables = [table if type(table) is dict else _NO_TABLE for table in self._new]
        owners = self._owners[len(self._owners) - len(tables) :]
        held = 0
        for name, values in self._values.items():
            of_key = [table.get(name) for table in tables]
            held += len(tables) - of_key.count(None)
            values.extend(of_key)
        self._new.clear()
        if held == sum(map(len, tables)):
            return set()
        return {
            owner
            for owner, table in zip(owners, tables, strict=True)
            if not self._keys.keys() >= table.keys() or None in table.values()
        }

    def rows(self) -> tuple[Rows, Iterable[int]]:
        """All of them as columns, and whose holds what may not be right."""
        owners, leaves = np.array(self._owners, np.int64), {}
        odd: list[int] = []
        for name, key in self._keys.items():
            values, places = array_of(self._values[name], key.type)
            odd += places
            if values is not None:
                leaves[name] = Leaf(values, is_cell=False)
        return Rows(owners, leaves), owners[odd].tolist()


class _SingleTable(_Tables):
    """A table that a document holds at most once."""

    def put(self, owner: int, node: Any) -> bool:
        return super().put(owner, [node])


class _TablesOfYears(_Tables):
    """Tables that a document holds for a year each, or values that stand for such a table."""

    def __init__(self, part: str, keys: Mapping[str, Key]) -> None:
        super().__init__(keys)
        self._part = part
        self.years: list[int] = []

    def put(self, owner: int, node: Any) -> bool:
        if type(node) is not dict:
            return False
        years = [year_of(key, self._part) for key in node]
        self.years += [year or 0 for year in years]
        is_value = self._part in self._keys
        super().put(owner, [{self._part: one} for one in node.values()] if is_value else [*node.values()])
        return None not in years
