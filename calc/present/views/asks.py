"""What an estimate asks for: figures from the client, changes that would open a claim, what to confirm."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from calc.engine.claims import Claim
from calc.engine.estimate import Answer, Estimate
from calc.engine.missing import MissingFigure, WaitingItem, find_missing
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput
from calc.present.folding import plain, stacked
from calc.present.language import Language
from calc.present.look import Look, grade_name
from calc.present.views.sections import Section, claims_with, why_column
from calc.present.views.tables import Column, first_fitting, table
from calc.present.words.claims import confirmations, missing_name, reason_says


def missing(answer: Answer, look: Look) -> Section | None:
    """What to ask the client, the most valuable first; which claims wait for it, how much each could be."""
    say = look.speech.say
    found = find_missing(answer)
    if not found:
        return None
    rows = [(one, place, item) for one in found for place, item in enumerate(one.items)]
    columns = [
        Column(say("figure"), [Text() if place else _missing_says(one, look) for one, place, _ in rows]),
        Column(say("needed for"), [_blocked(item, look) for _, _, item in rows]),
        Column(say("at most"), look.sums(_most(item, look.speech) for _, _, item in rows), "sum"),
    ]
    if any(len(one.items) > 1 for one in found):
        together = [one.ceiling if len(one.items) > 1 and not place else None for one, place, _ in rows]
        columns.append(Column(say("together"), look.sums(together), "sum"))
    return Section(say("Ask the client"), table(columns, look.width), look.unit)


def _blocked(item: WaitingItem, look: Look) -> Text:
    """An item that waits for a figure, with the number of its claims where they are several."""
    claim, count = item.claims[0].claim, len(item.claims)
    name = look.item(claim.item_id, claim.item)
    return name.append(look.speech.say(" ({count} claims)", count=count), "dim") if count > 1 else name


def _most(item: WaitingItem, speech: Language) -> int | str:
    """What an item could get or, where nothing bounds it, what its sum is: open, or in kind."""
    return grade_name(item.claims[0].claim.item.grade, speech) if item.ceiling is None else item.ceiling


def _missing_says(one: MissingFigure, look: Look) -> Text:
    return stacked(plain(missing_name(one.operand, look.speech)), plain(one.operand.path, "dim"))


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
