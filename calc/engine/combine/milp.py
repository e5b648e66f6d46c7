"""Gives what no closed form settles to HiGHS, and proves its answer in integers.

The solver works in floating point, so it only ever proposes: its choice is rounded, every sum is worked out
again in integers, and the choice counts as proven where the solver's bound leaves no room for a yuan more.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import ceil, floor
from typing import Any, Final

from calc.engine.combine.choice import Choice
from calc.engine.combine.problem import Candidate, Problem
from calc.engine.combine.split import paid_by

_TOLERANCE: Final = 1e-9
_SLACK: Final = 0.01
_TIE_BITS: Final = 20
_SECONDS: Final = 10.0
_LARGEST: Final = 10**14
"""HiGHS takes ten times as much for infinite."""


def solve(problem: Problem, *, settle_ties: bool) -> Choice:
    """The best choice of one part of a problem; without ``settle_ties`` any choice of the best total."""
    if max(one.amount for one in problem.candidates) >= _LARGEST:
        # Such sums are none that floating point could tell apart to the yuan.
        return Choice(_kept(problem, {one.index: one.amount for one in problem.candidates}), is_proven=False)
    model = _Model(problem)
    is_proven = model.maximise(model.total)
    grants = model.grants()
    total = sum(grants.values())
    is_proven = is_proven and model.bound() < total + 1 - _SLACK
    if not settle_ties or not is_proven:
        return Choice(grants, is_proven)
    settled = model.settle_ties(total)
    # Settling ties never costs a yuan: where rounding or time would make it so, the first answer stands.
    return Choice(settled if settled is not None and sum(settled.values()) == total else grants)


class _Model:
    """A mixed-integer model of one part: what is chosen, what each gets, which part of a base it takes."""

    def __init__(self, problem: Problem) -> None:
        import highspy

        self._problem = problem
        self._highs = highspy.Highs()
        self._highs.silent()
        for option in (
            "mip_feasibility_tolerance",
            "primal_feasibility_tolerance",
            "dual_feasibility_tolerance",
        ):
            self._highs.setOptionValue(option, _TOLERANCE)
        for option in ("mip_rel_gap", "mip_abs_gap"):
            self._highs.setOptionValue(option, 0.0)
        self._highs.setOptionValue("time_limit", _SECONDS)
        # With presolve HiGHS 1.15 calls some small models infeasible, and some answers best that are not.
        self._highs.setOptionValue("presolve", "off")
        self._highs.setOptionValue("threads", 1)
        self._highs.setOptionValue("random_seed", 1)
        self._is_chosen = {one.index: self._highs.addBinary() for one in problem.candidates}
        self.grant_of = {
            one.index: self._highs.addIntegral(lb=0, ub=one.amount) for one in problem.candidates
        }
        self._parts: dict[int, Any] = {}
        for one in problem.candidates:
            grant, is_chosen = self.grant_of[one.index], self._is_chosen[one.index]
            self._highs.addConstr(grant <= one.amount * is_chosen)
            self._highs.addConstr(grant >= is_chosen)
        for first, second in problem.conflicts:
            self._highs.addConstr(self._is_chosen[first] + self._is_chosen[second] <= 1)
        for quota in problem.quotas:
            chosen = self._sum(self._is_chosen[index] for index in quota.members)
            self._highs.addConstr(chosen <= quota.limit)
        for cap in problem.caps:
            self._highs.addConstr(self._sum(self.grant_of[index] for index in cap.members) <= cap.limit)
        if problem.shares_bases:
            self._share_bases()
        self.total = self._sum(self.grant_of.values())
        self.count = self._sum(self._is_chosen.values())

    @staticmethod
    def _sum(terms: Iterable[Any]) -> Any:
        import highspy

        return highspy.Highs.qsum(terms)

    def _share_bases(self) -> None:
        groups: defaultdict[str, list[Candidate]] = defaultdict(list)
        for one in self._problem.candidates:
            if one.base is not None:
                groups[one.base.root].append(one)
        for group in groups.values():
            if len(group) > 1:
                self._share_base(group)

    def _share_base(self, group: list[Candidate]) -> None:
        lanes: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        whole = 0
        for one in group:
            if one.base is None:
                continue
            whole = one.base.whole
            lanes[one.base.part, one.base.limit].append(one.index)
            part = self._highs.addIntegral(lb=0, ub=min(one.base.limit, whole))
            self._parts[one.index] = part
            rate = one.base.rate
            alone = one.amount - paid_by(min(one.base.limit, whole), one.base, one.amount)
            # Whole coefficients are exact; where they are too large, they are all divided by one number.
            scale = ceil(max(rate.numerator, rate.denominator * max(alone, 1)) / _LARGEST)
            paid = rate.numerator / scale * part
            if alone > 0:
                # A claim alone takes the whole base, fen included, which may be worth a yuan more.
                is_alone = self._highs.addBinary()
                paid = paid + alone * rate.denominator / scale * is_alone
                for other in group:
                    if other.index != one.index:
                        self._highs.addConstr(is_alone + self._is_chosen[other.index] <= 1)
            self._highs.addConstr(rate.denominator / scale * self.grant_of[one.index] <= paid)
        self._highs.addConstr(self._sum(self._parts[one.index] for one in group) <= whole)
        for (_, limit), indices in lanes.items():
            if limit < whole:
                self._highs.addConstr(self._sum(self._parts[index] for index in indices) <= limit)

    def _is_optimal(self) -> bool:
        import highspy

        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def maximise(self, expression: Any) -> bool:
        """Solve for the largest value; whether the solver calls it optimal."""
        self._highs.maximize(expression)
        return self._is_optimal()

    def minimise(self, expression: Any) -> bool:
        """Solve for the smallest value."""
        self._highs.minimize(expression)
        return self._is_optimal()

    def hold(self, expression: Any, least: int) -> None:
        """From now on the expression is at least this much."""
        self._highs.addConstr(expression >= least)

    def limit(self, expression: Any, most: int) -> None:
        """From now on the expression is at most this much."""
        self._highs.addConstr(expression <= most)

    def bound(self) -> float:
        """What the solver proves that no choice exceeds."""
        return float(self._highs.getInfo().mip_dual_bound)

    def settle_ties(self, total: int) -> dict[int, int] | None:
        """Of the answers of this total: fewest claims, then the earlier claims, then more for the earlier."""
        self.hold(self.total, total)
        if not self.minimise(self.count):
            return None
        self.limit(self.count, len(self.grants()))
        if not self._prefer_earlier():
            return None
        for index in sorted(self.grants()):
            if not self.maximise(self.grant_of[index]):
                return None
            self.hold(self.grant_of[index], self.grants()[index])
        return self.grants()

    def _prefer_earlier(self) -> bool:
        """Settle which claims are chosen: the set with the first claim in which two sets differ."""
        indices = list(self._is_chosen)
        for start in range(0, len(indices), _TIE_BITS):
            chunk = indices[start : start + _TIE_BITS]
            weighed = self._sum(
                2 ** (len(chunk) - place) * self._is_chosen[index] for place, index in enumerate(chunk)
            )
            if not self.maximise(weighed):
                return False
            held = self.grants()
            for index in chunk:
                value = 1 if index in held else 0
                self._highs.addConstr(self._is_chosen[index] == value)
        return True

    def grants(self) -> dict[int, int]:
        """The answer in whole yuan, made to keep every cap and base exactly."""
        values = self._highs.getSolution().col_value
        proposed = {
            one.index: min(one.amount, round(values[self.grant_of[one.index].index]))
            for one in self._problem.candidates
            if values[self._is_chosen[one.index].index] > 0.5  # noqa: PLR2004 -- a binary in floating point
        }
        return _kept(self._problem, proposed)


def _kept(problem: Problem, proposed: dict[int, int]) -> dict[int, int]:
    """Cut a proposal back to what conflicts, caps and bases allow, in integers."""
    left = [cap.limit for cap in problem.caps]
    rivals: defaultdict[int, list[int]] = defaultdict(list)
    for first, second in problem.conflicts:
        rivals[first].append(second)
        rivals[second].append(first)
    grants: dict[int, int] = {}
    for one in problem.candidates:
        if one.index not in proposed or any(rival in grants for rival in rivals[one.index]):
            continue
        quotas = [quota for quota in problem.quotas if one.index in quota.members]
        if any(len(quota.members & grants.keys()) >= quota.limit for quota in quotas):
            continue
        touching = [place for place, cap in enumerate(problem.caps) if one.index in cap.members]
        amount = min([proposed[one.index], *(left[place] for place in touching)])
        for place in touching:
            left[place] -= amount
        if amount > 0:
            grants[one.index] = amount
    return _within_bases(problem, grants) if problem.shares_bases else grants


def _within_bases(problem: Problem, grants: dict[int, int]) -> dict[int, int]:
    groups: defaultdict[str, list[Candidate]] = defaultdict(list)
    for one in problem.candidates:
        if one.index in grants and one.base is not None:
            groups[one.base.root].append(one)
    for group in groups.values():
        if len(group) == 1:
            continue
        used: defaultdict[str, int] = defaultdict(int)
        whole_used = 0
        for one in group:
            base = one.base
            if base is None or not base.rate:
                grants.pop(one.index)
                continue
            room = min(base.whole - whole_used, base.limit - used[base.part])
            grant = min(grants[one.index], floor(base.rate * room))
            part = ceil(grant / base.rate)
            whole_used, used[base.part] = whole_used + part, used[base.part] + part
            grants[one.index] = grant
            if grant <= 0:
                grants.pop(one.index)
    return grants
