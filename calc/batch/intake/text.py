"""Text and cells as documents: lines of NDJSON, rows of dotted columns."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from calc.enterprise.cells import from_cell
from calc.enterprise.documents import parse_document
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError, KeyPath, Problem, nearest_word, refuse
from calc.enterprise.schema import AGREEMENT_KEYS, ENTERPRISE_KEYS, SUM_KEYS
from calc.enterprise.vocabulary import Field, Vocabulary

_TRUE: Final = frozenset({"true", "是", "1", "yes"})
_FALSE: Final = frozenset({"false", "否", "0", "no"})
_SEPARATORS: Final = re.compile("[;；、|]")
_YEAR: Final = re.compile("20[0-9]{2}|2100")


def documents_of_lines(lines: Sequence[bytes]) -> list[dict[str, Any] | InputError]:
    """The content of each line of NDJSON, or what is wrong with it."""
    return [_document_of(line) for line in lines]


def _document_of(line: bytes) -> dict[str, Any] | InputError:
    try:
        try:
            text = line.decode("utf-8-sig")
        except UnicodeDecodeError:
            refuse("", "encoding")
        if "\0" in text:
            refuse("", "not_text_file")
        return parse_document("", text, is_json=True).content
    except InputError as error:
        return error


class Header:
    """The columns of a table in dotted form.  Raises ``InputError`` with all columns that mean nothing."""

    def __init__(self, source: str, names: Sequence[str], vocabulary: Vocabulary) -> None:
        self._paths: list[tuple[str, ...]] = []
        self._types: list[str] = []
        problems: list[Problem] = []
        for name in names:
            path = tuple(name.strip().split("."))
            if path[0] in ENTERPRISE_KEYS and (len(path) == 1 or path[0] != "kinds"):
                path = ("enterprise", *path)
            kind = _type_at(path, vocabulary)
            if kind is None:
                known = [".".join(one) for one in columns_of(vocabulary)]
                problems.append(
                    Problem(source, "unknown_column", (), name, nearest=nearest_word(name, known))
                )
            self._paths.append(path)
            self._types.append(kind or "text")
        if problems:
            raise InputError(tuple(problems))

    def content(self, cells: Sequence[Any]) -> dict[str, Any]:
        """The content that a row stands for; empty cells are absent."""
        content: dict[str, Any] = {}
        for path, kind, cell in zip(self._paths, self._types, cells, strict=False):
            value = _value(cell, kind)
            if value is None:
                continue
            node = content
            for part in path[:-1]:
                node = node.setdefault(part, {})
            node[path[-1]] = value
        for name, part in content.items():
            if part and name not in ("enterprise", "fx", "figures", "kinds"):
                content[name] = [part[key] for key in sorted(part, key=int)]
        return content

    def column_of(self, path: KeyPath, cells: Sequence[Any]) -> str:  # noqa: ARG002
        """The column for a path in the document of a row."""
        return ".".join(str(part + 1 if isinstance(part, int) else part) for part in path)


def _type_at(path: tuple[str, ...], vocabulary: Vocabulary) -> str | None:
    match path:
        case ("enterprise", key):
            known = {"claim_year": "count", "filing_date": "date", "in_zone": "flag", "kinds": "words"}
            return known.get(key, "text") if key in ENTERPRISE_KEYS else None
        case ("kinds", year) if _YEAR.fullmatch(year):
            return "words"
        case ("fx", key) if key in vocabulary.fx:
            return "factor"
        case ("figures", year, key) if _YEAR.fullmatch(year):
            return _type(vocabulary.figures.get(key))
        case (table, index, key) if index.isdecimal():
            return _key_type(table, key, vocabulary)
        case _:
            return None


def _key_type(table: str, key: str, vocabulary: Vocabulary) -> str | None:
    if table == "agreement" and key in AGREEMENT_KEYS:
        return {"from": "date", "until": "date", "covers": "words"}.get(key, "text")
    if table in ("received", "expect") and key in SUM_KEYS:
        return {"year": "count", "amount": "money"}.get(key, "text")
    if table not in vocabulary.tables:
        return None
    if key == "name" or (key == "year" and vocabulary.tables[table].dated):
        return "text" if key == "name" else "count"
    return _type(vocabulary.tables[table].fields.get(key))


def _type(field: Field | None) -> str | None:
    return None if field is None else field.type


def columns_of(vocabulary: Vocabulary, years: Iterable[int] = (2025,)) -> list[tuple[str, ...]]:
    """Every dotted column, the first entry of each table; figures of some years."""
    paths: list[tuple[str, ...]] = [("enterprise", key) for key in ENTERPRISE_KEYS]
    paths += [("fx", key) for key in vocabulary.fx]
    paths += [("figures", str(year), key) for year in years for key in vocabulary.figures]
    paths += [(name, "1", key) for name, table in vocabulary.tables.items() for key in table.keys]
    paths += [("agreement", "1", key) for key in AGREEMENT_KEYS]
    paths += [(table, "1", key) for table in ("received", "expect") for key in SUM_KEYS]
    return paths


def _value(cell: Any, kind: str) -> Any:
    match cell:
        case None | "":
            return None
        case bool():
            return cell
        case float() if cell.is_integer():
            return int(cell)
        case float() | Decimal():
            return FloatText(repr(cell) if isinstance(cell, float) else f"{cell:f}")
        case datetime():
            return cell.date() if cell.time() == cell.min.time() else str(cell)
        case int() | date() | list():
            return cell
        case str():
            return _written(cell, kind)
        case _:
            return str(cell)


def _written(cell: str, kind: str) -> Any:
    text = from_cell(cell).strip()
    if not text:
        return None
    match kind:
        case "count" if text.isascii() and text.isdecimal():
            return int(text)
        case "flag" if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        case "date":
            return text.replace("/", "-")
        case "words" if text.startswith("["):
            try:
                return json.loads(text)
            except ValueError:
                return text
        case "words":
            return [one.strip() for one in _SEPARATORS.split(text) if one.strip()]
        case _:
            return text
