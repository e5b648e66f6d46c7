"""Lays overlays over rules: an item's parameters changed, items closed or added, groups and words added."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from calc.enterprise.documents import Document
from calc.enterprise.problems import KeyPath, Problem
from calc.policy.rules import Item, OverlayFile
from calc.policy.shape import near, shape_problems

_ITEM_ONLY_IN_OVERLAYS: Final = ("closed", "remove")
_GROUPS: Final = ("exclusive", "shared_caps")


class Layers(NamedTuple):
    """Rules made of several documents, and where each of their groups was written."""

    content: dict[str, Any]
    groups: Mapping[str, tuple[tuple[Document, int], ...]]


def base_layer(document: Document) -> Layers:
    """Rules made of one document."""
    return Layers(document.content, {name: tuple(_groups_of(document, name)) for name in _GROUPS})


def overlay_problems(overlay: Document, below: Layers) -> Iterator[Problem]:
    """What keeps an overlay from being laid over these rules; what has its shape is looked at further."""
    try:
        changes = OverlayFile.model_validate(overlay.content)
    except ValidationError as error:
        misshapen = tuple(shape_problems(error, overlay.content, overlay.source))
        yield from misshapen
        sound = sound_part(overlay, misshapen)
        if sound.content != overlay.content:
            yield from overlay_problems(sound, below)
        return
    head = changes.overlay
    if head is not None and head.ends_before_it_begins:
        yield Problem(overlay.source, "valid_from_after_to", ("overlay", "valid_from"), head.valid_from)
    known = tuple(below.content["items"])
    for name, change in changes.items.items():
        is_new = name not in known
        if is_new and (change.closed or "claim" not in (change.model_extra or {})):
            at: KeyPath = ("items", name)
            yield Problem(overlay.source, "item", at, name, {"allowed": known}, near(name, known))
        for place, key in enumerate(change.remove):
            if key not in Item.model_fields:
                keys = tuple(Item.model_fields)
                path = ("items", name, "remove", place)
                details = {"allowed": keys, "key": key}
                yield Problem(overlay.source, "unknown_key", path, key, details, near(key, keys))


def sound_part(overlay: Document, problems: Iterable[Problem]) -> Document:
    """An overlay without the items, and without the other tables, that something is wrong with."""
    content = dict(overlay.content)
    paths = {problem.path for problem in problems}
    wrong_items = {path[1] for path in paths if path[:1] == ("items",) and path[1:]}
    wrong_tables = {path[0] for path in paths if path and path[:1] != ("items",)}
    if ("items",) in paths:
        wrong_tables.add("items")
    if wrong_items and "items" not in wrong_tables:
        items = content["items"].items()
        content["items"] = {name: change for name, change in items if name not in wrong_items}
    return overlay._replace(content={key: one for key, one in content.items() if key not in wrong_tables})


def lay_over(below: Layers, overlay: Document, *, keeps_closed: bool = False) -> Layers:
    """The rules with one sound overlay laid over them; ``keeps_closed``: what it closes stays in them."""
    merged = deepcopy(below.content)
    closed = []
    for name, change in overlay.content.get("items", {}).items():
        if change.get("closed"):
            if not keeps_closed:
                closed.append(name)
                merged["items"].pop(name, None)
            continue
        item = merged["items"].setdefault(name, {})
        item.update({key: value for key, value in change.items() if key not in _ITEM_ONLY_IN_OVERLAYS})
        for key in change.get("remove", ()):
            item.pop(key, None)
    for key in ("measures", "vocabulary"):
        merged[key] = _merge(merged.get(key, {}), overlay.content.get(key, {}))
    origins: dict[str, tuple[tuple[Document, int], ...]] = {}
    for name in _GROUPS:
        groups = [*merged.get(name, []), *overlay.content.get(name, [])]
        marks = (*below.groups[name], *_groups_of(overlay, name))
        left = [
            (_without(closed, group), mark)
            for group, mark in zip(groups, marks, strict=True)
            if len(_without(closed, group)["items"]) > 1
        ]
        merged[name] = [group for group, _ in left]
        origins[name] = tuple(mark for _, mark in left)
    return Layers(merged, origins)


def _groups_of(document: Document, name: str) -> Iterator[tuple[Document, int]]:
    groups = document.content.get(name, [])
    return ((document, place) for place in range(len(groups) if isinstance(groups, list) else 0))


def _without(closed: list[str], group: Mapping[str, Any]) -> dict[str, Any]:
    """A closed item leaves the groups it stood in; a group of one is none."""
    return {**group, "items": [name for name in group["items"] if name not in closed]}


def _merge(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{key: _merge(base.get(key), value) for key, value in over.items()}}
    return over


def held_in(layers: Layers, documents: list[Document], path: KeyPath) -> tuple[Document, KeyPath]:
    """The document in which a key of the rules was written last, and the key's path there."""
    marks = layers.groups.get(str(path[0]), ()) if path else ()
    if len(path) > 1 and isinstance(path[1], int) and path[1] < len(marks):
        document, place = marks[path[1]]
        return document, (path[0], place, *path[2:])
    held = path[: _depth(layers.content, path)]
    return max(reversed(documents), key=lambda document: _depth(document.content, held)), path


def _depth(content: Any, path: KeyPath) -> int:
    for level, part in enumerate(path):
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return level
    return len(path)
