"""Help pages and wrong command lines: complete in both languages, and within the terminal."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from rich.cells import cell_len

from calc.cli.app import app, run
from calc.present.language import language

CHINESE = re.compile("[一-鿿]")


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group, with its words on the command line."""
    command = command or typer.main.get_command(app)
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


PATHS = [path for path, _ in commands()]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PATHS, ids=" ".join)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_help_page_is_all_in_one_language_and_within_the_terminal(
    path: tuple[str, ...],
    lang: str,
    width: int,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("SUBSIDY_LANG", lang)
    assert run([*path, "--help"]) == 0
    page = capfd.readouterr().out
    examples = re.search(r"(?m)^(示例：|Examples:)\n(?:  .+\n)+", page)
    assert examples, "a page ends with commands to copy"
    assert "subsidy" in examples[0]
    for line in page.removesuffix(examples[0]).splitlines():
        assert cell_len(line) <= width, line
    told = page.replace(examples[0], "")
    if lang == "en":
        assert not CHINESE.search(told.replace("万元", "").replace("万", "")), told
    else:
        english = re.sub(r"[A-Z|.]+(?=\s|$)|<[^>]*>|[-\w]*-[-\w]+|\b[a-z_]+\.toml\b|subsidy", "", told)
        assert len(CHINESE.findall(english)) > len(re.findall(r"[A-Za-z]{4,}", english))
        assert not re.search(r"\b(Usage|Options|Arguments|Commands|Show|default|required)\b", page)


def test_the_root_page_lists_every_command_in_the_order_of_the_day(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUBSIDY_LANG", "en")
    assert run(["--help"]) == 0
    page = capfd.readouterr().out
    for path, command in commands():
        if len(path) == 1:
            assert re.search(rf"(?m)^  {path[0]} ", page), path
            assert language("zh").say(command.help) != command.help
    sections = [section for section in re.findall(r"(?m)^(\S.*):$", page) if section not in ("Options",)]
    order = ["Start", "Answer", "Advise", "Many", "The rules", "Set up", "Examples"]
    assert sections == [one for one in order if one in sections]


@pytest.mark.parametrize(
    ("arguments", "said", "then"),
    [
        (["nonsense"], "there is no command nonsense", "subsidy --help"),
        (["gasp"], "did you mean gaps?", "subsidy --help"),
        (["measures", "sho"], "did you mean show?", "subsidy measures --help"),
        (["estimate"], "FILE is missing", "subsidy estimate --help"),
        (["estimate", "x", "--yaun"], "did you mean --yuan?", "subsidy estimate --help"),
        (["estimate", "x", "--year", "1999"], "--year 1999 does not fit", "subsidy estimate --help"),
        (["estimate", "x", "--year=soon"], "--year soon does not fit", "subsidy estimate --help"),
        (["gaps", "x", "--stacking", "subjct"], "did you mean subject?", "subsidy gaps --help"),
        (["gaps", "x", "--rules"], "--rules needs a value", "subsidy gaps --help"),
        (["gaps", "x", "--yuan=3"], "--yuan takes no value", "subsidy gaps --help"),
        (["gaps", "x", "y"], "more than the command takes: y", "subsidy gaps --help"),
        (["estimate", "--\u202egnp"], "there is no option --\\u{202e}gnp", "subsidy estimate --help"),
        (["\x1b[31mred"], "there is no command", "subsidy --help"),
    ],
)
def test_a_wrong_command_line_is_told_with_the_next_command(
    arguments: list[str],
    said: str,
    then: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SUBSIDY_LANG", "en")
    assert run(arguments) == 2
    shown = capfd.readouterr()
    assert shown.out == ""
    error, next_command = shown.err.splitlines()
    assert said in error
    assert next_command == f"next: {then}"
    assert "\x1b" not in shown.err
    assert "\u202e" not in shown.err


def test_no_argument_shows_the_help_page(capfd: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert "estimate" in capfd.readouterr().err
