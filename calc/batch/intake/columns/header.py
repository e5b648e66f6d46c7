"""Whether the columns of an Arrow table mean something, and the schema in which nothing is in doubt."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa

from calc.batch.intake.columns.layout import Path, is_list_of_tables, leaves_of
from calc.batch.intake.keys import FIRST_YEARS, SINGLE, Key, keys_of, year_of
from calc.enterprise.problems import InputError, Problem
from calc.enterprise.schema import ENTERPRISE_KEYS, known_parts
from calc.enterprise.vocabulary import Vocabulary, meant_word

_INDEX: Final = re.compile("[1-9][0-9]{0,4}")
_TYPES: Final = {
    "money": pa.decimal128(17, 2),
    "usd": pa.decimal128(17, 2),
    "rate": pa.decimal128(9, 8),
    "factor": pa.decimal128(18, 6),
    "area": pa.decimal128(18, 4),
    "count": pa.int64(),
    "year": pa.int32(),
    "flag": pa.bool_(),
    "date": pa.date32(),
    "words": pa.list_(pa.string()),
    "covers": pa.list_(pa.string()),
}


def nested_schema(vocabulary: Vocabulary) -> pa.Schema:
    """The columns of a table in which every enterprise file has its place, as nested as the file.

    Figures and kinds of a year stand in lists, each with its ``year``.
    """
    of_a_year = ("year", _TYPES["year"])
    columns: dict[str, pa.DataType] = {}
    for part in known_parts(vocabulary):
        fields = [(name, _type_of(key)) for name, key in keys_of(part, vocabulary).items()]
        if part in FIRST_YEARS:
            fields.insert(0, of_a_year)
        columns[part] = pa.struct(fields) if part in SINGLE else pa.list_(pa.struct(fields))
    return pa.schema(list(columns.items()))


def _type_of(key: Key) -> pa.DataType:
    return _TYPES.get(key.type, pa.string())


@lru_cache(maxsize=1)  # every piece of a table has the columns of the first
def check_columns(schema: pa.Schema, vocabulary: Vocabulary, source: str = "") -> None:
    """Raise ``InputError`` with every column, and every field of a nested one, that means nothing."""
    problems = tuple(_problems(schema, vocabulary, source))
    if problems:
        raise InputError(problems)


def _problems(schema: pa.Schema, vocabulary: Vocabulary, source: str) -> Iterator[Problem]:
    seen: set[Path] = set()
    for path, leaf in leaves_of(_empty_table(schema)):
        name = ".".join(path)
        if path in seen:
            yield Problem(source, "duplicate_key", path, details={"key": name})
        seen.add(path)
        if not _is_known(path, vocabulary):
            yield Problem(source, "unknown_column", (), name, nearest=_nearest(path, vocabulary))
        elif len(path) == 1 and path[0] not in SINGLE and is_list_of_tables(leaf.values.type):
            yield from _problems_of_rows(path[0], leaf.values.type.value_type, vocabulary, source)


def _empty_table(schema: pa.Schema) -> pa.Table:
    """A table without rows; of types that cannot be made, as unions, only the names count."""
    return pa.table([_nothing_of(one.type) for one in schema], names=schema.names)


def _nothing_of(kind: pa.DataType) -> pa.Array:
    try:
        return pa.nulls(0, kind)
    except pa.ArrowNotImplementedError:
        return pa.nulls(0)


def _problems_of_rows(
    part: str, struct: pa.StructType, vocabulary: Vocabulary, source: str
) -> Iterator[Problem]:
    """What is wrong with the fields of a list of tables."""
    names = [one.name for one in struct]
    allowed = {*keys_of(part, vocabulary), *(["year"] if part in FIRST_YEARS else [])}
    if part in FIRST_YEARS and set(names) == {"key", "value"}:
        value = struct.field("value").type
        names = [one.name for one in value] if pa.types.is_struct(value) else ["year"]
    elif part in FIRST_YEARS and "year" not in names:
        yield Problem(source, "missing_key", (part, "year"))
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Problem(source, "duplicate_key", (part, name), details={"key": f"{part}.{name}"})
        if name not in allowed:
            nearest = meant_word(name, allowed, vocabulary)
            at = f"{part}.{name}"
            yield Problem(
                source, "unknown_column", (), at, nearest=None if nearest is None else f"{part}.{nearest}"
            )


def _is_known(path: Path, vocabulary: Vocabulary) -> bool:
    part = path[0]
    if part not in known_parts(vocabulary):
        return False
    match path[1:]:
        case ():
            return True
        case (key,) if part in SINGLE:
            return key in keys_of(part, vocabulary)
        case (year,) if part in FIRST_YEARS:
            return year_of(year, part) is not None
        case (year, key) if part == "figures":
            return year_of(year, part) is not None and key in keys_of(part, vocabulary)
        case (index, *keys) if part not in (*SINGLE, *FIRST_YEARS):
            is_key = len(keys) == 1 and keys[0] in keys_of(part, vocabulary)
            return _INDEX.fullmatch(index) is not None and (is_key or not keys)
        case _:
            return False


def _nearest(path: Path, vocabulary: Vocabulary) -> str | None:
    """The column that looks most like one that means nothing."""
    parts = known_parts(vocabulary)
    if path[0] not in parts:
        allowed: Collection[Any] = (*parts, *ENTERPRISE_KEYS)
        part = meant_word(path[0], allowed, vocabulary)
        return None if part is None else ".".join((part, *path[1:]))
    key = meant_word(path[-1], keys_of(path[0], vocabulary), vocabulary)
    return None if key in (None, path[-1]) else ".".join((*path[:-1], key))
