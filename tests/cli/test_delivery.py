"""Where an answer goes: a file that is whole or not there, a pager only where it is needed."""

import json
import os
import pty
import signal
import stat
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.cli.test_command import ENTERPRISE, subsidy

EXAMPLES = Path(__file__).parents[2] / "examples"
BANK = str(EXAMPLES / "bank.toml")


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("答案.json", '{\n  "schema"'),
        ("答案.NDJSON", '{"schema"'),
        ("答案.toml", 'schema = "'),
        ("答案.csv", "source,enterprise"),
        ("答案.md", "## "),
        ("答案.txt", "╭"),
        ("答案", "╭"),
    ],
)
def test_the_ending_of_the_file_says_how_the_answer_is_written(
    name: str, begins: str, tmp_path: Path
) -> None:
    target = tmp_path / name
    done = subsidy("estimate", BANK, "-o", str(target))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert target.read_text("utf-8").lstrip("\ufeff").startswith(begins)
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_an_option_wins_over_the_ending(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    assert subsidy("estimate", BANK, "-o", str(target), "--format", "json").returncode == 0
    assert json.loads(target.read_text("utf-8"))["schema"] == "subsidy.estimate/1"


def test_a_file_that_stood_there_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    target, link = tmp_path / "a.json", tmp_path / "link.json"
    target.write_text("old", "utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    assert subsidy("estimate", BANK, "-o", str(link)).returncode == 0
    assert link.is_symlink()
    assert json.loads(target.read_text("utf-8"))
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.parametrize("ending", ["txt", "json", "ndjson", "toml", "csv", "md"])
def test_what_cannot_be_answered_leaves_the_file_alone(ending: str, tmp_path: Path) -> None:
    target = tmp_path / f"a.{ending}"
    target.write_text("old", "utf-8")
    assert (
        subsidy("estimate", str(EXAMPLES / "mistakes" / "bad_date.toml"), "-o", str(target)).returncode == 65
    )
    assert target.read_text("utf-8") == "old"


@pytest.mark.parametrize("place", ["no/such/folder/a.json", "."])
def test_a_place_that_cannot_be_written_to_is_exit_73(place: str, tmp_path: Path) -> None:
    done = subsidy("estimate", BANK, "-o", str(tmp_path / place))
    assert done.returncode == 73
    where, step = done.stderr.splitlines()
    assert where.startswith(f"无法写入 {tmp_path}")
    assert step in ("请先建好文件夹，或换一个位置", "请写明其中的文件名")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "name", "endings"),
    [
        ("estimate", "测算.xlsx", ".txt、.json、.ndjson、.toml、.csv、.md；用 Excel 打开请选 .csv"),
        ("plan", "计划.DOCX", ".txt、.json、.ndjson、.toml、.csv、.md"),
        ("gaps", "改动.csv", ".txt、.json、.ndjson、.toml"),
        ("explain", "说明.md", ".txt、.json、.ndjson、.toml"),
    ],
)
def test_no_file_holds_what_its_ending_does_not_say(
    command: str, name: str, endings: str, tmp_path: Path
) -> None:
    """A table of lines named .xlsx would be called broken by Excel."""
    done = subsidy(command, BANK, "-o", str(tmp_path / name))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[0].endswith(f"可用的结尾：{endings}")
    assert list(tmp_path.iterdir()) == []


def test_a_spreadsheet_knows_that_a_csv_file_is_utf_8(tmp_path: Path) -> None:
    target = tmp_path / "测算.csv"
    assert subsidy("estimate", BANK, "-o", str(target)).returncode == 0
    in_a_pipe = subsidy("estimate", BANK, "--format", "csv").stdout
    assert in_a_pipe.startswith("source,")
    assert target.read_text("utf-8") == f"\ufeff{in_a_pipe}"


def test_a_person_at_a_terminal_is_told_that_the_file_is_written(tmp_path: Path) -> None:
    target = tmp_path / "测算.csv"
    told = on_terminal("estimate", BANK, "-o", str(target), lines=40, pager="cat", SUBSIDY_LANG="zh")
    assert told.splitlines() == [f"已写入 {target}。"]


def test_a_device_is_written_to() -> None:
    assert '"schema"' in subsidy("estimate", BANK, "-o", "/dev/stdout", "--format", "json").stdout
    assert subsidy("estimate", BANK, "-o", "/dev/null").returncode == 0


def test_quiet_keeps_warnings_and_hints_back_but_no_error() -> None:
    doubtful = ENTERPRISE + '[[received]]\nitem = "18-aeo"\nyear = 2025\namount = 1\nsubject = "title:无"\n'
    agreement = doubtful + '[[agreement]]\nname = "a"\nuntil = 2025-01-01\ncovers = ["title:无"]\n'
    assert "title:无" in subsidy("estimate", "-", text=agreement).stderr
    assert subsidy("estimate", "-", "-q", text=agreement).stderr == ""
    wrong = subsidy("estimate", str(EXAMPLES / "mistakes" / "bad_date.toml"), "-q")
    assert wrong.returncode == 65
    assert "bad_date.toml" in wrong.stderr
    assert "subsidy check" not in wrong.stderr


def on_terminal(*arguments: str, lines: int, pager: str, **environment: str) -> str:
    """What a terminal of so many lines shows."""
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (lines, 100))
    process = subprocess.Popen(
        [sys.executable, "-m", "calc", *arguments],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", "PAGER": pager, "LINES": str(lines), **environment},
    )
    os.close(follower)
    shown = b""
    try:
        while piece := os.read(leader, 4096):
            shown += piece
    except OSError:
        pass  # the other end is closed: all is read
    os.close(leader)
    assert process.wait() == 0
    return shown.decode()


MARK = "sed 's/^/PAGED /'"


def test_a_pager_shows_what_does_not_fit_and_nothing_else() -> None:
    assert "PAGED " in on_terminal("estimate", BANK, lines=10, pager=MARK)
    assert "PAGED " not in on_terminal("estimate", BANK, lines=500, pager=MARK)
    assert "PAGED " not in on_terminal("estimate", BANK, lines=10, pager=MARK, SUBSIDY_PAGER="false")
    assert "PAGED " not in on_terminal("--help", lines=3, pager=MARK)


def test_a_terminal_gets_colours_through_the_pager() -> None:
    assert "\x1b[" in on_terminal("estimate", BANK, lines=10, pager="cat", COLORTERM="truecolor")


def test_a_watched_file_is_answered_anew_when_it_is_saved(tmp_path: Path) -> None:
    file, beside = tmp_path / "企业.toml", tmp_path / "new"
    file.write_text(ENTERPRISE, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "calc", "estimate", str(file), "--format", "ndjson", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "SUBSIDY_LANG": "en"},
        # A job in the background ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 -- no threads here
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["combination"]["total"] == 30_000_000
    assert "Ctrl-C" in process.stderr.readline()
    # As an editor does: a new file in the old one's place.
    beside.write_text(ENTERPRISE.replace('"3亿"', '"2亿"'), "utf-8")
    beside.replace(file)
    found = json.loads(process.stdout.readline())["combination"]["total"]
    assert found == 20_000_000
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130


def test_standard_input_cannot_be_watched() -> None:
    assert subsidy("estimate", "-", "--watch", text=ENTERPRISE).returncode == 2
