"""Writes a changed file: the original's own text with the changed values in it, remarks and order kept."""

import contextlib
import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from calc.enterprise.changes import Setting, read_leaf
from calc.enterprise.documents import Document, parse_document
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError

_LONE_LINE_FEED: Final = re.compile(r"(?<!\r)\n")
_INDENT: Final = "  "


class Saved(NamedTuple):
    """The text of a changed file, and whether remarks of the original are lost in it."""

    text: str
    loses_remarks: bool = False


def saved_text(original: Document, changed: Document, settings: Sequence[Setting], *, is_json: bool) -> Saved:
    """The text of the changed file, as TOML or as JSON.

    TOML that stays TOML keeps every line but those that change; otherwise the content is written anew, with
    all numbers as they were written.
    """
    loses_remarks = not original.is_json and "#" in original.text
    if is_json:
        return Saved(_json(changed.content, "\n") + "\n", loses_remarks)
    if not original.is_json:
        text = _edited(original.text, settings)
        # A layout that the editor does not master is written anew rather than wrongly.
        with contextlib.suppress(InputError):
            if parse_document(original.source, text, is_json=False).content == changed.content:
                return Saved(text)
    import tomli_w

    return Saved(tomli_w.dumps(for_toml(changed.content)), loses_remarks)


def _edited(text: str, settings: Sequence[Setting]) -> str:
    import tomlkit

    file = tomlkit.parse(text)
    for setting in settings:
        *outer, key = setting.named.keys
        table: Any = file
        for part in outer:
            if isinstance(part, str) and part not in table:
                _add(table, part, _new_table())
            table = table[part]
        if key in table:
            table[key] = _item(setting)
        else:
            _add(table, str(key), _item(setting))
    edited = tomlkit.dumps(file)
    if not text.endswith("\n\n"):
        edited = edited.rstrip("\n") + text[len(text.rstrip("\n")) :]
    is_crlf = "\r\n" in text and _LONE_LINE_FEED.search(text) is None
    return _LONE_LINE_FEED.sub("\r\n", edited) if is_crlf else edited


def _new_table() -> Any:
    import tomlkit

    return tomlkit.table()


def _add(table: Any, key: str, item: Any) -> None:
    """Add a key below the last one of a table, above the remarks and empty lines that end it."""
    body = getattr(getattr(table, "value", table), "body", None)
    after = []
    while isinstance(body, list) and body and body[-1][0] is None:
        after.append(body.pop())
    table[key] = item
    if isinstance(body, list):
        body.extend(reversed(after))


def _item(setting: Setting) -> Any:
    """The value as it was typed, or else as the file would write it."""
    import tomlkit

    parsed = read_leaf(setting.typed)
    if parsed == setting.after and parsed != setting.typed:
        return tomlkit.parse(f"value = {setting.typed}\n").item("value")
    if isinstance(setting.after, FloatText):
        return tomlkit.value(str(setting.after))
    return tomlkit.item(setting.after)


def _json(node: Any, line: str) -> str:
    """JSON as people indent it; decimals stand as they were written."""
    match node:
        case dict():
            parts = [f"{_json(key, line)}: {_json(one, line + _INDENT)}" for key, one in node.items()]
            return _within("{}", parts, line)
        case list() if any(isinstance(one, dict) for one in node):
            return _within("[]", [_json(one, line + _INDENT) for one in node], line)
        case list():
            return f"[{', '.join(_json(one, line) for one in node)}]"
        case FloatText():
            return node.replace("_", "").removeprefix("+")
        case date():
            return json.dumps(node.isoformat())
        case _:
            return json.dumps(node, ensure_ascii=False)


def _within(brackets: str, parts: Sequence[str], line: str) -> str:
    if not parts:
        return brackets
    inner = ",".join(f"{line}{_INDENT}{part}" for part in parts)
    return f"{brackets[0]}{inner}{line}{brackets[1]}"


def for_toml(node: Any) -> Any:
    """A parsed document's content as a TOML writer takes it: decimals as exact numbers again."""
    match node:
        case dict():
            return {key: for_toml(one) for key, one in node.items()}
        case list():
            return [for_toml(one) for one in node]
        case FloatText():
            return Decimal(node.replace("_", ""))
        case _:
            return node
