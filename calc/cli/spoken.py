"""Commands in the language of the user; what writes their help pages is loaded for a help page alone."""

from collections import defaultdict
from typing import Any

import typer
from typer.core import TyperGroup

from calc.present.language import Language


class ByTheDay(TyperGroup):
    """A group whose help page lists the commands in sections, in the order in which they were added."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section for each part of the day."""
        widest = max(map(len, self.commands))
        sections: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for name in self.list_commands(ctx):
            command: Any = self.commands[name]
            sections[command.rich_help_panel].append((name.ljust(widest), command.help or ""))
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows)


def speak(command: Any, speech: Language) -> None:
    """Put a command's help page, and those of all commands below it, into the language."""

    def page(**sizes: Any) -> Any:
        from calc.cli.help_page import HelpPage

        return HelpPage(speech, **sizes)

    shown = {"formatter_class": staticmethod(page)}
    _speak(command, speech, type("SpokenContext", (typer.Context,), shown))


def _speak(command: Any, speech: Language, context_class: type[typer.Context]) -> None:
    command.context_class = context_class
    if command.help:
        command.help = speech.say(command.help)
    if command.rich_help_panel:
        command.rich_help_panel = speech.say(command.rich_help_panel)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = speech.say(parameter.help)
    for below in getattr(command, "commands", {}).values():
        _speak(below, speech, context_class)
