"""Many parsed documents as a portfolio: read key by key, with the readers of the strict loader.

Only what the strict loader would accept, and read the same, becomes a member; all else is left to it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from calc.batch.intake.base import Intake, fits_columns
from calc.batch.intake.keys import keys_of
from calc.batch.intake.rows import readers
from calc.batch.intake.rows.entries import agreements_of, entries_of, sums_of
from calc.batch.intake.rows.filling import column_of, fitting, numbers, scattered, texts
from calc.batch.intake.rows.gathering import (
    Content,
    Filled,
    Rows,
    add_table,
    by_owner,
    by_year,
    check_keys,
    read_key,
    single_tables,
)
from calc.batch.intake.safe_texts import credit_codes
from calc.batch.joining import can_join, joined
from calc.batch.portfolio import YEARS_BACK, Bits, Column, Numbers, Portfolio
from calc.enterprise.schema import FIRST_YEAR, LAST_YEAR, YEARS_BEFORE, known_parts
from calc.enterprise.vocabulary import Vocabulary

_TOGETHER: Final = 500
"""So many documents are read key by key at once: more would not stay in a core's cache."""


def portfolio_of_documents(
    contents: Sequence[Content], vocabulary: Vocabulary, items: tuple[str, ...], claim_year: int | None
) -> Intake:
    """Take in documents as the parsers give them, decimals as ``FloatText``.

    ``items`` are the identifiers that a file may name; ``claim_year`` wins over a document's own.
    """
    starts = range(0, max(len(contents), 1), _TOGETHER)
    parts = [
        _taken_in(contents[start : start + _TOGETHER], vocabulary, items, claim_year) for start in starts
    ]
    portfolios = [part.portfolio for part in parts]
    if not can_join(portfolios):
        return _taken_in(contents, vocabulary, items, claim_year)
    return Intake(
        joined(portfolios),
        np.concatenate([part.places + start for part, start in zip(parts, starts, strict=True)]),
        tuple(place + start for part, start in zip(parts, starts, strict=True) for place in part.rest),
    )


def _taken_in(
    contents: Sequence[Content], vocabulary: Vocabulary, items: tuple[str, ...], claim_year: int | None
) -> Intake:
    """Take in all of some documents at once."""
    places = range(len(contents))
    if not fits_columns(vocabulary):
        nobody = _portfolio((), vocabulary, items, claim_year, set())
        return Intake(nobody, np.empty(0, np.int64), tuple(places))
    known = frozenset(known_parts(vocabulary))
    doubtful = {
        place
        for place, content in enumerate(contents)
        if not known >= content.keys() or "enterprise" not in content
    }
    portfolio = _portfolio(contents, vocabulary, items, claim_year, doubtful)
    is_plain = np.fromiter((place not in doubtful for place in places), np.bool_, len(contents))
    if doubtful:
        portfolio = portfolio.take(is_plain)
    return Intake(portfolio, np.flatnonzero(is_plain), tuple(sorted(doubtful)))


def _portfolio(
    contents: Sequence[Content],
    vocabulary: Vocabulary,
    items: tuple[str, ...],
    claim_year: int | None,
    doubtful: set[int],
) -> Portfolio:
    """All documents, what cannot be read of them left out; the places of those that lose by it are noted."""
    size = len(contents)
    head = single_tables(contents, "enterprise", doubtful)
    keys = keys_of("enterprise", vocabulary)
    if claim_year is None:
        keys = {**keys, "claim_year": keys["claim_year"]._replace(is_required=True)}
    check_keys(head, keys, doubtful)

    def of_head(key: str, read: readers.Read) -> Filled:
        return by_owner(read_key(head, key, read, doubtful), head)

    usccs, are_none = credit_codes(texts(of_head("uscc", readers.text), size))
    doubtful.update(np.flatnonzero(are_none).tolist())
    own_years = of_head("claim_year", readers.year)
    years = own_years if claim_year is None else dict.fromkeys(range(size), claim_year)
    of_table = {
        name: entries_of(contents, table, vocabulary, doubtful) for name, table in vocabulary.tables.items()
    }
    return Portfolio(
        size=size,
        names=texts(of_head("name", readers.text), size),
        usccs=usccs,
        claim_years=scattered(years, size, np.int64),
        filing_days=numbers(of_head("filing_date", readers.day), size),
        in_zone=scattered(of_head("in_zone", readers.flag), size, np.bool_, absent=True),
        kinds=_kinds(contents, vocabulary, of_head, years, doubtful),
        fx=_rates(contents, vocabulary, doubtful),
        figures=_figures(contents, vocabulary, years, doubtful),
        entries={name: table for name, table in of_table.items() if len(table.owners)},
        agreements=agreements_of(contents, vocabulary, items, doubtful),
        received=sums_of(contents, "received", vocabulary, items, doubtful),
        expected=sums_of(contents, "expect", vocabulary, items, doubtful),
    )


def _kinds(
    contents: Sequence[Content],
    vocabulary: Vocabulary,
    of_head: Callable[[str, readers.Read], Filled],
    years: Filled,
    doubtful: set[int],
) -> Bits:
    """The kinds of the claim year: those named for it, or else those of every year."""
    read = readers.bits_reader(vocabulary.kinds)
    kinds = of_head("kinds", read)
    rows = single_tables(contents, "kinds", doubtful)
    for owner, year, words in by_year(rows, FIRST_YEAR, LAST_YEAR, doubtful):
        bits = read(words)
        if bits is None:
            doubtful.add(owner)
        elif year == years.get(owner):
            kinds[owner] = bits
    return scattered(kinds, len(contents), np.uint64)


def _rates(contents: Sequence[Content], vocabulary: Vocabulary, doubtful: set[int]) -> dict[str, Numbers]:
    """The exchange rates that anybody gives."""
    size, rates = len(contents), {}
    rows = single_tables(contents, "fx", doubtful)
    check_keys(rows, keys_of("fx", vocabulary), doubtful)
    for name, field in vocabulary.fx.items():
        given = by_owner(read_key(rows, name, readers.reader_of(field), doubtful), rows)
        filled = fitting(field, given, range(size), doubtful)
        if filled:
            rates[name] = numbers(filled, size, readers.finest_of(field.type))
    return rates


def _figures(
    contents: Sequence[Content], vocabulary: Vocabulary, years: Filled, doubtful: set[int]
) -> dict[tuple[str, int], Column]:
    """The yearly figures that a rule may look at, by name and years before the claim year."""
    size, rows, back = len(contents), Rows([], []), []
    of_years = single_tables(contents, "figures", doubtful)
    for owner, year, table in by_year(of_years, FIRST_YEAR - YEARS_BEFORE, LAST_YEAR, doubtful):
        if add_table(rows, owner, table, doubtful):
            back.append(years.get(owner, 0) - year)
    check_keys(rows, keys_of("figures", vocabulary), doubtful)
    columns = {}
    for name, field in vocabulary.figures.items():
        by_back: defaultdict[int, Filled] = defaultdict(dict)
        for place, value in read_key(rows, name, readers.reader_of(field), doubtful).items():
            by_back[back[place]][rows.owners[place]] = value
        for years_back in range(YEARS_BACK):
            filled = fitting(field, by_back[years_back], range(size), doubtful)
            if filled:
                columns[name, years_back] = column_of(field, filled, size)
    return columns
