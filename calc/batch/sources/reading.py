"""Inputs as pieces, in order; a source that cannot be read is a piece that says so."""

from collections.abc import Iterable, Iterator
from typing import Final

from calc.batch.sources.columnar import frames_of
from calc.batch.sources.inputs import Source, form_of
from calc.batch.sources.pieces import PIECE_BYTES, Files, Piece, Unusable, sendable
from calc.batch.sources.sheets import sheet_pieces
from calc.batch.sources.streams import line_pieces, piped_pieces, record_pieces
from calc.batch.sources.tables import table_pieces, tables_of_files
from calc.batch.storage import located
from calc.enterprise.problems import InputError, Problem, refuse
from calc.enterprise.sources import STDIN, open_error, read_bytes_of
from calc.enterprise.vocabulary import Vocabulary

_FILES: Final = 200
"""So many files make a piece."""


def pieces_of(sources: Iterable[Source], vocabulary: Vocabulary) -> Iterator[Piece]:
    """The pieces of all sources, read one after the other as they are asked for."""
    names: list[str] = []
    contents: list[bytes] = []

    def flushed() -> Iterator[Piece]:
        if names:
            weight = sum(map(len, contents))
            yield Piece(names[0], 1, Files(tuple(names), tuple(contents)), weight)
            names.clear()
            contents.clear()

    for source in _told_apart(sources, vocabulary):
        if source.form == "document":
            try:
                data = read_bytes_of(source.name)
            except InputError as error:
                yield from flushed()
                yield _unusable(source.name, error.problems)
                continue
            names.append(source.name)
            contents.append(data)
            if len(names) == _FILES or sum(map(len, contents)) >= PIECE_BYTES:
                yield from flushed()
            continue
        yield from flushed()
        try:
            yield from _of_source(source, vocabulary)
        except InputError as error:
            yield _unusable(source.name, error.problems)
    yield from flushed()


def _told_apart(sources: Iterable[Source], vocabulary: Vocabulary) -> Iterator[Source]:
    """The same sources, but of what may be a file for each table the lists by themselves."""
    for source in sources:
        tables = tables_of_files(source.files, vocabulary)
        if tables or not source.files:
            yield source._replace(files=tables)
        for file in source.files:
            if file not in tables:
                yield Source(file, form_of(file) or "document")


def _of_source(source: Source, vocabulary: Vocabulary) -> Iterator[Piece]:
    if source.problem is not None:
        raise InputError((source.problem,))
    match source.form:
        case "ndjson" if source.name == STDIN:
            return piped_pieces(vocabulary)
        case "ndjson":
            return line_pieces(source.name)
        case "csv":
            return record_pieces(source.name, vocabulary)
        case "tables":
            return table_pieces(source, vocabulary)
        case _:
            return _of_file(source, vocabulary)


def _of_file(source: Source, vocabulary: Vocabulary) -> Iterator[Piece]:
    place = located(source.name)
    try:
        if not place.is_file():
            refuse(source.name, "directory" if place.is_dir() else "not_found")
    except OSError as error:
        refuse(source.name, open_error(error), reason=error.strerror)
    if source.form == "sheets":
        return sheet_pieces(source.name, vocabulary)
    return frames_of(source.name, source.form, vocabulary)


def _unusable(source: str, problems: tuple[Problem, ...]) -> Piece:
    return Piece(source, 0, Unusable(sendable(problems)), 0)
