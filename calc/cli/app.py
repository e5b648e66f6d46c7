"""The command ``subsidy``: its groups of commands, its help page, its exit code."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from calc import __version__
from calc.cli.commands import advise, answer, rules, start
from calc.cli.exits import Exit, guarded
from calc.cli.options import COMMAND, LANG_OPTION, examples, words
from calc.present.language import Language, language, language_wanted


class _ByTheDay(TyperGroup):
    """A group whose help page lists the commands in sections, as a day's work goes."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one section for each part of the day."""
        widest = max(map(len, self.commands))
        sections: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for name in self.list_commands(ctx):
            command: Any = self.commands[name]
            row = (name.ljust(widest), command.get_short_help_str(formatter.width))
            sections[command.rich_help_panel].append(row)
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows)


app: Final = typer.Typer(
    name="subsidy",
    cls=_ByTheDay,
    help=words("What an enterprise can claim, and the combination that pays most."),
    epilog=examples("subsidy estimate 企业.toml", "subsidy measures show 02-capacity"),
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    **COMMAND,
)
for _commands in (start, answer, advise):
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


def _translate(command: Any, speech: Language) -> None:
    """Put a command's help, and that of all commands below it, into the language."""
    if command.help:
        command.help = speech.say(command.help)
    if command.rich_help_panel:
        command.rich_help_panel = speech.say(command.rich_help_panel)
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
