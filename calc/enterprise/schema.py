"""Turns a vocabulary into validators: which keys a file may hold, and what each value must be."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from pydantic_core import PydanticCustomError, SchemaValidator, core_schema
from pydantic_core.core_schema import CoreSchema, TypedDictField

from calc.enterprise.numbers import NumberError, half_width, read_number
from calc.enterprise.vocabulary import Field, FieldType, Table, Vocabulary, Word

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
YEARS_BEFORE: Final = 2
LONGEST_NAME: Final = 200
LONGEST_DAY: Final = 24
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
UNSAFE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

ENTERPRISE_KEYS: Final = ("name", "uscc", "claim_year", "filing_date", "in_zone", "kinds")
AGREEMENT_KEYS: Final = ("name", "from", "until", "covers")
SUM_KEYS: Final = ("item", "year", "amount", "subject")
OTHER_TABLES: Final = ("enterprise", "kinds", "fx", "figures", "agreement", "received", "expect")

_TYPES: Final[Mapping[str, FieldType]] = {
    "claim_year": "count",
    "year": "count",
    "filing_date": "date",
    "from": "date",
    "until": "date",
    "in_zone": "flag",
    "kinds": "words",
    "covers": "words",
}

Reader = Callable[[Any], Any]


def type_of_key(key: str) -> FieldType:
    """How a key is written that every file shares, as a field of the nearest type: most are texts."""
    return _TYPES.get(key, "text")


def _refuse(code: str, **details: Any) -> PydanticCustomError:
    return PydanticCustomError(code, "see the details", details)


def is_unsafe(text: str) -> bool:
    """Whether a text holds control or direction characters: such text is never a name."""
    if text.isprintable():
        return False
    import unicodedata

    return any(unicodedata.category(character) in UNSAFE_CATEGORIES for character in text)


def read_text(leaf: Any, longest: int = LONGEST_NAME) -> str:
    """A text on one line that a terminal may show.  Raises ``PydanticCustomError``."""
    if type(leaf) is not str:  # a decimal is a text of its own kind
        raise _refuse("not_text")
    if not leaf.strip():
        raise _refuse("empty_text")
    if is_unsafe(leaf):
        raise _refuse("unsafe_text")
    if len(leaf) > longest:
        raise _refuse("long_text", limit=longest)
    return leaf


def read_flag(leaf: Any) -> bool:
    """A boolean, and nothing like one.  Raises ``PydanticCustomError``."""
    if not isinstance(leaf, bool):
        raise _refuse("not_a_flag")
    return leaf


def read_day(leaf: object) -> date | None:
    """A day, as a TOML date or as a text like ``2026-03-01``; ``None`` where it is neither."""
    if type(leaf) is date:
        return leaf
    if isinstance(leaf, str) and len(leaf) <= LONGEST_DAY:
        text = half_width(leaf).strip()
        try:
            return date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            return None
    return None


def read_date(leaf: Any) -> date:
    """A day that has to be there.  Raises ``PydanticCustomError``."""
    day = read_day(leaf)
    if day is None:
        raise _refuse("not_a_date")
    return day


def read_uscc(leaf: Any) -> str:
    """A unified social credit code, its check digit verified.  Raises ``PydanticCustomError``."""
    from stdnum.cn import uscc
    from stdnum.exceptions import ValidationError as StdnumError

    text = half_width(read_text(leaf)).strip().upper()
    if not text.isascii():
        raise _refuse("uscc", reason="InvalidFormat")
    try:
        return str(uscc.validate(text))
    except StdnumError as error:
        raise _refuse("uscc", reason=type(error).__name__) from None


def _number_reader(number_type: str, at_least: int = 0) -> Reader:
    def read(leaf: Any) -> Any:
        try:
            value = read_number(leaf, number_type)
        except NumberError as error:
            raise _refuse("number", reason=error.code, type=number_type) from None
        if value < at_least:
            raise _refuse("number", reason="too_small", type=number_type, least=at_least)
        return value

    return read


def _year_reader(first: int, last: int = LAST_YEAR) -> Reader:
    def read(leaf: Any) -> int:
        if isinstance(leaf, bool) or not isinstance(leaf, int) or not first <= leaf <= last:
            raise _refuse("year", first=first, last=last)
        return leaf

    return read


def _year_key_reader(first: int, last: int = LAST_YEAR) -> Reader:
    def read(leaf: Any) -> int:
        is_year = isinstance(leaf, str) and leaf.isascii() and leaf.isdigit() and len(leaf) == len(str(last))
        if not is_year or not first <= int(leaf) <= last:
            raise _refuse("year_key", first=first, last=last)
        return int(leaf)

    return read


def _word_reader(words: Mapping[str, Word]) -> Reader:
    allowed = tuple(words)

    def read(leaf: Any) -> str:
        if not isinstance(leaf, str) or leaf not in words:
            raise _refuse("word", allowed=allowed)
        return leaf

    return read


def _item_reader(items: tuple[str, ...]) -> Reader:
    known = frozenset(items)

    def read(leaf: Any) -> str:
        if not isinstance(leaf, str) or leaf not in known:
            raise _refuse("item", allowed=items)
        return leaf

    return read


def _covered_reader(items: tuple[str, ...]) -> Reader:
    read_item = _item_reader(items)

    def read(leaf: Any) -> str:
        text = read_text(leaf)
        return text if text == "*" or ":" in text else str(read_item(text))

    return read


def _plain(reader: Reader) -> CoreSchema:
    return core_schema.no_info_plain_validator_function(reader)


def _list_of(reader: Reader) -> CoreSchema:
    return core_schema.list_schema(_plain(reader), strict=True)


def _table(fields: Mapping[str, TypedDictField]) -> CoreSchema:
    return core_schema.typed_dict_schema(dict(fields), extra_behavior="forbid", total=False, strict=True)


def _key(schema: CoreSchema, *, required: bool = False) -> TypedDictField:
    return core_schema.typed_dict_field(schema, required=required)


def _field_schema(field: Field) -> CoreSchema:
    match field.type:
        case "flag":
            return _plain(read_flag)
        case "word":
            return _plain(_word_reader(field.words))
        case "words":
            return _list_of(_word_reader(field.words))
        case "date":
            return _plain(read_date)
        case "text":
            return _plain(read_text)
        case number_type:
            return _plain(_number_reader(number_type, field.at_least))


def _entry_schema(table: Table) -> CoreSchema:
    fields = {"name": _key(_plain(read_text), required=True)}
    if table.dated:
        fields["year"] = _key(_plain(_year_reader(FIRST_YEAR)), required=True)
    for field in table.fields.values():
        is_required = field.required and not field.not_needed_for
        fields[field.name] = _key(_field_schema(field), required=is_required)
    return core_schema.list_schema(_table(fields), strict=True)


def _sums_schema(vocabulary: Vocabulary, items: tuple[str, ...]) -> CoreSchema:
    fields = {
        "item": _key(_plain(_item_reader(items)), required=True),
        "year": _key(_plain(_year_reader(FIRST_YEAR)), required=True),
        **{one.name: _key(_field_schema(one), required=True) for one in vocabulary.sums.values()},
        "subject": _key(_plain(read_text)),
    }
    return core_schema.list_schema(_table(fields), strict=True)


def _part_schema(name: str, vocabulary: Vocabulary, items: tuple[str, ...]) -> CoreSchema:
    kinds = _list_of(_word_reader(vocabulary.kinds))
    match name:
        case "enterprise":
            return _table(
                {
                    "name": _key(_plain(read_text), required=True),
                    "uscc": _key(_plain(read_uscc)),
                    "claim_year": _key(_plain(_year_reader(FIRST_YEAR))),
                    "filing_date": _key(_plain(read_date)),
                    "in_zone": _key(_plain(read_flag)),
                    "kinds": _key(kinds),
                }
            )
        case "kinds":
            return core_schema.dict_schema(_plain(_year_key_reader(FIRST_YEAR)), kinds, strict=True)
        case "fx":
            return _table({one.name: _key(_field_schema(one)) for one in vocabulary.fx.values()})
        case "figures":
            figures = _table({one.name: _key(_field_schema(one)) for one in vocabulary.figures.values()})
            years = _plain(_year_key_reader(FIRST_YEAR - YEARS_BEFORE))
            return core_schema.dict_schema(years, figures, strict=True)
        case "agreement":
            agreement = {
                "name": _key(_plain(read_text), required=True),
                "from": _key(_plain(read_date)),
                "until": _key(_plain(read_date), required=True),
                "covers": _key(_list_of(_covered_reader(items)), required=True),
            }
            return core_schema.list_schema(_table(agreement), strict=True)
        case "received" | "expect":
            return _sums_schema(vocabulary, items)
        case _:
            return _entry_schema(vocabulary.tables[name])


@cache
def file_validator(vocabulary: Vocabulary, items: tuple[str, ...], parts: tuple[str, ...]) -> SchemaValidator:
    """A validator for files that hold the given tables; building only those keeps one estimate quick.

    ``items`` are the identifiers of the rules' items; ``parts`` the names of tables, all of them known.
    """
    fields = {name: _key(_part_schema(name, vocabulary, items)) for name in parts}
    return SchemaValidator(_table(fields))


def known_parts(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The names of all tables a file may hold."""
    return (*OTHER_TABLES, *vocabulary.tables)
