"""The forms in which rules are written: triggers, conditions and awards, each a record with a name.

There is no expression language: a rules file from a stranger is harmless.  A field is referred to as
``equipment`` (of the claim's own entry), ``last_year.revenue``, ``year_before.revenue`` or
``this_year.revenue`` (figures, counted from the claim year) or ``fx.usd_cny``.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from calc.policy.leaves import (
    Above,
    Day,
    Flag,
    Quantity,
    Rate,
    Whole,
    WholeAboveZero,
    Word,
    WordOrFlag,
    Words,
)

FIGURE_YEARS: Final = {"this_year": 0, "last_year": 1, "year_before": 2}
"""How many years before the claim year each group of figures lies."""

TAG: Final = "form:"
"""What marks, in the location of a validation error, the name of a form that no file writes."""


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


class GrowthBound(Record):
    """What another field has to grow to: itself and a ratio of it, as in 同比增长 10% 以上.

    From nothing, anything above nothing is growth.
    """

    growth: Rate
    over: Word


class TimesBound(Record):
    """So many times another field: so much a unit of it, as 每亩不低于 300 万元."""

    times: Above
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
        return TAG + next((key for key in ("ratio", "growth", "times", "field", "by") if key in raw), "ratio")
    return TAG + "literal"


Bound: TypeAlias = Annotated[
    Annotated[Quantity, Tag(TAG + "literal")]
    | Annotated[RatioBound, Tag(TAG + "ratio")]
    | Annotated[GrowthBound, Tag(TAG + "growth")]
    | Annotated[TimesBound, Tag(TAG + "times")]
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
    """A flag that has to be true or, where it says so, false."""

    is_true: Flag = Field(alias="is")
    field: Word


class OneOf(Record):
    """A word of the entry that has to be one of these."""

    one_of: Words
    field: Word


class OfKinds(Record):
    """The enterprise has to be of one of these kinds in the claim year."""

    kinds: Words


class NotBefore(Record):
    """A day from which on a date has to lie, itself included."""

    not_before: Day
    field: Word


class NotAfter(Record):
    """A day up to which a date has to lie, itself included."""

    not_after: Day
    field: Word


class WithinYears(Record):
    """The claim year has to be one of so many, counted from the year of a date, as in 连续支持 3 年.

    ``after``: how many years after that of the date the first of them is.
    """

    within_years: WholeAboveZero
    field: Word
    after: Whole = 0


class AllOf(Record):
    """Conditions that hold together: one alternative of ``any_of``."""

    all_of: "Annotated[tuple[Condition, ...], Field(min_length=2)]"


class AnyOf(Record):
    """Conditions of which one is enough."""

    any_of: "Annotated[tuple[Condition, ...], Field(min_length=2)]"


if TYPE_CHECKING:
    Condition: TypeAlias = (
        AtLeast
        | AtMost
        | MoreThan
        | IsTrue
        | OneOf
        | OfKinds
        | NotBefore
        | NotAfter
        | WithinYears
        | AnyOf
        | AllOf
    )
else:
    Condition = union_of(
        AnyOf, AllOf, AtLeast, AtMost, MoreThan, IsTrue, OneOf, NotBefore, NotAfter, WithinYears, OfKinds
    )


def single_conditions(conditions: "tuple[Condition, ...]") -> "Iterator[Condition]":
    """Every condition, those within ``any_of`` and ``all_of`` in their place."""
    for one in conditions:
        match one:
            case AnyOf(any_of=inner) | AllOf(all_of=inner):
                yield from single_conditions(inner)
            case _:
                yield one
