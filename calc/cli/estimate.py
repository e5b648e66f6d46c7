"""``subsidy estimate``: one file or many, each answered or each told what is wrong with it."""

from collections.abc import Iterator

from calc.cli.channel import Channel
from calc.cli.exits import Exit, exit_of_all
from calc.cli.opening import estimated, open_file, open_rules, report_unproven
from calc.cli.request import Request
from calc.engine.estimate import Estimate
from calc.policy.rules import Rules


def estimate_files(request: Request, channel: Channel) -> int:
    """Answer every file that can be answered, report the others; the exit code says whether all went well."""
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules
    failed: list[Exit] = []
    _present(request, estimates_of(request, rules, channel, failed), channel)
    return exit_of_all(failed)


def estimates_of(request: Request, rules: Rules, channel: Channel, failed: list[Exit]) -> Iterator[Estimate]:
    """The estimate of each file that can be answered; how each of the others failed is kept."""
    for source in request.files:
        opened = open_file(source, rules, request, channel)
        if isinstance(opened, Exit):
            failed.append(opened)
            continue
        answer = estimated(opened[1], rules, request)
        report_unproven(answer.is_proven, source, channel)
        yield answer


def _present(request: Request, estimates: Iterator[Estimate], channel: Channel) -> None:
    speech = channel.speech
    is_one = len(request.files) == 1
    match request.output_format:
        case "json" | "ndjson":
            from calc.present.data.documents import json_text

            is_pretty = is_one and request.output_format == "json"
            for one in estimates:
                channel.write(json_text(one, speech, is_pretty=is_pretty))
        case "toml":
            from calc.present.data.documents import toml_text

            channel.write(toml_text(list(estimates), speech, is_one=is_one))
        case "csv":
            from calc.present.data.rows import csv_text

            answered = list(estimates)
            if answered:
                channel.write_csv(csv_text(answered, speech))
        case "markdown":
            from calc.present.data.rows import markdown_text

            channel.write(markdown_text(list(estimates), speech))
        case _:
            from calc.present.views.estimate import print_estimate

            for one in estimates:
                print_estimate(one, speech, in_yuan=request.in_yuan)
