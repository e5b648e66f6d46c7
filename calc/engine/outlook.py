"""What is worth knowing beside a plan's filings: what ends, what is used up, what no year takes."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from calc.engine.bars import bars, left_of_caps
from calc.engine.claims import Claim, own_claim
from calc.engine.combine.dropped import Dropped
from calc.engine.conditions import failures
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput, Outcome, is_uncounted
from calc.engine.plan import Plan, PlanYear
from calc.enterprise.enterprise import Agreement, Entry
from calc.enterprise.numbers import whole_yuan
from calc.policy.forms import FigureTrigger


class Ending(NamedTuple):
    """An agreement that ends within a plan's years.

    ``claim`` is one that it bars in one of them, ``None`` where it bars none; ``opens`` the first day on
    which that claim, or whatever the agreement covers, is open; ``None`` where the policy ends before.
    """

    agreement: Agreement
    claim: Claim | None
    opens: date | None


class SpentCap(NamedTuple):
    """A cap over all years of which a plan leaves nothing; ``received`` is what was paid before the plan.

    ``claim`` is one that it holds for: each claim of the item, or (``per_subject``) of the claim's subject.
    """

    claim: Claim
    per_subject: bool
    cap: int
    received: int
    granted: dict[int, int]


Hindrance: TypeAlias = Dropped | Barred | Ineligible


class Untaken(NamedTuple):
    """A claim that no year of a plan takes, and why, as the year sees it.

    ``paid_in`` is the year in which the same subject is paid what pays once.
    """

    claim: Claim
    year: PlanYear
    hindrance: Hindrance
    paid_in: int | None


def endings(plan: Plan) -> list[Ending]:
    """The agreements that end within the years, each with every claim that waits for its end."""
    first, last = date(plan.years[0].claim_year, 1, 1), date(plan.years[-1].claim_year, 12, 31)
    ending = [one for one in plan.enterprise.agreements if first <= one.until <= last]
    waiting: defaultdict[str, dict[tuple[str, str], Ending]] = defaultdict(dict)
    by_path = {f"agreement:{one.name}.until": one for one in ending}
    for year in plan.years:
        for outcome in year.outcomes:
            for reason in outcome.reasons if isinstance(outcome, Barred) else ():
                agreement = by_path.get(reason.path or "")
                if agreement is not None:
                    claim = outcome.claim
                    one = Ending(agreement, claim, reason.opens)
                    waiting[agreement.name].setdefault((claim.item_id, claim.subject), one)
    found = []
    for agreement in sorted(ending, key=lambda one: one.until):
        day = agreement.until + timedelta(days=1)
        idle = Ending(agreement, None, day if day <= plan.rules.policy.valid_to else None)
        found += list(waiting[agreement.name].values()) or [idle]
    return found


def spent_caps(plan: Plan) -> list[SpentCap]:
    """The caps over all years that the plan uses up."""
    claims: dict[tuple[str, str | None], Claim] = {}
    granted: defaultdict[tuple[str, str | None], dict[int, int]] = defaultdict(dict)
    for filing in plan.filings:
        claim = filing.outcome.claim
        keys: tuple[tuple[str, str | None], ...] = ((claim.item_id, None), (claim.item_id, claim.subject))
        for key in keys:
            claims.setdefault(key, claim)
            granted[key][filing.year] = granted[key].get(filing.year, 0) + filing.granted
    found = []
    for key, claim in claims.items():
        item, per_subject = claim.item, key[1] is not None
        if per_subject and item.pays != "stages":
            continue
        cap = item.cap_of("cap" if per_subject else "lifetime_cap")
        left = left_of_caps(plan.years[0].facts, claim)[0 if per_subject else 1]
        if cap is not None and left is not None and whole_yuan(left) <= sum(granted[key].values()):
            found.append(SpentCap(claim, per_subject, whole_yuan(cap), whole_yuan(cap - left), granted[key]))
    return found


def untaken(plan: Plan) -> list[Untaken]:
    """Every claim that counts something, is closed or is not eligible, and that no year takes."""
    filed = {_mark(one.outcome.claim): one.year for one in plan.filings}
    paid = {mark[:2]: year for mark, year in filed.items()}
    seen: defaultdict[_Mark, list[tuple[PlanYear, Claim, Hindrance | None]]] = defaultdict(list)
    for year in plan.years:
        dropped = {one.index: one for one in year.dropped}
        for index, outcome in enumerate(year.outcomes):
            if _mark(outcome.claim) not in filed:
                hindrance = _hindrance(outcome, dropped.get(index))
                seen[_mark(outcome.claim)].append((year, outcome.claim, hindrance))
    found = []
    for mark, states in seen.items():
        hindrances = [(year, claim, one) for year, claim, one in states if one is not None]
        if len(hindrances) == len(states):
            year, claim, one = next(
                (state for state in hindrances if isinstance(state[2], Dropped)), hindrances[0]
            )
            paid_in = paid.get(mark[:2]) if claim.item.pays == "once" else None
            found.append(Untaken(claim, year, one, paid_in))
    return found


def undecided(plan: Plan) -> list[PlanYear]:
    """Each year with only those of its claims that lack a figure or a sum; put off, a claim is told once.

    What finds its cap over all years used up is left out.  What was claimed on an earlier year's figures
    lacks the figure where the file has none for a later year.
    """
    told: set[_Mark] = set()
    claimed: set[str] = set()
    spent = {(one.claim.item_id, one.claim.subject if one.per_subject else None) for one in spent_caps(plan)}
    years = []
    for year in plan.years:
        outcomes = [
            one
            for one in year.outcomes
            if _is_undecided(one)
            and _mark(one.claim) not in told
            and spent.isdisjoint({(one.claim.item_id, None), (one.claim.item_id, one.claim.subject)})
        ]
        told |= {mark for one in outcomes if (mark := _mark(one.claim))[2] is not None}
        here = {one.claim.item_id for one in year.outcomes}
        outcomes += _without_figures(year, claimed - here)
        claimed |= here
        years.append(replace(year, outcomes=tuple(outcomes)))
    return years


def _without_figures(year: PlanYear, items: Collection[str]) -> Iterator[NeedsInput]:
    """The claims on last year's figures of some items, where nobody could know the figures yet."""
    for name, item in year.rules.items.items():
        if name not in items or not isinstance(item.claim, FigureTrigger):
            continue
        claim = own_claim(name, item)
        reasons, missing = failures(year.facts, claim)
        figure = year.facts.read(claim, f"last_year.{item.claim.figure}")
        is_unknown = figure.value is None or figure.year not in year.enterprise.figures
        if is_unknown and not reasons and not any(bars(year.facts, year.rules.policy, claim)):
            lacking = {one.path: one for one in (figure, *missing)}
            yield NeedsInput(claim, tuple(lacking.values()))


_Mark: TypeAlias = tuple[str, str, int | None]


def _mark(claim: Claim) -> _Mark:
    """What makes it the same claim in every year in which it could be filed."""
    return claim.item_id, claim.subject, claim.entry.year if claim.entry is not None else None


def _is_undecided(outcome: Outcome) -> bool:
    return isinstance(outcome, NeedsInput) or is_uncounted(outcome)


def _hindrance(outcome: Outcome, dropped: Dropped | None) -> Hindrance | None:
    """What keeps a claim from being filed; nothing where it lacks a figure, or a sum."""
    match outcome:
        case Barred() | Ineligible():
            return outcome
        case Eligible():
            return dropped
        case NeedsInput():
            return None


def entries_beyond(plan: Plan) -> Iterator[Entry]:
    """The entries that belong to none of the years, though the policy held in theirs or would have to."""
    years = {year.claim_year for year in plan.years}
    for entries in plan.enterprise.entries.values():
        for entry in entries:
            year = entry.year
            if year is not None and year not in years and year >= plan.rules.policy.valid_from.year:
                yield entry
