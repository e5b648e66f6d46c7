"""Arrow tables as a portfolio, column by column: as wide or as nested as people hand them in."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from calc.batch.intake.base import Intake, fits_columns
from calc.batch.intake.columns.entries import agreements_of, entries_of, sums_of
from calc.batch.intake.columns.header import check_columns
from calc.batch.intake.columns.joining import absent, joined, scattered, slim
from calc.batch.intake.columns.layout import Layout, layout_of
from calc.batch.intake.columns.reading import known_of, read_columns
from calc.batch.intake.columns.values import Leaf, Read
from calc.batch.intake.keys import Key, keys_of
from calc.batch.portfolio import (
    YEARS_BACK,
    Bits,
    Bools,
    Column,
    Ints,
    Numbers,
    Portfolio,
)
from calc.enterprise.vocabulary import Vocabulary

Reads: TypeAlias = dict[str, Read]


def portfolio_of_table(
    table: pa.Table, vocabulary: Vocabulary, items: tuple[str, ...], claim_year: int | None
) -> Intake:
    """Take in a table of enterprises, a row each: nested columns, dotted ones, or some of both.

    ``items`` are the identifiers that a file may name; ``claim_year`` wins over a row's own.  Nulls are
    absent.  Raises ``InputError`` with all columns that mean nothing.
    """
    check_columns(table.schema, vocabulary)
    return portfolio_of_layout(layout_of(table), vocabulary, items, claim_year)


def portfolio_of_layout(
    layout: Layout, vocabulary: Vocabulary, items: tuple[str, ...], claim_year: int | None
) -> Intake:
    """Take in what has been taken apart."""
    if not fits_columns(vocabulary):
        nobody = Layout(0, np.zeros(0, np.bool_))
        portfolio, _ = _portfolio(nobody, vocabulary, items, claim_year)
        return Intake(portfolio, np.zeros(0, np.int64), tuple(range(layout.size)))
    portfolio, rest = _portfolio(layout, vocabulary, items, claim_year)
    if rest.any():
        portfolio = portfolio.take(~rest)
    return Intake(slim(portfolio, vocabulary), np.flatnonzero(~rest), tuple(np.flatnonzero(rest).tolist()))


def _portfolio(
    layout: Layout, vocabulary: Vocabulary, items: tuple[str, ...], claim_year: int | None
) -> tuple[Portfolio, Bools]:
    """All rows, what cannot be read of them left out, and which of them lose by it."""
    size, rest = layout.size, layout.astray.copy()
    head = read_columns(layout.single["enterprise"], keys_of("enterprise", vocabulary), rest)
    rest |= ~known_of(head, "name", size)
    years = _numbers(head, "claim_year", size).units
    if claim_year is not None:
        years = np.full(size, claim_year)
    rest |= years == 0
    rates = read_columns(layout.single["fx"], keys_of("fx", vocabulary), rest)
    in_zone = head.get("in_zone")
    portfolio = Portfolio(
        size=size,
        names=_texts(head, "name", size),
        usccs=_texts(head, "uscc", size),
        claim_years=years,
        filing_days=_numbers(head, "filing_date", size),
        in_zone=np.ones(size, np.bool_) if in_zone is None else in_zone.column.are_set | ~in_zone.known,
        kinds=_kinds(layout, vocabulary, head, years, rest),
        fx={name: read.column for name, read in rates.items()},
        figures=_figures(layout, vocabulary, years, rest),
        entries={
            name: entries_of(layout.entries[name], table, vocabulary, rest)
            for name, table in vocabulary.tables.items()
            if layout.entries.get(name)
        },
        agreements=agreements_of(layout.entries["agreement"], vocabulary, items, rest),
        received=sums_of(layout.entries["received"], "received", vocabulary, items, rest),
        expected=sums_of(layout.entries["expect"], "expect", vocabulary, items, rest),
    )
    return portfolio, rest


def _kinds(layout: Layout, vocabulary: Vocabulary, head: Reads, years: Ints, rest: Bools) -> Bits:
    """The kinds of the claim year: those named for it, or else those of every year."""
    keys = keys_of("kinds", vocabulary)
    own = head.get("kinds")
    kinds: Bits = np.zeros(layout.size, np.uint64) if own is None else own.column.bits.copy()
    for owners, of_year, leaves in _of_years(layout, "kinds"):
        for read in read_columns(leaves, keys, rest, owners).values():
            at = read.known & (years[owners] == of_year)
            kinds[owners[at]] = read.column.bits[at]
    return kinds


def _figures(
    layout: Layout, vocabulary: Vocabulary, years: Ints, rest: Bools
) -> dict[tuple[str, int], Column]:
    """The yearly figures that a rule may look at, by name and years before the claim year."""
    keys, size = keys_of("figures", vocabulary), layout.size
    parts: defaultdict[str, list[tuple[Ints, Read]]] = defaultdict(list)
    for owners, of_year, leaves in _of_years(layout, "figures"):
        back = years[owners] - of_year
        places, is_wanted = back * size + owners, (back >= 0) & (back < YEARS_BACK)
        for name, read in read_columns(leaves, keys, rest, owners).items():
            at = np.flatnonzero(read.known & is_wanted)
            fine = np.ones(len(at), np.bool_)
            parts[name].append((places[at], Read(read.column.take(at), fine, ~fine)))
    columns: dict[tuple[str, int], Column] = {}
    for name, some in parts.items():
        whole = joined([read for _, read in some], keys[name])
        at = np.concatenate([places for places, _ in some])
        rest[at[whole.refused] % size] = True
        for years_back, column in enumerate(scattered(whole.column, at, YEARS_BACK, size)):
            columns[name, years_back] = column
    return columns


def _of_years(layout: Layout, part: str) -> Iterator[tuple[Ints, Ints | int, Mapping[str, Leaf]]]:
    """What is said of a year each: whose it is, the year, and the values of its keys."""
    everyone = np.arange(layout.size)
    for year, leaves in layout.of_years[part].items():
        yield everyone, year, leaves
    if part in layout.year_rows:
        rows, of_year = layout.year_rows[part]
        yield rows.owners, of_year, rows.leaves


def _numbers(reads: Reads, name: str, size: int) -> Numbers:
    numbers: Numbers = reads[name].column if name in reads else absent(Key("date"), size).column
    return numbers


def _texts(reads: Reads, name: str, size: int) -> pa.StringArray:
    return reads[name].column.texts if name in reads else pa.nulls(size, pa.string())
