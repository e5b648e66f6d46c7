"""The forms in which rules are written: triggers, conditions and awards, each a record with a name.

There is no expression language: a rules file from a stranger is harmless.  A field is referred to as
``equipment`` (of the claim's own entry), ``last_year.revenue``, ``year_before.revenue`` or
``this_year.revenue`` (figures, counted from the claim year) or ``fx.usd_cny``.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from calc.enterprise.numbers import Number, NumberError, read_number
from calc.enterprise.schema import read_date, read_flag, read_text

FIGURE_YEARS: Final = {"this_year": 0, "last_year": 1, "year_before": 2}
"""How many years before the claim year each group of figures lies."""

TAG: Final = "form:"
"""What marks, in the location of a validation error, the name of a form that no file writes."""

LEAF: Final = "leaf"
"""What marks, in a JSON Schema that is not finished, the kind of a leaf."""

_COMMON_YEAR: Final = 2001
_DAY_OF_YEAR: Final = re.compile("[0-9]{2}-[0-9]{2}")
LONGEST_PROSE: Final = 2000
LONGEST_MEASURE: Final = 4
LITERAL_TYPES: Final = ("money", "usd", "area", "rate", "factor")


def _read_literal(leaf: Any) -> Number:
    reason = "not_a_number"
    for number_type in LITERAL_TYPES:
        try:
            return read_number(leaf, number_type)
        except NumberError as error:
            reason = error.code if error.code != "unit" else reason
    raise PydanticCustomError("number", "see the details", {"reason": reason, "type": "money"})


def _reader(number_type: str) -> Callable[[Any], Number]:
    def read(leaf: Any) -> Number:
        try:
            return read_number(leaf, number_type)
        except NumberError as error:
            details = {"reason": error.code, "type": number_type}
            raise PydanticCustomError("number", "see the details", details) from None

    return read


def _read_text(leaf: Any) -> str:
    return read_text(leaf, LONGEST_PROSE)


def _read_count(leaf: Any) -> int:
    count = _reader("count")(leaf)
    return count if isinstance(count, int) else 0


def _read_word_or_flag(leaf: Any) -> bool | str:
    return leaf if isinstance(leaf, bool) else read_text(leaf)


def read_cap(leaf: Any) -> Number:
    """A sum above 0.  Raises ``PydanticCustomError``."""
    return _positive(_reader("money")(leaf))


def _read_measure_number(leaf: Any) -> int:
    is_number = isinstance(leaf, str) and leaf.isascii() and leaf.isdigit() and len(leaf) <= LONGEST_MEASURE
    if not is_number:
        raise PydanticCustomError("measure_number", "see the details")
    return int(leaf)


def _read_day_of_year(leaf: Any) -> tuple[int, int]:
    text = read_text(leaf)
    try:
        # A year without a 29 February: a window opens on the same days every year.
        day = date.fromisoformat(f"{_COMMON_YEAR}-{text}") if _DAY_OF_YEAR.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise PydanticCustomError("day_of_year", "see the details")
    return day.month, day.day


def _positive(value: Number) -> Number:
    if value == 0:
        raise PydanticCustomError("number", "see the details", {"reason": "not_positive", "type": "money"})
    return value


def known_as(name: str) -> WithJsonSchema:
    """What a JSON Schema calls a leaf of this kind; ``calc.present.rules_schema`` says what it is."""
    return WithJsonSchema({"type": "string", LEAF: name})


Quantity: TypeAlias = Annotated[Number, PlainValidator(_read_literal), known_as("quantity")]
Money: TypeAlias = Annotated[Number, PlainValidator(_reader("money")), known_as("money")]
Cap: TypeAlias = Annotated[Money, AfterValidator(_positive), known_as("sum_above_0")]
Rate: TypeAlias = Annotated[
    Number, PlainValidator(_reader("rate")), AfterValidator(_positive), known_as("rate_above_0")
]
Word: TypeAlias = Annotated[str, PlainValidator(read_text), known_as("text")]
Prose: TypeAlias = Annotated[str, PlainValidator(_read_text), known_as("prose")]
Flag: TypeAlias = Annotated[bool, PlainValidator(read_flag), known_as("flag")]
Day: TypeAlias = Annotated[date, PlainValidator(read_date), known_as("date")]
DayOfYear: TypeAlias = Annotated[tuple[int, int], PlainValidator(_read_day_of_year), known_as("day_of_year")]
MeasureNumber: TypeAlias = Annotated[int, PlainValidator(_read_measure_number), known_as("measure_number")]
Whole: TypeAlias = Annotated[int, PlainValidator(_read_count), known_as("count")]
WholeAboveZero: TypeAlias = Annotated[Whole, AfterValidator(_positive), known_as("count_above_0")]
WordOrFlag: TypeAlias = Annotated[bool | str, PlainValidator(_read_word_or_flag), known_as("word_or_flag")]
Words: TypeAlias = Annotated[tuple[Word, ...], Field(min_length=1)]


class Record(BaseModel):
    """A frozen part of a rules file; a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def union_of(*forms: type[Record]) -> Any:
    """A union of forms, told apart by the key that names each: its first field, looked for in this order."""
    keys = tuple(
        field.alias or name for name, field in (next(iter(form.model_fields.items())) for form in forms)
    )

    def pick(raw: Any) -> str | None:
        return next((TAG + key for key in keys if key in raw), None) if isinstance(raw, dict) else None

    tagged = [Annotated[form, Tag(TAG + key)] for form, key in zip(forms, keys, strict=True)]
    union: Any = tagged[0]
    for one in tagged[1:]:
        union = union | one
    # The message carries the allowed keys: a context would be a dict, which a union cannot hash.
    discriminator = Discriminator(pick, custom_error_type="form", custom_error_message=" ".join(keys))
    return Annotated[union, discriminator]


