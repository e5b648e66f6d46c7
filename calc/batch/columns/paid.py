"""Over columns: which agreements bar a claim, what it was paid before, and what it is expected to get."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calc.batch.columns.days import days_of_years
from calc.batch.columns.sight import Claims, Sight
from calc.batch.portfolio import (
    LARGEST_UNITS,
    Agreements,
    Bools,
    Ints,
    Numbers,
    Portfolio,
    Sums,
    Texts,
    repeated,
    take_texts,
)
from calc.enterprise.numbers import FEN
from calc.policy.forms import EntryTrigger

_MARK = "\x1f"
"""What no name holds, so that an owner and a subject are told apart in one text."""


def subjects_of(claims: Claims) -> pa.StringArray:
    """The subject of each claim, as in the contract."""
    if claims.entries is None or claims.places is None:
        return repeated(f"enterprise:{claims.item_id}", claims.size)
    names = take_texts(claims.entries.names, claims.places)
    return pc.binary_join_element_wise(pa.scalar(_table(claims)), names, ":")


def _table(claims: Claims) -> str:
    """The table of the entries that claims are on."""
    if not isinstance(claims.item.claim, EntryTrigger):
        raise LookupError(claims.item_id)
    return claims.item.claim.entry


def _keyed(owners: Ints, texts: pa.StringArray) -> pa.StringArray:
    """Texts told apart by their owners."""
    return pc.binary_join_element_wise(pc.cast(pa.array(owners), pa.string()), texts, _MARK)


class Declared(NamedTuple):
    """What enterprises declare beside their figures, once for the claims of every item.

    ``covered`` are those of whose agreements in force one names an item or, by ``*``, everything;
    ``subjects`` are what else such agreements name, by owner, ``tables`` the tables of these,
    ``have_subjects`` the owners.  ``received`` is what an item was paid in years before the claim year,
    ``expected`` what it is expected to get in the claim year.
    """

    covered: Mapping[str, Bools]
    subjects: pa.StringArray
    tables: frozenset[str]
    have_subjects: Bools
    received: Mapping[str, Sums]
    expected: Mapping[str, Sums]


def declared_in(sight: Sight) -> Declared:
    """What a portfolio declares."""
    portfolio = sight.portfolio
    active = _in_force(portfolio)
    codes, words = _encoded(active.covers)
    names_subject = np.array([":" in word for word in words], bool)
    covered = {}
    for code, word in enumerate(words):
        if not names_subject[code]:
            covered[word] = _marked(active.owners[codes == code], portfolio.size)
    with_subject = active.take(names_subject[codes]) if words else active
    received, expected = portfolio.received, portfolio.expected
    return Declared(
        covered,
        _keyed(with_subject.owners, with_subject.covers),
        frozenset(word.partition(":")[0] for word in words if ":" in word),
        _marked(with_subject.owners, portfolio.size),
        _by_item(received.take(received.years < portfolio.claim_years[received.owners]), sight),
        _by_item(expected.take(expected.years == portfolio.claim_years[expected.owners]), sight),
    )


def _in_force(portfolio: Portfolio) -> Agreements:
    """The agreements in force on the filing day or, without one, at any time in the claim year."""
    agreements = portfolio.agreements
    years = portfolio.claim_years[agreements.owners]
    filing = portfolio.filing_days.take(agreements.owners)
    first, last = days_of_years(years), days_of_years(years + 1) - 1
    is_dated = filing.known & (first <= filing.units) & (filing.units <= last)
    first, last = np.where(is_dated, filing.units, first), np.where(is_dated, filing.units, last)
    return agreements.take((agreements.until >= first) & (agreements.since <= last))


def _encoded(texts: pa.StringArray) -> tuple[Ints, list[str]]:
    """A number for each text, and the texts by their numbers."""
    coded = pc.dictionary_encode(texts)
    return np.asarray(coded.indices, np.int64), coded.dictionary.to_pylist()


def _marked(owners: Ints, size: int) -> Bools:
    """Which of so many enterprises are among the owners."""
    marks = np.zeros(size, bool)
    marks[owners] = True
    return marks


def _by_item(sums: Sums, sight: Sight) -> dict[str, Sums]:
    """The sums of each item, in order."""
    names = sight.rules.item_ids
    return {names[number]: sums.take(sums.items == number) for number in np.unique(sums.items).tolist()}


def covered(sight: Sight, claims: Claims, declared: Declared) -> Bools:
    """Where an agreement is in force that covers the claim's subject, its item or everything."""
    bars = np.zeros(claims.size, bool)
    for word in ("*", claims.item_id):
        if word in declared.covered:
            bars |= declared.covered[word][claims.owners]
    whole = None if claims.entries is None else sight.rules.vocabulary.tables[_table(claims)].belongs_to
    of_itself = ("enterprise" if claims.entries is None else _table(claims)) in declared.tables
    of_whole = whole is not None and whole[0] in declared.tables
    if not (of_itself or of_whole):
        return bars
    rows = np.flatnonzero(declared.have_subjects[claims.owners])
    some = claims.take(rows)
    marks = [subjects_of(some)] if of_itself else []
    if whole is not None and whole[0] in declared.tables:
        column = some.column(whole[1])
        if isinstance(column, Texts):
            marks.append(pc.binary_join_element_wise(pa.scalar(whole[0]), column.texts, ":"))
    for texts in marks:
        is_covered = pc.is_in(_keyed(some.owners, texts), value_set=declared.subjects)
        bars[rows] |= np.asarray(pc.fill_null(is_covered, False), bool)
    return bars


