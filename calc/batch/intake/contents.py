"""One row of an Arrow table as the content of a document: what the strict loader judges."""

from collections import defaultdict
from typing import Any

import pyarrow as pa

from calc.batch.intake.columns import plain
from calc.batch.intake.keys import FIRST_YEARS, keys_of
from calc.batch.intake.layout import SINGLE, is_list_of_nothing, is_list_of_tables, leaves_of
from calc.batch.intake.leaves import leaf_of
from calc.enterprise.problems import refuse
from calc.enterprise.vocabulary import Vocabulary


def content_of(table: pa.Table, place: int, vocabulary: Vocabulary) -> dict[str, Any]:
    """One row as the content of a document, of the shape of the file: what is null is absent.

    Raises ``InputError`` where a year stands in it twice, which no content can say.
    """
    content: dict[str, Any] = {}
    entries: defaultdict[str, dict[int, list[Any]]] = defaultdict(dict)
    for path, leaf in leaves_of(table.slice(place, 1)):
        scalar, kind = leaf.values[0], leaf.values.type
        if not scalar.is_valid or (is_list_of_nothing(kind) and len(path) == 1):
            continue
        part = path[0]
        if len(path) == 1:
            if part in SINGLE or not is_list_of_tables(kind):
                content[part] = leaf_of(scalar, "", is_cell=False)
            elif part in FIRST_YEARS:
                _put_years(content.setdefault(part, {}), part, scalar.values, vocabulary)
            else:
                entries[part][0] = [_table(one, part, vocabulary) for one in scalar.values if one.is_valid]
            continue
        key_type = _type_at(path, vocabulary)
        value = leaf_of(scalar, key_type, is_cell=leaf.is_cell)
        if value is None:
            continue
        if part in SINGLE or part in FIRST_YEARS:
            _put(content, path, value)
        elif len(path) == 2:  # noqa: PLR2004 -- what stands where an entry should
            entries[part][int(path[1])] = [value]
        else:
            entry: list[Any] = entries[part].setdefault(int(path[1]), [{}])
            entry[0][path[2]] = value
    for part, by_index in entries.items():
        content[part] = [one for _, ones in sorted(by_index.items()) for one in ones]
    return content


def _type_at(path: tuple[str, ...], vocabulary: Vocabulary) -> str:
    keys = keys_of(path[0], vocabulary)
    key = keys.get("kinds" if path[0] == "kinds" else path[-1])
    return "" if key is None else key.type


def _put(content: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        content = content.setdefault(part, {})
    if path[-1] in content:
        refuse("", "duplicate_key", key=".".join(path))
    content[path[-1]] = value


def _table(scalar: Any, part: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """One struct of a list of tables."""
    keys = keys_of(part, vocabulary)
    table = {}
    for name, value in scalar.items():
        one = plain(pa.array([value], value.type))[0] if value.is_valid else value
        if one.is_valid:
            table[name] = leaf_of(one, keys[name].type if name in keys else "", is_cell=False)
    return table


def _put_years(by_year: dict[str, Any], part: str, rows: Any, vocabulary: Vocabulary) -> None:
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
