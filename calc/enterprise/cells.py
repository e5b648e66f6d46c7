"""Text in the cells of a spreadsheet: none can run as a formula, and each comes back as it was."""

from typing import Final

STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'")
"""What a spreadsheet takes for the beginning of a formula, and the mark that keeps it from doing so."""

STDIN_CELL: Final = "-"
"""How standard input is named: alone, the sign begins no formula."""

ERRORS: Final = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!")
"""What a spreadsheet shows where a formula has no result."""


class Unread(str):
    """What stands in a cell instead of a result: an error, or a formula that nothing has worked out.

    It is no text, though it can be shown as one.
    """

    __slots__ = ()


def as_cell(text: str) -> str:
    """A text as a cell: an apostrophe stands before what would run, and before an apostrophe."""
    return f"'{text}" if text.startswith(STARTS) and text != STDIN_CELL else text


def from_cell(text: str) -> str:
    """The text that a cell of ``as_cell`` stands for."""
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS) else text
