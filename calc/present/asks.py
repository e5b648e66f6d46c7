"""What an estimate asks for: figures from the client, changes that would open a claim, what to confirm."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from calc.engine.bars import left_of_caps
from calc.engine.claims import Claim
from calc.engine.estimate import Estimate
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput
from calc.enterprise.numbers import whole_yuan
from calc.policy.awards import Fixed
from calc.present.folding import plain, stacked
from calc.present.look import Look
from calc.present.sections import Section, claims_with, why_column
from calc.present.tables import Column, first_fitting, table
from calc.present.wording import Answer, confirmations, missing_name, reason_says


def possible_ceiling(claim: Claim, answer: Answer) -> int | None:
    """The most a claim can get whatever its figures: what its caps leave; nothing where none binds it."""
    item = claim.item
    caps = [*left_of_caps(answer.facts, claim), item.cap_of("year_cap")]
    if isinstance(item.award, Fixed):
        caps.append(item.award.fixed)
    return min((whole_yuan(cap) for cap in caps if cap is not None), default=None)


def missing(answer: Answer, look: Look) -> Section | None:
    """What to ask the client, which claims wait for it, and how much each could be."""
    say = look.speech.say
    names: dict[str, Text] = {}
    waiting: dict[str, list[Claim]] = {}
    for outcome in answer.outcomes:
        if isinstance(outcome, NeedsInput):
            for operand in outcome.missing:
                path = operand.path
                names[path] = stacked(plain(missing_name(operand, look.speech)), plain(path, "dim"))
                waiting.setdefault(path, []).append(outcome.claim)
    if not names:
        return None
    rows = [
        (names[path] if place == 0 else Text(), claim)
        for path, claims in waiting.items()
        for place, claim in enumerate(claims)
    ]
    most = look.sums((possible_ceiling(claim, answer) for _, claim in rows), nothing=say("open"))
    columns = [
        Column(say("figure"), [name for name, _ in rows]),
        Column(say("needed for"), [look.item(claim.item_id, claim.item) for _, claim in rows]),
        Column(say("at most"), most, "sum"),
    ]
    return Section(say("Ask the client"), table(columns, look.width), look.unit)


def _with_reasons(outcomes: Sequence[Barred | Ineligible], estimate: Estimate, look: Look) -> RenderableType:
    reasons = [
        stacked(*(plain(reason_says(reason, estimate, look.speech)) for reason in one.reasons))
        for one in outcomes
    ]
    return claims_with([why_column(reasons, look)], [one.claim for one in outcomes], look)


def ineligible(estimate: Estimate, look: Look) -> Section | None:
    """What fails on the figures given."""
    outcomes = [one for one in estimate.outcomes if isinstance(one, Ineligible)]
    if not outcomes:
        return None
    return Section(look.speech.say("Not eligible yet"), _with_reasons(outcomes, estimate, look))


def barred(estimate: Estimate, look: Look) -> Section | None:
    """What is closed, and from when on it opens."""
    outcomes = [one for one in estimate.outcomes if isinstance(one, Barred)]
    if not outcomes:
        return None
    return Section(look.speech.say("Closed"), _with_reasons(outcomes, estimate, look))


def to_confirm(estimate: Estimate, look: Look) -> Section | None:
    """What no figure tests, by item, each text once, with the departments to ask."""
    speech = look.speech
    texts: dict[str, dict[str, None]] = {}
    claims: dict[str, Claim] = {}
    for outcome in estimate.outcomes:
        if isinstance(outcome, Eligible | NeedsInput):
            claim = outcome.claim
            found = dict.fromkeys(confirmations(claim, estimate, speech))
            if found:
                claims[claim.item_id] = claim
                texts.setdefault(claim.item_id, {}).update(found)
    if not claims:
        return None
    items = [plain(one, "cyan") for one in claims]
    says = Column(speech.say("to confirm"), [plain(speech.semicolon.join(texts[item])) for item in claims])
    departments = [[plain(name, "dim") for name in one.item.departments] for one in claims.values()]
    beside = Column(speech.say("department"), [stacked(*names) for names in departments])
    below = [stacked(item, *names) for item, names in zip(items, departments, strict=True)]
    choices = (
        [Column(speech.say("item"), items, "whole"), says, beside],
        [Column(speech.say("item"), below), says],
    )
    return Section(
        speech.say("Confirm with the department"), table(first_fitting(choices, look.width), look.width)
    )