# --- triggers ---------------------------------------------------------------------------------------------


class Running(Record):
    """A trigger for what runs over months: a claim in each claim year with at least one month of it.

    With ``window``, only months within so many from the earliest start of the group ``together_by`` count.
    """

    start: Word
    months: Word
    window: WholeAboveZero | None = None
    together_by: Word | None = None


class EntryTrigger(Record):
    """A claim for each entry of a table: of these words, holding all of ``has``, any of ``has_any``."""

    entry: Word
    where: dict[Word, Annotated[tuple[WordOrFlag, ...], Field(min_length=1)]] = {}
    has: tuple[Word, ...] = ()
    has_any: tuple[Word, ...] = ()
    running: Running | None = None


class FigureTrigger(Record):
    """A claim on the enterprise's year where a figure of last year is there (a flag: where it is true)."""

    figure: Word


class KindsTrigger(Record):
    """A claim on the enterprise's year for these kinds of enterprise."""

    kinds: Words


class AlwaysTrigger(Record):
    """Open to every enterprise."""

    always: Literal[True]


if TYPE_CHECKING:
    Trigger: TypeAlias = EntryTrigger | FigureTrigger | KindsTrigger | AlwaysTrigger
else:
    Trigger = union_of(EntryTrigger, FigureTrigger, KindsTrigger, AlwaysTrigger)


# --- conditions -------------------------------------------------------------------------------------------


class RatioBound(Record):
    """A share of another field."""

    ratio: Rate
    of: Word


class FieldBound(Record):
    """Another field's own value."""

    field: Word


class WordBound(Record):
    """A bound that a word of the entry selects, and the one for all other words."""

    by: Word
    values: dict[Word, Quantity]
    otherwise: Quantity


def _bound_tag(raw: Any) -> str:
    if isinstance(raw, dict):
        return TAG + next((key for key in ("ratio", "field", "by") if key in raw), "ratio")
    return TAG + "literal"


Bound: TypeAlias = Annotated[
    Annotated[Quantity, Tag(TAG + "literal")]
    | Annotated[RatioBound, Tag(TAG + "ratio")]
    | Annotated[FieldBound, Tag(TAG + "field")]
    | Annotated[WordBound, Tag(TAG + "by")],
    Discriminator(_bound_tag),
]


QuantityOrField: TypeAlias = Annotated[
    Annotated[Quantity, Tag(TAG + "literal")] | Annotated[FieldBound, Tag(TAG + "field")],
    Discriminator(lambda raw: TAG + ("field" if isinstance(raw, dict) else "literal")),
]


class AtLeast(Record):
    """不低于, 以上, 达到.  ``together``: the sum over the group that the trigger's ``together_by`` names."""

    at_least: Bound
    field: Word
    together: Flag = False


class AtMost(Record):
    """不超过."""

    at_most: Bound
    field: Word


class MoreThan(Record):
    """A strict bound, as in 较上年实现增长."""

    more_than: Bound
    field: Word


class IsTrue(Record):
    """A flag that has to be true."""

    is_true: Literal[True] = Field(alias="is")
    field: Word


class OneOf(Record):
    """A word of the entry that has to be one of these."""

    one_of: Words
    field: Word


class OfKinds(Record):
    """The enterprise has to be of one of these kinds in the claim year."""

    kinds: Words


if TYPE_CHECKING:
    Condition: TypeAlias = AtLeast | AtMost | MoreThan | IsTrue | OneOf | OfKinds
else:
    Condition = union_of(AtLeast, AtMost, MoreThan, IsTrue, OneOf, OfKinds)
