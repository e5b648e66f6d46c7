"""Reads a TOML or JSON document, from a path or from standard input, and refuses what is neither."""

import json
import re
import tomllib
from typing import Any, Final, NamedTuple, NoReturn

from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import Place, refuse
from calc.enterprise.sources import read_text_of

DEEPEST: Final = 64
"""So many levels may lie within each other; files and rules need a tenth of it."""

MOST_VALUES: Final = 10**5
"""So many values may a file hold: some ten thousand entries."""

# Only what went wrong is looked at with these: they are compiled then, not at every start.
_TOML_PLACE: Final = (
    r"(?s)(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$"
)
_LONG_DIGITS: Final = r"[0-9_]{4000,}"
_KEY_PART: Final = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED: Final = rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*"
_REPEATED: Final = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Duplicate")
_BETWEEN_TOKENS: Final = frozenset(" \t\r=,[]{}#\"'")


class Document(NamedTuple):
    """One parsed document: its source's name, its text, its notation, its content."""

    source: str
    text: str
    is_json: bool
    content: dict[str, Any]


def read_document(source: str) -> Document:
    """Read and parse one document; ``-`` is standard input.

    Raises ``InputError`` where it cannot be opened, is no text in UTF-8, or is neither TOML nor JSON.
    """
    return parse_any(source, read_text_of(source))


def parse_any(source: str, text: str) -> Document:
    """Parse a document's text, TOML or JSON as the source's name or else the text says.

    Raises ``InputError`` where the text is not well formed.
    """
    return parse_document(source, text, is_json=_looks_like_json(source, text))


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
        refuse(source, "too_deep", limit=DEEPEST)
    except json.JSONDecodeError as error:
        place = _place_of_token(text, error.lineno, error.colno)
        refuse(source, "syntax", notation="JSON", message=error.msg, place=place)
    except DuplicateKeyError as error:
        refuse(source, "duplicate_key", key=error.key, place=_place_of_repeated(source, text, error.key))
    except tomllib.TOMLDecodeError as error:
        _refuse_toml(source, text, str(error))
    except ValueError:
        # Python refuses integers of more than 4,300 digits.
        digits = re.search(_LONG_DIGITS, text)
        refuse(source, "long_number" if digits else "bad_literal", place=digits and _place_at(text, digits))
    if not isinstance(content, dict):
        refuse(source, "not_an_object")
    check_extent(source, content)
    return Document(source, text, is_json, content)


def _parse_toml(text: str) -> dict[str, Any]:
    # The parser takes time that grows with the square of a dotted key's parts; a key stands on one line.
    for line in text.split("\n"):
        if line.count(".") > DEEPEST and _holds_deep_key(line):
            raise RecursionError
    return tomllib.loads(text, parse_float=FloatText)


def _holds_deep_key(line: str) -> bool:
    return any(len(re.findall(_KEY_PART, key[0])) > DEEPEST for key in re.finditer(_DOTTED, line))


def check_extent(source: str, content: dict[str, Any]) -> None:
    """Refuse what is nested too deeply or holds too many values for any later step."""
    level: list[Any] = [content]
    values = 0
    for _ in range(DEEPEST):
        values += sum(map(len, level))
        if values > MOST_VALUES:
            refuse(source, "too_many_values", limit=MOST_VALUES)
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    refuse(source, "too_deep", limit=DEEPEST)


def _refuse_toml(source: str, text: str, said: str) -> NoReturn:
    match = re.match(_TOML_PLACE, said)
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
    refuse(source, "syntax", notation="TOML", message=message[:200], place=place)


def _place_of_repeated(source: str, text: str, key: str) -> Place | None:
    from calc.enterprise.positions import place_of_repeated

    return place_of_repeated(Document(source, text, is_json=True, content={}), key)


class DuplicateKeyError(Exception):
    """A key that stands twice in one object."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _parse_json(text: str) -> Any:
    return json.loads(
        text, parse_float=FloatText, parse_constant=FloatText, object_pairs_hook=object_without_duplicates
    )


def object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON.  Raises ``DuplicateKeyError``."""
    content = dict(pairs)
    if len(content) < len(pairs):
        seen: set[str] = set()
        raise DuplicateKeyError(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
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
