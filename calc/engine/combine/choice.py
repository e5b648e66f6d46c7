"""Settles small parts of a problem directly: one cap in closed form, few choices by looking at each."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from calc.engine.combine.problem import Candidate, Problem
from calc.engine.combine.split import best_split

MOST_CHOICES: Final = 4096
_PAIR: Final = 2


class Choice(NamedTuple):
    """What each chosen candidate gets, by index; ``is_proven`` says that nothing pays more."""

    grants: dict[int, int]
    is_proven: bool = True

    @property
    def total(self) -> int:
        """The sum of all grants, in yuan."""
        return sum(self.grants.values())


def choose(problem: Problem) -> Choice | None:
    """The best choice of one part of a problem; ``None`` where it takes a solver."""
    if len(problem.candidates) == 1:
        only = problem.candidates[0]
        amount = min([only.amount, *(cap.limit for cap in problem.caps)])
        return Choice({only.index: amount} if amount else {})
    if not problem.conflicts and not _base_groups(problem, problem.candidates):
        if problem.quotas:
            if len(problem.quotas) == 1 and not problem.caps:
                return _largest(problem)
        elif len(problem.caps) == 1:
            return _under_one_cap(problem)
        elif not problem.caps:
            return Choice({one.index: one.amount for one in problem.candidates})
    if _is_too_tangled(problem) or _has_too_many_choices(problem):
        return None
    return _among_all(problem)


def _base_groups(problem: Problem, chosen: Sequence[Candidate]) -> list[list[Candidate]]:
    """The chosen candidates that have to share a base."""
    if not problem.shares_bases:
        return []
    groups: defaultdict[str, list[Candidate]] = defaultdict(list)
    for one in chosen:
        if one.base is not None:
            groups[one.base.root].append(one)
    return [group for group in groups.values() if len(group) > 1]


def _is_too_tangled(problem: Problem) -> bool:
    """Whether caps cross, or a base is split under a cap or among three claims or more."""
    if _caps_cross(problem):
        return True
    groups = _base_groups(problem, problem.candidates)
    capped = frozenset().union(*(cap.members for cap in problem.caps))
    return any(
        any(one.index in capped for one in group) or _holds_three_compatible(problem, group)
        for group in groups
    )


def _has_too_many_choices(problem: Problem) -> bool:
    """Whether some claims without a conflict among them are so many that their subsets alone are too many."""
    compatible: list[Candidate] = []
    for one in problem.candidates:
        if not any(problem.conflict(other.index, one.index) for other in compatible):
            compatible.append(one)
            if 2 ** len(compatible) > MOST_CHOICES:
                return True
    return False


def _caps_cross(problem: Problem) -> bool:
    return any(
        one.members & other.members and not (one.members <= other.members or other.members <= one.members)
        for place, one in enumerate(problem.caps)
        for other in problem.caps[:place]
    )


def _holds_three_compatible(problem: Problem, group: list[Candidate]) -> bool:
    return any(len(chosen) > _PAIR for chosen in islice(_compatible_sets(problem, group), MOST_CHOICES))


def _largest(problem: Problem) -> Choice:
    """One quota and nothing else: the largest of its members, of equal ones the earlier."""
    quota = problem.quotas[0]
    counted = [one for one in problem.candidates if one.index in quota.members]
    best = sorted(counted, key=lambda one: (-one.amount, one.index))[: quota.limit]
    kept = {one.index for one in best}
    return Choice(
        {
            one.index: one.amount
            for one in problem.candidates
            if one.index in kept or one.index not in quota.members
        }
    )


def _under_one_cap(problem: Problem) -> Choice:
    """No conflict and one cap: the fewest claims that reach it, the earliest such, the earlier more."""
    cap = problem.caps[0]
    free = [one for one in problem.candidates if one.index not in cap.members]
    capped = [one for one in problem.candidates if one.index in cap.members]
    size, reached = 0, 0
    for amount in sorted((one.amount for one in capped), reverse=True):
        if reached >= cap.limit:
            break
        size, reached = size + 1, reached + amount
    target = min(cap.limit, reached)
    chosen: list[Candidate] = []
    still_needed = target
    later = sorted(one.amount for one in capped)
    for one in capped:
        if len(chosen) == size:
            break
        del later[bisect_left(later, one.amount)]
        others = size - len(chosen) - 1
        if one.amount + sum(later[len(later) - others :]) >= still_needed:
            chosen.append(one)
            still_needed -= one.amount
    grants = {one.index: one.amount for one in free}
    left = cap.limit
    for one in chosen:
        grants[one.index] = min(one.amount, left)
        left -= grants[one.index]
    return Choice(grants)


def _compatible_sets(problem: Problem, candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Every set of candidates without a conflict, the empty one too."""
    pending: list[tuple[int, list[Candidate]]] = [(0, [])]
    while pending:
        place, chosen = pending.pop()
        if place == len(candidates):
            yield chosen
            continue
        one = candidates[place]
        pending.append((place + 1, chosen))
        if not any(problem.conflict(other.index, one.index) for other in chosen) and all(
            sum(other.index in quota.members for other in chosen) < quota.limit
            for quota in problem.quotas
            if one.index in quota.members
        ):
            pending.append((place + 1, [*chosen, one]))


def _among_all(problem: Problem) -> Choice | None:
    best: tuple[int, int, tuple[int, ...]] | None = None
    best_grants: dict[int, int] = {}
    for number, chosen in enumerate(_compatible_sets(problem, problem.candidates)):
        if number >= MOST_CHOICES:
            return None
        if best is not None and sum(one.amount for one in chosen) < -best[0]:
            continue  # less than the best even without caps and bases
        grants = grant(problem, chosen)
        granted = sorted(index for index, amount in grants.items() if amount)
        rank = (-sum(grants.values()), len(granted), tuple(granted))
        if best is None or rank < best:
            best, best_grants = rank, {index: grants[index] for index in granted}
    return Choice(best_grants)


def grant(problem: Problem, chosen: Sequence[Candidate]) -> dict[int, int]:
    """The most that a chosen set gets, the earlier claims first.

    At most two claims share a base, and none of those a cap.  Caps lie within each other or apart, so that
    giving each claim in turn what the caps leave is the most there is.
    """
    grants = {one.index: one.amount for one in chosen}
    for first, second in _base_groups(problem, chosen):
        grants[first.index], grants[second.index] = best_split(first, second)
    left = [cap.limit for cap in problem.caps]
    for one in chosen:
        touching = [place for place, cap in enumerate(problem.caps) if one.index in cap.members]
        amount = min([grants[one.index], *(left[place] for place in touching)])
        for place in touching:
            left[place] -= amount
        grants[one.index] = amount
    return grants
