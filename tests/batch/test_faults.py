"""What is wrong costs nothing else: broken rows, missing files, places that cannot be written to."""

import errno
import gzip
import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from calc.batch.sources.inputs import sources_of
from tests.batch.inputs import enterprise, ndjson, voucher_rows, write_pieces
from tests.batch.test_formats import batch
from tests.cli.test_command import subsidy


def test_a_broken_row_costs_itself_alone(tmp_path: Path) -> None:
    source = tmp_path / "a.ndjson"
    good = ndjson(voucher_rows()[:1]).encode()
    broken = [
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"enterprise": {"name": "\xb9\xe3"}}',
        b'{"enterprise": {"name": "\\ud800", "claim_year": 2026}}',
        b'{"enterprise": {"name": "a", "name": "b"}}',
        b'{"enterprise": {"name": "a", "claim_year": 99999999999999999999999}}',
        b'{"enterprise": []}',
        b"{" * 100_000,
        b'{"x": "' + b"x" * (3 << 20) + b'"}',
        ndjson([enterprise("a", -1)]).strip().encode(),
    ]
    source.write_bytes(good + b"\n".join(broken) + b"\n" + good)
    done = subsidy("batch", str(source), "--lang", "en")
    assert done.returncode == 1
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["status"] for row in rows] == ["ok", *["error"] * len(broken), "ok"]
    assert [row["row"] for row in rows] == list(range(1, len(broken) + 3))
    for row in rows[1:-1]:
        assert row["error"].startswith(f"{source}, row {row['row']}: ")
        assert row["error"].isprintable()
        assert row["total"] is row["paid"] is None
    assert "compute_contract[1].amount" in rows[-2]["error"]
    assert f"{len(broken)} of {len(rows)} rows are wrong" in done.stderr


def test_only_the_first_errors_are_told_and_the_others_counted(tmp_path: Path) -> None:
    source = tmp_path / "a.ndjson"
    source.write_text("{\n" * 33, "utf-8")
    done = subsidy("batch", str(source), "--lang", "en")
    told = done.stderr.splitlines()
    assert len([line for line in told if line.startswith("error: ")]) == 20
    assert told[20:] == ["… and 13 more", "33 of 33 rows are wrong: see the column error"]


def test_what_cannot_be_opened_is_a_row_without_a_number(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "good.ndjson").write_text(ndjson(voucher_rows()), "utf-8")
    (tmp_path / "empty.csv").touch()
    for name in ("a.parquet", "a.arrow", "a.xlsx", "a.ndjson.gz", "a.csv.zst"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 nothing of the kind")
    broken = ["no.toml", "no.csv", "no.parquet", "no.xlsx", "no/", "empty", "empty.csv"]
    broken += ["a.parquet", "a.arrow", "a.xlsx", "a.ndjson.gz", "a.csv.zst"]
    names = [str(tmp_path / name) for name in (*broken, "good.ndjson")]
    rows = batch(*names, code=1)
    assert [(row["row"], row["status"]) for row in rows] == [
        *[(None, "error")] * len(broken),
        *[(number, "ok") for number in (1, 2, 3)],
    ]
    for name, row in zip(names[:-1], rows, strict=False):
        assert row["error"].startswith(name)


def test_no_table_of_a_folder_is_passed_over(tmp_path: Path) -> None:
    rows = "企业,名称,年度,业务种类\n甲,x,2026,首次开展保税维修\n"
    (tmp_path / "enterprise.csv").write_text("name,claim_year\n甲,2026\n", "utf-8")
    (tmp_path / "保税业务.csv").write_text(rows, "utf-8")
    assert [row["18-bonded-repair-first"] for row in batch(tmp_path)] == [500_000]
    misspelt = tmp_path / "bondde.csv"
    misspelt.write_text(rows, "utf-8")
    (row,) = batch(tmp_path, code=1, SUBSIDY_LANG="en")
    assert 'no enterprise file has a table called "bondde.csv"; did you mean bonded?' in row["error"]
    misspelt.unlink()
    (tmp_path / "fx.csv").symlink_to("/proc/self/mem")
    (row,) = batch(tmp_path, code=1, SUBSIDY_LANG="en")
    assert row["error"].startswith(f"{tmp_path}/fx.csv: this file cannot be read")


def test_a_link_to_itself_is_no_input_and_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "good.ndjson").write_text(ndjson(voucher_rows()), "utf-8")
    loop, folder = tmp_path / "loop.csv", tmp_path / "folder"
    for link in (loop, folder):
        link.symlink_to(link)
    first, *rows = batch(loop, tmp_path / "good.ndjson", code=1)
    assert (first["row"], first["status"]) == (None, "error")
    assert [row["status"] for row in rows] == ["ok"] * 3
    for arguments in (["batch", str(tmp_path / "good.ndjson")], ["batch", "--template", "csv"], ["new"]):
        assert subsidy(*arguments, "-o", str(folder / "out.csv")).returncode == 73
        assert subsidy(*arguments, "-o", str(loop)).returncode == 0
        assert loop.is_file()
        loop.unlink()
        loop.symlink_to(loop)


