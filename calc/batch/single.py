"""One enterprise at a time: the strict loader and the single engine behind a row of a batch."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from calc.batch.answers import ERROR, POOLED, Question
from calc.engine.combine.problem import STACKINGS
from calc.engine.estimate import Estimate, estimate
from calc.engine.outcomes import Eligible, Outcome, status_of
from calc.enterprise.documents import Document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.problems import InputError, Problem
from calc.enterprise.schema import LONGEST_NAME, is_unsafe

Row = dict[str, Any]
"""A row of the answer by its columns; what is absent is null."""

_YEARS: Final = range(1, 10_000)


class Answer(NamedTuple):
    """The rows of one enterprise, without its place; where it has no answer, one row and the problems."""

    rows: list[Row]
    problems: tuple[Problem, ...] = ()
    is_proven: bool = True


def answer_document(document: Document | InputError, question: Question) -> Answer:
    """Answer for one enterprise: one row, or one for each of its claims where they are asked for."""
    if isinstance(document, InputError):
        return Answer([{"status": ERROR}], document.problems)
    rules = question.rules
    try:
        loaded = enterprise_from(document, rules.vocabulary, rules.item_ids, claim_year=question.claim_year)
    except InputError as error:
        return Answer([{**_named(document.content, question), "status": ERROR}], error.problems)
    found = estimate(loaded.enterprise, rules, stacking=question.stacking, count=question.count)
    head = {
        "name": loaded.enterprise.name,
        "uscc": loaded.enterprise.uscc,
        "claim_year": found.claim_year,
        "status": "ok",
    }
    if question.is_long:
        return Answer([head | row for row in _claim_rows(found, question)], is_proven=found.is_proven)
    return Answer([head | _sums(found, question)], is_proven=found.is_proven)


def _named(content: Mapping[str, Any], question: Question) -> Row:
    """What an unsound file still says of who it is about."""
    declared = content.get("enterprise")
    if not isinstance(declared, Mapping):
        declared = {}
    year = declared.get("claim_year") if question.claim_year is None else question.claim_year
    is_year = isinstance(year, int) and not isinstance(year, bool) and year in _YEARS
    return {
        "name": _text(declared.get("name")),
        "uscc": _text(declared.get("uscc")),
        "claim_year": year if is_year else None,
    }


def _text(value: object) -> str | None:
    if not isinstance(value, str) or is_unsafe(value):
        return None
    # A broken surrogate is no text that a column could hold.
    return value[:LONGEST_NAME].encode("utf-8", "replace").decode("utf-8")


def _sums(found: Estimate, question: Question) -> Row:
    by_item: dict[str, int] = {}
    for index, outcome in enumerate(found.outcomes):
        if isinstance(outcome, Eligible):
            item = outcome.claim.item_id
            by_item[item] = by_item.get(item, 0) + found.granted(index)
    row: Row = {
        "total": found.total,
        **{reading: found.totals[reading] for reading in STACKINGS},
        "paid": found.total,
        **by_item,
    }
    if question.pools:
        claims = ((one.claim.item_id, found.granted(index)) for index, one in enumerate(found.outcomes))
        row[POOLED] = [_grant(item, sum_) for item, sum_ in claims if sum_ and item in question.pools]
    return row


def _grant(item: str, granted: int) -> Row:
    return {"item": item, "granted": granted}


def _claim_rows(found: Estimate, question: Question) -> list[Row]:
    return [
        _claim_row(outcome, found.granted(index), question) for index, outcome in enumerate(found.outcomes)
    ]


def _claim_row(outcome: Outcome, granted: int, question: Question) -> Row:
    claim = outcome.claim
    eligible = outcome if isinstance(outcome, Eligible) else None
    row: Row = {
        "item": claim.item_id,
        "subject": claim.subject,
        "claim_status": status_of(outcome),
        "grade": claim.item.grade,
        "amount": eligible.amount if eligible else 0,
        "ceiling": eligible.ceiling if eligible else None,
        "granted": granted,
        "paid": granted,
    }
    if question.pools:
        row[POOLED] = [_grant(claim.item_id, granted)] if granted and claim.item_id in question.pools else []
    return row
