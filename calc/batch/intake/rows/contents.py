"""Lines of NDJSON as the contents of documents."""

import json
from collections.abc import Iterable
from typing import Any, Final

from calc.enterprise.documents import (
    DEEPEST,
    MOST_VALUES,
    DuplicateKeyError,
    check_extent,
    object_without_duplicates,
    parse_document,
)
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from calc.enterprise.sources import text_of

_DECODER: Final = json.JSONDecoder(
    parse_float=FloatText, parse_constant=FloatText, object_pairs_hook=object_without_duplicates
)
_SPACE: Final = " \t\r\n"


def contents_of_lines(lines: Iterable[bytes]) -> list[dict[str, Any] | InputError]:
    """The content of each line of NDJSON, or what is wrong with it; the errors name no source."""
    return [_content_of(line) for line in lines]


def _content_of(line: bytes) -> dict[str, Any] | InputError:
    try:
        text = line.decode().strip(_SPACE)
        content, end = _DECODER.raw_decode(text)
        content = content if end == len(text) else None
    except (ValueError, RecursionError, DuplicateKeyError):
        content = None
    try:
        if not isinstance(content, dict):
            return parse_document("", text_of("", line), is_json=True).content
        # A value takes two bytes at least, and a level one bracket.
        if len(line) > MOST_VALUES or line.count(b"{") + line.count(b"[") >= DEEPEST:
            check_extent("", content)
    except InputError as error:
        return error
    return content
