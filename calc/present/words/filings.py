"""Finds the words for a plan: what a filing takes, when it is filed, why another is not."""

from collections.abc import Iterator, Sequence

from calc.engine.claims import Claim
from calc.engine.combine.dropped import Dropped
from calc.engine.outlook import Ending, Untaken
from calc.engine.plan import Filing, Plan, PlanYear
from calc.policy.rules import Window
from calc.present.language import Language
from calc.present.words.claims import because_says, confirmations, reason_says


def plan_name(plan: Plan, speech: Language) -> str:
    """Whose plan it is, and over which years."""
    first, last = plan.years[0].claim_year, plan.years[-1].claim_year
    years = str(first) if first == last else f"{first}-{last}"
    return speech.say("{name} · plan for {years}", name=plan.enterprise.name, years=years)


def windows_say(windows: Sequence[Window], speech: Language) -> str:
    """The days of the year on which an item is filed; empty where the rules name none."""
    spans = (
        speech.say("{since} to {until}", since=_day(one.since), until=_day(one.until)) for one in windows
    )
    return speech.comma.join(spans)


def _day(day: tuple[int, int]) -> str:
    month, number = day
    return f"{month:02}-{number:02}"


def materials_of(claim: Claim, speech: Language) -> list[str]:
    """What the rules say that a filing is made of."""
    return [speech.name(text) for text in claim.item.materials]


def tasks(filing: Filing, year: PlanYear, speech: Language) -> Iterator[str]:
    """What a filing takes: its days, the departments beside the first, its materials, what to confirm."""
    claim = filing.outcome.claim
    others = claim.item.departments[1:]
    if claim.item.filing:
        yield speech.say("filing days: {days}", days=windows_say(claim.item.filing, speech))
    if others:
        yield speech.say("with: {departments}", departments=speech.comma.join(others))
    materials = materials_of(claim, speech)
    if materials:
        yield speech.say("materials: {what}", what=speech.semicolon.join(materials))
    confirm = confirmations(claim, year, speech)
    if confirm:
        yield speech.say("to confirm: {what}", what=speech.semicolon.join(confirm))


def opening_says(ending: Ending, speech: Language) -> str:
    """From when on a claim is open that an agreement bars."""
    if ending.opens is None:
        return speech.say("not open again while the policy holds")
    return speech.say("open from {day}", day=ending.opens)


def untaken_says(one: Untaken, speech: Language) -> list[str]:
    """Why no year takes a claim."""
    if one.paid_in is not None:
        return [speech.say("it pays once, and its subject is filed in {year}", year=one.paid_in)]
    if isinstance(one.hindrance, Dropped):
        return [because_says(one.hindrance, one.year, speech)]
    return [reason_says(reason, one.year, speech) for reason in one.hindrance.reasons]


def plan_notes(plan: Plan, speech: Language) -> Iterator[str]:
    """What holds for every filing of a plan, the policy's own notes last."""
    items = [one.outcome.claim.item for one in plan.filings]
    if any(item.reviewed for item in items):
        yield speech.say("* paid pro rata within the year's budget")
    if not any(item.filing for item in items):
        yield speech.say("The source names no filing days: watch for each department's guide.")
    elif not all(item.filing for item in items):
        yield speech.say("Where no days stand, the source names none: watch for the department's guide.")
    if spreads_a_subject(plan):
        yield speech.say(
            "The readings hold within each year: let the departments confirm that a subject may be filed "
            "again in a later year, under another item."
        )
    yield speech.say("The policy's last day: {day}.", day=plan.rules.policy.valid_to)
    yield from (speech.name(note) for note in plan.rules.policy.notes)


def spreads_a_subject(plan: Plan) -> bool:
    """Whether something is put off whose subject is filed under another item in another year."""
    filings = plan.filings
    return any(
        one.is_put_off
        and one.outcome.claim.subject == other.outcome.claim.subject
        and one.year != other.year
        and one.outcome.claim.item_id != other.outcome.claim.item_id
        for one in filings
        for other in filings
    )
