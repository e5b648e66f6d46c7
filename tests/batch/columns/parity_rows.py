"""Compares the rows of the answer that the columns write with those of one enterprise at a time."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from calc.batch.answers import Question, schema_of
from calc.batch.fast import answer_at_once
from calc.batch.intake.rows.documents import portfolio_of_documents
from calc.batch.single import answer_document
from calc.enterprise.documents import Document


def hold_rows_alike(documents: Sequence[dict[str, Any]], question: Question) -> int:
    """Compare every row of the documents that columns answer; how many rows there were."""
    rules = question.rules
    taken = portfolio_of_documents(documents, rules.vocabulary, rules.item_ids, question.claim_year)
    answered = answer_at_once(taken, question)
    names = schema_of(question).names
    assert answered.table.schema == schema_of(question)
    assert answered.places.tolist() == sorted(answered.places.tolist())
    rows: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for place, row in zip(answered.places.tolist(), answered.table.to_pylist(), strict=True):
        rows[place].append(row)
    for place in {*range(len(documents))} - {*answered.rest}:
        alone = answer_document(Document("x", "", is_json=True, content=dict(documents[place])), question)
        assert not alone.problems
        assert rows[place] == [{name: row.get(name) for name in names} for row in alone.rows]
    return sum(map(len, rows.values()))
