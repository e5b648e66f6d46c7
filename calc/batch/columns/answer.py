"""The whole journey over columns: from what many enterprises declare to what each can claim."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from calc.batch.answers import Question
from calc.batch.columns.candidates import (
    Candidates,
    candidates_of,
    cap_slots,
    lacking_of,
    shared_limits,
)
from calc.batch.columns.claims import find_claims
from calc.batch.columns.evaluate import Outcomes, evaluate
from calc.batch.columns.paid import declared_in
from calc.batch.columns.readings import combine
from calc.batch.columns.runs import Runs
from calc.batch.columns.sight import Sight
from calc.batch.portfolio import Bools, Ints, Portfolio
from calc.engine.combine.problem import Stacking

_LARGEST_AMOUNT: Final = 2**40
"""An enterprise with a larger claim is worked out by itself, so that no sum of claims can wrap."""


class Answer(NamedTuple):
    """What the enterprises of one claim year's rules can claim (yuan).

    ``rows`` are their places in the portfolio, ``unfit`` those of them that columns cannot work out;
    ``grants`` what each candidate gets in the combination, ``totals`` what each reading pays in all;
    ``one_by_one`` how many parts of all combinations were left to the single engine;
    ``unproven`` the places in ``rows`` for which something that pays more may exist.
    """

    sight: Sight
    rows: Ints
    outcomes: tuple[Outcomes, ...]
    candidates: Candidates
    grants: Ints
    totals: dict[Stacking, Ints]
    unfit: Bools
    one_by_one: int
    unproven: frozenset[int]


def answer(portfolio: Portfolio, question: Question) -> Iterator[Answer]:
    """The answers for a portfolio, one for each set of rules that holds in its claim years.

    Raises ``NotColumnarError`` where the rules say something that columns do not.
    """
    years = np.unique(portfolio.claim_years)
    of_years: dict[int, list[int]] = {}
    for year in years.tolist():
        of_years.setdefault(id(question.rules.in_year(year)), []).append(year)
    for same in of_years.values():
        is_in = np.isin(portfolio.claim_years, same)
        part = portfolio if is_in.all() else portfolio.take(is_in)
        yield _answer(Sight(part, question.rules.in_year(same[0])), np.flatnonzero(is_in), question)


def _answer(sight: Sight, rows: Ints, question: Question) -> Answer:
    limits, unfit = shared_limits(sight)
    declared = declared_in(sight)
    outcomes = tuple(
        evaluate(sight, claims, question.count, declared, lacking_of(claims.item_id, limits))
        for claims in find_claims(sight)
    )
    for one in outcomes:
        unfit[one.claims.owners[~one.fits | (one.amounts > _LARGEST_AMOUNT)]] = True
    candidates = candidates_of(sight, outcomes, unfit)
    slots = cap_slots(candidates, limits)
    settled = combine(candidates, slots, sight.rules, question.stacking)
    return Answer(
        sight,
        rows,
        outcomes,
        candidates,
        settled[question.stacking].grants,
        {stacking: _totals(one.grants, candidates.owners, rows.size) for stacking, one in settled.items()},
        unfit,
        sum(one.one_by_one for one in settled.values()),
        frozenset(owner for one in settled.values() for owner in one.unproven),
    )


def _totals(grants: Ints, owners: Ints, size: int) -> Ints:
    totals, runs = np.zeros(size, np.int64), Runs.of(owners)
    totals[owners[runs.firsts]] = runs.sums(grants)
    return totals
