"""Settles small parts of a problem directly: one cap in closed form, few choices by looking at each."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from calc.engine.combine.problem import Candidate, Cap, Problem
from calc.engine.combine.shared_cap import Sharer, under_shared_cap
from calc.engine.combine.split import best_split

MOST_CHOICES: Final = 4096
_PAIR: Final = 2

_FEW: Final = 8
"""The sets of so many claims are as quickly looked at one by one."""


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
    if is_too_tangled(problem):
        return None
    if len(problem.candidates) > _FEW:
        from calc.engine.combine.sets import best_set

        choice = best_set(problem)
        if choice is not None:
            return choice
    return None if _has_too_many_choices(problem) else _among_all(problem)


def _base_groups(problem: Problem, chosen: Sequence[Candidate]) -> list[list[Candidate]]:
    """The chosen candidates that have to share a base."""
    if not problem.shares_bases:
        return []
    groups: defaultdict[str, list[Candidate]] = defaultdict(list)
    for one in chosen:
        if one.base is not None:
            groups[one.base.root].append(one)
    return [group for group in groups.values() if len(group) > 1]


def is_too_tangled(problem: Problem) -> bool:
    """Whether caps cross, or a base is split under several caps or among three claims or more."""
    if _caps_cross(problem):
        return True
    return any(
        _is_capped_twice(problem, group) or _holds_three_compatible(problem, group)
        for group in _base_groups(problem, problem.candidates)
    )


def _is_capped_twice(problem: Problem, group: list[Candidate]) -> bool:
    """Whether two claims on a base lie under caps, or one under a cap within another."""
    capped = [one.index for one in group if any(one.index in cap.members for cap in problem.caps)]
    caps = [cap for cap in problem.caps if not cap.members.isdisjoint(capped)]
    return len(capped) > 1 or any(
        not one.members.isdisjoint(other.members)
        for one in caps
        for other in problem.caps
        if one is not other
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
    return any(len(chosen) > _PAIR for chosen in islice(compatible_sets(problem, group), MOST_CHOICES))


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


def compatible_sets(problem: Problem, candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
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
    best: tuple[int, int, tuple[int, ...], tuple[int, ...]] | None = None
    best_grants: dict[int, int] = {}
    for number, chosen in enumerate(compatible_sets(problem, problem.candidates)):
        if number >= MOST_CHOICES:
            return None
        alone = {one.index: one.amount for one in chosen}
        if best is not None and sum(_within_caps(problem.caps, alone).values()) < -best[0]:
            continue  # less than the best even without shared bases
        found = grant(problem, chosen)
        if found is None:
            return None
        grants = {index: amount for index, amount in sorted(found.items()) if amount}
        rank = (
            -sum(grants.values()),
            len(grants),
            tuple(grants),
            tuple(-amount for amount in grants.values()),
        )
        if best is None or rank < best:
            best, best_grants = rank, grants
    return Choice(best_grants)


def grant(problem: Problem, chosen: Sequence[Candidate]) -> dict[int, int] | None:
    """The most that a chosen set gets, the earlier claims first; ``None`` where it takes a solver.

    At most two claims share a base, and at most one of those has a cap, one that no other cap touches.
    Elsewhere caps lie within each other or apart, so that giving each claim in turn what the caps leave is
    the most there is.
    """
    grants = {one.index: one.amount for one in chosen}
    partners: dict[int, Candidate] = {}
    for first, second in _base_groups(problem, chosen):
        split = best_split(first, second)
        if split is None:
            return None
        grants[first.index], grants[second.index] = split
        partners |= {first.index: second, second.index: first}
    plain: list[Cap] = []
    for cap in problem.caps:
        sharers = [Sharer(one, partners.get(one.index)) for one in chosen if one.index in cap.members]
        if not any(sharer.partner for sharer in sharers):
            plain.append(cap)
        elif sum(grants[one.index] for one, _ in sharers) > cap.limit:
            shared = under_shared_cap(cap.limit, sharers)
            if shared is None:
                return None
            grants |= shared
    return _within_caps(plain, grants)


def _within_caps(caps: Sequence[Cap], grants: dict[int, int]) -> dict[int, int]:
    """Each sum in turn cut to what the caps leave of it."""
    left = [cap.limit for cap in caps]
    cut: dict[int, int] = {}
    for index, amount in grants.items():
        touching = [place for place, cap in enumerate(caps) if index in cap.members]
        cut[index] = min([amount, *(left[place] for place in touching)])
        for place in touching:
            left[place] -= cut[index]
    return cut
