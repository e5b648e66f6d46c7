"""Says what an item reads: the keys of its entry, the figures of a year, the exchange rate, the kinds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from calc.enterprise.vocabulary import FieldType, Vocabulary
from calc.policy import awards, forms
from calc.policy.fields import NUMBERS, SUMS
from calc.policy.rules import Item, Rules

KINDS_REFERENCE = "enterprise.kinds"
"""How the kinds of an enterprise stand among what items read."""


def award_references(award: awards.Award | None) -> Iterator[tuple[str, str, tuple[FieldType, ...]]]:
    """The fields an award reads itself: the key that names each, the reference, the types it may have."""
    match award:
        case awards.RateOf():
            yield from (("of", one, NUMBERS) for one in award.of)
            if award.less is not None:
                yield ("less", award.less, NUMBERS)
        case awards.SumOfRates():
            for part in award.sum:
                yield from (("sum", one, types) for _, one, types in award_references(part))
        case awards.PricedAt():
            yield from (("of", one, NUMBERS) for one in award.of)
        case awards.Tiers():
            yield ("tiers", award.tiers, NUMBERS)
            yield from (("of", one, NUMBERS) for one in award.of)
        case awards.Ladder():
            yield ("ladder", award.ladder, NUMBERS)
        case awards.GrowthLadder():
            yield from (("growth_of", award.growth_of, NUMBERS), ("over", award.over, NUMBERS))
        case awards.Each():
            yield ("each", award.each, NUMBERS)
            if isinstance(award.beyond, forms.FieldBound):
                yield ("beyond", award.beyond.field, NUMBERS)
            yield from (("times", one, NUMBERS) for one in award.times)
        case awards.ByWord():
            yield ("by_word", award.by_word, ("word",))
            yield from (("of", one, NUMBERS) for one in award.of)
        case awards.Interest():
            yield from (("interest", award.interest, SUMS), ("at_most", award.at_most, ("rate",)))
        case awards.SharedLoss():
            yield from (("shared_loss", award.shared_loss, SUMS), ("share", award.share, ("rate",)))
        case awards.Excess():
            yield ("excess", award.excess, NUMBERS)
            if isinstance(award.over, forms.FieldBound):
                yield ("over", award.over.field, NUMBERS)
            yield from (("times", one, NUMBERS) for one in award.times)
            if award.months is not None:
                yield ("months", award.months, ("count",))
        case awards.TotalOf():
            yield from (("total_of", one, SUMS) for one in award.total_of)
        case awards.ByYear():
            yield ("by_year", award.by_year, ("date",))
        case awards.Fixed() | awards.Parts() | None:
            pass


def _read_by(award: awards.Award | None) -> Iterator[str]:
    """All that an award reads, its parts and their conditions too."""
    yield from (reference for _, reference, _ in award_references(award))
    for inner in awards.inner_awards(award):
        yield from _read_by(inner)
    if isinstance(award, awards.Parts):
        for part in award.parts:
            for condition in forms.single_conditions(part.when):
                yield from _condition_references(condition)


def _condition_references(condition: forms.Condition) -> Iterator[str]:
    match condition:
        case forms.OfKinds():
            yield KINDS_REFERENCE
            return
        case forms.AtLeast(at_least=bound) | forms.AtMost(at_most=bound) | forms.MoreThan(more_than=bound):
            match bound:
                case forms.RatioBound() | forms.TimesBound():
                    yield bound.of
                case forms.GrowthBound():
                    yield bound.over
                case forms.FieldBound():
                    yield bound.field
                case forms.WordBound():
                    yield bound.by
                case _:
                    pass
        case forms.AnyOf(any_of=inner) | forms.AllOf(all_of=inner):
            for one in inner:
                yield from _condition_references(one)
            return
        case _:
            pass
    yield condition.field


def _trigger_references(trigger: forms.Trigger) -> Iterator[str]:
    match trigger:
        case forms.EntryTrigger():
            yield from (*trigger.where, *trigger.has, *trigger.has_any)
            if trigger.running is not None:
                yield from (trigger.running.start, trigger.running.months)
                if trigger.running.together_by is not None:
                    yield trigger.running.together_by
        case forms.FigureTrigger():
            yield f"last_year.{trigger.figure}"
        case forms.KindsTrigger():
            yield KINDS_REFERENCE
        case forms.AlwaysTrigger():
            pass


def table_of(item: Item) -> str | None:
    """The table whose entries are an item's subjects, if it has one."""
    return item.claim.entry if isinstance(item.claim, forms.EntryTrigger) else None


def references(item: Item, vocabulary: Vocabulary) -> frozenset[str]:
    """All that an item reads.

    Written ``investment.equipment``, ``last_year.revenue``, ``fx.usd_cny`` and ``enterprise.kinds``.  What is
    expected (``title.matching_award``) is read by the items whose sum the source leaves open.
    """
    table = table_of(item)
    found = {*_trigger_references(item.claim)}
    for condition in item.conditions:
        found.update(_condition_references(condition))
    found.update(_read_by(item.award))
    if item.share_cap is not None:
        found.add(item.share_cap.of)
    if item.base is not None:
        found.add(item.base)
    if table is not None and item.grade in ("up_to_sum", "open"):
        found.update(field.name for field in vocabulary.tables[table].fields.values() if field.expects)
    return frozenset(one if "." in one else f"{table}.{one}" for one in found)


def readers(rules: Rules, items: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """For each thing that items read, the items that read it, in the order of the rules."""
    wanted = frozenset(items)
    found: defaultdict[str, list[str]] = defaultdict(list)
    shares = [(one.share.of, one.items) for one in rules.shared_caps if one.share is not None]
    for name, item in rules.items.items():
        if name in wanted:
            shared = {reference for reference, items in shares if name in items}
            for reference in references(item, rules.vocabulary) | shared:
                found[reference].append(name)
    return {reference: tuple(names) for reference, names in found.items()}


def kinds_wanted(item: Item) -> tuple[tuple[str, ...], ...]:
    """Groups of kinds of enterprise: of each, one has to be held."""
    forms_of_kinds = (item.claim, *item.conditions)
    return tuple(one.kinds for one in forms_of_kinds if isinstance(one, forms.KindsTrigger | forms.OfKinds))


def open_to(item: Item, kinds: Iterable[str]) -> bool:
    """Whether an enterprise of these kinds can meet an item's conditions on kinds."""
    held = frozenset(kinds)
    return all(held.intersection(group) for group in kinds_wanted(item))
