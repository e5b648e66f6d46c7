"""Which sources the inputs are: files by their ending, what lies in folders, standard input."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from calc.enterprise.problems import Problem
from calc.enterprise.sources import STDIN

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
        path = Path(self.name)
        if self.name == STDIN or self.form == "nothing":
            return 0
        files = path.glob("*.csv") if self.form == "tables" else (path,)
        return sum(file.stat().st_size for file in files if file.is_file())


def sources_of(inputs: Iterable[str]) -> Iterator[Source]:
    """The sources of some inputs, in order.

    A folder gives what lies in it by name, but for hidden files and those that lock a workbook.
    """
    for name in inputs:
        if name != STDIN and os.path.isdir(name):  # noqa: PTH112 -- a name with a null character is none
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


def _of_folder(folder: str) -> Iterator[Source]:
    found = False
    for place, folders, files in os.walk(folder):
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
    if not found:
        yield Source(folder, "nothing", Problem(folder, "empty_folder"))
