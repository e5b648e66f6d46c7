"""Text from a file is data: here it is made harmless for a terminal, a spreadsheet and Markdown."""

import re
import shlex
import unicodedata
from collections.abc import Iterable
from typing import Final

_UNSAFE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_MARKDOWN: Final = {ord(mark): f"\\{mark}" for mark in "\\`*_{}[]()#|~!"} | {
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord("&"): "&amp;",
    ord("\n"): " ",
}


def visible(text: str, limit: int | None = None) -> str:
    """Text with every control, direction or broken character written out, cut to ``limit`` characters."""
    shown = "".join(
        f"\\u{{{ord(character):x}}}" if unicodedata.category(character) in _UNSAFE_CATEGORIES else character
        for character in (text if limit is None else text[: limit + 1])
    )
    return shown if limit is None or len(shown) <= limit else f"{shown[:limit]}…"


def shell_word(text: str) -> str:
    """A word of a command to copy: quoted only where a shell would misread it, as Chinese it does not."""
    shown = visible(text)
    return shown if re.fullmatch(r"[\w./+:@%=,-]+", shown) else shlex.quote(shown)


def command_line(*words: str) -> str:
    """A command of the program, to copy."""
    return " ".join(("subsidy", *map(shell_word, words)))


def cell(value: object) -> object:
    """A spreadsheet cell: a text that would run as a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def csv_of(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV; no cell can run as a formula."""
    import csv
    import io

    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(map(cell, row) for row in rows)
    return stream.getvalue()


def markdown_row(cells: Iterable[str]) -> str:
    """A row of a table of Markdown."""
    return f"| {' | '.join(map(markdown, cells))} |"


def markdown(text: str) -> str:
    """Text that means nothing to Markdown or HTML."""
    return visible(text).translate(_MARKDOWN)
