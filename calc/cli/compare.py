"""``subsidy compare``: enterprises, or scenarios of one, side by side."""

from typing import Final

from calc.cli.channel import Channel
from calc.cli.estimate import estimates_of
from calc.cli.exits import Exit, exit_of_all
from calc.cli.opening import open_rules
from calc.cli.request import Request
from calc.enterprise.problems import Problem
from calc.present.data import comparison
from calc.present.data.documents import answer_text

_LEAST: Final = 2


def compare_files(request: Request, channel: Channel) -> int:
    """Compare every file that can be answered, report the others; the exit code says if all went well."""
    if len(request.files) < _LEAST:
        channel.report([Problem(request.files[0], "one_file")])
        return Exit.USAGE
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules
    failed: list[Exit] = []
    estimates = list(estimates_of(request, rules, channel, failed))
    if estimates:
        match request.output_format:
            case "csv":
                channel.write_csv(comparison.compare_csv(estimates, channel.speech))
            case "markdown":
                channel.write(comparison.compare_markdown(estimates, channel.speech))
            case "table":
                from calc.present.views.comparison import print_comparison

                print_comparison(estimates, channel.speech, in_yuan=request.in_yuan)
            case written:
                channel.write(answer_text(comparison.compare_data(estimates), written))
    return exit_of_all(failed)
