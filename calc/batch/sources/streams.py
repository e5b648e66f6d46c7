"""Text that is read piece by piece: NDJSON and CSV, from files, compressed files and standard input."""

import codecs
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa

from calc.batch.intake.cells.text import Header
from calc.batch.sources.cuts import count_of_records, end_of_records, first_record
from calc.batch.sources.inputs import COMPRESSED
from calc.batch.sources.pieces import PIECE_BYTES, Csv, Lines, Piece
from calc.batch.storage import located
from calc.enterprise.problems import refuse
from calc.enterprise.sources import LARGEST_BYTES, STDIN, open_error
from calc.enterprise.vocabulary import Vocabulary

_BOM: Final = b"\xef\xbb\xbf"
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKS: Final = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd"}
"""How compressed text begins, by the ending that its file would have."""

_DELIMITERS: Final = ",;\t"


class _Stream:
    """A file or a pipe being read; ``weight`` is what was read of it since it was last asked for."""

    def __init__(self, raw: Any, ending: str) -> None:
        self._raw, self._told = raw, 0
        self._file = pa.CompressedInputStream(raw, COMPRESSED[ending]) if ending in COMPRESSED else raw

    def read(self, size: int) -> bytes:
        data: bytes = self._file.read(size)
        return data

    def weight(self) -> int:
        told, self._told = self._told, self._raw.tell() if self._raw.seekable() else 0
        return self._told - told


@contextmanager
def _opened(source: str) -> Iterator[_Stream]:
    try:
        if source == STDIN:
            piped = sys.stdin.buffer
            begin = piped.peek(4) if isinstance(piped, io.BufferedReader) else b""
            ending = next((one for one, mark in _MARKS.items() if begin.startswith(mark)), "")
            yield _Stream(piped, ending)
            return
        with located(source).open("rb") as raw:
            yield _Stream(raw, os.path.splitext(source.lower())[1])  # noqa: PTH122
    except ValueError:
        refuse(source, "not_found")
    except OSError as error:
        if error.errno is None:  # of Arrow: what is compressed is damaged or cut off
            refuse(source, "damaged")
        refuse(source, open_error(error), reason=error.strerror)


def line_pieces(source: str) -> Iterator[Piece]:
    """NDJSON in pieces.  Raises ``InputError`` where the source cannot be read, or not further."""
    with _opened(source) as stream:
        yield from _pieces_of_lines(source, stream, b"")


def piped_pieces(vocabulary: Vocabulary) -> Iterator[Piece]:
    """Standard input in pieces: NDJSON where it begins with an object, or else CSV."""
    with _opened(STDIN) as stream:
        begin = stream.read(PIECE_BYTES)
        if begin.removeprefix(_BOM).lstrip()[:1] in (b"{", b""):
            yield from _pieces_of_lines(STDIN, stream, begin)
        else:
            yield from _pieces_of_records(STDIN, stream, begin, vocabulary)


def record_pieces(source: str, vocabulary: Vocabulary) -> Iterator[Piece]:
    """CSV in pieces.  Raises ``InputError`` where the source cannot be read, or its header means nothing."""
    with _opened(source) as stream:
        yield from _pieces_of_records(source, stream, b"", vocabulary)


def csv_of(source: str) -> Iterator[Csv]:
    """The parts of a file of CSV; the first of them, at least, is there, and says what its header is.

    Raises ``InputError`` where it cannot be read.
    """
    with _opened(source) as stream:
        yield from _parts_of_records(source, stream, stream.read(PIECE_BYTES))


def _pieces_of_lines(source: str, stream: _Stream, begin: bytes) -> Iterator[Piece]:
    first = 1
    begin = begin or stream.read(PIECE_BYTES)
    if not begin.strip():
        refuse(source, "empty")
    for text in _whole(stream, begin, lambda text: text.rfind(b"\n") + 1):
        yield Piece(source, first, Lines(text), stream.weight())
        first += text.count(b"\n")


def _whole(stream: _Stream, begin: bytes, cut: Callable[[bytes], int]) -> Iterator[bytes]:
    """Text cut where something ends; what goes on longer than any enterprise is kept in part."""
    rest = begin
    while block := stream.read(PIECE_BYTES):
        rest += block
        end = cut(rest)
        if end:
            yield rest[:end]
            rest = rest[end:]
        elif len(rest) > LARGEST_BYTES:
            rest = rest[: LARGEST_BYTES + 1]
    if rest:
        yield rest


def _pieces_of_records(source: str, stream: _Stream, begin: bytes, vocabulary: Vocabulary) -> Iterator[Piece]:
    begin = begin or stream.read(PIECE_BYTES)
    if not begin.removeprefix(_BOM).strip():
        refuse(source, "empty")
    first, is_checked = 1, False
    for part in _parts_of_records(source, stream, begin):
        if not is_checked:
            Header(source, part.header, vocabulary)
            is_checked = True
        held = count_of_records(part.text, part.delimiter)
        if held:
            yield Piece(source, first, part, stream.weight())
            first += held


def _parts_of_records(source: str, stream: _Stream, begin: bytes) -> Iterator[Csv]:
    """The header, below it nothing, and then the records in parts."""
    begin = begin.removeprefix(_BOM)
    if begin.startswith(_UTF_16):
        refuse(source, "encoding", guess="UTF-16")
    encoding = _encoding_of(begin)
    delimiter = _delimiter_of(begin)
    length, cells = first_record(begin, delimiter)
    named = (cell.encode("latin-1").decode(encoding or "utf-8", "replace").strip() for cell in cells)
    header = trimmed(tuple(named))
    yield Csv(header, delimiter, encoding or "utf-8", b"")
    for text in _whole(stream, begin[length:], lambda text: end_of_records(text, delimiter)):
        encoding = encoding or _encoding_of(text)
        yield Csv(header, delimiter, encoding or "utf-8", text)


def trimmed(header: tuple[str, ...]) -> tuple[str, ...]:
    """A header without the empty cells at its end."""
    width = max((place for place, name in enumerate(header, 1) if name), default=0)
    return header[:width]


def _encoding_of(text: bytes) -> str | None:
    """UTF-8, or else GB 18030 as Excel writes it in China; ``None`` where all of it is ASCII."""
    if text.isascii():
        return None
    whole = text[: max(text.rfind(b"\n"), text.rfind(b"\r")) + 1] or text
    for encoding in ("utf-8", "gb18030"):
        try:
            whole.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8"


def _delimiter_of(text: bytes) -> str:
    line = text.splitlines()[0].decode("latin-1") if text else ""
    return max(_DELIMITERS, key=line.count)
