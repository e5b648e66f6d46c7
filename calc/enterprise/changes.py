"""Changes figures of a parsed file: what a what-if sets and what a gap proposes, written as in the file."""

import re
import tomllib
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Final, NamedTuple

from calc.enterprise.documents import Document
from calc.enterprise.numbers import FloatText
from calc.enterprise.paths import Finder, Named
from calc.enterprise.problems import KeyPath
from calc.enterprise.vocabulary import Field, Vocabulary

_LONGEST_VALUE: Final = 4096
_BETWEEN_WORDS: Final = re.compile(r"[\s,，、]+")


class Change(NamedTuple):
    """A PATH of a figure and the leaf that it is set to; a text may stand for what its key holds."""

    path: str
    leaf: Any


class Setting(NamedTuple):
    """A change as it was carried out: where in the content, what was there (``None``: nothing), what is.

    ``typed`` is what was typed for it, where it was typed.
    """

    path: str
    named: Named
    before: Any
    after: Any
    typed: str


class Written(str):
    """A value as it was typed on a command line, quotes optional."""

    __slots__ = ()


def read_leaf(text: str) -> Any:
    """A value as the file would write it, quotes optional."""
    if len(text) <= _LONGEST_VALUE and "\n" not in text:
        try:
            parsed = tomllib.loads(f"value = {text}", parse_float=FloatText)
        except (ValueError, RecursionError):
            return text
        if list(parsed) == ["value"]:
            return parsed["value"]
    return text


def _leaf_for(leaf: Any, field: Field) -> Any:
    """What a typed value means where a key of this type stands: words need no brackets, texts no quotes."""
    if not isinstance(leaf, Written):
        return leaf
    parsed = read_leaf(str(leaf))
    if field.type == "words" and isinstance(parsed, str):
        bare = parsed.strip().removeprefix("[").removesuffix("]")
        return [word.strip("\"'") for word in _BETWEEN_WORDS.split(bare) if word]
    if field.type in ("text", "word") and not isinstance(parsed, str):
        return str(leaf)
    return parsed


def changed(
    document: Document, changes: Sequence[Change], vocabulary: Vocabulary, claim_year: int
) -> Document:
    """The document with each figure set, one after the other.

    PATHs are ``enterprise.in_zone``, ``fx.usd_cny``, ``figures.2025.revenue`` and
    ``investment:二期产线.equipment`` (where a name stands in several years, the claim year's entry).  Its
    text is empty: it is no longer what the content says.  Raises ``InputError`` for an unknown PATH.
    """
    return carried_out(document, changes, vocabulary, claim_year)[0]


def carried_out(
    document: Document, changes: Sequence[Change], vocabulary: Vocabulary, claim_year: int
) -> tuple[Document, tuple[Setting, ...]]:
    """The changed document, and what each change did.  Raises ``InputError`` for an unknown PATH."""
    content = deepcopy(document.content)
    settings = []
    for change in changes:
        named = Finder(document.source, content, vocabulary, claim_year).find(change.path)
        after = _leaf_for(change.leaf, named.field)
        before = _put(content, named.keys, after)
        typed = str(change.leaf) if isinstance(change.leaf, Written) else ""
        settings.append(Setting(change.path, named, before, after, typed))
    return document._replace(content=content, text=""), tuple(settings)


def _put(content: dict[str, Any], keys: KeyPath, leaf: Any) -> Any:
    """Set one leaf, the tables around it made where they are not there; what stood there before."""
    table: Any = content
    for key in keys[:-1]:
        table = table.setdefault(key, {}) if isinstance(table, dict) else table[key]
    before = table.get(keys[-1])
    table[keys[-1]] = leaf
    return before
