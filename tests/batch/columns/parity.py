"""Compares what the columns answer with what the single engine does, claim by claim."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from calc.batch.answers import Question
from calc.batch.columns.answer import Answer, answer
from calc.batch.columns.evaluate import ELIGIBLE
from calc.batch.columns.paid import subjects_of
from calc.batch.intake.rows.documents import portfolio_of_documents
from calc.engine.estimate import Estimate, estimate
from calc.engine.outcomes import STATUSES, Barred, Eligible, Ineligible
from calc.enterprise.documents import Document
from calc.enterprise.loader import enterprise_from

Row = tuple[str, str, str, int | None, int, int]
"""A claim: item, subject, status, ceiling, amount, granted."""


def from_columns(found: Answer) -> dict[int, list[Row]]:
    """The claims of each enterprise of an answer, by its place in the portfolio."""
    granted = {
        (origin, row): grant
        for origin, row, grant in zip(
            found.candidates.origins.tolist(),
            found.candidates.rows.tolist(),
            found.grants.tolist(),
            strict=True,
        )
    }
    rows: defaultdict[int, list[Row]] = defaultdict(list)
    for origin, one in enumerate(found.outcomes):
        subjects = subjects_of(one.claims).to_pylist()
        for row, owner in enumerate(one.claims.owners.tolist()):
            is_eligible = one.statuses[row] == ELIGIBLE
            ceiling = int(one.ceilings[row]) if is_eligible and one.has_ceiling[row] else None
            rows[int(found.rows[owner])].append(
                (
                    one.claims.item_id,
                    subjects[row],
                    STATUSES[one.statuses[row]],
                    ceiling,
                    int(one.amounts[row]),
                    granted.get((origin, row), 0),
                )
            )
    return rows


def from_engine(answered: Estimate) -> list[Row]:
    rows: list[Row] = []
    for place, outcome in enumerate(answered.outcomes):
        match outcome:
            case Barred():
                status, ceiling, amount = "barred", None, 0
            case Ineligible():
                status, ceiling, amount = "ineligible", None, 0
            case Eligible():
                status, ceiling, amount = "eligible", outcome.ceiling, outcome.amount
            case _:
                status, ceiling, amount = "needs_input", None, 0
        claim = outcome.claim
        rows.append((claim.item_id, claim.subject, status, ceiling, amount, answered.granted(place)))
    return rows


def hold_alike(documents: Sequence[dict[str, Any]], question: Question) -> dict[str, int]:
    """Compare every document that the columns take in; how many there were, and how they were settled."""
    rules = question.rules
    taken = portfolio_of_documents(documents, rules.vocabulary, rules.item_ids, question.claim_year)
    counts = {
        "documents": len(documents),
        "rest": len(taken.rest),
        "unfit": 0,
        "claims": 0,
        "one_by_one": 0,
    }
    for found in answer(taken.portfolio, question):
        rows = from_columns(found)
        counts["unfit"] += int(found.unfit.sum())
        counts["one_by_one"] += found.one_by_one
        counts["claims"] += found.candidates.size
        for owner, place in enumerate(found.rows.tolist()):
            if found.unfit[owner]:
                continue
            document = Document("x", "", True, dict(documents[taken.places[place]]))
            enterprise = enterprise_from(
                document, rules.vocabulary, rules.item_ids, claim_year=question.claim_year
            ).enterprise
            answered = estimate(enterprise, rules, stacking=question.stacking, count=question.count)
            assert rows[place] == from_engine(answered), document.content
            totals = {reading: int(found.totals[reading][owner]) for reading in found.totals}
            assert totals == answered.totals, document.content
    return counts
