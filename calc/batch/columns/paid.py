"""Over columns: which agreements bar a claim, what it was paid before, and what it is expected to get."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calc.batch.columns.claims import Claims, Sight, days_of_years
from calc.batch.portfolio import LARGEST_UNITS, Bools, Ints, Numbers, Sums, Texts
from calc.enterprise.numbers import FEN
from calc.policy.forms import EntryTrigger

_MARK = "\x1f"
"""What no name holds, so that an owner and a subject are told apart in one text."""


def subjects_of(claims: Claims) -> pa.StringArray:
    """The subject of each claim, as in the contract."""
    if claims.entries is None:
        return repeated(f"enterprise:{claims.item_id}", claims.size)
    table = _table(claims)
    return pc.binary_join_element_wise(pa.scalar(table), claims.entries.names, ":")


def _table(claims: Claims) -> str:
    """The table of the entries that claims are on."""
    if not isinstance(claims.item.claim, EntryTrigger):
        raise LookupError(claims.item_id)
    return claims.item.claim.entry


def _keyed(owners: Ints, texts: pa.StringArray) -> pa.StringArray:
    """Texts told apart by their owners."""
    return pc.binary_join_element_wise(pc.cast(pa.array(owners), pa.string()), texts, _MARK)


class Cover(NamedTuple):
    """What the agreements in force cover, by owner and word.

    ``words`` are all that any of them names, ``tables`` those of the subjects among them;
    ``are_concerned`` are the enterprises that have one.
    """

    keys: pa.StringArray
    words: frozenset[str]
    tables: frozenset[str]
    are_concerned: Bools


def cover_of(sight: Sight) -> Cover:
    """What the agreements cover that are in force on the filing day or, without one, in the claim year."""
    portfolio, agreements = sight.portfolio, sight.portfolio.agreements
    years = portfolio.claim_years[agreements.owners]
    filing = portfolio.filing_days.take(agreements.owners)
    first, last = days_of_years(years), days_of_years(years + 1) - 1
    is_dated = filing.known & (first <= filing.units) & (filing.units <= last)
    first, last = np.where(is_dated, filing.units, first), np.where(is_dated, filing.units, last)
    active = agreements.take((agreements.until >= first) & (agreements.since <= last))
    are_concerned = np.zeros(portfolio.size, bool)
    are_concerned[active.owners] = True
    words = frozenset(pc.unique(active.covers).to_pylist())
    tables = frozenset(word.partition(":")[0] for word in words if ":" in word)
    return Cover(_keyed(active.owners, active.covers), words, tables, are_concerned)


def covered(sight: Sight, claims: Claims, cover: Cover) -> Bools:
    """Where an agreement is in force that covers the claim's subject, its item or everything."""
    bars = np.zeros(claims.size, bool)
    rows = np.flatnonzero(cover.are_concerned[claims.owners]) if cover.words else np.zeros(0, np.int64)
    if not rows.size:
        return bars
    marks = [repeated(word, rows.size) for word in ("*", claims.item_id) if word in cover.words]
    table = "enterprise" if claims.entries is None else _table(claims)
    if table in cover.tables:
        marks.append(subjects_of(claims).take(pa.array(rows)))
    marks += _wholes(sight, claims, rows, cover)
    for texts in marks:
        is_covered = pc.is_in(_keyed(claims.owners[rows], texts), value_set=cover.keys)
        bars[rows] |= np.asarray(pc.fill_null(is_covered, False), bool)
    return bars


def repeated(text: str, size: int) -> pa.StringArray:
    """One text in every row."""
    return pa.array([text], pa.string()).take(pa.array(np.zeros(size, np.int64)))


def _wholes(sight: Sight, claims: Claims, rows: Ints, cover: Cover) -> list[pa.StringArray]:
    """The subjects that the claims' entries are parts of, where an agreement names such."""
    if claims.entries is None:
        return []
    whole = sight.rules.vocabulary.tables[_table(claims)].belongs_to
    if whole is None or whole[0] not in cover.tables:
        return []
    column = claims.entries.fields.get(whole[1])
    if not isinstance(column, Texts):
        return []
    texts = column.texts.take(pa.array(rows))
    return [pc.binary_join_element_wise(pa.scalar(whole[0]), texts, ":")]


class Paid(NamedTuple):
    """What claims were paid in earlier years (fen): to their own subject, and for their item in all.

    ``is_own`` says whether anything was, of whatever amount; ``fits`` where the sums can be told.
    """

    own: Ints
    is_own: Bools
    in_all: Ints
    is_any: Bools
    fits: Bools


