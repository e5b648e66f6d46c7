"""The words that a rules file may declare: the shape of its ``[vocabulary]``, and doubts about it."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, TypeAlias

from pydantic import Field
from pydantic_core import PydanticCustomError

from calc.enterprise.numbers import NUMBER_TYPES, NumberError, read_number
from calc.enterprise.problems import KeyPath, Problem, nearest_word
from calc.enterprise.schema import OTHER_TABLES
from calc.enterprise.vocabulary import FieldType, Unit, Vocabulary
from calc.policy.forms import Record
from calc.policy.leaves import Flag, Leaf, Whole, Word

LONGEST_NAME: Final = 40
_NAME: Final = re.compile("[a-z][a-z0-9_]*")
_OWN_KEYS: Final = ("name", "year")
_OF_WORDS: Final = ("word", "words")


def _read_name(leaf: Any) -> str:
    if type(leaf) is not str or len(leaf) > LONGEST_NAME or not _NAME.fullmatch(leaf):
        raise PydanticCustomError("not_a_name", "see the details")
    return leaf


Name: TypeAlias = Annotated[str, Leaf(_read_name, "name")]


class Named(Record):
    """A name in both languages; ``open`` marks what stands for the source's 等."""

    zh: Word
    en: Word
    open: Flag = False


class DeclaredUsual(Record):
    """Between what figures of a kind lie, both included; ``or_zero``: 0 is usual too."""

    least: Any = Field(default=None, alias="from")
    most: Any = Field(default=None, alias="to")
    or_zero: Flag = False


class DeclaredField(Record):
    """A key of a table, or a yearly figure."""

    zh: Word
    en: Word
    type: FieldType
    required: Flag = False
    not_needed_for: Mapping[Name, tuple[Word, ...]] = Field(default_factory=dict)
    default: Any = None
    example: Any = None
    default_to: Name | None = None
    part_of: Name | None = None
    expects: Flag = False
    at_least: Whole = 0
    unit: Unit | None = None
    usual: DeclaredUsual | None = None
    usually_below: Name | None = None
    words: Mapping[Name, Named] = Field(default_factory=dict)


class WholeOf(Record):
    """The table, and the key, by which an entry is a part of another table's subject."""

    table: Name
    by: Name


class DeclaredTable(Record):
    """A table of entries; ``dated`` entries name the claim year they belong to.

    A table that every file may hold gains the keys; it keeps its name.
    """

    zh: Word | None = None
    en: Word | None = None
    dated: Flag = True
    belongs_to: WholeOf | None = None
    fields: Mapping[Name, DeclaredField] = Field(default_factory=dict)


class DeclaredVocabulary(Record):
    """Kinds of enterprise, yearly figures and tables, beside those that every file may hold."""

    kinds: Mapping[Name, Named] = Field(default_factory=dict)
    figures: Mapping[Name, DeclaredField] = Field(default_factory=dict)
    tables: Mapping[Name, DeclaredTable] = Field(default_factory=dict)


def vocabulary_problems(declared: DeclaredVocabulary, base: Vocabulary) -> Iterator[Problem]:
    """Every word that could not be read, or would mean nothing."""
    figures: dict[str, str] = {name: figure.type for name, figure in base.figures.items()}
    figures |= {name: figure.type for name, figure in declared.figures.items()}
    for name, figure in declared.figures.items():
        at: KeyPath = ("vocabulary", "figures", name)
        yield from _field_problems(figure, at, {})
        yield from _usual_problems(figure, at, figures)
    for name, table in declared.tables.items():
        at = ("vocabulary", "tables", name)
        known = base.tables.get(name)
        if name in OTHER_TABLES:
            yield Problem("", "reserved", at, name)
        if known is None:
            yield from (
                Problem("", "missing_key", (*at, key)) for key in ("zh", "en") if getattr(table, key) is None
            )
        types: dict[str, str] = {one.name: one.type for one in known.fields.values()} if known else {}
        types |= {key: field.type for key, field in table.fields.items()}
        words = {key: tuple(one.words) for key, one in known.fields.items()} if known else {}
        words |= {key: tuple(one.words) for key, one in table.fields.items()}
        for key, field in table.fields.items():
            here = (*at, "fields", key)
            if key in _OWN_KEYS:
                yield Problem("", "reserved", here, key)
            yield from _field_problems(field, here, types)
            yield from _usual_problems(field, here, types)
            for other, needless in field.not_needed_for.items():
                allowed = words.get(other, ())
                path = (*here, "not_needed_for", other)
                yield from (
                    Problem("", "unknown_word", path, one, {"allowed": allowed})
                    for one in needless
                    if one not in allowed
                )
        yield from _whole_problems(table, at, types, {**declared.tables, **base.tables})


