"""A whole rules file: the policy, its measures, its items, what excludes each other and what shares a cap."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import ConfigDict, Field

from calc.enterprise.numbers import LARGEST, Number
from calc.enterprise.vocabulary import Vocabulary
from calc.policy.awards import Award, ByWord, Fixed, GrowthLadder, Ladder
from calc.policy.forms import Condition, RatioBound, Record, Trigger
from calc.policy.leaves import (
    Cap,
    Day,
    DayOfYear,
    Flag,
    Leaf,
    MeasureNumber,
    Prose,
    Whole,
    WholeAboveZero,
    Word,
    Words,
    read_cap,
)
from calc.policy.words import DeclaredVocabulary

Grade: TypeAlias = Literal["stated", "up_to_ratio", "up_to_sum", "open", "in_kind", "service"]
CapOrAward: TypeAlias = Annotated[
    Number | Literal["award"],
    Leaf(lambda leaf: leaf if leaf == "award" else read_cap(leaf), "cap_or_award"),
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
    share_cap: RatioBound | None = None
    most_claims: WholeAboveZero | None = None
    pool: Cap | None = None
    grade: Grade
    pays: Literal["yearly", "once", "stages", "difference"] = "yearly"
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
            case ByWord(sums=sums, of=()) if sums:
                return max(sums.values())
            case GrowthLadder(steps=steps):
                return max(step.sum for step in steps)
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
    """One cap over all claims of several items in a claim year: a sum, a share of a figure, or the lower."""

    items: Annotated[Words, Field(min_length=2)]
    cap: Cap = LARGEST
    share: RatioBound | None = None

    @property
    def has_sum(self) -> bool:
        """Whether the cap itself is named."""
        return self.cap < LARGEST


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
    """Where an overlay comes from, and from when to when it holds (both days included; absent: open)."""

    source: Prose | None = None
    issued: Day | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None

    @property
    def is_dated(self) -> bool:
        """Whether the claim year decides if it holds."""
        return self.valid_from is not None or self.valid_to is not None

    @property
    def ends_before_it_begins(self) -> bool:
        """Whether it could hold on no day."""
        return self.valid_from is not None and self.valid_to is not None and self.valid_from > self.valid_to

    def holds_in(self, year: int) -> bool:
        """Whether a day of a claim year lies within its validity."""
        begins, ends = self.valid_from or date.min, self.valid_to or date.max
        return begins.year <= year <= ends.year


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


class Layer(NamedTuple):
    """A document that rules are made of: the name of its source and, for an overlay, its heading."""

    source: str
    head: OverlayHead = OverlayHead.model_construct()
    is_packaged: bool = False

    def holds_in(self, year: int) -> bool:
        """Whether it holds in a claim year; what bears no dates always does."""
        return self.head.holds_in(year)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Rules that passed every check, with the words an enterprise file may use under them.

    All layers are laid: ``in_year`` gives the rules of one claim year.  ``digest`` is the SHA-256 of the
    documents that made these rules, ``sources`` their names, the base first; ``layers`` are all documents
    given, whether they hold in the year or not; ``item_ids`` the items of every layer, closed ones too, which
    an enterprise file may name; ``by_year`` the rules of each claim year, empty where no layer is dated;
    ``origin`` the rules that these are, with sums put in for one enterprise.
    """

    policy: PolicyHead
    measures: Mapping[int, Text]
    items: Mapping[str, Item]
    exclusive: tuple[Exclusive, ...]
    shared_caps: tuple[SharedCap, ...]
    vocabulary: Vocabulary
    digest: str
    sources: tuple[str, ...]
    layers: tuple[Layer, ...]
    item_ids: tuple[str, ...]
    by_year: Mapping[int, "Rules"] = field(default_factory=dict)
    origin: "Rules | None" = None

    def in_year(self, year: int) -> "Rules":
        """The rules that hold in a claim year; outside the policy's years, those of the nearest one."""
        if self.origin is not None:
            return self.origin.in_year(year)
        if not self.by_year:
            return self
        return self.by_year[min(max(year, min(self.by_year)), max(self.by_year))]
