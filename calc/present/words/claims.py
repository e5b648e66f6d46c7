"""Finds the words for what the engine says as data: reasons, missing figures, displaced claims."""

from collections.abc import Sequence
from typing import Any

from calc.engine.claims import Claim, Operand
from calc.engine.combine.dropped import Dropped
from calc.engine.estimate import Answer, Estimate
from calc.engine.outcomes import Reason
from calc.enterprise.vocabulary import Vocabulary
from calc.policy.forms import KindsTrigger, OfKinds, single_conditions
from calc.present.figures import shown_value
from calc.present.language import Language
from calc.present.words.steps import operand_name


def claim_name(claim: Claim, speech: Language) -> str:
    """A claim in one line: its item, its title and, where it is on an entry, that entry's name."""
    name = f"{claim.item_id} {speech.name(claim.item.title)}"
    return name if claim.entry is None else f"{name} · {claim.entry.name}"


def missing_name(operand: Operand, speech: Language) -> str:
    """What to ask the client for."""
    subject, _, key = operand.path.rpartition(".")
    if operand.year or operand.path.startswith("fx."):
        return operand_name(operand, speech)
    name = subject.partition(":")[2]
    return (
        speech.say("{figure} of “{name}”", figure=speech.name(operand.field.label), name=name)
        if key
        else subject
    )


def reason_says(reason: Reason, answer: Answer, speech: Language) -> str:
    """One reason, in words; one of several alternatives is marked as such."""
    words = _reason_says(reason, answer, speech)
    return speech.say("{reason} (one of several ways)", reason=words) if reason.either else words


def _reason_says(reason: Reason, answer: Answer, speech: Language) -> str:
    policy, vocabulary = answer.rules.policy, answer.rules.vocabulary
    match reason.code:
        case "out_of_zone":
            return speech.say("only for enterprises within the zone")
        case "out_of_period":
            return speech.say(
                "the policy holds from {since} to {until}", since=policy.valid_from, until=policy.valid_to
            )
        case "agreement":
            text = speech.say("an agreement covers it until {day}", day=reason.value)
            later = (
                speech.say("open from {day}", day=reason.opens)
                if reason.opens
                else speech.say("not open again while the policy holds")
            )
            return speech.say("{what}; {then}", what=text, then=later)
        case "received":
            return speech.say("paid already in {year}, and it pays once", year=reason.value)
        case "spent":
            return speech.say(
                "nothing is left of its cap of {cap}", cap=shown_value(reason.threshold, None, speech)
            )
        case "kind" if reason.path == "enterprise.kinds":
            return speech.say(
                "only for {kinds}", kinds=kinds_text(_words(reason.threshold), vocabulary, speech)
            )
        case "kind" | "level":
            return speech.say(
                "{figure}: is {value}, has to be {allowed}",
                figure=_reason_name(reason, speech),
                value=shown_value(reason.value, reason.field, speech),
                allowed=shown_value(reason.threshold, reason.field, speech),
            )
        case "flag" if reason.threshold is False:
            return speech.say("must not be so: {figure}", figure=_reason_name(reason, speech))
        case "flag":
            return speech.say("not (or not yet) so: {figure}", figure=_reason_name(reason, speech))
        case code:
            return _bound_says(code, reason, speech)


def _bound_says(code: str, reason: Reason, speech: Language) -> str:
    values: dict[str, Any] = {
        "figure": _reason_name(reason, speech),
        "value": shown_value(reason.value, reason.field, speech),
        "threshold": shown_value(reason.threshold, reason.field, speech),
        "shortfall": shown_value(reason.shortfall, reason.field, speech),
    }
    match code:
        case "below" if reason.shortfall is None:
            return speech.say("{figure}: {value}, has to be {threshold} or later", **values)
        case "above" if reason.shortfall is None:
            return speech.say("{figure}: {value}, has to be {threshold} or earlier", **values)
        case "below":
            return speech.say("{figure}: {value}, at least {threshold}, short by {shortfall}", **values)
        case "above":
            return speech.say("{figure}: {value}, at most {threshold}, over by {shortfall}", **values)
        case _:
            return speech.say("{figure}: {value}, has to exceed {threshold}", **values)


def _reason_name(reason: Reason, speech: Language) -> str:
    if reason.field is None:
        return reason.path or ""
    label = speech.name(reason.field.label)
    return speech.say("{year} {figure}", year=reason.year, figure=label) if reason.year else label


def _words(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def kinds_text(kinds: Sequence[str], vocabulary: Vocabulary, speech: Language) -> str:
    """Kinds of enterprise, by name."""
    return speech.comma.join(speech.name(vocabulary.kinds[kind].label) for kind in kinds)


def because_says(dropped: Dropped, answer: Answer, speech: Language) -> str:
    """Why a claim gets less than it counts alone, in words."""
    winner = answer.outcomes[dropped.winner].claim if dropped.winner is not None else None
    title = speech.name(winner.item.title) if winner is not None else ""
    item = winner.item_id if winner is not None else ""
    match dropped.because:
        case "one_item":
            return speech.say("one item in all: {item} {title} pays more", item=item, title=title)
        case "measure":
            return speech.say("the same measure: {item} {title} is taken", item=item, title=title)
        case "subject":
            return speech.say("the same subject: {item} {title} is taken", item=item, title=title)
        case "base":
            return speech.say("the same yuan of its base go to {item} {title}", item=item, title=title)
        case "exclusive":
            return speech.say("excluded by the rules beside {item} {title}", item=item, title=title)
        case "cap":
            if _is_cut_by_a_shared_cap(answer.outcomes[dropped.index].claim, answer):
                return speech.say("a cap that it shares with other items is reached")
            return speech.say("the cap over its item is reached")


def _is_cut_by_a_shared_cap(claim: Claim, answer: Answer) -> bool:
    """Whether what cuts it is a cap over several items: those of its own item are not used up."""
    item = claim.item
    granted = [
        sum_
        for index, sum_ in answer.combination.grants.items()
        if answer.outcomes[index].claim.item_id == claim.item_id
    ]
    year_cap = item.cap_of("year_cap")
    # Only a plan cuts what pays in stages by a cap over its years.
    may_be_own = (
        (item.pays in ("stages", "difference") and not isinstance(answer, Estimate))
        or item.lifetime_cap is not None
        or (year_cap is not None and sum(granted) >= year_cap)
        or (item.most_claims is not None and len(granted) >= item.most_claims)
    )
    return not may_be_own and any(claim.item_id in shared.items for shared in answer.rules.shared_caps)


def confirmations(claim: Claim, answer: Answer, speech: Language) -> list[str]:
    """What no figure tests: the item's own, and each word that stands for the source's 等."""
    texts = [speech.name(text) for text in claim.item.confirm]
    vocabulary = answer.rules.vocabulary
    if claim.entry is not None:
        for field in vocabulary.tables[claim.entry.table].fields.values():
            word = field.words.get(str(claim.entry.values.get(field.name)))
            if word is not None and word.open:
                texts.append(_open_says(speech.name(word.label), speech))
    kinds = answer.enterprise.kinds_in(answer.claim_year)
    for form in (claim.item.claim, *single_conditions(claim.item.conditions)):
        if isinstance(form, OfKinds | KindsTrigger):
            held = [kind for kind in kinds if kind in form.kinds]
            if held and all(vocabulary.kinds[kind].open for kind in held):
                texts.append(_open_says(kinds_text(held, vocabulary, speech), speech))
    return texts


def _open_says(word: str, speech: Language) -> str:
    return speech.say("“{word}” falls under the source's 等: ask the department", word=word)
