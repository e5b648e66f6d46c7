"""A problem with less in it: without some claims, or what is left beside a claim that gets its sum.

Both forms are problems again, so that whatever a combination is forced to hold or to leave out is settled,
exactly, by the road that settles every other.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from math import ceil

from calc.engine.combine.problem import Candidate, Cap, Problem, Quota
from calc.engine.combine.split import paid_by


def without(problem: Problem, gone: Collection[int]) -> Problem:
    """The problem that is left when some claims are not filed."""
    kept = (one for one in problem.candidates if one.index not in gone)
    return _narrowed(problem, kept, problem.caps, problem.quotas)


def beside(problem: Problem, taken: Candidate, granted: int) -> Problem:
    """The problem that is left to the others once a claim gets this sum, in yuan.

    Its rivals are gone; its caps have room for so much less, and its base lacks the yuan that it rests on.
    """
    caps = [
        Cap(cap.limit - granted, cap.members) if taken.index in cap.members else cap for cap in problem.caps
    ]
    quotas = [
        Quota(quota.limit - 1, quota.members) if taken.index in quota.members else quota
        for quota in problem.quotas
    ]
    gone = {taken.index, *(index for cap in caps if cap.limit <= 0 for index in cap.members)}
    gone.update(index for quota in quotas if quota.limit <= 0 for index in quota.members)
    kept = []
    for one in problem.candidates:
        if one.index in gone or problem.are_rivals(one, taken):
            continue
        rest = _beside_base(one, taken, granted) if problem.shares_bases else one
        if rest is not None:
            kept.append(rest)
    return _narrowed(problem, kept, caps, quotas)


def _narrowed(
    problem: Problem, kept: Iterable[Candidate], caps: Iterable[Cap], quotas: Iterable[Quota]
) -> Problem:
    """The problem of these candidates alone; caps and quotas that can no longer bind are gone."""
    candidates = tuple(kept)
    amounts = {one.index: one.amount for one in candidates}
    return Problem(
        candidates,
        frozenset(pair for pair in problem.conflicts if pair[0] in amounts and pair[1] in amounts),
        tuple(
            Cap(cap.limit, frozenset(members))
            for cap in caps
            if (members := [index for index in cap.members if index in amounts])
            and sum(amounts[index] for index in members) > cap.limit
        ),
        problem.shares_bases,
        problem.is_one_item,
        tuple(
            Quota(quota.limit, quota.members & amounts.keys())
            for quota in quotas
            if len(quota.members & amounts.keys()) > quota.limit
        ),
    )


def _beside_base(one: Candidate, taken: Candidate, granted: int) -> Candidate | None:
    """A claim with what is left of its base beside another; nothing where nothing is left."""
    base, used = one.base, taken.base
    if base is None or used is None or base.root != used.root:
        return one
    # A claim that no whole part of the base pays for (its fen do) has to be alone on it.
    part = ceil(granted / used.rate) if used.rate else used.whole + 1
    if part > min(used.limit, used.whole):
        return None
    whole = base.whole - part
    limit = min(base.limit - part if base.part == used.part else base.limit, whole)
    rest = base._replace(whole=whole, limit=limit)
    amount = paid_by(limit, rest, one.amount)
    return replace(one, amount=amount, base=rest) if amount > 0 else None
