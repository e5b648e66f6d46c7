"""``subsidy check``: what is wrong with a file, what is missing, what is doubtful."""

import sys
from dataclasses import dataclass

from calc.cli.channel import Channel
from calc.cli.exits import Exit, exit_for, exit_of_all
from calc.cli.opening import open_rules
from calc.engine.doubts import find_doubts
from calc.engine.estimate import estimate
from calc.enterprise.loader import enterprise_from, open_enterprise
from calc.enterprise.positions import located
from calc.enterprise.problems import InputError
from calc.enterprise.sources import STDIN
from calc.policy.rules import Rules
from calc.present.data.check import Checked, check_data
from calc.present.safe import command_line


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What ``subsidy check`` was asked."""

    files: tuple[str, ...]
    rules: tuple[str, ...]
    claim_year: int | None
    output_format: str


def check_files(request: CheckRequest, channel: Channel) -> int:
    """Check every file; the exit code says whether each could be answered."""
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules
    checks = []
    for source in request.files:
        one = check_file(source, rules, request.claim_year)
        channel.report((*one.problems, *one.doubts))
        checks.append(one)
    _present(request, checks, channel)
    if STDIN not in request.files:
        channel.hint(_next_command(request, checks, channel))
    return exit_of_all(exit_for(one.problems) for one in checks if not one.is_right)


def check_file(source: str, rules: Rules, claim_year: int | None = None) -> Checked:
    """Everything there is to say about one file (``-``: standard input)."""
    try:
        document = open_enterprise(source, rules.vocabulary)
        loaded = enterprise_from(document, rules.vocabulary, rules.item_ids, claim_year=claim_year)
    except InputError as error:
        return Checked(source, error.problems)
    answer = estimate(loaded.enterprise, rules)
    doubts = (*loaded.warnings, *located(document, find_doubts(answer)))
    ordered = sorted(doubts, key=lambda one: one.place.line if one.place is not None else sys.maxsize)
    return Checked(source, (), ordered, answer)


def _present(request: CheckRequest, checks: list[Checked], channel: Channel) -> None:
    if request.output_format == "table":
        from calc.present.views.check import print_check

        for one in checks:
            print_check(one, channel.speech)
        return
    from calc.present.data.documents import answer_text

    data = [check_data(one, channel.speech) for one in checks]
    if len(data) == 1:
        channel.write(answer_text(data[0], request.output_format))
    elif request.output_format == "toml":
        channel.write(answer_text({"checks": data}, "toml"))
    else:
        channel.write("".join(answer_text(one, "ndjson") for one in data))


def _next_command(request: CheckRequest, checks: list[Checked], channel: Channel) -> str:
    """What to type next: the check again while something is wrong, or else the estimate."""
    say = channel.speech.say
    wrong = [one.source for one in checks if not one.is_right]
    year = () if request.claim_year is None else ("--year", str(request.claim_year))
    if wrong:
        again = command_line("check", wrong, request.rules, *year)
        return say("when it is corrected: {command}", command=again)
    return say("next: {command}", command=command_line("estimate", request.files, request.rules, *year))
