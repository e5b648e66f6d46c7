"""Finds where a key of a document stands, so that an error can point at it.

The syntax trees come from tree-sitter; it is loaded only once something is wrong.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from calc.enterprise.documents import Document
from calc.enterprise.problems import KeyPath, Place

if TYPE_CHECKING:
    from tree_sitter import Node


class Positions:
    """The places of all keys and values of one document."""

    def __init__(self, document: Document) -> None:
        from tree_sitter import Language, Parser

        if document.is_json:
            import tree_sitter_json as grammar
        else:
            import tree_sitter_toml as grammar  # type: ignore[no-redef]
        self._source = document.text.encode("utf-8", "surrogatepass")
        self._lines = self._source.split(b"\n")
        tree = Parser(Language(grammar.language())).parse(self._source)
        walk = _walk_json(tree.root_node) if document.is_json else _walk_toml(tree.root_node)
        self._nodes: dict[KeyPath, tuple[Node, Node]] = {}
        self._repeated: Node | None = None
        for path, key, value in walk:
            if path in self._nodes and self._repeated is None:
                self._repeated = key
            self._nodes.setdefault(path, (key, value))

    def find_repeated(self) -> Place | None:
        """The place where a key of an object stands a second time."""
        return None if self._repeated is None else self._place(self._repeated)

    def find(self, path: KeyPath, *, at_key: bool = False) -> Place | None:
        """The place of a value (or of its key), or of the nearest table around it."""
        for length in range(len(path), 0, -1):
            pair = self._nodes.get(path[:length]) or self._nodes.get((*path[:length], 0))
            if pair is not None:
                node = pair[0] if at_key or length < len(path) else pair[1]
                return self._place(node)
        return None

    def _place(self, node: "Node") -> Place:
        row, start = node.start_point
        line = self._lines[row]
        end = node.end_point[1] if node.end_point[0] == row else len(line)
        text = line.decode("utf-8", "replace").rstrip("\r")
        column = len(line[:start].decode("utf-8", "replace"))
        width = max(1, min(len(line[start:end].decode("utf-8", "replace").rstrip()), len(text) - column))
        return Place(row + 1, column + 1, text, width)


def _text(node: "Node") -> str:
    raw = (node.text or b"").decode("utf-8", "replace")
    if node.type in ("quoted_key", "string") or raw[:1] in ('"', "'"):
        import tomllib

        try:
            return str(tomllib.loads(f"k = {raw}")["k"])
        except tomllib.TOMLDecodeError:
            return raw[1:-1]
    return raw


def _keys(node: "Node") -> list[str]:
    """The parts of a bare, quoted or dotted key, without recursion: a key may have thousands of parts."""
    parts: list[str] = []
    pending = [node]
    while pending:
        part = pending.pop()
        if part.type == "dotted_key":
            pending.extend(reversed(part.named_children))
        else:
            parts.append(_text(part))
    return parts


def _walk_toml(root: "Node") -> Iterator[tuple[KeyPath, Any, Any]]:
    seen: dict[KeyPath, int] = {}

    def absolute(keys: list[str], *, is_new_element: bool) -> KeyPath:
        path: KeyPath = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            is_last = position == len(keys) - 1
            if is_last and is_new_element:
                seen[path] = seen.get(path, -1) + 1
            if path in seen:
                path = (*path, seen[path])
        return path

    pending: list[tuple[KeyPath, Any]] = []
    for child in root.named_children:
        if child.type == "pair":
            pending.append(((), child))
        elif child.type in ("table", "table_array_element") and child.named_children:
            header, *pairs = child.named_children
            path = absolute(_keys(header), is_new_element=child.type == "table_array_element")
            yield path, header, header
            pending.extend((path, pair) for pair in pairs)
        while pending:
            path, node = pending.pop(0)
            if node.type == "pair" and len(node.named_children) > 1:
                key, value, *_ = node.named_children
                full: KeyPath = (*path, *_keys(key))
                yield full, key, value
                pending.append((full, value))
            elif node.type == "inline_table":
                pending.extend((path, pair) for pair in node.named_children)
            elif node.type == "array":
                elements = [element for element in node.named_children if element.type != "comment"]
                for index, element in enumerate(elements):
                    yield (*path, index), element, element
                    pending.append(((*path, index), element))


def _walk_json(root: "Node") -> Iterator[tuple[KeyPath, Any, Any]]:
    pending: list[tuple[KeyPath, Any]] = [((), child) for child in root.named_children]
    while pending:
        path, node = pending.pop(0)
        if node.type == "object":
            for pair in node.named_children:
                key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
                if key is not None and value is not None:
                    full: KeyPath = (*path, _text(key))
                    yield full, key, value
                    pending.append((full, value))
        elif node.type == "array":
            for index, element in enumerate(node.named_children):
                yield (*path, index), element, element
                pending.append(((*path, index), element))
