"""The words of an enterprise file, read as data: tables, their keys, yearly figures and kinds."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from calc.enterprise.numbers import Number, read_number
from calc.enterprise.problems import nearest_word

FieldType: TypeAlias = Literal[
    "money", "usd", "rate", "area", "factor", "count", "flag", "word", "words", "date", "text"
]
Unit: TypeAlias = Literal["months"]
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Label(NamedTuple):
    """A name in both languages."""

    zh: str
    en: str


class Word(NamedTuple):
    """One allowed word; ``open`` marks what stands for the source's 等."""

    label: Label
    open: bool = False


class Usual(NamedTuple):
    """Between what figures of a kind lie, both included; ``or_zero``: 0 is usual too."""

    least: Number | None = None
    most: Number | None = None
    or_zero: bool = False


class Field(NamedTuple):
    """One key of a table, or one yearly figure; ``example`` is a value as a file would write it.

    ``usual`` and ``usually_below`` (a key beside it) say which figures are legal but worth a question.
    """

    name: str
    type: FieldType
    label: Label
    required: bool = False
    not_needed_for: Mapping[str, tuple[str, ...]] = NOTHING
    default: Number | None = None
    default_to: str | None = None
    part_of: str | None = None
    expects: bool = False
    at_least: int = 0
    unit: Unit | None = None
    usual: Usual = Usual()
    usually_below: str | None = None
    words: Mapping[str, Word] = NOTHING
    example: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One array of tables in the file.

    ``dated`` entries name the claim year they belong to.  ``belongs_to`` holds the table and the key by
    which an entry is a part of another table's subject (a loan of its project).
    """

    name: str
    label: Label
    fields: Mapping[str, Field]
    dated: bool = True
    belongs_to: tuple[str, str] | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that an entry may hold."""
        return ("name", *(("year",) if self.dated else ()), *self.fields)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Every word an enterprise file may hold.

    ``fx`` names the exchange rates, ``sums`` what is received or expected.
    """

    kinds: Mapping[str, Word]
    figures: Mapping[str, Field]
    tables: Mapping[str, Table]
    fx: Mapping[str, Field]
    sums: Mapping[str, Field]
    common: Mapping[str, Label]


def _label(raw: Mapping[str, Any]) -> Label:
    return Label(raw["zh"], raw["en"])


def _words(raw: Mapping[str, Any]) -> dict[str, Word]:
    return {name: Word(_label(word), word.get("open", False)) for name, word in raw.items()}


def _usual(raw: Mapping[str, Any], field_type: str) -> Usual:
    least, most = (read_number(raw[key], field_type) if key in raw else None for key in ("from", "to"))
    return Usual(least, most, raw.get("or_zero", False))


def _field(name: str, raw: Mapping[str, Any]) -> Field:
    default = raw.get("default")
    return Field(
        name=name,
        type=raw["type"],
        label=_label(raw),
        required=raw.get("required", False),
        not_needed_for={key: tuple(words) for key, words in raw.get("not_needed_for", {}).items()},
        default=None if default is None else read_number(default, raw["type"]),
        default_to=raw.get("default_to"),
        part_of=raw.get("part_of"),
        expects=raw.get("expects", False),
        at_least=raw.get("at_least", 0),
        unit=raw.get("unit"),
        usual=_usual(raw.get("usual", {}), raw["type"]),
        usually_below=raw.get("usually_below"),
        words=_words(raw.get("words", {})),
        example=raw.get("example"),
    )


def _fields(raw: Mapping[str, Any]) -> dict[str, Field]:
    return {name: _field(name, one) for name, one in raw.items()}


def _table(name: str, raw: Mapping[str, Any]) -> Table:
    whole = raw.get("belongs_to")
    return Table(
        name=name,
        label=Label(raw.get("zh", name), raw.get("en", name)),
        fields=_fields(raw.get("fields", {})),
        dated=raw.get("dated", True),
        belongs_to=None if whole is None else (whole["table"], whole["by"]),
    )


def read_vocabulary(raw: Mapping[str, Any]) -> Vocabulary:
    """Build a vocabulary from a parsed document of the shape of ``vocabulary.toml``."""
    return Vocabulary(
        kinds=_words(raw.get("kinds", {})),
        figures=_fields(raw.get("figures", {})),
        tables={name: _table(name, table) for name, table in raw.get("tables", {}).items()},
        fx=_fields(raw.get("fx", {})),
        sums=_fields(raw.get("sums", {})),
        common={name: _label(one) for name, one in raw.get("common", {}).items()},
    )


@cache
def base_vocabulary() -> Vocabulary:
    """The vocabulary that every enterprise file shares."""
    return read_vocabulary(tomllib.loads(files(__package__).joinpath("vocabulary.toml").read_text("utf-8")))


def chinese_names(vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Every word of a vocabulary with its Chinese name."""
    yield from ((label.zh, name) for name, label in vocabulary.common.items())
    yield from ((word.label.zh, name) for name, word in vocabulary.kinds.items())
    for fields in (vocabulary.figures, vocabulary.fx, vocabulary.sums):
        yield from ((field.label.zh, name) for name, field in fields.items())
    for table in vocabulary.tables.values():
        yield table.label.zh, table.name
        for field in table.fields.values():
            yield field.label.zh, field.name
            yield from ((word.label.zh, name) for name, word in field.words.items())


def meant_word(wrong: object, allowed: Collection[str], vocabulary: Vocabulary) -> str | None:
    """The allowed word that looks most like what was written, in English or by its Chinese name."""
    found = nearest_word(wrong, tuple(allowed))
    if found is not None or not isinstance(wrong, str) or wrong.isascii():
        return found
    named = {name: word for name, word in chinese_names(vocabulary) if word in allowed}
    name = nearest_word(wrong, named)
    return named[name] if name is not None else None


def extend(base: Vocabulary, more: Vocabulary) -> Vocabulary:
    """Lay the words that a rules file declares over a vocabulary; a known table gains keys."""
    tables = dict(base.tables)
    for name, table in more.tables.items():
        known = tables.get(name)
        if known is None:
            tables[name] = table
        else:
            tables[name] = Table(
                name, known.label, {**known.fields, **table.fields}, known.dated, known.belongs_to
            )
    return replace(
        base, kinds={**base.kinds, **more.kinds}, figures={**base.figures, **more.figures}, tables=tables
    )
