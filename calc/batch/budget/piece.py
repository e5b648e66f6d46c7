"""What a worker does: one piece of the portfolio as sums, a pure function."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa

from calc.batch.answers import GRANTS, POOLED, Question, item_columns
from calc.batch.budget.asked import Asked
from calc.batch.budget.seen import (
    Members,
    Seen,
    members_of,
    members_one_by_one,
    seen_in_columns,
    seen_one_by_one,
)
from calc.batch.budget.tally import Tally, groups_of, moves_of, tally_of
from calc.batch.columns.claims import NotColumnarError
from calc.batch.held import Held, as_text, held_in
from calc.batch.intake.base import Intake
from calc.batch.parts import MOST_TOLD, Told
from calc.batch.portfolio import Ints
from calc.batch.sources.documents import Placed
from calc.batch.sources.pieces import Piece
from calc.batch.work import Tell, says_of
from calc.engine.estimate import estimate
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.enterprise.problems import InputError

MOST_NAMED: Final = 20
"""So many of those who gain, or lose, most are named."""

POOLED_SCHEMA: Final = pa.schema([("claim_year", pa.int64()), ("paid", pa.int64()), (POOLED, GRANTS)])
"""The grants that pools pay, a row each, as a ``Ledger`` takes them."""


class Mover(NamedTuple):
    """An enterprise that gets more, or less, under other rules; sums in yuan."""

    source: str
    row: int | None
    name: str
    uscc: str | None
    claim_year: int
    before: int
    after: int

    @property
    def change(self) -> int:
        """What it gets more."""
        return self.after - self.before


class Movers(NamedTuple):
    """Those who gain most and those who lose most, each the most first, those of one change in order."""

    gainers: tuple[Mover, ...] = ()
    losers: tuple[Mover, ...] = ()

    def and_those_of(self, other: "Movers") -> "Movers":
        """The most of these and of others that come after them."""
        return Movers(
            _most((*self.gainers, *other.gainers)),
            _most((*self.losers, *other.losers)),
        )


def _most(movers: Sequence[Mover]) -> tuple[Mover, ...]:
    return tuple(sorted(movers, key=lambda one: -abs(one.change))[:MOST_NAMED])


class Summed(NamedTuple):
    """One piece: its sums under each of the rules, who moves between them, the grants that pools pay.

    ``rows`` counts its enterprises, ``errors`` those that have no answer, the first of them ``told``;
    ``weight`` is that of the piece; for ``unproven`` of them something that pays more may exist.
    """

    tallies: tuple[Tally, ...]
    moves: Tally
    movers: Movers
    grants: tuple[pa.Table, ...]
    rows: int
    errors: int
    told: tuple[Told, ...]
    weight: int
    unproven: int = 0


class _Block(NamedTuple):
    """Enterprises that were answered in one way, under each of the rules."""

    members: Members
    seen: tuple[Seen, ...]


_Sound: TypeAlias = tuple[int, Enterprise]


def sum_up(piece: Piece, asked: Asked, tell: Tell) -> Summed:
    """The sums of a piece; ``tell`` says what is wrong with a row."""
    held = held_in(piece, asked.reading)
    blocks, rest = _at_once(held.taken, asked)
    sound: list[_Sound] = []
    wrong: list[Told] = []
    for place, one in zip(rest, held.some(rest), strict=True):
        read = _read(one, asked.reading, tell)
        if isinstance(read, str):
            wrong.append(Told(as_text(one.source), one.row, read))
        else:
            sound.append((place, read))
    if sound:
        blocks.append(_one_by_one(sound, asked))
    return _summed(blocks, held, asked, wrong, piece.weight)


def _at_once(taken: Intake, asked: Asked) -> tuple[list[_Block], list[int]]:
    """Those that columns answer under all of the rules, and the places of the others."""
    if not taken.portfolio.size:
        return [], list(taken.rest)
    try:
        found = [seen_in_columns(taken.portfolio, question) for question in asked.questions]
    except NotColumnarError:
        return [], sorted([*taken.rest, *taken.places.tolist()])
    kept = ~np.logical_or.reduce([unfit for _, unfit in found])
    members = members_of(taken.portfolio, taken.places, len(asked.reading.rules.vocabulary.kinds))
    block = _Block(members, tuple(seen for seen, _ in found))
    if not kept.all():
        block = _Block(members.take(kept), tuple(seen.take(kept) for seen, _ in found))
    return [block], sorted([*taken.rest, *taken.places[~kept].tolist()])


def _read(placed: Placed, question: Question, tell: Tell) -> Enterprise | str:
    """What a document declares, or what is wrong with it."""
    document, rules = placed.document, question.rules
    try:
        if isinstance(document, InputError):
            raise document
        read = enterprise_from(document, rules.vocabulary, rules.item_ids, claim_year=question.claim_year)
    except InputError as error:
        return says_of(placed, error.problems, tell)
    return read.enterprise


def _one_by_one(sound: Sequence[_Sound], asked: Asked) -> _Block:
    enterprises = [enterprise for _, enterprise in sound]
    places = np.array([place for place, _ in sound], np.int64)
    seen = []
    for question in asked.questions:
        rules, stacking, count = question.rules, question.stacking, question.count
        estimates = [estimate(one, rules, stacking=stacking, count=count) for one in enterprises]
        seen.append(seen_one_by_one(estimates, question))
    kinds = tuple(asked.reading.rules.vocabulary.kinds)
    return _Block(members_one_by_one(enterprises, places, kinds), tuple(seen))


def _summed(blocks: Sequence[_Block], held: Held, asked: Asked, wrong: Sequence[Told], weight: int) -> Summed:
    tallies: tuple[Tally, ...] = tuple(Counter() for _ in asked.questions)
    moves: Tally = Counter()
    found: list[tuple[int, Mover]] = []
    grants: list[list[pa.Table]] = [[POOLED_SCHEMA.empty_table()] for _ in asked.questions]
    for members, seen in blocks:
        groups = groups_of(members, asked.reading)
        for place, (question, one) in enumerate(zip(asked.questions, seen, strict=True)):
            tallies[place].update(tally_of(groups, one, question))
            if question.pools:
                grants[place].append(_pooled(members, one, question))
        if asked.is_compared:
            before, after = (one.totals[asked.reading.stacking] for one in seen)
            moves.update(moves_of(groups, after - before))
            found += _movers(members, before, after, held)
    movers = [mover for _, mover in sorted(found, key=lambda one: one[0])]
    return Summed(
        tallies,
        moves,
        Movers(
            _most([one for one in movers if one.change > 0]), _most([one for one in movers if one.change < 0])
        ),
        tuple(pa.concat_tables(tables) for tables in grants),
        sum(members.places.size for members, _ in blocks) + len(wrong),
        len(wrong),
        tuple(wrong[:MOST_TOLD]),
        weight,
        sum(int(np.logical_or.reduce([one.unproven for one in seen]).sum()) for _, seen in blocks),
    )


def _movers(members: Members, before: Ints, after: Ints, held: Held) -> Iterator[tuple[int, Mover]]:
    """Those who gain most and those who lose most, each with its place among the rows."""
    change = after - before
    order = np.argsort(change, kind="stable")
    losers = order[:MOST_NAMED]
    gainers = np.argsort(-change, kind="stable")[:MOST_NAMED]
    moved = sorted({*losers[change[losers] < 0].tolist(), *gainers[change[gainers] > 0].tolist()})
    sources, rows = held.named(members.places[np.array(moved, np.int64)])
    for one, source, row in zip(moved, sources.to_pylist(), rows.to_pylist(), strict=True):
        yield (
            int(members.places[one]),
            Mover(
                source,
                row,
                members.names[one].as_py(),
                members.usccs[one].as_py(),
                int(members.years[one]),
                int(before[one]),
                int(after[one]),
            ),
        )


def _pooled(members: Members, seen: Seen, question: Question) -> pa.Table:
    """The grants that pools pay."""
    items = item_columns(question.rules)
    claimed = seen.claimed
    wanted = [place for place, item in enumerate(items) if item in question.pools]
    chosen = np.isin(claimed.items, wanted) & (claimed.granted > 0)
    granted = pa.array(claimed.granted[chosen])
    names = pa.array(items, pa.string()).take(pa.array(claimed.items[chosen]))
    pooled = pa.ListArray.from_arrays(
        pa.array(np.arange(len(granted) + 1, dtype=np.int32)),
        pa.StructArray.from_arrays([names, granted], ["item", "granted"]),
    )
    years = pa.array(members.years[claimed.owners[chosen]])
    return pa.Table.from_arrays([years, granted, pooled], schema=POOLED_SCHEMA)
