"""``subsidy estimate``: one file or many, each answered or each told what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from calc.cli.channel import Channel, are_unopenable
from calc.cli.exits import Exit
from calc.engine.combine.problem import Stacking
from calc.engine.estimate import Estimate, estimate
from calc.engine.evaluate import Count
from calc.enterprise.loader import load_enterprise
from calc.enterprise.problems import InputError, Problem
from calc.policy.loader import load_rules
from calc.policy.rules import Rules


@dataclass(frozen=True, slots=True)
class Request:
    """What ``subsidy estimate`` was asked."""

    files: tuple[str, ...]
    rules: tuple[str, ...]
    claim_year: int | None
    stacking: Stacking
    count: Count
    output_format: str
    in_yuan: bool


def open_rules(sources: tuple[str, ...], channel: Channel) -> Rules | Exit:
    """The rules, or the exit code where they are wrong (their problems are then reported)."""
    try:
        return load_rules(sources)
    except InputError as error:
        channel.fail(error.problems, "measures check")
        return Exit.UNOPENABLE if are_unopenable(error.problems) else Exit.RULES


def estimate_files(request: Request, channel: Channel) -> int:
    """Answer every file that can be answered, report the others; the exit code says whether all went well."""
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules
    failed: list[Problem] = []
    estimates = estimates_of(request, rules, channel, failed)
    _present(request, estimates, channel)
    if not failed:
        return Exit.DONE
    return Exit.UNOPENABLE if are_unopenable(failed) else Exit.CONTENT


def estimates_of(
    request: Request, rules: Rules, channel: Channel, failed: list[Problem]
) -> Iterator[Estimate]:
    """The estimate of each file that can be answered; what is wrong with the others is reported and kept."""
    for source in request.files:
        try:
            loaded = load_enterprise(source, rules.vocabulary, rules.item_ids, claim_year=request.claim_year)
        except InputError as error:
            channel.fail(error.problems, "check", request.rules)
            failed.extend(error.problems)
            continue
        channel.report(loaded.warnings)
        answer = estimate(loaded.enterprise, rules, stacking=request.stacking, count=request.count)
        if not answer.is_proven:
            channel.report([Problem(source, "not_proven", is_warning=True)])
        yield answer


def _present(request: Request, estimates: Iterator[Estimate], channel: Channel) -> None:
    speech = channel.speech
    is_one = len(request.files) == 1
    match request.output_format:
        case "json" | "ndjson":
            from calc.present.documents import json_text

            is_pretty = is_one and request.output_format == "json"
            for one in estimates:
                channel.write(json_text(one, speech, is_pretty=is_pretty))
        case "toml":
            from calc.present.documents import toml_text

            channel.write(toml_text(list(estimates), speech, is_one=is_one))
        case "csv":
            from calc.present.rows import csv_text

            answered = list(estimates)
            if answered:
                channel.write_csv(csv_text(answered, speech))
        case "markdown":
            from calc.present.rows import markdown_text

            channel.write(markdown_text(list(estimates), speech))
        case _:
            from calc.present.console import print_estimate

            for one in estimates:
                print_estimate(one, speech, in_yuan=request.in_yuan)
