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
LARGEST_BYTES: Final = 2 * 1024 * 1024
"""A file of one enterprise holds some hundred kilobytes at most; what is larger is something else."""

DEEPEST: Final = 64
"""So many levels may lie within each other; files and rules need a tenth of it."""

MOST_VALUES: Final = 100_000
"""So many values may a file hold: some ten thousand entries."""

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
_KEY_PART: Final = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED: Final = re.compile(rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*")
_KEY_PARTS: Final = re.compile(_KEY_PART)
_REPEATED: Final = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate")
_BETWEEN_TOKENS: Final = frozenset(" \t\r=,[]{}#\"'")
_OFFICE_MARKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


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
        _fail(source, "too_big", megabytes=LARGEST_BYTES >> 20)
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
            return stream.read(LARGEST_BYTES + 1) or b""
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
        _fail(source, "too_big", megabytes=LARGEST_BYTES >> 20)


def _decode(source: str, data: bytes) -> str:
    if data.startswith(_OFFICE_MARKS):
        _fail(source, "not_text_file")
    guess = _guess_utf_16(data)
    if guess is not None:
        _fail(source, "encoding", guess=guess)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _fail(source, "encoding", guess=_guess_encoding(data), line=data[: error.start].count(b"\n") + 1)
    if "\0" in text:
        _fail(source, "not_text_file")
    if not text.strip():
        _fail(source, "empty")
    return text


def _guess_utf_16(data: bytes) -> str | None:
    """UTF-16 shows by its mark, or by a zero beside every character of ASCII."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    zeros = (data[::2].count(0), data[1::2].count(0))
    few, many = sorted(zeros)
    return "UTF-16" if many > len(data) // 8 and few * 8 < many else None


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
        content = _parse_json(text) if is_json else _parse_toml(text)
    except RecursionError:
        _fail(source, "too_deep", limit=DEEPEST)
    except json.JSONDecodeError as error:
        place = _place_of_token(text, error.lineno, error.colno)
        _fail(source, "syntax", notation="JSON", message=error.msg, place=place)
    except _DuplicateKeyError as error:
        _fail(source, "duplicate_key", key=error.key, place=_place_of_repeated(source, text, error.key))
    except tomllib.TOMLDecodeError as error:
        _fail_toml(source, text, str(error))
    except ValueError:
        # Python refuses integers of more than 4,300 digits.
        digits = _LONG_DIGITS.search(text)
        _fail(source, "long_number" if digits else "bad_literal", place=digits and _place_at(text, digits))
    if not isinstance(content, dict):
        _fail(source, "not_an_object")
    _check_extent(source, content)
    return Document(source, text, is_json, content)


def _parse_toml(text: str) -> dict[str, Any]:
    # The parser takes time that grows with the square of a dotted key's parts.
    if text.count(".") > DEEPEST:
        for key in _DOTTED.finditer(text):
            if key[0].count(".") > DEEPEST and len(_KEY_PARTS.findall(key[0])) > DEEPEST:
                raise RecursionError
    return tomllib.loads(text, parse_float=FloatText)


def _check_extent(source: str, content: dict[str, Any]) -> None:
    """Refuse what is nested too deeply or holds too many values for any later step."""
    level: list[Any] = [content]
    values = 0
    for _ in range(DEEPEST):
        values += sum(map(len, level))
        if values > MOST_VALUES:
            _fail(source, "too_many_values", limit=MOST_VALUES)
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    _fail(source, "too_deep", limit=DEEPEST)


def _fail_toml(source: str, text: str, said: str) -> NoReturn:
    match = _TOML_PLACE.match(said)
    message = match["what"] if match else said
    written = text.rstrip()
    last_line = written.count("\n") + 1
    is_placed = match is not None and match["line"] is not None
    if message.startswith(_REPEATED):
        place = _place_of_key(text, int(match["line"]) if match is not None and is_placed else last_line)
    elif match is None or not is_placed:
        place = _place(text, last_line, len(written) - written.rfind("\n"))
    else:
        place = _place_of_token(text, int(match["line"]), int(match["column"]))
    _fail(source, "syntax", notation="TOML", message=message[:200], place=place)


def _place_of_repeated(source: str, text: str, key: str) -> Place | None:
    from calc.enterprise.positions import place_of_repeated

    return place_of_repeated(Document(source, text, is_json=True, content={}), key)


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


def _line_of(text: str, line: int) -> str | None:
    lines = text.split("\n")
    return lines[line - 1].rstrip("\r") if 1 <= line <= len(lines) else None


def _place(text: str, line: int, column: int, width: int = 1) -> Place | None:
    written = _line_of(text, line)
    return None if written is None else Place(line, column, written, width)


def _place_of_token(text: str, line: int, column: int) -> Place | None:
    """The place of the whole word, number or mark in which a parser stopped."""
    written = _line_of(text, line)
    if written is None:
        return None
    start = end = column - 1
    while start > 0 and start <= len(written) and written[start - 1] not in _BETWEEN_TOKENS:
        start -= 1
    while end < len(written) and written[end] not in _BETWEEN_TOKENS:
        end += 1
    return Place(line, start + 1, written, max(1, end - start))


def _place_of_key(text: str, line: int) -> Place | None:
    """The place of what a line gives a value to, or of its heading."""
    written = _line_of(text, line)
    if written is None:
        return None
    key = written.partition("=")[0].rstrip()
    start = len(key) - len(key.lstrip())
    return Place(line, start + 1, written, max(1, len(key) - start))


def _place_at(text: str, match: re.Match[str]) -> Place | None:
    line = text.count("\n", 0, match.start()) + 1
    column = match.start() - text.rfind("\n", 0, match.start())
    return _place(text, line, column, match.end() - match.start())
