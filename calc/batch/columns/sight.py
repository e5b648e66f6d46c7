"""A portfolio as the claims of an item see it: what a field reference stands for, row by row."""

from collections.abc import Container
from typing import NamedTuple

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
from calc.engine.claims import split_reference
from calc.enterprise.vocabulary import Field, Vocabulary
from calc.policy.forms import FIGURE_YEARS, EntryTrigger
from calc.policy.rules import Item, Rules


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
