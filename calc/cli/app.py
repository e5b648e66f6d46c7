"""The command ``subsidy``: its groups of commands, its help page, its exit code."""

import os
from collections.abc import Sequence
from copy import copy
from typing import Annotated, Any, Final

import typer
from typer.exceptions import TyperException

from calc import __version__
from calc.cli.channel import Channel
from calc.cli.commands import advise, answer, check, explain, many, rules, set_up, start
from calc.cli.exits import Exit, guarded, tell
from calc.cli.options import COMMAND, COMPLETE_VARIABLE, LANG_OPTION, examples, words
from calc.cli.settings import settings
from calc.cli.spoken import ByTheDay, speak
from calc.present.language import Language, language, language_wanted

app: Final = typer.Typer(
    name="subsidy",
    cls=ByTheDay,
    help=words("What an enterprise can claim, and the combination that pays most."),
    epilog=examples(
        "subsidy new 企业.toml --for manufacturing",
        "subsidy check 企业.toml",
        "subsidy estimate 企业.toml",
        "subsidy explain 企业.toml 02-capacity",
        "subsidy gaps 企业.toml",
        "subsidy plan 企业.toml --defer",
    ),
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    **COMMAND,
)
for _commands in (start, check, answer, explain, advise, many):
    app.add_typer(_commands.app)
app.add_typer(rules.app, name="measures", help=rules.HELP, rich_help_panel=rules.PANEL)
app.add_typer(set_up.app)


_HELPFUL: Final = frozenset({"--help", "-h", "--version"})
"""What is answered even where the settings are wrong."""


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
    return int(guarded(lambda: _run(list(arguments)), lambda: _speech(arguments)))


def _speech(arguments: Sequence[str]) -> Language:
    return language(language_wanted(_asked_language(arguments) or settings().value("lang")))


def _run(arguments: list[str]) -> int:
    found = settings()
    speech = language(language_wanted(_asked_language(arguments) or found.value("lang")))
    command = typer.main.get_command(_named_by(arguments) or app)
    speak(command, speech)
    is_wrong = bool(found.problems) and not _HELPFUL.intersection(arguments)
    if is_wrong:
        Channel(speech).report(found.problems)
        if arguments[:1] != [set_up.CONFIG]:
            return Exit.CONTENT
    if COMPLETE_VARIABLE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()
    try:
        code = command.main(
            args=arguments,
            prog_name="subsidy",
            standalone_mode=False,
            default_map=found.defaults_for(command),
        )
    except TyperException as error:
        return _told(error, command, arguments, speech)
    return int(code or (Exit.CONTENT if is_wrong else Exit.DONE))


def _named_by(arguments: Sequence[str]) -> typer.Typer | None:
    """The application with the one command that is named, if one is.

    Making the options of all the others takes longer than an estimate; help, completion and slips need them.
    """
    if COMPLETE_VARIABLE in os.environ:
        return None
    for group in app.registered_groups:
        part = copy(group.typer_instance)
        if part is None or group.name is not None:
            continue
        part.registered_commands = [one for one in part.registered_commands if one.name in arguments[:1]]
        if part.registered_commands:
            only = copy(app)
            only.registered_groups = [copy(group)]
            only.registered_groups[0].typer_instance = part
            return only
    return None


def _told(error: TyperException, command: Any, arguments: Sequence[str], speech: Language) -> int:
    """Tell what is wrong with the command line; one that asks nothing gets the help page."""
    if type(error).__name__ == "NoArgsIsHelpError":
        tell(error.format_message())
    else:
        from calc.cli.usage import usage_lines

        for line in usage_lines(error, command, arguments, speech):
            tell(line)
    return error.exit_code
