"""Where in an enterprise file the columns of an Arrow table stand, nested or dotted."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from calc.batch.intake.columns.arrays import flattened, is_list, only, plain
from calc.batch.intake.columns.values import Leaf, judged
from calc.batch.intake.keys import FIRST_YEARS, SINGLE, year_of
from calc.batch.intake.safe_texts import is_valid
from calc.batch.portfolio import Bools, Ints
from calc.enterprise.schema import ENTERPRISE_KEYS, LAST_YEAR

Path: TypeAlias = tuple[str, ...]


class Rows(NamedTuple):
    """What rows give of one table: of each the place of its owner, and the values of its keys."""

    owners: Ints
    leaves: dict[str, Leaf]


class YearRows(NamedTuple):
    """What rows give of a year, each of its own."""

    rows: Rows
    years: Ints


@dataclass(frozen=True, slots=True)
class Layout:
    """A table taken apart.

    ``single``: tables that an enterprise has once.  ``by_year``: what it has once a year, in columns of a
    year or in rows.  ``entries``: tables of which it has many; of each, lists of rows in the order of the
    file.  ``astray``: rows that hold something where a table should be.
    """

    size: int
    astray: Bools
    single: dict[str, dict[str, Leaf]] = field(default_factory=lambda: defaultdict(dict))
    of_years: dict[str, dict[int, dict[str, Leaf]]] = field(default_factory=lambda: defaultdict(dict))
    year_rows: dict[str, YearRows] = field(default_factory=dict)
    entries: dict[str, dict[int, Rows]] = field(default_factory=lambda: defaultdict(dict))


def layout_of(table: pa.Table) -> Layout:
    """Take a table apart whose columns have been checked."""
    layout = Layout(len(table), np.zeros(len(table), np.bool_))
    for path, leaf in leaves_of(table):
        _put(layout, path, leaf)
    for part, given in layout.year_rows.items():
        if layout.of_years[part]:  # whoever says one year in two ways is left to the strict loader
            layout.astray[given.rows.owners] = True
    return layout


def leaves_of(table: pa.Table) -> Iterator[tuple[Path, Leaf]]:
    """Every column that is no struct, with its path in the file."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        yield from _spread(tuple(name.split(".")), _whole(column), is_cell=True)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _spread(path: Path, values: pa.Array, *, is_cell: bool) -> Iterator[tuple[Path, Leaf]]:
    values = plain(values)
    if pa.types.is_struct(values.type):
        for one, inner in zip(values.type, values.flatten(), strict=True):
            yield from _spread((*path, one.name), inner, is_cell=False)
    else:
        yield _in_file(path, values.type), Leaf(values, is_cell)


def _in_file(path: Path, kind: pa.DataType) -> Path:
    """The path in the file: keys of the enterprise may stand without its name before them."""
    of_years = path == ("kinds",) and is_list(kind) and pa.types.is_struct(kind.value_type)
    is_own = len(path) == 1 and path[0] in ENTERPRISE_KEYS and not of_years
    return ("enterprise", *path) if is_own else path


def _put(layout: Layout, path: Path, leaf: Leaf) -> None:
    part = path[0]
    match path:
        case (_, key) if part in SINGLE:
            layout.single[part][key] = leaf
        case (_, year) if part == "kinds":
            layout.of_years[part][int(year)] = {part: leaf}
        case (_, year, key) if part == "figures":
            layout.of_years[part].setdefault(int(year), {})[key] = leaf
        case (_, index, key):
            everyone = np.arange(layout.size)
            rows = layout.entries[part].setdefault(int(index), Rows(everyone, {}))
            rows.leaves[key] = leaf
        case (_,) if part not in SINGLE and is_list_of_tables(leaf.values.type):
            owners, leaves = _flattened(leaf.values)
            if part in FIRST_YEARS:
                _put_years(layout, part, owners, leaves)
            else:
                layout.entries[part][0] = Rows(owners, leaves)
        case _ if is_list_of_nothing(leaf.values.type):
            pass
        case _:
            layout.astray[is_valid(leaf.values)] = True


def is_list_of_tables(kind: pa.DataType) -> bool:
    """Whether values of a type are lists of structs."""
    return is_list(kind) and pa.types.is_struct(kind.value_type)


def is_list_of_nothing(kind: pa.DataType) -> bool:
    """Whether values of a type are lists that hold nothing: nobody has an entry."""
    return is_list(kind) and bool(pa.types.is_null(kind.value_type))


def _flattened(lists: pa.Array) -> tuple[Ints, dict[str, Leaf]]:
    """The structs of all lists, one after the other, but for those that are null."""
    inner, owners = flattened(lists)
    if inner.null_count:
        valid = is_valid(inner)
        inner, owners = only(inner, valid), owners[valid]
    fields = zip(inner.type, inner.flatten(), strict=True)
    return owners, {one.name: Leaf(plain(values), False) for one, values in fields}


def _put_years(layout: Layout, part: str, owners: Ints, leaves: dict[str, Leaf]) -> None:
    """Rows of a year each: its number, and beside it either its keys or one struct (or list) of them."""

    def judge(one: Any) -> int | None:
        return None if isinstance(one, bool) else year_of(str(one), part)

    if leaves.keys() == {"key", "value"}:
        years, value = leaves["key"], leaves["value"]
        leaves = {part: value}
        if part == "figures":
            inner = [*_spread((part,), value.values, is_cell=False)]
            leaves = {path[1]: leaf for path, leaf in inner if len(path) > 1}
            if not leaves:  # figures that are no table
                layout.astray[owners[is_valid(value.values)]] = True
    else:
        years = leaves.pop("year")
    numbers, known, _ = judged(years, "year", judge)
    layout.astray[owners[~known]] = True
    marks = np.sort(owners * (LAST_YEAR + 1) + numbers)
    repeated = marks[1:][marks[1:] == marks[:-1]]
    layout.astray[repeated // (LAST_YEAR + 1)] = True
    layout.year_rows[part] = YearRows(Rows(owners, leaves), numbers)
