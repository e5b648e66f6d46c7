"""One estimate: the whole journey from an enterprise to the combination that pays most."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from calc.engine.bars import left_of_caps
from calc.engine.claims import Claim, Facts, find_claims
from calc.engine.combine.dropped import Dropped, find_dropped
from calc.engine.combine.problem import STACKINGS, Candidate, Stacking, candidates_of
from calc.engine.combine.readings import Combination, combine
from calc.engine.evaluate import Count, evaluate
from calc.engine.outcomes import Barred, Eligible, Outcome
from calc.engine.shared import asking, with_shares
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.numbers import whole_yuan
from calc.policy.rules import Rules

if TYPE_CHECKING:
    from calc.engine.plan import PlanYear

GRADES: Final = ("stated", "up_to_ratio", "expected", "ceiling")
"""What the sum of a claim may rest on."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an enterprise can claim in a claim year, and the combination that pays most.

    ``rules`` are those that hold in the claim year; ``outcomes`` hold every claim but services, in
    the order of the rules and then of the file; ``services`` the open ones, by item; ``totals`` what each
    reading pays, in yuan.
    """

    enterprise: Enterprise
    rules: Rules
    claim_year: int
    stacking: Stacking
    count: Count
    outcomes: tuple[Outcome, ...]
    services: tuple[str, ...]
    combination: Combination
    dropped: tuple[Dropped, ...]
    totals: Mapping[Stacking, int]
    is_proven: bool

    @property
    def total(self) -> int:
        """What the combination pays under the chosen reading, in yuan."""
        return self.totals[self.stacking]

    @property
    def facts(self) -> Facts:
        """The enterprise as this estimate saw it."""
        return Facts(self.enterprise, self.rules.vocabulary, self.claim_year)

    def granted(self, index: int) -> int:
        """What the claim at this place gets in the combination, in yuan."""
        return self.combination.grants.get(index, 0)

    def by_grade(self) -> dict[str, int]:
        """The total by what each grant rests on, a key for each of ``GRADES``."""
        grants = self.combination.grants.items()
        return sums_by_grade((self.outcomes[index], amount) for index, amount in grants)


Answer: TypeAlias = "Estimate | PlanYear"
"""What can be spoken of: a claim year of an enterprise under some rules, and what becomes of its claims."""


def sums_by_grade(grants: Iterable[tuple[Outcome, int]]) -> dict[str, int]:
    """What is granted by what it rests on, a key for each of ``GRADES``."""
    sums = dict.fromkeys(GRADES, 0)
    for outcome, amount in grants:
        if isinstance(outcome, Eligible):
            sums[rests_on(outcome)] += amount
    return sums


def rests_on(outcome: Eligible) -> str:
    """What the sum of an eligible claim rests on, one of ``GRADES``."""
    grade = outcome.claim.item.grade
    if grade in ("stated", "up_to_ratio"):
        return grade
    return "expected" if outcome.is_expected else "ceiling"


def estimate(
    enterprise: Enterprise, rules: Rules, *, stacking: Stacking = "subject", count: Count = "ratio"
) -> Estimate:
    """Estimate one enterprise in its claim year.

    ``stacking`` is the reading of the closing clause, ``count`` which grades count.  The answer is exact and
    depends on nothing but its arguments.
    """
    year = enterprise.claim_year
    rules = rules.in_year(year)
    facts = Facts(enterprise, rules.vocabulary, year)
    rules, lacking = with_shares(facts, rules)
    outcomes: list[Outcome] = []
    services: list[str] = []
    for claim in find_claims(facts, rules):
        outcome = asking(evaluate(facts, rules.policy, claim, count), lacking)
        if claim.item.grade != "service":
            outcomes.append(outcome)
        elif not isinstance(outcome, Barred) and claim.item_id not in services:
            services.append(claim.item_id)
    combinations = _combinations(facts, rules, outcomes, stacking)
    chosen = combinations[stacking]
    return Estimate(
        enterprise=enterprise,
        rules=rules,
        claim_year=year,
        stacking=stacking,
        count=count,
        outcomes=tuple(outcomes),
        services=tuple(services),
        combination=chosen,
        dropped=find_dropped(chosen),
        totals={reading: one.total for reading, one in combinations.items()},
        is_proven=all(one.is_proven for one in combinations.values()),
    )


def _combinations(
    facts: Facts, rules: Rules, outcomes: Sequence[Outcome], stacking: Stacking
) -> dict[Stacking, Combination]:
    candidates, limits = _stakes(facts, rules, outcomes)
    return {
        reading: combine(candidates, limits, reading, rules, settle_ties=reading == stacking)
        for reading in STACKINGS
    }


def combined_under(answer: Estimate, stacking: Stacking) -> Combination:
    """The combination that pays most under another reading, its ties settled."""
    if stacking == answer.stacking:
        return answer.combination
    candidates, limits = _stakes(answer.facts, answer.rules, answer.outcomes)
    return combine(candidates, limits, stacking, answer.rules)


def _stakes(
    facts: Facts, rules: Rules, outcomes: Sequence[Outcome]
) -> tuple[tuple[Candidate, ...], dict[str, int]]:
    """What there is to choose from, and what all claims of an item may get."""
    places = [index for index, outcome in enumerate(outcomes) if isinstance(outcome, Eligible)]
    eligible = [outcome for outcome in outcomes if isinstance(outcome, Eligible)]
    limits = yearly_limits(facts, [outcome.claim for outcome in eligible])
    return candidates_of(eligible, places, rules), limits


def yearly_limits(facts: Facts, claims: Sequence[Claim]) -> dict[str, int]:
    """What all claims of an item together may get in the claim year, for the items that have such a cap."""
    limits: defaultdict[str, list[int]] = defaultdict(list)
    for claim in claims:
        year_cap, (_, lifetime_left) = claim.item.cap_of("year_cap"), left_of_caps(facts, claim)
        limits[claim.item_id].extend(whole_yuan(cap) for cap in (year_cap, lifetime_left) if cap is not None)
    return {item: min(caps) for item, caps in limits.items() if caps}
