"""A whole rules file: the policy, its measures, its items, what excludes each other and what shares a cap."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import ConfigDict, Field, PlainValidator

from calc.enterprise.numbers import Number
from calc.enterprise.vocabulary import Vocabulary
from calc.policy.awards import Award, ByWord, Fixed, Ladder
from calc.policy.forms import (
    Cap,
    Condition,
    Day,
    DayOfYear,
    Flag,
    MeasureNumber,
    Prose,
    Record,
    Trigger,
    Whole,
    Word,
    Words,
    known_as,
    read_cap,
)
from calc.policy.words import DeclaredVocabulary

Grade: TypeAlias = Literal["stated", "up_to_ratio", "up_to_sum", "open", "in_kind", "service"]
CapOrAward: TypeAlias = Annotated[
    Number | Literal["award"],
    PlainValidator(lambda leaf: leaf if leaf == "award" else read_cap(leaf)),
    known_as("cap_or_award"),
]


class Text(Record):
    """A text in both languages."""

    zh: Prose
    en: Prose


class PolicyHead(Record):
    """What the policy is called, and from when to when it holds (both days included)."""

    id: Word
    title: Text
    valid_from: Day
    valid_to: Day
    notes: tuple[Text, ...] = ()
    readings: tuple[Text, ...] = ()


class Window(Record):
    """When an item is filed, as a filing guide says: days of the claim year as 03-01, both included."""

    since: DayOfYear = Field(alias="from")
    until: DayOfYear


class Item(Record):
    """One thing that can be applied for under a measure (事项); ``measures.toml`` explains the keys."""

    measure: Whole
    title: Text
    phrase: Prose
    cites: tuple[Word, ...] = ()
    departments: Words
    claim: Trigger
    conditions: tuple[Condition, ...] = ()
    award: Award | None = None
    base: Word | None = None
    floor: Cap | None = None
    cap: CapOrAward | None = None
    year_cap: CapOrAward | None = None
    lifetime_cap: CapOrAward | None = None
    pool: Cap | None = None
    grade: Grade
    pays: Literal["yearly", "once", "stages"] = "yearly"
    reviewed: Flag = False
    outside_zone: Flag = False
    recipient: Literal["enterprise", "team", "person"] = "enterprise"
    confirm: tuple[Text, ...] = ()
    readings: tuple[Text, ...] = ()
    details: tuple[Text, ...] = ()
    filing: tuple[Window, ...] = ()
    materials: tuple[Text, ...] = ()

    @property
    def stated_sum(self) -> Number | None:
        """The greatest fixed sum that the award can be, if it is one."""
        match self.award:
            case Fixed(fixed=fixed):
                return fixed
            case Ladder(steps=steps):
                return max(step.sum for step in steps)
            case ByWord(sums=sums) if sums:
                return max(sums.values())
            case _:
                return None

    def cap_of(self, name: Literal["cap", "year_cap", "lifetime_cap"]) -> Number | None:
        """A cap in yuan; ``award`` stands for the award's own fixed sum."""
        cap: Number | str | None = getattr(self, name)
        if cap == "award":
            return self.award.fixed if isinstance(self.award, Fixed) else None
        return cap  # type: ignore[return-value]


class Exclusive(Record):
    """Items of which at most one is granted in a claim year: to a subject, or to the enterprise."""

    items: Annotated[Words, Field(min_length=2)]
    scope: Literal["subject", "enterprise"] = "enterprise"


class SharedCap(Record):
    """One cap over all claims of several items in a claim year."""

    items: Annotated[Words, Field(min_length=2)]
    cap: Cap


class RulesFile(Record):
    """The shape of a whole rules file."""

    schema_: Literal["subsidy.rules/1"] = Field(alias="schema")
    policy: PolicyHead
    measures: dict[MeasureNumber, Text]
    items: dict[Word, Item]
    exclusive: tuple[Exclusive, ...] = ()
    shared_caps: tuple[SharedCap, ...] = ()
    vocabulary: DeclaredVocabulary | None = None


class OverlayHead(Record):
    """Where an overlay comes from, and from when to when it holds: for the reader."""

    source: Prose | None = None
    issued: Day | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


class ItemChange(Record):
    """What an overlay changes of an item: keys of the item, or the item's end."""

    model_config = ConfigDict(extra="allow")

    closed: Flag = False
    remove: tuple[Word, ...] = ()


class OverlayFile(Record):
    """The shape of an overlay before it is laid over anything."""

    schema_: Literal["subsidy.rules/1"] | None = Field(default=None, alias="schema")
    overlay: OverlayHead | None = None
    measures: dict[MeasureNumber, Any] = Field(default_factory=dict)
    items: dict[Word, ItemChange] = Field(default_factory=dict)
    exclusive: tuple[Exclusive, ...] = ()
    shared_caps: tuple[SharedCap, ...] = ()
    vocabulary: dict[Word, dict[Word, Any]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Rules that passed every check, with the words an enterprise file may use under them.

    ``digest`` is the SHA-256 of the files that made them; ``sources`` their names, the base first.
    """

    policy: PolicyHead
    measures: Mapping[int, Text]
    items: Mapping[str, Item]
    exclusive: tuple[Exclusive, ...]
    shared_caps: tuple[SharedCap, ...]
    vocabulary: Vocabulary
    digest: str
    sources: tuple[str, ...]

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The identifiers of all items, in their order."""
        return tuple(self.items)
