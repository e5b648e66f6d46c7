"""What some enterprises are, and what each gets under some rules: as columns, from either engine."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from calc.batch.answers import Question, item_columns
from calc.batch.columns.answer import Answer, answer
from calc.batch.portfolio import Bools, Ints, Numbers, Portfolio, take_texts
from calc.engine.combine.problem import STACKINGS, Stacking
from calc.engine.estimate import GRADES, Estimate, rests_on
from calc.engine.outcomes import STATUSES, Eligible, status_of
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.numbers import WAN, YI, Number
from calc.policy.forms import FIGURE_YEARS

SIZES: Final = ("micro", "small", "medium", "large", "unknown")
"""Sizes of an enterprise by last year's revenue."""

SIZE_BOUNDS: Final = (300 * WAN, 2000 * WAN, 4 * YI)
"""The revenue (yuan) from which an enterprise is small, medium, large: 工信部联企业〔2011〕300号, industry.

That classification looks at the head count too, which no enterprise file declares.
"""

_UNKNOWN: Final = SIZES.index("unknown")
_LAST_YEAR: Final = FIGURE_YEARS["last_year"]


class Members(NamedTuple):
    """Some enterprises: ``places`` among the rows of a piece; ``kinds`` has a row of flags for each kind.

    ``sizes`` are places in ``SIZES``.
    """

    places: Ints
    years: Ints
    kinds: Bools
    sizes: Ints
    names: pa.StringArray
    usccs: pa.StringArray

    def take(self, rows: Bools) -> "Members":
        """Those for which ``rows`` is true."""
        return Members(
            self.places[rows],
            self.years[rows],
            self.kinds[:, rows],
            self.sizes[rows],
            take_texts(self.names, rows),
            take_texts(self.usccs, rows),
        )


class Claimed(NamedTuple):
    """Claims, in any order: whose, of which item (a place in ``item_columns``), what became of each.

    ``statuses`` are places in ``STATUSES``, ``rests`` in ``GRADES``; ``granted`` in yuan.
    """

    owners: Ints
    items: Ints
    statuses: Ints
    rests: Ints
    granted: Ints


class Seen(NamedTuple):
    """What some enterprises get under some rules: what each reading pays in all (yuan), and every claim.

    ``unproven`` marks those for whom something that pays more may exist.
    """

    totals: dict[Stacking, Ints]
    claimed: Claimed
    unproven: Bools

    def take(self, rows: Bools) -> "Seen":
        """What those get for which ``rows`` is true."""
        kept = rows[self.claimed.owners]
        claimed = Claimed(*(column[kept] for column in self.claimed))
        places = np.cumsum(rows) - 1
        return Seen(
            {stacking: totals[rows] for stacking, totals in self.totals.items()},
            claimed._replace(owners=places[claimed.owners]),
            self.unproven[rows],
        )


def size_of(revenue: Number | None) -> int:
    """The size of an enterprise (a place in ``SIZES``) by its revenue in yuan."""
    return _UNKNOWN if revenue is None else sum(revenue >= bound for bound in SIZE_BOUNDS)


def members_of(portfolio: Portfolio, places: Ints, kinds: int) -> Members:
    """The enterprises of a portfolio; ``kinds``: how many the vocabulary has."""
    bits = portfolio.kinds[None, :] >> np.arange(kinds, dtype=np.uint64)[:, None]
    return Members(
        places,
        portfolio.claim_years,
        (bits & np.uint64(1)).astype(bool),
        _sizes(portfolio),
        portfolio.names,
        portfolio.usccs,
    )


def _sizes(portfolio: Portfolio) -> Ints:
    revenue = portfolio.figures.get(("revenue", _LAST_YEAR))
    if not isinstance(revenue, Numbers):
        return np.full(portfolio.size, _UNKNOWN)
    bounds = np.array([bound * revenue.scale for bound in SIZE_BOUNDS], np.int64)
    return np.where(revenue.known, np.searchsorted(bounds, revenue.units, side="right"), _UNKNOWN)


