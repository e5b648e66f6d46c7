"""Prints several estimates side by side: who gets how much, by reading, by grade, item by item."""

import string
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.text import Text

from calc.engine.estimate import Estimate
from calc.present.data.comparison import Row, grade_rows, item_rows, missing_row, reading_rows
from calc.present.folding import folded, plain, stacked
from calc.present.language import Language
from calc.present.look import Look, count_name, reading_name, signed
from calc.present.safe import visible
from calc.present.views.sections import titled
from calc.present.views.tables import Column, gap, table
from calc.present.views.terminal import show

_FIRST: Final = 30
"""What the column of items needs to read well."""
_LEAST_NAME: Final = 8
"""A name cut shorter than this says nothing: the letter alone does better."""
_LONGEST_NAME: Final = 20
_ENDINGS: Final = ("股份有限公司", "有限责任公司", "集团有限公司", "有限公司")


def print_comparison(estimates: Sequence[Estimate], speech: Language, *, in_yuan: bool) -> None:
    """Print the comparison to standard output."""
    show(lambda width: Group(comparison_view(estimates, Look(speech, in_yuan, width)), Text()))


def comparison_view(estimates: Sequence[Estimate], look: Look) -> RenderableType:
    """The whole comparison as something Rich can print."""
    say, speech = look.speech.say, look.speech
    rows = item_rows(estimates, speech)
    differing = [row for row in rows if row.differs]
    same = [row for row in rows if not row.differs and any(row.values)]
    nothing = [row for row in rows if not any(row.values)]
    parts: list[RenderableType] = [*_enterprises(estimates, look)]
    parts += _section(say("The four readings"), reading_rows(estimates, speech), estimates, look)
    by_grade = [row._replace(key="") for row in grade_rows(estimates, speech) if any(row.values)]
    parts += _section(say("What the totals rest on"), by_grade, estimates, look)
    parts += _section(say("Where they differ"), differing, estimates, look)
    if not differing:
        parts += [Text(), Text(say("Every item is granted the same."), "bold")]
    parts += _section(say("What is the same"), same, estimates, look)
    if nothing:
        names = speech.semicolon.join(f"{row.key} {row.title}" for row in nothing)
        text = say("Granted nothing anywhere: {items}", items=names)
        parts += [Text(), folded(plain(text, "dim"), look.width)]
    return Group(*parts)


def _letters(count: int) -> list[str]:
    """A, B, C … and, past Z, numbers."""
    letters = string.ascii_uppercase
    return [letters[place] if place < len(letters) else str(place + 1) for place in range(count)]


def _enterprises(estimates: Sequence[Estimate], look: Look) -> Iterator[RenderableType]:
    say, speech = look.speech.say, look.speech
    reading = reading_name(estimates[0].stacking, speech)
    counted = count_name(estimates[0].count, speech)
    head = say("reading: {reading} · counted: {count}", reading=reading, count=counted)
    first = estimates[0].total
    names = [
        stacked(plain(one.enterprise.name, "bold"), plain(one.enterprise.source, "dim")) for one in estimates
    ]
    changes = look.sums(one.total - first for one in estimates)
    missing = missing_row(estimates, speech).values
    yield folded(Text(head, "dim"), look.width)
    yield Text()
    yield table(
        (
            Column("", [Text(one, "bold") for one in _letters(len(estimates))], "whole"),
            Column(say("enterprise"), names),
            Column(say("claim year"), [Text(str(one.claim_year)) for one in estimates], "sum"),
            Column(
                say("up to ({unit})", unit=look.unit),
                [Text(one.plain, "bold green") for one in look.sums(one.total for one in estimates)],
                "sum",
            ),
            Column(say("against A"), [Text(), *map(signed, changes[1:])], "sum"),
            Column(say("missing figures"), [Text(str(one)) for one in missing], "sum"),
        ),
        look.width,
    )
    if any(not one.is_proven for one in estimates):
        yield Text(say("Not proven: a combination that pays more may exist."), "bold red")


def _section(
    title: str, rows: Iterable[Row], estimates: Sequence[Estimate], look: Look
) -> Iterator[RenderableType]:
    rows = list(rows)
    if not rows:
        return
    yield from titled(title, look.unit, look)
    names = [stacked(*(plain(*one) for one in ((row.key, "cyan"), (row.title,)) if one[0])) for row in rows]
    columns = [
        Column(
            heading,
            [
                Text(text.plain, "bold" if row.differs else "")
                for row, text in zip(rows, look.sums(_whole(row.values[place]) for row in rows), strict=True)
            ],
            "sum",
        )
        for place, heading in enumerate(_headings(estimates, look.width))
    ]
    yield table((Column("", names), *columns), look.width)


def _whole(value: int | str) -> int:
    return value if isinstance(value, int) else 0


def _headings(estimates: Sequence[Estimate], width: int) -> list[str]:
    """A letter for each estimate, and as much of its name as there is room for."""
    letters = _letters(len(estimates))
    room = (width - _FIRST) // len(estimates) - gap(width) - len("A ")
    if room < _LEAST_NAME:
        return letters
    longest = min(room, _LONGEST_NAME)
    names = (_shortened(one, longest) for one in _names(estimates))
    return [f"{letter} {name}" for letter, name in zip(letters, names, strict=True)]


def _names(estimates: Sequence[Estimate]) -> list[str]:
    """What tells the estimates apart: the enterprises' names, or else those of the files."""
    names = [one.enterprise.name for one in estimates]
    if len(set(names)) == len(names):
        return [_without_ending(name) for name in names]
    return [PurePath(one.enterprise.source).stem for one in estimates]


def _without_ending(name: str) -> str:
    return next((name.removesuffix(one) for one in _ENDINGS if name.endswith(one) and name != one), name)


def _shortened(name: str, cells: int) -> str:
    shown = visible(name)
    return shown if cell_len(shown) <= cells else f"{set_cell_size(shown, cells - 1).rstrip()}…"
