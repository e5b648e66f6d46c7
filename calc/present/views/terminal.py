"""Prints what a person reads: styled on a terminal, plain text in a pipe, no wider than either."""

import io
import os
import sys
from collections.abc import Callable
from typing import Final

from rich.console import Console, RenderableType

_PIPE_WIDTH: Final = 100
_LEAST_WIDTH: Final = 20
_MOST_WIDTH: Final = 1000
_HEIGHT: Final = 25
"""Nothing is laid out by height, but without one Rich takes a dumb terminal for 80 columns."""


def _width() -> int:
    """``COLUMNS`` where it is a number above 0, or else the terminal's width, or 100."""
    wished = os.environ.get("COLUMNS", "")
    if wished.isdecimal() and int(wished[:9]) > 0:
        return max(_LEAST_WIDTH, min(_MOST_WIDTH, int(wished[:9])))
    if not sys.stdout.isatty():
        return _PIPE_WIDTH
    try:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        columns = 0
    return max(_LEAST_WIDTH, min(_MOST_WIDTH, columns or _PIPE_WIDTH))


def show(view: Callable[[int], RenderableType]) -> None:
    """Print a view of this width to standard output."""
    width = _width()
    # Rich ends the program where nobody reads, and draws by the encoding: it writes into memory instead.
    shown = io.StringIO()
    console = Console(
        file=shown,
        force_terminal=True if sys.stdout.isatty() else None,
        highlight=False,
        width=width,
        height=_HEIGHT,
        legacy_windows=False,
    )
    console.print(view(width))
    text = shown.getvalue()
    if not console.is_terminal:
        text = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    _write(text)


def _write(text: str) -> None:
    """Write in the terminal's own encoding; one that knows no Chinese gets UTF-8."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        "元".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        encoding = "utf-8"
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode(encoding, "replace"))
    sys.stdout.buffer.flush()
