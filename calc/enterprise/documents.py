"""Reads a TOML or JSON document, from a path or from standard input, and refuses what is neither."""

import errno
import json
import os
import re
import stat
import sys
import tomllib
from typing import Any, Final, NamedTuple, NoReturn

from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError, Place, Problem

STDIN: Final = "-"
LARGEST_BYTES: Final = 64 * 1024 * 1024

_OPEN_ERRORS: Final = {
    errno.ENOENT: "not_found",
    errno.ENOTDIR: "not_found",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EISDIR: "directory",
}
_TOML_PLACE: Final = re.compile(
    r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.S
)
_LONG_DIGITS: Final = re.compile(r"[0-9_]{4000,}")
_LONGEST_LINE: Final = 10**4


class Document(NamedTuple):
    """One parsed document: its source's name, its text, its notation, its content."""

    source: str
    text: str
    is_json: bool
    content: dict[str, Any]


def _fail(source: str, code: str, **details: Any) -> NoReturn:
    place = details.pop("place", None)
    raise InputError((Problem(source, code, details=details, place=place),))


def read_document(source: str) -> Document:
    """Read and parse one document; ``-`` is standard input.

    Raises ``InputError`` where it cannot be opened, is no text in UTF-8, or is neither TOML nor JSON.
    """
    text = _decode(source, _read_bytes(source))
    return parse_document(source, text, is_json=_looks_like_json(source, text))


def _read_bytes(source: str) -> bytes:
    data = _read_stdin() if source == STDIN else _read_file(source)
    if len(data) > LARGEST_BYTES:
        _fail(source, "too_big", limit=LARGEST_BYTES)
    return data


def _read_stdin() -> bytes:
    if sys.stdin is None:
        _fail(STDIN, "cannot_open")
    try:
        return sys.stdin.buffer.read(LARGEST_BYTES + 1)
    except OSError as error:
        _fail(STDIN, "cannot_open", reason=error.strerror)


def _read_file(source: str) -> bytes:
    try:
        # A FIFO without a writer must not hang the program: open it without blocking, then look at it.
        descriptor = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError:
        _fail(source, "not_found")
    except OSError as error:
        _fail(source, _OPEN_ERRORS.get(error.errno or 0, "cannot_open"), reason=error.strerror)
    try:
        _check_kind(source, os.fstat(descriptor))
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        _fail(source, "cannot_open", reason=error.strerror)
    finally:
        os.close(descriptor)


def _check_kind(source: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        _fail(source, "directory")
    if not stat.S_ISREG(status.st_mode):
        _fail(source, "not_a_file")
    if status.st_size > LARGEST_BYTES:
        _fail(source, "too_big", limit=LARGEST_BYTES)


def _decode(source: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        _fail(source, "encoding", guess="UTF-16")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _fail(source, "encoding", guess=_guess_encoding(data), line=data[: error.start].count(b"\n") + 1)
    if "\0" in text:
        _fail(source, "encoding", guess="UTF-16" if text.count("\0") > len(text) // 4 else None)
    if not text.strip():
        _fail(source, "empty")
    return text


def _guess_encoding(data: bytes) -> str | None:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "GBK"


def _looks_like_json(source: str, text: str) -> bool:
    return source.lower().endswith(".json") or (
        not source.lower().endswith(".toml") and text.lstrip().startswith("{")
    )


def parse_document(source: str, text: str, *, is_json: bool) -> Document:
    """Parse a document's text; decimals stay as their own text, so nothing is lost.

    Raises ``InputError`` where the text is not well formed.
    """
    try:
        content = _parse_json(text) if is_json else tomllib.loads(text, parse_float=FloatText)
    except RecursionError:
        _fail(source, "too_deep")
    except json.JSONDecodeError as error:
        place = _place(text, error.lineno, error.colno)
        _fail(source, "syntax", notation="JSON", message=error.msg, place=place)
    except _DuplicateKeyError as error:
        _fail(source, "duplicate_key", key=error.key, place=_place_of_repeated(source, text))
    except tomllib.TOMLDecodeError as error:
        match = _TOML_PLACE.match(str(error))
        message = match["what"] if match else str(error)
        place = _place(text, int(match["line"]), int(match["column"])) if match and match["line"] else None
        _fail(source, "syntax", notation="TOML", message=message[:200], place=place)
    except ValueError:
        # Python refuses integers of more than 4,300 digits, and TOML dates that do not exist.
        _fail(source, *_odd_literal(text))
    if not isinstance(content, dict):
        _fail(source, "no_enterprise")
    return Document(source, text, is_json, content)


def _place_of_repeated(source: str, text: str) -> Place | None:
    from calc.enterprise.positions import Positions

    return Positions(Document(source, text, is_json=True, content={})).find_repeated()


def _odd_literal(text: str) -> tuple[str]:
    return ("long_number",) if _LONG_DIGITS.search(text) else ("bad_literal",)


class _DuplicateKeyError(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _parse_json(text: str) -> Any:
    return json.loads(
        text, parse_float=FloatText, parse_constant=FloatText, object_pairs_hook=_object_without_duplicates
    )


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        seen: set[str] = set()
        raise _DuplicateKeyError(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return content


def _place(text: str, line: int, column: int) -> Place | None:
    lines = text.split("\n")
    if not 1 <= line <= len(lines) or len(lines[line - 1]) > _LONGEST_LINE:
        return None
    return Place(line, column, lines[line - 1].rstrip("\r"), 1)
