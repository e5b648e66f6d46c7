"""``subsidy gaps`` and ``plan``: what would pay more, and when to file what."""

import re

from calc.cli.channel import Channel
from calc.cli.scene import Advice, on_scene
from calc.engine.advice import Scene, find_gaps
from calc.engine.plan import plan
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.problems import InputError, Problem
from calc.policy.rules import Rules
from calc.present import advice_data
from calc.present.advice_tables import print_gaps, print_plan
from calc.present.documents import answer_text


def show_gaps(request: Advice, channel: Channel) -> int:
    """The least change for each ineligible claim, largest gain first."""

    def act(scene: Scene, _rules: Rules) -> None:
        gaps = find_gaps(scene)
        if request.output_format == "table":
            print_gaps(scene.estimate, gaps, channel.speech, in_yuan=request.in_yuan)
        else:
            channel.write(answer_text(advice_data.gaps_data(scene.estimate, gaps), request.output_format))

    return on_scene(request, channel, act)


def show_plan(request: Advice, years: str | None, channel: Channel, *, defers: bool) -> int:
    """What to file in which year, so that the total over the years is the most there is."""

    def act(scene: Scene, rules: Rules) -> None:
        enterprise = scene.estimate.enterprise
        span = _years(request.source, years, enterprise.claim_year, rules)
        channel.report(_late_payments(enterprise, span[0]))
        answer = plan(enterprise, rules, span, stacking=request.stacking, count=request.count, defers=defers)
        if request.output_format == "table":
            print_plan(answer, channel.speech, in_yuan=request.in_yuan)
        else:
            channel.write(answer_text(advice_data.plan_data(answer), request.output_format))

    return on_scene(request, channel, act)


def _late_payments(enterprise: Enterprise, first: int) -> list[Problem]:
    """Sums received in a plan's own years change nothing in it, and that is worth a word."""
    return [
        Problem(enterprise.source, "received_in_plan", ("received", index, "year"), one.year, is_warning=True)
        for index, one in enumerate(enterprise.received)
        if one.year >= first
    ]


def _years(source: str, text: str | None, claim_year: int, rules: Rules) -> list[int]:
    if text is None:
        return list(range(claim_year, max(claim_year, rules.policy.valid_to.year) + 1))
    match = re.fullmatch(r"(20[0-9]{2}|2100)(?:-(20[0-9]{2}|2100))?", text.strip())
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if first > last:
        raise InputError((Problem(source, "not_years", value=text),))
    return list(range(first, last + 1))
