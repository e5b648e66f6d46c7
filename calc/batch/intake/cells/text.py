"""Rows of dotted columns as the contents of documents."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from calc.batch.intake.cells.names import Place, columns_of, is_remark, place_of, types_of, words_of
from calc.batch.intake.cells.written import leaf_reader
from calc.batch.intake.keys import lists_of
from calc.enterprise.problems import MOST_SHOWN, InputError, KeyPath, Problem, nearest_word
from calc.enterprise.schema import ENTERPRISE_KEYS
from calc.enterprise.vocabulary import Vocabulary, meant_word


class _Column(NamedTuple):
    at: int
    key: str
    read: Callable[[Any], Any]


class _Group(NamedTuple):
    """The columns of one table: ``year`` of the figures, ``number`` of an entry.

    ``lists``: those that hold a list which an entry has to name.
    """

    part: str
    year: str | None
    number: int | None
    columns: tuple[_Column, ...]
    lists: tuple[str, ...]


class Header:
    """Dotted columns: ``name``, ``figures.2025.revenue``, ``investment.1.equipment`` of the first entry.

    A column of remarks is left unread.
    Raises ``InputError`` with all columns that no document has, or that stand twice.
    """

    def __init__(self, source: str, names: Sequence[str], vocabulary: Vocabulary) -> None:
        places = [place_of(name, vocabulary) for name in names]
        problems = tuple(_problems(source, names, places, vocabulary))
        if problems:
            raise InputError(problems)
        self._names = tuple(names)
        self._groups = tuple(_groups(places, vocabulary))

    def content(self, cells: Sequence[Any]) -> dict[str, Any]:
        """The document that a row stands for; empty cells, and entries of nothing but them, are absent."""
        cells = self._filled_up(cells)
        content: dict[str, Any] = {}
        for group in self._groups:
            table = _table(group, cells)
            if not table:
                continue
            if group.number is not None:
                content.setdefault(group.part, []).append(table)
            elif group.year is not None:
                content.setdefault(group.part, {})[group.year] = table
            else:
                content[group.part] = table
        return content

    def column_of(self, path: KeyPath, cells: Sequence[Any]) -> str:
        """The column for a path in the document of a row, as the header calls it or else in dotted form."""
        cells = self._filled_up(cells)
        part, *rest = path
        held = [group for group in self._groups if group.part == part and _table(group, cells)]
        at: tuple[str, ...] = ()
        match rest:
            case [int(place), *keys] if place < len(held):
                group, at = held[place], (str(held[place].number),)
            case [year, *keys] if part == "figures" and any(one.year == year for one in held):
                group, at = next(one for one in held if one.year == year), (str(year),)
            case keys if held and part != "figures":
                group = held[0]
            case _:
                return ".".join(map(str, path))
        named = (self._names[column.at] for column in group.columns if keys and column.key == keys[0])
        return next(named, ".".join(map(str, (part, *at, *keys[:1]))))

    def _filled_up(self, cells: Sequence[Any]) -> Sequence[Any]:
        lacking = len(self._names) - len(cells)
        return [*cells, *[None] * lacking] if lacking > 0 else cells


def _table(group: _Group, cells: Sequence[Any]) -> dict[str, Any]:
    table = {}
    for at, key, read in group.columns:
        cell = cells[at]
        if cell is not None and cell != "":
            leaf = read(cell)
            if leaf is not None:
                table[key] = leaf
    return {**{key: [] for key in group.lists}, **table} if table else table


def _problems(
    source: str, names: Sequence[str], places: Sequence[Place | None], vocabulary: Vocabulary
) -> Iterator[Problem]:
    seen: set[Place] = set()
    unknown = 0
    for name, place in zip(names, places, strict=True):
        if place is None and is_remark(name):
            continue
        if place is None:
            unknown += 1
            near = nearest_column(name, vocabulary) if unknown <= MOST_SHOWN else None
            yield Problem(source, "unknown_column", (), name, nearest=near)
        elif place in seen:
            yield Problem(source, "column_twice", (), name)
        else:
            seen.add(place)


def nearest_column(name: str, vocabulary: Vocabulary) -> str | None:
    """The column that was most likely meant; its number or year stays."""
    parts = name.split(".")
    if len(parts) == 1:
        # What all columns of a table begin with would make any of them look alike.
        return meant_word(name, ENTERPRISE_KEYS, vocabulary)
    numbers = [part for part in parts if part.isdecimal()]
    return nearest_word(name, columns_of(vocabulary, *numbers[:1]))


def _groups(places: Iterable[Place | None], vocabulary: Vocabulary) -> Iterator[_Group]:
    """Tables in the order of their first columns, entries in the order of their numbers."""
    tables: dict[str, defaultdict[tuple[str | None, int | None], list[_Column]]] = {}
    for at, place in enumerate(places):
        if place is not None:
            key_type = types_of(place.part, vocabulary)[place.field]
            read = leaf_reader(key_type, words_of(place.part, place.field, vocabulary))
            slots = tables.setdefault(place.part, defaultdict(list))
            slots[place.year, place.number].append(_Column(at, place.key, read))
    for part, slots in tables.items():
        for year, number in sorted(slots, key=lambda slot: slot[1] or 0):
            columns = tuple(slots[year, number])
            lists = () if number is None else lists_of(part, vocabulary)
            held = tuple(key for key in lists if any(column.key == key for column in columns))
            yield _Group(part, year, number, columns, held)
