"""What a piece holds: the enterprises that are plainly right, at once, and any row of it as a document."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from calc.batch.answers import Question
from calc.batch.intake.base import Intake
from calc.batch.intake.columns.contents import contents_of
from calc.batch.intake.columns.frames import portfolio_of_table
from calc.batch.intake.rows.documents import portfolio_of_documents
from calc.batch.intake.rows.lines import table_of_lines
from calc.batch.portfolio import Ints, repeated
from calc.batch.sources.columnar import table_of
from calc.batch.sources.documents import (
    Placed,
    contents_of_some,
    document_of,
    documents_of,
    documents_of_some,
    lines_of,
)
from calc.batch.sources.pieces import Columns, Csv, Frame, Lines, Piece
from calc.batch.sources.records import table_of_records
from calc.enterprise.documents import Document
from calc.enterprise.problems import InputError


class Held(NamedTuple):
    """The rows of a piece.

    ``taken``: what of them is plainly right; ``named``: the sources and the row numbers of the rows at some
    places; ``some``: those rows as documents.
    """

    taken: Intake
    named: Callable[[Ints], tuple[pa.Array, pa.Array]]
    some: Callable[[Sequence[int]], list[Placed]]


def held_in(piece: Piece, question: Question) -> Held:
    """The rows of a piece."""
    content, vocabulary = piece.content, question.rules.vocabulary
    if isinstance(content, Frame | Columns):
        try:
            table = table_of(content, piece.source, vocabulary)
            return held_in_table(table, piece.source, piece.first, question)
        except InputError as error:
            return _of_documents([Placed(piece.source, piece.first, error)], question)
    if isinstance(content, Lines):
        return _of_lines(piece, content.text, question)
    records = table_of_records(content, vocabulary) if isinstance(content, Csv) else None
    if records is not None:
        return _of_records(piece, records, question)
    return _of_documents(list(documents_of(piece, vocabulary)), question)


def held_in_table(table: pa.Table, source: str, first: int, question: Question) -> Held:
    """The rows of a table of enterprises; ``first`` is the number of its first row.

    Raises ``InputError`` with all columns that mean nothing.
    """

    def some(places: Sequence[int]) -> list[Placed]:
        contents = contents_of(table, places, question.rules.vocabulary)
        return [
            Placed(source, first + place, document_of(source, content))
            for place, content in zip(places, contents, strict=True)
        ]

    return _of_table(table, source, first, question, some)


def _of_records(piece: Piece, table: pa.Table, question: Question) -> Held:
    @cache
    def placed() -> list[Placed]:
        return list(documents_of(piece, question.rules.vocabulary))

    def some(places: Sequence[int]) -> list[Placed]:
        return [placed()[place] for place in places]

    return _of_table(table, piece.source, piece.first, question, some)


def _of_table(
    table: pa.Table,
    source: str,
    first: int,
    question: Question,
    some: Callable[[Sequence[int]], list[Placed]],
) -> Held:
    rules = question.rules
    taken = portfolio_of_table(table, rules.vocabulary, rules.item_ids, question.claim_year)

    def named(places: Ints) -> tuple[pa.Array, pa.Array]:
        return repeated(as_text(source), places.size), pa.array(places + first)

    return Held(taken, named, some)


def _of_lines(piece: Piece, text: bytes, question: Question) -> Held:
    rules, source = question.rules, piece.source
    asked = (rules.vocabulary, rules.item_ids, question.claim_year)
    lines, table = lines_of(text, piece.first), table_of_lines(text, rules.vocabulary)
    if table is None:
        taken = portfolio_of_documents(contents_of_some(lines), *asked)
    else:
        taken = portfolio_of_table(table, *asked)
    rows = np.array([row for row, _ in lines], np.int64)

    def named(places: Ints) -> tuple[pa.Array, pa.Array]:
        return repeated(as_text(source), places.size), pa.array(rows[places])

    def some(places: Sequence[int]) -> list[Placed]:
        return list(documents_of_some(source, [lines[place] for place in places]))

    return Held(taken, named, some)


def _of_documents(placed: Sequence[Placed], question: Question) -> Held:
    def some(places: Sequence[int]) -> list[Placed]:
        return [placed[place] for place in places]

    def named(places: Ints) -> tuple[pa.Array, pa.Array]:
        held = some(places.tolist())
        return (
            pa.array([as_text(one.source) for one in held], pa.string()),
            pa.array([one.row for one in held], pa.int64()),
        )

    rules = question.rules
    contents = (one.document.content if isinstance(one.document, Document) else None for one in placed)
    taken = portfolio_of_documents(contents, rules.vocabulary, rules.item_ids, question.claim_year)
    return Held(taken, named, some)


def as_text(source: str) -> str:
    """The name of a source as text that an output can hold."""
    # A file's name may hold bytes that are no text.
    return source.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
