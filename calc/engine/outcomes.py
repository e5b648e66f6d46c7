"""What becomes of a claim: barred, ineligible, in need of figures, or eligible; and why."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from calc.engine.claims import Claim, Operand
from calc.enterprise.enterprise import Value
from calc.enterprise.numbers import Number
from calc.enterprise.vocabulary import Field

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Reason(NamedTuple):
    """Why a claim is barred or ineligible, as data: presenters find the words.

    ``field`` tells how value, threshold and shortfall are written; ``opens`` is the first day on which a
    barred claim would be open, ``None`` where that never comes; ``either`` names, for a reason that is one of
    several alternatives, the place of the group and that of the alternative, the outermost first.
    """

    code: str
    path: str | None
    value: Value | None = None
    threshold: Value | None = None
    shortfall: Number | None = None
    field: Field | None = None
    year: int | None = None
    opens: date | None = None
    either: tuple[tuple[int, int], ...] = ()


class Step(NamedTuple):
    """One step of an award: what was done, with what, and the exact result in yuan."""

    kind: str
    result: Number
    operands: tuple[Operand, ...] = ()
    details: Mapping[str, Any] = _NOTHING


class BaseUse(NamedTuple):
    """The sum of which each yuan supports one measure only.

    ``root`` names the whole, ``whole`` its whole yuan; ``part`` and ``limit`` the part of it this claim may
    use (the same where it may use all); ``rate`` is what a yuan of it pays.
    """

    root: str
    whole: int
    part: str
    limit: int
    rate: Fraction


class Barred(NamedTuple):
    """Closed to this claim, whatever its figures."""

    claim: Claim
    reasons: tuple[Reason, ...]


class Ineligible(NamedTuple):
    """A condition fails on the figures given."""

    claim: Claim
    reasons: tuple[Reason, ...]


class NeedsInput(NamedTuple):
    """A figure is missing; ``missing`` holds each once."""

    claim: Claim
    missing: tuple[Operand, ...]


class Eligible(NamedTuple):
    """Every condition holds.

    ``ceiling`` is the most the source allows (``None``: open or in kind); ``amount`` what it counts alone;
    ``spared`` what an in-kind claim spares; ``is_expected`` whether an expectation stands behind it.
    """

    claim: Claim
    ceiling: int | None
    amount: int
    spared: int | None
    is_expected: bool
    steps: tuple[Step, ...]
    base: BaseUse | None = None


Outcome: TypeAlias = Barred | Ineligible | NeedsInput | Eligible

STATUSES: Final = ("barred", "ineligible", "needs_input", "eligible")
"""What may become of a claim, as the machine-readable answers name it."""


def status_of(outcome: Outcome) -> str:
    """The status of a claim, one of ``STATUSES``."""
    match outcome:
        case Barred():
            return "barred"
        case Ineligible():
            return "ineligible"
        case NeedsInput():
            return "needs_input"
        case Eligible():
            return "eligible"


def is_uncounted(outcome: Outcome) -> bool:
    """Whether a claim is open to money but counts nothing yet; one in kind, or with nothing left, is not."""
    return (
        isinstance(outcome, Eligible)
        and not outcome.amount
        and outcome.spared is None
        and outcome.ceiling != 0
    )
