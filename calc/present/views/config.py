"""Prints the settings in force."""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from rich.console import Group, RenderableType
from rich.text import Text

from calc.present.folding import folded, plain, stacked
from calc.present.language import Language
from calc.present.views.tables import Column, table
from calc.present.views.terminal import show

Row: TypeAlias = tuple[str, str, Any, str | None]
"""A setting's name, its variable, its value and where that comes from (``None``: the default)."""


FileState: TypeAlias = Literal["read", "wrong", "absent"]
"""What became of a settings file that was looked for."""


def print_config(rows: Sequence[Row], files: Sequence[tuple[str, FileState]], speech: Language) -> None:
    """Print each setting with its origin, and the files that were looked at."""
    show(lambda width: _config(rows, files, speech, width))


def _config(
    rows: Sequence[Row], files: Sequence[tuple[str, FileState]], speech: Language, width: int
) -> RenderableType:
    say = speech.say
    origins = [Text(say("default"), "dim") if origin is None else plain(origin) for _, _, _, origin in rows]
    shown = table(
        (
            Column(say("setting"), [plain(name, "cyan") for name, _, _, _ in rows], "whole"),
            Column(say("value"), [_value(value, speech) for _, _, value, _ in rows]),
            Column(say("from"), origins),
            Column(say("variable"), [plain(variable, "dim") for _, variable, _, _ in rows], "whole"),
        ),
        width,
    )
    states = {"read": say("read"), "wrong": say("with mistakes"), "absent": say("not there")}
    looked_at = [
        folded(plain(say("  {file} ({state})", file=path, state=states[state]), "dim"), width)
        for path, state in files
    ]
    heading = Text(say("Settings files, the nearer first"), "bold")
    return Group(shown, Text(), heading, *looked_at)


def _value(value: Any, speech: Language) -> Text:
    match value:
        case None:
            return Text(speech.say("as the locale says"), "dim")
        case bool():
            return Text("true" if value else "false")
        case tuple():
            return stacked(*map(plain, value)) if value else Text(speech.say("the packaged rules"), "dim")
        case _:
            return plain(value)
