"""Prints an estimate as people read it: the total, what makes it up, what was dropped, what to ask."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from calc.engine.estimate import Estimate
from calc.enterprise.numbers import WAN
from calc.present.figures import money
from calc.present.folding import plain
from calc.present.language import Language
from calc.present.look import Look, count_name, grade_name, reading_name
from calc.present.views import asks, sections
from calc.present.views.sections import Section, laid_out
from calc.present.views.tables import framed
from calc.present.views.terminal import show
from calc.present.words.layers import layer_lines

if TYPE_CHECKING:
    from calc.engine.plan import Plan


def estimate_view(estimate: Estimate, look: Look) -> RenderableType:
    """The whole answer as something Rich can print."""
    return Group(heading(estimate, look), *laid_out(lambda within: _sections(estimate, within), look))


def _sections(estimate: Estimate, look: Look) -> Iterator[Section | None]:
    yield sections.chosen(estimate, look)
    yield sections.dropped(estimate, look)
    yield asks.missing(estimate, look)
    yield sections.totals(estimate, look)
    yield sections.not_counted(estimate, look)
    yield sections.in_kind(estimate, look)
    yield asks.ineligible(estimate, look)
    yield asks.barred(estimate, look)
    yield sections.services(estimate, look)
    yield asks.to_confirm(estimate, look)
    yield sections.notes(estimate, look)


def heading(estimate: Estimate, look: Look) -> RenderableType:
    """Whose answer it is, the total, what that rests on and how the rules were read."""
    return framed(_heading_lines(estimate, look), look.width, "green" if estimate.is_proven else "red")


def _heading_lines(estimate: Estimate, look: Look) -> Iterator[Text]:
    say, enterprise = look.speech.say, estimate.enterprise
    yield plain(say("{name} · claim year {year}", name=enterprise.name, year=estimate.claim_year), "bold")
    yield total_line(estimate.total, look)
    yield from terms(estimate, look)


def terms(answer: "Estimate | Plan", look: Look) -> Iterator[Text]:
    """What a total rests on: grades, the reading, what counts, rules that are not the packaged ones."""
    say = look.speech.say
    makeup = [
        say("{grade} {sum}", grade=grade_name(grade, look.speech), sum=look.money(amount))
        for grade, amount in answer.by_grade().items()
        if amount
    ]
    if makeup:
        yield Text(say("of which: {parts}", parts=look.speech.comma.join(makeup)))
    reading = reading_name(answer.stacking, look.speech)
    count = count_name(answer.count, look.speech)
    yield Text(say("reading: {reading} · counted: {count}", reading=reading, count=count), "dim")
    years = [answer.claim_year] if isinstance(answer, Estimate) else [one.claim_year for one in answer.years]
    for line in layer_lines(answer.rules, years, look.speech):
        yield plain(line, "yellow")
    if not answer.is_proven:
        yield Text(say("Not proven: a combination that pays more may exist."), "bold red")


def total_line(yuan: int, look: Look) -> Text:
    """The total, for one who reads English in yuan too."""
    total = Text(look.speech.say("Up to {total}", total=look.money(yuan)))
    total.stylize("bold green" if yuan else "bold")
    if look.speech.code == "en" and not look.in_yuan and yuan >= WAN:
        total.append(f" ({money(yuan, look.speech, in_yuan=True)})", "dim")
    return total


def print_estimate(estimate: Estimate, speech: Language, *, in_yuan: bool) -> None:
    """Print an estimate to standard output: styled on a terminal, plain in a pipe."""
    show(lambda width: Group(estimate_view(estimate, Look(speech, in_yuan, width)), Text()))
