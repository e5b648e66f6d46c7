"""What a worker does: the answer to one piece, a pure function from a piece to a table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from calc.batch.answers import ERROR, UNPROVEN, Question, schema_of
from calc.batch.fast import Answered, answer_at_once, in_order
from calc.batch.held import Held, as_text, held_in, held_in_table
from calc.batch.single import Answer, Row, answer_document
from calc.batch.sources.documents import Placed
from calc.batch.sources.pieces import Piece
from calc.enterprise.cells import Unread
from calc.enterprise.problems import Problem

Tell: TypeAlias = Callable[[Sequence[Problem], int | None], str]
"""What is wrong with one input, and the row it stands in, as one line of text."""


def answer_piece(piece: Piece, question: Question, tell: Tell) -> pa.Table:
    """The answer to every enterprise of a piece, with the columns of ``schema_of``, in order."""
    return _answered(held_in(piece, question), question, tell)


def answer_table(table: pa.Table, source: str, first: int, question: Question, tell: Tell) -> pa.Table:
    """The answer to a table of enterprises; ``first`` is the number of its first row.

    Raises ``InputError`` with all columns that mean nothing.
    """
    return _answered(held_in_table(table, source, first, question), question, tell)


def _answered(held: Held, question: Question, tell: Tell) -> pa.Table:
    answered = answer_at_once(held.taken, question)
    table = _with_places(answered.table, *held.named(answered.places))
    slow = list(zip(answered.rest, held.some(answered.rest), strict=True))
    return _together(answered._replace(table=table), slow, question, tell)


def _with_places(table: pa.Table, sources: pa.Array, rows: pa.Array) -> pa.Table:
    return table.set_column(0, "source", sources).set_column(1, "row", rows)


def _together(
    answered: Answered, slow: Sequence[tuple[int, Placed]], question: Question, tell: Tell
) -> pa.Table:
    """What was answered at once, and the rest one by one, in order."""
    found = [(place, one, answer_document(one.document, question)) for place, one in slow]
    rows = [(place, row) for place, one, answer in found for row in _rows(one, answer, tell)]
    one_by_one = pa.Table.from_pylist([row for _, row in rows], schema_of(question))
    places = np.array([place for place, _ in rows], np.int64)
    parts = [
        (table, places)
        for table, places in ((answered.table, answered.places), (one_by_one, places))
        if table.num_rows
    ]
    unproven = len(answered.unproven) + sum(not answer.is_proven for *_, answer in found)
    table = in_order(parts, question)[0]
    return table.replace_schema_metadata({UNPROVEN: str(unproven)}) if unproven else table


def _rows(placed: Placed, answer: Answer, tell: Tell) -> list[Row]:
    place: Row = {"source": as_text(placed.source), "row": placed.row}
    if answer.problems:
        place[ERROR] = says_of(placed, answer.problems, tell)
    return [place | row for row in answer.rows]


def says_of(placed: Placed, problems: Sequence[Problem], tell: Tell) -> str:
    """What is wrong with one input, each problem at the column that the reader sees."""
    return tell([_in_columns(one, placed) for one in problems], placed.row)


def _in_columns(problem: Problem, placed: Placed) -> Problem:
    """A problem at the column, and in the row of the sheet, that the reader sees."""
    if placed.line is not None:
        problem = problem._replace(details={**problem.details, "line_of_sheet": placed.line})
    if not placed.is_of_cells or not problem.path:
        return problem
    if isinstance(problem.value, Unread):
        code = "no_result" if problem.value.startswith("=") else "error_cell"
        problem = problem._replace(code=code, nearest=None, details=_without_words(problem.details))
    column_of = placed.column_of
    path = problem.path if column_of is None else tuple(column_of(problem.path).split("."))
    return problem._replace(path=path, details={**problem.details, "is_cell": True})


def _without_words(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: detail for name, detail in details.items() if name not in ("allowed", "labels")}
