"""The options of the commands: what may be asked, and how it is called."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

LANG_OPTION: Final = "--lang"
COMPLETE_VARIABLE: Final = "_SUBSIDY_COMPLETE"
"""The variable by which a shell asks what could be written next."""


class Stacking(StrEnum):
    """The readings of the closing clause."""

    STRICT = "strict"
    SUBJECT = "subject"
    EXPENSE = "expense"
    NONE = "none"


class Count(StrEnum):
    """Which grades count."""

    STATED = "stated"
    RATIO = "ratio"
    CEILING = "ceiling"


class Format(StrEnum):
    """How answers are written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    TOML = "toml"
    CSV = "csv"
    MARKDOWN = "markdown"


class Lang(StrEnum):
    """The two languages."""

    ZH = "zh"
    EN = "en"


def words(text: str) -> str:
    """Mark a help text for translation; it is translated when the command runs."""
    return text


# The sections of the help page, in the order of a day's work.
START: Final = words("Start")
ANSWER: Final = words("Answer")
ADVISE: Final = words("Advise")
MANY: Final = words("Many")
RULES: Final = words("The rules")
SET_UP: Final = words("Set up")

COMMAND: Final[dict[str, Any]] = {
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"], "max_content_width": 100},
}
"""How every group of commands is made."""


VERBATIM: Final = "\b"
"""What marks a paragraph of a help page whose lines stay as they are."""


def examples(*lines: str) -> str:
    """What stands at the end of a help page: commands to copy, each on a line of its own."""
    return f"{VERBATIM}\n" + "\n".join(lines)


Rules = Annotated[
    list[str] | None,
    typer.Option(
        "--rules", metavar="FILE", help=words("A rules file, or an overlay over the rules; may be repeated.")
    ),
]
AskedLanguage = Annotated[Lang | None, typer.Option(LANG_OPTION, help=words("The language of the answer."))]


class AnswerFormat(StrEnum):
    """How advice is written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    TOML = "toml"


File = Annotated[
    str, typer.Argument(metavar="FILE", help=words("An enterprise file, TOML or JSON; - is standard input."))
]
Year = Annotated[
    int | None,
    typer.Option(
        "--year", metavar="2026", min=2000, max=2100, help=words("The claim year; wins over the file's.")
    ),
]
Reading = Annotated[Stacking, typer.Option("--stacking", help=words("The reading of the closing clause."))]
Counting = Annotated[Count, typer.Option("--count", help=words("Which grades count."))]
AdviceFormat = Annotated[
    AnswerFormat | None, typer.Option("--format", help=words("How the answer is written."))
]
Yuan = Annotated[bool, typer.Option("--yuan", help=words("Show sums in yuan instead of 万元."))]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help=words("Write the answer to this file, which appears only when it is complete."),
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=words("Keep warnings and hints back."))]


_ENDINGS: Final = {"md": "markdown", "jsonl": "ndjson"}
"""Endings that are not called as the format."""

_SHORT: Final = {"markdown": "md"}

_NO_TABLE: Final = frozenset(
    ("json", "ndjson", "jsonl", "toml", "csv", "md", "markdown", "html", "htm", "pdf", "ics")
) | frozenset(("xlsx", "xls", "et", "ods", "docx", "doc", "wps", "odt", "rtf"))
"""Endings of files that whatever opens them takes for something else than a table in plain text."""


class UnfitEnding(typer.BadParameter):
    """A file's ending promises what the answer is not written as.  ``endings``: those that would do."""

    def __init__(self, output: Path, endings: Sequence[str]) -> None:
        super().__init__(output.suffix)
        self.output, self.endings = output, tuple(endings)


def format_of(asked: StrEnum | None, output: Path | None, formats: type[StrEnum]) -> str:
    """How an answer is written: as asked, or else as the ending of the file says, or else as a table.

    Raises ``UnfitEnding`` where the file would not hold what its ending says.
    """
    if asked is not None:
        return str(asked.value)
    suffix = output.suffix.lower().removeprefix(".") if output is not None else ""
    known = {one.value for one in formats}
    wanted = _ENDINGS.get(suffix, suffix)
    if wanted in known and wanted != "table":
        return wanted
    if output is not None and suffix in _NO_TABLE:
        written = (str(one.value) for one in formats if one.value != "table")
        raise UnfitEnding(output, [".txt", *(f".{_SHORT.get(one, one)}" for one in written)])
    return "table"


def complete_items(incomplete: str) -> list[tuple[str, str]]:
    """What a shell offers where an item is to be written."""
    from calc.cli.completing import items

    return list(items(incomplete))


def complete_paths(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """What a shell offers where a figure of the command's file is to be named."""
    from calc.cli.completing import paths

    # An option that still lacks its value leaves the file among what was not understood.
    source = context.params.get("file") or next(iter(context.args), None)
    return list(paths(incomplete, source, "="))


def complete_kinds(incomplete: str) -> list[tuple[str, str]]:
    """What a shell offers where a kind of enterprise is to be written."""
    from calc.cli.completing import kinds

    return list(kinds(incomplete))
