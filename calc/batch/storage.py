"""Where inputs and outputs lie: paths of this machine, and through fsspec URLs of storage elsewhere."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, TypeAlias
from urllib.parse import urlsplit
from urllib.request import url2pathname

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_FILE_URL: Final = re.compile("file://(?:[^/]*(?=/)|$)", re.IGNORECASE)


def is_url(name: str) -> bool:
    """Whether a name is that of an object elsewhere, as ``s3://bucket/a.parquet``; ``file://`` is a path."""
    return _URL.match(name) is not None and _FILE_URL.match(name) is None


def without_scheme(name: str) -> str:
    """A name as it was given, but the path where it is a ``file://`` URL."""
    match = _FILE_URL.match(name)
    return name if match is None else url2pathname(name[match.end() :])


def located(name: str) -> "Location":
    """The path or the object that a name means."""
    return Remote(name) if is_url(name) else Path(without_scheme(name))


def anywhere(name: str) -> str:
    """A name that means the same to a process in another folder."""
    return name if is_url(name) else os.path.abspath(name)  # noqa: PTH100 -- links stay as they are


def what_is_wrong_with(url: str) -> str | None:
    """Why objects under this URL cannot be reached here, in the words of fsspec; ``None`` where they can."""
    import fsspec

    try:
        fsspec.get_filesystem_class(urlsplit(url).scheme)
    except (ImportError, ValueError) as error:
        return str(error)
    return None


@dataclass(frozen=True, slots=True)
class Remote:
    """An object or a folder elsewhere, with what a ``Path`` has as far as a batch needs it.

    A URL that ends in a slash is a folder, which an object store cannot tell before something lies in it.
    All that goes wrong is an ``OSError`` that names the URL.
    """

    url: str

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, name: str) -> "Remote":
        return Remote(f"{self.url.rstrip('/')}/{name}")

    @property
    def name(self) -> str:
        """The last part of the URL."""
        return self.url.rstrip("/").rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The ending of the name."""
        return PurePosixPath(self.name).suffix

    def with_name(self, name: str) -> "Remote":
        """What lies beside it under another name."""
        return Remote(f"{self.url.rstrip('/').rpartition('/')[0]}/{name}")

    def absolute(self) -> "Remote":
        """Itself: it lies in no folder of a process."""
        return self

    def exists(self) -> bool:
        """Whether anything lies there."""
        with self._storage() as (files, path):
            return bool(files.exists(path))

    def is_file(self) -> bool:
        """Whether it is an object."""
        with self._storage() as (files, path):
            return bool(files.isfile(path))

    def is_dir(self) -> bool:
        """Whether it is a folder, or was named as one."""
        if self.url.endswith("/"):
            return True
        with self._storage() as (files, path):
            return bool(files.isdir(path))

    def size(self) -> int:
        """Its bytes."""
        with self._storage() as (files, path):
            return int(files.size(path) or 0)

    def identity(self) -> str:
        """What tells one state of it from another."""
        with self._storage() as (files, path):
            return str(files.ukey(path))

    def under(self) -> list[str]:
        """The names of all objects in the folder and its folders, relative to it, in order."""
        with self._storage() as (files, path):
            root = path.rstrip("/") + "/"
            return sorted(one.removeprefix(root) for one in files.find(path))

    def glob(self, pattern: str) -> Iterator["Remote"]:
        """The objects in the folder whose names fit the pattern."""
        return (self / name for name in self.under() if "/" not in name and fnmatchcase(name, pattern))

    @contextmanager
    def open(self, mode: str = "rb") -> Iterator[IO[bytes]]:
        """The bytes of the object, to read."""
        with self._storage() as (files, path):
            opened = files.open(path, mode)
        with opened as stream:
            yield stream

    def put(self, file: str) -> None:
        """Store a file of this machine as the object: it is there whole or not at all."""
        with self._storage() as (files, path):
            files.put_file(file, path)

    def mkdir(self, *, exist_ok: bool = False) -> None:
        """Make the folder, where the storage has any."""
        with self._storage() as (files, path):
            files.makedirs(path, exist_ok=exist_ok)

    def unlink(self, *, missing_ok: bool = False) -> None:
        """Remove the object."""
        with self._storage() as (files, path):
            if not missing_ok or files.exists(path):
                files.rm_file(path)

    def remove(self) -> None:
        """Remove the folder and all that lies in it."""
        with self._storage() as (files, path):
            if files.exists(path):
                files.rm(path, recursive=True)

    @contextmanager
    def _storage(self) -> Iterator[tuple[Any, str]]:
        try:
            from fsspec.core import url_to_fs

            files, path = url_to_fs(self.url)
            files.invalidate_cache()  # others write there too
            yield files, path
        except OSError as error:
            known = {FileNotFoundError: errno.ENOENT, PermissionError: errno.EACCES}
            code = error.errno or known.get(type(error), errno.EIO)
            why = os.strerror(code) if code != errno.EIO else str(error)[:200]
            raise OSError(code, why, self.url) from error
        except Exception as error:  # each storage has errors of its own
            raise OSError(errno.EIO, f"{type(error).__name__}: {error}"[:200], self.url) from error


Location: TypeAlias = Path | Remote


def followed(place: Location) -> Location:
    """Where links lead to; one that leads to itself stays as it is."""
    # Path.resolve fails on such a link, and not with an OSError.
    return place if isinstance(place, Remote) else Path(os.path.realpath(place))
