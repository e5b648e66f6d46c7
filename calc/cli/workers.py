"""Those who do the work, the processes of this machine or a cluster: begins with them, says what is wrong."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from calc.batch.workers import ClusterError, WorkerLostError, cores, make_ready
from calc.present.language import Language
from calc.present.safe import visible

_LARGE: Final = 4 * 1024 * 1024
"""Files of so many bytes in all are surely work for several."""


def begin_early(inputs: Sequence[str], jobs: int | None) -> None:
    """Make workers ready while this process reads in its libraries and the rules, if they will be needed."""
    paths = [Path(name) for name in inputs]
    try:
        is_large = sum(path.stat().st_size for path in paths if path.is_file()) >= _LARGE
    except (OSError, ValueError):  # whoever reads the inputs says what is wrong with them
        return
    if is_large and (jobs or cores()) > 1:
        make_ready()


def cluster_says(error: ClusterError, speech: Language) -> Iterator[str]:
    """What is wrong, and what to do about it."""
    say = speech.say
    where, what = visible(error.where), visible(error.what)
    match error.code:
        case "unreachable":
            yield say("no scheduler answers at {address}", address=where)
            yield say("start one with: {command}", command="dask scheduler")
        case "no_workers":
            yield say("the cluster at {address} has no workers", address=where)
            yield say("start one with: {command}", command=f"dask worker {where}")
        case "lost":
            yield say("the connection to the cluster at {address} was lost", address=where)
        case "version":
            yield say(
                "{process} has another version than this command: {versions}", process=where, versions=what
            )
            yield say("install the same on all of the cluster")
        case "unseen":
            yield say("the worker {process} does not see {file}", process=where, file=what)
            yield say("put inputs and output on storage that all of the cluster shares")


def loss_says(error: WorkerLostError, speech: Language, *, is_own: bool) -> Iterator[str]:
    """At which input a worker was lost, and what to do about it; ``is_own``: it is one of this machine."""
    say, task = speech.say, error.task
    where = visible(str(getattr(getattr(task, "piece", task), "source", "?")))
    yield say("a worker was ended twice, by the system or by hand, at {source}", source=where)
    if is_own:
        yield say("there may be too little memory: try it with --jobs 1")
