"""The commands of ``subsidy`` and their options."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from calc import __version__
from calc.cli.exits import Exit, guarded
from calc.present.language import Language, language, language_wanted


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


_LANG_OPTION: Final = "--lang"
_OWN_SETTINGS: Final[dict[str, Any]] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

app: Final = typer.Typer(
    name="subsidy",
    help=words("What an enterprise can claim, and the combination that pays most."),
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings=_OWN_SETTINGS,
    no_args_is_help=True,
)
measures_app: Final = typer.Typer(rich_markup_mode=None, context_settings=_OWN_SETTINGS)
app.add_typer(measures_app, name="measures", help=words("The measures of the policy and their items."))

Rules = Annotated[
    list[str] | None,
    typer.Option(
        "--rules", metavar="FILE", help=words("A rules file, or an overlay over the rules; may be repeated.")
    ),
]
Language_ = Annotated[Lang | None, typer.Option(_LANG_OPTION, help=words("The language of the answer."))]


def _speech(lang: Lang | None) -> Language:
    return language(language_wanted(lang))


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"subsidy {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help=words("Show the version and stop.")
        ),
    ] = False,
) -> None:
    """Options of the command itself."""


@app.command(
    "estimate", help=words("Every award the enterprise can claim, and the combination that pays most.")
)
def _estimate(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help=words("Enterprise files, TOML or JSON; - is standard input.")),
    ],
    year: Annotated[
        int | None,
        typer.Option("--year", min=2000, max=2100, help=words("The claim year; wins over the file's.")),
    ] = None,
    stacking: Annotated[
        Stacking, typer.Option("--stacking", help=words("The reading of the closing clause."))
    ] = Stacking.SUBJECT,
    count: Annotated[Count, typer.Option("--count", help=words("Which grades count."))] = Count.RATIO,
    output_format: Annotated[
        Format, typer.Option("--format", help=words("How the answer is written."))
    ] = Format.TABLE,
    rules: Rules = None,
    yuan: Annotated[bool, typer.Option("--yuan", help=words("Show sums in yuan instead of 万元."))] = False,
    lang: Language_ = None,
) -> None:
    from calc.cli.estimate import Request, estimate_files

    request = Request(
        files=tuple(files),
        rules=tuple(rules or ()),
        claim_year=year,
        stacking=stacking.value,
        count=count.value,
        output_format=output_format.value,
        in_yuan=yuan,
    )
    raise typer.Exit(estimate_files(request, _speech(lang)))


@measures_app.callback(invoke_without_command=True)
def _measures(context: typer.Context, rules: Rules = None, lang: Language_ = None) -> None:
    if context.invoked_subcommand is None:
        from calc.cli.measures import list_measures

        raise typer.Exit(list_measures(tuple(rules or ()), _speech(lang)))


@measures_app.command("list", help=words("All measures and their items."))
def _measures_list(rules: Rules = None, lang: Language_ = None) -> None:
    from calc.cli.measures import list_measures

    raise typer.Exit(list_measures(tuple(rules or ()), _speech(lang)))


@measures_app.command(
    "show", help=words("A measure or an item: clause, conditions, award, caps, department.")
)
def _measures_show(
    names: Annotated[
        list[str], typer.Argument(metavar="MEASURE|ITEM…", help=words("As 25, or 02-capacity."))
    ],
    rules: Rules = None,
    lang: Language_ = None,
) -> None:
    from calc.cli.measures import show_measures

    raise typer.Exit(show_measures(tuple(names), tuple(rules or ()), _speech(lang)))


def _asked_language(arguments: Sequence[str]) -> str | None:
    for place, argument in enumerate(arguments):
        if argument.startswith(f"{_LANG_OPTION}="):
            return argument.partition("=")[2]
        if argument == _LANG_OPTION and place + 1 < len(arguments):
            return arguments[place + 1]
    return None


def _translate(command: Any, speech: Language) -> None:
    """Put a command's help, and that of all commands below it, into the language."""
    if command.help:
        command.help = speech.say(command.help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = speech.say(parameter.help)
    for below in getattr(command, "commands", {}).values():
        _translate(below, speech)


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments; its exit code."""
    command = typer.main.get_command(app)
    _translate(command, language(language_wanted(_asked_language(arguments))))

    def act() -> int:
        command.main(args=list(arguments), prog_name="subsidy")
        return Exit.DONE

    return int(guarded(act))
