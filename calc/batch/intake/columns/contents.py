"""Rows of an Arrow table as the contents of documents: what the strict loader judges."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from calc.batch.intake.columns.arrays import plain
from calc.batch.intake.columns.layout import Path, is_list_of_nothing, is_list_of_tables, leaves_of
from calc.batch.intake.columns.leaves import leaf_of
from calc.batch.intake.columns.values import Leaf
from calc.batch.intake.keys import FIRST_YEARS, SINGLE, keys_of, lists_of
from calc.batch.intake.safe_texts import is_valid
from calc.enterprise.problems import InputError, refuse
from calc.enterprise.vocabulary import Vocabulary

Content: TypeAlias = dict[str, Any]


def contents_of(table: pa.Table, places: Sequence[int], vocabulary: Vocabulary) -> list[Content | InputError]:
    """Some rows as contents of documents, all of a column at once; or what is wrong with a row."""
    rows = [_Row() for _ in places]
    lists: list[Path] = []
    for path, leaf in leaves_of(_taken(table, places)):
        if _is_list_of_entry(path, vocabulary):
            lists.append(path)
        for at in np.flatnonzero(is_valid(leaf.values)).tolist():
            row = rows[at]
            try:
                row.put(path, leaf, leaf.values[at], vocabulary)
            except InputError as error:
                row.error = row.error or error
    return [row.error or row.whole(lists) for row in rows]


def _is_list_of_entry(path: Path, vocabulary: Vocabulary) -> bool:
    """Whether a column is a required list of an entry."""
    match path:
        case (part, _, key) if part not in (*SINGLE, *FIRST_YEARS):
            return key in lists_of(part, vocabulary)
        case _:
            return False


def _taken(table: pa.Table, places: Sequence[int]) -> pa.Table:
    try:
        return table.take(pa.array(places, pa.int64()))
    except pa.ArrowNotImplementedError:  # a few types can only be cut
        return pa.concat_tables([table.slice(place, 1) for place in places] or [table.slice(0, 0)])


class _Row:
    """One row on its way to a content."""

    def __init__(self) -> None:
        self.error: InputError | None = None
        self._content: Content = {}
        self._entries: defaultdict[str, dict[int, list[Any]]] = defaultdict(dict)

    def put(self, path: Path, leaf: Leaf, scalar: Any, vocabulary: Vocabulary) -> None:
        """Add the value of a column.  Raises ``InputError`` for a year that stands there already."""
        if len(path) == 1:
            self._put_whole(path[0], scalar, vocabulary)
            return
        part, *_, last = path
        value = leaf_of(scalar, _type_at(path, vocabulary), is_cell=leaf.is_cell)
        if value is None:
            return
        if part in SINGLE or part in FIRST_YEARS:
            _put(self._content, path, value)
        elif last == path[1]:  # something else stands where an entry should
            self._entries[part][int(last)] = [value]
        else:
            entry = self._entries[part].setdefault(int(path[1]), [{}])[0]
            if isinstance(entry, dict):
                entry[last] = value

    def _put_whole(self, part: str, scalar: Any, vocabulary: Vocabulary) -> None:
        """Add a column that is a whole table of the file, or stands where one should."""
        if is_list_of_nothing(scalar.type):
            return
        if part in SINGLE or not is_list_of_tables(scalar.type):
            self._content[part] = leaf_of(scalar, "", is_cell=False)
        elif part in FIRST_YEARS:
            _put_years(self._content.setdefault(part, {}), part, scalar.values, vocabulary)
        else:
            self._entries[part][0] = [_table(one, part, vocabulary) for one in scalar.values if one.is_valid]

    def whole(self, lists: Iterable[Path] = ()) -> Content:
        """The content, entries in the order of their places.

        ``lists``: columns in which an empty cell is the list of nothing.
        """
        for part, index, key in lists:
            for entry in self._entries[part].get(int(index), ()):
                if isinstance(entry, dict):
                    entry.setdefault(key, [])
        for part, by_index in self._entries.items():
            self._content[part] = [one for _, ones in sorted(by_index.items()) for one in ones]
        return self._content


def _type_at(path: Path, vocabulary: Vocabulary) -> str:
    keys = keys_of(path[0], vocabulary)
    key = keys.get("kinds" if path[0] == "kinds" else path[-1])
    return "" if key is None else key.type


def _put(content: Content, path: Path, value: Any) -> None:
    for part in path[:-1]:
        content = content.setdefault(part, {})
        if not isinstance(content, dict):  # something else stands where a table should
            return
    if path[-1] in content:
        refuse("", "duplicate_key", key=".".join(path))
    content[path[-1]] = value


def _table(scalar: Any, part: str, vocabulary: Vocabulary) -> Content:
    """One struct of a list of tables."""
    keys = keys_of(part, vocabulary)
    table = {}
    for name, value in scalar.items():
        one = plain(pa.array([value], value.type))[0] if value.is_valid else value
        if one.is_valid:
            table[name] = leaf_of(one, keys[name].type if name in keys else "", is_cell=False)
    return table


def _put_years(by_year: Content, part: str, rows: Any, vocabulary: Vocabulary) -> None:
    """Rows of a year each, as tables by their years."""
    for row in rows:
        if not row.is_valid:
            continue
        fields = dict(row.items())
        if fields.keys() == {"key", "value"}:
            year, value = fields["key"], fields["value"]
            is_table = part == "figures" and value.is_valid and pa.types.is_struct(value.type)
            found = _table(value, part, vocabulary) if is_table else leaf_of(value, "words", is_cell=False)
        else:
            year = fields.pop("year")
            found = _table(row, part, vocabulary)
            found.pop("year", None)
            found = found if part == "figures" else found.get(part)
        if found is None:
            continue
        name = str(leaf_of(year, "year", is_cell=False))
        if name in by_year:
            refuse("", "duplicate_key", key=f"{part}.{name}")
        by_year[name] = found
