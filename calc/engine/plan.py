"""A plan over several claim years: what to file when, so that the total over all years is the most."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from calc.engine.claims import Facts, find_claims
from calc.engine.combine.dropped import Dropped, find_dropped
from calc.engine.combine.narrowed import without
from calc.engine.combine.problem import Cap, Problem, Quota, Stacking, binding_caps, candidates_of, state
from calc.engine.combine.readings import Combination, combine, settle
from calc.engine.couplings import Couplings, couplings_of
from calc.engine.estimate import sums_by_grade, yearly_limits
from calc.engine.evaluate import Count, evaluate
from calc.engine.outcomes import Eligible, Outcome
from calc.engine.shared import asking, with_shares
from calc.enterprise.enterprise import Enterprise
from calc.policy.rules import Rules


class Filing(NamedTuple):
    """A claim with the year in which it is filed and what it gets, in yuan."""

    year: int
    outcome: Eligible
    granted: int

    @property
    def entry_year(self) -> int | None:
        """The year the claim's entry names; ``None`` where it has no entry with a year."""
        entry = self.outcome.claim.entry
        return entry.year if entry is not None else None

    @property
    def is_put_off(self) -> bool:
        """Whether it is filed later than its entry says."""
        return self.entry_year not in (None, self.year)


@dataclass(frozen=True, slots=True)
class PlanYear:
    """One claim year of a plan.

    ``outcomes`` hold every claim that could be filed in it but services, ``combination`` what its claims get;
    the indices of the combination are places among the outcomes.
    """

    facts: Facts
    rules: Rules
    outcomes: tuple[Outcome, ...]
    combination: Combination

    @property
    def enterprise(self) -> Enterprise:
        """The enterprise whose year it is."""
        return self.facts.enterprise

    @property
    def claim_year(self) -> int:
        """The year of filing."""
        return self.facts.year

    @property
    def stacking(self) -> Stacking:
        """The reading of the closing clause."""
        return self.combination.stacking

    @property
    def total(self) -> int:
        """What the claims of the year get, in yuan."""
        return self.combination.total

    @property
    def filings(self) -> tuple[Filing, ...]:
        """What is filed, in the order of the rules and then of the file."""
        return tuple(
            Filing(self.claim_year, outcome, granted)
            for index, granted in self.combination.grants.items()
            if isinstance(outcome := self.outcomes[index], Eligible)
        )

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What gets less in this year than it counts alone; another year of the plan may take it."""
        return find_dropped(self.combination)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is filed in each of some consecutive claim years."""

    enterprise: Enterprise
    rules: Rules
    stacking: Stacking
    count: Count
    years: tuple[PlanYear, ...]
    is_proven: bool

    @property
    def total(self) -> int:
        """The sum over all years, in yuan."""
        return sum(year.total for year in self.years)

    @property
    def filings(self) -> tuple[Filing, ...]:
        """What is filed in all years, in order."""
        return tuple(filing for year in self.years for filing in year.filings)

    def by_grade(self) -> dict[str, int]:
        """The sum over all years by what each grant rests on."""
        return sums_by_grade((one.outcome, one.granted) for one in self.filings)


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
    everything = [Facts(enterprise, rules.vocabulary, year, years[0], defers) for year in years]
    seen = [_see(facts, rules.in_year(facts.year), stacking, count) for facts in everything]
    couplings = _couplings(seen)
    if couplings.is_empty:
        combinations = [combine(one.problem.candidates, one.limits, stacking, one.rules) for one in seen]
    else:
        combinations = _together(seen, couplings, stacking)
    return Plan(
        enterprise,
        rules,
        stacking,
        count,
        tuple(
            PlanYear(one.facts, one.rules, one.outcomes, combination)
            for one, combination in zip(seen, combinations, strict=True)
        ),
        all(one.is_proven for one in combinations),
    )


class _Seen(NamedTuple):
    """What could be filed in one year, and the problem it poses; all by place among the outcomes."""

    facts: Facts
    rules: Rules
    outcomes: tuple[Outcome, ...]
    limits: dict[str, int]
    problem: Problem


def _see(facts: Facts, rules: Rules, stacking: Stacking, count: Count) -> _Seen:
    rules, lacking = with_shares(facts, rules)
    judged = (evaluate(facts, rules.policy, claim, count) for claim in find_claims(facts, rules))
    every = (asking(one, lacking) for one in judged)
    outcomes = tuple(one for one in every if one.claim.item.grade != "service")
    places = [index for index, one in enumerate(outcomes) if isinstance(one, Eligible)]
    eligible = [one for one in outcomes if isinstance(one, Eligible)]
    limits = yearly_limits(facts, [one.claim for one in eligible])
    candidates = candidates_of(eligible, places, rules)
    problem = state(candidates, stacking, rules, binding_caps(candidates, limits, rules))
    return _Seen(facts, rules, outcomes, limits, problem)


def _together(seen: Sequence[_Seen], couplings: Couplings, stacking: Stacking) -> list[Combination]:
    """The combinations of years that depend on each other: one choice over all of them."""
    starts = _starts(seen)
    shifted = [_shifted(one.problem, start) for one, start in zip(seen, starts, strict=True)]
    joint = Problem(
        tuple(candidate for problem in shifted for candidate in problem.candidates),
        couplings.conflicts.union(*(problem.conflicts for problem in shifted)),
        (*couplings.caps, *(cap for problem in shifted for cap in problem.caps)),
        shares_bases=stacking == "expense",
        quotas=tuple(quota for problem in shifted for quota in problem.quotas),
    )
    choice = settle(without(joint, couplings.spent))
    return [
        Combination(
            stacking,
            {
                index - start: granted
                for index, granted in choice.grants.items()
                if 0 <= index - start < len(one.outcomes)
            },
            one.problem,
            choice.is_proven and not couplings.spent,
        )
        for one, start in zip(seen, starts, strict=True)
    ]


def _starts(seen: Iterable[_Seen]) -> list[int]:
    """Where the claims of each year begin, counted over all years."""
    starts = [0]
    for one in seen:
        starts.append(starts[-1] + len(one.outcomes))
    return starts[:-1]


def _shifted(problem: Problem, start: int) -> Problem:
    """A year's problem by places counted over all years; that it takes one item holds in the year alone."""
    conflicts = {*problem.conflicts, *(_different_items(problem) if problem.is_one_item else ())}
    return Problem(
        tuple(replace(one, index=one.index + start) for one in problem.candidates),
        frozenset((first + start, second + start) for first, second in conflicts),
        tuple(Cap(cap.limit, frozenset(index + start for index in cap.members)) for cap in problem.caps),
        problem.shares_bases,
        quotas=tuple(
            Quota(quota.limit, frozenset(index + start for index in quota.members))
            for quota in problem.quotas
        ),
    )


def _different_items(problem: Problem) -> Iterator[tuple[int, int]]:
    """One item in all: claims of two items exclude each other."""
    for place, second in enumerate(problem.candidates):
        for first in problem.candidates[:place]:
            if first.item != second.item:
                yield first.index, second.index


def _couplings(seen: Sequence[_Seen]) -> Couplings:
    """What ties the years together, by place over all years."""
    return couplings_of(
        [
            (
                one.facts,
                one.outcomes[candidate.index].claim,
                replace(candidate, index=candidate.index + start),
            )
            for one, start in zip(seen, _starts(seen), strict=True)
            for candidate in one.problem.candidates
        ]
    )
