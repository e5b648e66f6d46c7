"""Entries, agreements and sums of many enterprises: gathered from columns, and checked."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from calc.batch.intake.columns.arrays import flattened, ints_of, only
from calc.batch.intake.columns.joining import absent, joined, taken
from calc.batch.intake.columns.layout import Rows
from calc.batch.intake.columns.numbers import parts_of
from calc.batch.intake.columns.reading import known_of, read_columns
from calc.batch.intake.columns.values import Read
from calc.batch.intake.keys import Key, keys_of
from calc.batch.intake.safe_texts import is_valid
from calc.batch.portfolio import Agreements, Bools, Entries, Ints, Numbers, Sums
from calc.enterprise.schema import FIRST_YEAR
from calc.enterprise.vocabulary import Field, Table, Vocabulary

_YEARS_APART: Final = 128


class _Gathered(NamedTuple):
    """The rows of one table from all its columns, owners ascending, in the order of the file."""

    owners: Ints
    reads: dict[str, Read]

    @property
    def size(self) -> int:
        return len(self.owners)

    def known(self, name: str) -> Bools:
        return known_of(self.reads, name, self.size)


def _gathered(groups: Mapping[int, Rows], keys: Mapping[str, Key], rest: Bools) -> _Gathered:
    """Read all groups of a table's rows and put them in order; who lacks a required key is noted."""
    parts = [_read(groups[index], keys, rest, is_list=index == 0) for index in sorted(groups)]
    whole = _in_order(parts, keys, rest) if len(parts) != 1 else parts[0]
    for name, key in keys.items():
        if key.is_required:
            rest[whole.owners[~whole.known(name)]] = True
    return whole


def _read(rows: Rows, keys: Mapping[str, Key], rest: Bools, *, is_list: bool) -> _Gathered:
    """The rows of one group; of columns of their own those in which anything stands."""
    if is_list:
        return _Gathered(rows.owners, read_columns(rows.leaves, keys, rest, rows.owners))
    given = _any_of([is_valid(leaf.values) for leaf in rows.leaves.values()])
    owners = rows.owners[given]
    leaves = {name: leaf._replace(values=only(leaf.values, given)) for name, leaf in rows.leaves.items()}
    reads = read_columns(leaves, keys, rest, owners)
    if not reads:
        return _Gathered(owners[:0], reads)
    stands = _any_of([read.known | read.refused for read in reads.values()])  # blank cells say nothing
    return _Gathered(owners[stands], {name: taken(read, stands) for name, read in reads.items()})


def _any_of(columns: list[Bools]) -> Bools:
    some: Bools = np.logical_or.reduce(columns)
    return some


def _in_order(parts: list[_Gathered], keys: Mapping[str, Key], rest: Bools) -> _Gathered:
    owners = np.concatenate([np.zeros(0, np.int64), *(part.owners for part in parts)])
    order = np.argsort(owners, kind="stable")
    owners, reads = owners[order], {}
    for name, key in keys.items():
        if any(name in part.reads for part in parts):
            whole = joined([part.reads.get(name) or absent(key, part.size) for part in parts], key)
            reads[name] = taken(whole, order)
            rest[owners[reads[name].refused]] = True
    return _Gathered(owners, reads)


def _note_repeated(owners: Ints, names: pa.StringArray, years: Ints | None, rest: Bools) -> None:
    """Note who uses a name twice for one year."""
    is_same = owners[1:] == owners[:-1]
    several = np.zeros(len(owners), np.bool_)
    several[1:] |= is_same
    several[:-1] |= is_same
    at = np.flatnonzero(several)
    if len(at):
        encoded = names.take(pa.array(at)).dictionary_encode()
        marks = owners[at] * (len(encoded.dictionary) + 1) + ints_of(encoded.indices)
        if years is not None:
            marks = marks * _YEARS_APART + np.maximum(years[at] - FIRST_YEAR, 0)
        order = np.argsort(marks, kind="stable")
        ascending = marks[order]
        rest[owners[at[order[1:][ascending[1:] == ascending[:-1]]]]] = True


def entries_of(groups: Mapping[int, Rows], table: Table, vocabulary: Vocabulary, rest: Bools) -> Entries:
    """The entries of a table, of whatever year; owners of what is not plainly right are noted in ``rest``."""
    keys = keys_of(table.name, vocabulary)
    whole = _gathered(groups, keys, rest)
    names = _texts(whole, "name")
    years = _numbers(whole, "year").units if table.dated else None
    _note_repeated(whole.owners, names, years, rest)
    for field in table.fields.values():
        _note_unspared(whole, field, table, rest)
        _note_above_whole(whole, field, keys, rest)
    columns = {}
    for field in table.fields.values():
        filled = _with_default(whole, field, keys, rest)
        if filled is not None:
            columns[field.name] = filled.column
    return Entries(whole.owners, names, years, columns)


