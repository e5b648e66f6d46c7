"""A whole rules file: the policy, its measures, its items, what excludes each other and what shares a cap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from calc.enterprise.numbers import Number
from calc.enterprise.vocabulary import Vocabulary
from calc.policy.awards import Award, Fixed
from calc.policy.forms import Cap, Condition, Record, Trigger, Word, Words
from calc.policy.words import DeclaredVocabulary

Grade: TypeAlias = Literal["stated", "up_to_ratio", "up_to_sum", "open", "in_kind", "service"]
CapOrAward: TypeAlias = Literal["award"] | Cap


class Text(Record):
    """A text in both languages."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class PolicyHead(Record):
    """What the policy is called, and from when to when it holds (both days included)."""

    id: Word
    title: Text
    valid_from: date
    valid_to: date
    notes: tuple[Text, ...] = ()
    readings: tuple[Text, ...] = ()


class Item(Record):
    """One thing that can be applied for under a measure (事项); ``measures.toml`` explains the keys."""

    measure: int
    title: Text
    phrase: Annotated[str, Field(min_length=1)]
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
    reviewed: bool = False
    outside_zone: bool = False
    recipient: Literal["enterprise", "team", "person"] = "enterprise"
    confirm: tuple[Text, ...] = ()
    readings: tuple[Text, ...] = ()
    details: tuple[Text, ...] = ()

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
    measures: dict[int, Text]
    items: dict[Word, Item]
    exclusive: tuple[Exclusive, ...] = ()
    shared_caps: tuple[SharedCap, ...] = ()
    vocabulary: DeclaredVocabulary = DeclaredVocabulary()


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
