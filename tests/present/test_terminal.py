"""What reaches a terminal, a pipe, and those with settings of their own: the command as a process."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "calc", "estimate", "examples/manufacturer.toml", "--lang", "zh"]
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9][0-9;]*m")
LEFT_OUT = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "PYTHONIOENCODING", "TTY_COMPATIBLE")


def environment(settings: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    return {**kept, "PYTHONUTF8": "1", **settings}


def in_a_pipe(**settings: str) -> bytes:
    done = subprocess.run(
        COMMAND, cwd=ROOT, env=environment(settings), capture_output=True, check=True, timeout=60
    )
    return done.stdout


def on_a_terminal(**settings: str) -> str:
    above, below = pty.openpty()
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment(settings), stdout=below, stderr=below
    ) as process:
        os.close(below)
        parts = []
        while True:
            try:
                part = os.read(above, 65536)
            except OSError:
                break
            if not part:
                break
            parts.append(part)
    os.close(above)
    assert process.returncode == 0
    return b"".join(parts).decode()


def widest(text: str) -> int:
    return max(cell_len(line) for line in text.splitlines())


@pytest.mark.parametrize(
    ("columns", "width"),
    [("60", 60), ("100", 100), ("140", 140), ("", 100), ("0", 100), ("abc", 100), ("-5", 100), ("1", 20)],
)
def test_a_pipe_is_as_wide_as_columns_says_or_100(columns: str, width: int) -> None:
    text = in_a_pipe(COLUMNS=columns).decode()
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())
    assert width - 15 <= widest(text) <= width


def test_a_terminal_gets_colours() -> None:
    assert COLOUR.search(on_a_terminal(TERM="xterm-256color", COLUMNS="80"))


def test_no_color_takes_them_away() -> None:
    assert not COLOUR.search(on_a_terminal(TERM="xterm-256color", COLUMNS="80", NO_COLOR="1"))


def test_a_dumb_terminal_gets_plain_text_of_its_width() -> None:
    text = on_a_terminal(TERM="dumb", COLUMNS="60")
    assert "\x1b" not in text
    assert widest(text) <= 60


def test_force_color_colours_a_pipe() -> None:
    assert COLOUR.search(in_a_pipe(FORCE_COLOR="1", TERM="xterm-256color").decode())


@pytest.mark.parametrize(
    ("encoding", "written"), [("gbk", "gbk"), ("gb18030", "gb18030"), ("ascii", "utf-8")]
)
def test_every_encoding_gets_the_answer(encoding: str, written: str) -> None:
    text = in_a_pipe(PYTHONUTF8="0", PYTHONIOENCODING=encoding).decode(written)
    assert "最多可得 3,350万元" in text
    assert "─" in text
