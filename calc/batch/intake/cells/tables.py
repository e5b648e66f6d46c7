"""Enterprises put together from a sheet or file for each table, whose rows name their enterprise."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from calc.batch.intake.cells.names import english_key, is_remark, nearest_part, types_of, words_of
from calc.batch.intake.cells.text import Header
from calc.batch.intake.cells.written import leaf_reader
from calc.batch.intake.keys import FIRST_YEARS, lists_of
from calc.enterprise.numbers import half_width
from calc.enterprise.problems import MOST_SHOWN, InputError, Problem, nearest_word
from calc.enterprise.vocabulary import Vocabulary

OWNER: Final = "enterprise"
"""The column of every other table that holds the name of the enterprise, or its credit code."""

_FEW: Final = 1000
"""Among so many enterprises the one that was most likely meant is looked for."""


class Table(NamedTuple):
    """The cells of a table; ``part`` is which it is, ``None`` where no table is called like its ``name``.

    None of its rows is blank.
    """

    name: str
    part: str | None
    header: tuple[str, ...]
    rows: Iterable[Sequence[Any]]


class _Row(NamedTuple):
    """One row of a table: whose it is, the year it is of, what else it says; rows are counted from 1.

    ``surplus``: how many cells it has, where they are more than there are columns, and else 0.
    """

    part: str
    number: int
    owner: str
    year: str
    content: dict[str, Any]
    limit: int
    surplus: int


def contents_of_tables(
    tables: Iterable[Table], vocabulary: Vocabulary, source: str = ""
) -> list[dict[str, Any] | InputError]:
    """The documents that tables hold together, in the order of the table ``enterprise``.

    That one may have dotted columns of the other tables too.  What is wrong with the rows of an enterprise
    stands in its place; rows that belong to none follow after all documents.
    Raises ``InputError`` with all tables and columns that no document has.
    """
    rows = _rows(tables, vocabulary, source)
    contents = _Contents(source, [row for row in rows if row.part == OWNER])
    for row in rows:
        if row.part != OWNER:
            contents.add(row)
    return contents.all()


def _rows(tables: Iterable[Table], vocabulary: Vocabulary, source: str) -> list[_Row]:
    """The rows of all tables that say anything."""
    rows: list[_Row] = []
    problems: list[Problem] = []
    names: dict[str, str] = {}
    for table in tables:
        part = table.part
        if part is None:
            near = nearest_part(table.name, vocabulary)
            problems.append(Problem(source, "unknown_sheet", (), table.name, nearest=near))
            continue
        if part in names:
            details = {"other": names[part]}
            problems.append(Problem(source, "table_twice", (part,), table.name, details))
            continue
        names[part] = table.name
        try:
            read = _reader(source, part, table.header, vocabulary)
        except InputError as error:
            problems += error.problems
            continue
        rows += [row for number, cells in enumerate(table.rows, 1) if (row := read(number, cells))]
    if OWNER not in names:
        problems.append(Problem(source, "no_enterprise"))
    if problems:
        raise InputError(tuple(problems))
    return rows


def _reader(
    source: str, part: str, header: Sequence[str], vocabulary: Vocabulary
) -> Callable[[int, Sequence[Any]], _Row | None]:
    """A reader of the rows of a table; it gives ``None`` for one that says nothing."""
    if part == OWNER:
        try:
            content_of = Header(source, header, vocabulary).content
        except InputError as error:
            raise InputError(tuple(one._replace(path=(part,)) for one in error.problems)) from None
    else:
        content_of = _Columns(source, part, header, vocabulary).content

    def read(number: int, cells: Sequence[Any]) -> _Row | None:
        content = content_of(cells)
        is_over = any(cell not in (None, "") for cell in cells[len(header) :])
        if not content and not is_over:
            return None
        owner = "" if part == OWNER else str(content.pop(OWNER, ""))
        year = str(content.pop("year", "")) if part in FIRST_YEARS else ""
        return _Row(part, number, owner, year, content, len(header), len(cells) if is_over else 0)

    return read


class _Columns:
    """The columns of a table whose rows name their enterprise.

    Raises ``InputError`` with all columns that it cannot have, or that stand twice.
    """

    def __init__(self, source: str, part: str, header: Sequence[str], vocabulary: Vocabulary) -> None:
        years = {"year": "year"} if part in FIRST_YEARS else {}
        self._types = {OWNER: "text", **years, **types_of(part, vocabulary)}
        common = {vocabulary.common[key].zh: key for key in (OWNER, "year") if key in self._types}
        self._columns: dict[str, tuple[int, Callable[[Any], Any]]] = {}
        problems: list[Problem] = []
        for at, name in enumerate(header):
            known = english_key(part, name.strip(), vocabulary)
            key = common.get(name.strip(), name.strip()) if known is None else known
            if key in self._columns:
                problems.append(Problem(source, "column_twice", (part,), name))
            elif key in self._types:
                self._columns[key] = (at, leaf_reader(self._types[key], words_of(part, key, vocabulary)))
            elif not is_remark(name):
                near = nearest_word(name, tuple(self._types)) if len(problems) < MOST_SHOWN else None
                problems.append(Problem(source, "unknown_column", (part,), name, nearest=near))
        if problems:
            raise InputError(tuple(problems))
        self._lists = [key for key in lists_of(part, vocabulary) if key in self._columns]

    def content(self, cells: Sequence[Any]) -> dict[str, Any]:
        """What a row says, its owner and its year too; nothing where all its cells are empty."""
        read = {key: read(cells[at]) for key, (at, read) in self._columns.items() if at < len(cells)}
        content = {key: leaf for key, leaf in read.items() if leaf is not None}
        return {**{key: [] for key in self._lists}, **content} if content else content


class _Contents:
    """Documents that are being put together."""

    def __init__(self, source: str, heads: list[_Row]) -> None:
        self._source = source
        self._contents: list[dict[str, Any]] = [head.content for head in heads]
        self._problems: defaultdict[int, list[Problem]] = defaultdict(list)
        self._strays: list[InputError] = []
        self._called: defaultdict[str, list[int]] = defaultdict(list)
        for place, head in enumerate(heads):
            own = head.content.get("enterprise", {})
            names = {str(own[key]) for key in ("name",) if key in own}
            names |= {_code(str(own["uscc"]))} if "uscc" in own else set()
            for name in names:
                self._called[name].append(place)
            self._check_width(place, head)

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

    def _check_width(self, place: int, row: _Row) -> None:
        if row.surplus:
            self._problems[place].append(
                self._problem("too_many_cells", row, limit=row.limit, count=row.surplus)
            )

    def _put(self, place: int, row: _Row) -> None:
        self._check_width(place, row)
        content = self._contents[place]
        if row.part in FIRST_YEARS:
            of_years = content.setdefault(row.part, {})
            if row.year in of_years:
                self._problems[place].append(self._problem("row_twice", row))
            of_years[row.year] = row.content.get("kinds", []) if row.part == "kinds" else row.content
        elif row.part == "fx":
            if "fx" in content:
                self._problems[place].append(self._problem("row_twice", row))
            content["fx"] = row.content
        else:
            content.setdefault(row.part, []).append(row.content)

    def _problem(self, code: str, row: _Row, nearest: str | None = None, **more: int) -> Problem:
        details = {"table": row.part, "row": row.number, **more}
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
