"""Checks a parsed enterprise file: every problem at once, those of shape and those across keys."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic_core import ValidationError

from calc.enterprise.documents import Document
from calc.enterprise.numbers import NumberError, read_number
from calc.enterprise.positions import located
from calc.enterprise.problems import MOST_SHOWN, InputError, KeyPath, Problem
from calc.enterprise.schema import (
    AGREEMENT_KEYS,
    ENTERPRISE_KEYS,
    SUM_KEYS,
    file_validator,
    known_parts,
    read_day,
)
from calc.enterprise.vocabulary import Field, Label, Table, Vocabulary, meant_word

_MOST_KEPT: Final = 1000
"""So many problems are kept whole; of those beyond only the number."""

_SURROGATE: Final = "\\ud"
_EXAMPLES: Final = MappingProxyType(
    {
        "name": '"…"',
        "year": "2026",
        "item": '"…"',
        "amount": '"100万"',
        "until": "2026-12-31",
        "covers": '["*"]',
        "money": '"2600万"',
        "date": "2026-03-01",
        "count": "12",
    }
)
"""What an added key may look like, by its type or by its name."""


def checked(
    document: Document, vocabulary: Vocabulary, items: tuple[str, ...], claim_year: int | None
) -> dict[str, Any]:
    """The validated content of a file.  Raises ``InputError`` with all its problems."""
    check = _Check(document, vocabulary)
    content = check.validate(items, claim_year)
    if check.problems:
        raise InputError(located(document, check.problems))
    return content


class _Check:
    """One pass over one document, gathering problems."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._document = document
        self._vocabulary = vocabulary
        self.problems: list[Problem] = []
        self._one_more = Problem(document.source, "one_more")

    def add(self, code: str, path: KeyPath, value: object = None, **details: Any) -> None:
        if len(self.problems) >= _MOST_KEPT:
            self.problems.append(self._one_more)
            return
        is_shown = len(self.problems) < MOST_SHOWN
        allowed = details.get("allowed")
        nearest = meant_word(value, allowed, self._vocabulary) if is_shown and allowed else None
        labels = self._labels_at(path) if is_shown and nearest is None and allowed else {}
        if labels:
            details["labels"] = labels
        self.problems.append(
            Problem(self._document.source, code, path, value, details=details, nearest=nearest)
        )

    def _labels_at(self, path: KeyPath) -> Mapping[str, Label]:
        """What the words are called that may stand at a path."""
        if path[0] in ("enterprise", "kinds"):
            return {name: word.label for name, word in self._vocabulary.kinds.items()}
        match path:
            case (str(part), int(), str(key), *_) if part in self._vocabulary.tables:
                field = self._vocabulary.tables[part].fields.get(key)
            case _:
                field = None
        return {name: word.label for name, word in field.words.items()} if field is not None else {}

    def validate(self, items: tuple[str, ...], claim_year: int | None) -> dict[str, Any]:
        raw = self._document.content
        if self._document.is_json and _SURROGATE in self._document.text.lower():
            raw = self._without_broken_keys((), raw)
        if "enterprise" not in raw:
            self.problems.append(Problem(self._document.source, "no_enterprise"))
        known = known_parts(self._vocabulary)
        for name in raw:
            if name not in known:
                under = "enterprise" if name in ENTERPRISE_KEYS else None
                self.add("unknown_key", (name,), name, allowed=known, under=under)
        parts = tuple(name for name in known if name in raw)
        content: dict[str, Any] = {}
        try:
            content = file_validator(self._vocabulary, items, parts).validate_python(
                {name: raw[name] for name in parts}
            )
        except ValidationError as errors:
            for error in errors.errors(include_url=False):
                self._add_validation_error(error)
        self._check_across(raw, claim_year)
        return content

    def _without_broken_keys(self, path: KeyPath, node: Any) -> Any:
        """The same content without keys that are half a character: JSON lets one write them."""
        if isinstance(node, list):
            return [self._without_broken_keys((*path, place), one) for place, one in enumerate(node)]
        if not isinstance(node, dict):
            return node
        sound = {}
        for key, one in node.items():
            if any(unicodedata.category(character) == "Cs" for character in key):
                self.add("unsafe_text", (*path, key), key, is_key=True)
            else:
                sound[key] = self._without_broken_keys((*path, key), one)
        return sound

    def _add_validation_error(self, error: Any) -> None:
        path: KeyPath = error["loc"]
        value = error["input"]
        match error["type"]:
            case "year_key":
                self.add("year_key", path[:-1], value, **error["ctx"])
            case "missing":
                self._add_missing(path)
            case "extra_forbidden":
                self.add("unknown_key", path, path[-1], allowed=self._keys_at(path[0]))
            case "list_type":
                is_table = len(path) == 1
                self.add("not_a_table_array" if is_table else "not_a_list", path, value)
            case "dict_type":
                in_array = len(path) > 1 and isinstance(path[-1], int)
                self.add("not_a_table", path, value, in_array=in_array)
            case code:
                self.add(code, path, value, **error.get("ctx", {}))

    def _add_missing(self, path: KeyPath) -> None:
        key = str(path[-1])
        table = self._vocabulary.tables.get(str(path[0]))
        field = table.fields.get(key) if table is not None else None
        words = tuple(field.words) if field is not None else ()
        value = f'"{words[0]}"' if words else _EXAMPLES.get(field.type if field is not None else key)
        if words and field is not None and field.type == "words":
            value = f"[{value}]"
        example = None if value is None else f"{key} = {value}"
        self.add("missing_key", path, allowed=words, example=example)

    def _keys_at(self, part: str | int) -> tuple[str, ...]:
        match part:
            case "enterprise":
                return ENTERPRISE_KEYS
            case "fx":
                return tuple(self._vocabulary.fx)
            case "figures":
                return tuple(self._vocabulary.figures)
            case "agreement":
                return AGREEMENT_KEYS
            case "received" | "expect":
                return SUM_KEYS
            case _:
                return self._vocabulary.tables[str(part)].keys

    def _check_across(self, raw: Mapping[str, Any], claim_year: int | None) -> None:
        enterprise = raw.get("enterprise")
        if claim_year is None and isinstance(enterprise, dict) and "claim_year" not in enterprise:
            self.add("missing_key", ("enterprise", "claim_year"), example="claim_year = 2026")
        for name, table in self._vocabulary.tables.items():
            entries = raw.get(name)
            if isinstance(entries, list):
                self._check_entries(table, entries)
        agreements = raw.get("agreement")
        if isinstance(agreements, list):
            self._check_names("agreement", agreements, dated=False)
            for index, one in enumerate(agreements):
                if isinstance(one, dict):
                    self._check_agreement(index, one)

    def _check_entries(self, table: Table, entries: list[Any]) -> None:
        self._check_names(table.name, entries, dated=table.dated)
        for field in table.fields.values():
            if field.part_of is not None or field.not_needed_for:
                for index, entry in enumerate(entries):
                    if isinstance(entry, dict):
                        self._check_field(table, field, index, entry)

    def _check_field(self, table: Table, field: Field, index: int, entry: dict[str, Any]) -> None:
        if field.part_of is not None:
            part, whole = (_number(table, name, entry) for name in (field.name, field.part_of))
            if part is not None and whole is not None and part > whole:
                path = (table.name, index, field.name)
                self.add("above_whole", path, entry[field.name], whole=field.part_of, limit=whole)
        if field.required and field.not_needed_for and field.name not in entry:
            spared = any(entry.get(key) in words for key, words in field.not_needed_for.items())
            if not spared:
                self._add_missing((table.name, index, field.name))

    def _check_names(self, table: str, entries: list[Any], *, dated: bool) -> None:
        seen: set[tuple[Any, Any]] = set()
        for index, entry in enumerate(entries):
            if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
                continue
            year = entry.get("year") if dated else None
            mark = (entry["name"], year if isinstance(year, int) else None)
            if mark in seen:
                self.add("duplicate_name", (table, index, "name"), entry["name"], year=mark[1])
            seen.add(mark)

    def _check_agreement(self, index: int, agreement: dict[str, Any]) -> None:
        since, until = read_day(agreement.get("from")), read_day(agreement.get("until"))
        if since is not None and until is not None and since > until:
            self.add("from_after_until", ("agreement", index, "from"), agreement["from"], limit=until)


def _number(table: Table, name: str, entry: Mapping[str, Any]) -> Any:
    field = table.fields.get(name)
    if field is None or name not in entry:
        return None
    try:
        return read_number(entry[name], field.type)
    except NumberError:
        return None