def _of_item(sums: Sums, sight: Sight, claims: Claims) -> Sums:
    """The sums for one item."""
    number = sight.rules.item_ids.index(claims.item_id)
    return sums.take(sums.items == number)


def paid_before(sight: Sight, claims: Claims) -> Paid | None:
    """What the claims' item was paid in years before the claim year; ``None`` where nobody was."""
    earlier = _of_item(sight.portfolio.received, sight, claims)
    earlier = earlier.take(earlier.years < sight.portfolio.claim_years[earlier.owners])
    if not earlier.owners.size:
        return None
    amounts, size = earlier.amounts.units, sight.portfolio.size
    in_all = np.zeros(size, np.int64)
    np.add.at(in_all, earlier.owners, amounts)
    is_any = np.zeros(size, bool)
    is_any[earlier.owners] = True
    fits = _sums_fit(earlier.owners, amounts, size)[claims.owners]
    own, is_own = _of_subjects(sight, claims, earlier, np.add.at, 0)
    return Paid(own, is_own, in_all[claims.owners], is_any[claims.owners], fits)


def _sums_fit(owners: Ints, amounts: Ints, size: int) -> Bools:
    tops = np.zeros(size)
    np.add.at(tops, owners, amounts.astype(np.float64))
    return tops < LARGEST_UNITS / 2


def _of_subjects(
    sight: Sight, claims: Claims, sums: Sums, gather: Callable[[Ints, Ints, Ints], None], start: int
) -> tuple[Ints, Bools]:
    """What is gathered of the sums to each claim's own subject, and whether there is any.

    The enterprise's own year need not be named as a subject.
    """
    found, is_there = np.full(claims.size, start, np.int64), np.zeros(claims.size, bool)
    named = np.asarray(pc.is_valid(sums.subjects), bool)
    if claims.entries is None:
        by_owner = np.full(sight.portfolio.size, start, np.int64)
        are_there = np.zeros(sight.portfolio.size, bool)
        is_own = np.asarray(
            pc.fill_null(pc.equal(sums.subjects, pa.scalar(f"enterprise:{claims.item_id}")), True), bool
        )
        own = sums.take(is_own)
        gather(by_owner, own.owners, own.amounts.units)
        are_there[own.owners] = True
        return by_owner[claims.owners], are_there[claims.owners]
    of_subjects = sums.take(named)
    if not of_subjects.owners.size:
        return found, is_there
    keys = _keyed(of_subjects.owners, of_subjects.subjects)
    coded = pc.dictionary_encode(keys)
    values = np.full(len(coded.dictionary), start, np.int64)
    gather(values, np.asarray(coded.indices, np.int64), of_subjects.amounts.units)
    places = pc.index_in(_keyed(claims.owners, subjects_of(claims)), value_set=coded.dictionary)
    is_there = np.asarray(pc.is_valid(places), bool)
    found[is_there] = values[np.asarray(places.drop_null(), np.int64)]
    return found, is_there


def expected_for(sight: Sight, claims: Claims) -> Numbers:
    """The lowest expectation that fits each claim (fen); one without a subject fits every claim."""
    most = np.iinfo(np.int64).max
    lowest, is_expected = np.full(claims.size, most), np.zeros(claims.size, bool)
    wanted = _of_item(sight.portfolio.expected, sight, claims)
    wanted = wanted.take(wanted.years == sight.portfolio.claim_years[wanted.owners])
    if wanted.owners.size:
        lowest, is_expected = _of_subjects(sight, claims, wanted, np.minimum.at, most)
        general = wanted.take(np.asarray(pc.is_null(wanted.subjects), bool))
        by_owner = np.full(sight.portfolio.size, most)
        np.minimum.at(by_owner, general.owners, general.amounts.units)
        lowest = np.minimum(lowest, by_owner[claims.owners])
        is_expected |= np.isin(claims.owners, general.owners)
    if claims.entries is not None:
        for name, field in sight.rules.vocabulary.tables[_table(claims)].fields.items():
            column = claims.entries.fields.get(name)
            if field.expects and isinstance(column, Numbers):
                lowest = np.where(column.known, np.minimum(lowest, column.units), lowest)
                is_expected = is_expected | column.known
    return Numbers(np.where(is_expected, lowest, 0), is_expected, FEN)
