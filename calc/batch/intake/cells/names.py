"""What columns of spreadsheets are called, in English or in Chinese, and where in a document they stand."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

from calc.batch.intake.keys import FIRST_YEARS, SINGLE, keys_of, year_of
from calc.enterprise.cells import ERRORS
from calc.enterprise.problems import nearest_word
from calc.enterprise.schema import ENTERPRISE_KEYS, FIRST_YEAR, OTHER_TABLES
from calc.enterprise.vocabulary import Field, Vocabulary

_MOST_DIGITS: Final = 5
_REMARK: Final = ("#", "＃")
_REMARKS: Final = ("备注", "remarks")


class Place(NamedTuple):
    """Where a column stands: the table, the key, and the year or the number of the entry, if any."""

    part: str
    key: str
    year: str | None = None
    number: int | None = None

    @property
    def field(self) -> str:
        """The key as every column of its kind has it: the kinds of a year stand under that year."""
        return self.part if self.part == "kinds" else self.key


@cache
def types_of(part: str, vocabulary: Vocabulary) -> Mapping[str, str]:
    """The keys of a table, of a year's figures or of an entry, with the types of their values."""
    return {name: key.type for name, key in keys_of(part, vocabulary).items()}


def place_of(name: str, vocabulary: Vocabulary) -> Place | None:
    """Where a dotted column stands; ``None`` where no document has such a key."""
    parts = name.strip().split(".")
    if len(parts) == 1:
        key = english_key("enterprise", parts[0], vocabulary)
        return None if key is None else Place("enterprise", key)
    part = english_part(parts[0], vocabulary)
    match parts[1:]:
        case [key] if part in SINGLE:
            found = english_key(part, key, vocabulary)
            return None if found is None else Place(part, found)
        case [year] if part == "kinds":
            return Place(part, year) if year_of(year, part) is not None else None
        case [year, key] if part == "figures":
            found = english_key(part, key, vocabulary)
            is_place = found is not None and year_of(year, part) is not None
            return Place(part, found or "", year=year) if is_place else None
        case [number, key] if part is not None and part not in (*SINGLE, *FIRST_YEARS):
            found = english_key(part, key, vocabulary)
            is_place = found is not None and _is_number(number)
            return Place(part, found or "", number=int(number)) if is_place else None
        case _:
            return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and text[0] != "0" and len(text) <= _MOST_DIGITS


def english_part(name: str, vocabulary: Vocabulary) -> str | None:
    """The table that is called so, in English or in Chinese."""
    return _parts(vocabulary).get(name)


def nearest_part(name: str, vocabulary: Vocabulary) -> str | None:
    """The table that was most likely meant by the name of a sheet or of a file."""
    return nearest_word(name.partition(".")[0], tuple(_parts(vocabulary)))


def english_key(part: str, name: str, vocabulary: Vocabulary) -> str | None:
    """The key of a table that is called so, in English or in Chinese."""
    return _keys(part, vocabulary).get(name)


@cache
def _parts(vocabulary: Vocabulary) -> Mapping[str, str]:
    labels = [(vocabulary.common[name].zh, name) for name in OTHER_TABLES if name in vocabulary.common]
    labels += [(table.label.zh, name) for name, table in vocabulary.tables.items()]
    return _called((*OTHER_TABLES, *vocabulary.tables), labels)


@cache
def _keys(part: str, vocabulary: Vocabulary) -> Mapping[str, str]:
    fields = _fields(part, vocabulary)
    keys = tuple(types_of(part, vocabulary))
    labels = [(fields[key].label if key in fields else vocabulary.common[key]).zh for key in keys]
    named = list(zip(labels, keys, strict=True))
    if part == "enterprise":
        whole = vocabulary.common[part].zh
        named += [(f"{whole}{label}", key) for label, key in named]
    return _called(keys, named)


@cache
def words_of(part: str, key: str, vocabulary: Vocabulary) -> Mapping[str, str]:
    """The words that a key of a table may hold, by their English names and by their Chinese ones.

    A Chinese name that two of them share is the name of none.
    """
    if key == "kinds":
        words = vocabulary.kinds
    else:
        field = _fields(part, vocabulary).get(key)
        words = {} if field is None else field.words
    return _called(words, ((word.label.zh, name) for name, word in words.items()))


def _fields(part: str, vocabulary: Vocabulary) -> Mapping[str, Field]:
    """The fields of a table, of a year's figures or of an entry."""
    match part:
        case "fx":
            return vocabulary.fx
        case "figures":
            return vocabulary.figures
        case "received" | "expect":
            return vocabulary.sums
        case _:
            return vocabulary.tables[part].fields if part in vocabulary.tables else {}


def is_remark(name: str) -> bool:
    """Whether a column is called what its owner's own remarks are: it is left unread."""
    called = name.strip()
    return (called.startswith(_REMARK) and called not in ERRORS) or called.lower() in _REMARKS


def _called(names: Iterable[str], labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What is called by its own name, or by a label that no other has."""
    held = list(labels)
    times = Counter(label for label, _ in held)
    return {label: name for label, name in held if times[label] == 1} | {name: name for name in names}


def columns_of(vocabulary: Vocabulary, number: str | None = None) -> tuple[str, ...]:
    """Every dotted column, of one year and of one entry of each table."""
    first, year = number or "1", number or str(FIRST_YEAR)
    columns = [*ENTERPRISE_KEYS, *(f"enterprise.{key}" for key in ENTERPRISE_KEYS), f"kinds.{year}"]
    columns += [f"fx.{key}" for key in vocabulary.fx]
    columns += [f"figures.{year}.{key}" for key in vocabulary.figures]
    for part in (*vocabulary.tables, "agreement", "received", "expect"):
        columns += [f"{part}.{first}.{key}" for key in types_of(part, vocabulary)]
    return tuple(columns)
