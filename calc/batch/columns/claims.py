"""Finds the claims of many enterprises: for each item those who can file it, on which subjects."""

from collections.abc import Container, Iterator
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calc.batch.portfolio import (
    Bits,
    Bools,
    Column,
    Entries,
    Flags,
    Ints,
    Numbers,
    Portfolio,
    Texts,
    Words,
    WordSets,
)
from calc.engine.claims import MONTHS, split_reference
from calc.enterprise.vocabulary import Field, Vocabulary
from calc.policy.forms import FIGURE_YEARS, AlwaysTrigger, EntryTrigger, FigureTrigger, KindsTrigger, Running
from calc.policy.rules import Item, Rules

ORDINAL_OF_1970: Final = date(1970, 1, 1).toordinal()
_MONTHS_TO_1970: Final = 1970 * MONTHS


class NotColumnarError(Exception):
    """Rules say something that columns do not: every enterprise is worked out by itself."""


class Together(NamedTuple):
    """What counts together: for each claim the mark of its group, and the members of all groups.

    ``members`` are places in the table of the entries.
    """

    marks: Ints
    member_marks: Ints
    members: Ints


class Claims(NamedTuple):
    """The claims of one item, a row each, in the order of their owners and then of the file.

    ``entries`` are all of the table, ``places`` those of the claims among them; ``months`` count those of the
    claim year.
    """

    item_id: str
    item: Item
    number: int
    owners: Ints
    entries: Entries | None = None
    places: Ints | None = None
    months: Ints | None = None
    together: Together | None = None

    @property
    def size(self) -> int:
        """How many claims there are."""
        return self.owners.size

    def take(self, rows: Ints | Bools) -> "Claims":
        """Some of the claims; what counts together is known of all of them only."""
        return self._replace(
            owners=self.owners[rows],
            places=None if self.places is None else self.places[rows],
            months=None if self.months is None else self.months[rows],
            together=None,
        )

    def column(self, name: str) -> Column | None:
        """A field of the claims' entries; ``None`` where there are none, or nobody fills it in."""
        if self.entries is None or self.places is None:
            return None
        found = self.entries.fields.get(name)
        return None if found is None else found.take(self.places)


class Sight(NamedTuple):
    """A portfolio, all of whose claim years have the same rules, seen under them."""

    portfolio: Portfolio
    rules: Rules

    def field(self, claims: Claims, reference: str) -> Field:
        """The field of the vocabulary that a reference names."""
        vocabulary = self.rules.vocabulary
        group, name = split_reference(reference)
        if not group:
            return _table_fields(vocabulary, claims)[name]
        return vocabulary.fx[name] if group == "fx" else vocabulary.figures[name]

    def read(self, claims: Claims, reference: str) -> Column:
        """What a field reference of the claims' item stands for, row by row."""
        field = self.field(claims, reference)
        group, name = split_reference(reference)
        if not group:
            found = claims.column(name)
            return empty(field, claims.size) if found is None else found
        if group == "fx":
            found = self.portfolio.fx.get(name)
        else:
            found = self.portfolio.figures.get((name, FIGURE_YEARS[group]))
        return empty(field, claims.size) if found is None else found.take(claims.owners)

    def numbers(self, claims: Claims, reference: str) -> Numbers:
        """What a reference to a number or a day stands for."""
        found = self.read(claims, reference)
        if not isinstance(found, Numbers):
            raise TypeError(reference)
        return found

    def words(self, claims: Claims, reference: str) -> Words:
        """What a reference to a word stands for."""
        found = self.read(claims, reference)
        if not isinstance(found, Words):
            raise TypeError(reference)
        return found

    def years(self, claims: Claims) -> Ints:
        """The claim year of each claim."""
        return self.portfolio.claim_years[claims.owners]


def _table_fields(vocabulary: Vocabulary, claims: Claims) -> "dict[str, Field]":
    trigger = claims.item.claim
    if not isinstance(trigger, EntryTrigger):
        raise LookupError(claims.item_id)
    return dict(vocabulary.tables[trigger.entry].fields)


def empty(field: Field, size: int) -> Column:
    """A column of a field that nobody fills in."""
    match field.type:
        case "flag":
            return Flags(np.zeros(size, bool))
        case "word":
            return Words(np.full(size, -1, np.int64))
        case "words":
            return WordSets(np.zeros(size, np.uint64), np.zeros(size, bool))
        case "text":
            return Texts(pa.nulls(size, pa.string()))
        case _:
            return Numbers(np.zeros(size, np.int64), np.zeros(size, bool))


def column_of(entries: Entries, field: Field) -> Column:
    """A field of some entries."""
    found = entries.fields.get(field.name)
    return empty(field, entries.owners.size) if found is None else found


def is_known(column: Column) -> Bools:
    """Where a column holds something; a flag always does."""
    match column:
        case Numbers(known=known) | WordSets(known=known):
            return known
        case Words(codes=codes):
            return np.asarray(codes >= 0)
        case Flags(are_set=are_set):
            return np.ones(are_set.size, bool)
        case Texts(texts=texts):
            return np.asarray(pc.is_valid(texts), bool)


def bits_of(words: tuple[str, ...], allowed: tuple[str, ...]) -> np.uint64:
    """Some words as bits, each at its place among those allowed."""
    return np.uint64(sum(1 << place for place, word in enumerate(allowed) if word in words))


def are_among(codes: Ints, field: Field, words: Container[str]) -> Bools:
    """Where a field's word, as its place among those allowed, is one of some words."""
    # No word is -1, which stands for the last place.
    return np.array([*(word in words for word in field.words), False])[codes]


