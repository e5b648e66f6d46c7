"""Completion, as a shell asks for it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from calc.policy.loader import packaged_rules
from tests.cli.test_command import subsidy


def offered(line: str) -> list[str]:
    words = line.split(" ")
    done = subsidy(
        _SUBSIDY_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1), SUBSIDY_LANG="zh"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("subsidy meas", ["measures"]),
        ("subsidy measures sh", ["show"]),
        ("subsidy estimate a.toml --stacking e", ["expense"]),
        ("subsidy estimate --stack", ["--stacking"]),
        ("subsidy measures show 02-", ["02-capacity", "02-chain"]),
        ("subsidy explain 企业.toml 02-", ["02-capacity", "02-chain"]),
        ("subsidy measures show 99", []),
        # Nothing is offered where a file stands: the shell then offers its own.
        ("subsidy estimate exam", []),
    ],
)
def test_what_is_offered(line: str, words: list[str]) -> None:
    assert offered(line) == words


def test_every_item_is_offered() -> None:
    assert offered("subsidy measures show ") == list(packaged_rules().items)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_has_its_script(shell: str) -> None:
    done = subsidy("completion", shell)
    assert done.returncode == 0
    assert "_SUBSIDY_COMPLETE" in done.stdout
    assert "subsidy completion" in done.stderr
    assert subsidy("completion", shell, "-q").stderr == ""


def test_bash_completes_with_the_script(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    (tmp_path / "subsidy").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m calc "$@"\n')
    (tmp_path / "subsidy").chmod(0o755)
    script = (
        f'PATH="{tmp_path}:$PATH"; eval "$(subsidy completion bash -q)"\n'
        "COMP_WORDS=(subsidy measures show 05-); COMP_CWORD=3\n"
        '_subsidy_completion subsidy; echo "${COMPREPLY[@]}"\n'
        "complete -p subsidy\n"
    )
    done = subprocess.run([bash, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[0] == "05-rd-growth"
    # File names are left to the shell itself.
    assert "-o default" in done.stdout
