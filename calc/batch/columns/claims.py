"""Finds the claims of many enterprises: for each item those who can file it, on which subjects."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calc.batch.columns.days import months_of
from calc.batch.columns.sight import (
    Claims,
    Sight,
    Together,
    any_of_bits,
    are_among,
    bits_of,
    column_of,
    is_known,
)
from calc.batch.portfolio import Bools, Column, Flags, Ints, Numbers, Texts, Words, WordSets
from calc.engine.claims import MONTHS
from calc.enterprise.vocabulary import Field
from calc.policy.forms import FIGURE_YEARS, AlwaysTrigger, EntryTrigger, FigureTrigger, KindsTrigger, Running
from calc.policy.rules import Item


class NotColumnarError(Exception):
    """Rules say something that columns do not: every enterprise is worked out by itself."""


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
    first = months_of(sight.numbers(claims, running.start).units)
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