def any_of_bits(bits: Bits, wanted: np.uint64) -> Bools:
    """Where any of the wanted bits is set."""
    return np.asarray((bits & wanted) != 0)


def find_claims(sight: Sight) -> Iterator[Claims]:
    """The claims of every item but services, in the order of the rules; items without any are left out."""
    for number, (item_id, item) in enumerate(sight.rules.items.items()):
        if item.grade == "service":
            continue
        trigger = item.claim
        if isinstance(trigger, EntryTrigger):
            claims = _entry_claims(sight, item_id, item, number, trigger)
        else:
            claims = Claims(item_id, item, number, _owners(sight, trigger))
        if claims is not None and claims.size:
            yield claims


def _owners(sight: Sight, trigger: FigureTrigger | KindsTrigger | AlwaysTrigger) -> Ints:
    """Who has a claim on the enterprise's own year."""
    portfolio = sight.portfolio
    match trigger:
        case FigureTrigger(figure=name):
            column = portfolio.figures.get((name, FIGURE_YEARS["last_year"]))
            if column is None:
                return np.zeros(0, np.int64)
            is_there = column.are_set if isinstance(column, Flags) else is_known(column)
            return np.flatnonzero(is_there)
        case KindsTrigger(kinds=kinds):
            wanted = bits_of(kinds, tuple(sight.rules.vocabulary.kinds))
            return np.flatnonzero(any_of_bits(portfolio.kinds, wanted))
        case AlwaysTrigger():
            return np.arange(portfolio.size)


def _entry_claims(
    sight: Sight, item_id: str, item: Item, number: int, trigger: EntryTrigger
) -> Claims | None:
    entries = sight.portfolio.entries.get(trigger.entry)
    if entries is None:
        return None
    if trigger.running is not None and entries.years is not None:
        # Entries of several years, which may share a name, are then claims of one year.
        raise NotColumnarError(item_id)
    fields = sight.rules.vocabulary.tables[trigger.entry].fields
    matching = np.ones(entries.owners.size, bool)
    for name, wanted in trigger.where.items():
        matching &= _is_among(column_of(entries, fields[name]), fields[name], wanted)
    for name in trigger.has:
        matching &= is_known(column_of(entries, fields[name]))
    if trigger.has_any:
        matching &= np.logical_or.reduce(
            [is_known(column_of(entries, fields[name])) for name in trigger.has_any]
        )
    if trigger.running is None and entries.years is not None:
        matching &= entries.years == sight.portfolio.claim_years[entries.owners]
    places = np.flatnonzero(matching)
    found = Claims(item_id, item, number, entries.owners[places], entries, places)
    return found if trigger.running is None else _running(sight, found, trigger.running)


def _is_among(column: Column, field: Field, wanted: tuple[str | bool, ...]) -> Bools:
    """Where a word, any of several words, or a flag is among those wanted."""
    words = tuple(one for one in wanted if isinstance(one, str))
    match column:
        case Words(codes=codes):
            return are_among(codes, field, words)
        case WordSets(bits=bits):
            return any_of_bits(bits, bits_of(words, tuple(field.words)))
        case Flags(are_set=are_set):
            return np.where(are_set, True in wanted, False in wanted)
        case Texts(texts=texts):
            return np.asarray(pc.is_in(texts, value_set=pa.array(words, pa.string())), bool)
        case Numbers():
            raise TypeError(field.name)


def _running(sight: Sight, claims: Claims, running: Running) -> Claims:
    """Of claims on what runs over months, those with a month in the claim year."""
    entries, places = claims.entries, claims.places
    if entries is None or places is None:
        raise LookupError(claims.item_id)
    first = _months_of(sight.numbers(claims, running.start).units)
    by = running.together_by
    marks = np.arange(claims.size) if by is None else _marks(claims.owners, sight.read(claims, by))
    end = first + sight.numbers(claims, running.months).units
    if running.window is not None:
        earliest = np.full(marks.size, np.iinfo(np.int64).max)
        np.minimum.at(earliest, marks, first)
        end = np.minimum(end, earliest[marks] + running.window)
    years = sight.years(claims)
    months = np.minimum(end, (years + 1) * MONTHS) - np.maximum(first, years * MONTHS)
    has_started = first // MONTHS <= years
    kept = months > 0
    together = Together(marks[kept], marks[has_started], places[has_started])
    return claims._replace(months=months).take(kept)._replace(together=together)


def _months_of(days: Ints) -> Ints:
    """The month of each day, counted from the year 0."""
    dates = (days - ORDINAL_OF_1970).astype("datetime64[D]")
    return dates.astype("datetime64[M]").astype(np.int64) + _MONTHS_TO_1970


def days_of_years(years: Ints) -> Ints:
    """The first day of each year, as an ordinal."""
    return (years - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + ORDINAL_OF_1970


def _marks(owners: Ints, column: Column) -> Ints:
    """The group each entry counts with: those of its owner with the same value."""
    values = _codes(column)
    pairs = owners * (int(values.max(initial=0)) + 2) + values + 1
    return np.asarray(np.unique(pairs, return_inverse=True)[1]) if owners.size else pairs


def _codes(column: Column) -> Ints:
    """A number for each value of a column, -1 where there is none."""
    match column:
        case Texts(texts=texts):
            return np.asarray(pc.fill_null(pc.dictionary_encode(texts).indices, -1), np.int64)
        case Words(codes=codes):
            return codes
        case Flags(are_set=are_set):
            return are_set.astype(np.int64)
        case Numbers(units=units, known=known):
            return np.where(known, np.unique(units, return_inverse=True)[1], -1)
        case WordSets():
            raise NotColumnarError("together_by")
