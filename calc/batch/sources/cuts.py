"""Where records of CSV end, and how many of them hold anything: byte by byte.

No encoding that is read here has a mark of CSV within a character.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from calc.batch.portfolio import Ints
from calc.batch.sources.records import is_blank

_QUOTE: Final = ord('"')
_LINE: Final = ord("\n")
_SAYS_NOTHING: Final = ' \r\n"'


def first_record(text: bytes, delimiter: str) -> tuple[int, list[str]]:
    """Where the first record that is not empty ends, and its cells, byte by byte."""
    return next(((end, cells) for end, cells in _records(text, delimiter) if any(cells)), (len(text), []))


def end_of_records(text: bytes, delimiter: str) -> int:
    """Where the last record ends that is whole for certain."""
    if b'"' not in text:
        return max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
    ends = _ends(text, delimiter)
    if ends is not None:
        return int(ends.max(initial=0))
    last = before = 0
    for end, _ in _records(text, delimiter):
        before, last = last, end
    return before


def count_of_records(text: bytes, delimiter: str) -> int:
    """How many whole records hold anything."""
    if b'"' not in text:
        blank = f" \r{delimiter}".encode()
        return sum(1 for line in text.splitlines() if line.strip(blank))
    ends = _ends(text, delimiter)
    if ends is not None:
        are_blank = _are_blank(text, delimiter, ends)
        if are_blank is not None:
            return int(np.count_nonzero(~are_blank))
    return sum(1 for _, cells in _records(text, delimiter) if not is_blank(cells))


def _records(text: bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record, byte by byte, and where it ends."""
    end = 0

    def lines() -> Iterator[str]:
        nonlocal end
        for line in io.StringIO(text.decode("latin-1"), newline=""):
            end += len(line)
            yield line

    for cells in csv.reader(lines(), delimiter=delimiter):
        yield end, cells


def _ends(text: bytes, delimiter: str) -> Ints | None:
    """Where records end, by the quotes before each end of a line; ``None`` where only a reader can tell.

    The quotes tell if each that opens stands at the beginning of a cell, each that closes at its end, and
    those within a cell are doubled.
    """
    if text.count(b"\r") != text.count(b"\r\n"):
        return None
    data = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(data == _QUOTE)
    beside = _table(f'{delimiter}\r\n"')
    opening, closing = quotes[::2], quotes[1::2]
    before = data[opening[opening > 0] - 1]
    after = data[closing[closing < len(data) - 1] + 1]
    if not (beside[before].all() and beside[after].all()):
        return None
    ends = np.flatnonzero(data == _LINE)
    whole: Ints = ends[np.searchsorted(quotes, ends) % 2 == 0] + 1
    return whole


def _are_blank(text: bytes, delimiter: str, ends: Ints) -> Any:
    """Which records hold nothing; ``None`` where a quoted cell may hold what looks like nothing."""
    data = np.frombuffer(text, np.uint8)
    starts = np.concatenate(([0], ends[ends < len(data)]))
    says = ~_table(f"{delimiter}{_SAYS_NOTHING}")[data]
    are_blank = ~np.logical_or.reduceat(says, starts)
    if are_blank.any():
        quoted = np.logical_or.reduceat(data == _QUOTE, starts)
        if (quoted & are_blank).any():
            return None
    return are_blank


def _table(marks: str) -> Any:
    """Whether a byte is one of some marks."""
    table = np.zeros(256, np.bool_)
    table[list(marks.encode())] = True
    return table
