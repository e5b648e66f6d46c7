"""What a worker does: the answer to one piece, a pure function from a piece to a table."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import pyarrow as pa

from calc.batch.answers import ERROR, Question, schema_of
from calc.batch.reading import Placed, documents_of
from calc.batch.single import Row, answer_document
from calc.batch.sources.pieces import Piece
from calc.enterprise.problems import Problem

Tell: TypeAlias = Callable[[Sequence[Problem], int | None], str]
"""What is wrong with one input, and the row it stands in, as one line of text."""


def answer_piece(piece: Piece, question: Question, tell: Tell) -> pa.Table:
    """The answer to every enterprise of a piece, with the columns of ``schema_of``, in order."""
    return answer_documents(documents_of(piece, question.rules.vocabulary), question, tell)


def answer_documents(placed: Iterable[Placed], question: Question, tell: Tell) -> pa.Table:
    """The answer to some documents, in order."""
    rows = [row for one in placed for row in _rows(one, question, tell)]
    return pa.Table.from_pylist(rows, schema_of(question))


def _rows(placed: Placed, question: Question, tell: Tell) -> list[Row]:
    answer = answer_document(placed.document, question)
    # A file's name may hold bytes that are no text.
    source = placed.source.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    place: Row = {"source": source, "row": placed.row}
    if answer.problems:
        place[ERROR] = tell([_in_columns(one, placed) for one in answer.problems], placed.row)
    return [place | row for row in answer.rows]


def _in_columns(problem: Problem, placed: Placed) -> Problem:
    """A problem whose path is the column that the reader sees."""
    if placed.column_of is None or not problem.path:
        return problem
    return problem._replace(path=tuple(placed.column_of(problem.path).split(".")))
