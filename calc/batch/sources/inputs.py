"""Which sources the inputs are: files by their ending, what lies in folders, standard input."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
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

TABLES_BY: Final = "enterprise.csv"
"""A folder that holds this file holds a file for each table."""


class Source(NamedTuple):
    """One input: its name, how it is read, and what is wrong where nothing can be."""

    name: str
    form: Form
    problem: Problem | None = None

    @property
    def size(self) -> int:
        """Its bytes, as far as they are known beforehand."""
        if self.name == STDIN or self.form == "nothing":
            return 0
        path = located(self.name)
        if isinstance(path, Remote):
            try:
                return path.size()
            except OSError:
                return 0
        files = path.glob("*.csv") if self.form == "tables" else (path,)
        return sum(file.stat().st_size for file in files if file.is_file())


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


def _of_url(url: str) -> Iterator[Source]:
    form, place = form_of(url), Remote(url)
    if form in _ELSEWHERE and not url.endswith("/") and not place.is_dir():
        yield Source(url, form)
        return
    names = [name for name in place.under() if not re.search(r"(?:^|/)[._]", name)]
    found = [Source(str(place / name), form) for name in names if (form := form_of(name)) in _ELSEWHERE]
    yield from found or [Source(url, "nothing", Problem(url, "empty_folder"))]


def _of_folder(folder: str) -> Iterator[Source]:
    found, closed = False, list[OSError]()
    for place, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        if TABLES_BY in files:
            found = True
            folders.clear()
            yield Source(place, "tables")
            continue
        for file in sorted(files):
            form = None if file.startswith((".", "_", "~$")) else form_of(file)
            if form is not None:
                found = True
                yield Source(os.path.join(place, file), form)  # noqa: PTH118
    for error in closed:
        yield Source(error.filename, "nothing", Problem(error.filename, "closed_folder"))
    if not found and not closed:
        yield Source(folder, "nothing", Problem(folder, "empty_folder"))
