"""Columns as rows of the answer: one for each enterprise, or one for each of its claims."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from calc.batch.answers import POOLED, SUMS, Question, schema_of
from calc.batch.columns.answer import Answer
from calc.batch.columns.evaluate import ELIGIBLE
from calc.batch.columns.paid import subjects_of
from calc.batch.columns.runs import joined, order_of
from calc.batch.portfolio import Bools, Ints, repeated
from calc.engine.outcomes import STATUSES

_OK: Final = "ok"


def wide_table(found: Answer, question: Question) -> pa.Table:
    """A row for each enterprise of an answer, in order; its place (``source``, ``row``) is left open."""
    portfolio, size = found.sight.portfolio, found.rows.size
    total = found.totals[question.stacking]
    sums = dict[str, Ints](found.totals.items()) | {"total": total, "paid": total}
    columns = {
        "name": portfolio.names,
        "uscc": portfolio.usccs,
        "claim_year": pa.array(portfolio.claim_years),
        "status": repeated(_OK, size),
        **{name: pa.array(sums[name]) for name in SUMS},
        **dict(_item_sums(found, size)),
    }
    if question.pools:
        origins, grants = found.candidates.origins, found.grants
        pooled = np.flatnonzero(_is_pooled(found, origins, grants, question))
        columns[POOLED] = _pooled(
            found, origins[pooled], grants[pooled], _offsets(found.candidates.owners[pooled], size)
        )
    return _as_asked(columns, size, question)


def _as_asked(columns: dict[str, pa.Array], size: int, question: Question) -> pa.Table:
    """The columns of an answer in their order; what nothing is known of is null."""
    schema = schema_of(question)
    arrays = [
        columns[field.name] if field.name in columns else pa.nulls(size, field.type) for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _item_sums(found: Answer, size: int) -> Iterator[tuple[str, pa.Array]]:
    """What the combination gives each item; null where no claim of it is eligible."""
    order = order_of(found.candidates.origins)
    ends = np.searchsorted(found.candidates.origins[order], np.arange(len(found.outcomes) + 1))
    for origin, one in enumerate(found.outcomes):
        owners = one.claims.owners[one.statuses == ELIGIBLE]
        if not owners.size:
            continue
        is_open, sums = np.zeros(size, bool), np.zeros(size, np.int64)
        is_open[owners] = True
        chosen = order[ends[origin] : ends[origin + 1]]
        np.add.at(sums, found.candidates.owners[chosen], found.grants[chosen])
        yield one.claims.item_id, _where(is_open, sums)


def _is_pooled(found: Answer, origins: Ints, grants: Ints, question: Question) -> Bools:
    """Which grants a pool pays."""
    names = (one.claims.item_id for one in found.outcomes)
    pooled = [place for place, name in enumerate(names) if name in question.pools]
    return np.asarray(np.isin(origins, pooled) & (grants > 0))


def _offsets(rows: Ints, size: int) -> pa.Array:
    """Where the values of each row begin, of values that stand in rising rows."""
    return pa.array(np.searchsorted(rows, np.arange(size + 1)).astype(np.int32))


def _pooled(found: Answer, origins: Ints, grants: Ints, offsets: pa.Array) -> pa.ListArray:
    """For each row the grants that a pool pays, claim by claim."""
    items = _named([one.claims.item_id for one in found.outcomes], origins)
    return pa.ListArray.from_arrays(
        offsets, pa.StructArray.from_arrays([items, pa.array(grants)], ["item", "granted"])
    )


def long_table(found: Answer, question: Question) -> tuple[pa.Table, Ints]:
    """A row for each claim of an answer, and whose it is (a place in the answer); services are no claims."""
    outcomes, portfolio = found.outcomes, found.sight.portfolio
    owners = joined([one.claims.owners for one in outcomes])
    origins = joined([np.full(one.claims.size, origin) for origin, one in enumerate(outcomes)])
    starts = np.cumsum([0, *(one.claims.size for one in outcomes)])
    granted = np.zeros(owners.size, np.int64)
    granted[starts[found.candidates.origins] + found.candidates.rows] = found.grants
    statuses = joined([one.statuses for one in outcomes])
    ceilings = joined([one.ceilings for one in outcomes])
    has_ceiling = joined([one.has_ceiling for one in outcomes]).astype(bool) & (statuses == ELIGIBLE)
    subjects = pa.chunked_array([subjects_of(one.claims) for one in outcomes], pa.string())
    order = np.argsort(owners, kind="stable")
    owners, origins, granted = owners[order], origins[order], granted[order]
    places = pa.array(owners)
    columns = {
        "name": portfolio.names.take(places),
        "uscc": portfolio.usccs.take(places),
        "claim_year": pa.array(portfolio.claim_years[owners]),
        "status": repeated(_OK, owners.size),
        "item": _named([one.claims.item_id for one in outcomes], origins),
        "subject": subjects.take(pa.array(order)).combine_chunks(),
        "claim_status": _named(STATUSES, statuses[order]),
        "grade": _named([one.claims.item.grade for one in outcomes], origins),
        "amount": pa.array(joined([one.amounts for one in outcomes])[order]),
        "ceiling": _where(has_ceiling[order], ceilings[order]),
        "granted": pa.array(granted),
        "paid": pa.array(granted),
    }
    if question.pools:
        rows = np.flatnonzero(_is_pooled(found, origins, granted, question))
        columns[POOLED] = _pooled(found, origins[rows], granted[rows], _offsets(rows, owners.size))
    return _as_asked(columns, owners.size, question), owners


def _where(known: Bools, values: Ints) -> pa.Array:
    """Some values, null where they are not known: none is copied."""
    bits = np.packbits(known, bitorder="little")
    return pa.Array.from_buffers(pa.int64(), values.size, [pa.py_buffer(bits), pa.py_buffer(values)])


def _named(names: Sequence[str], places: Ints) -> pa.StringArray:
    return pa.array(names, pa.string()).take(pa.array(places))
