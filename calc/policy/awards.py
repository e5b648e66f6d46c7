"""The forms of an award: how a sum is worked out.  Each is a record; the engine has one function for each."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from calc.policy.forms import (
    Cap,
    Flag,
    Money,
    Quantity,
    QuantityOrField,
    Rate,
    Record,
    Word,
    Words,
    union_of,
)


class Fixed(Record):
    """A fixed sum."""

    fixed: Cap


class RateOf(Record):
    """A ratio of a field, or of the product of several; with ``less``, of what exceeds another field."""

    rate: Rate
    of: Words
    less: Word | None = None


class SumOfRates(Record):
    """Several ratios, added up."""

    sum: Annotated[tuple[RateOf, ...], Field(min_length=1)]


class PricedAt(Record):
    """What is spared where the product of some fields is charged at a ratio only."""

    priced_at: Rate
    of: Words


class Tier(Record):
    """From a value on, a ratio."""

    since: Quantity = Field(alias="from")
    rate: Rate


class Tiers(Record):
    """分档: ratios by tier.

    ``whole``: the tier reached sets the ratio of all; ``marginal``: each slice has its own.
    """

    tiers: Word
    mode: Literal["whole", "marginal"]
    steps: Annotated[tuple[Tier, ...], Field(min_length=1)]


class Rung(Record):
    """From a value on, a fixed sum."""

    since: Quantity = Field(alias="from")
    sum: Money


class Ladder(Record):
    """A fixed sum by the highest rung that a field reaches; below the first, nothing."""

    ladder: Word
    steps: Annotated[tuple[Rung, ...], Field(min_length=1)]


class Each(Record):
    """So much for each unit of a field: a person, a patent, a kilowatt-hour."""

    each: Word
    sum: Cap


class ByWord(Record):
    """A fixed sum, or a ratio of ``of``, that a word of the entry selects."""

    by_word: Word
    sums: Mapping[Word, Money] = Field(default_factory=dict)
    rates: Mapping[Word, Rate] = Field(default_factory=dict)
    of: tuple[Word, ...] = ()


class Interest(Record):
    """贴息: a field x min(rate, another field) x the months of the claim year / 12."""

    interest: Word
    rate: Rate
    at_most: Word


class SharedLoss(Record):
    """A ratio of a loss, at most a sum, of which the enterprise bears a share."""

    shared_loss: Word
    rate: Rate
    at_most: Cap
    share: Word


class Excess(Record):
    """What a price or rate exceeds another by (at least 0), times some fields, for some months of a year."""

    excess: Word
    over: QuantityOrField
    times: Words
    months: Word | None = None


class TotalOf(Record):
    """The sum of some fields; a missing one is asked for, unless it counts as nothing."""

    total_of: Words
    missing_is_zero: Flag = False


if TYPE_CHECKING:
    Award: TypeAlias = (
        Fixed
        | RateOf
        | SumOfRates
        | PricedAt
        | Tiers
        | Ladder
        | Each
        | ByWord
        | Interest
        | SharedLoss
        | Excess
        | TotalOf
    )
else:
    Award = union_of(
        Fixed,
        PricedAt,
        Tiers,
        Ladder,
        Each,
        ByWord,
        Interest,
        SharedLoss,
        Excess,
        TotalOf,
        SumOfRates,
        RateOf,
    )
