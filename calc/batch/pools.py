"""Budget pools: what is granted of some items in a claim year is set against one sum, pro rata."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calc.batch.answers import POOLED
from calc.batch.portfolio import LARGEST_UNITS
from calc.enterprise.numbers import Number, whole_yuan
from calc.policy.rules import Rules

Key: TypeAlias = tuple[str, int]
"""A pool and a claim year."""


class Pool(NamedTuple):
    """A budget a year for some items; ``budget`` in yuan, ``None``: that of the item's rules."""

    name: str
    items: tuple[str, ...]
    budget: Number | None = None

    def budget_in(self, rules: Rules, year: int) -> int | None:
        """The budget in a claim year, in whole yuan; ``None`` where there is none."""
        if self.budget is not None:
            return whole_yuan(self.budget)
        item = rules.in_year(year).items.get(self.name)
        return None if item is None or item.pool is None else whole_yuan(item.pool)


class Settled(NamedTuple):
    """What a pool was asked for in a claim year, what it holds and what it pays, in yuan."""

    pool: str
    year: int
    asked: int
    budget: int
    paid: int

    @property
    def short(self) -> int:
        """What it lacks for all that it was asked for."""
        return max(0, self.asked - self.budget)


def pools_of(rules: Rules, named: Iterable[Pool] = ()) -> tuple[Pool, ...]:
    """The pools of the rules, and those that are named: they win over the rules' own."""
    named = tuple(named)
    taken = {item for pool in named for item in pool.items}
    years = (rules, *rules.by_year.values())
    own = dict.fromkeys(
        name
        for one in years
        for name, item in one.items.items()
        if item.pool is not None and name not in taken
    )
    return (*(Pool(name, (name,)) for name in own), *named)


class Ledger:
    """What every pool is asked for, and what becomes of each grant; memory does not grow with rows."""

    def __init__(self, pools: tuple[Pool, ...], rules: Rules) -> None:
        self._pools, self._rules = pools, rules
        self._pool_of: Mapping[str, Pool] = {item: pool for pool in pools for item in pool.items}
        self._asked: Counter[Key] = Counter()
        self.paid: Counter[Key] = Counter()

    def ask(self, table: pa.Table) -> None:
        """Count what the enterprises of a part are granted."""
        for key, grants, _ in self._grants(table):
            self._asked[key] += sum(grants.tolist())

    def settle(self, table: pa.Table) -> pa.Table:
        """A part with what is ``paid``; to be called once for each, after all have been counted."""
        place = table.schema.get_field_index("paid")
        known = table["paid"].is_valid().to_numpy(zero_copy_only=False)
        paid = table["paid"].fill_null(0).to_numpy(zero_copy_only=False).copy()
        for key, grants, rows in self._grants(table):
            left = self._left(key, grants)
            self.paid[key] += sum(left.tolist())
            np.subtract.at(paid, rows, (grants - left).astype(np.int64))
        return table.set_column(place, "paid", pa.array(paid, mask=~known))

    def unpaid(self) -> "Ledger":
        """One that was asked for the same and has paid nothing, to settle parts elsewhere."""
        other = copy(self)
        other.paid = Counter()
        return other

    def pay(self, paid: Counter[Key]) -> None:
        """Count what another paid."""
        self.paid += paid

    def settled(self) -> Iterator[Settled]:
        """Each pool in each claim year in which it was asked for anything."""
        for pool in self._pools:
            for (name, year), asked in sorted(self._asked.items()):
                budget = pool.budget_in(self._rules, year) if name == pool.name else None
                if budget is not None:
                    yield Settled(name, year, asked, budget, self.paid[name, year])

    def _left(self, key: Key, grants: Any) -> Any:
        name, year = key
        pool = next(one for one in self._pools if one.name == name)
        budget, asked = pool.budget_in(self._rules, year), self._asked[key]
        if budget is None or asked <= budget:
            return grants
        if int(grants.max()) * budget >= LARGEST_UNITS or asked >= LARGEST_UNITS:
            grants = grants.astype(object)
        return grants * budget // asked

    def _grants(self, table: pa.Table) -> Iterator[tuple[Key, Any, Any]]:
        """The grants of a part by pool and claim year, with the rows that they stand in."""
        lists = table[POOLED].combine_chunks()
        rows, grants = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False), pc.list_flatten(lists)
        if not len(grants):
            return
        pools = np.array(
            [self._pool_of[item].name for item in grants.field("item").to_pylist()], dtype=object
        )
        sums = grants.field("granted").to_numpy(zero_copy_only=False)
        years = table["claim_year"].fill_null(0).to_numpy(zero_copy_only=False)[rows]
        for pool in dict.fromkeys(pools.tolist()):
            for year in sorted(set(years[pools == pool].tolist())):
                chosen = (pools == pool) & (years == year)
                yield (pool, year), sums[chosen], rows[chosen]
