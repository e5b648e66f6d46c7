"""Every console block of the README is run and compared.  UPDATE_README=1 writes what the commands print."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
DEMO = "subsidy estimate examples/manufacturer.toml"


def printed(command: str) -> str:
    """What a command of the README prints, standard error included."""
    words = shlex.split(DEMO if command == "make demo" else command)
    assert words[0] == "subsidy", command
    done = subprocess.run(
        [sys.executable, "-m", "calc", *words[1:]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "COLUMNS": "100", "SUBSIDY_LANG": "zh", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        check=False,
    )
    return "\n".join(line.rstrip() for line in done.stdout.decode().splitlines())


def run_block(block: str) -> str:
    """The block as it should be: each command with what it prints."""
    parts = []
    for line in block.splitlines():
        if line.startswith("$ "):
            command = line.removeprefix("$ ")
            is_setup = command.startswith(("git ", "cd ", "make test", "pipx "))
            parts.append(line if is_setup else f"{line}\n{printed(command)}")
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("number", range(len(BLOCK.findall(README.read_text("utf-8")))))
def test_a_console_block_shows_what_its_commands_print(number: int) -> None:
    text = README.read_text("utf-8")
    block = BLOCK.findall(text)[number]
    wanted = run_block(block)
    if os.environ.get("UPDATE_README"):
        README.write_text(text.replace(block, wanted), "utf-8")
        return
    assert block == wanted
