"""A plan as rows, one for each filing: CSV for spreadsheets, Markdown to paste into a document."""

from collections.abc import Iterator
from typing import Any, Final

from calc.engine.estimate import rests_on
from calc.engine.outlook import endings
from calc.engine.plan import Plan, PlanYear
from calc.present.language import Language
from calc.present.look import Look, grade_name
from calc.present.safe import csv_of, markdown, markdown_row
from calc.present.words.claims import claim_name, confirmations
from calc.present.words.filings import (
    materials_of,
    opening_says,
    plan_name,
    plan_notes,
    tasks,
    windows_say,
)

COLUMNS: Final = (
    "source",
    "enterprise",
    "claim_year",
    "department",
    "departments",
    "item",
    "title",
    "subject",
    "granted",
    "grade",
    "budget_limited",
    "entry_year",
    "filing",
    "materials",
    "confirm",
)


def csv_text(plan: Plan, speech: Language) -> str:
    """All filings under one heading, in yuan; no cell can run as a formula."""
    rows = (row for year in plan.years for row in _rows(year, speech))
    return csv_of([COLUMNS, *([row[column] for column in COLUMNS] for row in rows)])


def _rows(year: PlanYear, speech: Language) -> Iterator[dict[str, Any]]:
    for one in year.filings:
        claim = one.outcome.claim
        yield {
            "source": year.enterprise.source,
            "enterprise": year.enterprise.name,
            "claim_year": one.year,
            "department": claim.item.departments[0],
            "departments": "; ".join(claim.item.departments),
            "item": claim.item_id,
            "title": claim.item.title.zh,
            "subject": claim.subject,
            "granted": one.granted,
            "grade": rests_on(one.outcome),
            "budget_limited": "true" if claim.item.reviewed else "false",
            "entry_year": "" if one.entry_year is None else one.entry_year,
            "filing": windows_say(claim.item.filing, speech),
            "materials": "; ".join(materials_of(claim, speech)),
            "confirm": "; ".join(confirmations(claim, year, speech)),
        }


def markdown_text(plan: Plan, speech: Language, *, in_yuan: bool) -> str:
    """A table for each year, then the agreements that end and what to bear in mind."""
    look = Look(speech, in_yuan, width=0)
    lines = [f"## {markdown(plan_name(plan, speech))}", ""]
    lines += [f"**{speech.say('Up to {total}', total=look.money(plan.total))}**", ""]
    for year in plan.years:
        title = speech.say("{year}: {total}", year=year.claim_year, total=look.money(year.total))
        lines += [f"### {title}", "", *_table(year, look), ""]
    for one in endings(plan):
        until = speech.say("an agreement covers it until {day}", day=one.agreement.until)
        name = claim_name(one.claim, speech) if one.claim is not None else one.agreement.name
        then = speech.say("{what}; {then}", what=until, then=opening_says(one, speech))
        lines.append(f"- {markdown(name)}{speech.colon}{markdown(then)}")
    lines += [f"- {markdown(note)}" for note in plan_notes(plan, speech)]
    return "\n".join(lines) + "\n"


def _table(year: PlanYear, look: Look) -> Iterator[str]:
    speech = look.speech
    say = speech.say
    if not year.filings:
        yield say("Nothing to file that counts.")
        return
    headings = (say("department"), say("item"), say("granted"), say("rests on"), say("what it takes"))
    yield f"| {' | '.join(headings)} |"
    yield "|---|---|---:|---|---|"
    for one in year.filings:
        claim = one.outcome.claim
        name = claim_name(claim, speech)
        if one.is_put_off:
            name += f" ({say('put off from {year}', year=one.entry_year)})"
        basis = f"{grade_name(rests_on(one.outcome), speech)}{' *' if claim.item.reviewed else ''}"
        takes = speech.semicolon.join(tasks(one, year, speech))
        cells = (claim.item.departments[0], name, look.money(one.granted), basis, takes)
        yield markdown_row(cells)
