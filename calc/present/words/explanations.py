"""The sentences of an explanation: what became of a claim, why it was taken or not, what would change it."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from calc.engine.claims import Claim
from calc.engine.combine.alternatives import Alternative, changes
from calc.engine.combine.groups import Group
from calc.engine.conditions import Examined, Verdict
from calc.engine.estimate import Estimate
from calc.engine.evaluate import possible_ceiling
from calc.engine.explain import Explained
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput
from calc.enterprise.vocabulary import Vocabulary
from calc.policy.forms import OfKinds
from calc.present.figures import shown_value, toml_leaf
from calc.present.language import Language
from calc.present.look import Look
from calc.present.words.claims import because_says, claim_name, kinds_text, missing_name, reason_says

MARKS: Final[Mapping[Verdict, tuple[str, str]]] = MappingProxyType(
    {"holds": ("✓", "green"), "fails": ("✗", "red"), "missing": ("?", "yellow")}
)
"""The mark of each verdict, and its style."""
_MOST_NAMED: Final = 5
"""More displaced claims than this are counted, not named: under ``strict`` one displaces all others."""


def verdict(one: Explained, answer: Estimate, look: Look) -> tuple[str, str]:
    """What became of a claim, in one line, and the style that fits it."""
    say, outcome = look.speech.say, one.outcome
    match outcome:
        case Barred():
            return say("Closed: cannot be filed"), "bold red"
        case Ineligible():
            failed = sum(condition.verdict == "fails" for condition in one.conditions)
            return say("Not eligible on these figures: {count} not met", count=failed), "bold red"
        case NeedsInput(claim=claim):
            most = possible_ceiling(answer.facts, claim)
            if most is None:
                return say("Cannot be judged yet: figures are missing"), "bold yellow"
            text = say("Cannot be judged yet: figures are missing; up to {sum}", sum=look.money(most))
            return text, "bold yellow"
        case Eligible(claim=claim) if claim.item.grade == "service":
            return say("Open: a service, no sum of money"), "bold green"
        case Eligible(spared=int(spared)):
            return say("Eligible: spares {sum}, beside the total", sum=look.money(spared)), "bold green"
        case _:
            granted = answer.granted(one.place) if one.place is not None else 0
            return _money_verdict(outcome, granted, look)


def _money_verdict(outcome: Eligible, granted: int, look: Look) -> tuple[str, str]:
    say, alone = look.speech.say, look.money(outcome.amount)
    if granted and granted == outcome.amount:
        return say("In the combination: {sum}", sum=alone), "bold green"
    if granted:
        text = say("In the combination: {sum} of {alone}", sum=look.money(granted), alone=alone)
        return text, "bold green"
    if outcome.amount:
        return say("Eligible, but not taken: {alone} alone", alone=alone), "bold yellow"
    if outcome.ceiling == 0:
        return say("Eligible, but its sum comes to nothing"), "bold yellow"
    if outcome.ceiling is None:
        return say("Eligible, not counted: the source names no sum"), "bold yellow"
    return say("Eligible, not counted: up to {sum}", sum=look.money(outcome.ceiling)), "bold yellow"


def condition_value(one: Examined, vocabulary: Vocabulary, speech: Language) -> str:
    """What the enterprise declares for a condition; of its kinds those that fit, where any does."""
    if one.inner:
        return speech.semicolon.join(condition_value(each, vocabulary, speech) for each in one.inner)
    if isinstance(one.condition, OfKinds):
        kinds = one.value if isinstance(one.value, tuple) else ()
        fitting = [kind for kind in kinds if kind in one.condition.kinds] or kinds
        return kinds_text(fitting, vocabulary, speech) or speech.say("none declared")
    return shown_value(one.value, one.field, speech)


def condition_threshold(one: Examined, speech: Language) -> str:
    """The number that a condition asks for; words and flags say it themselves."""
    if one.inner or isinstance(one.threshold, bool | tuple):
        return ""
    return shown_value(one.threshold, one.field, speech)


def condition_shortfall(one: Examined, speech: Language) -> str:
    """By how much a condition fails."""
    if one.inner or one.reason is None or one.reason.shortfall is None:
        return ""
    return shown_value(one.reason.shortfall, one.field, speech)


def hindrances(one: Explained, answer: Estimate, look: Look) -> Iterator[str]:
    """Why a claim is closed, fails or cannot be told."""
    match one.outcome:
        case Barred(reasons=reasons) | Ineligible(reasons=reasons):
            yield from (reason_says(reason, answer, look.speech) for reason in reasons)
        case NeedsInput(missing=missing):
            yield from (missing_name(operand, look.speech) for operand in missing)
        case Eligible():
            return


def choice_lines(one: Explained, answer: Estimate, look: Look) -> Iterator[str]:
    """Why the combination took a claim, cut it or dropped it, and what it displaced."""
    say, speech = look.speech.say, look.speech
    if one.dropped is not None and one.instead is not None:
        yield because_says(one.dropped, answer, speech)
        yield instead_says(one.dropped.granted, one.instead, answer, look)
    if len(one.displaced) > _MOST_NAMED:
        alone = look.money(sum(loser.amount for loser in one.displaced))
        count = len(one.displaced)
        yield say(
            "because of it, {count} other claims are not taken ({alone} alone in all)",
            count=count,
            alone=alone,
        )
        return
    for loser in one.displaced:
        name = claim_name(answer.outcomes[loser.index].claim, speech)
        sums = {"name": name, "alone": look.money(loser.amount), "granted": look.money(loser.granted)}
        if loser.granted:
            yield say("because of it, {name} gets {granted} of {alone}", **sums)
        else:
            yield say("because of it, {name} is not taken ({alone} alone)", **sums)


def weighing_lines(one: Explained, answer: Estimate, look: Look) -> Iterator[str]:
    """What else changes where another choice is made, and what a claim shares with others."""
    if one.instead is not None:
        yield from change_lines(one.instead, answer, look, but=one.place)
    if one.without is not None:
        yield without_says(one.without, answer, look)
        yield from change_lines(one.without, answer, look, but=one.place)
    yield from (text for group in one.groups for text in shared_lines(group, one.place, look))
    if one.place in answer.combination.grants and not one.groups:
        yield look.speech.say("conflicts with no other claim")


def instead_says(granted: int, instead: Alternative, answer: Estimate, look: Look) -> str:
    """What the combination would pay with a claim in full."""
    say, cost = look.speech.say, answer.total - instead.total
    sums = {"total": look.money(instead.total), "cost": look.money(cost)}
    if not cost:
        return say("taken in full, the total stays the same: {total}", **sums)
    if granted:
        return say("taken in full, the total would be {total}: {cost} less", **sums)
    return say("taken instead, the total would be {total}: {cost} less", **sums)


def without_says(without: Alternative, answer: Estimate, look: Look) -> str:
    """What the combination would pay without a claim."""
    cost = look.money(answer.total - without.total)
    return look.speech.say(
        "without it, the total would be {total}: {cost} less", total=look.money(without.total), cost=cost
    )


def change_lines(
    other: Alternative, answer: Estimate, look: Look, *, but: int | None = None
) -> Iterator[str]:
    """How another combination differs, claim by claim, ``but`` for the one that it is about."""
    say = look.speech.say
    for place, before, after in changes(answer.combination, other):
        if place == but:
            continue
        name = claim_name(answer.outcomes[place].claim, look.speech)
        if not before:
            yield say("takes in {name}: {sum}", name=name, sum=look.money(after))
        elif not after:
            yield say("leaves out {name}: {sum}", name=name, sum=look.money(before))
        else:
            sums = {"before": look.money(before), "after": look.money(after)}
            yield say("{name}: {before} → {after}", name=name, **sums)


def shared_lines(group: Group, place: int | None, look: Look) -> Iterator[str]:
    """What a claim shares with others: a cap, or the yuan of a base."""
    say, others = look.speech.say, len(group.shares) - 1
    match group.kind:
        case "cap":
            alone = sum(share.amount for share in group.shares)
            sums = {"cap": look.money(group.limit or 0), "alone": look.money(alone)}
            yield say(
                "shares a cap of {cap} with {count} other claims ({alone} alone in all)", count=others, **sums
            )
        case "quota":
            yield say("of {count} claims of this item at most {most}", count=others + 1, most=group.limit)
        case "base":
            part = next(share.part for share in group.shares if share.index == place)
            if part is not None:
                sums = {"part": look.money(part), "base": look.money(group.limit or 0)}
                yield say("uses {part} of a base of {base}", **sums)
        case _:
            return


def ways_to_count(outcome: Eligible, answer: Estimate, speech: Language) -> Iterator[str]:
    """What would make an eligible claim count, each way by itself, over one line or several."""
    if outcome.amount or outcome.spared is not None or outcome.ceiling == 0:
        return
    say, grade, is_stated = speech.say, outcome.claim.item.grade, answer.count == "stated"
    if outcome.is_expected and not is_stated:
        yield say("the sum expected is nothing: a higher expectation")
    elif outcome.is_expected or grade == "up_to_ratio":
        yield say("--count ratio, which counts ratios and expectations too")
    else:
        for way, *lines in _expectations(outcome.claim, answer, speech):
            first = say("with --count ratio: {way}", way=way) if is_stated else way
            yield "\n".join((first, *lines))
    if grade == "up_to_sum" and not outcome.is_expected:
        yield say("--count ceiling, which counts the most it can be")


def _expectations(claim: Claim, answer: Estimate, speech: Language) -> Iterator[tuple[str, ...]]:
    """Where the file may say what is expected of a claim, and behind it the lines to write there."""
    if claim.entry is not None:
        for field in answer.rules.vocabulary.tables[claim.entry.table].fields.values():
            if field.expects:
                figure = {"key": field.name, "label": speech.name(field.label)}
                said = speech.say(
                    "in the file, of “{name}”: {key}, the {label}", name=claim.entry.name, **figure
                )
                yield (said,)
    lines = [
        "[[expect]]",
        f"item = {toml_leaf(claim.item_id)}",
        *((f"subject = {toml_leaf(claim.subject)}",) if claim.entry is not None else ()),
        f"year = {answer.claim_year}",
        'amount = "___万"',
    ]
    yield speech.say("at the end of the file, line by line, with the sum expected:"), *lines


def conditions_met(conditions: Sequence[Examined], speech: Language) -> str:
    """How many conditions there are, where all hold."""
    if not conditions or any(one.verdict != "holds" for one in conditions):
        return ""
    if len(conditions) == 1:
        return speech.say("✓ its condition holds")
    return speech.say("✓ its {count} conditions hold", count=len(conditions))
