"""One cap over claims that may each share a base with another claim: what each gets, exactly."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import floor, lcm, prod
from typing import Final, NamedTuple

from calc.engine.combine.problem import Candidate
from calc.engine.combine.split import limits_of, paid_by, part_for

MOST_TRIES: Final = 200_000


class Sharer(NamedTuple):
    """A claim under the cap and, where it has one, the claim outside it that rests on the same base."""

    capped: Candidate
    partner: Candidate | None


class _Grant(NamedTuple):
    """What a sharer's two claims get, in yuan."""

    capped: int
    partner: int

    @property
    def total(self) -> int:
        return self.capped + self.partner


def under_shared_cap(limit: int, sharers: Sequence[Sharer]) -> dict[int, int] | None:
    """The grants, by index, that pay most together, the earlier claim more; ``None`` where it takes a solver.

    What a sharer's claims get together is linear in what the capped one gets between a few ends, but for
    rounding, which repeats with a period.  Were two sharers further than a period from any end, moving a
    period of the cap from one to the other would pay more, or as much and the earlier claim more.  So all but
    one of them lie near an end, and that one near an end too or near what the others leave of the cap.
    """
    period = lcm(*(_period(one) for one in sharers))
    if period > MOST_TRIES:
        return None
    near = [_undominated(_grants(one, _near_ends(one, period, limit))) for one in sharers]
    sizes = [len(grants) for grants in near]
    if sum(prod(sizes) // size * (size + period + 1) for size in sizes) > MOST_TRIES:
        return None
    tried = (
        _by_index([one, *others], [own, *taken])
        for one, grants, others, choices in _each_with_the_others(sharers, near)
        for taken in product(*choices)
        if (left := limit - sum(grant.capped for grant in taken)) >= 0
        for own in (*grants, *_grants(one, range(max(0, left - period), left + 1)))
        if own.capped <= left
    )
    return max(tried, key=_rank)


def _each_with_the_others(
    sharers: Sequence[Sharer], near: Sequence[list[_Grant]]
) -> Iterator[tuple[Sharer, list[_Grant], list[Sharer], list[list[_Grant]]]]:
    for place, (one, grants) in enumerate(zip(sharers, near, strict=True)):
        yield (
            one,
            grants,
            [*sharers[:place], *sharers[place + 1 :]],
            [*near[:place], *near[place + 1 :]],
        )


def _rank(grants: dict[int, int]) -> tuple[int, tuple[int, ...]]:
    return sum(grants.values()), tuple(grants.values())


def _by_index(sharers: Iterable[Sharer], grants: Iterable[_Grant]) -> dict[int, int]:
    found: dict[int, int] = {}
    for sharer, grant in zip(sharers, grants, strict=True):
        found[sharer.capped.index] = grant.capped
        if sharer.partner is not None:
            found[sharer.partner.index] = grant.partner
    return dict(sorted(found.items()))


def _period(sharer: Sharer) -> int:
    """The yuan of the capped claim after which rounding repeats."""
    if sharer.partner is None or sharer.capped.base is None or sharer.partner.base is None:
        return 1
    rate = sharer.capped.base.rate
    return int(rate * lcm(rate.denominator, sharer.partner.base.rate.denominator)) or 1


def _most(sharer: Sharer) -> int:
    """The most that the capped claim gets, were there no cap."""
    if sharer.partner is None or sharer.capped.base is None:
        return sharer.capped.amount
    (own, _), _ = limits_of(sharer.capped, sharer.partner)
    return paid_by(own, sharer.capped.base, sharer.capped.amount)


def _near_ends(sharer: Sharer, period: int, limit: int) -> Iterator[int]:
    """The sums of the capped claim within a period of where a cap or a limit begins to bind."""
    most = _most(sharer)
    ends = {0, most}
    if sharer.partner is not None and sharer.capped.base is not None and sharer.partner.base is not None:
        (_, other), whole = limits_of(sharer.capped, sharer.partner)
        untouched = whole - part_for(sharer.partner.amount, sharer.partner.base.rate)
        ends |= {floor(sharer.capped.base.rate * part) for part in (whole - other, untouched)}
    tried = {sum_ for end in ends for sum_ in range(max(0, end - period), min(most, end + period) + 1)}
    yield from sorted(sum_ for sum_ in tried if sum_ <= limit)


def _grants(sharer: Sharer, sums: Iterable[int]) -> list[_Grant]:
    """What the partner gets beside each sum of the capped claim that its base pays for."""
    most = _most(sharer)
    return [_Grant(sum_, _partner_beside(sharer, sum_)) for sum_ in sums if sum_ <= most]


def _partner_beside(sharer: Sharer, granted: int) -> int:
    capped, partner = sharer
    if partner is None or partner.base is None or capped.base is None:
        return 0
    (_, other), whole = limits_of(capped, partner)
    rest = min(other, whole - part_for(granted, capped.base.rate))
    return paid_by(rest, partner.base, partner.amount)


def _undominated(grants: Iterable[_Grant]) -> list[_Grant]:
    """Without those that take more of the cap than another and pay less in all."""
    kept: list[_Grant] = []
    for grant in grants:
        if not kept or grant.total >= kept[-1].total:
            kept.append(grant)
    return kept
