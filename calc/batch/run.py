"""A whole batch: sources in pieces through workers into parts, the parts settled and put together."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final, TypeAlias

import pyarrow as pa

from calc import __version__
from calc.batch.answers import POOLED, Question, schema_of
from calc.batch.parts import Numbered, Part, answer_in, clear, part_of, prepare, read, unique_name, whole
from calc.batch.pools import Key, Ledger, Pool, Settled
from calc.batch.sinks.columns import write_arrow, write_parquet
from calc.batch.sinks.sheet import MOST_ROWS, Legend, SheetFullError, write_xlsx
from calc.batch.sinks.text import write_csv, write_ndjson
from calc.batch.sources.columnar import row_count
from calc.batch.sources.inputs import Source
from calc.batch.sources.pieces import Piece
from calc.batch.sources.reading import pieces_of
from calc.batch.storage import Location, followed
from calc.batch.work import Tell, answer_piece
from calc.batch.workers import in_order
from calc.enterprise.problems import InputError

Write: TypeAlias = Callable[[Iterable[pa.Table], pa.Schema, IO[bytes]], None]

WRITERS: Final[Mapping[str, Write]] = {
    "csv": write_csv,
    "ndjson": write_ndjson,
    "parquet": write_parquet,
    "arrow": write_arrow,
    "xlsx": write_xlsx,
}
"""How each form of an answer is written."""

_BOM: Final = b"\xef\xbb\xbf"
_COMPLETE: Final = "_SUCCESS"
"""The file that says that a folder of partitions is complete."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be answered, and how.

    ``form`` is one of ``WRITERS``; ``pools`` are those that grants are set against; ``tell`` says what is
    wrong with a row; ``tongue`` names the language in which it does; ``legend`` stands in a workbook.
    """

    sources: tuple[Source, ...]
    question: Question
    form: str
    jobs: int
    tell: Tell
    tongue: str
    pools: tuple[Pool, ...] = ()
    legend: Legend | None = None

    @property
    def write(self) -> Write:
        """How the answer is written."""
        return partial(write_xlsx, legend=self.legend) if self.form == "xlsx" else WRITERS[self.form]

    @property
    def schema(self) -> pa.Schema:
        """The columns of the answer."""
        schema = schema_of(self.question)
        place = schema.get_field_index(POOLED)
        return schema if place < 0 else schema.remove(place)

    @property
    def digest(self) -> str:
        """What tells this question from every other: an answered piece is good for no other."""
        asked = self.question
        marks = (
            asked.rules.digest,
            asked.stacking,
            asked.count,
            asked.claim_year,
            asked.is_long,
            asked.pools,
        )
        return sha256(repr((__version__, self.tongue, *marks)).encode()).hexdigest()


Watch: TypeAlias = Callable[[Part], None]
"""Looks at each part as it is done, in order."""


Carry: TypeAlias = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]
"""Does the same work for each of some tasks, wherever it is done; the results in order."""


def parts_folder(output: Location) -> Location:
    """Where the parts of an answer lie until it is complete."""
    return output / ".parts" if output.is_dir() else output.with_name(f".{output.name[:100]}.parts")


def to_stream(batch: Batch, stream: IO[bytes], watch: Watch) -> tuple[Settled, ...]:
    """Answer into a stream, as the answers come; with pools, once all have come.

    Raises ``WorkerLostError``, and ``OSError`` where the stream cannot be written.
    """
    if batch.pools:
        with TemporaryDirectory(prefix="subsidy-") as folder:
            parts = list(_parts(batch, Path(folder), watch))
            ledger = _ledger(batch, parts)
            batch.write(_tables(batch, parts, ledger), batch.schema, stream)
            return tuple(ledger.settled())

    answer = partial(answer_piece, question=batch.question, tell=batch.tell)

    def tables() -> Iterator[pa.Table]:
        weighed: list[int] = []

        def pieces() -> Iterator[Piece]:
            for piece in pieces_of(batch.sources, batch.question.rules.vocabulary):
                weighed.append(piece.weight)
                yield piece

        for table in in_order(answer, pieces(), batch.jobs):
            watch(part_of(table, weighed.pop(0)))
            yield table
            stream.flush()

    batch.write(tables(), batch.schema, stream)
    return ()


def to_file(
    batch: Batch, output: Location, watch: Watch, *, resume: bool, carry: Carry | None = None
) -> tuple[Settled, ...]:
    """Answer into a file, or into a folder of partitions where ``output`` is one.

    What is answered is kept beside it until all is; ``resume`` goes on from there.  ``carry`` does the work;
    without it the processes of the batch answer, and this one writes.
    Raises ``OSError`` where something cannot be written, ``SheetFullError``, ``WorkerLostError``.
    """
    folder = parts_folder(output)
    if batch.form == "xlsx":
        _check_rows(batch)
    try:
        prepare(folder, keep=resume)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(output)) from error
    parts: Iterable[Location] = _parts(batch, folder, watch, carry)
    if batch.pools or carry is not None:
        parts = list(parts)
    ledger = _ledger(batch, parts)
    if output.is_dir():
        _write_partitions(batch, parts, ledger, output, carry or map)
    else:
        with whole(followed(output)) as stream:
            if batch.form == "csv":
                stream.write(_BOM)  # by which Excel knows Chinese
            batch.write(_tables(batch, parts, ledger), batch.schema, stream)
    clear(folder)
    return tuple(ledger.settled())


def _check_rows(batch: Batch) -> None:
    """Refuse at once what is known to have more rows than a sheet."""
    rows = 0
    for source in batch.sources if not batch.question.is_long else ():
        if source.form in ("parquet", "arrow"):
            try:
                rows += row_count(source.name, source.form)
            except InputError:
                continue
    if rows > MOST_ROWS:
        raise SheetFullError


def _parts(batch: Batch, folder: Location, watch: Watch, carry: Carry | None = None) -> Iterator[Location]:
    """The parts of an answer as they are done, in order.  Raises ``SheetFullError``."""
    answer = partial(answer_piece, question=batch.question, tell=batch.tell)
    work = partial(answer_in, folder=folder, run=batch.digest, answer=answer)
    pieces = pieces_of(batch.sources, batch.question.rules.vocabulary)
    numbered = (Numbered(number, piece) for number, piece in enumerate(pieces))
    rows = 0
    for part in (carry or partial(in_order, jobs=batch.jobs))(work, numbered):
        watch(part)
        rows += part.rows
        if batch.form == "xlsx" and rows > MOST_ROWS:
            raise SheetFullError
        yield part.table


def _ledger(batch: Batch, parts: Iterable[Location]) -> Ledger:
    ledger = Ledger(batch.pools, batch.question.rules)
    for path in parts if batch.pools else ():
        ledger.ask(read(path))
    return ledger


def _tables(batch: Batch, parts: Iterable[Location], ledger: Ledger) -> Iterator[pa.Table]:
    for path in parts:
        yield ledger.settle(read(path)).drop_columns(POOLED) if batch.pools else read(path)


def _write_partitions(
    batch: Batch, parts: Iterable[Location], ledger: Ledger, folder: Location, carry: Carry
) -> None:
    """A file for each part; those of an earlier answer go, and last the folder is said to be complete."""
    (folder / _COMPLETE).unlink(missing_ok=True)
    write = partial(_write_partition, batch=batch, ledger=ledger, folder=folder)
    written = set()
    for path, paid in carry(write, enumerate(parts)):
        written.add(path)
        ledger.pay(paid)
    for stale in set[Location](folder.glob("part-*.parquet")) - written:
        stale.unlink()
    with whole(folder / _COMPLETE):
        pass


def _write_partition(
    numbered: tuple[int, Location], batch: Batch, ledger: Ledger, folder: Location
) -> tuple[Location, Counter[Key]]:
    """Write a part as its partition: where it stands, and what the pools pay of it."""
    number, part = numbered
    path = folder / f"part-{number:05d}.parquet"
    own = ledger.unpaid()
    with whole(path, beside=part.with_name(unique_name())) as stream:
        write_parquet(_tables(batch, [part], own), batch.schema, stream)
    return path, own.paid
