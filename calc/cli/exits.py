"""The exit codes, and how every run ends in one of them."""

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import NoReturn

from calc.enterprise.problems import Problem, are_unopenable
from calc.present.safe import visible


class Exit(IntEnum):
    """The exit codes of the command."""

    DONE = 0
    USAGE = 2
    CONTENT = 65
    UNOPENABLE = 66
    BUG = 70
    UNWRITABLE = 73
    RULES = 78
    INTERRUPTED = 130


def exit_for(problems: Iterable[Problem], otherwise: Exit = Exit.CONTENT) -> Exit:
    """The exit code for an input with these problems; ``otherwise`` where it could be opened."""
    return Exit.UNOPENABLE if are_unopenable(problems) else otherwise


def exit_of_all(failed: Iterable[Exit]) -> Exit:
    """The exit code for several inputs, of which these failed."""
    codes = set(failed)
    if not codes:
        return Exit.DONE
    return Exit.UNOPENABLE if codes == {Exit.UNOPENABLE} else Exit.CONTENT


def _code_of(act: Callable[[], int]) -> int:
    try:
        return act()
    except SystemExit as stop:
        # Libraries turn a reader that has gone into an exit code of their own.
        if isinstance(stop.__context__, BrokenPipeError):
            return Exit.DONE
        return stop.code if isinstance(stop.code, int) else Exit.USAGE if stop.code else Exit.DONE


def tell(line: str) -> None:
    """Write a line to standard error, if there is one that can be written to."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(line, file=sys.stderr)


def guarded(act: Callable[[], int]) -> int:
    """Run, and turn every way to stop into an exit code; no traceback reaches the user."""
    if sys.stdout is None:
        tell("subsidy: cannot write the answer: standard output is closed")
        return Exit.UNWRITABLE
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a character shows its code; it is no reason to stop.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = _code_of(act)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (as with | head): end quietly.
        return Exit.DONE
    except OSError as error:
        # Inputs are read elsewhere, and their errors are values: what fails here is writing.
        target = f" to {visible(error.filename)}" if isinstance(error.filename, str) else ""
        tell(f"subsidy: cannot write the answer{target}: {error.strerror}")
        return Exit.UNWRITABLE
    except Exception as error:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else "?"
        tell(f"subsidy: bug: {type(error).__name__} at {where}; please report it with the input")
        return Exit.BUG


def leave(code: int) -> NoReturn:
    """End the process at once: everything is written, and taking the interpreter apart would take longer."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
