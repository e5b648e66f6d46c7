"""A plan over several claim years: what to file when, so that the total over all years is the most."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from calc.engine.bars import left_of_caps
from calc.engine.claims import Facts, find_claims
from calc.engine.combine.problem import Candidate, Cap, Problem, Stacking, binding_caps, candidates_of, state
from calc.engine.combine.readings import combine, settle
from calc.engine.estimate import yearly_limits
from calc.engine.evaluate import Count, evaluate
from calc.engine.outcomes import Eligible, Outcome
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.numbers import whole_yuan
from calc.policy.rules import Rules


class PlannedClaim(NamedTuple):
    """A claim with the year in which it is filed and what it gets, in yuan."""

    year: int
    outcome: Eligible
    granted: int

    @property
    def entry_year(self) -> int | None:
        """The year the claim's entry names; ``None`` where it has no entry with a year."""
        entry = self.outcome.claim.entry
        return entry.year if entry is not None else None


@dataclass(frozen=True, slots=True)
class Plan:
    """The filings of each year, in order; ``outcomes`` holds every claim that could be filed in a year."""

    enterprise: Enterprise
    rules: Rules
    stacking: Stacking
    count: Count
    years: tuple[int, ...]
    outcomes: dict[int, tuple[Outcome, ...]]
    claims: tuple[PlannedClaim, ...]
    is_proven: bool

    @property
    def total(self) -> int:
        """The sum over all years, in yuan."""
        return sum(one.granted for one in self.claims)

    def claims_in(self, year: int) -> list[PlannedClaim]:
        """What is filed in one year."""
        return [one for one in self.claims if one.year == year]


def plan(  # noqa: PLR0913 -- the same options as an estimate, and the years
    enterprise: Enterprise,
    rules: Rules,
    years: Sequence[int],
    *,
    stacking: Stacking = "subject",
    count: Count = "ratio",
    defers: bool = False,
) -> Plan:
    """Plan the filings of consecutive claim years; ``once``, ``stages`` and caps for good hold over them.

    ``defers``: a claim of what pays once may be filed in a later year than its entry's.
    """
    found = _all_years(enterprise, rules, years, count, defers=defers)
    filings = [(one.year, outcome) for one in found for outcome in one.eligible]
    start = Facts(enterprise, rules.vocabulary, years[0], years[0])
    couplings = _couplings(start, filings, [one for year in found for one in year.candidates])
    if couplings.is_empty:
        choices = [combine(one.candidates, one.limits, stacking, rules) for one in found]
        grants = {index: amount for one in choices for index, amount in one.grants.items()}
        is_proven = all(one.is_proven for one in choices)
    else:
        choice = settle(_joint_problem(found, stacking, rules, couplings))
        grants, is_proven = choice.grants, choice.is_proven
    claims = tuple(PlannedClaim(*filings[index], granted) for index, granted in sorted(grants.items()))
    outcomes = {one.year: one.outcomes for one in found}
    return Plan(enterprise, rules, stacking, count, tuple(years), outcomes, claims, is_proven)


class _Year(NamedTuple):
    """What could be filed in one year."""

    year: int
    outcomes: tuple[Outcome, ...]
    eligible: tuple[Eligible, ...]
    candidates: tuple[Candidate, ...]
    limits: dict[str, int]


def _all_years(
    enterprise: Enterprise, rules: Rules, years: Sequence[int], count: Count, *, defers: bool
) -> list[_Year]:
    """Every year's outcomes; the places of candidates count on from year to year."""
    found: list[_Year] = []
    filed = 0
    for year in years:
        facts = Facts(enterprise, rules.vocabulary, year, years[0], defers)
        every = (evaluate(facts, rules.policy, claim, count) for claim in find_claims(facts, rules))
        outcomes = tuple(one for one in every if one.claim.item.grade != "service")
        eligible = tuple(one for one in outcomes if isinstance(one, Eligible))
        candidates = candidates_of(eligible, range(filed, filed + len(eligible)), rules)
        limits = yearly_limits(facts, [one.claim for one in eligible])
        found.append(_Year(year, outcomes, eligible, candidates, limits))
        filed += len(eligible)
    return found


class _Couplings(NamedTuple):
    """What ties the years together: claims that pay once, caps over all years."""

    conflicts: frozenset[tuple[int, int]]
    caps: tuple[Cap, ...]

    @property
    def is_empty(self) -> bool:
        return not self.conflicts and not self.caps


def _pairs(indices: Sequence[int]) -> Iterable[tuple[int, int]]:
    return ((first, second) for place, second in enumerate(indices) for first in indices[:place])


def _couplings(
    start: Facts, filings: Sequence[tuple[int, Eligible]], candidates: Sequence[Candidate]
) -> _Couplings:
    once: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    capped: defaultdict[tuple[str, str | None], list[Candidate]] = defaultdict(list)
    limits: dict[tuple[str, str | None], int] = {}
    for one in candidates:
        claim = filings[one.index][1].claim
        cap_left, lifetime_left = left_of_caps(start, claim)
        if claim.item.pays == "once":
            once[one.item, one.subject].append(one.index)
        if claim.item.pays == "stages" and cap_left is not None:
            capped[one.item, one.subject].append(one)
            limits[one.item, one.subject] = whole_yuan(cap_left)
        if lifetime_left is not None:
            capped[one.item, None].append(one)
            limits[one.item, None] = whole_yuan(lifetime_left)
    caps = tuple(
        Cap(limits[key], frozenset(one.index for one in members))
        for key, members in capped.items()
        if len({filings[one.index][0] for one in members}) > 1
        and sum(one.amount for one in members) > limits[key]
    )
    conflicts = frozenset(pair for indices in once.values() for pair in _pairs(indices))
    return _Couplings(conflicts, caps)


def _joint_problem(
    found: Sequence[_Year], stacking: Stacking, rules: Rules, couplings: _Couplings
) -> Problem:
    conflicts = set(couplings.conflicts)
    caps = list(couplings.caps)
    for year in found:
        yearly_caps = binding_caps(year.candidates, year.limits, rules)
        caps.extend(yearly_caps)
        if stacking == "strict":
            conflicts.update(_different_items(year.candidates))
        else:
            conflicts |= state(year.candidates, stacking, rules, yearly_caps).conflicts
    every = tuple(one for year in found for one in year.candidates)
    return Problem(every, frozenset(conflicts), tuple(caps), stacking == "expense")


def _different_items(candidates: Sequence[Candidate]) -> Iterable[tuple[int, int]]:
    """One item in all: claims of two items exclude each other."""
    return (
        (first.index, second.index)
        for place, second in enumerate(candidates)
        for first in candidates[:place]
        if first.item != second.item
    )
