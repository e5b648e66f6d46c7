"""Arrow tables, nested or dotted, as documents."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from calc.batch.intake.text import Header
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from calc.enterprise.schema import ENTERPRISE_KEYS
from calc.enterprise.vocabulary import Vocabulary


def check_columns(schema: pa.Schema, vocabulary: Vocabulary) -> None:
    """Raise ``InputError`` with all columns that mean nothing."""
    Header("", [name for name in schema.names if "." in name], vocabulary)


def contents_of(
    table: pa.Table, places: Sequence[int], vocabulary: Vocabulary
) -> list[dict[str, Any] | InputError]:
    """Some rows as contents of documents."""
    return [content_of(table, place, vocabulary) for place in places]


def content_of(table: pa.Table, place: int, vocabulary: Vocabulary) -> dict[str, Any]:
    """One row as the content of a document of the shape of a file."""
    row = table.slice(place, 1).to_pylist(maps_as_pydicts="strict")[0]
    dotted = {name: value for name, value in row.items() if "." in name}
    content: dict[str, Any] = _plain({name: value for name, value in row.items() if name not in dotted})
    declared = {
        name: content.pop(name)
        for name in ENTERPRISE_KEYS
        if name in content and not isinstance(content[name], dict)
    }
    if declared:
        content["enterprise"] = {**content.get("enterprise", {}), **declared}
    for name, part in Header("", tuple(dotted), vocabulary).content(tuple(dotted.values())).items():
        content[name] = {**content.get(name, {}), **part} if isinstance(part, dict) else part
    return content


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items() if one is not None}
        case list():
            return [_plain(one) for one in value]
        case float():
            return int(value) if value.is_integer() else FloatText(repr(value))
        case Decimal():
            return FloatText(f"{value:f}")
        case _:
            return value
