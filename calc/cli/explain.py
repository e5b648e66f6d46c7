"""``subsidy explain``: why each sum is what it is, and why the combination took or dropped a claim."""

from dataclasses import dataclass

from calc.cli.channel import Channel
from calc.cli.exits import Exit
from calc.cli.measures import named_items
from calc.cli.opening import estimated, on_file, report_unproven
from calc.cli.request import Request
from calc.engine.explain import Explanation, explain
from calc.engine.outcomes import Ineligible
from calc.enterprise.documents import Document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.problems import Problem
from calc.enterprise.sources import STDIN
from calc.policy.rules import Rules
from calc.present.safe import command_line


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """What is to be explained: some items in full, or all claims in brief; and the whole choice."""

    items: tuple[str, ...]
    asks_combination: bool


def explain_file(request: Request, options: ExplainOptions, channel: Channel) -> int:
    """Explain the claims of some items, or all in brief, or the combination; an unknown item: exit code 2."""

    def act(_document: Document, enterprise: Enterprise, rules: Rules) -> Exit | None:
        items = named_items(options.items, rules, channel)
        if isinstance(items, Exit):
            return items
        answer = estimated(enterprise, rules, request)
        report_unproven(answer.is_proven, request.source, channel)
        details = {"year": answer.claim_year}
        channel.report(
            Problem(request.source, "item_elsewhere", value=name, details=details, is_warning=True)
            for name in items
            if name not in answer.rules.items
        )
        _present(request, explain(answer, items, weighs=options.asks_combination), channel)
        return None

    return on_file(request, channel, act)


def _present(request: Request, explanation: Explanation, channel: Channel) -> None:
    if request.output_format == "table":
        from calc.present.views.explain import print_explanation

        print_explanation(explanation, channel.speech, in_yuan=request.in_yuan)
        _hint(request, explanation, channel)
        return
    from calc.present.data.documents import answer_text
    from calc.present.data.explain import explain_data

    channel.write(answer_text(explain_data(explanation, channel.speech), request.output_format))


def _hint(request: Request, explanation: Explanation, channel: Channel) -> None:
    """Tell the commands to go on with, which answer as this one did."""
    if request.source == STDIN:
        return
    year = () if request.claim_year is None else ("--year", str(request.claim_year))
    stacking = () if request.stacking == "subject" else ("--stacking", request.stacking)
    count = () if request.count == "ratio" else ("--count", request.count)
    say = channel.speech.say

    def command(name: str, *words: str) -> str:
        return command_line(name, request.files, request.rules, *words, *year, *stacking, *count)

    if any(isinstance(one.outcome, Ineligible) for one in explanation.claims):
        channel.hint(say("what small change would do: {gaps}", gaps=command("gaps")))
    if explanation.is_brief and explanation.found:
        grants = explanation.answer.combination.grants
        largest = max(explanation.claims, key=lambda one: grants.get(one.place or 0, 0)).outcome.claim
        channel.hint(say("one in full: {item}", item=command("explain", largest.item_id)))
        channel.hint(say("the whole choice: {choice}", choice=command("explain", "--combination")))
