"""The conflicts of a combination as groups: what stands against what, and how much each side gets."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal, TypeAlias

from calc.engine.combine.problem import CLASHES, Candidate
from calc.engine.combine.readings import Combination
from calc.policy.rules import Rules

GroupKind: TypeAlias = Literal["item", "subject", "base", "cap", "quota", "exclusive"]


@dataclass(frozen=True, slots=True)
class Share:
    """What one claim of a group counts alone and gets, in yuan; ``part``: the yuan of the base behind it."""

    index: int
    amount: int
    granted: int
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Claims that cannot all be granted in full.

    ``item``: one item of all; ``subject``: rivals on one subject; ``base``: claims that share the yuan of
    one base; ``cap``: claims under one cap; ``quota``: claims of one item, of which the rules grant so many;
    ``exclusive``: items that the rules keep apart.  ``limit`` is the base or the cap, in yuan, or the quota.
    """

    kind: GroupKind
    shares: tuple[Share, ...]
    limit: int | None = None


def find_groups(combination: Combination, rules: Rules) -> tuple[Group, ...]:
    """All groups in which claims stand against each other, in the order of their first claims."""
    problem = combination.problem
    found = [*_items(combination)] if problem.is_one_item else [*_subjects(combination)]
    found += [*_exclusions(combination, rules), *_caps(combination), *_quotas(combination)]
    return tuple(sorted(found, key=lambda group: group.shares[0].index))


def _group(
    kind: GroupKind, members: list[Candidate], combination: Combination, limit: int | None = None
) -> Group:
    grants = combination.grants
    parts = _parts(members, combination) if kind == "base" else {}
    shares = (Share(one.index, one.amount, grants.get(one.index, 0), parts.get(one.index)) for one in members)
    return Group(kind, tuple(shares), limit)


def _items(combination: Combination) -> Iterator[Group]:
    """One group of all claims, where they are of several items."""
    candidates = combination.problem.candidates
    if len({one.item for one in candidates}) > 1:
        yield _group("item", list(candidates), combination)


def _subjects(combination: Combination) -> Iterator[Group]:
    by_subject: defaultdict[str, list[Candidate]] = defaultdict(list)
    for one in combination.problem.candidates:
        by_subject[one.subject].append(one)
    clash = CLASHES[combination.stacking]
    for members in by_subject.values():
        pairs = [(one, other) for place, other in enumerate(members) for one in members[:place]]
        if combination.problem.shares_bases:
            bases = [one.base for one, other in pairs if one.base and _share_base(one, other)]
            if bases:
                yield _group("base", members, combination, bases[0].whole)
                continue
        if any(clash(one, other) for one, other in pairs):
            yield _group("subject", members, combination)


def _share_base(one: Candidate, other: Candidate) -> bool:
    return one.base is not None and other.base is not None and one.base.root == other.base.root


def _parts(members: list[Candidate], combination: Combination) -> dict[int, int]:
    """The yuan of a base that each granted claim rests on; one that is alone takes all that it may use."""
    granted = [one for one in members if one.index in combination.grants]
    parts = {}
    for one in granted:
        if one.base is None:
            continue
        is_alone = not any(_share_base(one, other) for other in granted if other is not one)
        parts[one.index] = (
            one.base.limit
            if is_alone or not one.base.rate
            else ceil(combination.grants[one.index] / one.base.rate)
        )
    return parts


def _exclusions(combination: Combination, rules: Rules) -> Iterator[Group]:
    for group in rules.exclusive:
        if combination.problem.is_one_item or (group.scope, combination.stacking) == ("subject", "subject"):
            continue
        together: defaultdict[str, list[Candidate]] = defaultdict(list)
        for one in combination.problem.candidates:
            if one.item in group.items:
                together[one.subject if group.scope == "subject" else ""].append(one)
        for members in together.values():
            if len({one.item for one in members}) > 1:
                yield _group("exclusive", members, combination)


def _caps(combination: Combination) -> Iterator[Group]:
    for cap in combination.problem.caps:
        members = [one for one in combination.problem.candidates if one.index in cap.members]
        if len(members) > 1:
            yield _group("cap", members, combination, cap.limit)


def _quotas(combination: Combination) -> Iterator[Group]:
    for quota in combination.problem.quotas:
        members = [one for one in combination.problem.candidates if one.index in quota.members]
        yield _group("quota", members, combination, quota.limit)
