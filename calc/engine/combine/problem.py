"""The choice among eligible claims as plain values: amounts, conflicts, caps and shared bases."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from calc.engine.outcomes import BaseUse, Eligible
from calc.policy.forms import EntryTrigger
from calc.policy.rules import Rules

Stacking: TypeAlias = Literal["strict", "subject", "expense", "none"]
STACKINGS: Final[tuple[Stacking, ...]] = ("strict", "subject", "expense", "none")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that counts something.  ``index`` is its place among all claims, which settles ties."""

    index: int
    item: str
    measure: int
    subject: str
    amount: int
    base: BaseUse | None = None
    has_base_table: bool = False


@dataclass(frozen=True, slots=True)
class Cap:
    """A cap over several candidates in a claim year, in whole yuan."""

    limit: int
    members: frozenset[int]


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of several candidates are granted at most."""

    limit: int
    members: frozenset[int]


@dataclass(frozen=True, slots=True)
class Problem:
    """Candidates with what holds between them; all by candidate index.

    ``is_one_item``: claims of two items exclude each other, beside the conflicts named.
    """

    candidates: tuple[Candidate, ...]
    conflicts: frozenset[tuple[int, int]]
    caps: tuple[Cap, ...]
    shares_bases: bool
    is_one_item: bool = False
    quotas: tuple[Quota, ...] = ()

    def conflict(self, first: int, second: int) -> bool:
        """Whether two candidates are named as excluding each other."""
        return (first, second) in self.conflicts or (second, first) in self.conflicts

    def are_rivals(self, one: Candidate, other: Candidate) -> bool:
        """Whether two candidates exclude each other, named or by their items."""
        return (self.is_one_item and one.item != other.item) or self.conflict(one.index, other.index)


def candidates_of(
    outcomes: Sequence[Eligible], indices: Sequence[int], rules: Rules
) -> tuple[Candidate, ...]:
    """The eligible claims that count more than nothing; ``indices`` are their places among all claims."""
    tables = {
        item.claim.entry
        for item in rules.items.values()
        if item.base is not None and isinstance(item.claim, EntryTrigger)
    }
    return tuple(
        Candidate(
            index,
            outcome.claim.item_id,
            outcome.claim.item.measure,
            outcome.claim.subject,
            outcome.amount,
            outcome.base,
            outcome.claim.entry is not None and outcome.claim.entry.table in tables,
        )
        for outcome, index in zip(outcomes, indices, strict=True)
        if outcome.amount > 0
    )


def state(candidates: Sequence[Candidate], stacking: Stacking, rules: Rules, caps: Iterable[Cap]) -> Problem:
    """The problem that a reading poses."""
    if stacking == "strict":
        return Problem(
            tuple(candidates), frozenset(), tuple(caps), False, True, binding_quotas(candidates, rules)
        )
    excluded = _exclusions(rules)
    clash = CLASHES[stacking]
    conflicts: set[tuple[int, int]] = set()
    by_subject: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_subject[candidate.subject].append(candidate)
    for group in by_subject.values():
        conflicts.update(
            (one.index, other.index)
            for place, other in enumerate(group)
            for one in group[:place]
            if clash(one, other)
        )
    if excluded:
        conflicts.update(
            (one.index, other.index)
            for place, other in enumerate(candidates)
            for one in candidates[:place]
            if excluded(one, other)
        )
    quotas = binding_quotas(candidates, rules)
    shares_bases = stacking == "expense"
    return Problem(tuple(candidates), frozenset(conflicts), tuple(caps), shares_bases, quotas=quotas)


def binding_quotas(candidates: Sequence[Candidate], rules: Rules) -> tuple[Quota, ...]:
    """The quotas of claims that could bind, over the items that have one."""
    by_item: defaultdict[str, list[int]] = defaultdict(list)
    for candidate in candidates:
        if rules.items[candidate.item].most_claims is not None:
            by_item[candidate.item].append(candidate.index)
    limits = ((rules.items[item].most_claims, members) for item, members in by_item.items())
    return tuple(
        Quota(limit, frozenset(members))
        for limit, members in limits
        if limit is not None and len(members) > limit
    )


def _clash_by_subject(_one: Candidate, _other: Candidate) -> bool:
    return True


def _clash_by_expense(one: Candidate, other: Candidate) -> bool:
    return one.measure == other.measure or not one.has_base_table


def _no_clash(_one: Candidate, _other: Candidate) -> bool:
    return False


CLASHES: Final[dict[Stacking, Callable[[Candidate, Candidate], bool]]] = {
    "subject": _clash_by_subject,
    "expense": _clash_by_expense,
    "none": _no_clash,
}
"""Whether a reading keeps two claims of one subject apart; ``strict`` looks at items alone."""


def _exclusions(rules: Rules) -> Callable[[Candidate, Candidate], bool] | None:
    if not rules.exclusive:
        return None

    def excluded(one: Candidate, other: Candidate) -> bool:
        return one.item != other.item and any(
            one.item in group.items
            and other.item in group.items
            and (group.scope == "enterprise" or one.subject == other.subject)
            for group in rules.exclusive
        )

    return excluded


def binding_caps(candidates: Sequence[Candidate], limits: dict[str, int], rules: Rules) -> tuple[Cap, ...]:
    """The caps over items and groups of items that could bind; ``limits``: what each item may get in all."""
    by_item: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_item[candidate.item].append(candidate)
    groups: list[tuple[int, list[Candidate]]] = [
        (limit, by_item[item]) for item, limit in limits.items() if item in by_item
    ]
    for shared in rules.shared_caps:
        members = [candidate for item in shared.items for candidate in by_item.get(item, ())]
        groups.append((int(shared.cap), members))
    return tuple(
        Cap(limit, frozenset(one.index for one in members))
        for limit, members in groups
        if sum(one.amount for one in members) > limit
    )


def components(problem: Problem) -> list[Problem]:
    """Split a problem into parts that touch no common conflict, cap or base."""
    if problem.is_one_item:
        return [problem]
    parent = {candidate.index: candidate.index for candidate in problem.candidates}

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    def join(indices: Iterable[int]) -> None:
        first, *others = indices
        for other in others:
            parent[root(other)] = root(first)

    for pair in problem.conflicts:
        join(pair)
    for members in (*(cap.members for cap in problem.caps), *(quota.members for quota in problem.quotas)):
        join(sorted(members))
    if problem.shares_bases:
        by_base: defaultdict[str, list[int]] = defaultdict(list)
        for candidate in problem.candidates:
            if candidate.base is not None:
                by_base[candidate.base.root].append(candidate.index)
        for indices in by_base.values():
            join(indices)
    groups: defaultdict[int, list[Candidate]] = defaultdict(list)
    for candidate in problem.candidates:
        groups[root(candidate.index)].append(candidate)
    if len(groups) == 1:
        return [problem]
    conflicts: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in problem.conflicts:
        conflicts[root(pair[0])].append(pair)
    caps: defaultdict[int, list[Cap]] = defaultdict(list)
    for cap in problem.caps:
        caps[root(min(cap.members))].append(cap)
    quotas: defaultdict[int, list[Quota]] = defaultdict(list)
    for quota in problem.quotas:
        quotas[root(min(quota.members))].append(quota)
    return [
        Problem(
            tuple(group),
            frozenset(conflicts[mark]),
            tuple(caps[mark]),
            problem.shares_bases,
            quotas=tuple(quotas[mark]),
        )
        for mark, group in groups.items()
    ]
