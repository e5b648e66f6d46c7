"""What closes an item to a claim whatever its figures: zone, period, agreements, sums already paid."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from calc.engine.claims import Claim, Facts, Operand
from calc.engine.outcomes import Reason
from calc.enterprise.enterprise import Agreement, Sum
from calc.enterprise.numbers import Number, exact
from calc.policy.rules import PolicyHead

_EVERYTHING = "*"


def bars(facts: Facts, policy: PolicyHead, claim: Claim) -> Iterator[Reason]:
    """Every reason for which a claim is barred; a service looks at the zone and the year alone."""
    enterprise = facts.enterprise
    if not enterprise.in_zone and not claim.item.outside_zone:
        yield Reason("out_of_zone", "enterprise.in_zone", False, True)
    if facts.year < policy.valid_from.year:
        first = policy.valid_from
        yield Reason("out_of_period", "enterprise.claim_year", facts.year, first, opens=first)
    elif facts.year > policy.valid_to.year:
        yield Reason("out_of_period", "enterprise.claim_year", facts.year, policy.valid_to)
    if claim.item.grade == "service":
        return
    yield from _agreements(facts, policy, claim)
    yield from _payments(facts, claim)


def _marks(facts: Facts, claim: Claim) -> frozenset[str]:
    """What an agreement may name to cover this claim."""
    marks = {_EVERYTHING, claim.item_id, claim.subject}
    if claim.entry is not None:
        whole = facts.vocabulary.tables[claim.entry.table].belongs_to
        name = None if whole is None else claim.entry.values.get(whole[1])
        if whole is not None and name is not None:
            marks.add(f"{whole[0]}:{name}")
    return frozenset(marks)


def _agreements(facts: Facts, policy: PolicyHead, claim: Claim) -> Iterator[Reason]:
    agreements = facts.enterprise.agreements
    if not agreements:
        return
    marks = _marks(facts, claim)
    covering = [one for one in agreements if not marks.isdisjoint(one.covers)]
    filing = facts.enterprise.filing_date
    if filing is not None and filing.year == facts.year:
        first = last = filing
    else:
        first, last = date(facts.year, 1, 1), date(facts.year, 12, 31)
    closed = _closed_spans(covering)
    for agreement in covering:
        if agreement.holds_on(first, last):
            opens = _first_day_after(agreement, closed)
            is_in_time = opens is not None and opens <= policy.valid_to
            path = f"agreement:{agreement.name}.until"
            yield Reason("agreement", path, agreement.until, opens, opens=opens if is_in_time else None)


def _closed_spans(covering: list[Agreement]) -> list[tuple[date, date]]:
    """The spans of days that agreements cover together, in order and apart from each other."""
    spans: list[tuple[date, date]] = []
    for agreement in sorted(covering, key=lambda one: one.since or date.min):
        since, until = agreement.since or date.min, agreement.until
        if spans and since.toordinal() <= spans[-1][1].toordinal() + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], until))
        else:
            spans.append((since, until))
    return spans


def _first_day_after(agreement: Agreement, closed: list[tuple[date, date]]) -> date | None:
    """The first day from the end of an agreement on that no other one covers."""
    place = bisect_left(closed, agreement.until, key=lambda span: span[1])
    last = closed[place][1]
    return None if last == date.max else last + timedelta(days=1)


def left_of_caps(facts: Facts, claim: Claim) -> tuple[Number | None, Number | None]:
    """What earlier payments leave of the cap per claim and of the cap for good (yuan, ``None``: no cap)."""
    item = claim.item
    cap, lifetime_cap = item.cap_of("cap"), item.cap_of("lifetime_cap")
    earlier = _earlier(facts, claim)
    if earlier:
        if cap is not None and item.pays == "stages":
            cap -= sum(one.amount for one in earlier if _is_of(one, claim))
        if lifetime_cap is not None:
            lifetime_cap -= sum(one.amount for one in earlier)
    return cap, lifetime_cap


def left_of_share(facts: Facts, claim: Claim) -> Number | Operand | None:
    """What is left of the cap that is a share of a figure (yuan), or that figure where it is missing.

    Like the cap per claim it holds over all stages of what pays in stages.  ``None``: no such cap.
    """
    share = claim.item.share_cap
    if share is None:
        return None
    whole = facts.read(claim, share.of)
    if not isinstance(whole.value, int | Fraction):
        return whole
    spent = (
        0
        if claim.item.pays != "stages"
        else sum(one.amount for one in _earlier(facts, claim) if _is_of(one, claim))
    )
    return max(exact(Fraction(whole.value * share.ratio) - spent), 0)


def paid_of_difference(facts: Facts, claim: Claim) -> Number:
    """What a claim that pays the difference (补差) was paid before, in yuan; of any other claim nothing."""
    if claim.item.pays != "difference":
        return 0
    return sum(one.amount for one in _earlier(facts, claim) if _is_of(one, claim))


def _is_of(paid: Sum, claim: Claim) -> bool:
    """Whether a sum was paid to the claim's subject; the enterprise's own year need not be named."""
    return paid.subject == claim.subject or (paid.subject is None and claim.entry is None)


def _earlier(facts: Facts, claim: Claim) -> list[Sum]:
    received = facts.enterprise.received
    return (
        [one for one in received if one.item == claim.item_id and one.year < facts.paid_before]
        if received
        else []
    )


def _payments(facts: Facts, claim: Claim) -> Iterator[Reason]:
    earlier = _earlier(facts, claim)
    if not earlier:
        return
    own = [one.year for one in earlier if _is_of(one, claim)]
    if claim.item.pays == "once" and own:
        yield Reason("received", None, max(own))
    caps = (claim.item.cap_of("cap"), claim.item.cap_of("lifetime_cap"))
    for cap, left in zip(caps, left_of_caps(facts, claim), strict=True):
        if cap is not None and left is not None and left <= 0:
            yield Reason("spent", None, cap - left, cap)
