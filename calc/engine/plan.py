"""A plan over several claim years: what to file when, so that the total over all years is the most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from calc.engine.claims import Facts, find_claims
from calc.engine.combine.problem import (
    Candidate,
    Problem,
    Quota,
    Stacking,
    binding_caps,
    binding_quotas,
    candidates_of,
    state,
)
from calc.engine.combine.readings import combine, settle
from calc.engine.couplings import Couplings, couplings_of
from calc.engine.estimate import yearly_limits
from calc.engine.evaluate import Count, evaluate
from calc.engine.outcomes import Eligible, Outcome
from calc.engine.shared import asking, with_shares
from calc.enterprise.enterprise import Enterprise
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
    couplings = couplings_of(start, filings, [one for year in found for one in year.candidates])
    if couplings.is_empty:
        choices = [combine(one.candidates, one.limits, stacking, one.rules) for one in found]
        grants = {index: amount for one in choices for index, amount in one.grants.items()}
        is_proven = all(one.is_proven for one in choices)
    else:
        choice = settle(_joint_problem(found, stacking, couplings))
        grants, is_proven = choice.grants, choice.is_proven and not couplings.spent
    claims = tuple(PlannedClaim(*filings[index], granted) for index, granted in sorted(grants.items()))
    outcomes = {one.year: one.outcomes for one in found}
    return Plan(enterprise, rules, stacking, count, tuple(years), outcomes, claims, is_proven)


class _Year(NamedTuple):
    """What could be filed in one year, under the rules of that year."""

    year: int
    rules: Rules
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
        own = rules.in_year(year)
        facts = Facts(enterprise, own.vocabulary, year, years[0], defers)
        own, lacking = with_shares(facts, own)
        judged = (evaluate(facts, own.policy, claim, count) for claim in find_claims(facts, own))
        every = (asking(one, lacking) for one in judged)
        outcomes = tuple(one for one in every if one.claim.item.grade != "service")
        eligible = tuple(one for one in outcomes if isinstance(one, Eligible))
        candidates = candidates_of(eligible, range(filed, filed + len(eligible)), own)
        limits = yearly_limits(facts, [one.claim for one in eligible])
        found.append(_Year(year, own, outcomes, eligible, candidates, limits))
        filed += len(eligible)
    return found


def _joint_problem(found: Sequence[_Year], stacking: Stacking, couplings: Couplings) -> Problem:
    conflicts = set(couplings.conflicts)
    caps = list(couplings.caps)
    quotas: list[Quota] = []
    every: list[Candidate] = []
    for year in found:
        candidates = [one for one in year.candidates if one.index not in couplings.spent]
        yearly_caps = binding_caps(candidates, year.limits, year.rules)
        caps.extend(yearly_caps)
        quotas.extend(binding_quotas(candidates, year.rules))
        if stacking == "strict":
            conflicts.update(_different_items(candidates))
        else:
            conflicts |= state(candidates, stacking, year.rules, yearly_caps).conflicts
        every += candidates
    return Problem(
        tuple(every), frozenset(conflicts), tuple(caps), stacking == "expense", quotas=tuple(quotas)
    )


def _different_items(candidates: Sequence[Candidate]) -> Iterable[tuple[int, int]]:
    """One item in all: claims of two items exclude each other."""
    return (
        (first.index, second.index)
        for place, second in enumerate(candidates)
        for first in candidates[:place]
        if first.item != second.item
    )
