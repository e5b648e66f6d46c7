"""Answers anew whenever one of the files is saved."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

from calc.cli.channel import Channel
from calc.cli.exits import Exit
from calc.enterprise.sources import STDIN

_CLEAR: Final = "\x1b[2J\x1b[3J\x1b[H"
_SECONDS_BETWEEN_LOOKS: Final = 0.2


def watch(files: Sequence[str], act: Callable[[], int], channel: Channel) -> int:
    """Act, and act again each time one of the files has been saved, until the user interrupts.

    The files are looked at again and again: that also sees an editor that puts a new file in the old one's
    place, and a file on a network drive.
    """
    say = channel.speech.say
    if STDIN in files:
        channel.hint(say("standard input cannot be watched: name a file"))
        return Exit.USAGE
    answered = None
    while True:
        state = [_state(file) for file in files]
        if state != answered:
            if sys.stdout.isatty():
                sys.stdout.write(_CLEAR)
                sys.stdout.flush()
            act()
            sys.stdout.flush()
            channel.hint(say("watching; press Ctrl-C to stop"))
            answered = state
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _state(file: str) -> tuple[int, int, int] | None:
    """What changes when a file is saved; ``None`` where there is none."""
    try:
        found = os.stat(file)  # noqa: PTH116 -- a name with a null character is none, not an error
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
