"""A file or sheet for each table: held in memory, since the enterprises are put together from all of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from calc.batch.intake.cells.names import english_part
from calc.batch.intake.cells.tables import OWNER, Table, contents_of_tables
from calc.batch.intake.columns.leaves import SHORT_FLOATS, python_value
from calc.batch.sources.columnar import column_names, whole_table
from calc.batch.sources.inputs import Source, form_of, stem_of
from calc.batch.sources.pieces import Contents, Csv, Piece, in_pieces, sendable
from calc.batch.sources.records import records_of
from calc.batch.sources.streams import csv_of
from calc.batch.storage import located
from calc.enterprise.problems import InputError
from calc.enterprise.vocabulary import Vocabulary


def tables_among(
    parts: Mapping[str, str | None], header_of: Callable[[str], Sequence[str]], vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Which of some sheets or files are tables: none without one of the enterprises.

    ``parts``: the table that each is called like, if any.  One that names the enterprises of its rows is
    meant as a table, whatever it is called: it is not passed over, and refused where no table is called so.
    """
    if OWNER not in parts.values():
        return ()
    return tuple(
        name for name, part in parts.items() if part is not None or names_owners(header_of(name), vocabulary)
    )


def names_owners(header: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether the rows below a header name the enterprises that they belong to."""
    return not {OWNER, vocabulary.common[OWNER].zh}.isdisjoint(header)


def tables_of_files(files: Sequence[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The files that are tables; a single one is a list of enterprises."""
    tables = tables_among({file: _part_of(file, vocabulary) for file in files}, _header_of, vocabulary)
    return tables if len(tables) > 1 else ()


def table_pieces(source: Source, vocabulary: Vocabulary) -> Iterator[Piece]:
    """A folder with a file for each table, in pieces.  Raises ``InputError`` where one cannot be read."""
    tables = [_table_of(file, vocabulary) for file in source.files]
    yield from put_together(source.name, tables, source.size, vocabulary)


def put_together(
    source: str, tables: Iterable[Table], weight: int, vocabulary: Vocabulary
) -> Iterator[Piece]:
    """The enterprises that tables hold together, in pieces.

    Raises ``InputError`` with all tables and columns that no document has.
    """
    contents = contents_of_tables(tables, vocabulary, source)
    sent = (sendable(one.problems) if isinstance(one, InputError) else one for one in contents)
    for first, group, share in in_pieces(sent, weight):
        yield Piece(source, first, Contents(group), share)


def _part_of(file: str, vocabulary: Vocabulary) -> str | None:
    return english_part(stem_of(file), vocabulary)


def _header_of(file: str) -> Sequence[str]:
    """The names of the columns of a file; none where it cannot be read: who reads it says so."""
    form = form_of(file)
    try:
        return next(csv_of(file)).header if form == "csv" else column_names(file, form or "")
    except InputError:
        return ()


def _table_of(file: str, vocabulary: Vocabulary) -> Table:
    form, part = form_of(file), _part_of(file, vocabulary)
    name = located(file).name
    if form == "csv":
        parts = csv_of(file)
        return Table(name, part, next(parts).header, _records(file, parts))
    columns = whole_table(file, form or "")
    rows = zip(*map(_cells, columns.columns), strict=True)
    return Table(name, part, tuple(columns.column_names), rows)


def _records(file: str, parts: Iterable[Csv]) -> Iterator[Sequence[Any]]:
    for part in parts:
        for cells in records_of(part):
            if isinstance(cells, InputError):
                raise InputError(tuple(one._replace(source=file) for one in cells.problems))
            yield cells


def _cells(column: pa.ChunkedArray) -> Iterator[Any]:
    """The values of a column as cells; of a short float the decimal that it shows."""
    return (_cell(scalar) for chunk in column.chunks for scalar in chunk)


def _cell(scalar: Any) -> Any:
    if isinstance(scalar, pa.DictionaryScalar):
        scalar = scalar.value
    value, short = python_value(scalar), SHORT_FLOATS.get(str(scalar.type))
    return value if short is None or value is None else Decimal(str(short(value)))
