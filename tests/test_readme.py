"""Every console block of the README and of docs is run and compared, every TOML block loaded.

UPDATE_README=1 writes what the commands print, and the files that blocks are copies of.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from calc.enterprise.documents import parse_document
from calc.policy.loader import base_text, rules_from
from calc.policy.rules import OverlayFile

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
TOML_BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.M | re.S)
COPY = re.compile(r"# (?P<path>examples/[\w/.]+\.toml)")
DEMO = "subsidy estimate examples/manufacturer.toml"


def blocks(kind: re.Pattern[str]) -> list[tuple[Path, int]]:
    """Every block of this kind: its page, and its place there."""
    return [(page, place) for page in PAGES for place in range(len(kind.findall(page.read_text("utf-8"))))]


def name_of(value: object) -> str:
    return value.name if isinstance(value, Path) else str(value)


def printed(command: str) -> str:
    """What a command of a page prints, standard error included."""
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


def compare(page: Path, block: str, wanted: str) -> None:
    if os.environ.get("UPDATE_README"):
        page.write_text(page.read_text("utf-8").replace(f"\n{block}```", f"\n{wanted}```"), "utf-8")
        return
    assert block == wanted


@pytest.mark.parametrize(("page", "number"), blocks(BLOCK), ids=name_of)
def test_a_console_block_shows_what_its_commands_print(page: Path, number: int) -> None:
    block = BLOCK.findall(page.read_text("utf-8"))[number]
    compare(page, block, run_block(block))


@pytest.mark.parametrize(("page", "number"), blocks(TOML_BLOCK), ids=name_of)
def test_a_toml_block_holds(page: Path, number: int) -> None:
    """A block that names an example is a copy of it; any other that is rules is sound."""
    block = TOML_BLOCK.findall(page.read_text("utf-8"))[number]
    copied = COPY.match(block)
    if copied is not None:
        compare(page, block, (ROOT / copied["path"]).read_text("utf-8"))
        return
    document = parse_document("block.toml", block, is_json=False)
    if not document.content.keys() & {"policy", *OverlayFile.model_fields}:
        return
    base = parse_document("measures.toml", base_text(), is_json=False)
    rules_from([document] if "policy" in document.content else [base, document])
