"""Folds text into columns of a terminal: nothing is lost, and Chinese lines begin and end as they should."""

from collections.abc import Iterable
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from calc.present.lines import offsets, words
from calc.present.safe import visible

_LONGEST_WORD: Final = 24
"""No identifier of an item is longer; a longer word of a file may be broken anywhere."""


def plain(text: object, style: str = "") -> Text:
    """Text that is only data: no markup, and every control or direction character written out."""
    return Text(visible(str(text)), style=style)


def stacked(*parts: Text) -> Text:
    """Texts below each other."""
    return Text("\n").join(parts)


def lines_of(texts: Iterable[str]) -> Text:
    """Texts that are only data, below each other."""
    return stacked(*map(plain, texts))


def natural_width(text: Text) -> int:
    """The columns a text takes where nothing is folded."""
    return max(cell_len(line) for line in text.plain.split("\n"))


def least_width(text: Text) -> int:
    """The columns a text needs so that no word of it is broken."""
    widest = 0
    for line in text.plain.split("\n"):
        for start, end in words(line):
            widest = max(widest, cell_len(line[start:end].rstrip()))
    return min(widest, _LONGEST_WORD)


def folded(text: Text, width: int) -> Text:
    """The text in lines of at most ``width`` columns, its styles kept."""
    if all(cell_len(line) <= width and line == line.rstrip() for line in text.plain.split("\n")):
        return text
    lines: list[Text] = []
    for line in text.split("\n", allow_blank=True):
        for piece in line.divide(offsets(line.plain, width)):
            piece.rstrip()
            lines.append(piece)
    return Text("\n").join(lines)
