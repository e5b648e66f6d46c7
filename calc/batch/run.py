"""A whole batch: sources in pieces through workers into parts, the parts settled and put together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final, TypeAlias

import pyarrow as pa

from calc import __version__
from calc.batch.answers import POOLED, Question, schema_of
from calc.batch.parts import Numbered, Part, answer_in, clear, part_of, prepare, read, whole
from calc.batch.pools import Ledger, Pool, Settled
from calc.batch.sinks.columns import write_arrow, write_parquet
from calc.batch.sinks.sheet import MOST_ROWS, SheetFullError, write_xlsx
from calc.batch.sinks.text import write_csv, write_ndjson
from calc.batch.sources.columnar import row_count
from calc.batch.sources.inputs import Source
from calc.batch.sources.pieces import Piece
from calc.batch.sources.reading import pieces_of
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
    wrong with a row; ``tongue`` names the language in which it does.
    """

    sources: tuple[Source, ...]
    question: Question
    form: str
    jobs: int
    tell: Tell
    tongue: str
    pools: tuple[Pool, ...] = ()

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


def parts_folder(output: Path) -> Path:
    """Where the parts of an answer lie until it is complete."""
    return output / ".parts" if output.is_dir() else output.with_name(f".{output.name[:100]}.parts")


def to_stream(batch: Batch, stream: IO[bytes], watch: Watch) -> tuple[Settled, ...]:
    """Answer into a stream, as the answers come; with pools, once all have come.

    Raises ``WorkerLostError``, and ``OSError`` where the stream cannot be written.
    """
    if batch.pools:
        with TemporaryDirectory(prefix="subsidy-") as folder:
            parts = _parts(batch, Path(folder), watch)
            ledger = _ledger(batch, parts)
            WRITERS[batch.form](_tables(batch, parts, ledger), batch.schema, stream)
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

    WRITERS[batch.form](tables(), batch.schema, stream)
    return ()


def to_file(batch: Batch, output: Path, watch: Watch, *, resume: bool) -> tuple[Settled, ...]:
    """Answer into a file, or into a folder of partitions where ``output`` is one.

    What is answered is kept beside it until all is; ``resume`` goes on from there.
    Raises ``OSError`` where something cannot be written, ``SheetFullError``, ``WorkerLostError``.
    """
    folder = parts_folder(output)
    if batch.form == "xlsx":
        _check_rows(batch)
    try:
        prepare(folder, keep=resume)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(output)) from error
    parts = _parts(batch, folder, watch)
    ledger = _ledger(batch, parts)
    tables = _tables(batch, parts, ledger)
    if output.is_dir():
        _write_partitions(batch, tables, output)
    else:
        with whole(output.resolve()) as stream:
            if batch.form == "csv":
                stream.write(_BOM)  # by which Excel knows Chinese
            WRITERS[batch.form](tables, batch.schema, stream)
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


def _parts(batch: Batch, folder: Path, watch: Watch) -> list[Path]:
    answer = partial(answer_piece, question=batch.question, tell=batch.tell)
    work = partial(answer_in, folder=folder, run=batch.digest, answer=answer)
    pieces = pieces_of(batch.sources, batch.question.rules.vocabulary)
    numbered = (Numbered(number, piece) for number, piece in enumerate(pieces))
    paths, rows = [], 0
    for part in in_order(work, numbered, batch.jobs):
        watch(part)
        paths.append(part.table)
        rows += part.rows
        if batch.form == "xlsx" and rows > MOST_ROWS:
            raise SheetFullError
    return paths


def _ledger(batch: Batch, parts: Iterable[Path]) -> Ledger:
    ledger = Ledger(batch.pools, batch.question.rules)
    for path in parts if batch.pools else ():
        ledger.ask(read(path))
    return ledger


def _tables(batch: Batch, parts: Iterable[Path], ledger: Ledger) -> Iterator[pa.Table]:
    for path in parts:
        table = read(path)
        yield ledger.settle(table).drop_columns(POOLED) if batch.pools else table


def _write_partitions(batch: Batch, tables: Iterable[pa.Table], folder: Path) -> None:
    """A file for each table; those of an earlier answer go, and last the folder is said to be complete."""
    (folder / _COMPLETE).unlink(missing_ok=True)
    written = set()
    for number, table in enumerate(tables):
        path = folder / f"part-{number:05d}.parquet"
        with whole(path) as stream:
            write_parquet([table], batch.schema, stream)
        written.add(path)
    for path in set(folder.glob("part-*.parquet")) - written:
        path.unlink()
    with whole(folder / _COMPLETE):
        pass
