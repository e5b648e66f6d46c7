"""``subsidy budget``: a portfolio summed up, under the rules and against others."""

import gc
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from calc.cli.channel import Channel
from calc.cli.exits import Exit, tell
from calc.cli.opening import open_rules
from calc.cli.slips import SlipError, check_places, lacks_libraries, wrong_usage
from calc.present.safe import visible

if TYPE_CHECKING:
    from calc.batch.budget.asked import Asked
    from calc.batch.budget.run import Budget
    from calc.batch.pools import Pool
    from calc.batch.sources.inputs import Source
    from calc.engine.combine.problem import Stacking
    from calc.engine.evaluate import Count
    from calc.policy.rules import Rules


@dataclass(frozen=True, slots=True)
class BudgetRequest:
    """The options of a budget, as the command line gives them."""

    inputs: tuple[str, ...]
    rules: tuple[str, ...]
    against: tuple[str, ...]
    claim_year: int | None
    stacking: "Stacking"
    count: "Count"
    written: str
    output: Path | None
    in_yuan: bool
    has_pools: bool
    pools: tuple[str, ...]
    jobs: int | None
    is_logged: bool


def run_budget(request: BudgetRequest, channel: Channel) -> int:
    """Sum up a portfolio; the exit code says whether every row could be answered."""
    try:
        return _answered(request, channel)
    except KeyboardInterrupt:
        tell(channel.speech.say("interrupted"))
        return Exit.INTERRUPTED


def _answered(request: BudgetRequest, channel: Channel) -> int:
    if lacks_libraries(channel):
        return Exit.USAGE
    from calc.cli.workers import begin_early

    begin_early(request.inputs, request.jobs)
    from calc.batch.sources.inputs import sources_of

    sources = tuple(sources_of(request.inputs))
    try:
        check_places(request.inputs, sources, request.output, channel.speech)
        if request.output is None and _is_torn(request):
            raise SlipError(channel.speech.say("{name} needs a file: add -o", name="--format xlsx"))
    except SlipError as slip:
        return wrong_usage(slip, "budget", channel)
    gc.enable()  # a portfolio may be long
    sides = _sides(request, channel)
    if isinstance(sides, Exit):
        return sides
    try:
        asked = _asked(request, sides, channel)
    except SlipError as slip:
        return wrong_usage(slip, "budget", channel)
    found = _summed(request, sources, asked, channel)
    if isinstance(found, Exit):
        return found
    _present(found, request, channel)
    return Exit.SOME_FAILED if found.errors else Exit.DONE


def _is_torn(request: BudgetRequest) -> bool:
    """Whether a terminal would be given a workbook."""
    return request.written == "xlsx" and sys.stdout.isatty()


def _sides(request: BudgetRequest, channel: Channel) -> "Sequence[Rules] | Exit":
    """The rules and, to compare, the others; both read a file with the same words."""
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit) or not request.against:
        return rules if isinstance(rules, Exit) else (rules,)
    others = open_rules((*request.rules, *request.against), channel)
    if isinstance(others, Exit):
        return others
    from calc.batch.budget.asked import WordsDifferError, read_alike

    say = channel.speech.say
    try:
        return read_alike(rules, others)
    except WordsDifferError as error:
        words = channel.speech.comma.join(map(visible, error.keys))
        tell(say("the two rules read a file in two ways: {words}", words=words))
        tell(say("make a budget under each of them instead"))
        return Exit.RULES


def _asked(request: BudgetRequest, sides: "Sequence[Rules]", channel: Channel) -> "Asked":
    """The question under each of the rules.  Raises ``SlipError`` where a pool is none."""
    from calc.batch.answers import Question
    from calc.batch.budget.asked import Asked

    pools = tuple(_pools(request, rules, sides, channel) for rules in sides)
    questions = tuple(
        Question(
            rules,
            request.stacking,
            request.count,
            request.claim_year,
            pools=tuple(item for pool in of_side for item in pool.items),
        )
        for rules, of_side in zip(sides, pools, strict=True)
    )
    return Asked(questions, pools)


def _pools(
    request: BudgetRequest, rules: "Rules", sides: "Sequence[Rules]", channel: Channel
) -> "tuple[Pool, ...]":
    """The pools of one side; one that is named needs to be known to the first."""
    if not request.has_pools:
        return ()
    from calc.batch.pools import pools_of
    from calc.cli.pooling import named_pools

    named = named_pools(request.pools, sides[0], channel.speech)
    return pools_of(rules, named)


def _summed(
    request: BudgetRequest, sources: "tuple[Source, ...]", asked: "Asked", channel: Channel
) -> "Budget | Exit":
    from calc.batch.budget.run import budget_of
    from calc.batch.workers import WorkerLostError, cores
    from calc.cli.progress import Progress
    from calc.cli.workers import loss_says
    from calc.present.words.batch import row_says

    progress = Progress(sum(one.size for one in sources), channel, is_logged=request.is_logged)
    says = partial(row_says, channel.speech.code)
    try:
        with progress:
            found = budget_of(sources, asked, request.jobs or cores(), says, progress.watch)
    except WorkerLostError as error:
        for line in loss_says(error, channel.speech, is_own=True):
            tell(line)
        return Exit.BUG
    progress.tell_end(is_left_out=True)
    return found


def _present(found: "Budget", request: BudgetRequest, channel: Channel) -> None:
    from calc.present.data import budget_documents as documents
    from calc.present.data.documents import answer_text

    speech = channel.speech
    report = documents.report_of(found, speech)
    match request.written:
        case "csv":
            channel.write_csv(documents.budget_csv(report))
        case "markdown":
            channel.write(documents.budget_markdown(report, speech))
        case "html":
            from calc.present.views.budget_page import budget_html

            channel.write(budget_html(report, speech, in_yuan=request.in_yuan))
        case "xlsx":
            from calc.present.views.budget_book import budget_xlsx

            sys.stdout.flush()
            sys.stdout.buffer.write(budget_xlsx(report, speech, in_yuan=request.in_yuan))
        case "table":
            from calc.present.views.budget import print_budget

            print_budget(report, speech, in_yuan=request.in_yuan)
        case written:
            channel.write(answer_text(documents.budget_data(report), written))
