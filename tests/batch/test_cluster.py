"""A batch on a Dask cluster has the bytes of a local run, whatever becomes of workers and schedulers."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calc.batch.cluster import _check_versions
from calc.batch.workers import ClusterError
from calc.cli.app import run
from tests.batch.inputs import enterprise, ndjson, write_pieces
from tests.batch.test_faults import any_alive
from tests.cli.test_command import subsidy

IMPATIENT = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"}


class Processes:
    """A scheduler and its workers, each a process."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self._folder = folder
        port = self.address.rpartition(":")[2]
        self.scheduler = self._started("scheduler", "--port", port, "--dashboard-address", "127.0.0.1:0")
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self) -> None:
        """Start one more."""
        own = ("--no-nanny", "--nthreads", "1", "--local-directory", str(self._folder))
        self.workers.append(self._started("worker", self.address, *own))

    def _started(self, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--host", "127.0.0.1"]
        # In a folder of their own: what they are told to read and write must not depend on it.
        where = {**os.environ, "PYTHONPATH": str(Path.cwd())}
        return subprocess.Popen(
            [*command, "--no-dashboard", *arguments],
            cwd=self._folder,
            env=where,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """End all."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextmanager
def processes(folder: Path, workers: int) -> Iterator[Processes]:
    made = Processes(folder)
    for _ in range(workers):
        made.add_worker()
    try:
        yield made
    finally:
        made.kill()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    with processes(tmp_path_factory.mktemp("cluster"), 2) as made:
        yield made


def write_rows(path: Path, count: int, in_group: int) -> None:
    """So many enterprises, one in ten of them wrong, in row groups of so many."""
    rows = [enterprise(f"企业{number}", 10_000 + number) for number in range(count)]
    for row in rows[3::10]:
        row["compute_contract"][0]["amount"] = -1
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=in_group)


def bytes_in(place: Path) -> dict[str, bytes]:
    if place.is_file():
        return {"": place.read_bytes()}
    return {one.name: one.read_bytes() for one in place.iterdir()}


def carried(source: object, output: Path, address: str, *more: str, code: int = 1) -> str:
    """What a run on a cluster says."""
    into = f"{output}{'' if output.suffix else '/'}"
    done = subsidy("batch", str(source), "-o", into, "--cluster", address, *more, "--lang", "en", **IMPATIENT)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "distributed" not in done.stderr
    return done.stderr


def answered_here(source: object, output: Path, *more: str) -> None:
    """The same in this process."""
    into = f"{output}{'' if output.suffix else '/'}"
    assert run(["batch", str(source), "-o", into, "--jobs", "1", *more, "--lang", "en"]) == 1


def test_every_output_has_the_bytes_of_a_local_run(
    cluster: Processes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, other = tmp_path / "in", tmp_path / "a.ndjson"
    source.mkdir()
    write_rows(source / "a.parquet", 90, 20)
    write_rows(source / "b.parquet", 30, 30)
    write_pieces(other, 20)
    folder, pools = tmp_path / "folder", ("--pools", "--pool", "13=50万")
    for output, inputs, more in (
        (tmp_path / "a.csv", source, pools),
        (folder, source, pools),
        (tmp_path / "b.parquet", other, ("--long",)),
    ):
        local = tmp_path / f"local{output.suffix}"
        answered_here(inputs, local, *more)
        assert carried(inputs, output, cluster.address, *more) == capsys.readouterr().err
        assert bytes_in(output) == bytes_in(local)
    names = {"_SUCCESS", *(f"part-{number:05d}.parquet" for number in range(6))}
    assert {one.name for one in folder.iterdir()} == names, "no part is left"
    before = bytes_in(folder)
    carried(source, folder, cluster.address, *pools)
    assert bytes_in(folder) == before, "a repeated run changes nothing"


def test_a_broken_partition_costs_itself_alone(cluster: Processes, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for name in "abc":
        write_rows(source / f"{name}.parquet", 40, 10)
    damaged = bytearray((source / "a.parquet").read_bytes())
    with pq.ParquetFile(source / "a.parquet") as file:
        columns = file.metadata.row_group(1)
        begin = columns.column(0).dictionary_page_offset or columns.column(0).data_page_offset
    damaged[begin : begin + 60] = b"\xff" * 60
    (source / "a.parquet").write_bytes(damaged)
    (source / "b.parquet").write_bytes((source / "b.parquet").read_bytes()[:1000])
    local = tmp_path / "local.csv"
    answered_here(source, local)
    said = carried(source, tmp_path / "out.csv", cluster.address)
    assert (tmp_path / "out.csv").read_bytes() == local.read_bytes()
    lines = local.read_text("utf-8").splitlines()
    assert len(lines) == 1 + 30 + 1 + 1 + 40
    assert f"{source}/a.parquet, row 11: " in said
    assert f"{source}/b.parquet: " in said


def started(source: Path, output: Path, address: str) -> subprocess.Popen[bytes]:
    """A run on a cluster that has completed some parts."""
    command = [sys.executable, "-m", "calc", "batch", str(source), "-o", str(output), "--cluster", address]
    process = subprocess.Popen(
        [*command, "--log", "json", "--lang", "en"],
        stderr=subprocess.PIPE,
        env={**os.environ, **IMPATIENT},
        start_new_session=True,
    )
    assert process.stderr is not None
    while b'"progress"' not in (line := process.stderr.readline()):
        assert line, "it ended early"
    return process


def said_by(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    with process.stderr:
        said = process.stderr.read().decode()
    process.wait(20)
    assert "Traceback" not in said
    return said


def test_the_tasks_of_a_killed_worker_are_done_by_another(cluster: Processes, tmp_path: Path) -> None:
    source, local = tmp_path / "a.parquet", tmp_path / "local.csv"
    write_rows(source, 200, 2)
    answered_here(source, local)
    process = started(source, tmp_path / "out.csv", cluster.address)
    cluster.workers[0].kill()
    said_by(process)
    assert process.returncode == 1
    assert (tmp_path / "out.csv").read_bytes() == local.read_bytes()
    cluster.add_worker()


def test_a_lost_scheduler_is_told_and_what_is_done_is_kept(tmp_path: Path) -> None:
    source, local, output = tmp_path / "a.parquet", tmp_path / "local.csv", tmp_path / "out.csv"
    write_rows(source, 200, 2)
    answered_here(source, local)
    with processes(tmp_path, 1) as mortal:
        process = started(source, output, mortal.address)
        mortal.scheduler.kill()
        begin = time.monotonic()
        lines = said_by(process).splitlines()
        assert time.monotonic() - begin < 10
    assert process.returncode == 66
    assert lines[-2] == f"the connection to the cluster at {mortal.address} was lost"
    assert lines[-1].startswith("what is done is kept; go on with: subsidy batch ")
    assert not output.exists()
    kept = len(list((tmp_path / ".out.csv.parts").glob("*.arrow")))
    assert 0 < kept < 100
    # Elsewhere or here: what was answered is the same.
    answered_here(source, output, "--resume")
    assert output.read_bytes() == local.read_bytes()


def test_workers_that_are_gone_are_not_waited_for_for_ever(cluster: Processes, tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    write_rows(source, 200, 2)
    process = started(source, tmp_path / "out.csv", cluster.address)
    for worker in cluster.workers:
        worker.kill()
    lines = said_by(process).splitlines()
    late = carried(source, tmp_path / "late.csv", cluster.address, code=66).splitlines()
    cluster.add_worker()
    assert process.returncode == 66
    assert lines[-3] == late[0] == f"the cluster at {cluster.address} has no workers"
    assert lines[-2] == late[1] == f"start one with: dask worker {cluster.address}"


def test_a_cluster_of_this_machine_ends_with_the_run(tmp_path: Path) -> None:
    source, output, local = tmp_path / "a.parquet", tmp_path / "out.parquet", tmp_path / "local.parquet"
    write_rows(source, 200, 2)
    process = started(source, output, "local")
    workers = descendants(process.pid)
    assert workers
    begin = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    lines = said_by(process).splitlines()
    assert time.monotonic() - begin < 3, "within a second, where nothing else runs"
    assert process.returncode == 130
    assert lines[-2] == "interrupted"
    assert not any_alive(workers, seconds=2)
    assert list((tmp_path / ".out.parquet.parts").glob("*.arrow"))
    carried(source, output, "local", "--resume")
    answered_here(source, local)
    assert output.read_bytes() == local.read_bytes()


def descendants(process: int) -> list[int]:
    """The processes that the threads of a process have started, and those that these have."""
    folder = Path(f"/proc/{process}/task")
    if not folder.exists():
        pytest.skip("the system does not list the children of a process")
    children = [int(one) for file in folder.glob("*/children") for one in file.read_text().split()]
    return [*children, *(one for child in children for one in descendants(child))]


def test_storage_that_a_worker_does_not_see_is_told(cluster: Processes, tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    write_rows(source, 2, 1)
    # The memory of one process is not seen by another.
    done = subsidy(
        "batch", str(source), "-o", "memory://x/a.csv", "--cluster", cluster.address, "--lang", "en"
    )
    assert done.returncode == 66
    lines = done.stderr.splitlines()
    assert lines[0].startswith("the worker tcp://127.0.0.1:")
    assert "does not see memory://x/.a.csv.parts/" in lines[0]
    assert lines[1] == "put inputs and output on storage that all of the cluster shares"


def test_a_place_that_workers_cannot_write_to_is_exit_73(cluster: Processes, tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    write_rows(source, 2, 1)
    said = carried(source, tmp_path / "no" / "a.csv", cluster.address, code=73)
    assert said.splitlines()[0] == f"cannot write {tmp_path}/no/a.csv: there is no such folder"


def test_a_cluster_that_cannot_be_reached_is_exit_66(tmp_path: Path) -> None:
    said = carried("examples/bank.toml", tmp_path / "a.csv", "tcp://127.0.0.1:9", code=66)
    assert said.splitlines()[0] == "no scheduler answers at tcp://127.0.0.1:9"


class Versions:
    """A client whose processes have some versions."""

    def __init__(self, scheduler: str, worker: str | None) -> None:
        self._scheduler, self._worker = scheduler, worker

    def get_versions(self, packages: list[str]) -> dict[str, Any]:
        def of(version: str | None) -> dict[str, Any]:
            return {"packages": {**dict.fromkeys(packages, "1"), "subsidy": version}}

        return {
            "client": of("1"),
            "scheduler": of(self._scheduler),
            "workers": {"tcp://a:1": of(self._worker)},
        }


@pytest.mark.parametrize(
    ("scheduler", "worker", "where", "what"),
    [
        ("1", "2", "tcp://a:1", "subsidy 2, 1"),
        ("1", None, "tcp://a:1", "subsidy -, 1"),
        ("0", "1", "scheduler", "subsidy 0, 1"),
    ],
)
def test_another_version_is_told(scheduler: str, worker: str | None, where: str, what: str) -> None:
    other: Any = Versions(scheduler, worker)
    with pytest.raises(ClusterError) as error:
        _check_versions(other)
    assert (error.value.code, error.value.where, error.value.what) == ("version", where, what)
    same: Any = Versions("1", "1")
    _check_versions(same)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cluster", "local"], "--cluster needs -o"),
        (["--cluster", "local", "-o", "a.csv", "--jobs", "2"], "leave it out with --cluster"),
        (["--cluster", "here", "-o", "a.csv"], "--cluster here does not fit: local, or the address"),
        (["--cluster", "", "-o", "a.csv"], "does not fit"),
        (["-o", "nothing://a.csv"], "nothing://a.csv does not fit: Protocol not known: nothing"),
        (["nothing://a.csv"], "nothing://a.csv does not fit: Protocol not known: nothing"),
    ],
)
def test_a_wrong_command_line_is_exit_2(arguments: list[str], said: str) -> None:
    done = subsidy("batch", "examples/bank.toml", *arguments, "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path) -> None:
    program = (
        "import sys, importlib.util as util; found = util.find_spec;"
        "util.find_spec = lambda name, *more: None if name == 'distributed' else found(name, *more);"
        "from calc.cli.app import run; sys.exit(run(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "batch", "examples/bank.toml", "--lang", "en"]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "a.csv"), "--cluster", "local"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "this needs what is not installed: distributed",
        "next: pip install distributed",
    ]


def test_nothing_of_it_is_imported_where_it_is_not_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text(ndjson([enterprise("甲", 10_000)]), "utf-8")
    program = (
        "import sys; from calc.cli.app import run; code = run(sys.argv[1:]);"
        "print(code, [one for one in ('dask', 'distributed', 'fsspec') if one in sys.modules])"
    )
    command = [sys.executable, "-c", program, "batch", str(tmp_path / "a.ndjson")]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "a.csv")], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0 []\n"
