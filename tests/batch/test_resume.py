"""A run that is broken off and goes on gives byte for byte what an unbroken run gives."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from calc.batch.parts import Numbered, answer_in
from calc.batch.sources.pieces import Lines, Piece
from tests.batch.inputs import write_pieces
from tests.batch.test_faults import any_alive, workers_of
from tests.cli.test_command import subsidy


def started(*arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "calc", "batch", *map(str, arguments)],
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_killed_three_times_and_resumed_it_has_the_same_bytes(ending: str, tmp_path: Path) -> None:
    source, whole, output = tmp_path / "a.ndjson", tmp_path / f"whole.{ending}", tmp_path / f"out.{ending}"
    write_pieces(source, 600)
    assert subsidy("batch", str(source), "-o", str(whole), "--jobs", "1", "--pools").returncode == 1
    parts = tmp_path / f".out.{ending}.parts"
    for kills in range(3):
        process = started(source, "-o", output, "--jobs", 2, "--pools", "--resume")
        wanted = 2 * (kills + 1)
        while process.poll() is None and len(list(parts.glob("*.arrow"))) < wanted:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert not output.exists()
    kept = {one: one.stat().st_mtime_ns for one in parts.glob("*.arrow")}
    assert len(kept) >= 6
    done = subsidy("batch", str(source), "-o", str(output), "--jobs", "2", "--pools", "--resume")
    assert done.returncode == 1
    assert output.read_bytes() == whole.read_bytes()
    assert not parts.exists()


def test_what_was_answered_under_other_rules_is_not_taken(tmp_path: Path) -> None:
    source, output, parts = tmp_path / "many", tmp_path / "out.csv", tmp_path / ".out.csv.parts"
    write_pieces(source, 110)
    process = started(source, "-o", output, "--jobs", 1)
    while process.poll() is None and not list(parts.glob("*.arrow")):
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert list(parts.glob("*.arrow"))
    assert subsidy("batch", str(source), "-o", str(output), "--year", "2027", "--resume").returncode == 1
    lines = output.read_text("utf-8-sig").splitlines()
    assert len(lines) == 111
    assert all(",2027," in line for line in lines[1:])


def test_a_damaged_part_is_answered_again(tmp_path: Path) -> None:
    numbered = Numbered(0, Piece("a.ndjson", 1, Lines(b"{}\n"), 3))
    answers = []

    def answer(_: Piece) -> pa.Table:
        answers.append(pa.table({"source": ["a"], "row": [1], "error": ["wrong"]}))
        return answers[-1]

    def answered() -> int:
        part = answer_in(numbered, tmp_path, "run", answer)
        assert (part.rows, part.errors, part.told[0].error) == (1, 1, "wrong")
        return len(answers)

    assert (answered(), answered()) == (1, 1), "a part that is whole is kept"
    (path,) = tmp_path.glob("*.arrow")
    whole = path.read_bytes()
    for damaged in (b"", whole[:100], whole[:-10]):
        path.write_bytes(damaged)
        before = len(answers)
        assert answered() == before + 1
        assert path.read_bytes() == whole


def test_no_worker_outlives_a_killed_run(tmp_path: Path) -> None:
    source, output = tmp_path / "many", tmp_path / "out.csv"
    write_pieces(source, 3000)
    process = started(source, "-o", output, "--jobs", 2)
    while not list((tmp_path / ".out.csv.parts").glob("*.arrow")):
        time.sleep(0.01)
    workers = workers_of(process.pid)
    process.kill()
    process.wait()
    assert not any_alive(workers, seconds=5)
