"""Delivers what a command answers: to standard output, to a pager where it does not fit, or to a file."""

import io
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Final, NoReturn

import typer

from calc.cli.channel import Channel
from calc.cli.exits import Exit
from calc.cli.options import Lang
from calc.cli.settings import settings
from calc.present.language import language, language_wanted
from calc.present.safe import visible

_PAGER_OPTIONS: Final = "FRX"
"""What ``less`` is told unless the user says otherwise: colours, no paging of what fits, no clearing."""


class _Page(io.TextIOWrapper):
    """A terminal that keeps what is written, so that its length is known before it is shown."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return sys.__stdout__.fileno() if sys.__stdout__ is not None else super().fileno()


def deliver(
    act: Callable[[Channel], int],
    lang: Lang | None,
    *,
    output: Path | None = None,
    quiet: bool = False,
    pages: bool = False,
    watched: Sequence[str] = (),
) -> NoReturn:
    """Let a command act, put its answer where it belongs, and end with its exit code.

    ``output`` appears under its name only when it is complete; ``pages``: a terminal too short for the answer
    shows it through a pager; ``watched``: the files whose saving brings a new answer.
    """
    channel = Channel(language(language_wanted(lang)), quiet)
    if watched:
        from calc.cli.watching import watch

        raise typer.Exit(watch(watched, lambda: _deliver(act, channel, output, pages=False), channel))
    raise typer.Exit(_deliver(act, channel, output, pages=pages))


def act_with(act: Callable[[Channel], int], lang: Lang | None, quiet: bool) -> NoReturn:
    """Let a command act that puts its answer where it belongs itself, and end with its exit code."""
    raise typer.Exit(act(Channel(language(language_wanted(lang)), quiet)))


def _deliver(act: Callable[[Channel], int], channel: Channel, output: Path | None, *, pages: bool) -> int:
    if output is not None:
        return _to_file(act, channel._replace(is_file=True), output)
    if pages and _may_page():
        return _to_pager(act, channel)
    return act(channel)


def _may_page() -> bool:
    return (
        sys.stdout.isatty()
        and sys.stdin is not None
        and sys.stdin.isatty()
        and bool(settings().value("pager"))
    )


def _kept(
    act: Callable[[Channel], int], channel: Channel, page: io.TextIOWrapper, held: io.BytesIO
) -> tuple[int, bytes]:
    with redirect_stdout(page):
        code = act(channel)
        page.flush()
    return code, held.getvalue()


def _to_file(act: Callable[[Channel], int], channel: Channel, output: Path) -> int:
    held = io.BytesIO()
    code, answer = _kept(act, channel, io.TextIOWrapper(held, "utf-8", errors="backslashreplace"), held)
    if answer or code == Exit.DONE:
        from calc.cli.files import write_whole

        write_whole(output, answer)
        if sys.stderr is not None and sys.stderr.isatty():
            channel.hint(channel.speech.say("Written to {file}.", file=visible(str(output))))
    return code


def _to_pager(act: Callable[[Channel], int], channel: Channel) -> int:
    held, encoding = io.BytesIO(), sys.stdout.encoding
    code, answer = _kept(act, channel, _Page(held, encoding, errors="backslashreplace"), held)
    if answer.count(b"\n") < shutil.get_terminal_size().lines:
        sys.stdout.flush()
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
    else:
        import pydoc

        os.environ.setdefault("LESS", _PAGER_OPTIONS)
        pydoc.pager(answer.decode(encoding, "replace"))
    return code