def seen_in_columns(portfolio: Portfolio, question: Question) -> tuple[Seen, Bools]:
    """What all enterprises of a portfolio get, and which of them columns cannot work out.

    Raises ``NotColumnarError`` where the rules say something that columns do not.
    """
    totals = {stacking: np.zeros(portfolio.size, np.int64) for stacking in STACKINGS}
    unfit, unproven = np.zeros(portfolio.size, bool), np.zeros(portfolio.size, bool)
    numbers = {name: number for number, name in enumerate(item_columns(question.rules))}
    parts = [_no_claims()]
    for found in answer(portfolio, question):
        for stacking, sums in found.totals.items():
            totals[stacking][found.rows] = sums
        unfit[found.rows[found.unfit]] = True
        parts += _claims(found, numbers)
        unproven[found.rows[sorted(found.unproven)]] = True
    claimed = Claimed(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    return Seen(totals, claimed, unproven), unfit


def _no_claims() -> Claimed:
    return Claimed(*(np.zeros(0, np.int64) for _ in Claimed._fields))


def _claims(found: Answer, numbers: dict[str, int]) -> list[Claimed]:
    """The claims of an answer, item by item."""
    order = np.argsort(found.candidates.origins, kind="stable")
    ends = np.searchsorted(found.candidates.origins[order], np.arange(len(found.outcomes) + 1))
    parts = []
    for origin, one in enumerate(found.outcomes):
        chosen = order[ends[origin] : ends[origin + 1]]
        granted = np.zeros(one.claims.size, np.int64)
        granted[found.candidates.rows[chosen]] = found.grants[chosen]
        grade = one.claims.item.grade
        if grade in GRADES:
            rests = np.full(one.claims.size, GRADES.index(grade))
        else:
            rests = np.where(one.are_expected, GRADES.index("expected"), GRADES.index("ceiling"))
        items = np.full(one.claims.size, numbers[one.claims.item_id])
        parts.append(Claimed(found.rows[one.claims.owners], items, one.statuses, rests, granted))
    return parts


def members_one_by_one(enterprises: Sequence[Enterprise], places: Ints, kinds: Sequence[str]) -> Members:
    """Enterprises that were read one by one."""
    held = [one.kinds_in(one.claim_year) for one in enterprises]
    revenues = [one.figures.get(one.claim_year - _LAST_YEAR, {}).get("revenue") for one in enterprises]
    return Members(
        places,
        np.array([one.claim_year for one in enterprises], np.int64),
        np.array([[kind in of for of in held] for kind in kinds], bool).reshape(len(kinds), len(held)),
        np.array([size_of(one if isinstance(one, int | Fraction) else None) for one in revenues], np.int64),
        pa.array([one.name for one in enterprises], pa.string()),
        pa.array([one.uscc for one in enterprises], pa.string()),
    )


def seen_one_by_one(estimates: Sequence[Estimate], question: Question) -> Seen:
    """What enterprises get that were estimated one by one, in order."""
    numbers = {name: number for number, name in enumerate(item_columns(question.rules))}
    rows = [
        (
            owner,
            numbers[outcome.claim.item_id],
            STATUSES.index(status_of(outcome)),
            GRADES.index(rests_on(outcome)) if isinstance(outcome, Eligible) else 0,
            one.granted(index),
        )
        for owner, one in enumerate(estimates)
        for index, outcome in enumerate(one.outcomes)
    ]
    columns = zip(*rows, strict=True) if rows else ((),) * len(Claimed._fields)
    return Seen(
        {stacking: np.array([one.totals[stacking] for one in estimates], np.int64) for stacking in STACKINGS},
        Claimed(*(np.array(column, np.int64) for column in columns)),
        np.array([not one.is_proven for one in estimates], bool),
    )
