"""The claims that count something, of all items in one order, with the caps over several of them."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from calc.batch.columns.claims import Sight
from calc.batch.columns.evaluate import ELIGIBLE, Outcomes
from calc.batch.columns.exact import all_fit, by_number, constant, exact_of, smaller, whole_yuan
from calc.batch.columns.runs import Runs, order_of
from calc.batch.portfolio import Bools, Ints, Numbers
from calc.engine.claims import split_reference
from calc.enterprise.numbers import LARGEST
from calc.enterprise.numbers import whole_yuan as whole_yuan_of
from calc.policy.forms import FIGURE_YEARS, EntryTrigger
from calc.policy.rules import Rules, SharedCap

NONE: Final = -1
"""What stands for no base, no cap, no limit."""


class Candidates(NamedTuple):
    """Claims that count something, by owner, then in the order of the rules and of the file (yuan).

    ``origins`` and ``rows`` say of which outcomes, and which of their rows, each one is; ``numbers`` are the
    places of the items in the rules; ``subjects`` is negative for an enterprise's own year; ``roots`` and
    ``base_parts`` number the names of bases (one subject's base of one name is one base), -1 where there is
    none.  ``year_limits`` is -1 where an item has none.
    """

    owners: Ints
    origins: Ints
    rows: Ints
    numbers: Ints
    subjects: Ints
    amounts: Ints
    year_limits: Ints
    on_base_table: Ints
    roots: Ints
    base_parts: Ints
    wholes: Ints
    limits: Ints
    numerators: Ints
    denominators: Ints

    @property
    def size(self) -> int:
        """How many there are."""
        return self.owners.size

    def take(self, rows: Ints) -> "Candidates":
        """Some of the candidates."""
        return Candidates(*(column[rows] for column in self))


class _Layout(NamedTuple):
    """How subjects are numbered: the entries of one table after those of the other, each own year below 0."""

    starts: Mapping[str, int]
    base_tables: frozenset[str]
    size: int
    base_names: tuple[str, ...]

    def subjects(self, outcomes: Outcomes, rows: Ints) -> Ints:
        claims = outcomes.claims
        if isinstance(claims.item.claim, EntryTrigger) and claims.places is not None:
            return self.starts[claims.item.claim.entry] + claims.places[rows]
        return -1 - (claims.number * self.size + claims.owners[rows])

    def is_on_base_table(self, outcomes: Outcomes) -> bool:
        trigger = outcomes.claims.item.claim
        return isinstance(trigger, EntryTrigger) and trigger.entry in self.base_tables


def candidates_of(sight: Sight, outcomes: Sequence[Outcomes], unfit: Bools) -> Candidates:
    """The candidates of all enterprises but the unfit ones."""
    rules, portfolio = sight.rules, sight.portfolio
    sizes = [one.owners.size for one in portfolio.entries.values()]
    layout = _Layout(
        dict(zip(portfolio.entries, accumulate(sizes, initial=0), strict=False)),
        frozenset(
            item.claim.entry
            for item in rules.items.values()
            if item.base is not None and isinstance(item.claim, EntryTrigger)
        ),
        portfolio.size,
        tuple(sorted({name for one in outcomes if one.bases for name in (one.bases.root, one.bases.part)})),
    )
    columns = [
        _columns(one, origin, np.flatnonzero(_counts(one, unfit)), layout)
        for origin, one in enumerate(outcomes)
    ]
    if not columns:
        return Candidates(*(np.zeros(0, np.int64) for _ in Candidates._fields))
    together = Candidates(*(np.concatenate(parts) for parts in zip(*columns, strict=True)))
    return together.take(order_of(together.owners))


def _counts(outcomes: Outcomes, unfit: Bools) -> Bools:
    is_counted: Bools = (outcomes.statuses == ELIGIBLE) & (outcomes.amounts > 0)
    return is_counted & ~unfit[outcomes.claims.owners]


def _columns(outcomes: Outcomes, origin: int, rows: Ints, layout: _Layout) -> Candidates:
    size, bases = rows.size, outcomes.bases
    of_base: Sequence[Ints]
    if bases is None:
        of_base = [np.full(size, NONE, np.int64)] * 6
    else:
        root, part = (layout.base_names.index(name) for name in (bases.root, bases.part))
        of_base = (
            np.full(size, root, np.int64),
            np.full(size, part, np.int64),
            bases.wholes[rows],
            bases.limits[rows],
            bases.numerators[rows],
            bases.denominators[rows],
        )
    return Candidates(
        outcomes.claims.owners[rows],
        np.full(size, origin, np.int64),
        rows,
        np.full(size, outcomes.claims.number, np.int64),
        layout.subjects(outcomes, rows),
        outcomes.amounts[rows],
        outcomes.year_limits[rows],
        np.full(size, layout.is_on_base_table(outcomes), np.int64),
        *of_base,
    )


class CapSlot(NamedTuple):
    """One cap that each candidate may lie under: those of the same mark lie under the same (yuan).

    The mark is -1 where no such cap can bind.
    """

    marks: Ints
    limits: Ints


class SharedLimits(NamedTuple):
    """What the items of one shared cap may get together, for each enterprise (yuan)."""

    shared: SharedCap
    limits: Ints
    is_known: Bools


def shared_limits(sight: Sight) -> tuple[list[SharedLimits], Bools]:
    """The shared caps as sums for each enterprise, and the enterprises for which one cannot be told."""
    size = sight.portfolio.size
    unfit = np.zeros(size, bool)
    found = []
    for shared in sight.rules.shared_caps:
        if shared.share is None:
            limit = np.full(size, whole_yuan_of(shared.cap), np.int64)
            found.append(SharedLimits(shared, limit, np.ones(size, bool)))
            continue
        group, name = split_reference(shared.share.of)
        whole = sight.portfolio.figures.get((name, FIGURE_YEARS[group]))
        if not isinstance(whole, Numbers):
            found.append(SharedLimits(shared, np.full(size, LARGEST, np.int64), np.zeros(size, bool)))
            continue
        share = by_number(exact_of(whole), shared.share.ratio)
        if shared.has_sum:
            share = smaller(constant(size, shared.cap), share)
        unfit |= ~all_fit(size, share)
        found.append(SharedLimits(shared, whole_yuan(share), whole.known))
    return found, unfit


def lacking_of(item_id: str, limits: Sequence[SharedLimits]) -> Bools | None:
    """The enterprises for which a cap that the item shares is unknown; ``None`` where it shares none."""
    of_item = [~one.is_known for one in limits if item_id in one.shared.items]
    return np.logical_or.reduce(of_item) if of_item else None


def cap_slots(candidates: Candidates, rules: Rules, limits: Sequence[SharedLimits]) -> list[CapSlot]:
    """The caps that bind: that of each item and year first, then each shared one."""
    count = len(rules.items)
    has_limit = candidates.year_limits >= 0
    slots = [
        _binding(
            candidates, candidates.owners * count + candidates.numbers, candidates.year_limits, has_limit
        )
    ]
    places = {name: place for place, name in enumerate(rules.items)}
    for one in limits:
        members = np.isin(candidates.numbers, [places[name] for name in one.shared.items if name in places])
        members &= one.is_known[candidates.owners]
        slots.append(_binding(candidates, candidates.owners, one.limits[candidates.owners], members))
    return slots


def _binding(candidates: Candidates, keys: Ints, limits: Ints, members: Bools) -> CapSlot:
    """A cap over the members of the same key, where their sum exceeds its limit; keys rise."""
    marks = np.full(candidates.size, NONE, np.int64)
    places = np.flatnonzero(members)
    runs = Runs.of(keys[places])
    is_bound = runs.sums(candidates.amounts[places])[runs.marks] > limits[places]
    marks[places[is_bound]] = runs.marks[is_bound]
    return CapSlot(marks, limits)
