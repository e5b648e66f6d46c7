"""``subsidy batch``: what was asked, whether it can be done, and what became of it."""

import gc
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calc.cli.channel import Channel
from calc.cli.exits import Exit, tell, unwritable
from calc.cli.opening import open_rules
from calc.cli.options import UnfitEnding
from calc.enterprise.sources import STDIN
from calc.present.safe import shell_word, visible

if TYPE_CHECKING:
    from calc.batch.run import Batch
    from calc.batch.sources.inputs import Source
    from calc.engine.combine.problem import Stacking
    from calc.engine.evaluate import Count

_NEEDED: Final = ("numpy", "pyarrow", "python_calamine", "xlsxwriter")
_FORMATS: Final = {
    ".csv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".xlsx": "xlsx",
}
_PIPED: Final = ("ndjson", "csv")


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """The options of a batch, as the command line gives them."""

    inputs: tuple[str, ...]
    rules: tuple[str, ...]
    claim_year: int | None
    stacking: "Stacking"
    count: "Count"
    asked_format: str | None
    output: Path | None
    is_folder: bool
    is_long: bool
    has_pools: bool
    pools: tuple[str, ...]
    jobs: int | None
    resume: bool
    is_logged: bool


class _SlipError(Exception):
    """What is wrong with the command line, in the words of the user."""


def run_batch(request: BatchRequest, channel: Channel) -> int:
    """Answer a batch; the exit code says whether every row could be answered."""
    if lacks_libraries(channel):
        return Exit.USAGE
    gc.enable()  # a batch may be long
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules
    from calc.batch.answers import Question
    from calc.batch.pools import pools_of
    from calc.batch.run import Batch
    from calc.batch.sources.inputs import sources_of
    from calc.batch.workers import cores
    from calc.cli.pooling import named_pools
    from calc.present.words.batch import row_says

    try:
        sources = tuple(sources_of(request.inputs))
        _check(request, sources, channel)
        form = _form_of(request, channel)
        named = named_pools(request.pools, rules, channel.speech)
    except _SlipError as slip:
        return wrong_usage(str(slip), channel)
    except ValueError as error:
        return wrong_usage(str(error), channel)
    pools = pools_of(rules, named) if request.has_pools else ()
    question = Question(
        rules,
        request.stacking,
        request.count,
        request.claim_year,
        request.is_long,
        tuple(item for pool in pools for item in pool.items),
    )
    code = channel.speech.code
    batch = Batch(sources, question, form, request.jobs or cores(), partial(row_says, code), code, pools)
    return _run(batch, request, channel)


def _run(batch: "Batch", request: BatchRequest, channel: Channel) -> int:
    from calc.batch.run import to_file, to_stream
    from calc.batch.sinks.sheet import SheetFullError
    from calc.batch.workers import WorkerLostError
    from calc.cli.progress import Progress

    say, output = channel.speech.say, request.output
    progress = Progress(sum(one.size for one in batch.sources), channel, is_logged=request.is_logged)
    try:
        with progress:
            if output is None:
                sys.stdout.flush()
                settled = to_stream(batch, sys.stdout.buffer, progress.watch)
            elif output.exists() and not output.is_file() and not output.is_dir():
                with output.open("wb") as stream:
                    settled = to_stream(batch, stream, progress.watch)
            else:
                if request.is_folder:
                    output.mkdir(exist_ok=True)
                settled = to_file(batch, output, progress.watch, resume=request.resume)
    except KeyboardInterrupt:
        tell(say("interrupted"))
        _tell_how_to_go_on(request, channel)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        for line in unwritable(error, channel.speech):
            tell(line)
        _tell_how_to_go_on(request, channel)
        return Exit.UNWRITABLE
    except SheetFullError:
        tell(
            say(
                "cannot write {file}: {why}",
                file=visible(str(output)),
                why=say("more rows than a sheet holds"),
            )
        )
        tell(say("name a file that ends in .csv or .parquet"))
        return Exit.UNWRITABLE
    except WorkerLostError as error:
        where = visible(str(getattr(getattr(error.task, "piece", error.task), "source", "?")))
        tell(say("a worker was ended twice, by the system or by hand, at {source}", source=where))
        tell(say("there may be too little memory: try it with --jobs 1"))
        _tell_how_to_go_on(request, channel)
        return Exit.BUG
    progress.tell_pools(settled)
    progress.tell_end()
    return Exit.SOME_FAILED if progress.errors else Exit.DONE


def lacks_libraries(channel: Channel) -> bool:
    """Whether what a batch is made of is not installed; then the command that installs it is told."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        say = channel.speech.say
        tell(say("this needs what is not installed: {words}", words=channel.speech.comma.join(missing)))
        tell(say("next: {command}", command='pip install "subsidy[batch]"'))
    return bool(missing)


def wrong_usage(what: str, channel: Channel) -> Exit:
    """Tell what is wrong with the command line, and where to look."""
    tell(channel.speech.say("Error: {what}", what=what))
    tell(channel.speech.say("next: {command}", command="subsidy batch --help"))
    return Exit.USAGE


def _check(request: BatchRequest, sources: "Sequence[Source]", channel: Channel) -> None:
    say = channel.speech.say
    if not request.inputs:
        raise _SlipError(say("{name} is missing", name="INPUT"))
    if request.inputs.count(STDIN) > 1:
        raise _SlipError(say("standard input can be read once"))
    if request.resume and request.output is None:
        raise _SlipError(say("--resume needs -o: only a file is kept in parts"))
    if request.output is not None:
        place = request.output.resolve()
        if place in set(input_places(request.inputs, sources)):
            raise _SlipError(say("{file} is an input too", file=visible(str(request.output))))


def input_places(inputs: Sequence[str], sources: "Sequence[Source]") -> Iterator[Path]:
    """Where the inputs lie: an answer is written over none of them."""
    for name in (*inputs, *(one.name for one in sources)):
        if name != STDIN and "\0" not in name:
            yield Path(name).resolve()


def _form_of(request: BatchRequest, channel: Channel) -> str:
    say, output = channel.speech.say, request.output
    asked = request.asked_format
    if output is None or (output.exists() and not output.is_file() and not output.is_dir()):
        if asked is not None and asked not in _PIPED:
            raise _SlipError(say("{name} needs a file: add -o", name=f"--format {asked}"))
        return asked or "ndjson"
    if request.is_folder:
        if asked not in (None, "parquet"):
            raise _SlipError(say("a folder is written as Parquet"))
        return "parquet"
    form = asked or _FORMATS.get(output.suffix.lower())
    if form is None:
        raise UnfitEnding(output, tuple(_FORMATS))
    return form


def _tell_how_to_go_on(request: BatchRequest, channel: Channel) -> None:
    if request.output is None or not request.output.parent.is_dir():
        return
    words = [word for word in sys.argv[1:] if word != "--resume"]
    command = " ".join(["subsidy", *map(shell_word, words), "--resume"])
    tell(channel.speech.say("what is done is kept; go on with: {command}", command=command))
