"""Workers: results in order, little read ahead, and one that is killed is tried again."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from calc.batch import workers
from calc.batch.workers import WorkerLostError, in_order


def double(number: int) -> int:
    return 2 * number


def refuse_three(number: int) -> int:
    if number == 3:
        raise ValueError(number)
    return number


def die_once(number: int, mark: Path) -> int:
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_at_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_order(jobs: int) -> None:
    assert list(in_order(double, range(40), jobs)) == list(range(0, 80, 2))
    assert list(in_order(double, [], jobs)) == []
    assert list(in_order(double, [1], jobs)) == [2]


def test_little_is_read_ahead() -> None:
    read = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            yield number

    results = in_order(double, tasks(), 2)
    assert [next(results) for _ in range(10)] == list(range(0, 20, 2))
    assert len(read) <= 15
    results.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_what_work_raises_reaches_the_caller() -> None:
    with pytest.raises(ValueError, match="3"):
        list(in_order(refuse_three, range(10), 2))
    assert multiprocessing.active_children() == []


def test_a_killed_worker_changes_nothing(tmp_path: Path) -> None:
    work = partial(die_once, mark=tmp_path / "mark")
    assert list(in_order(work, range(10), 2)) == list(range(10))


def test_a_task_that_kills_its_worker_twice_is_named() -> None:
    results = in_order(die_at_three, range(10), 2)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(WorkerLostError) as error:
        next(results)
    assert error.value.task == 3
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("error", [BrokenPipeError, ConnectionResetError, EOFError])
@pytest.mark.parametrize("failing", [{1}, {2}, {3}, {2, 3}])
def test_workers_that_cannot_begin_are_begun_anew(
    failing: set[int], error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = 0

    class Pool(ProcessPoolExecutor):
        def submit(self, *task: Any) -> Future[Any]:  # type: ignore[override]
            nonlocal given
            given += 1
            if given in failing:
                raise error
            return super().submit(*task)

    monkeypatch.setattr(workers, "ProcessPoolExecutor", Pool)
    assert list(in_order(double, range(6), 2)) == list(range(0, 12, 2))
    assert multiprocessing.active_children() == []


def test_workers_that_never_begin_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pool(ProcessPoolExecutor):
        def submit(self, *_: Any) -> Future[Any]:  # type: ignore[override]
            raise BrokenPipeError

    monkeypatch.setattr(workers, "ProcessPoolExecutor", Pool)
    with pytest.raises(WorkerLostError) as raised:
        list(in_order(double, range(6), 2))
    assert raised.value.task == 0
