"""The claims that count something, of all items in one order, with the caps over several of them."""

from collections.abc import Collection, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from calc.batch.columns.evaluate import ELIGIBLE, Outcomes
from calc.batch.columns.exact import all_fit, by_number, constant, exact_of, smaller, whole_yuan
from calc.batch.columns.runs import Runs, joined, order_of
from calc.batch.columns.sight import Sight
from calc.batch.portfolio import Bools, Ints, Numbers, Portfolio
from calc.engine.claims import split_reference
from calc.enterprise.numbers import LARGEST
from calc.enterprise.numbers import whole_yuan as whole_yuan_of
from calc.policy.forms import FIGURE_YEARS, EntryTrigger
from calc.policy.rules import Rules, SharedCap

NONE: Final = -1
"""What stands for no base, no cap, no limit."""


class BaseRows(NamedTuple):
    """The bases of candidates, a row each, and what a yuan of it pays; the last row stands for no base.

    ``roots`` and ``parts`` number the names of bases: one subject's base of one name is one base.
    """

    roots: Ints
    parts: Ints
    wholes: Ints
    limits: Ints
    numerators: Ints
    denominators: Ints


class Candidates(NamedTuple):
    """Claims that count something, by owner, then in the order of the rules and of the file (yuan).

    ``origins`` and ``rows`` say of which outcomes, and which of their rows, each one is; ``subjects`` is
    negative for an enterprise's own year; ``year_limits`` is -1 where an item has none; ``base_rows`` are
    rows of ``bases``.  ``items`` names the item of each origin; of ``based`` ones an entry may have a base.
    """

    owners: Ints
    origins: Ints
    rows: Ints
    subjects: Ints
    amounts: Ints
    year_limits: Ints
    base_rows: Ints
    bases: BaseRows
    items: tuple[str, ...]
    based: tuple[bool, ...]

    @property
    def size(self) -> int:
        """How many there are."""
        return self.owners.size

    @property
    def items_of_owners(self) -> Ints:
        """A key for each item of each owner, rising."""
        return self.owners * len(self.items) + self.origins

    def are_of(self, items: Collection[str]) -> Bools:
        """Which are claims of some items."""
        return np.array([item in items for item in self.items], bool)[self.origins]


def candidates_of(sight: Sight, outcomes: Sequence[Outcomes], unfit: Bools) -> Candidates:
    """The candidates of all enterprises but the unfit ones."""
    rows = [np.flatnonzero(_counts(one, unfit)) for one in outcomes]
    sizes = [some.size for some in rows]
    chosen = list(zip(outcomes, rows, strict=True))
    owners = joined([one.claims.owners[some] for one, some in chosen])
    order = order_of(owners)
    bases, base_rows = _bases(chosen)
    return Candidates(
        owners[order],
        np.repeat(np.arange(len(outcomes)), sizes)[order],
        joined(rows)[order],
        joined(_subjects(sight.portfolio, chosen))[order],
        joined([one.amounts[some] for one, some in chosen])[order],
        joined([one.year_limits[some] for one, some in chosen])[order],
        base_rows[order],
        bases,
        tuple(one.claims.item_id for one in outcomes),
        _are_based(sight.rules, outcomes),
    )


def _counts(outcomes: Outcomes, unfit: Bools) -> Bools:
    is_counted: Bools = (outcomes.statuses == ELIGIBLE) & (outcomes.amounts > 0)
    return is_counted & ~unfit[outcomes.claims.owners]


def _subjects(portfolio: Portfolio, chosen: Sequence[tuple[Outcomes, Ints]]) -> list[Ints]:
    """A number for each subject: the entries of one table after those of the other, each own year below 0."""
    sizes = [one.owners.size for one in portfolio.entries.values()]
    starts = dict(zip(portfolio.entries, accumulate(sizes, initial=0), strict=False))
    found = []
    for outcomes, rows in chosen:
        claims = outcomes.claims
        if isinstance(claims.item.claim, EntryTrigger) and claims.places is not None:
            found.append(starts[claims.item.claim.entry] + claims.places[rows])
        else:
            found.append(-1 - (claims.number * portfolio.size + claims.owners[rows]))
    return found


def _bases(chosen: Sequence[tuple[Outcomes, Ints]]) -> tuple[BaseRows, Ints]:
    """The bases of some claims, and for each claim the row of its base."""
    names = sorted({name for one, _ in chosen if one.bases for name in (one.bases.root, one.bases.part)})
    held, places, count = [], [], 0
    for outcomes, rows in chosen:
        bases = outcomes.bases
        if bases is None:
            places.append(np.full(rows.size, NONE))
            continue
        root, part = (np.full(rows.size, names.index(name)) for name in (bases.root, bases.part))
        of_rows = (bases.wholes, bases.limits, bases.numerators, bases.denominators)
        held.append((root, part, *(column[rows] for column in of_rows)))
        places.append(np.arange(count, count + rows.size))
        count += rows.size
    held.append(tuple(np.array([NONE]) for _ in BaseRows._fields))
    return BaseRows(*(np.concatenate(column) for column in zip(*held, strict=True))), joined(places)


def _are_based(rules: Rules, outcomes: Sequence[Outcomes]) -> tuple[bool, ...]:
    """Of which items the claims are on entries that may have a base."""
    triggers = [item.claim for item in rules.items.values() if item.base is not None]
    tables = {trigger.entry for trigger in triggers if isinstance(trigger, EntryTrigger)}
    of_items = (one.claims.item.claim for one in outcomes)
    return tuple(isinstance(trigger, EntryTrigger) and trigger.entry in tables for trigger in of_items)


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


def cap_slots(candidates: Candidates, limits: Sequence[SharedLimits]) -> list[CapSlot]:
    """The caps that bind: that of each item and year first, then each shared one."""
    has_limit = candidates.year_limits >= 0
    slots = [_binding(candidates, candidates.items_of_owners, candidates.year_limits, has_limit)]
    for one in limits:
        members = candidates.are_of(one.shared.items) & one.is_known[candidates.owners]
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
