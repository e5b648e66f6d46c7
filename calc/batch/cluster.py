"""Work on a Dask cluster: one that runs already, or one of this machine that ends with the work."""

import logging
import multiprocessing
import pickle
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import dask
import distributed
from dask.utils import parse_timedelta
from distributed.client import FutureCancelledError, FuturesCancelledError

from calc.batch.parts import unique_name, whole
from calc.batch.storage import Location, anywhere, located
from calc.batch.workers import AHEAD, ClusterError, WorkerLostError, cores

LOCAL: Final = "local"
"""The address of a cluster of this machine, made for the run."""

_SAME: Final = ("subsidy", "pyarrow")
"""What every process of a cluster has in one version, so that the bytes are those of one process."""

_SECONDS_BETWEEN_LOOKS: Final = 0.5


class _Carried(NamedTuple):
    """What every worker gets once: what to do, and files that it must see before it does."""

    work: Callable[[Any], Any]
    needed: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that is connected to.

    ``parts`` is a folder that the workers write into, ``inputs`` some files that they read.
    """

    client: distributed.Client
    address: str
    parts: Location
    inputs: tuple[Location, ...]

    def in_order(self, work: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """The results of some tasks, in order; ``work`` and the tasks are pickled, the results are small.

        A task whose worker ends is done by another.  Raises ``ClusterError``, ``WorkerLostError`` where
        several have ended on it, and whatever ``work`` raises.
        """
        mark = self.parts / unique_name()
        with whole(mark):
            pass
        carried = _Carried(work, (mark, *self.inputs))
        # As a task, and not as data that is scattered: it is made again where all who had it have ended.
        sent = self.client.submit(pickle.loads, pickle.dumps(carried), pure=False)
        tasks, flying = iter(tasks), deque[tuple[Any, distributed.Future[Any]]]()
        while True:
            room = AHEAD * self._threads() - len(flying)
            for task in islice(tasks, max(room, 0 if flying else 1)):
                flying.append((task, self.client.submit(_do, sent, pickle.dumps(task), pure=False)))
            if not flying:
                return
            yield self._result(*flying.popleft())

    def _result(self, task: Any, future: distributed.Future[Any]) -> Any:
        last_seen = time.monotonic()
        while True:
            try:
                return future.result(timeout=_SECONDS_BETWEEN_LOOKS)
            except TimeoutError:
                if future.status == "error":
                    raise  # by the work itself
            except distributed.KilledWorker:
                raise WorkerLostError(task) from None
            except (FutureCancelledError, FuturesCancelledError) as error:
                raise ClusterError("lost", self.address) from error
            # A result too may be lost with the worker that held it.
            if self._threads():
                last_seen = time.monotonic()
            elif time.monotonic() - last_seen > _patience():
                raise ClusterError("no_workers", self.address)

    def _threads(self) -> int:
        if self.client.status != "running":
            raise ClusterError("lost", self.address)
        try:
            return sum(self.client.nthreads().values())
        except OSError as error:
            raise ClusterError("lost", self.address) from error


@contextmanager
def connected(address: str, parts: Location, inputs: Iterable[str]) -> Iterator[Cluster]:
    """The cluster of an address, ``local`` for one of this machine, which ends with the work.

    ``parts`` is the folder that its workers write into, ``inputs`` the names of the files that they read.
    Raises ``ClusterError`` where it cannot be reached, has no workers, or other versions than this process.
    """
    for name in ("asyncio", "distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what goes wrong is told in the user's words
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _of_this_machine() if address == LOCAL else _reached(address) as client:
            _check_versions(client)
            yield Cluster(client, address, parts, tuple(_samples(inputs)))


def _samples(names: Iterable[str]) -> Iterator[Location]:
    """A file of each folder, of those that this process sees."""
    for name in {name.rpartition("/")[0]: name for name in map(anywhere, names)}.values():
        place = located(name)
        if place.exists():
            yield place


@contextmanager
def _of_this_machine() -> Iterator[distributed.Client]:
    others = set(multiprocessing.active_children())
    with TemporaryDirectory(prefix="subsidy-", ignore_cleanup_errors=True) as scratch:
        cluster = distributed.LocalCluster(
            n_workers=cores(),
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            local_directory=scratch,
            silence_logs=logging.CRITICAL + 1,
        )
        client = distributed.Client(cluster)
        try:
            yield client
        finally:
            # What they do is written whole or not at all: nobody waits for them.
            for worker in cluster.workers.values():
                worker.auto_restart = False
            for process in set(multiprocessing.active_children()) - others:
                process.kill()
            _close(client)
            with suppress(TimeoutError):
                cluster.close(timeout=1)


@contextmanager
def _reached(address: str) -> Iterator[distributed.Client]:
    try:
        client = distributed.Client(address, timeout=_patience())
    except (OSError, ValueError) as error:
        raise ClusterError("unreachable", address) from error
    try:
        try:
            client.wait_for_workers(1, timeout=_patience())
        except TimeoutError as error:
            raise ClusterError("no_workers", address) from error
        yield client
    finally:
        _close(client)


def _close(client: distributed.Client) -> None:
    with suppress(OSError):
        client.close(timeout=0.2)


def _patience() -> float:
    """How many seconds a scheduler or a first worker is waited for: as Dask is set up."""
    return float(parse_timedelta(dask.config.get("distributed.comm.timeouts.connect")))


def _check_versions(client: distributed.Client) -> None:
    found: Any = client.get_versions(packages=list(_SAME))
    ours = found["client"]["packages"]
    for where, theirs in (("scheduler", found["scheduler"]), *sorted(found["workers"].items())):
        for name in _SAME:
            version = theirs["packages"].get(name) if theirs else None
            if version != ours[name]:
                raise ClusterError("version", where, f"{name} {version or '-'}, {ours[name]}")


def _do(carried: _Carried, task: bytes) -> Any:
    _check_sight(carried.needed)
    return carried.work(pickle.loads(task))


@cache
def _check_sight(needed: tuple[Location, ...]) -> None:
    """Refuse to work where files are not seen: all rows of such a worker would be errors."""
    for place in needed:
        if not place.exists():
            raise ClusterError("unseen", distributed.get_worker().address, str(place))
