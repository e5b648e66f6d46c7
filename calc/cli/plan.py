"""``subsidy plan``: what to file in which year, as a calendar, as data, as an iCalendar file."""

import re
from dataclasses import dataclass
from pathlib import Path

from calc.cli.channel import Channel, are_unopenable
from calc.cli.estimate import open_rules
from calc.cli.exits import Exit
from calc.cli.scene import Advice
from calc.engine.plan import Plan, plan
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import load_enterprise
from calc.enterprise.problems import InputError, Problem
from calc.policy.rules import Rules

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What ``subsidy plan`` was asked, beside what all advice is asked."""

    advice: Advice
    years: str | None
    defers: bool
    calendar: str | None


def show_plan(request: PlanRequest, channel: Channel) -> int:
    """What to file in which year, so that the total over the years is the most there is."""
    advice = request.advice
    rules = open_rules(advice.rules, channel)
    if isinstance(rules, Exit):
        return rules
    try:
        loaded = load_enterprise(
            advice.source, rules.vocabulary, rules.item_ids, claim_year=advice.claim_year
        )
    except InputError as error:
        channel.fail(error.problems, "check", advice.rules)
        return Exit.UNOPENABLE if are_unopenable(error.problems) else Exit.CONTENT
    channel.report(loaded.warnings)
    years = _years(request.years, loaded.enterprise.claim_year, rules)
    if not years:
        channel.report([Problem(advice.source, "not_years", value=request.years)])
        return Exit.USAGE
    channel.report(_late_payments(loaded.enterprise, years[0]))
    answer = _plan(request, loaded.enterprise, rules, years, defers=request.defers)
    if not answer.is_proven:
        channel.report([Problem(advice.source, "not_proven", is_warning=True)])
    if request.calendar is not None:
        _write_calendar(answer, request.calendar, channel)
    if request.calendar != STANDARD_OUTPUT:
        _present(request, answer, channel)
    return Exit.DONE


def _plan(
    request: PlanRequest, enterprise: Enterprise, rules: Rules, years: list[int], *, defers: bool
) -> Plan:
    advice = request.advice
    return plan(enterprise, rules, years, stacking=advice.stacking, count=advice.count, defers=defers)


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
    from calc.present.plan_calendar import calendar_of

    content = calendar_of(answer, channel.speech)
    if target == STANDARD_OUTPUT:
        channel.write(content.decode())
        return
    from calc.cli.files import write_whole

    write_whole(Path(target), content)
    channel.hint(channel.speech.say("The calendar is in {file}.", file=target))


def _present(request: PlanRequest, answer: Plan, channel: Channel) -> None:
    speech = channel.speech
    match request.advice.output_format:
        case "json" | "ndjson" | "toml":
            from calc.present.advice_data import plan_data
            from calc.present.documents import answer_text

            channel.write(answer_text(plan_data(answer), request.advice.output_format))
        case "csv":
            from calc.present.plan_rows import csv_text

            channel.write_csv(csv_text(answer, speech))
        case "markdown":
            from calc.present.plan_rows import markdown_text

            channel.write(markdown_text(answer, speech, in_yuan=request.advice.in_yuan))
        case _:
            _show(request, answer, channel)


def _show(request: PlanRequest, answer: Plan, channel: Channel) -> None:
    """The calendar for people, and whether putting filings off pays."""
    from calc.present.look import Look
    from calc.present.plan_tables import print_plan

    years = [year.claim_year for year in answer.years]
    other = _plan(request, answer.enterprise, answer.rules, years, defers=not request.defers)
    gain = abs(other.total - answer.total)
    print_plan(answer, gain if request.defers else None, channel.speech, in_yuan=request.advice.in_yuan)
    if gain and not request.defers:
        more = Look(channel.speech, request.advice.in_yuan, 0).money(gain)
        channel.hint(channel.speech.say("Putting filings off could pay {gain} more: add --defer", gain=more))
