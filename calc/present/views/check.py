"""Prints what is wrong with a file, what is missing in it, what is doubtful about it."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from calc.engine.missing import find_missing
from calc.enterprise.problems import MOST_SHOWN, Problem
from calc.enterprise.sources import STDIN
from calc.present.data.check import Checked
from calc.present.folding import folded, plain
from calc.present.language import Language
from calc.present.look import Look
from calc.present.views import asks
from calc.present.views.sections import Section, laid_out
from calc.present.views.tables import Column, table
from calc.present.views.terminal import show
from calc.present.words.diagnostics import line_of, path_text
from calc.present.words.problems import what_is_wrong

_FINDING: Final = 36
"""The width below which a finding is hard to read."""


def print_check(checked: Checked, speech: Language) -> None:
    """Print one file's check to standard output."""
    show(lambda width: check_view(checked, Look(speech, in_yuan=False, width=width)))


def check_view(checked: Checked, look: Look) -> RenderableType:
    """One file's check as something Rich can print."""
    return Group(
        *(folded(line, look.width) for line in _heading(checked, look)),
        *laid_out(lambda within: _sections(checked, within), look),
        Text(),
    )


def _heading(checked: Checked, look: Look) -> Iterator[Text]:
    say, estimate = look.speech.say, checked.estimate
    source = say("standard input") if checked.source == STDIN else checked.source
    if estimate is None:
        yield plain(source, "bold")
        yield Text(say("errors: {count}, to be corrected first", count=len(checked.problems)), "bold red")
        return
    name, year = estimate.enterprise.name, estimate.claim_year
    yield plain(say("{name} · claim year {year}", name=name, year=year), "bold")
    yield plain(source, "dim")
    missing, doubts = len(find_missing(estimate)), len(checked.doubts)
    yield Text(" · ").join(
        [
            Text(say("no errors"), "bold green"),
            Text(say("figures missing: {count}", count=missing), "bold yellow" if missing else ""),
            Text(say("doubtful: {count}", count=doubts), "bold yellow" if doubts else ""),
        ]
    )


def _sections(checked: Checked, look: Look) -> Iterator[Section | None]:
    say = look.speech.say
    yield _listed(say("Errors"), checked.problems, look)
    if checked.estimate is not None:
        yield asks.missing(checked.estimate, look)
    yield _listed(say("Doubtful, though allowed"), checked.doubts, look)


def _listed(title: str, problems: Sequence[Problem], look: Look) -> Section | None:
    """Problems in short; with their lines and next steps they stand on standard error."""
    say, shown = look.speech.say, problems[:MOST_SHOWN]
    if not shown:
        return None
    lines = [Text("" if (line := line_of(one)) is None else str(line)) for one in shown]
    keys = [plain(path_text(one.path), "cyan") for one in shown]
    found = [plain(what_is_wrong(one, look.speech)) for one in shown]
    columns = [
        Column(say("line"), lines, "sum"),
        Column(say("key"), keys),
        Column(say("what was found"), found, readable=_FINDING),
    ]
    body = table(columns, look.width)
    if len(problems) > len(shown):
        body = Group(body, Text(say("… and {count} more", count=len(problems) - len(shown)), "dim"))
    return Section(title, body)
