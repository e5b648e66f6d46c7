"""Exact sums over many enterprises: small, and summed up in any order to the same."""

from collections import Counter
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from calc.batch.answers import Question, item_columns
from calc.batch.budget.seen import SIZES, Members, Seen
from calc.batch.columns.evaluate import ELIGIBLE
from calc.batch.portfolio import LARGEST_UNITS, Bools, Ints
from calc.engine.combine.problem import STACKINGS
from calc.engine.estimate import GRADES
from calc.engine.outcomes import STATUSES

Tally: TypeAlias = Counter[tuple[str, str, str]]
"""Counts and sums (yuan) by section, key and column, as ``("items", ITEM, "sum")``."""

WHOLE: Final = ""
"""The key of a section that has one row."""

NO_KIND: Final = "none"
"""The key of the enterprises that declare no kind."""


class Group(NamedTuple):
    """Some of the enterprises, as those of a kind; one may stand in several groups of a section."""

    section: str
    key: str
    rows: Bools


def groups_of(members: Members, question: Question) -> list[Group]:
    """All enterprises, and those of each claim year, kind and size."""
    everyone = np.ones(members.places.size, bool)
    kinds = (*question.rules.vocabulary.kinds, NO_KIND)
    flags = (*members.kinds, ~members.kinds.any(axis=0))
    return [
        Group("all", WHOLE, everyone),
        *(Group("years", str(year), members.years == year) for year in np.unique(members.years).tolist()),
        *(Group("kinds", kind, rows) for kind, rows in zip(kinds, flags, strict=True)),
        *(Group("sizes", size, members.sizes == place) for place, size in enumerate(SIZES)),
    ]


def tally_of(groups: list[Group], seen: Seen, question: Question) -> Tally:
    """What the enterprises of some groups get under some rules."""
    tally: Tally = Counter()
    total = seen.totals[question.stacking]
    claims = _claims_of_each(seen)
    for section, key, rows in groups:
        tally[section, key, "enterprises"] = int(rows.sum())
        tally[section, key, "granted"] = int((total[rows] > 0).sum())
        tally[section, key, "sum"] = exact_sum(total[rows])
        for column, counts in claims.items():
            tally[section, key, column] = int(counts[rows].sum())
    for stacking in STACKINGS:
        tally["readings", stacking, "sum"] = exact_sum(seen.totals[stacking])
    tally["all", WHOLE, "unproven"] = int(seen.unproven.sum())
    _add_claims(tally, seen, question)
    return tally


def _claims_of_each(seen: Seen) -> dict[str, Ints]:
    """How many claims each enterprise has, how many of them are eligible and granted something."""
    claimed, size = seen.claimed, seen.unproven.size
    chosen = {
        "claims": claimed.owners,
        "eligible": claimed.owners[claimed.statuses == ELIGIBLE],
        "granted_claims": claimed.owners[claimed.granted > 0],
    }
    return {column: np.bincount(owners, minlength=size) for column, owners in chosen.items()}


def _add_claims(tally: Tally, seen: Seen, question: Question) -> None:
    claimed, items = seen.claimed, item_columns(question.rules)
    counts = np.bincount(
        claimed.items * len(STATUSES) + claimed.statuses, minlength=len(items) * len(STATUSES)
    ).reshape(len(items), len(STATUSES))
    granted = np.bincount(claimed.items[claimed.granted > 0], minlength=len(items))
    sums = exact_sums(claimed.items, claimed.granted, len(items))
    for place, item in enumerate(items):
        for status, count in zip(STATUSES, counts[place].tolist(), strict=True):
            tally["items", item, status] = count
        tally["items", item, "granted"] = int(granted[place])
        tally["items", item, "sum"] = sums[place]
    for grade, amount in zip(GRADES, exact_sums(claimed.rests, claimed.granted, len(GRADES)), strict=True):
        tally["grades", grade, "sum"] = amount


def moves_of(groups: list[Group], change: Ints) -> Tally:
    """Who gains, who loses and who stays as he is, in each group; ``change``: what each gets more (yuan)."""
    tally: Tally = Counter()
    for section, key, rows in groups:
        of_group = change[rows]
        for who, some in (("gainers", of_group[of_group > 0]), ("losers", -of_group[of_group < 0])):
            tally[section, key, who] = some.size
            tally[section, key, f"{who}_sum"] = exact_sum(some)
        tally[section, key, "unchanged"] = int((of_group == 0).sum())
    return tally


def exact_sum(values: Ints) -> int:
    """The sum of some values that are not below 0, whatever their size."""
    return exact_sums(np.zeros(values.size, np.int64), values, 1)[0]


def exact_sums(places: Ints, values: Ints, number: int) -> list[int]:
    """The sums of the values at each of so many places; no value is below 0."""
    if values.size and int(values.max()) * values.size >= LARGEST_UNITS:
        large = np.zeros(number, object)
        np.add.at(large, places, values.astype(object))
        return [int(one) for one in large]
    sums = np.zeros(number, np.int64)
    np.add.at(sums, places, values)
    return sums.tolist()
