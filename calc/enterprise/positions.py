"""Finds where the keys of a document stand, so that errors can point at them.

The syntax trees come from tree-sitter; it is loaded only once something is wrong.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from calc.enterprise.documents import Document
from calc.enterprise.problems import MOST_SHOWN, KeyPath, Place, Problem

if TYPE_CHECKING:
    from tree_sitter import Node

_Found: TypeAlias = "tuple[KeyPath, Node, Node]"

_AT_KEY: Final = frozenset({"unknown_key", "year_key"})
"""What is wrong with a key rather than with its value."""


def located(document: Document, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems with their places, in the order of the file; those that will not be shown only count."""
    problems = tuple(problems)
    shown, others = problems[:MOST_SHOWN], problems[MOST_SHOWN:]
    if not shown:
        return ()
    found = places(document, [(one.path, one.code in _AT_KEY or "is_key" in one.details) for one in shown])
    placed = [one._replace(place=place) for one, place in zip(shown, found, strict=True)]
    return (*in_order(placed), *others)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems of one file in the order of its lines."""
    return tuple(sorted(problems, key=lambda one: one.place.line if one.place else 0))


def places(document: Document, wanted: Sequence[tuple[KeyPath, bool]]) -> list[Place | None]:
    """The places of values or, where the flag says so, of keys; of the table around what is missing.

    The walk ends as soon as all are found: a file with a million keys costs no more than its first mistakes.
    """
    targets = [_longest_held(document.content, path) for path, _ in wanted]
    sought = {target for target in targets if target}
    found: dict[KeyPath, tuple[Node, Node]] = {}
    source = _Source(document)
    for path, key, value in source.walk() if sought else ():
        if path in sought:
            found[path] = (key, value)
            sought.discard(path)
            if not sought:
                break
    placed: list[Place | None] = []
    for target, (path, at_key) in zip(targets, wanted, strict=True):
        pair = found.get(target)
        is_key = at_key or len(target) < len(path)
        placed.append(None if pair is None else source.place(pair[0] if is_key else pair[1]))
    return placed


def place_of_repeated(document: Document, name: str) -> Place | None:
    """The place where this key of a JSON object stands a second time."""
    source = _Source(document)
    seen: set[KeyPath] = set()
    for path, key, _ in source.walk():
        if path in seen and path[-1] == name:
            return source.place(key)
        seen.add(path)
    return None


def _longest_held(content: Any, path: KeyPath) -> KeyPath:
    for length, part in enumerate(path):
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return path[:length]
    return path


class _Source:
    """The text of a document as its syntax tree sees it."""

    def __init__(self, document: Document) -> None:
        self._is_json = document.is_json
        self._text = document.text.encode("utf-8", "surrogatepass")
        self._lines: dict[int, str] = {}

    def walk(self) -> "Iterator[_Found]":
        """Every key with its value; the paths are those of the parsed content."""
        from tree_sitter import Language, Parser

        if self._is_json:
            import tree_sitter_json as grammar
        else:
            import tree_sitter_toml as grammar  # type: ignore[no-redef]
        root = Parser(Language(grammar.language())).parse(self._text).root_node
        return _walk_json(root) if self._is_json else _walk_toml(root)

    def place(self, node: "Node") -> Place:
        row, start = node.start_point
        line_start = node.start_byte - start
        text = self._line(row, line_start)
        column = len(self._text[line_start : node.start_byte].decode("utf-8", "replace"))
        first_line = self._text[node.start_byte : node.end_byte].partition(b"\n")[0]
        width = len(first_line.decode("utf-8", "replace").rstrip())
        return Place(row + 1, column + 1, text, max(1, width))

    def _line(self, row: int, start: int) -> str:
        if row not in self._lines:
            end = self._text.find(b"\n", start)
            raw = self._text[start : end if end >= 0 else len(self._text)]
            self._lines[row] = raw.decode("utf-8", "replace").rstrip("\r")
        return self._lines[row]


def _key_text(node: "Node") -> str:
    raw = (node.text or b"").decode("utf-8", "replace")
    if raw[:1] not in ('"', "'"):
        return raw
    if raw[0] == "'" or "\\" not in raw:
        return raw[1:-1]
    import tomllib

    try:
        return str(tomllib.loads(f"k = {raw}")["k"])
    except tomllib.TOMLDecodeError:
        return raw[1:-1]


def _json_key_text(node: "Node") -> str:
    raw = (node.text or b'""').decode("utf-8", "replace")
    try:
        return str(json.loads(raw))
    except ValueError:
        return raw


def _keys(node: "Node") -> "list[Node]":
    """The parts of a bare, quoted or dotted key, without recursion: a key may have many parts."""
    parts: list[Node] = []
    pending = [node]
    while pending:
        part = pending.pop()
        if part.type == "dotted_key":
            pending.extend(reversed(part.named_children))
        else:
            parts.append(part)
    return parts


class _Headings:
    """The paths of a TOML file's headings, each ``[[table]]`` counted."""

    def __init__(self) -> None:
        self._last: dict[KeyPath, int] = {}

    def path(self, keys: "Sequence[Node]", *, is_new_entry: bool) -> KeyPath:
        path: KeyPath = ()
        for key in keys:
            path = (*path, _key_text(key))
            if is_new_entry and key is keys[-1]:
                self._last[path] = self._last.get(path, -1) + 1
            if path in self._last:
                path = (*path, self._last[path])
        return path


def _walk_toml(root: "Node") -> "Iterator[_Found]":
    headings = _Headings()
    for child in root.named_children:
        if child.type == "pair":
            yield from _walk_pair((), child)
        elif child.type in ("table", "table_array_element") and child.named_children:
            header, *pairs = child.named_children
            path = headings.path(_keys(header), is_new_entry=child.type == "table_array_element")
            for length in range(1, len(path) + 1):
                yield path[:length], header, header
            for pair in pairs:
                yield from _walk_pair(path, pair)


def _walk_pair(path: KeyPath, pair: "Node") -> "Iterator[_Found]":
    pending: deque[tuple[KeyPath, Any]] = deque([(path, pair)])
    while pending:
        path, node = pending.popleft()
        if node.type == "pair" and len(node.named_children) > 1:
            key, value, *_ = node.named_children
            for part in _keys(key):
                path = (*path, _key_text(part))
                yield path, part, value
            pending.append((path, value))
        elif node.type == "inline_table":
            pending.extend((path, inner) for inner in node.named_children)
        elif node.type == "array":
            elements = [element for element in node.named_children if element.type != "comment"]
            for index, element in enumerate(elements):
                yield (*path, index), element, element
                pending.append(((*path, index), element))


def _walk_json(root: "Node") -> "Iterator[_Found]":
    pending: deque[tuple[KeyPath, Any]] = deque(((), child) for child in root.named_children)
    while pending:
        path, node = pending.popleft()
        if node.type == "object":
            for pair in node.named_children:
                key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
                if key is not None and value is not None:
                    full: KeyPath = (*path, _json_key_text(key))
                    yield full, key, value
                    pending.append((full, value))
        elif node.type == "array":
            for index, element in enumerate(node.named_children):
                yield (*path, index), element, element
                pending.append(((*path, index), element))
