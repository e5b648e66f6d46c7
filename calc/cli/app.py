"""The command ``subsidy``: its groups of commands, its help page, its exit code."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer
from typer.exceptions import TyperException

from calc import __version__
from calc.cli.commands import advise, answer, check, rules
from calc.cli.exits import Exit, guarded, tell
from calc.cli.help_page import ByTheDay, speak
from calc.cli.options import COMMAND, LANG_OPTION, examples, words
from calc.present.language import Language, language, language_wanted

app: Final = typer.Typer(
    name="subsidy",
    cls=ByTheDay,
    help=words("What an enterprise can claim, and the combination that pays most."),
    epilog=examples("subsidy estimate 企业.toml", "subsidy measures show 02-capacity"),
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    **COMMAND,
)
for _commands in (check, answer, advise):
    app.add_typer(_commands.app)
app.add_typer(rules.app, name="measures", help=rules.HELP, rich_help_panel=rules.PANEL)


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


def _asked_language(arguments: Sequence[str]) -> str | None:
    for place, argument in enumerate(arguments):
        if argument.startswith(f"{LANG_OPTION}="):
            return argument.partition("=")[2]
        if argument == LANG_OPTION and place + 1 < len(arguments):
            return arguments[place + 1]
    return None


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments; its exit code."""
    command = typer.main.get_command(app)
    speech = language(language_wanted(_asked_language(arguments)))
    speak(command, speech)

    def act() -> int:
        try:
            return int(
                command.main(args=list(arguments), prog_name="subsidy", standalone_mode=False) or Exit.DONE
            )
        except TyperException as error:
            return _told(error, command, arguments, speech)

    return int(guarded(act))


def _told(error: TyperException, command: Any, arguments: Sequence[str], speech: Language) -> int:
    """Tell what is wrong with the command line; one that asks nothing gets the help page."""
    if type(error).__name__ == "NoArgsIsHelpError":
        tell(error.format_message())
    else:
        from calc.cli.usage import usage_lines

        for line in usage_lines(error, command, arguments, speech):
            tell(line)
    return error.exit_code
