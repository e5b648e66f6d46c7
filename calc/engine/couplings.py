"""What ties the years of a plan together: claims that pay once, caps over several years."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from calc.engine.bars import left_of_caps, left_of_share
from calc.engine.claims import Claim, Facts
from calc.engine.combine.problem import Candidate, Cap
from calc.enterprise.numbers import whole_yuan


class Couplings(NamedTuple):
    """What holds between claims of different years, by candidate index.

    ``spent``: claims left out, because a cap over the years was lowered below what earlier years can pay.
    """

    conflicts: frozenset[tuple[int, int]]
    caps: tuple[Cap, ...]
    spent: frozenset[int]

    @property
    def is_empty(self) -> bool:
        """Whether each year can be settled for itself."""
        return not self.conflicts and not self.caps and not self.spent


class _Filing(NamedTuple):
    """A candidate with its year, and what that year's rules leave of a cap over the years."""

    year: int
    candidate: Candidate
    limit: int | None


def couplings_of(filings: Iterable[tuple[Facts, Claim, Candidate]]) -> Couplings:
    """What ties these claims together, each with the year it is seen from; in the order of the years.

    The rules of a year say of its own claims whether they pay once, and under which cap.
    """
    by_subject: defaultdict[tuple[str, str], list[_Filing]] = defaultdict(list)
    by_item: defaultdict[str, list[_Filing]] = defaultdict(list)
    conflicts: set[tuple[int, int]] = set()
    for facts, claim, one in filings:
        item, year = claim.item, facts.year
        cap_left, lifetime_left = left_of_caps(facts, claim)
        share_left = left_of_share(facts, claim)
        stage_caps = [one for one in (cap_left, share_left) if isinstance(one, int | Fraction)]
        staged = whole_yuan(min(stage_caps)) if item.pays == "stages" and stage_caps else None
        if item.pays == "difference":
            staged = one.amount
        same = by_subject[one.item, one.subject]
        if item.pays == "once":
            conflicts.update((earlier.candidate.index, one.index) for earlier in same)
        same.append(_Filing(year, one, staged))
        for_good = None if lifetime_left is None else whole_yuan(lifetime_left)
        by_item[one.item].append(_Filing(year, one, for_good))
    caps: list[Cap] = []
    spent: set[int] = set()
    for group in (*by_subject.values(), *by_item.values()):
        for found in _caps_over_years(group):
            if isinstance(found, Cap):
                caps.append(found)
            else:
                spent.add(found)
    return Couplings(frozenset(conflicts), tuple(caps), frozenset(spent))


def _caps_over_years(group: Sequence[_Filing]) -> Iterator[Cap | int]:
    """The caps that bind claims of several years, and the claims for which nothing can be left.

    A year's cap holds for it and all years before it; it is left out where the next year's says as much.
    """
    if len({one.year for one in group}) == 1 or all(one.limit is None for one in group):
        return
    counted: list[Candidate] = []
    caps: list[tuple[int, list[Candidate]]] = []
    reached = 0
    for _, filings in groupby(group, lambda one: one.year):
        of_year = list(filings)
        limit = min((one.limit for one in of_year if one.limit is not None), default=None)
        if limit is not None and counted and reached >= limit and _fell(caps, limit):
            yield from (one.candidate.index for one in of_year)
            continue
        counted = [*counted, *(one.candidate for one in of_year)]
        reached += _sum(one.candidate for one in of_year)
        if limit is not None:
            reached = min(reached, limit)
            caps.append((limit, counted))
    for place, (limit, members) in enumerate(caps):
        is_implied = any(later <= limit for later, _ in caps[place + 1 :])
        if not is_implied and len(members) > 1 and _sum(members) > limit:
            yield Cap(limit, frozenset(one.index for one in members))


def _fell(caps: Sequence[tuple[int, list[Candidate]]], limit: int) -> bool:
    return any(earlier > limit for earlier, _ in caps) or not caps


def _sum(candidates: Iterable[Candidate]) -> int:
    return sum(one.amount for one in candidates)
