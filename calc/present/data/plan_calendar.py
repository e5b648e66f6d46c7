"""A plan as iCalendar (RFC 5545), for Outlook, Apple and other calendars.

Only days that the rules or the file name become dates: a filing with days of its own is an event, one without
is a to-do without a date, which the event on the last day of its claim year lists too, since many calendars
show no to-dos.  The same plan gives the same bytes, and a filing keeps its UID from plan to plan.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, Todo

from calc.engine.outlook import endings
from calc.engine.plan import Filing, Plan, PlanYear
from calc.policy.rules import Window
from calc.present.language import Language
from calc.present.look import Look
from calc.present.safe import visible
from calc.present.words.claims import claim_name
from calc.present.words.filings import plan_name, tasks

_PRODUCT: Final = "-//subsidy//plan//EN"
_IDENTIFIERS: Final = uuid5(NAMESPACE_URL, "subsidy.plan/1")
_EPOCH: Final = "SOURCE_DATE_EPOCH"
_LAST_EPOCH: Final = 253402300799
"""The last second of the year 9999."""


class _Note(NamedTuple):
    """One entry of the calendar: on whole days, both included, or without a day.

    ``marks`` tell it from all other entries of the enterprise under the policy.
    """

    marks: tuple[object, ...]
    summary: str
    lines: tuple[str, ...] = ()
    days: tuple[date, date] | None = None
    categories: tuple[str, ...] = ()


def calendar_of(plan: Plan, speech: Language) -> bytes:
    """The whole plan: filings, the days on which agreements open, the last days of its years and policy."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", visible(plan_name(plan, speech)))
    stamp = _stamp(plan)
    for note in _notes(plan, speech):
        calendar.add_component(_entry(note, plan, stamp))
    return bytes(calendar.to_ical())


def _stamp(plan: Plan) -> datetime:
    """When the calendar was made: the moment that builds set, or else the policy's first day; never now."""
    asked = os.environ.get(_EPOCH, "")
    if asked.isascii() and asked.isdigit() and int(asked[:12]) <= _LAST_EPOCH:
        return datetime.fromtimestamp(int(asked[:12]), UTC)
    return datetime.combine(plan.rules.policy.valid_from, time(), UTC)


def _entry(note: _Note, plan: Plan, stamp: datetime) -> Event | Todo:
    entry: Event | Todo = Todo() if note.days is None else Event()
    marks = (plan.rules.policy.id, plan.enterprise.name, *note.marks)
    entry.add("uid", str(uuid5(_IDENTIFIERS, "\n".join(str(mark) for mark in marks))))
    entry.add("dtstamp", stamp)
    entry.add("summary", visible(note.summary))
    if note.lines:
        entry.add("description", "\n".join(visible(line) for line in note.lines))
    if note.categories:
        entry.add("categories", [visible(one) for one in note.categories])
    if note.days is None:
        entry.add("status", "NEEDS-ACTION")
    else:
        first, last = note.days
        entry.add("dtstart", first)
        entry.add("dtend", last + timedelta(days=1))
        entry.add("transp", "TRANSPARENT")  # it blocks nobody's time
    return entry


def _notes(plan: Plan, speech: Language) -> Iterator[_Note]:
    for year in plan.years:
        for filing in year.filings:
            yield from _filing(filing, year, speech)
        yield from _year_end(year, speech)
    yield from _openings(plan, speech)
    policy, last = plan.rules.policy, plan.rules.policy.valid_to
    summary = speech.say("{policy}: last day of the policy", policy=policy.id)
    yield _Note(("last day",), summary, (speech.name(policy.title),), (last, last))


def _filing(filing: Filing, year: PlanYear, speech: Language) -> Iterator[_Note]:
    """A filing on each of its spans of days; a to-do where the rules name none."""
    claim = filing.outcome.claim
    departments = tuple(claim.item.departments)
    note = _Note(
        (claim.item_id, claim.subject, filing.year),
        f"{year.enterprise.name} · {_filing_says(filing, speech)}",
        (speech.say("department: {names}", names=departments[0]), *tasks(filing, year, speech)),
        categories=departments,
    )
    if not claim.item.filing:
        days = speech.say("The source names no filing days: watch for each department's guide.")
        yield note._replace(lines=(*note.lines, days))
    for number, window in enumerate(claim.item.filing):
        marks = (*note.marks, number) if number else note.marks
        yield note._replace(marks=marks, days=_days_of(window, filing.year))


def _filing_says(filing: Filing, speech: Language) -> str:
    look = Look(speech, in_yuan=False, width=0)
    name = claim_name(filing.outcome.claim, speech)
    return speech.say("{claim}, up to {sum}", claim=name, sum=look.money(filing.granted))


def _days_of(window: Window, year: int) -> tuple[date, date]:
    return date(year, *window.since), date(year, *window.until)


def _year_end(year: PlanYear, speech: Language) -> Iterator[_Note]:
    """The last day of a claim year, with what is filed in it on days that the source does not name."""
    undated = [one for one in year.filings if not one.outcome.claim.item.filing]
    if undated:
        last = min(date(year.claim_year, 12, 31), year.rules.policy.valid_to)
        summary = speech.say(
            "{name} · last day of claim year {year}", name=year.enterprise.name, year=year.claim_year
        )
        days = speech.say("The source names no filing days: watch for each department's guide.")
        lines = (days, *(_filing_says(one, speech) for one in undated))
        yield _Note(("last day of", year.claim_year), summary, lines, (last, last))


def _openings(plan: Plan, speech: Language) -> Iterator[_Note]:
    """The first day after each agreement, and what opens on it."""
    opening: defaultdict[tuple[str, date], list[str]] = defaultdict(list)
    for one in endings(plan):
        if one.opens is not None:
            names = opening[one.agreement.name, one.opens]
            if one.claim is not None:
                names.append(claim_name(one.claim, speech))
    for (agreement, day), names in opening.items():
        summary = speech.say(
            "{name} · agreement {agreement} has ended: open again",
            name=plan.enterprise.name,
            agreement=agreement,
        )
        yield _Note(("opens", agreement, day), summary, tuple(names), (day, day))
