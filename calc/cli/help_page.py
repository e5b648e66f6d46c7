"""The help pages: in the language of the user, laid out for wide characters."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import typer
from rich.cells import cell_len

from calc.cli.options import VERBATIM, words
from calc.present.language import Language
from calc.present.lines import wrapped

_WIDEST_FIRST: Final = 34
"""A wider option stands on a line of its own."""
_LEAST_SECOND: Final = 24
_EXTRA: Final = re.compile(r"(?P<text>.*?) {2}\[(?P<extra>[^\[\]]*)\]", re.S)
_TYPES_OF_TEXT: Final = re.compile(" <(?:str|path|list\\[str\\])>")

# What the library itself says on a help page.
_USAGE: Final = words("Usage: ")
_LIBRARY_WORDS: Final = (words("[OPTIONS]"), words("COMMAND [ARGS]..."))
_HEADINGS: Final = frozenset({words("Options"), words("Arguments"), words("Commands")})
_EXAMPLES: Final = words("Examples")
_HELP: Final = words("Show this message and exit.")
_Formatter: Final[Any] = typer.Context.formatter_class


class HelpPage(_Formatter):  # type: ignore[misc]
    """Writes a help page; a wide character takes two columns."""

    def __init__(self, speech: Language, **sizes: Any) -> None:
        super().__init__(**sizes)
        self._speech = speech

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the command is called."""
        for word in _LIBRARY_WORDS:
            args = args.replace(word, self._speech.say(word))
        args = args.replace("{", "").replace("}", "")
        first, *others = wrapped(f"{prefix or self._speech.say(_USAGE)}{prog} {args}", self.width)
        self.write("\n".join((first, *(f"    {line}" for line in others))) + "\n")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        shown = self._speech.say(heading) if heading in _HEADINGS else heading
        title = self._speech.say("{heading}:", heading=shown)
        self.write(f"{' ' * self.current_indent}{title}\n")

    def write_text(self, text: str) -> None:
        """Write a paragraph; examples keep their lines, below a heading."""
        indent = " " * self.current_indent
        if text.startswith(VERBATIM):
            title = self._speech.say("{heading}:", heading=self._speech.say(_EXAMPLES))
            self.write(f"{title}\n")
            lines: Iterable[str] = text.removeprefix(VERBATIM).lstrip("\n").split("\n")
        else:
            lines = wrapped(text, self.width - self.current_indent)
        self.write("".join(f"{indent}{line}\n" for line in lines))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = _WIDEST_FIRST, **_sizes: Any) -> None:
        """Write names and what each means, in two columns."""
        named = [(_TYPES_OF_TEXT.sub("", first), self._meaning(second)) for first, second in rows]
        widest = min(max(cell_len(first) for first, _ in named), col_max, self.width * 2 // 5)
        indent, beside = " " * self.current_indent, " " * (self.current_indent + widest + 2)
        room = max(_LEAST_SECOND, self.width - len(beside))
        for first, second in named:
            lines = list(wrapped(second, room)) if second else [""]
            if cell_len(first) > widest:
                self.write(f"{indent}{first}\n{beside}{lines[0]}\n")
            else:
                self.write(f"{indent}{first}{' ' * (widest - cell_len(first))}  {lines[0]}".rstrip() + "\n")
            self.write("".join(f"{beside}{line}\n" for line in lines[1:]))

    def _meaning(self, text: str) -> str:
        if text == _HELP:
            return self._speech.say(_HELP)
        match = _EXTRA.fullmatch(text)
        if match is None:
            return text
        extra = self._speech.semicolon.join(self._extras(match["extra"].split("; ")))
        return (
            self._speech.say("{entry} ({words})", entry=match["text"], words=extra)
            if extra
            else match["text"]
        )

    def _extras(self, extras: Sequence[str]) -> Iterator[str]:
        """What the library adds to an option: its default, its bounds, and that it has to be given."""
        for extra in extras:
            name, colon, value = extra.partition(": ")
            if name == "default" and colon:
                yield self._speech.say("default {value}", value=value)
            elif "<=x<=" in extra:
                yield "–".join(extra.split("<=x<="))
