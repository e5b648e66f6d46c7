"""The exit codes, and how every run ends in one of them."""

import contextlib
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import NoReturn


class Exit(IntEnum):
    """The exit codes of the command."""

    DONE = 0
    USAGE = 2
    CONTENT = 65
    UNOPENABLE = 66
    BUG = 70
    RULES = 78
    INTERRUPTED = 130


def guarded(act: Callable[[], int]) -> int:
    """Run, and turn every way to stop into an exit code; no traceback reaches the user."""
    try:
        return act()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else Exit.USAGE if stop.code else Exit.DONE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (as with | head): end quietly, and keep Python from complaining at exit.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception as error:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else "?"
        print(
            f"subsidy: bug: {type(error).__name__} at {where}; please report it with the input",
            file=sys.stderr,
        )
        return Exit.BUG


def leave(code: int) -> NoReturn:
    """End the process at once: everything is written, and taking the interpreter apart would take longer."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
