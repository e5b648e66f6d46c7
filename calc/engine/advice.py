"""What would pay more: each gap with its gain, and what a change of figures does to the whole answer."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from calc.engine.estimate import Estimate
from calc.engine.gaps import Mend, is_near_miss, mends
from calc.engine.outcomes import Ineligible, NeedsInput
from calc.enterprise.changes import Change, Setting, carried_out
from calc.enterprise.documents import Document
from calc.enterprise.enterprise import Enterprise, Value
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError


class Gap(NamedTuple):
    """The least change that makes an ineligible claim eligible, and what the whole combination then pays.

    ``total_after`` is ``None`` where another figure is still missing; ``is_near``: little is missing for it.
    """

    item_id: str
    subject: str
    mends: tuple[Mend, ...]
    total_before: int
    total_after: int | None
    is_near: bool

    @property
    def gain(self) -> int | None:
        """What the change adds to the total, in yuan."""
        return None if self.total_after is None else self.total_after - self.total_before


class Scene(NamedTuple):
    """A parsed file with the ways to read and to estimate it; changes of figures start from here."""

    document: Document
    estimate: Estimate
    read: Callable[[Document], Enterprise]
    answer: Callable[[Enterprise], Estimate]

    def changed(self, changes: Sequence[Change]) -> tuple[Document, tuple[Setting, ...]]:
        """The changed file, and what each change did.  Raises ``InputError`` for an unknown PATH."""
        before = self.estimate
        return carried_out(self.document, changes, before.rules.vocabulary, before.claim_year)

    def with_changes(self, changes: Sequence[Change]) -> Estimate:
        """A full new estimate of the changed file.  Raises ``InputError`` where a change does not fit."""
        document, _ = self.changed(changes)
        return self.answer(self.read(document))


def leaf_of(value: Value) -> Any:
    """A value as the parsers hand it over."""
    match value:
        case Fraction():
            return FloatText(format(Decimal(value.numerator) / Decimal(value.denominator), "f"))
        case tuple():
            return list(value)
        case _:
            return value


def find_gaps(scene: Scene) -> tuple[Gap, ...]:
    """The gaps of every ineligible claim that figures could mend, largest gain first, unknown gains last."""
    found = list(_gaps(scene))
    return tuple(sorted(found, key=lambda gap: (gap.gain is None, -(gap.gain or 0))))


def _gaps(scene: Scene) -> Iterator[Gap]:
    before = scene.estimate
    for outcome in before.outcomes:
        if not isinstance(outcome, Ineligible):
            continue
        changes = mends(before.facts, outcome)
        if changes is not None:
            after = _total_after(scene, outcome, changes)
            claim, is_near = outcome.claim, is_near_miss(outcome)
            yield Gap(claim.item_id, claim.subject, changes, before.total, after, is_near)


def _total_after(scene: Scene, outcome: Ineligible, changes: Sequence[Mend]) -> int | None:
    try:
        after = scene.with_changes([Change(mend.path, leaf_of(mend.after)) for mend in changes])
    except InputError:
        return None
    mark = (outcome.claim.item_id, outcome.claim.subject)
    for one in after.outcomes:
        if (one.claim.item_id, one.claim.subject) == mark and isinstance(one, NeedsInput):
            return None
    return after.total