class Paid(NamedTuple):
    """What claims were paid in earlier years (fen): to their own subject, and for their item in all.

    ``is_own`` says whether anything was, of whatever amount; ``fits`` where the sums can be told.
    """

    own: Ints
    is_own: Bools
    in_all: Ints
    is_any: Bools
    fits: Bools


def paid_before(sight: Sight, claims: Claims, declared: Declared) -> Paid | None:
    """What the claims' item was paid in years before the claim year; ``None`` where nobody was."""
    earlier = declared.received.get(claims.item_id)
    if earlier is None:
        return None
    amounts, size = earlier.amounts.units, sight.portfolio.size
    in_all = np.zeros(size, np.int64)
    np.add.at(in_all, earlier.owners, amounts)
    is_any = _marked(earlier.owners, size)[claims.owners]
    fits = _sums_fit(earlier.owners, amounts, size)[claims.owners]
    own, is_own = _of_subjects(sight, claims, earlier, np.add.at, 0)
    return Paid(own, is_own, in_all[claims.owners], is_any, fits)


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
    found, is_there = np.full(claims.size, start, np.int64), np.zeros(claims.size, bool)
    of_subjects = sums.take(np.asarray(pc.is_valid(sums.subjects), bool))
    coded = pc.dictionary_encode(_keyed(of_subjects.owners, of_subjects.subjects))
    values = np.full(len(coded.dictionary), start, np.int64)
    gather(values, np.asarray(coded.indices, np.int64), of_subjects.amounts.units)
    rows = np.flatnonzero(_marked(of_subjects.owners, sight.portfolio.size)[claims.owners])
    some = claims.take(rows)
    places = pc.index_in(_keyed(some.owners, subjects_of(some)), value_set=coded.dictionary)
    rows = rows[np.asarray(pc.is_valid(places), bool)]
    found[rows], is_there[rows] = values[np.asarray(places.drop_null(), np.int64)], True
    return found, is_there


def expected_for(sight: Sight, claims: Claims, declared: Declared) -> Numbers:
    """The lowest expectation that fits each claim (fen); one without a subject fits every claim."""
    most = np.iinfo(np.int64).max
    wanted = declared.expected.get(claims.item_id)
    if wanted is None:
        lowest, is_expected = np.full(claims.size, most), np.zeros(claims.size, bool)
    else:
        lowest, is_expected = _of_subjects(sight, claims, wanted, np.minimum.at, most)
        general = wanted.take(np.asarray(pc.is_null(wanted.subjects), bool))
        by_owner = np.full(sight.portfolio.size, most)
        np.minimum.at(by_owner, general.owners, general.amounts.units)
        lowest = np.minimum(lowest, by_owner[claims.owners])
        is_expected |= _marked(general.owners, sight.portfolio.size)[claims.owners]
    if claims.entries is not None:
        for name, field in sight.rules.vocabulary.tables[_table(claims)].fields.items():
            column = claims.column(name) if field.expects else None
            if isinstance(column, Numbers):
                lowest = np.where(column.known, np.minimum(lowest, column.units), lowest)
                is_expected = is_expected | column.known
    return Numbers(np.where(is_expected, lowest, 0), is_expected, FEN)
