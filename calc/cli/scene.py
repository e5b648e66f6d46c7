"""Opens the file that advice is about: its options, its rules, and an estimate from which changes start."""

from collections.abc import Callable
from dataclasses import dataclass

from calc.cli.channel import Channel, are_unopenable
from calc.cli.estimate import open_rules
from calc.cli.exits import Exit
from calc.engine.advice import Scene
from calc.engine.combine.problem import Stacking
from calc.engine.estimate import Estimate, estimate
from calc.engine.evaluate import Count
from calc.enterprise.documents import Document, read_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.enterprise.problems import InputError
from calc.policy.rules import Rules


@dataclass(frozen=True, slots=True)
class Advice:
    """The options that all these commands share."""

    source: str
    rules: tuple[str, ...]
    claim_year: int | None
    stacking: Stacking
    count: Count
    output_format: str
    in_yuan: bool


def on_scene(request: Advice, channel: Channel, act: Callable[[Scene, Rules], None]) -> int:
    """Let a command act on the file it was given; the exit code, with all problems reported.

    What is refused once the file has been read stood on the command line.
    """
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules

    def read(document: Document) -> Enterprise:
        found = enterprise_from(document, rules.vocabulary, rules.item_ids, claim_year=request.claim_year)
        return found.enterprise

    def answer(enterprise: Enterprise) -> Estimate:
        return estimate(enterprise, rules, stacking=request.stacking, count=request.count)

    try:
        document = read_document(request.source)
        loaded = enterprise_from(document, rules.vocabulary, rules.item_ids, claim_year=request.claim_year)
    except InputError as error:
        channel.fail(error.problems, "check", request.rules)
        return Exit.UNOPENABLE if are_unopenable(error.problems) else Exit.CONTENT
    channel.report(loaded.warnings)
    try:
        act(Scene(document, answer(loaded.enterprise), read, answer), rules)
    except InputError as error:
        channel.report(error.problems)
        return Exit.USAGE
    return Exit.DONE
