"""What documents hold in arrays of tables, as columns: entries, agreements, sums received and expected."""

from collections.abc import Sequence

import numpy as np

from calc.batch.intake.keys import keys_of
from calc.batch.intake.rows import readers
from calc.batch.intake.rows.filling import column_of, fitting, ints, numbers, scattered, texts
from calc.batch.intake.rows.gathering import (
    Content,
    Filled,
    Rows,
    check_keys,
    check_names,
    only_read,
    read_key,
    table_arrays,
)
from calc.batch.portfolio import Agreements, Entries, Sums
from calc.enterprise.vocabulary import Field, Table, Vocabulary


def entries_of(
    contents: Sequence[Content], table: Table, vocabulary: Vocabulary, doubtful: set[int]
) -> Entries:
    """The entries of a table, of whatever year."""
    rows = table_arrays(contents, table.name, doubtful)
    check_keys(rows, keys_of(table.name, vocabulary), doubtful)
    names = read_key(rows, "name", readers.text, doubtful)
    years = read_key(rows, "year", readers.year, doubtful) if table.dated else None
    check_names(rows, names, years, doubtful)
    given = {
        field.name: read_key(rows, field.name, readers.reader_of(field), doubtful)
        for field in table.fields.values()
    }
    for field in table.fields.values():
        _check_spared(field, rows, doubtful)
        _check_part(field, table, given, rows, doubtful)
    size, columns = len(rows.owners), {}
    for field in table.fields.values():
        given_or_default = _with_default(field, table, {"name": names, **given}, rows, doubtful)
        filled = fitting(field, given_or_default, rows.owners, doubtful)
        if filled:
            columns[field.name] = column_of(field, filled, size)
    return Entries(
        ints(rows.owners),
        texts(names, size),
        None if years is None else scattered(years, size, np.int64),
        columns,
    )


def _check_spared(field: Field, rows: Rows, doubtful: set[int]) -> None:
    """What is required but for some words of other keys is there, or one of the words."""
    if field.required and field.not_needed_for:
        doubtful.update(
            owner
            for owner, entry in zip(rows.owners, rows.tables, strict=True)
            if field.name not in entry
            and not any(entry.get(key) in words for key, words in field.not_needed_for.items())
        )


def _check_part(field: Field, table: Table, given: dict[str, Filled], rows: Rows, doubtful: set[int]) -> None:
    """A part is not above its whole, where both are given."""
    if field.part_of is None:
        return
    wholes = given.get(field.part_of, {})
    is_alike = _is_alike(field, table.fields.get(field.part_of))
    doubtful.update(
        rows.owners[place]
        for place, part in given[field.name].items()
        if place in wholes and not (is_alike and part <= wholes[place])
    )


def _is_alike(field: Field, other: Field | None) -> bool:
    """Whether the values of two fields are read to the same."""
    return other is not None and other.type == field.type and [*other.words] == [*field.words]


def _with_default(
    field: Field, table: Table, given: dict[str, Filled], rows: Rows, doubtful: set[int]
) -> Filled:
    """What stands under a key, and in entries without it what stands for it there, if anything does."""
    filled, other = given[field.name], field.default_to
    absent = (place for place, entry in enumerate(rows.tables) if field.name not in entry)
    defaults: Filled
    if field.default is not None:
        units = field.default * readers.finest_of(field.type)
        defaults = dict.fromkeys(absent, units.numerator if units.denominator == 1 else None)
    elif other is not None:
        is_text = other == "name" and field.type == "text"
        others = given[other] if is_text or _is_alike(field, table.fields.get(other)) else {}
        defaults = {place: others.get(place) for place in absent}
    else:
        return filled
    return filled | only_read(defaults, rows.owners, doubtful)


def agreements_of(
    contents: Sequence[Content], vocabulary: Vocabulary, items: tuple[str, ...], doubtful: set[int]
) -> Agreements:
    """The agreements, a row for each word they cover."""
    rows = table_arrays(contents, "agreement", doubtful)
    check_keys(rows, keys_of("agreement", vocabulary), doubtful)
    check_names(rows, read_key(rows, "name", readers.text, doubtful), None, doubtful)
    since = read_key(rows, "from", readers.day, doubtful)
    until = read_key(rows, "until", readers.day, doubtful)
    doubtful.update(
        rows.owners[place] for place, first in since.items() if place in until and first > until[place]
    )
    covers = read_key(rows, "covers", readers.covers_reader(items), doubtful)
    covered = [(place, word) for place, words in covers.items() for word in words]
    return Agreements(
        ints([rows.owners[place] for place, _ in covered]),
        ints([since.get(place, 0) for place, _ in covered]),
        ints([until.get(place, 0) for place, _ in covered]),
        texts(dict(enumerate(word for _, word in covered)), len(covered)),
    )


def sums_of(
    contents: Sequence[Content],
    part: str,
    vocabulary: Vocabulary,
    items: tuple[str, ...],
    doubtful: set[int],
) -> Sums:
    """What is received or expected."""
    rows = table_arrays(contents, part, doubtful)
    check_keys(rows, keys_of(part, vocabulary), doubtful)
    size = len(rows.owners)
    amount = vocabulary.sums["amount"]
    return Sums(
        ints(rows.owners),
        scattered(read_key(rows, "item", readers.place_reader(items), doubtful), size, np.int64),
        scattered(read_key(rows, "year", readers.year, doubtful), size, np.int64),
        numbers(
            read_key(rows, "amount", readers.reader_of(amount), doubtful),
            size,
            readers.finest_of(amount.type),
        ),
        texts(read_key(rows, "subject", readers.text, doubtful), size),
    )
