"""``subsidy plan``: what to file in which year, as a calendar, as data, as an iCalendar file."""

import re
from dataclasses import dataclass
from pathlib import Path

from calc.cli.channel import Channel
from calc.cli.exits import Exit
from calc.cli.opening import on_file, report_unproven
from calc.cli.request import Request
from calc.engine.plan import Plan, plan
from calc.enterprise.documents import Document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.problems import Problem
from calc.enterprise.sources import STDIN
from calc.policy.rules import Rules
from calc.present.safe import visible


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """How to plan, and where to write the calendar (``-``: standard output)."""

    years: str | None
    defers: bool
    calendar: str | None


def show_plan(request: Request, options: PlanOptions, channel: Channel) -> int:
    """What to file in which year, so that the total over the years is the most there is."""

    def act(_document: Document, enterprise: Enterprise, rules: Rules) -> Exit | None:
        years = _years(options.years, enterprise.claim_year, rules)
        if not years:
            channel.report([Problem(request.source, "not_years", value=options.years)])
            return Exit.USAGE
        channel.report(_late_payments(enterprise, years[0]))
        answer = _plan(request, enterprise, rules, years, defers=options.defers)
        report_unproven(answer.is_proven, request.source, channel)
        if options.calendar is not None:
            _write_calendar(answer, options.calendar, channel)
        if options.calendar != STDIN:
            _present(request, options, answer, channel)
        return None

    return on_file(request, channel, act)


def _plan(request: Request, enterprise: Enterprise, rules: Rules, years: list[int], *, defers: bool) -> Plan:
    return plan(enterprise, rules, years, stacking=request.stacking, count=request.count, defers=defers)


def _years(text: str | None, claim_year: int, rules: Rules) -> list[int]:
    """The years of the plan; none where the text names none."""
    if text is None:
        return list(range(claim_year, max(claim_year, rules.policy.valid_to.year) + 1))
    match = re.fullmatch(r"(20[0-9]{2}|2100)(?:-(20[0-9]{2}|2100))?", text.strip())
    return list(range(int(match[1]), int(match[2] or match[1]) + 1)) if match else []


def _late_payments(enterprise: Enterprise, first: int) -> list[Problem]:
    """Sums received in a plan's own years change nothing in it, and that is worth a word."""
    return [
        Problem(enterprise.source, "received_in_plan", ("received", index, "year"), one.year, is_warning=True)
        for index, one in enumerate(enterprise.received)
        if one.year >= first
    ]


def _write_calendar(answer: Plan, target: str, channel: Channel) -> None:
    from calc.present.data.plan_calendar import calendar_of

    content = calendar_of(answer, channel.speech)
    if target == STDIN:
        channel.write(content.decode())
        return
    from calc.cli.files import write_whole

    write_whole(Path(target), content)
    channel.hint(channel.speech.say("The calendar is in {file}.", file=visible(target)))


def _present(request: Request, options: PlanOptions, answer: Plan, channel: Channel) -> None:
    speech = channel.speech
    match request.output_format:
        case "json" | "ndjson" | "toml":
            from calc.present.data.advice import plan_data
            from calc.present.data.documents import answer_text

            channel.write(answer_text(plan_data(answer), request.output_format))
        case "csv":
            from calc.present.data.plan_rows import csv_text

            channel.write_csv(csv_text(answer, speech))
        case "markdown":
            from calc.present.data.plan_rows import markdown_text

            channel.write(markdown_text(answer, speech, in_yuan=request.in_yuan))
        case _:
            _show(request, options, answer, channel)


def _show(request: Request, options: PlanOptions, answer: Plan, channel: Channel) -> None:
    """The calendar for people, and whether putting filings off pays."""
    from calc.present.look import Look
    from calc.present.views.plan import print_plan

    gain = None
    if options.defers or not channel.is_quiet:
        years = [year.claim_year for year in answer.years]
        other = _plan(request, answer.enterprise, answer.rules, years, defers=not options.defers)
        gain = abs(other.total - answer.total)
    print_plan(answer, gain if options.defers else None, channel.speech, in_yuan=request.in_yuan)
    if gain and not options.defers:
        more = Look(channel.speech, request.in_yuan, 0).money(gain)
        channel.hint(channel.speech.say("Putting filings off could pay {gain} more: add --defer", gain=more))
