"""Changes figures of a parsed file: what a what-if sets and what a gap proposes, written as in the file."""

import tomllib
from copy import deepcopy
from typing import Any, NamedTuple

from calc.enterprise.documents import Document
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError, Problem, nearest_word
from calc.enterprise.vocabulary import Field, Vocabulary

_LONGEST_VALUE = 4096


class Change(NamedTuple):
    """A PATH of a figure and the leaf that it is set to."""

    path: str
    leaf: Any


def read_leaf(text: str) -> Any:
    """A value as the file would write it, quotes optional."""
    if len(text) <= _LONGEST_VALUE and "\n" not in text:
        try:
            parsed = tomllib.loads(f"value = {text}", parse_float=FloatText)
        except (ValueError, RecursionError):
            return text
        if list(parsed) == ["value"]:
            return parsed["value"]
    return text


def changed(document: Document, changes: list[Change], vocabulary: Vocabulary, claim_year: int) -> Document:
    """The document with each figure set.

    PATHs are ``enterprise.in_zone``, ``fx.usd_cny``, ``figures.2025.revenue`` and
    ``investment:二期产线.equipment`` (where a name stands in several years, the claim year's entry).
    Raises ``InputError`` for an unknown PATH.
    """
    content = deepcopy(document.content)
    for change in changes:
        table, key = _find(document.source, content, change.path, vocabulary, claim_year)
        table[key] = change.leaf
    return document._replace(content=content)


def _find(
    source: str, content: dict[str, Any], path: str, vocabulary: Vocabulary, claim_year: int
) -> tuple[dict[str, Any], str]:
    """The table and the key that a PATH names."""
    where, dot, key = path.rpartition(".")
    if dot and where == "enterprise":
        kinds = content.get("kinds")
        if key == "kinds" and isinstance(kinds, dict) and str(claim_year) in kinds:
            return kinds, str(claim_year)
        return content.setdefault("enterprise", {}), key
    if dot and where == "fx":
        return content.setdefault("fx", {}), key
    if dot and where.startswith("figures."):
        figures = content.setdefault("figures", {})
        return figures.setdefault(where.removeprefix("figures."), {}), key
    table, colon, name = where.partition(":")
    if dot and colon:
        entries = [one for one in content.get(table, []) if isinstance(one, dict) and one.get("name") == name]
        current = [one for one in entries if one.get("year") in (None, claim_year)]
        if entries:
            return (current or entries)[0], key
        _refuse(source, path, _subjects(content, vocabulary))
    _refuse(source, path, ["enterprise", "fx", "figures", *_subjects(content, vocabulary)])
    raise AssertionError


def field_of(path: str, vocabulary: Vocabulary) -> Field | None:
    """The key or figure that a PATH of a number names, if it names one."""
    where, _, key = path.rpartition(".")
    if where == "fx":
        return vocabulary.fx.get(key)
    if where.startswith("figures."):
        return vocabulary.figures.get(key)
    table = vocabulary.tables.get(where.partition(":")[0])
    return table.fields.get(key) if table is not None else None


def _subjects(content: dict[str, Any], vocabulary: Vocabulary) -> list[str]:
    return [
        f"{table}:{entry['name']}"
        for table in vocabulary.tables
        for entry in content.get(table, [])
        if isinstance(entry, dict) and "name" in entry
    ]


def _refuse(source: str, path: str, known: list[str]) -> None:
    nearest = nearest_word(path.rpartition(".")[0], known)
    details = {"allowed": tuple(known)}
    raise InputError((Problem(source, "unknown_path", value=path, details=details, nearest=nearest),))