def test_a_wrong_header_is_one_error_for_its_source(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("name,claim_yaer,figures.2025.revenu\n甲,2026,1\n乙,2026,2\n", "utf-8")
    (row,) = batch(source, code=1, SUBSIDY_LANG="en")
    assert row["row"] is None
    assert "claim_yaer" in row["error"]
    assert "did you mean figures.2025.revenue?" in row["error"]


def test_a_row_of_too_many_cells_is_wrong(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("name,claim_year\n甲,2026,\n乙,2026,7\n丙,2026\n", "utf-8")
    assert [row["status"] for row in batch(source, code=1)] == ["ok", "error", "ok"]


def test_a_long_cell_costs_no_more_than_its_row(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    # More than one piece: workers read the rows; and a wrong one among them, so that they read each record.
    remarks = "x" * (9 << 20)
    rows = [f"甲,2026,{remarks}", f"乙,,{'x' * 200_000}", f"{'丙' * 200_000},2026,", f"丁,2026,{remarks}"]
    source.write_text("name,claim_year,备注\n" + "\n".join(rows) + "\n", "utf-8")
    done = subsidy("batch", str(source), "--lang", "en")
    assert done.returncode == 1, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["status"] for row in answers] == ["ok", "error", "error", "ok"]
    assert "claim_year is required" in answers[1]["error"]
    assert "longer than 200 characters" in answers[2]["error"]


def test_a_long_cell_in_a_table_of_its_own_costs_no_more_than_its_row(tmp_path: Path) -> None:
    rows = ["甲,2026", f"{'x' * (17 << 20)},2026", "乙,2026"]
    (tmp_path / "enterprise.csv").write_text("name,claim_year\n" + "\n".join(rows) + "\n", "utf-8")
    answers = batch(tmp_path, code=1)
    assert [row["status"] for row in answers] == ["ok", "error", "ok"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "INPUT is missing"),
        (["-", "-"], "standard input can be read once"),
        (["a.toml", "--resume"], "--resume needs -o"),
        (["a.toml", "-o", "a.toml", "--format", "csv"], "a.toml is an input too"),
        (["a.toml", "-o", "a.docx"], "not written as .docx"),
        (["a.toml", "--format", "xlsx"], "--format xlsx needs a file"),
        (["a.toml", "-o", ".", "--format", "csv"], "a folder is written as Parquet"),
        (["a.toml", "-o", "out"], "the name has to end in one of .csv, .ndjson"),
        (["a.toml", "--pool", "2"], "--pool 2 does not fit"),
        (["a.toml", "--pool", "02=lots"], "--pool 02=lots does not fit"),
        (["a.toml", "--pool", "99=1万"], "there is no item or measure 99"),
        (["a.toml", "--pool", "02-capcity=1万"], "did you mean 02-capacity?"),
        (["a.toml", "--pool", "02=1万", "--pool", "02-capacity=1万"], "two pools name the item 02-capacity"),
        (["a.toml", "--pool", "21-reclaimed-water=1万"], "21-reclaimed-water is a service"),
        (["--template", "xlsx"], "--template xlsx needs a file"),
        (["a.toml", "--template", "csv"], "leave INPUT out"),
        (["--template", "csv", "-o", "no.xlsx"], "not written as .xlsx, but as .csv"),
        (["--template", "parquet", "-o", "no"], "has to end in one of .parquet"),
    ],
)
def test_a_wrong_command_line_is_exit_2(arguments: list[str], said: str) -> None:
    done = subsidy("batch", *arguments, "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.splitlines()[-1] == "next: subsidy batch --help"


@pytest.mark.parametrize("name", ["out.csv", "out.parquet", "parts/"])
def test_an_output_among_the_inputs_is_written_once(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text(ndjson(voucher_rows()), "utf-8")
    if name.endswith("/"):
        (tmp_path / name).mkdir()
    assert subsidy("batch", f"{tmp_path}/", "-o", f"{tmp_path}/{name}").returncode == 0
    # Whether what lies there now is an old answer or an input, the program does not guess.
    done = subsidy("batch", f"{tmp_path}/", "-o", f"{tmp_path}/{name}", "--lang", "en")
    assert done.returncode == 2
    assert "is an input too" in done.stderr
    rows = batch(tmp_path, code=1)  # elsewhere: the answers are found, and told
    assert [row["status"] for row in rows].count("ok") == 3
    assert rows[-1]["status"] == "error"


def test_a_compressed_file_that_is_cut_off_says_so(tmp_path: Path) -> None:
    source = tmp_path / "a.ndjson.gz"
    source.write_bytes(gzip.compress(ndjson(voucher_rows()).encode())[:-20])
    (row,) = batch(source, code=1, SUBSIDY_LANG="en")
    assert row["error"] == f"{source}: this compressed file is damaged or cut off; fetch or compress it again"


def test_folders_that_may_not_be_read_are_rows_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("closed", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.toml").touch()
    scan = os.scandir

    def denied(place: str) -> object:
        if place.endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", place)
        return scan(place)

    monkeypatch.setattr(os, "scandir", denied)  # who runs the tests may read everything
    found = [(one.name, one.problem and one.problem.code) for one in sources_of([str(tmp_path)])]
    assert found == [(f"{tmp_path}/open/a.toml", None), (f"{tmp_path}/closed", "closed_folder")]


def test_wrong_rules_are_exit_78(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text("[items.99-none]\ncap = 1\n", "utf-8")
    assert subsidy("batch", "a.toml", "--rules", str(rules)).returncode == 78


def test_a_folder_that_is_not_there_is_told_before_any_work(tmp_path: Path) -> None:
    done = subsidy("batch", "a.toml", "-o", str(tmp_path / "no" / "a.csv"), "--lang", "en")
    assert done.returncode == 73
    assert done.stderr.splitlines() == [
        f"cannot write {tmp_path}/no/a.csv: there is no such folder",
        "make the folder first, or name another place",
    ]


def test_a_full_disk_leaves_nothing_half_written_and_says_how_to_go_on(tmp_path: Path) -> None:
    source, output = tmp_path / "many", tmp_path / "out.csv"
    write_pieces(source, 400)
    output.write_text("old", "utf-8")
    command = [sys.executable, "-m", "calc", "batch", str(source), "-o", str(output), "--lang", "en"]
    # No file may grow beyond 40 kB: parts are smaller, the whole is not.
    limit = 40_000
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 73
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-3:-1] == [
        f"cannot write {output}: no file may become so large here",
        "name another place, or a smaller form",
    ]
    assert done.stderr.splitlines()[-1].endswith("--resume")
    assert output.read_text("utf-8") == "old"
    assert {one.name for one in tmp_path.iterdir()} == {"many", "out.csv", ".out.csv.parts"}
    assert subsidy("batch", str(source), "-o", str(output), "--resume").returncode == 1
    assert len(output.read_text("utf-8-sig").splitlines()) == 401
    assert not (tmp_path / ".out.csv.parts").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device")
def test_a_full_pipe_is_exit_73() -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "calc", "batch", "examples/bank.toml"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 73


def test_a_reader_that_has_gone_ends_it_quietly(tmp_path: Path) -> None:
    source = tmp_path / "a.ndjson"
    write_pieces(source, 300)
    with subprocess.Popen(
        [sys.executable, "-m", "calc", "batch", str(source), "--quiet", "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
        assert process.wait(20) in (0, 1), "1 where all of it still fitted into the pipe"
    assert "Traceback" not in said
    assert "Broken" not in said


def test_progress_for_scripts_is_json(tmp_path: Path) -> None:
    source = tmp_path / "a.ndjson"
    write_pieces(source, 150)
    done = subsidy("batch", str(source), "--log", "json")
    events = [json.loads(line) for line in done.stderr.splitlines()]
    progress = [one for one in events if one["event"] == "progress"]
    assert [one["rows"] for one in progress] == sorted(one["rows"] for one in progress)
    size = sum(one.stat().st_size for one in source.iterdir())
    assert progress[-1]["bytes"] == progress[-1]["of"] == size
    counts = {"rows": 150, "errors": 15, "unproven": 0}
    assert events[-1] | {"seconds": 0} == {"event": "done", **counts, "seconds": 0}
    errors = [one for one in events if one["event"] == "error"]
    assert (errors[0]["source"], errors[0]["row"]) == (str(source / "000000.ndjson"), 4)


def test_help_loads_no_heavy_library() -> None:
    heavy = "{'pyarrow', 'numpy', 'python_calamine', 'xlsxwriter'}"
    called = "import sys; from calc.cli.app import run; run(['batch', '--help'])"
    program = f"{called}; assert not {heavy} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def test_without_the_extra_the_next_step_is_told() -> None:
    program = (
        "import sys, importlib.util; found = importlib.util.find_spec;"
        "importlib.util.find_spec = lambda name, *more: None if name == 'pyarrow' else found(name, *more);"
        "from calc.cli.app import run; sys.exit(run(['batch', 'a.toml', '--lang', 'en']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "this needs what is not installed: pyarrow",
        "next: pip install pyarrow",
    ]


def workers_of(process: int) -> list[int]:
    """The processes that a process has started."""
    children = Path(f"/proc/{process}/task/{process}/children")
    if not children.exists():
        pytest.skip("the system does not list the children of a process")
    return [int(one) for one in children.read_text().split()]


def any_alive(processes: list[int], seconds: float) -> bool:
    """Whether one of some processes is still there after so long."""
    end = time.monotonic() + seconds
    while any(map(_is_alive, processes)):
        if time.monotonic() > end:
            return True
        time.sleep(0.02)
    return False


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_stops_within_a_second_and_says_how_to_go_on(
    how: signal.Signals, tmp_path: Path
) -> None:
    source, output = tmp_path / "many", tmp_path / "out.csv"
    write_pieces(source, 3000)
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "calc",
            "batch",
            str(source),
            "-o",
            str(output),
            "--log",
            "json",
            "--jobs",
            "2",
        ],
        stderr=subprocess.PIPE,
        env={**os.environ, "SUBSIDY_LANG": "en"},
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        while b'"progress"' not in process.stderr.readline():
            pass
        workers = workers_of(process.pid)
        begin = time.monotonic()
        os.killpg(process.pid, how) if how == signal.SIGINT else process.send_signal(how)
        said = process.stderr.read().decode()
        assert process.wait(5) == 130
        assert time.monotonic() - begin < 3, "within a second, where nothing else runs"
    assert said.splitlines()[-2] == "interrupted"
    assert said.splitlines()[-1].endswith("--log json --jobs 2 --resume")
    assert "Traceback" not in said
    assert "leaked" not in said
    assert not any_alive(workers, seconds=1)
    assert not output.exists()
    assert list((tmp_path / ".out.csv.parts").glob("*.arrow"))


@pytest.mark.parametrize("command", ["batch", "budget"])
def test_an_interrupt_before_anything_is_done_says_no_more_than_that(command: str, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "calc", command, "-", "-o", str(tmp_path / "out.csv"), "--lang", "en"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A job in the background ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- no threads here
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        # The pipe holds less than this: what is left of it is taken by a command that has begun to read.
        process.stdin.write(b"\n" * (1 << 20))
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        said = process.stderr.read().decode()
    assert said == "interrupted\n"


def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    source = tmp_path / "a.ndjson"
    write_pieces(source, 110)
    main, other = pty.openpty()
    command = [sys.executable, "-m", "calc", "batch", str(source), "-o", str(tmp_path / "out.csv")]
    environment = {**os.environ, "SUBSIDY_LANG": "en", "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=other, env=environment) as process:
        os.close(other)
        shown = b""
        try:
            while chunk := os.read(main, 1 << 16):
                shown += chunk
        except OSError:  # how a terminal ends
            pass
    os.close(main)
    assert process.returncode == 1
    said = shown.decode()
    assert "110 rows, " in said
    assert " a second, 11 errors" in said
    assert said.rstrip().endswith("11 of 110 rows are wrong: see the column error")