def _note_unspared(whole: _Gathered, field: Field, table: Table, rest: Bools) -> None:
    """What is required but for some words of other keys is there, or one of the words."""
    if not (field.required and field.not_needed_for):
        return
    fine = whole.known(field.name).copy()
    for name, words in field.not_needed_for.items():
        if name in whole.reads and table.fields[name].type == "word":
            allowed = tuple(table.fields[name].words)
            fine |= np.isin(
                whole.reads[name].column.codes, [allowed.index(word) for word in words if word in allowed]
            )
    rest[whole.owners[~fine]] = True


def _note_above_whole(whole: _Gathered, field: Field, keys: Mapping[str, Key], rest: Bools) -> None:
    """A part is not above its whole, where both are given."""
    if field.part_of is None or field.name not in whole.reads or field.part_of not in whole.reads:
        return
    part, of = whole.reads[field.name], whole.reads[field.part_of]
    both = joined([part, of], keys[field.name])
    units, known = both.column.units.reshape(2, -1), both.known.reshape(2, -1)
    is_above = (units[0] > units[1]) | ~known.all(axis=0)
    rest[whole.owners[part.known & of.known & is_above]] = True


def _with_default(whole: _Gathered, field: Field, keys: Mapping[str, Key], rest: Bools) -> Read | None:
    """A column with what stands where the file gives nothing."""
    key, read = keys[field.name], whole.reads.get(field.name)
    if field.default is not None:
        parts = parts_of(field.default)
        units, places = (0, 0) if parts is None else parts
        default = Numbers(np.full(1, units), np.full(1, parts is not None), 10**places)
        other = Read(default, default.known, ~default.known)
        others = taken(other, np.zeros(whole.size, np.int64))
    elif field.default_to is not None:
        others = _alike(whole, keys, field.default_to, key)
    else:
        return read
    if read is not None and read.known.all():
        return read
    own = absent(key, whole.size) if read is None else read
    filled = taken(joined([own, others], key), np.arange(whole.size) + np.where(own.known, 0, whole.size))
    rest[whole.owners[filled.refused]] = True
    if field.default_to is not None:
        rest[whole.owners[~filled.known]] = True
    return filled


def _alike(whole: _Gathered, keys: Mapping[str, Key], other: str, key: Key) -> Read:
    """Another key's column, if what it says means the same under this key; else one in which nothing is."""
    is_alike = keys[other].type == key.type and keys[other].words == key.words
    return (whole.reads.get(other) if is_alike else None) or absent(key, whole.size)


def agreements_of(
    groups: Mapping[int, Rows], vocabulary: Vocabulary, items: tuple[str, ...], rest: Bools
) -> Agreements:
    """The agreements, a row for each word they cover."""
    whole = _gathered(groups, keys_of("agreement", vocabulary, items), rest)
    _note_repeated(whole.owners, _texts(whole, "name"), None, rest)
    since, until = _numbers(whole, "from"), _numbers(whole, "until")
    rest[whole.owners[since.known & until.known & (since.units > until.units)]] = True
    if "covers" not in whole.reads:
        nothing = np.zeros(0, np.int64)
        return Agreements(nothing, nothing, nothing, pa.array([], pa.string()))
    lists = whole.reads["covers"].column.lists
    words, of_word = flattened(lists)
    return Agreements(whole.owners[of_word], since.units[of_word], until.units[of_word], words)


def sums_of(
    groups: Mapping[int, Rows], part: str, vocabulary: Vocabulary, items: tuple[str, ...], rest: Bools
) -> Sums:
    """What is received or expected."""
    keys = keys_of(part, vocabulary, items)
    whole = _gathered(groups, keys, rest)
    found = whole.reads.get("item", absent(keys["item"], whole.size))
    amounts = whole.reads.get("amount", absent(keys["amount"], whole.size))
    return Sums(
        whole.owners,
        found.column.codes,
        _numbers(whole, "year").units,
        amounts.column,
        _texts(whole, "subject"),
    )


def _numbers(whole: _Gathered, name: str) -> Numbers:
    nothing = np.zeros(whole.size, np.bool_)
    absent_ones = Numbers(np.zeros(whole.size, np.int64), nothing)
    numbers: Numbers = whole.reads[name].column if name in whole.reads else absent_ones
    return numbers


def _texts(whole: _Gathered, name: str) -> pa.StringArray:
    return whole.reads[name].column.texts if name in whole.reads else pa.nulls(whole.size, pa.string())
