"""Puts portfolios one after the other."""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa

from calc.batch.portfolio import (
    LARGEST_UNITS,
    Agreements,
    Bits,
    Bools,
    Column,
    Entries,
    Flags,
    Ints,
    Numbers,
    Portfolio,
    Sums,
    Texts,
    Words,
    WordSets,
)

Key = TypeVar("Key")


def can_join(portfolios: Sequence[Portfolio]) -> bool:
    """Whether every number fits at the scale that all of its column need."""
    columns: dict[Any, list[Numbers]] = {}
    for portfolio in portfolios:
        for key, column in _numbers_of(portfolio):
            columns.setdefault(key, []).append(column)
    return all(_can_join(of_key) for of_key in columns.values())


def _numbers_of(portfolio: Portfolio) -> list[tuple[Any, Numbers]]:
    fields = {
        (table, name): column
        for table, part in portfolio.entries.items()
        for name, column in part.fields.items()
    }
    every: Mapping[Any, Column] = {**portfolio.fx, **portfolio.figures, **fields}
    return [(key, column) for key, column in every.items() if isinstance(column, Numbers)]


def _can_join(columns: Sequence[Numbers]) -> bool:
    scale = max(one.scale for one in columns)
    return all(int(one.units.max(initial=0)) * (scale // one.scale) < LARGEST_UNITS for one in columns)


def joined(portfolios: Sequence[Portfolio]) -> Portfolio:
    """The enterprises of several portfolios, in order; at least one, such that ``can_join`` holds."""
    if len(portfolios) == 1:
        return portfolios[0]
    sizes = [one.size for one in portfolios]
    starts = [0, *accumulate(sizes)][:-1]
    return Portfolio(
        size=sum(sizes),
        names=pa.concat_arrays([one.names for one in portfolios]),
        usccs=pa.concat_arrays([one.usccs for one in portfolios]),
        claim_years=_together(one.claim_years for one in portfolios),
        filing_days=_column([one.filing_days for one in portfolios], sizes),
        in_zone=_together(one.in_zone for one in portfolios),
        kinds=_together(one.kinds for one in portfolios),
        fx=_columns([one.fx for one in portfolios], sizes),
        figures=_columns([one.figures for one in portfolios], sizes),
        entries={
            name: _entries([one.entries.get(name) for one in portfolios], starts)
            for name in dict.fromkeys(name for one in portfolios for name in one.entries)
        },
        agreements=Agreements(
            _owners([one.agreements for one in portfolios], starts),
            _together(one.agreements.since for one in portfolios),
            _together(one.agreements.until for one in portfolios),
            pa.concat_arrays([one.agreements.covers for one in portfolios]),
        ),
        received=_sums([one.received for one in portfolios], starts),
        expected=_sums([one.expected for one in portfolios], starts),
    )


def _together(arrays: Any) -> Any:
    return np.concatenate(list(arrays))


def _owners(parts: Sequence[Any], starts: Sequence[int]) -> Ints:
    return np.concatenate([part.owners + start for part, start in zip(parts, starts, strict=True)])


def _sums(parts: Sequence[Sums], starts: Sequence[int]) -> Sums:
    return Sums(
        _owners(parts, starts),
        _together(part.items for part in parts),
        _together(part.years for part in parts),
        _column([part.amounts for part in parts], [part.owners.size for part in parts]),
        pa.concat_arrays([part.subjects for part in parts]),
    )


def _entries(parts: Sequence[Entries | None], starts: Sequence[int]) -> Entries:
    held = [(part, start) for part, start in zip(parts, starts, strict=True) if part is not None]
    tables = [part for part, _ in held]
    years = [part.years for part in tables if part.years is not None]
    return Entries(
        _owners(tables, [start for _, start in held]),
        pa.concat_arrays([part.names for part in tables]),
        _together(years) if years else None,
        _columns([part.fields for part in tables], [part.owners.size for part in tables]),
    )


def _columns(parts: Sequence[Mapping[Key, Any]], sizes: Sequence[int]) -> dict[Key, Any]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: _column([part.get(name) for part in parts], sizes) for name in names}


def _column(columns: Sequence[Any], sizes: Sequence[int]) -> Any:
    """One column after the other; ``None`` is one that nobody fills in."""
    kind = type(next(one for one in columns if one is not None))
    given = list(zip(columns, sizes, strict=True))

    def of(read: Callable[[Any], Any], absent: int, dtype: Any) -> Any:
        return _together(np.full(size, absent, dtype) if one is None else read(one) for one, size in given)

    if kind is Numbers:
        scale = max(one.scale for one in columns if one is not None)
        units: Ints = of(lambda one: one.units * (scale // one.scale), 0, np.int64)
        return Numbers(units, of(lambda one: one.known, False, bool), scale)
    if kind is Words:
        return Words(of(lambda one: one.codes, -1, np.int64))
    if kind is WordSets:
        bits: Bits = of(lambda one: one.bits, 0, np.uint64)
        return WordSets(bits, of(lambda one: one.known, False, bool))
    if kind is Flags:
        are_set: Bools = of(lambda one: one.are_set, False, bool)
        return Flags(are_set)
    return Texts(
        pa.concat_arrays([pa.nulls(size, pa.string()) if one is None else one.texts for one, size in given])
    )
