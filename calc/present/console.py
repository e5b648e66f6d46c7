"""Prints an estimate as people read it: the total, what makes it up, what was dropped, what to ask."""

import os
import sys
from collections.abc import Iterator
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from calc.engine.estimate import Estimate
from calc.present import sections
from calc.present.figures import money
from calc.present.language import Language
from calc.present.safe import visible
from calc.present.sections import Look

_PIPE_WIDTH: Final = 100
_BASE_RULES: Final = "measures.toml"


def estimate_view(estimate: Estimate, look: Look) -> RenderableType:
    """The whole answer as something Rich can print."""
    return Group(*_spaced(estimate, look))


def _spaced(estimate: Estimate, look: Look) -> Iterator[RenderableType]:
    yield from _heading(estimate, look)
    parts = (
        sections.chosen(estimate, look),
        sections.dropped(estimate, look),
        sections.missing(estimate, look),
        sections.totals(estimate, look),
        sections.not_counted(estimate, look),
        sections.in_kind(estimate, look),
        sections.ineligible(estimate, look),
        sections.barred(estimate, look),
        sections.to_confirm(estimate, look),
        sections.services(estimate, look),
        sections.notes(estimate, look),
    )
    for part in parts:
        if part is not None:
            title, body = part
            yield Text()
            yield Text(title, style="bold")
            yield Padding(body, (0, 0, 0, 2))


def _heading(estimate: Estimate, look: Look) -> Iterator[RenderableType]:
    speech, enterprise = look.speech, estimate.enterprise
    name = visible(enterprise.name)
    yield Text(speech.say("{name} · claim year {year}", name=name, year=estimate.claim_year), style="bold")
    total = Text(speech.say("Up to {total}", total=money(estimate.total, speech, in_yuan=look.in_yuan)))
    total.stylize("bold green" if estimate.total else "bold")
    yield total
    makeup = [
        speech.say("{grade} {sum}", grade=sections.grade_name(grade, speech), sum=look.money(amount))
        for grade, amount in estimate.by_grade().items()
        if amount
    ]
    if makeup:
        yield Text(speech.comma.join(makeup))
    yield Text(
        speech.say(
            "reading: {reading} · counted: {count}",
            reading=sections.reading_name(estimate.stacking, speech),
            count=sections.count_name(estimate.count, speech),
        ),
        style="dim",
    )
    if estimate.rules.sources != (_BASE_RULES,):
        sources = speech.comma.join(visible(source) for source in estimate.rules.sources)
        yield Text(speech.say("rules: {sources}", sources=sources), style="yellow")
    if not estimate.is_proven:
        yield Text(speech.say("Not proven: a combination that pays more may exist."), style="bold red")


def print_estimate(estimate: Estimate, speech: Language, *, in_yuan: bool) -> None:
    """Print an estimate to standard output: styled on a terminal, plain in a pipe."""
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else _PIPE_WIDTH
    console = Console(highlight=False, width=width)
    console.print(estimate_view(estimate, Look(speech, in_yuan, console.width)))
    console.print()
