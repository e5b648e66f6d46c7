"""Where lines may break: Chinese lines begin and end as they should, and nothing is lost."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from rich.cells import cell_len

_NEVER_FIRST: Final = frozenset("、，。；：？！）」』】》〉”’％…·,.;:?!)]}%°")
"""Marks that end something: no line begins with one."""
_NEVER_LAST: Final = frozenset("（「『【《〈“‘([{")
"""Marks that open something: no line ends with one."""
_UNITS: Final = frozenset("万亿元%")
"""Units that stay with their number."""
_ROOM: Final = 12
"""From this width on, a line may be a little shorter for the sake of the last one."""


def wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of a text, each of at most ``width`` columns."""
    for line in text.split("\n"):
        yield from (
            line[start:end].rstrip() for start, end in pairwise([0, *offsets(line, width), len(line)])
        )


def offsets(line: str, width: int) -> list[int]:
    """Where new lines begin; no single character is left to the last one, where that can be helped."""
    if cell_len(line) <= width:
        return []
    offsets = list(_breaks(line, width))
    if offsets and width >= _ROOM and offsets[-1] == len(line) - 1:
        narrower = list(_breaks(line, width - 2))
        return narrower if len(narrower) == len(offsets) else offsets
    return offsets


def _may_break(before: str, after: str, width_before: int, width_after: int) -> bool:
    if after == " " or after in _NEVER_FIRST or before in _NEVER_LAST or not width_after:
        return False
    if after in _UNITS and (before.isdigit() or before in _UNITS):
        return False
    return before == " " or width_before > 1 or width_after > 1


def words(line: str) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends that should stay in one line."""
    start = 0
    widths = [cell_len(character) for character in line]
    for place in range(1, len(line)):
        if _may_break(line[place - 1], line[place], widths[place - 1], widths[place]):
            yield start, place
            start = place
    if line:
        yield start, len(line)


def _breaks(line: str, width: int) -> Iterator[int]:
    """Where new lines begin: before a word that does not fit, or within one that fits in no line."""
    begin = 0
    for start, end in words(line):
        if start > begin and cell_len(line[begin:end].rstrip()) > width:
            yield start
            begin = start
        if cell_len(line[begin:end].rstrip()) > width:
            for place, after in pairwise([*_characters(line, begin, end), end]):
                if place > begin and cell_len(line[begin:after]) > width:
                    yield place
                    begin = place


def _characters(line: str, begin: int, end: int) -> Iterator[int]:
    """Where each character begins, with the marks that stand on it."""
    return (place for place in range(begin, end) if place == begin or cell_len(line[place]))
