"""Text from a file is data: here it is made harmless for a terminal, a spreadsheet and Markdown."""

import os
import re
import shlex
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from calc.enterprise.cells import as_cell

_UNSAFE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
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
    """A word as a command to copy holds it: quoted only where a shell would misread it."""
    if re.fullmatch(r"[\w./+:@%=,-]+", text):
        return text
    if os.name == "nt":
        return f'"{visible(text)}"'  # what both of its shells understand; no name there holds a quote
    if visible(text) == text:
        return shlex.quote(text)
    return "$'" + "".join(map(_in_ansi_quotes, text)) + "'"


def _in_ansi_quotes(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    return character if visible(character) == character else f"\\U{ord(character):08x}"


def shell_file(name: str) -> str:
    """A file's name as a command to copy holds it: one that begins with a dash is no option."""
    return shell_word(f"./{name}" if name.startswith("-") and name != "-" else name)


def command_line(name: str, files: Sequence[str], rules: Sequence[str] = (), *words: str) -> str:
    """A command to copy: its name, its files, other words, and the rules that it is to read."""
    options = [word for source in rules for word in ("--rules", shell_file(source))]
    return " ".join(["subsidy", name, *map(shell_file, files), *map(shell_word, words), *options])


def cell(value: object) -> object:
    """A spreadsheet cell: a text that would run as a formula gets an apostrophe before it."""
    return as_cell(value) if isinstance(value, str) else value


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
