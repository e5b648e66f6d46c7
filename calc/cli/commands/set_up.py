"""``config`` and ``completion``: how the command itself is set up."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from calc.cli.delivery import deliver
from calc.cli.options import (
    COMMAND,
    COMPLETE_VARIABLE,
    SET_UP,
    AskedLanguage,
    Output,
    Quiet,
    examples,
    format_of,
    words,
)

app = typer.Typer(**COMMAND)
CONFIG: Final = "config"


class ConfigFormat(StrEnum):
    """How settings are shown."""

    TABLE = "table"
    JSON = "json"


@app.command(
    CONFIG,
    rich_help_panel=SET_UP,
    help=words("The settings in force, and where each comes from."),
    epilog=examples("subsidy config", "SUBSIDY_STACKING=expense subsidy config"),
)
def _config(
    output_format: Annotated[
        ConfigFormat | None, typer.Option("--format", help=words("How the answer is written."))
    ] = None,
    output: Output = None,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.config import show_config
    from calc.cli.settings import settings

    written = format_of(output_format, output, ConfigFormat)
    deliver(lambda channel: show_config(settings(), written, channel), lang, output=output)


class Shell(StrEnum):
    """The shells that can complete the command."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


@app.command(
    "completion",
    rich_help_panel=SET_UP,
    help=words("The script that lets a shell complete commands, options, items and file paths."),
    epilog=examples('eval "$(subsidy completion bash)"', "subsidy completion zsh"),
)
def _completion(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", help=words("bash, zsh, fish or powershell."))],
    output: Output = None,
    quiet: Quiet = False,
    lang: AskedLanguage = None,
) -> None:
    from calc.cli.completion import show_completion

    deliver(
        lambda channel: show_completion(shell.value, COMPLETE_VARIABLE, channel),
        lang,
        output=output,
        quiet=quiet,
    )
