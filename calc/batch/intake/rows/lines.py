"""Lines of NDJSON as a table, all at once: where each key holds one type, and nothing is odd."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.json

from calc.batch.intake.keys import FIRST_YEARS, MOST_PLACES, PLACES, SINGLE, keys_of, year_of
from calc.batch.intake.rows.contents import contents_of_lines
from calc.batch.portfolio import Ints
from calc.enterprise.documents import MOST_VALUES
from calc.enterprise.numbers import UNITS, FloatText
from calc.enterprise.schema import known_parts
from calc.enterprise.vocabulary import Vocabulary

_SAMPLE: Final = 256
"""So many lines say which types the keys of all of them hold."""

_LINE, _OPENS, _CLOSES = b"\n{}"
_DIGITS: Final = np.isin(np.arange(256), [*b"0123456789"])
_EXPONENT: Final = re.compile(rb"[eE][+-]?[0-9]+\s*[,}\]]")
_ESCAPED_LETTER: Final = re.compile(rb"\\u00[2-7]")
"""Within a key that is written so, nothing below would find it."""

_WIDEST: Final = 38
_TYPES: Final[Mapping[str, pa.DataType]] = {
    "flag": pa.bool_(),
    "year": pa.int64(),
    "count": pa.int64(),
    "words": pa.list_(pa.string()),
    "covers": pa.list_(pa.string()),
}
"""The types of keys that can hold but one; every other key but a figure holds text."""


def table_of_lines(text: bytes, vocabulary: Vocabulary) -> pa.Table | None:
    """Lines of NDJSON as a table, a row each, from which they are read as one by one.

    ``None`` where they have to be looked at one by one: one of them is blank or no object, holds nothing
    under a key, a key twice, or one that none may hold; or a key holds other types than in a sample.
    """
    text = text.removesuffix(b"\n")
    starts = _starts(text)
    if starts is None or b"null" in text or _ESCAPED_LETTER.search(text):
        return None
    contents = contents_of_lines(_some(text, starts))
    sample = [content for content in contents if isinstance(content, dict)]
    if len(sample) < len(contents):
        return None
    kinds = _kinds(sample, vocabulary)
    schema = _schema(kinds, _years(sample), vocabulary)
    if schema is None or not _are_numbers(
        text, [key for (_, key), kind in kinds.items() if FloatText in kind]
    ):
        return None
    try:
        text.decode()
        table = pa.json.read_json(
            pa.py_buffer(text),
            # No thread of Arrow's own: each core has a worker.
            pa.json.ReadOptions(use_threads=False, block_size=len(text) + 1),
            pa.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
        )
    except (UnicodeDecodeError, pa.ArrowInvalid):
        return None
    return table if table.num_rows == len(starts) else None


def _starts(text: bytes) -> Ints | None:
    """Where lines begin, if each begins and ends as an object does, and none is long.

    No object then goes on from one line to the next: between two of its braces stands a comma.
    """
    data = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(data == _LINE)
    if not len(data) or data[0] != _OPENS or data[-1] != _CLOSES or ends.max(initial=0) + 1 >= len(data):
        return None
    if (data[ends - 1] != _CLOSES).any() or (data[ends + 1] != _OPENS).any():
        return None
    starts: Ints = np.concatenate(([0], ends + 1))
    # A value takes two bytes at least: no shorter line holds too many of them.
    return starts if np.diff(starts, append=len(data)).max() <= MOST_VALUES else None


def _some(text: bytes, starts: Ints) -> list[bytes]:
    """Some of the lines, from all over the text."""
    bounds = np.append(starts, len(text) + 1)
    places = np.unique(np.linspace(0, len(starts) - 1, _SAMPLE).astype(np.int64))
    return [text[bounds[place] : bounds[place + 1] - 1] for place in places]


def _tables(sample: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The tables of some documents, each after its name."""
    for content in sample:
        for part, node in content.items():
            if part in FIRST_YEARS and type(node) is dict:
                tables: Iterable[Any] = node.values()
            else:
                tables = node if type(node) is list else [node]
            for table in tables:
                if type(table) is dict:
                    yield part, table


def _kinds(
    sample: Iterable[Mapping[str, Any]], vocabulary: Vocabulary
) -> dict[tuple[str, str], frozenset[type]]:
    """The types of the figures of each table: those of the sample, or else what most of their type are."""
    seen: defaultdict[tuple[str, str], set[type]] = defaultdict(set)
    for part, table in _tables(sample):
        for key, value in table.items():
            seen[part, key].add(type(value))
    figures = {
        (part, name): key.type
        for part in known_parts(vocabulary)
        for name, key in keys_of(part, vocabulary).items()
        if key.type in UNITS
    }
    usual: defaultdict[str, Counter[frozenset[type]]] = defaultdict(Counter)
    for place, number_type in figures.items():
        if place in seen:
            usual[number_type][frozenset(seen[place])] += 1
    return {
        place: frozenset(seen[place]) if place in seen else _most(usual[number_type])
        for place, number_type in figures.items()
    }


def _most(counted: Counter[frozenset[type]]) -> frozenset[type]:
    return counted.most_common(1)[0][0] if counted else frozenset({int})


def _years(sample: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[str]]:
    """The years of which something may be said, for the tables that hold them."""
    seen = {
        year
        for content in sample
        for part in FIRST_YEARS
        if type(content.get(part)) is dict
        for key in content[part]
        if (year := year_of(key, part)) is not None
    }
    around = range(min(seen) - 1, max(seen) + 2) if seen else ()
    return {part: [str(year) for year in around if year >= first] for part, first in FIRST_YEARS.items()}


def _schema(
    kinds: Mapping[tuple[str, str], frozenset[type]],
    years: Mapping[str, Sequence[str]],
    vocabulary: Vocabulary,
) -> pa.Schema | None:
    """The columns of all documents; ``None`` where figures are written in several ways."""
    columns = {}
    for part in known_parts(vocabulary):
        fields = []
        for name, key in keys_of(part, vocabulary).items():
            is_figure = key.type in UNITS
            kind = (
                _of_figures(kinds[part, name], key.type) if is_figure else _TYPES.get(key.type, pa.string())
            )
            if kind is None:
                return None
            fields.append((name, kind))
        struct = pa.struct(fields)
        if part in FIRST_YEARS:
            of_year = fields[0][1] if part == "kinds" else struct
            columns[part] = pa.struct([(year, of_year) for year in years[part]])
        else:
            columns[part] = struct if part in SINGLE else pa.list_(struct)
    return pa.schema(list(columns.items()))


def _of_figures(kinds: frozenset[type], number_type: str) -> pa.DataType | None:
    if kinds == {str}:
        return pa.string()
    if kinds == {int}:
        return pa.int64()
    if kinds <= {int, FloatText}:
        return pa.decimal128(_WIDEST, PLACES.get(number_type, MOST_PLACES))
    return None


def _are_numbers(text: bytes, keys: Iterable[str]) -> bool:
    """Whether no text stands under these keys, and no number has an exponent.

    Arrow reads both as decimals, and more of them than the strict loader.
    """
    names = sorted(set(keys))
    if not names:
        return True
    if any(re.search(rb'"%s"\s*:\s*"' % re.escape(name.encode()), text) for name in names):
        return False
    data = np.frombuffer(text, np.uint8)
    at = np.flatnonzero((data[1:-1] == ord("e")) | (data[1:-1] == ord("E"))) + 1
    at = at[_DIGITS[data[at - 1]]]
    return not any(_EXPONENT.match(text, place) for place in at.tolist())
