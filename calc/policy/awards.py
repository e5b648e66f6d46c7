"""The forms of an award: how a sum is worked out.  Each is a record; the engine has one function for each."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from calc.policy.forms import Condition, QuantityOrField, Record, union_of
from calc.policy.leaves import Above, Cap, Flag, Money, Quantity, Rate, Whole, Word, Words


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

    ``whole``: the tier reached sets the ratio of all; ``marginal``: each slice has its own.  With ``of``, the
    tier reached sets the ratio of the product of other fields.
    """

    tiers: Word
    mode: Literal["whole", "marginal"]
    steps: Annotated[tuple[Tier, ...], Field(min_length=1)]
    of: tuple[Word, ...] = ()


class Rung(Record):
    """From a value on, a fixed sum."""

    since: Quantity = Field(alias="from")
    sum: Money


class Ladder(Record):
    """A fixed sum by the highest rung that a field reaches; below the first, nothing."""

    ladder: Word
    steps: Annotated[tuple[Rung, ...], Field(min_length=1)]


class GrowthRung(Record):
    """From a growth rate on, a fixed sum."""

    since: Rate = Field(alias="from")
    sum: Money


class GrowthLadder(Record):
    """A fixed sum by the highest growth rate that a field reaches over another: 增长 10%、20% 以上."""

    growth_of: Word
    over: Word
    steps: Annotated[tuple[GrowthRung, ...], Field(min_length=1)]


class Each(Record):
    """So much for each unit of a field: a person, a patent, a kilowatt-hour.

    ``beyond``: only for the units that exceed a number or another field; ``up_to``: for so many units at
    most; ``per``: for each full lot of so many units (每满); ``times``: times other fields too.
    """

    each: Word
    sum: Cap
    beyond: QuantityOrField | None = None
    up_to: Above | None = None
    per: Above | None = None
    times: tuple[Word, ...] = ()


class ByWord(Record):
    """A fixed sum (with ``of``, times some fields), or a ratio of ``of``, that a word selects."""

    by_word: Word
    sums: Mapping[Word, Money] = Field(default_factory=dict)
    rates: Mapping[Word, Rate] = Field(default_factory=dict)
    of: tuple[Word, ...] = ()


class Interest(Record):
    """贴息: a field x min(rate, share x another field) x the months of the claim year / 12."""

    interest: Word
    rate: Rate = 1
    at_most: Word
    share: Rate = 1


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


class Part(Record):
    """A part of an award: paid where its own conditions hold, at most its own cap."""

    award: "Award"
    when: tuple[Condition, ...] = ()
    cap: Cap | None = None


class Parts(Record):
    """Awards of any form that add up, as in 在此基础上再奖励; a part whose conditions fail pays nothing."""

    parts: Annotated[tuple[Part, ...], Field(min_length=1)]


class ByYear(Record):
    """A share of an award by the year of support: 第一年 100%、第二年 70%, or 分两年各 50%.

    The first share holds in the claim year of the date (with ``after``, so many years later), the next in the
    year that follows; in all other years nothing is paid.
    """

    by_year: Word
    shares: Annotated[tuple[Rate, ...], Field(min_length=1)]
    award: "Award"
    after: Whole = 0


if TYPE_CHECKING:
    Award: TypeAlias = (
        Fixed
        | RateOf
        | SumOfRates
        | PricedAt
        | Tiers
        | Ladder
        | GrowthLadder
        | Each
        | ByWord
        | Interest
        | SharedLoss
        | Excess
        | TotalOf
        | Parts
        | ByYear
    )
else:
    Award = union_of(
        Parts,
        ByYear,
        Fixed,
        PricedAt,
        Tiers,
        Ladder,
        GrowthLadder,
        Each,
        ByWord,
        Interest,
        SharedLoss,
        Excess,
        TotalOf,
        SumOfRates,
        RateOf,
    )


def inner_awards(award: Award | None) -> tuple[Award, ...]:
    """The awards that an award is made of, if it is made of others."""
    match award:
        case Parts(parts=parts):
            return tuple(part.award for part in parts)
        case ByYear(award=inner):
            return (inner,)
        case _:
            return ()
