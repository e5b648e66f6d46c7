"""Cells of Excel workbooks that their reader takes for empty ones: errors, and formulas without a result."""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import IO, Final, TypeAlias
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from calc.enterprise.cells import Unread
from calc.enterprise.problems import refuse

UnreadCells: TypeAlias = Mapping[int, Mapping[int, Unread]]
"""Such cells of a sheet by their rows and columns, both from 0."""

_BOOK: Final = "xl/workbook.xml"
_PARTS_OF_BOOK: Final = "xl/_rels/workbook.xml.rels"
_WORTH_A_LOOK: Final = re.compile(
    rb"""t=["']e["']|(?:</(?:\w+:)?f|<(?:\w+:)?f\s[^<>]*/)>\s*(?:<(?:\w+:)?v(?:>\s*<|\s*/)|</)"""
)
"""An error, or a formula and no value after it."""

_OPEN_DOCUMENT: Final = "content.xml"
_ERROR_OF_OPEN_DOCUMENT: Final = re.compile(rb"""calcext:value-type=["']error["']""")

_DAMAGED: Final = (
    EOFError,
    ElementTree.ParseError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    zlib.error,
)
_BLOCK: Final = 1 << 20
_OVERLAP: Final = 512
_PLACE: Final = re.compile("([A-Z]{1,3})[0-9]+")
_NO_TEXT: Final = "…"
"""What stands for a formula that is written down at another cell."""


def unread_cells(path: str) -> Mapping[str, UnreadCells]:
    """The cells without a result of each sheet of an ``.xlsx`` or ``.xlsm`` file, by the names of sheets.

    Of a file of another kind nothing is known, but that in an ``.ods`` file there are some.
    Raises ``InputError`` then, and where an Excel workbook is damaged.
    """
    try:
        with ZipFile(path) as book:
            held = {*book.namelist()}
            if {_BOOK, _PARTS_OF_BOOK} <= held:
                return {name: _unread_in(book, part) for name, part in _sheets(book)}
            if _OPEN_DOCUMENT in held and _says(book, _OPEN_DOCUMENT, _ERROR_OF_OPEN_DOCUMENT):
                refuse(path, "error_cells")
            return {}
    except BadZipFile:
        return {}
    except _DAMAGED as error:
        refuse(path, "unreadable", notation="Excel", message=str(error)[:200])


def _sheets(book: ZipFile) -> Iterator[tuple[str, str]]:
    """The sheets of a workbook, each after its name."""
    parts = {
        one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(book.read(_PARTS_OF_BOOK))
    }
    for one in ElementTree.fromstring(book.read(_BOOK)).iterfind(".//{*}sheets/{*}sheet"):
        at = next(value for key, value in one.items() if key.endswith("}id"))
        target = parts.get(at, "")
        yield one.get("name", ""), str(PurePosixPath("xl") / target) if target[:1] != "/" else target[1:]


def _unread_in(book: ZipFile, part: str) -> UnreadCells:
    if part not in book.namelist():
        return {}
    if not _says(book, part, _WORTH_A_LOOK):
        return {}
    found: defaultdict[int, dict[int, Unread]] = defaultdict(dict)
    with book.open(part) as text:
        for row, column, cell in _some_of(text):
            found[row][column] = cell
    return found


def _says(book: ZipFile, part: str, sought: re.Pattern[bytes]) -> bool:
    """Whether the text of a part holds something: to look for it takes much less than to read the text."""
    held = b""
    with book.open(part) as text:
        while block := text.read(_BLOCK):
            held = held[-_OVERLAP:] + block
            if sought.search(held):
                return True
    return False


def _some_of(text: IO[bytes]) -> Iterator[tuple[int, int, Unread]]:
    number = 0
    for _, row in ElementTree.iterparse(text):
        if not row.tag.endswith("}row"):
            continue
        number = int(row.get("r", number + 1))
        column = -1
        for cell in row:
            column = _column_of(cell.get("r", ""), column + 1)
            unread = _unread(cell, row.tag.removesuffix("row"))
            if unread is not None:
                yield number - 1, column, unread
        row.clear()


def _column_of(place: str, following: int) -> int:
    match = _PLACE.fullmatch(place)
    if match is None:
        return following
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _unread(cell: ElementTree.Element, space: str) -> Unread | None:
    kind = cell.get("t")
    if kind == "e":
        return Unread(cell.findtext(f"{space}v") or _NO_TEXT)
    formula = cell.find(f"{space}f")
    if formula is None or kind == "str" or cell.findtext(f"{space}v"):
        return None
    return Unread(f"={formula.text or _NO_TEXT}")
