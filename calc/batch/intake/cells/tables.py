"""Enterprises put together from a sheet or file for each table, whose rows name their enterprise."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from calc.batch.intake.cells.names import english_key, english_part, is_remark, types_of, words_of
from calc.batch.intake.cells.written import leaf_reader
from calc.batch.intake.keys import FIRST_YEARS, lists_of
from calc.enterprise.numbers import half_width
from calc.enterprise.problems import MOST_SHOWN, InputError, Problem, nearest_word
from calc.enterprise.vocabulary import Vocabulary

OWNER: Final = "enterprise"
"""The column of every other table that holds the name of the enterprise, or its credit code."""

_UNREAD: Final = ""
"""What stands for the key of a column that is left unread."""

_FEW: Final = 1000
"""Among so many enterprises the one that was most likely meant is looked for."""


class _Row(NamedTuple):
    """One row of a table: whose it is, the year it is of, what else it says; rows are counted from 1."""

    part: str
    number: int
    owner: str
    year: str
    table: dict[str, Any]


def contents_of_tables(
    tables: Mapping[str, Iterable[Mapping[str, Any]]], vocabulary: Vocabulary, source: str = ""
) -> list[dict[str, Any] | InputError]:
    """The documents that tables hold together, in the order of the table ``enterprise``.

    ``tables`` are rows by the name of their table: cells by the names of their columns.  What is wrong with
    the rows of an enterprise stands in its place; rows that belong to none follow after all documents.
    Raises ``InputError`` with all tables and columns that no document has.
    """
    rows = _rows(tables, vocabulary, source)
    heads = [row for row in rows if row.part == OWNER]
    contents = _Contents(source, heads)
    for row in rows:
        if row.part != OWNER:
            contents.add(row)
    return contents.all()


def _rows(
    tables: Mapping[str, Iterable[Mapping[str, Any]]], vocabulary: Vocabulary, source: str
) -> list[_Row]:
    """The rows of all tables that hold anything."""
    rows: list[_Row] = []
    problems: list[Problem] = []
    for name, table in tables.items():
        part = english_part(name, vocabulary)
        if part is None:
            problems.append(Problem(source, "unknown_sheet", (), name))
            continue
        columns = _Columns(source, part, vocabulary)
        rows += [row for number, cells in enumerate(table, 1) if (row := columns.row(number, cells))]
        problems += columns.problems
    if "enterprise" not in {english_part(name, vocabulary) for name in tables}:
        problems.append(Problem(source, "no_enterprise"))
    if problems:
        raise InputError(tuple(problems))
    return rows


class _Columns:
    """The columns of one table, each looked up when it is first met."""

    def __init__(self, source: str, part: str, vocabulary: Vocabulary) -> None:
        self._source, self._part, self._vocabulary = source, part, vocabulary
        self._known: dict[str, tuple[str, Any]] = {}
        own = {} if part == OWNER else {OWNER: "text"}
        years = {"year": "year"} if part in FIRST_YEARS else {}
        self._lists = lists_of(part, vocabulary)
        self._types = {**own, **years, **types_of(part, vocabulary)}
        self.problems: list[Problem] = []

    def row(self, number: int, cells: Mapping[str, Any]) -> _Row | None:
        """What a row says; ``None`` where it says nothing."""
        table: dict[str, Any] = {}
        for name, cell in cells.items():
            if name not in self._known:
                self._known[name] = self._look_up(name)
            key, read = self._known[name]
            leaf = None if key == _UNREAD else read(cell)
            if leaf is not None:
                table[key] = leaf
        if not table:
            return None
        for key in self._lists:
            if any(key == known for known, _ in self._known.values()):
                table.setdefault(key, [])
        owner = "" if self._part == OWNER else str(table.pop(OWNER, ""))
        year = str(table.pop("year", "")) if self._part in FIRST_YEARS else ""
        return _Row(self._part, number, owner, year, table)

    def _look_up(self, name: str) -> tuple[str, Any]:
        label = name.strip()
        common = {self._vocabulary.common[key].zh: key for key in (OWNER, "year") if key in self._types}
        known = english_key(self._part, label, self._vocabulary)
        key = common.get(label, label) if known is None else known
        if key not in self._types and is_remark(label):
            return _UNREAD, str
        if key not in self._types:
            near = nearest_word(label, tuple(self._types)) if len(self.problems) < MOST_SHOWN else None
            self.problems.append(Problem(self._source, "unknown_column", (self._part,), name, nearest=near))
        elif any(key == other for other, _ in self._known.values()):
            self.problems.append(Problem(self._source, "column_twice", (self._part,), name))
        return key, leaf_reader(self._types.get(key, "text"), words_of(self._part, key, self._vocabulary))


class _Contents:
    """Documents that are being put together."""

    def __init__(self, source: str, heads: list[_Row]) -> None:
        self._source = source
        self._contents: list[dict[str, Any]] = [{"enterprise": head.table} for head in heads]
        self._problems: defaultdict[int, list[Problem]] = defaultdict(list)
        self._strays: list[InputError] = []
        self._called: defaultdict[str, list[int]] = defaultdict(list)
        for place, head in enumerate(heads):
            names = {str(head.table[key]) for key in ("name",) if key in head.table}
            names |= {_code(str(head.table["uscc"]))} if "uscc" in head.table else set()
            for name in names:
                self._called[name].append(place)

    def add(self, row: _Row) -> None:
        """Add a row to the enterprise that it names."""
        places = self._called.get(row.owner) or self._called.get(_code(row.owner)) or []
        match places:
            case [place]:
                self._put(place, row)
            case []:
                known = tuple(self._called) if len(self._called) <= _FEW else ()
                near = nearest_word(row.owner, known) if len(self._strays) < MOST_SHOWN else None
                self._strays.append(InputError((self._problem("stray_row", row, near),)))
            case _:
                for place in places:
                    self._problems[place].append(self._problem("ambiguous_row", row))

    def _put(self, place: int, row: _Row) -> None:
        content = self._contents[place]
        if row.part in FIRST_YEARS:
            of_years = content.setdefault(row.part, {})
            if row.year in of_years:
                self._problems[place].append(self._problem("row_twice", row))
            of_years[row.year] = row.table.get("kinds", []) if row.part == "kinds" else row.table
        elif row.part == "fx":
            if "fx" in content:
                self._problems[place].append(self._problem("row_twice", row))
            content["fx"] = row.table
        else:
            content.setdefault(row.part, []).append(row.table)

    def _problem(self, code: str, row: _Row, nearest: str | None = None) -> Problem:
        details = {"table": row.part, "row": row.number}
        return Problem(self._source, code, (row.part, row.number - 1), row.owner, details, nearest)

    def all(self) -> list[dict[str, Any] | InputError]:
        """Every document, or what is wrong with its rows, and then the rows that belong to none."""
        documents: list[dict[str, Any] | InputError] = [
            InputError(tuple(self._problems[place])) if place in self._problems else content
            for place, content in enumerate(self._contents)
        ]
        return [*documents, *self._strays]


def _code(text: str) -> str:
    """A credit code as it may be written in several ways."""
    return half_width(text).replace(" ", "").replace("-", "").upper()
