"""Work on several cores: results in order, little in flight, and no worker outlives what it works for."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from itertools import chain, islice
from multiprocessing import forkserver
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import Any, Final, Literal, TypeAlias, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

AHEAD: Final = 2
"""So many tasks a worker are in flight."""

_NEEDED: Final = "calc.batch.work"
"""The module that workers need."""

_ARE_COPIES: Final = sys.platform == "linux"
"""Elsewhere a process that has begun threads, as libraries may, is not to be copied."""

_WORK: Final[list[Callable[[Any], Any]]] = []
"""What this process does, where it is a worker: sent once, not with every task."""


class WorkerLostError(Exception):
    """A worker ended twice on the same task: out of memory, or killed.  ``task``: the one it had."""

    def __init__(self, task: object) -> None:
        super().__init__("a worker ended")
        self.task = task


Failure: TypeAlias = Literal["unreachable", "no_workers", "lost", "version", "unseen"]


class ClusterError(Exception):
    """A cluster cannot do the work; ``code`` says why.

    ``unreachable``, ``no_workers``, ``lost``: ``where`` is its address.  ``version``: the process ``where``
    has another version of a package; ``what`` names it, with both versions.  ``unseen``: the worker ``where``
    does not see the file ``what``, which this process sees.
    """

    def __init__(self, code: Failure, where: str, what: str = "") -> None:
        super().__init__(code, where, what)
        self.code, self.where, self.what = code, where, what


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(work: Callable[[Task], Result], tasks: Iterable[Task], jobs: int) -> Iterator[Result]:
    """The results of some tasks, in order, on ``jobs`` processes; one, or one task, needs none but this.

    ``work`` and the tasks are pickled.  Raises ``WorkerLostError``, and whatever ``work`` raises.
    """
    tasks = iter(tasks)
    begin = list(islice(tasks, 2))
    if jobs == 1 or len(begin) < 2:  # noqa: PLR2004 -- one task is no work for several
        for task in chain(begin, tasks):
            yield _at_once(work, task)
        return
    with _Workers(work, jobs) as workers:
        yield from workers.results(chain(begin, tasks))


class _Workers:
    """Some processes that do the same work, made anew where one of them ends."""

    def __init__(self, work: Callable[[Any], Any], jobs: int) -> None:
        self._work, self._jobs = work, jobs
        self._pool: ProcessPoolExecutor | None = None
        self._others = set(multiprocessing.active_children())

    def __enter__(self) -> "_Workers":
        self._begin(self._jobs)
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _begin(self, jobs: int) -> None:
        try:
            self._pool = _started(self._work, jobs)
        except BrokenProcessPool:  # the first task will not be done
            self._pool = None

    def _end(self) -> None:
        for worker in multiprocessing.active_children():
            if worker not in self._others:
                worker.kill()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def results(self, tasks: Iterator[Any]) -> Iterator[Any]:
        """The results, in order.  Raises ``WorkerLostError``."""
        flying: deque[tuple[Any, Future[Any]]] = deque()
        while True:
            for task in islice(tasks, AHEAD * self._jobs - len(flying)):
                flying.append((task, self._submitted(task)))
            if not flying:
                return
            task, future = flying.popleft()
            try:
                result = future.result()
            except BrokenProcessPool:
                # Nobody knows which of the tasks broke it: this one is tried alone, the others begin anew.
                result = self._alone(task)
                flying = deque((one, self._again(one, before)) for one, before in flying)
            yield result

    def _alone(self, task: Any) -> Any:
        self._end()
        self._begin(1)
        try:
            result = self._submitted(task).result()
        except BrokenProcessPool:
            raise WorkerLostError(task) from None
        self._end()
        self._begin(self._jobs)
        return result

    def _again(self, task: Any, before: Future[Any]) -> Future[Any]:
        is_done = before.done() and not before.cancelled() and before.exception() is None
        return before if is_done else self._submitted(task)

    def _submitted(self, task: Any) -> Future[Any]:
        try:
            if self._pool is None:
                raise BrokenProcessPool
            return _submitted_to(self._pool, _do, task)
        except BrokenProcessPool as error:
            broken: Future[Any] = Future()
            broken.set_exception(error)
            return broken


def make_ready() -> None:
    """Begin to read in what workers need, while this process reads in its own."""
    if _ARE_COPIES:
        _context()
        with _deaf_to_interrupts():
            forkserver.ensure_running()


def _context() -> BaseContext:
    """How workers begin: as copies of a process that has read in what they need, if they may."""
    if not _ARE_COPIES:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_NEEDED])
    return context


def _started(work: Callable[[Any], Any], jobs: int) -> ProcessPoolExecutor:
    """Workers that an interrupt of the terminal does not reach: this process ends them.

    Raises ``BrokenProcessPool`` where none can begin.
    """
    pool = ProcessPoolExecutor(jobs, _context(), initializer=_prepare, initargs=(work,))
    with _deaf_to_interrupts():
        _submitted_to(pool, int)
    return pool


def _submitted_to(pool: ProcessPoolExecutor, work: Callable[..., Any], *tasks: Any) -> Future[Any]:
    """A task given to workers.  Raises ``BrokenProcessPool``, even where none of them has begun yet."""
    try:
        return pool.submit(work, *tasks)
    except (EOFError, OSError) as error:
        # The process that they are copies of has ended: nobody is to take that for a reader that has gone.
        raise BrokenProcessPool from error


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes that begin meanwhile ignore an interrupt."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def be_frugal() -> None:
    """Let Arrow take its memory where all else does: what the one gives back, the other can use."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())


class _WithoutPandas(MetaPathFinder):
    """Hides pandas: Arrow would read it in, where it is installed, only to see that nothing is of pandas."""

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> None:
        """Refuse pandas, and leave every other module to the next finder."""
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)


def _prepare(work: Callable[[Any], Any]) -> None:
    be_frugal()
    sys.meta_path.insert(0, _WithoutPandas())
    _WORK[:] = [work]
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when the process that it works for has been killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _do(task: Any) -> Any:
    return _at_once(_WORK[0], task)


def _at_once(work: Callable[[Task], Result], task: Task) -> Result:
    """Do a task without a search for cycles meanwhile: it takes a quarter of the time."""
    is_on = gc.isenabled()
    gc.disable()
    try:
        return work(task)
    finally:
        if is_on:
            gc.enable()
