"""``subsidy batch``: what was asked, whether it can be done, and what became of it."""

import gc
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calc.cli.channel import Channel
from calc.cli.exits import Exit, tell, unwritable
from calc.cli.opening import open_rules
from calc.cli.options import UnfitEnding
from calc.cli.slips import SlipError, check_places, lacks_libraries, wrong_usage
from calc.present.safe import shell_word, visible

if TYPE_CHECKING:
    from calc.batch.pools import Settled
    from calc.batch.run import Batch, Watch
    from calc.batch.sources.inputs import Source
    from calc.batch.storage import Location
    from calc.engine.combine.problem import Stacking
    from calc.engine.evaluate import Count

_ADDRESS: Final = re.compile(r"local|(?:[a-z]+://)?[^/\s]+:\d+", re.ASCII)
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
    output: str | None
    is_long: bool
    has_pools: bool
    pools: tuple[str, ...]
    jobs: int | None
    cluster: str | None
    resume: bool
    is_logged: bool

    @property
    def place(self) -> "Location | None":
        """Where the rows are written."""
        from calc.batch.storage import located

        return None if self.output is None else located(self.output)

    @property
    def is_folder(self) -> bool:
        """Whether they are written into a folder."""
        place = self.place
        return place is not None and (str(self.output).endswith("/") or place.is_dir())

    @property
    def goes_elsewhere(self) -> bool:
        """Whether anything lies, or is done, elsewhere than on this machine."""
        from calc.batch.storage import is_url

        return self.cluster is not None or any(map(is_url, (*self.inputs, self.output or "")))


def run_batch(request: BatchRequest, channel: Channel) -> int:
    """Answer a batch; the exit code says whether every row could be answered."""
    try:
        return _answered(request, channel)
    except KeyboardInterrupt:
        tell(channel.speech.say("interrupted"))
        _tell_how_to_go_on(request, channel)
        return Exit.INTERRUPTED


def _answered(request: BatchRequest, channel: Channel) -> int:
    if lacks_libraries(channel, elsewhere=request.goes_elsewhere):
        return Exit.USAGE
    from calc.cli.workers import begin_early

    if request.cluster is None:
        begin_early(request.inputs, request.jobs)
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules
    from calc.batch.answers import Question
    from calc.batch.pools import pools_of
    from calc.batch.run import Batch
    from calc.batch.sinks.sheet import Legend
    from calc.batch.sources.inputs import sources_of
    from calc.batch.workers import be_frugal, cores
    from calc.cli.pooling import named_pools
    from calc.present.words.batch import column_names, row_says

    be_frugal()
    try:
        sources = tuple(sources_of(request.inputs))
        _check(request, sources, channel)
        form = _form_of(request, channel)
        named = named_pools(request.pools, rules, channel.speech)
    except SlipError as slip:
        return wrong_usage(slip, "batch", channel)
    pools = pools_of(rules, named) if request.has_pools else ()
    question = Question(
        rules,
        request.stacking,
        request.count,
        request.claim_year,
        request.is_long,
        tuple(item for pool in pools for item in pool.items),
    )
    speech = channel.speech
    code, tell_row = speech.code, partial(row_says, speech.code)
    names = column_names(rules, speech, is_long=request.is_long)
    legend = Legend((speech.say("column"), speech.say("meaning")), names)
    batch = Batch(sources, question, form, request.jobs or cores(), tell_row, code, pools, legend)
    gc.enable()  # a batch may be long
    return _run(batch, request, channel)


def _run(batch: "Batch", request: BatchRequest, channel: Channel) -> int:
    from calc.batch.sinks.sheet import SheetFullError
    from calc.batch.workers import ClusterError, WorkerLostError
    from calc.cli.progress import Progress
    from calc.cli.workers import cluster_says, loss_says

    say = channel.speech.say
    progress = Progress(sum(one.size for one in batch.sources), channel, is_logged=request.is_logged)
    # A system that ends a run (as at its shutdown) is answered as an interrupt is.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with progress:
            settled = _write(batch, request, progress.watch)
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
                file=visible(str(request.place)),
                why=say("more rows than a sheet holds"),
            )
        )
        tell(say("name a file that ends in .csv or .parquet"))
        return Exit.UNWRITABLE
    except ClusterError as error:
        for line in cluster_says(error, channel.speech):
            tell(line)
        _tell_how_to_go_on(request, channel)
        return Exit.UNOPENABLE
    except WorkerLostError as error:
        for line in loss_says(error, channel.speech, is_own=request.cluster is None):
            tell(line)
        _tell_how_to_go_on(request, channel)
        return Exit.BUG
    progress.tell_pools(settled)
    progress.tell_end()
    return Exit.SOME_FAILED if progress.errors else Exit.DONE


