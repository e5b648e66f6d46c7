"""The commands of ``subsidy`` and their options."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer

from calc import __version__
from calc.cli.exits import Exit, guarded
from calc.cli.options import (
    LANG_OPTION,
    AdviceFormat,
    AnswerFormat,
    AskedLanguage,
    Count,
    Counting,
    File,
    Format,
    Lang,
    Reading,
    Rules,
    Stacking,
    Year,
    Yuan,
    words,
)
from calc.present.language import Language, language, language_wanted

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
        typer.Argument(metavar="FILE", help=words("Enterprise files, TOML or JSON; - is standard input.")),
    ],
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    output_format: Annotated[
        Format, typer.Option("--format", help=words("How the answer is written."))
    ] = Format.TABLE,
    rules: Rules = None,
    yuan: Yuan = False,
    lang: AskedLanguage = None,
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


@app.command("gaps", help=words("What small change would pay: the least that makes each claim eligible."))
def _gaps(
    file: File,
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    output_format: AdviceFormat = AnswerFormat.TABLE,
    rules: Rules = None,
    yuan: Yuan = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.advise import Advice, show_gaps

    request = Advice(
        file, tuple(rules or ()), year, stacking.value, count.value, output_format.value, in_yuan=yuan
    )
    raise typer.Exit(show_gaps(request, _speech(lang)))


@app.command("whatif", help=words("Before and after some changes of figures."))
def _whatif(
    file: File,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help=words("Set a figure; may be repeated.")),
    ] = None,
    sweep: Annotated[
        str | None,
        typer.Option(
            "--sweep", metavar="PATH=FROM..TO/STEP", help=words("Show the total for each value of a figure.")
        ),
    ] = None,
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    output_format: AdviceFormat = AnswerFormat.TABLE,
    rules: Rules = None,
    yuan: Yuan = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.advise import Advice, show_whatif

    request = Advice(
        file, tuple(rules or ()), year, stacking.value, count.value, output_format.value, in_yuan=yuan
    )
    raise typer.Exit(show_whatif(request, sets or [], sweep, _speech(lang)))


@app.command("plan", help=words("What to file in which year, so that the years together pay most."))
def _plan(
    file: File,
    years: Annotated[
        str | None,
        typer.Option(
            "--years",
            metavar="2025-2027",
            help=words("The years; without it, from the claim year to the policy's last."),
        ),
    ] = None,
    defer: Annotated[
        bool, typer.Option("--defer", help=words("What pays once may also be filed in a later year."))
    ] = False,
    year: Year = None,
    stacking: Reading = Stacking.SUBJECT,
    count: Counting = Count.RATIO,
    output_format: AdviceFormat = AnswerFormat.TABLE,
    rules: Rules = None,
    yuan: Yuan = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.advise import Advice, show_plan

    request = Advice(
        file, tuple(rules or ()), year, stacking.value, count.value, output_format.value, in_yuan=yuan
    )
    raise typer.Exit(show_plan(request, years, _speech(lang), defers=defer))


@measures_app.callback(invoke_without_command=True)
def _measures(context: typer.Context, rules: Rules = None, lang: AskedLanguage = None) -> None:
    if context.invoked_subcommand is None:
        from calc.cli.measures import list_measures

        raise typer.Exit(list_measures(tuple(rules or ()), _speech(lang)))


@measures_app.command("list", help=words("All measures and their items."))
def _measures_list(rules: Rules = None, lang: AskedLanguage = None) -> None:
    from calc.cli.measures import list_measures

    raise typer.Exit(list_measures(tuple(rules or ()), _speech(lang)))


@measures_app.command(
    "show", help=words("A measure or an item: clause, conditions, award, caps, department.")
)
def _measures_show(
    names: Annotated[list[str], typer.Argument(metavar="MEASURE|ITEM", help=words("As 25, or 02-capacity."))],
    rules: Rules = None,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.measures import show_measures

    raise typer.Exit(show_measures(tuple(names), tuple(rules or ()), _speech(lang)))


def _asked_language(arguments: Sequence[str]) -> str | None:
    for place, argument in enumerate(arguments):
        if argument.startswith(f"{LANG_OPTION}="):
            return argument.partition("=")[2]
        if argument == LANG_OPTION and place + 1 < len(arguments):
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
