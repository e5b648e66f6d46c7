"""A whole budget: every piece of a portfolio summed up by workers, the sums put together in order."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.ipc

from calc.batch.answers import Question
from calc.batch.budget.asked import Asked
from calc.batch.budget.piece import POOLED_SCHEMA, Movers, Summed, sum_up
from calc.batch.budget.tally import WHOLE, Tally
from calc.batch.pools import Ledger, Pool, Settled
from calc.batch.sources.inputs import Source
from calc.batch.sources.reading import pieces_of
from calc.batch.work import Tell
from calc.batch.workers import in_order
from calc.policy.rules import Rules

Watch: TypeAlias = Callable[[Summed], None]
"""What is told of each piece that is done."""


class Side(NamedTuple):
    """What a portfolio would cost under some rules: its sums, and what becomes of each pool."""

    question: Question
    tally: Tally
    pools: tuple[Settled, ...]

    @property
    def total(self) -> int:
        """What all enterprises get under the chosen reading, in yuan."""
        return self.tally["all", WHOLE, "sum"]

    @property
    def paid(self) -> int:
        """What is left of it by the pools, in yuan."""
        return self.total - sum(one.asked - one.paid for one in self.pools)


class Budget(NamedTuple):
    """What a portfolio would cost, and what other rules would change of it.

    ``after`` is ``None`` where there is nothing to compare with; ``rows`` counts all rows, ``errors`` those
    that are wrong and not counted; ``moves`` and ``movers`` say who gains and who loses.
    """

    before: Side
    after: Side | None
    rows: int
    errors: int
    moves: Tally
    movers: Movers

    @property
    def sides(self) -> tuple[Side, ...]:
        """What it would cost under the rules, and then under the others."""
        return (self.before,) if self.after is None else (self.before, self.after)


def budget_of(sources: Sequence[Source], asked: Asked, jobs: int, tell: Tell, watch: Watch) -> Budget:
    """Sum up some sources; memory does not grow with their rows.

    Raises ``WorkerLostError``, and ``OSError`` where the grants of pools cannot be kept.
    """
    tallies: tuple[Tally, ...] = tuple(Counter() for _ in asked.questions)
    moves: Tally = Counter()
    movers, rows, errors = Movers(), 0, 0
    work = partial(sum_up, asked=asked, tell=tell)
    pieces = pieces_of(sources, asked.reading.rules.vocabulary)
    with TemporaryDirectory(prefix="subsidy-") as folder, ExitStack() as stack:
        pooled = [
            stack.enter_context(closing(_Pooled(Path(folder) / f"{place}.arrow", pools, question.rules)))
            for place, (question, pools) in enumerate(zip(asked.questions, asked.pools, strict=True))
        ]
        for one in in_order(work, pieces, jobs):
            watch(one)
            for tally, of_piece in zip(tallies, one.tallies, strict=True):
                tally.update(of_piece)
            for pools, grants in zip(pooled, one.grants, strict=True):
                pools.add(grants)
            moves.update(one.moves)
            movers = movers.and_those_of(one.movers)
            rows, errors = rows + one.rows, errors + one.errors
        sides = [
            Side(question, tally, pools.settled())
            for question, tally, pools in zip(asked.questions, tallies, pooled, strict=True)
        ]
    return Budget(sides[0], sides[1] if asked.is_compared else None, rows, errors, moves, movers)


class _Pooled:
    """What pools are asked for under some rules: each grant is kept in a file until all are known."""

    def __init__(self, path: Path, pools: tuple[Pool, ...], rules: Rules) -> None:
        self._path, self._ledger = path, Ledger(pools, rules)
        self._writer = pa.ipc.new_file(str(path), POOLED_SCHEMA)

    def add(self, grants: pa.Table) -> None:
        """Take the grants of one piece."""
        self._ledger.ask(grants)
        self._writer.write_table(grants)

    def close(self) -> None:
        """Let go of the file."""
        self._writer.close()

    def settled(self) -> tuple[Settled, ...]:
        """What becomes of each pool; to be called once, when all is added."""
        self.close()
        with pa.memory_map(str(self._path)) as file, pa.ipc.open_file(file) as reader:
            for place in range(reader.num_record_batches):
                self._ledger.settle(pa.Table.from_batches([reader.get_batch(place)]))
        return tuple(self._ledger.settled())
