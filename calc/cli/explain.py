"""``subsidy explain``: why each sum is what it is, and why the combination took or dropped a claim."""

from dataclasses import dataclass

from calc.cli.channel import Channel, are_unopenable
from calc.cli.estimate import open_rules
from calc.cli.exits import Exit
from calc.cli.measures import named_items
from calc.engine.combine.problem import Stacking
from calc.engine.estimate import estimate
from calc.engine.evaluate import Count
from calc.engine.explain import Explanation, explain
from calc.engine.outcomes import Ineligible
from calc.enterprise.loader import load_enterprise
from calc.enterprise.problems import InputError, Problem
from calc.enterprise.sources import STDIN
from calc.present.safe import rules_options, shell_file


@dataclass(frozen=True, slots=True)
class Request:
    """What ``subsidy explain`` was asked."""

    source: str
    items: tuple[str, ...]
    asks_combination: bool
    rules: tuple[str, ...]
    claim_year: int | None
    stacking: Stacking
    count: Count
    output_format: str
    in_yuan: bool


def explain_file(request: Request, channel: Channel) -> int:
    """Explain the claims of some items, or all in brief, or the combination; an unknown item: exit code 2."""
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules
    items = named_items(request.items, rules, channel)
    if isinstance(items, Exit):
        return items
    try:
        loaded = load_enterprise(
            request.source, rules.vocabulary, rules.item_ids, claim_year=request.claim_year
        )
    except InputError as error:
        channel.fail(error.problems, "check", request.rules)
        return Exit.UNOPENABLE if are_unopenable(error.problems) else Exit.CONTENT
    channel.report(loaded.warnings)
    answer = estimate(loaded.enterprise, rules, stacking=request.stacking, count=request.count)
    if not answer.is_proven:
        channel.report([Problem(request.source, "not_proven", is_warning=True)])
    _present(request, explain(answer, items, weighs=request.asks_combination), channel)
    return Exit.DONE


def _present(request: Request, explanation: Explanation, channel: Channel) -> None:
    if request.output_format == "table":
        from calc.present.explain import print_explanation

        print_explanation(explanation, channel.speech, in_yuan=request.in_yuan)
        _hint(request, explanation, channel)
        return
    from calc.present.documents import answer_text
    from calc.present.explain_data import explain_data

    channel.write(answer_text(explain_data(explanation, channel.speech), request.output_format))


def _hint(request: Request, explanation: Explanation, channel: Channel) -> None:
    """Tell the commands to go on with, which answer as this one did."""
    if request.source == STDIN:
        return
    year = () if request.claim_year is None else ("--year", str(request.claim_year))
    stacking = () if request.stacking == "subject" else ("--stacking", request.stacking)
    count = () if request.count == "ratio" else ("--count", request.count)
    options = "".join(f" {word}" for word in (*rules_options(request.rules), *year, *stacking, *count))
    say, file = channel.speech.say, shell_file(request.source)
    if any(isinstance(one.outcome, Ineligible) for one in explanation.claims):
        channel.hint(say("what small change would do: {gaps}", gaps=f"subsidy gaps {file}{options}"))
    if explanation.is_brief and explanation.found:
        grants = explanation.answer.combination.grants
        largest = max(explanation.claims, key=lambda one: grants.get(one.place or 0, 0)).outcome.claim
        channel.hint(say("one in full: {item}", item=f"subsidy explain {file} {largest.item_id}{options}"))
        channel.hint(
            say("the whole choice: {choice}", choice=f"subsidy explain {file} --combination{options}")
        )
