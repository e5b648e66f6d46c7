"""Prints a plan as people read it: a calendar by year and department, and what to bear in mind beside it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from calc.engine.estimate import rests_on
from calc.engine.outlook import SpentCap, endings, entries_beyond, spent_caps, undecided, untaken
from calc.engine.plan import Filing, Plan, PlanYear
from calc.present.data.estimate import not_counted
from calc.present.folding import plain, stacked
from calc.present.language import Language
from calc.present.look import Look, grade_name
from calc.present.views import asks
from calc.present.views.estimate import terms, total_line
from calc.present.views.sections import Section, bullets, claims_with, laid_out, why_column
from calc.present.views.tables import INDENT, Column, first_fitting, framed, grouped, table
from calc.present.views.terminal import show
from calc.present.words.filings import (
    opening_says,
    plan_name,
    plan_notes,
    spreads_a_subject,
    tasks,
    untaken_says,
)

_TASKS: Final = 34
"""The width below which what a filing takes is hard to read."""


def print_plan(plan: Plan, gain: int | None, speech: Language, *, in_yuan: bool) -> None:
    """Print what to file in each year; ``gain``: what putting filings off pays more, where they may be."""
    show(lambda width: Group(plan_view(plan, gain, Look(speech, in_yuan, width)), Text()))


def plan_view(plan: Plan, gain: int | None, look: Look) -> RenderableType:
    """The whole plan as something Rich can print."""
    style = "green" if plan.is_proven else "red"
    heading = framed(_heading(plan, gain, look), look.width, style)
    return Group(heading, *laid_out(lambda within: _sections(plan, within), look))


def _heading(plan: Plan, gain: int | None, look: Look) -> Iterator[Text]:
    say, years = look.speech.say, plan.years
    yield plain(plan_name(plan, look.speech), "bold")
    yield total_line(plan.total, look)
    if len(years) > 1:
        each = [say("{year}: {total}", year=one.claim_year, total=look.money(one.total)) for one in years]
        yield Text(look.speech.comma.join(each))
    if gain is not None:
        yield Text(say("Putting filings off pays {gain} more", gain=look.money(gain)))
        if spreads_a_subject(plan):
            yield Text(say("One subject is filed in two years: ask the departments first"), "yellow")
    yield from terms(plan, look)


def _sections(plan: Plan, look: Look) -> Iterator[Section | None]:
    for year, open_still in zip(plan.years, undecided(plan), strict=True):
        yield _calendar(year, look)
        yield _missing(open_still, look)
        yield _uncounted(open_still, look)
    yield _endings(plan, look)
    yield _spent(plan, look)
    yield _untaken(plan, look)
    yield _notes(plan, look)


def _calendar(year: PlanYear, look: Look) -> Section:
    """What is filed in a year, by the department that leads each item."""
    say = look.speech.say
    title = say("{year}: {total}", year=year.claim_year, total=look.money(year.total))
    by_department: defaultdict[str, list[Filing]] = defaultdict(list)
    for filing in year.filings:
        by_department[filing.outcome.claim.item.departments[0]].append(filing)
    if not by_department:
        return Section(title, Text(say("Nothing to file that counts.")))
    filings = [filing for members in by_department.values() for filing in members]
    columns = _columns(filings, year, look)
    groups = []
    place = 0
    for department, members in by_department.items():
        end = place + len(members)
        part = [one._replace(cells=one.cells[place:end]) for one in columns]
        groups.append((plain(department, "bold cyan"), part))
        place = end
    return Section(title, grouped(groups, look.width))


def _columns(filings: Sequence[Filing], year: PlanYear, look: Look) -> Sequence[Column]:
    """What is filed, what it gets, what that rests on, what it takes: told once for all claims of an item."""
    names, sums, bases, takes = [], [], [], []
    told: set[tuple[str, str]] = set()
    for one in filings:
        claim = one.outcome.claim
        name = look.claim(claim)
        if one.is_put_off:
            name = stacked(name, Text(look.speech.say("put off from {year}", year=one.entry_year), "yellow"))
        names.append(name)
        sums.append(look.money(one.granted))
        bases.append(grade_name(rests_on(one.outcome), look.speech))
        lines = [line for line in tasks(one, year, look.speech) if (claim.item_id, line) not in told]
        told.update((claim.item_id, line) for line in lines)
        takes.append(stacked(*(plain(line) for line in lines)))
    stars = [" *" if one.outcome.claim.item.reviewed else "" for one in filings]
    item, todo = Column("", names), Column("", takes, readable=_TASKS)
    granted = Column("", [Text(text, "green") for text in sums], "sum")
    basis = Column("", [Text(text + star) for text, star in zip(bases, stars, strict=True)], "whole")
    starred = [Text(f"{text}{star or '  '}", "green") for text, star in zip(sums, stars, strict=True)]
    choices = ([item, granted, basis, todo], [item, Column("", starred, "sum"), todo])
    return first_fitting(choices, look.width - INDENT)


def _missing(year: PlanYear, look: Look) -> Section | None:
    found = asks.missing(year, look)
    return None if found is None else found._replace(title=_in_year(year, found.title, look))


def _in_year(year: PlanYear, what: str, look: Look) -> str:
    return look.speech.say("{year} · {what}", year=year.claim_year, what=what)


def _uncounted(year: PlanYear, look: Look) -> Section | None:
    """What can be filed too, though the source leaves the sum open."""
    say = look.speech.say
    outcomes = not_counted(year)
    if not outcomes:
        return None
    claims = [one.claim for one in outcomes]
    most = Column(say("at most"), look.sums((one.ceiling for one in outcomes), nothing=say("open")), "sum")
    departments = [plain(look.speech.comma.join(one.item.departments)) for one in claims]
    body = claims_with([most, Column(say("department"), departments)], claims, look)
    return Section(_in_year(year, say("Worth money, not counted"), look), body, look.unit)


def _endings(plan: Plan, look: Look) -> Section | None:
    """The agreements that end, and what opens then."""
    say, found = look.speech.say, endings(plan)
    if not found:
        return None
    names = [plain(one.agreement.name) for one in found]
    waiting = [
        look.claim(one.claim) if one.claim is not None else Text(say("nothing in this plan"), "dim")
        for one in found
    ]
    columns = (
        Column(say("agreement"), names),
        Column(say("ends"), [Text(one.agreement.until.isoformat()) for one in found], "whole"),
        Column(say("what waits for it"), waiting),
        Column(say("then"), [Text(opening_says(one, look.speech)) for one in found]),
    )
    return Section(say("Agreements that end"), table(columns, look.width))


def _spent(plan: Plan, look: Look) -> Section | None:
    """The caps over all years that are used up."""
    say, found = look.speech.say, spent_caps(plan)
    if not found:
        return None
    names = [
        look.claim(one.claim) if one.per_subject else look.item(one.claim.item_id, one.claim.item)
        for one in found
    ]
    used = [plain(look.speech.comma.join(_uses(one, look))) for one in found]
    columns = (
        Column(say("item"), names),
        Column(say("cap"), look.sums(one.cap for one in found), "sum"),
        Column(say("used up by"), used),
    )
    return Section(say("Caps over all years that are used up"), table(columns, look.width), look.unit)


def _uses(spent: SpentCap, look: Look) -> Iterator[str]:
    if spent.received:
        yield look.speech.say("received {sum}", sum=look.money(spent.received))
    for year, granted in spent.granted.items():
        yield look.speech.say("{year}: {total}", year=year, total=look.money(granted))


def _untaken(plan: Plan, look: Look) -> Section | None:
    """What no year takes, and why."""
    say, found = look.speech.say, untaken(plan)
    rows = [
        (look.claim(one.claim), stacked(*(plain(why) for why in untaken_says(one, look.speech))))
        for one in found
    ]
    last = plan.rules.policy.valid_to
    for entry in entries_beyond(plan):
        words = (
            say("belongs to {year}; the policy ends on {day}", year=entry.year, day=last)
            if entry.year is not None and entry.year > last.year
            else say("belongs to {year}, which is no year of this plan", year=entry.year)
        )
        table_name = look.speech.name(plan.rules.vocabulary.tables[entry.table].label)
        rows.append((stacked(plain(table_name), plain(f"· {entry.name}", "dim")), Text(words)))
    if not rows:
        return None
    columns = (Column(say("item"), [name for name, _ in rows]), why_column([why for _, why in rows], look))
    return Section(say("What no year takes"), table(columns, look.width))


def _notes(plan: Plan, look: Look) -> Section:
    """What holds for every filing, the policy's own notes last."""
    return Section(look.speech.say("Bear in mind"), bullets(list(plan_notes(plan, look.speech)), look.width))
