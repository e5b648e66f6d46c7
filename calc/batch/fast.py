"""The fast road: what is plainly right through the columns, at once."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from calc.batch.answers import Question, schema_of
from calc.batch.columns.answer import Answer, answer
from calc.batch.columns.claims import NotColumnarError
from calc.batch.columns.tables import long_table, wide_table
from calc.batch.intake.base import Intake
from calc.batch.portfolio import Ints


class Answered(NamedTuple):
    """Rows of the answer, each with the place of its enterprise among those given; they rise.

    ``rest`` are the places of the enterprises that the single engine has to answer; ``one_by_one`` counts the
    parts of combinations that it settled; ``unproven`` are the places for which more may exist.
    """

    table: pa.Table
    places: Ints
    rest: tuple[int, ...]
    one_by_one: int = 0
    unproven: tuple[int, ...] = ()


def answer_at_once(taken: Intake, question: Question) -> Answered:
    """Answer for all that was taken in."""
    try:
        found = list(answer(taken.portfolio, question)) if taken.portfolio.size else []
    except NotColumnarError:
        everyone = sorted([*taken.places.tolist(), *taken.rest])
        return Answered(schema_of(question).empty_table(), np.zeros(0, np.int64), tuple(everyone))
    parts = [_rows_of(one, taken.places[one.rows], question) for one in found]
    unfit = [taken.places[one.rows[one.unfit]] for one in found]
    table, places = in_order(parts, question)
    return Answered(
        table,
        places,
        tuple(sorted([*taken.rest, *(place for part in unfit for place in part.tolist())])),
        sum(one.one_by_one for one in found),
        tuple(int(taken.places[one.rows[owner]]) for one in found for owner in sorted(one.unproven)),
    )


def _rows_of(found: Answer, places: Ints, question: Question) -> tuple[pa.Table, Ints]:
    if question.is_long:
        table, owners = long_table(found, question)
    else:
        table, owners = wide_table(found, question), np.arange(places.size)
    if not found.unfit.any():
        return table, places[owners]
    kept = ~found.unfit[owners]
    return table.filter(pa.array(kept)), places[owners[kept]]


def in_order(parts: list[tuple[pa.Table, Ints]], question: Question) -> tuple[pa.Table, Ints]:
    """Tables of rows as one, in the order of their places."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return schema_of(question).empty_table(), np.zeros(0, np.int64)
    table = pa.concat_tables([table for table, _ in parts])
    places = np.concatenate([places for _, places in parts])
    order = np.argsort(places, kind="stable")
    return table.take(pa.array(order)), places[order]