def _write(batch: "Batch", request: BatchRequest, watch: "Watch") -> "tuple[Settled, ...]":
    """Answer to where the rows are wanted."""
    from calc.batch.run import to_stream

    output = request.place
    if output is None:
        sys.stdout.flush()
        return to_stream(batch, sys.stdout.buffer, watch)
    if isinstance(output, Path) and _is_device(output):
        with output.open("wb") as stream:
            return to_stream(batch, stream, watch)
    if request.is_folder:
        output.mkdir(exist_ok=True)
    return _to_file(batch, output, request, watch)


def _to_file(
    batch: "Batch", output: "Location", request: BatchRequest, watch: "Watch"
) -> "tuple[Settled, ...]":
    from calc.batch.run import parts_folder, to_file

    if request.cluster is None:
        return to_file(batch, output, watch, resume=request.resume)
    from calc.batch.cluster import connected

    output = output.absolute()  # the workers stand in folders of their own
    read = [one.name for one in batch.sources if one.form in ("parquet", "arrow")]
    with connected(request.cluster, parts_folder(output), read) as cluster:
        return to_file(batch, output, watch, resume=request.resume, carry=cluster.in_order)


def _is_device(place: Path) -> bool:
    return place.exists() and not place.is_file() and not place.is_dir()


def _check(request: BatchRequest, sources: "Sequence[Source]", channel: Channel) -> None:
    say = channel.speech.say
    if not request.inputs:
        raise SlipError(say("{name} is missing", name="INPUT"))
    if request.resume and request.output is None:
        raise SlipError(say("--resume needs -o: only a file is kept in parts"))
    _check_cluster(request, channel)
    check_places(request.inputs, sources, request.place, channel.speech)


def _check_cluster(request: BatchRequest, channel: Channel) -> None:
    from calc.batch.storage import is_url, what_is_wrong_with

    say, address, place = channel.speech.say, request.cluster, request.place
    for url in filter(is_url, (*request.inputs, request.output or "")):
        why = what_is_wrong_with(url)
        if why is not None:
            name = visible(url)
            raise SlipError(say("{name} does not fit: {why}", name=name, why=visible(why)))
    if address is None:
        return
    if not _ADDRESS.fullmatch(address):
        why = say("local, or the address of a scheduler as {example}", example="tcp://10.0.0.5:8786")
        raise SlipError(say("{name} does not fit: {why}", name=f"--cluster {visible(address, 60)}", why=why))
    if request.jobs is not None:
        raise SlipError(say("--jobs is for this process alone: leave it out with --cluster"))
    if place is None or (isinstance(place, Path) and _is_device(place)):
        raise SlipError(say("--cluster needs -o: its workers write files"))


def _form_of(request: BatchRequest, channel: Channel) -> str:
    say, output = channel.speech.say, request.place
    asked = request.asked_format
    if output is None or (isinstance(output, Path) and _is_device(output)):
        if asked is not None and asked not in _PIPED:
            raise SlipError(say("{name} needs a file: add -o", name=f"--format {asked}"))
        return asked or "ndjson"
    if request.is_folder:
        if asked not in (None, "parquet"):
            raise SlipError(say("a folder is written as Parquet"))
        return "parquet"
    form = asked or _FORMATS.get(output.suffix.lower())
    if form is None:
        raise UnfitEnding(Path(output.name), tuple(_FORMATS))
    return form


def _tell_how_to_go_on(request: BatchRequest, channel: Channel) -> None:
    """Tell how to go on from what is done, where anything is."""
    if not _is_begun(request):
        return
    words = [word for word in sys.argv[1:] if word != "--resume"]
    command = " ".join(["subsidy", *map(shell_word, words), "--resume"])
    tell(channel.speech.say("what is done is kept; go on with: {command}", command=command))


def _is_begun(request: BatchRequest) -> bool:
    if "calc.batch.run" not in sys.modules:  # an interrupt came before it was read in
        return False
    from calc.batch.parts import are_in
    from calc.batch.run import parts_folder

    place = request.place
    try:
        return place is not None and are_in(parts_folder(place))
    except OSError:  # what cannot be reached keeps nothing
        return False
