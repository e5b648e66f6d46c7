"""Looks for what is doubtful about an item's sums: its award, its caps and its grade."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from calc.enterprise.problems import KeyPath
from calc.policy import awards, forms
from calc.policy.bounds import doubts_of_condition
from calc.policy.fields import SUMS, Doubt, Lookup, unknown
from calc.policy.references import award_references
from calc.policy.rules import Item


def doubts_of_award(item: Item, award: awards.Award, lookup: Lookup, at: KeyPath) -> Iterator[Doubt]:
    """What cannot be worked out, or not as it seems."""
    for key, reference, types in award_references(award):
        yield from lookup.check(reference, types, (*at, key))
    match award:
        case awards.Tiers() | awards.Ladder() | awards.GrowthLadder():
            yield from _doubts_of_steps(award, at)
        case awards.ByWord():
            field = lookup.field(award.by_word)
            if field is not None:
                yield from unknown([*award.sums, *award.rates], field.words, "unknown_word", at)
            if bool(award.sums) == bool(award.rates) or (award.rates and not award.of):
                yield Doubt("by_word_form", at)
        case awards.Interest():
            if not (isinstance(item.claim, forms.EntryTrigger) and item.claim.running):
                yield Doubt("interest_without_months", at)
        case awards.ByYear():
            yield from doubts_of_award(item, award.award, lookup, (*at, "award"))
        case awards.Parts():
            for index, part in enumerate(award.parts):
                here: KeyPath = (*at, "parts", index)
                yield from doubts_of_award(item, part.award, lookup, (*here, "award"))
                for place, condition in enumerate(part.when):
                    yield from doubts_of_condition(item, condition, lookup, (*here, "when", place))
                fixed = part.award.fixed if isinstance(part.award, awards.Fixed) else 0
                if part.cap is not None and part.cap < fixed:
                    yield Doubt("cap_below_sum", (*here, "cap"), part.cap)
        case _:
            pass


def _doubts_of_steps(
    award: awards.Tiers | awards.Ladder | awards.GrowthLadder, at: KeyPath
) -> Iterator[Doubt]:
    for lower, upper in pairwise(step.since for step in award.steps):
        if lower >= upper:
            yield Doubt("tiers_overlap", (*at, "steps"), upper)
    if isinstance(award, awards.Tiers):
        if award.of and award.mode != "whole":
            yield Doubt("slices_of_another", (*at, "of"), award.mode)
        return
    for lower, upper in pairwise(step.sum for step in award.steps):
        if lower > upper:
            yield Doubt("rungs_fall", (*at, "steps"), upper)


def doubts_of_caps(item: Item, at: KeyPath) -> Iterator[Doubt]:
    """Caps that a stated sum, a narrower cap or the floor exceeds."""
    fixed = item.award.fixed if isinstance(item.award, awards.Fixed) else None
    previous = item.stated_sum
    for name in ("cap", "year_cap", "lifetime_cap"):
        if getattr(item, name) == "award" and fixed is None:
            yield Doubt("cap_without_sum", (*at, name), "award")
            continue
        cap = item.cap_of(name)
        if cap is None:
            continue
        if not isinstance(cap, int):
            yield Doubt("cap_not_whole", (*at, name), cap)
        if previous is not None and cap < previous:
            yield Doubt("cap_below_sum", (*at, name), cap)
        previous = cap
    if item.floor is not None and previous is not None and item.floor > previous:
        yield Doubt("floor_above_cap", (*at, "floor"), item.floor)


def doubts_of_grade(item: Item, lookup: Lookup, at: KeyPath) -> Iterator[Doubt]:
    """A grade, a base or a way of paying that does not go with the rest of the item."""
    caps = [item.cap, item.year_cap, item.lifetime_cap, item.share_cap]
    needs: dict[str, Callable[[], bool]] = {
        "stated": lambda: item.award is not None,
        "up_to_ratio": lambda: item.award is not None and not isinstance(item.award, awards.Fixed),
        "up_to_sum": lambda: any(cap is not None for cap in caps),
        "open": lambda: item.award is None and not any(cap is not None for cap in caps),
        "in_kind": lambda: item.award is not None and item.base is None,
        "service": lambda: item.award is None and item.base is None and not item.conditions,
    }
    if not needs[item.grade]():
        yield Doubt("grade_and_award", (*at, "grade"), item.grade)
    if isinstance(item.claim, forms.AlwaysTrigger) and item.grade != "service":
        yield Doubt("always_is_service", (*at, "claim"), item.grade)
    if item.base is not None:
        yield from lookup.check(item.base, SUMS, (*at, "base"))
        if "." in item.base:
            yield Doubt("not_own", (*at, "base"), item.base)
    if item.share_cap is not None:
        yield from lookup.check(item.share_cap.of, SUMS, (*at, "share_cap", "of"))
    if item.pays == "stages" and item.cap is None and item.share_cap is None:
        yield Doubt("stages_without_cap", (*at, "pays"), item.pays)