def _field_problems(field: DeclaredField, at: KeyPath, types: Mapping[str, str]) -> Iterator[Problem]:
    is_of_words = field.type in _OF_WORDS
    if is_of_words != bool(field.words):
        yield Problem("", "words_and_type", (*at, "words"), field.type)
    for key in ("default", "example"):
        leaf = getattr(field, key)
        if leaf is not None and not _is_number(leaf, field.type):
            yield Problem("", "default", (*at, key), leaf)
    sums = tuple(key for key, one in types.items() if one == "money")
    if field.part_of is not None and (field.type != "money" or field.part_of not in sums):
        yield Problem("", "unknown_field", (*at, "part_of"), field.part_of, {"allowed": sums})
    if field.default_to is not None and types.get(field.default_to, "text") != field.type:
        allowed = ("name", *(key for key, one in types.items() if one == field.type))
        yield Problem("", "unknown_field", (*at, "default_to"), field.default_to, {"allowed": allowed})
    if field.expects and field.type != "money":
        yield Problem("", "wrong_field_type", (*at, "expects"), field.type, {"allowed": ("money",)})


def _usual_problems(field: DeclaredField, at: KeyPath, types: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with the bounds of ordinary figures; ``types`` are those of the keys beside it."""
    if field.unit is not None and field.type != "count":
        yield Problem("", "wrong_field_type", (*at, "unit"), field.type, {"allowed": ("count",)})
    other = field.usually_below
    if other is not None and (field.type not in NUMBER_TYPES or types.get(other) != field.type):
        allowed = tuple(key for key, one in types.items() if one == field.type and one in NUMBER_TYPES)
        nearest = nearest_word(other, allowed)
        yield Problem("", "unknown_field", (*at, "usually_below"), other, {"allowed": allowed}, nearest)
    if field.usual is None:
        return
    if field.type not in NUMBER_TYPES:
        yield Problem("", "wrong_field_type", (*at, "usual"), field.type, {"allowed": NUMBER_TYPES})
        return
    bounds = {}
    for key, leaf in (("from", field.usual.least), ("to", field.usual.most)):
        if leaf is not None:
            try:
                bounds[key] = read_number(leaf, field.type)
            except NumberError as error:
                details = {"reason": error.code, "type": field.type}
                yield Problem("", "number", (*at, "usual", key), leaf, details)
    if len(bounds) > 1 and bounds["from"] > bounds["to"]:
        yield Problem("", "usual_from_above_to", (*at, "usual", "from"), field.usual.least)


def _is_number(leaf: object, field_type: FieldType) -> bool:
    try:
        read_number(leaf, field_type if field_type in NUMBER_TYPES else "count")
    except NumberError:
        return False
    return field_type in NUMBER_TYPES


def _whole_problems(
    table: DeclaredTable, at: KeyPath, types: Mapping[str, str], tables: Mapping[str, object]
) -> Iterator[Problem]:
    whole = table.belongs_to
    if whole is None:
        return
    if whole.table not in tables:
        allowed = {"allowed": tuple(tables)}
        yield Problem("", "unknown_table", (*at, "belongs_to", "table"), whole.table, allowed)
    if types.get(whole.by) != "text":
        texts = {"allowed": tuple(key for key, one in types.items() if one == "text")}
        yield Problem("", "unknown_field", (*at, "belongs_to", "by"), whole.by, texts)
