"""Reads the text of a source, a path or standard input, and refuses what is no text in UTF-8."""

import errno
import os
import stat
import sys
from typing import Final

from calc.enterprise.problems import refuse

STDIN: Final = "-"
LARGEST_BYTES: Final = 2 * 1024 * 1024
"""A file of one enterprise holds some hundred kilobytes at most; what is larger is something else."""

_OPEN_ERRORS: Final = {
    errno.ENOENT: "not_found",
    errno.ENOTDIR: "not_found",
    errno.EACCES: "no_permission",
    errno.EPERM: "no_permission",
    errno.EISDIR: "directory",
}
_OFFICE_MARKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")


def read_text_of(source: str) -> str:
    """The text of a file; ``-`` is standard input.

    Raises ``InputError`` where it cannot be opened, is no text in UTF-8, or holds nothing.
    """
    return text_of(source, read_bytes_of(source))


def read_bytes_of(source: str) -> bytes:
    """The bytes of a file; ``-`` is standard input.  Raises ``InputError`` where it cannot be opened."""
    data = _read_stdin() if source == STDIN else _read_file(source)
    if len(data) > LARGEST_BYTES:
        refuse(source, "too_big", megabytes=LARGEST_BYTES >> 20)
    return data


def _read_stdin() -> bytes:
    if sys.stdin is None:
        refuse(STDIN, "cannot_open")
    try:
        return sys.stdin.buffer.read(LARGEST_BYTES + 1)
    except OSError as error:
        refuse(STDIN, "cannot_open", reason=error.strerror)


def _read_file(source: str) -> bytes:
    try:
        # A FIFO without a writer must not hang the program: open it without blocking, then look at it.
        descriptor = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError:
        refuse(source, "not_found")
    except OSError as error:
        refuse(source, open_error(error), reason=error.strerror)
    try:
        _check_kind(source, os.fstat(descriptor))
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(LARGEST_BYTES + 1) or b""
    except OSError as error:
        refuse(source, "cannot_open", reason=error.strerror)
    finally:
        os.close(descriptor)


def open_error(error: OSError) -> str:
    """The code of the problem that a source cannot be opened."""
    return _OPEN_ERRORS.get(error.errno or 0, "cannot_open")


def _check_kind(source: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        refuse(source, "directory")
    if not stat.S_ISREG(status.st_mode):
        refuse(source, "not_a_file")
    if status.st_size > LARGEST_BYTES:
        refuse(source, "too_big", megabytes=LARGEST_BYTES >> 20)


def text_of(source: str, data: bytes) -> str:
    """The text that bytes are.  Raises ``InputError`` where they are no text in UTF-8, or hold nothing."""
    if data.startswith(_OFFICE_MARKS):
        refuse(source, "not_text_file")
    guess = _guess_utf_16(data)
    if guess is not None:
        refuse(source, "encoding", guess=guess)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(source, "encoding", guess=_guess_encoding(data), line=data[: error.start].count(b"\n") + 1)
    if "\0" in text:
        refuse(source, "not_text_file")
    if not text.strip():
        refuse(source, "empty")
    return text


def _guess_utf_16(data: bytes) -> str | None:
    """UTF-16 shows by its mark, or by a zero beside every character of ASCII."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    zeros = (data[::2].count(0), data[1::2].count(0))
    few, many = sorted(zeros)
    return "UTF-16" if many > len(data) // 8 and few * 8 < many else None


def _guess_encoding(data: bytes) -> str | None:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "GBK"
