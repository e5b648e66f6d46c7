"""Writes files whole: a file appears under its name only when it is complete."""

import contextlib
import os
import secrets
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place, make sure of it, and rename it; what stood there stays until then.

    A device or a pipe is written to as it is.  Raises ``OSError`` that names the path.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
            return
        place = Path(os.path.realpath(path))  # of a link to itself Path.resolve makes a bug
        beside = place.with_name(f".{place.name[:100]}.{secrets.token_hex(4)}.tmp")
        try:
            mode = place.stat().st_mode & 0o777 if place.exists() else 0o666
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(place)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
