"""Opens rules and enterprise files: what is wrong with one is reported, and the exit code says so."""

from collections.abc import Callable

from calc.cli.channel import Channel
from calc.cli.exits import Exit, exit_for
from calc.cli.request import Request
from calc.engine.estimate import Estimate, estimate
from calc.enterprise.documents import Document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from, open_enterprise
from calc.enterprise.problems import InputError, Problem
from calc.policy.loader import load_rules
from calc.policy.rules import Rules


def open_rules(sources: tuple[str, ...], channel: Channel) -> Rules | Exit:
    """The rules, or the exit code where they are wrong."""
    try:
        return load_rules(sources)
    except InputError as error:
        channel.fail(error.problems, "measures check")
        return exit_for(error.problems, Exit.RULES)


def open_file(
    source: str, rules: Rules, request: Request, channel: Channel
) -> tuple[Document, Enterprise] | Exit:
    """A file and what it declares, its warnings reported; or the exit code where it is wrong."""
    try:
        document = open_enterprise(source, rules.vocabulary)
        loaded = enterprise_from(document, rules.vocabulary, rules.item_ids, claim_year=request.claim_year)
    except InputError as error:
        channel.fail(error.problems, "check", request.rules)
        return exit_for(error.problems)
    channel.report(loaded.warnings)
    return document, loaded.enterprise


def on_file(
    request: Request, channel: Channel, act: Callable[[Document, Enterprise, Rules], Exit | None]
) -> Exit:
    """Let a command act on the one file that it was given; the exit code, with all problems reported.

    ``act`` may return an exit code where something stops it.  What it refuses (``InputError``) stood on the
    command line: the file itself is sound.
    """
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules
    opened = open_file(request.source, rules, request, channel)
    if isinstance(opened, Exit):
        return opened
    try:
        return act(*opened, rules) or Exit.DONE
    except InputError as error:
        channel.report(error.problems)
        return Exit.USAGE


def estimated(enterprise: Enterprise, rules: Rules, request: Request) -> Estimate:
    """The estimate that was asked for."""
    return estimate(enterprise, rules, stacking=request.stacking, count=request.count)


def report_unproven(is_proven: bool, source: str, channel: Channel) -> None:
    """Warn where something that pays more may exist."""
    if not is_proven:
        channel.report([Problem(source, "not_proven", is_warning=True)])
