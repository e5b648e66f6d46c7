"""Says what is wrong with a cluster."""

from collections.abc import Iterator

from calc.batch.workers import ClusterError
from calc.present.language import Language
from calc.present.safe import visible


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
