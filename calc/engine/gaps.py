"""What would pay more: the least change of figures that makes an ineligible claim eligible."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import chain, islice, product
from math import ceil, floor
from typing import Final, NamedTuple

from calc.engine.claims import Facts
from calc.engine.outcomes import Ineligible, Reason
from calc.enterprise.enterprise import Value
from calc.enterprise.numbers import Number
from calc.enterprise.vocabulary import Field

_PREFERRED_LEVEL = "provincial"
_KINDS_PATH = "enterprise.kinds"
_MOST_WAYS: Final = 64
"""So many combinations of alternatives are looked at."""
_ONE_PLACE = Fraction(1, 10**4)
"""One place beyond a strict bound on a rate: a hundredth of a per cent."""


_NEAR_SHARE = Fraction(1, 10)
_NEAR_MONTHS = 3
"""A near miss lies within a tenth of the threshold, which a late invoice, a further order or a small loan may
bring without another project; or within three months, the quarter by which a schedule can be pulled in."""


class Mend(NamedTuple):
    """One figure set to the nearest value that passes; ``add``: the kinds any one of which will do."""

    path: str
    before: Value | None
    after: Value
    field: Field | None
    add: tuple[str, ...] = ()


def mends(facts: Facts, outcome: Ineligible) -> tuple[Mend, ...] | None:
    """The least change, one for each failing figure; ``None`` where no figure can mend the claim.

    Of alternatives, one is mended: that with the fewest changes, then the first.
    """
    ways = (_mended(facts, outcome, way) for way in islice(_ways(outcome.reasons), _MOST_WAYS))
    return min((way for way in ways if way is not None), key=len, default=None)


def _ways(reasons: Sequence[Reason]) -> Iterator[list[Reason]]:
    """Every set of reasons that would have to go, one alternative chosen of each group."""
    groups: defaultdict[int, defaultdict[int, list[Reason]]] = defaultdict(lambda: defaultdict(list))
    for reason in reasons:
        if reason.either:
            (group, alternative), *inner = reason.either
            groups[group][alternative].append(reason._replace(either=tuple(inner)))
    always = [reason for reason in reasons if not reason.either]
    choices = [
        list(islice((way for one in group.values() for way in _ways(one)), _MOST_WAYS))
        for group in groups.values()
    ]
    for chosen in product(*choices):
        yield [*always, *chain.from_iterable(chosen)]


def _mended(facts: Facts, outcome: Ineligible, reasons: Sequence[Reason]) -> tuple[Mend, ...] | None:
    found: dict[str, Mend] = {}
    for reason in reasons:
        mend = _mend(facts, outcome, reason)
        earlier = found.get(mend.path)
        found[mend.path] = mend if earlier is None else _both(earlier, mend)
    if not _agree(reasons, found):
        return None
    return (*found.values(), *_raised_wholes(facts, outcome, found))


def is_near_miss(outcome: Ineligible) -> bool:
    """Whether each condition fails on a figure that misses its threshold by little."""
    return all(_is_near(reason) for reason in outcome.reasons)


def _is_near(reason: Reason) -> bool:
    if reason.field is None or reason.shortfall is None or not isinstance(reason.threshold, int | Fraction):
        return False
    if reason.field.unit == "months":
        return reason.shortfall <= _NEAR_MONTHS
    return reason.threshold > 0 and reason.shortfall <= reason.threshold * _NEAR_SHARE


def _raised_wholes(facts: Facts, outcome: Ineligible, found: Mapping[str, Mend]) -> Iterator[Mend]:
    """A part may not exceed its whole: where a raised part would, the whole is raised with it."""
    entry = outcome.claim.entry
    for mend in found.values():
        if entry is None or mend.field is None or mend.field.part_of is None:
            continue
        whole = facts.read_entry(entry, mend.field.part_of)
        if whole.path not in found and whole.value is not None and _number(whole.value) < _number(mend.after):
            yield Mend(whole.path, whole.value, ceil(_number(mend.after)), whole.field)


def _agree(reasons: Iterable[Reason], found: dict[str, Mend]) -> bool:
    """Whether the changes keep every bound, as where one figure has to lie both above and below."""
    for reason in reasons:
        after = found[reason.path or ""].after
        if reason.code == "above" and _size(after) > _size(reason.threshold):
            return False
    return True


def _both(one: Mend, other: Mend) -> Mend:
    if isinstance(one.after, bool) or not isinstance(one.after, int | Fraction | date):
        return one
    return one if _size(one.after) >= _size(other.after) else other


def _size(value: Value | None) -> Number:
    """A value that has an order as a number: a day by its place in the calendar."""
    return value.toordinal() if isinstance(value, date) else _number(value)


def _number(value: Value | None) -> Number:
    if not isinstance(value, int | Fraction):
        raise TypeError(value)
    return value


def _mend(facts: Facts, outcome: Ineligible, reason: Reason) -> Mend:
    path = reason.path or ""
    match reason.code:
        case "flag":
            is_wanted = reason.threshold is True
            return Mend(path, not is_wanted, is_wanted, reason.field)
        case "kind" if path == _KINDS_PATH:
            kinds = facts.enterprise.kinds_in(facts.year)
            wanted = _words(reason.threshold)
            return Mend(path, kinds, (*kinds, wanted[0]), None, wanted)
        case "kind" | "level":
            wanted = _words(reason.threshold)
            word = _PREFERRED_LEVEL if _PREFERRED_LEVEL in wanted else wanted[0]
            return Mend(path, reason.value, word, reason.field)
        case _ if isinstance(reason.threshold, date):
            return Mend(path, reason.value, reason.threshold, reason.field)
        case _:
            return _mend_number(facts, outcome, reason)


def _mend_number(facts: Facts, outcome: Ineligible, reason: Reason) -> Mend:
    own = _own_value(facts, outcome, reason)
    threshold = _number(reason.threshold)
    is_rate = reason.field is not None and reason.field.type in ("rate", "factor")
    match reason.code:
        case "above":
            after: Number = threshold if is_rate else floor(threshold)
        case "not_more":
            after = threshold + _ONE_PLACE if is_rate else floor(threshold) + 1
        case _:
            raised = own + _number(reason.shortfall)
            after = raised if is_rate else ceil(raised)
    return Mend(reason.path or "", own, after, reason.field)


def _words(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _own_value(facts: Facts, outcome: Ineligible, reason: Reason) -> Number:
    """The figure itself, where the reason's value may be a sum over several entries."""
    entry = outcome.claim.entry
    if entry is not None and reason.path is not None and reason.path.startswith(f"{entry.subject}."):
        return _number(facts.read_entry(entry, reason.path.rpartition(".")[2]).value)
    return _number(reason.value)
