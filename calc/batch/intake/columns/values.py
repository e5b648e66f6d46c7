"""Reads columns of Arrow values as the strict loader reads their leaves, all of a column at once.

What is plain is read by column operations; of what is left, each distinct value goes to the strict reader.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calc.batch.intake.columns.arrays import flattened, ints_of, is_list, is_utf_8, plain, raw_flags
from calc.batch.intake.columns.leaves import leaf_of
from calc.batch.intake.keys import Key
from calc.batch.intake.safe_texts import credit_codes, is_valid, refused_texts
from calc.batch.portfolio import Bits, Bools, Flags, Ints, Numbers, Texts, Words, WordSets
from calc.enterprise.schema import FIRST_YEAR, LAST_YEAR, is_unsafe, read_day

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAYS_A_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_SECONDS_A_DAY: Final = 86_400

Judge: TypeAlias = Callable[[Any], int | None]


class Leaf(NamedTuple):
    """The values of one key; ``is_cell``: they stand in a column of their own."""

    values: pa.Array
    is_cell: bool


class Read(NamedTuple):
    """A column as it was read: where there is a value, and where one that the strict loader may refuse.

    The kind of the column follows from the type of its key.
    """

    column: Any
    known: Bools
    refused: Bools


def judged(leaf: Leaf, kind: str, judge: Judge) -> tuple[Ints, Bools, Bools]:
    """Each distinct value judged once: what it is, where it is known, where it is refused (``None``)."""
    try:
        encoded = leaf.values.dictionary_encode()
        distinct, places = encoded.dictionary, ints_of(encoded.indices)
    except (pa.ArrowNotImplementedError, AttributeError):
        distinct, places = leaf.values, np.arange(len(leaf.values))
    leaves = [leaf_of(one, kind, is_cell=leaf.is_cell) for one in distinct]
    found = [None if one is None else judge(one) for one in leaves]
    valid, nothing = is_valid(leaf.values), np.zeros(len(leaf.values), np.bool_)
    if not found:
        return np.zeros(len(leaf.values), np.int64), nothing, nothing
    values = np.array([0 if one is None else one for one in found], np.int64)[places]
    if None not in found:
        return values * valid, valid, nothing
    is_there = np.array([one is not None for one in leaves])[places] & valid
    known = np.array([one is not None for one in found])[places] & valid
    return values * known, known, is_there & ~known


class WordLists(NamedTuple):
    """Several texts each, in order."""

    lists: pa.ListArray

    def take(self, rows: Ints | Bools) -> "WordLists":
        """Some of the lists."""
        wanted = pa.array(rows)
        return WordLists(self.lists.filter(wanted) if rows.dtype == np.bool_ else self.lists.take(wanted))


def read_covers(leaf: Leaf, key: Key) -> Read:
    """What agreements cover: lists of items, ``*`` or any subjects."""
    values, kind = leaf.values, pa.list_(pa.string())
    known, refused = is_valid(values), np.zeros(len(values), np.bool_)
    if not (is_list(values.type) and _are_texts(plain(values[:0].flatten()).type)):
        found = [leaf_of(one, key.type, is_cell=leaf.is_cell) for one in values]
        are_lists = [isinstance(one, list) and all(map(_is_safe, one)) for one in found]
        refused = np.array([one is not None for one in found]) & ~np.array(are_lists)
        lists = [one if is_one else None for one, is_one in zip(found, are_lists, strict=True)]
        values, known = pa.array(lists, kind), np.array(are_lists)
    values = values.cast(kind)
    words, owners = flattened(values)
    if not is_utf_8(words):
        return Read(WordLists(pa.nulls(len(values), kind)), known & False, refused | known)
    is_subject = pc.match_substring(words, ":").fill_null(False)
    are_named = pc.or_(is_subject, pc.is_in(words, pa.array(key.words, pa.string())))
    fine = are_named.to_numpy(zero_copy_only=False) & is_valid(words) & ~refused_texts(words)
    refused[owners[~fine]] = True
    return Read(WordLists(values), known & ~refused, refused)


def _are_texts(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind))


def _is_safe(word: Any) -> bool:
    return type(word) is str and not is_unsafe(word)


def read_flags(leaf: Leaf) -> Read:
    """Booleans, absent ones false."""
    if pa.types.is_boolean(leaf.values.type):
        known = is_valid(leaf.values)
        are_set = raw_flags(leaf.values) & known
        return Read(Flags(are_set), known, np.zeros(len(known), np.bool_))
    values, known, refused = judged(leaf, "flag", lambda one: int(one) if isinstance(one, bool) else None)
    return Read(Flags(values.astype(np.bool_)), known, refused)


def read_years(leaf: Leaf) -> Read:
    """Claim years."""

    def judge(one: Any) -> int | None:
        is_year = isinstance(one, int) and not isinstance(one, bool) and FIRST_YEAR <= one <= LAST_YEAR
        return one if is_year else None

    if pa.types.is_integer(leaf.values.type):
        valid, years = is_valid(leaf.values), ints_of(leaf.values)
        known = valid & (years >= FIRST_YEAR) & (years <= LAST_YEAR)
        return Read(Numbers(years * known, known), known, valid & ~known)
    years, known, refused = judged(leaf, "year", judge)
    return Read(Numbers(years, known), known, refused)


def read_days(leaf: Leaf) -> Read:
    """Days, as their ordinals."""

    def judge(one: Any) -> int | None:
        day = read_day(one)
        return None if day is None else day.toordinal()

    values, kind = leaf.values, leaf.values.type
    is_moment = pa.types.is_timestamp(kind) and kind.tz is None
    if not (is_moment or pa.types.is_date32(kind)):
        days, known, refused = judged(leaf, "date", judge)
        return Read(Numbers(days, known), known, refused)
    ticks = ints_of(values.view(pa.int64()) if is_moment else values.view(pa.int32()))
    days, rest = np.divmod(ticks, _SECONDS_A_DAY * _DAYS_A_SECOND[kind.unit] if is_moment else 1)
    ordinals, valid = days + _EPOCH, is_valid(values)
    known = valid & (rest == 0) & (ordinals >= 1) & (ordinals <= date.max.toordinal())
    return Read(Numbers(ordinals * known, known), known, valid & ~known)


def read_words(leaf: Leaf, key: Key) -> Read:
    """Words, as their places among those that the key may say."""
    places = {word: place for place, word in enumerate(key.words)}
    codes, known, refused = judged(
        leaf, key.type, lambda one: places.get(one) if isinstance(one, str) else None
    )
    return Read(Words((codes + 1) * known - 1), known, refused)


def read_word_sets(leaf: Leaf, key: Key) -> Read:
    """Lists of words, a bit for each word."""
    bits = {word: 1 << place for place, word in enumerate(key.words)}

    def judge(one: Any) -> int | None:
        if not isinstance(one, list) or not all(isinstance(word, str) and word in bits for word in one):
            return None
        return _signed(sum(bits[word] for word in set(one)))

    values = leaf.values
    if not is_list(values.type):
        sets, known, refused = judged(leaf, "words", judge)
        return Read(WordSets(sets.view(np.uint64), known), known, refused)
    known, (inner, owners) = is_valid(values), flattened(values)
    words = Leaf(plain(inner), is_cell=False)
    of_word, is_word, _ = judged(
        words, "word", lambda one: _signed(bits[one]) if isinstance(one, str) and one in bits else None
    )
    refused = np.zeros(len(values), np.bool_)
    refused[owners[~is_word]] = True
    return Read(WordSets(_gathered(of_word.view(np.uint64), owners, len(values)), known), known, refused)


def _signed(bits: int) -> int:
    """The same 64 bits as a signed integer."""
    return bits - (1 << 64) if bits >> 63 else bits


def _gathered(bits: Bits, owners: Ints, size: int) -> Bits:
    """The bits of each owner together; owners ascend."""
    sets = np.zeros(size, np.uint64)
    if len(owners):
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        sets[owners[starts]] = np.bitwise_or.reduceat(bits, starts)
    return sets


def read_texts(leaf: Leaf) -> Read:
    """Texts on one line that a terminal may show."""
    texts, refused = _texts_of(leaf)
    refused |= refused_texts(texts)
    return Read(Texts(texts), is_valid(texts) & ~refused, refused)


def read_codes(leaf: Leaf) -> Read:
    """Unified social credit codes."""
    texts, refused = _texts_of(leaf)
    codes, are_wrong = credit_codes(texts)
    refused |= are_wrong
    return Read(Texts(codes), is_valid(codes) & ~refused, refused)


def _texts_of(leaf: Leaf) -> tuple[pa.StringArray, Bools]:
    """The texts, blank cells absent, and where something else stands."""
    values = leaf.values
    if not pa.types.is_string(values.type) or not is_utf_8(values):
        return pa.nulls(len(values), pa.string()), is_valid(values)
    if leaf.is_cell:
        lengths = pc.binary_length(values)
        blank = pc.or_(pc.equal(lengths, 0), pc.utf8_is_space(values))
        if pc.any(blank).as_py():
            values = pc.if_else(blank, pa.scalar(None, pa.string()), values)
    return values, np.zeros(len(values), np.bool_)
