"""The options of the commands: what may be asked, and how it is called."""

from enum import StrEnum
from typing import Annotated, Final

import typer

LANG_OPTION: Final = "--lang"


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
    typer.Option("--year", min=2000, max=2100, help=words("The claim year; wins over the file's.")),
]
Reading = Annotated[Stacking, typer.Option("--stacking", help=words("The reading of the closing clause."))]
Counting = Annotated[Count, typer.Option("--count", help=words("Which grades count."))]
AdviceFormat = Annotated[AnswerFormat, typer.Option("--format", help=words("How the answer is written."))]
Yuan = Annotated[bool, typer.Option("--yuan", help=words("Show sums in yuan instead of 万元."))]
