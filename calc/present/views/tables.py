"""Tables whose columns are measured before Rich sees them, so that nothing is cut at any width."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from calc.present.folding import folded, least_width, natural_width, plain

_ROOMY: Final = 110
"""From this width on, columns stand three apart instead of two."""
_FRAME: Final = 4
"""The columns that a frame takes."""
_COMFORT: Final = 20
"""A column folded below this is hard to read: a leaner set of columns does better."""


INDENT: Final = 2
"""How far what belongs to a title stands in below it."""


class Column(NamedTuple):
    """A column: ``folds`` where its cells may be folded; sums are aligned right and never are.

    Folded below ``readable`` it is hard to read.
    """

    heading: str
    cells: Sequence[Text]
    kind: Literal["folds", "whole", "sum"] = "folds"
    readable: int = _COMFORT

    @property
    def texts(self) -> list[Text]:
        """The heading and the cells."""
        return [Text(self.heading), *self.cells]

    @property
    def natural(self) -> int:
        """The width at which nothing is folded."""
        return max(natural_width(text) for text in self.texts)

    @property
    def least(self) -> int:
        """The width below which words would be broken."""
        return max(least_width(text) for text in self.texts) if self.kind == "folds" else self.natural

    @property
    def comfort(self) -> int:
        """The width at which it still reads well."""
        natural = self.natural
        return natural if natural <= self.readable else max(self.least, self.readable)


def gap(width: int) -> int:
    """How far apart columns stand."""
    return 3 if width >= _ROOMY else 2


def _between(columns: Sequence[Column], width: int) -> int:
    return gap(width) * (len(columns) - 1)


def first_fitting(choices: Iterable[Sequence[Column]], width: int) -> Sequence[Column]:
    """The first set of columns that reads well at this width, or else the last."""
    columns: Sequence[Column] = ()
    for columns in choices:
        if sum(one.comfort for one in columns) + _between(columns, width) <= width:
            break
    return columns


def is_roomy(columns: Sequence[Column], width: int) -> bool:
    """Whether nothing has to be folded."""
    return sum(one.natural for one in columns) + _between(columns, width) <= width


def column_widths(columns: Sequence[Column], width: int) -> list[int] | None:
    """A width for each column, the widest folded first; nothing where words or sums would be broken."""
    room = width - _between(columns, width)
    naturals = [min(one.natural, room) for one in columns]
    if sum(naturals) <= room:
        return naturals
    leasts = [one.least for one in columns]
    if sum(leasts) > room:
        return None
    level = max(naturals, default=0)
    while True:
        widths = [max(least, min(natural, level)) for least, natural in zip(leasts, naturals, strict=True)]
        if sum(widths) <= room:
            break
        level -= 1
    spare = room - sum(widths)
    for place, (given, natural) in enumerate(zip(widths, naturals, strict=True)):
        more = min(spare, natural - given)
        widths[place] += more
        spare -= more
    return widths


def joined(mark: Column, column: Column) -> Column:
    """A column of marks and the one beside it in one, for where columns do not fit."""
    pairs = zip(mark.cells, column.cells, strict=True)
    cells = [Text(" ").join(part for part in pair if part.plain) for pair in pairs]
    return Column(column.heading, cells, column.kind, column.readable)


def table(columns: Sequence[Column], width: int, *, has_heading: bool = True) -> RenderableType:
    """A table without a frame; where the width is too small for columns, cells one below the other."""
    widths = column_widths(columns, width)
    if widths is None:
        return Group(*_cards(columns, width))
    return table_of(columns, widths, gap(width), has_heading=has_heading)


def table_of(
    columns: Sequence[Column], widths: Sequence[int], apart: int, *, has_heading: bool = False
) -> Table:
    """A table with these widths."""
    shown = Table(
        box=box.SIMPLE_HEAD if has_heading else None,
        show_header=has_heading,
        show_edge=False,
        pad_edge=False,
        padding=(0, apart - 1 if has_heading else apart, 0, 0),
        header_style="dim",
    )
    for column, each in zip(columns, widths, strict=True):
        justify: Literal["right", "left"] = "right" if column.kind == "sum" else "left"
        shown.add_column(folded(Text(column.heading), each), justify=justify, width=each, no_wrap=True)
    for row in zip(*(column.cells for column in columns), strict=True):
        shown.add_row(
            *(
                cell if column.kind == "sum" else folded(cell, each)
                for cell, column, each in zip(row, columns, widths, strict=True)
            )
        )
    return shown


def _cards(columns: Sequence[Column], width: int) -> Iterator[Text]:
    for row in zip(*(column.cells for column in columns), strict=True):
        for column, cell in zip(columns, row, strict=True):
            if not cell.plain.strip():
                continue
            label = f"{column.heading} " if column.heading and column is not columns[0] else ""
            yield folded(Text.assemble((label, "dim"), cell), width)


def framed(lines: Iterable[Text], width: int, style: str) -> RenderableType:
    """What an answer opens with: a few lines in a frame."""
    within = Group(*(folded(line, width - _FRAME) for line in lines))
    return Panel(within, box=box.ROUNDED, border_style=style, expand=False)


def indented(body: RenderableType) -> RenderableType:
    """What belongs to the title above it."""
    return Padding(body, (0, 0, 0, INDENT))


def labelled(rows: Iterable[tuple[str, Text]], width: int) -> RenderableType:
    """Labels and what belongs to each; empty ones are left out."""
    full = [(plain(label, "dim"), text) for label, text in rows if text.plain]
    return table(
        (
            Column("", [label for label, _ in full]),
            Column("", [text for _, text in full]),
        ),
        width,
        has_heading=False,
    )


def grouped(groups: Sequence[tuple[Text, Sequence[Column]]], width: int) -> RenderableType:
    """Several tables below titles of their own, their columns below each other."""
    filled = [columns for _, columns in groups if columns[0].cells]
    whole = [
        Column(parts[0].heading, [cell for part in parts for cell in part.cells], parts[0].kind)
        for parts in zip(*filled, strict=True)
    ]
    within = width - INDENT
    widths = column_widths(whole, within)
    parts: list[RenderableType] = []
    for place, (title, columns) in enumerate(groups):
        parts += [*([Text()] if place else []), folded(title, width)]
        if columns[0].cells:
            lines = _cards(columns, within) if widths is None else [table_of(columns, widths, gap(within))]
            parts.append(indented(Group(*lines)))
    return Group(*parts)
