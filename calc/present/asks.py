"""What an estimate asks for: figures from the client, changes that would open a claim, what to confirm."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from calc.engine.claims import Claim
from calc.engine.estimate import Estimate
from calc.engine.missing import MissingFigure, Waiting, find_missing
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput
from calc.present.folding import plain, stacked
from calc.present.language import Language
from calc.present.look import Look, grade_name
from calc.present.sections import Section, claims_with, why_column
from calc.present.tables import Column, first_fitting, table
from calc.present.wording import confirmations, missing_name, reason_says


def missing(estimate: Estimate, look: Look) -> Section | None:
    """What to ask the client, the most valuable first; which claims wait for it, how much each could be."""
    say = look.speech.say
    found = find_missing(estimate)
    if not found:
        return None
    rows = [(one, place, waiting) for one in found for place, waiting in enumerate(one.waiting)]
    columns = [
        Column(say("figure"), [Text() if place else _missing_says(one, look) for one, place, _ in rows]),
        Column(say("needed for"), [look.item(one.claim.item_id, one.claim.item) for _, _, one in rows]),
        Column(say("at most"), look.sums(_most(one, look.speech) for _, _, one in rows), "sum"),
    ]
    if any(one.is_shared for one in found):
        together = [one.ceiling if one.is_shared and not place else None for one, place, _ in rows]
        columns.append(Column(say("together"), look.sums(together), "sum"))
    return Section(say("Ask the client"), table(columns, look.width), look.unit)


def _most(waiting: Waiting, speech: Language) -> int | str:
    """A claim's ceiling or, where it has none, what its sum is: open, or in kind."""
    return grade_name(waiting.claim.item.grade, speech) if waiting.ceiling is None else waiting.ceiling


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
