"""Which sources the inputs are: files by their ending, what lies in folders, standard input."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from calc.batch.storage import Remote, is_url, located, without_scheme
from calc.enterprise.problems import Problem
from calc.enterprise.sources import STDIN, open_error

Form: TypeAlias = Literal["document", "ndjson", "csv", "sheets", "tables", "parquet", "arrow", "nothing"]

_ENDINGS: Final[Mapping[str, Form]] = {
    ".toml": "document",
    ".json": "document",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "sheets",
    ".xlsm": "sheets",
    ".xls": "sheets",
    ".ods": "sheets",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
}
COMPRESSED: Final[Mapping[str, str]] = {".gz": "gzip", ".zst": "zstd"}
"""Endings of compressed text, and what Arrow calls them."""

_ELSEWHERE: Final = ("ndjson", "csv", "parquet", "arrow")
"""What is read piece by piece, and so from storage elsewhere too."""

_OF_TABLES: Final = ("csv", "parquet", "arrow")
"""The forms in which a file may hold one table of many enterprises."""

_HEADS: Final = ("enterprise", "企业")
"""A folder with a file that is called so may hold a file for each table."""


class Source(NamedTuple):
    """One input: its name, how it is read, and what is wrong where nothing can be.

    ``files``: of a folder with a file for each table (``tables``), all that may be one.
    """

    name: str
    form: Form
    problem: Problem | None = None
    files: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Its bytes, as far as they are known beforehand."""
        if self.name == STDIN or self.form == "nothing":
            return 0
        return sum(map(_size_of, self.files or (self.name,)))


def sources_of(inputs: Iterable[str]) -> Iterator[Source]:
    """The sources of some inputs, in order.

    A folder gives what lies in it by name, but for hidden files and those that lock a workbook.
    """
    for name in map(without_scheme, inputs):
        if is_url(name):
            try:
                yield from _of_url(name)
            except OSError as error:
                problem = Problem(name, open_error(error), details={"reason": error.strerror})
                yield Source(name, "nothing", problem)
        elif name != STDIN and os.path.isdir(name):  # noqa: PTH112 -- a name with a null character is none
            yield from _of_folder(name)
        else:
            yield Source(name, "ndjson" if name == STDIN else form_of(name) or "document")


def form_of(name: str) -> Form | None:
    """How a file of this name is read; ``None`` where its ending says nothing."""
    stem, ending = os.path.splitext(name.lower())  # noqa: PTH122
    if ending in COMPRESSED:
        form = _ENDINGS.get(os.path.splitext(stem)[1])  # noqa: PTH122
        return form if form in ("ndjson", "csv") else None
    return _ENDINGS.get(ending)


def stem_of(name: str) -> str:
    """What a file is called without its folder and its endings, in small letters."""
    stem, ending = os.path.splitext(re.split(r"[/\\]", name)[-1].lower())  # noqa: PTH122
    return os.path.splitext(stem)[0] if ending in COMPRESSED else stem  # noqa: PTH122


def _size_of(name: str) -> int:
    place = located(name)
    try:
        if isinstance(place, Remote):
            return place.size()
        return place.stat().st_size if place.is_file() else 0
    except OSError:
        return 0


def _of_url(url: str) -> Iterator[Source]:
    form, place = form_of(url), Remote(url)
    if form in _ELSEWHERE and not url.endswith("/") and not place.is_dir():
        yield Source(url, form)
        return
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for name in place.under():
        if not re.search(r"(?:^|/)[._]", name) and form_of(name) in _ELSEWHERE:
            folders[name.rpartition("/")[0]].append(str(place / name))
    places = {str(place / name) if name else url: files for name, files in folders.items()}
    found = [source for name, files in places.items() for source in _of_place(name, files)]
    yield from found or [_empty(url)]


def _of_folder(folder: str) -> Iterator[Source]:
    closed: list[OSError] = []
    found = [
        source for place, files in _places_in(folder, closed.append) for source in _of_place(place, files)
    ]
    yield from found
    for error in closed:
        yield Source(error.filename, "nothing", Problem(error.filename, "closed_folder"))
    if not found and not closed:
        yield _empty(folder)


def _places_in(folder: str, onerror: Callable[[OSError], None]) -> Iterator[tuple[str, list[str]]]:
    """A folder, and those in it, each with the files that lie there."""
    for place, folders, files in os.walk(folder, onerror=onerror):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        shown = sorted(file for file in files if not file.startswith((".", "_", "~$")))
        yield place, [os.path.join(place, file) for file in shown]  # noqa: PTH118


def _of_place(place: str, files: Sequence[str]) -> Iterator[Source]:
    """What lies in one folder: a file for each table, if there may be some, and then all other files."""
    forms = {file: form for file in files if (form := form_of(file)) is not None}
    tables = tuple(file for file, form in forms.items() if form in _OF_TABLES)
    if not any(stem_of(file) in _HEADS for file in tables):
        tables = ()
    if tables:
        yield Source(place, "tables", files=tables)
    yield from (Source(file, form) for file, form in forms.items() if file not in tables)


def _empty(folder: str) -> Source:
    return Source(folder, "nothing", Problem(folder, "empty_folder"))
