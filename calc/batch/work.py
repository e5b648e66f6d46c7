"""What a worker does: the answer to one piece, a pure function from a piece to a table."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from calc.batch.answers import ERROR, UNPROVEN, Question, schema_of
from calc.batch.fast import Answered, answer_at_once, in_order
from calc.batch.intake.base import Intake
from calc.batch.intake.columns.contents import contents_of
from calc.batch.intake.columns.frames import portfolio_of_table
from calc.batch.intake.rows.documents import portfolio_of_documents
from calc.batch.single import Answer, Row, answer_document
from calc.batch.sources.columnar import table_of
from calc.batch.sources.documents import Placed, document_of, documents_of
from calc.batch.sources.pieces import Columns, Frame, Piece
from calc.enterprise.documents import Document
from calc.enterprise.problems import InputError, Problem
from calc.enterprise.vocabulary import Vocabulary

Tell: TypeAlias = Callable[[Sequence[Problem], int | None], str]
"""What is wrong with one input, and the row it stands in, as one line of text."""


def answer_piece(piece: Piece, question: Question, tell: Tell) -> pa.Table:
    """The answer to every enterprise of a piece, with the columns of ``schema_of``, in order."""
    if not isinstance(piece.content, Frame | Columns):
        return answer_documents(list(documents_of(piece, question.rules.vocabulary)), question, tell)
    try:
        table = table_of(piece.content, piece.source, question.rules.vocabulary)
        return answer_table(table, piece.source, piece.first, question, tell)
    except InputError as error:
        return answer_documents([Placed(piece.source, piece.first, error)], question, tell)


def answer_documents(placed: Sequence[Placed], question: Question, tell: Tell) -> pa.Table:
    """The answer to some documents, in order."""
    answered = answer_at_once(taken_in(placed, question), question)
    at_once = [placed[place] for place in answered.places.tolist()]
    table = _with_places(
        answered.table,
        pa.array([as_text(one.source) for one in at_once], pa.string()),
        pa.array([one.row for one in at_once], pa.int64()),
    )
    slow = [(place, placed[place]) for place in answered.rest]
    return _together(answered._replace(table=table), slow, question, tell)


def taken_in(placed: Sequence[Placed], question: Question) -> Intake:
    """What of some documents is plainly right; what is wrong is left with the rest."""
    rules = question.rules
    sound = [place for place, one in enumerate(placed) if isinstance(one.document, Document)]
    contents = [one.document.content for one in placed if isinstance(one.document, Document)]
    taken = portfolio_of_documents(contents, rules.vocabulary, rules.item_ids, question.claim_year)
    places = np.array(sound, np.int64)[taken.places]
    rest = sorted({*range(len(placed))} - {*places.tolist()})
    return Intake(taken.portfolio, places, tuple(rest))


def answer_table(table: pa.Table, source: str, first: int, question: Question, tell: Tell) -> pa.Table:
    """The answer to a table of enterprises; ``first`` is the number of its first row.

    Raises ``InputError`` with all columns that mean nothing.
    """
    rules = question.rules
    taken = portfolio_of_table(table, rules.vocabulary, rules.item_ids, question.claim_year)
    answered = answer_at_once(taken, question)
    sources = pa.array([as_text(source)]).take(pa.array(np.zeros(answered.places.size, np.int64)))
    at_once = _with_places(answered.table, sources, pa.array(answered.places + first))
    slow = rows_of(table, answered.rest, source, first, rules.vocabulary)
    numbered = list(zip(answered.rest, slow, strict=True))
    return _together(answered._replace(table=at_once), numbered, question, tell)


def rows_of(
    table: pa.Table, places: Sequence[int], source: str, first: int, vocabulary: Vocabulary
) -> list[Placed]:
    """Some rows of a table as documents; ``first`` is the number of its first row."""
    contents = contents_of(table, places, vocabulary)
    return [
        Placed(source, first + place, document_of(source, content))
        for place, content in zip(places, contents, strict=True)
    ]


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


def as_text(source: str) -> str:
    """The name of a source as text that an output can hold."""
    # A file's name may hold bytes that are no text.
    return source.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _in_columns(problem: Problem, placed: Placed) -> Problem:
    """A problem whose path is the column that the reader sees, and which says that a cell is wrong."""
    if not placed.is_of_cells or not problem.path:
        return problem
    column_of = placed.column_of
    path = problem.path if column_of is None else tuple(column_of(problem.path).split("."))
    return problem._replace(path=path, details={**problem.details, "is_cell": True})
