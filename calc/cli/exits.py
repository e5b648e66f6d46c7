"""The exit codes, and how every run ends in one of them."""

import contextlib
import errno
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import NoReturn

from calc.enterprise.problems import Problem, are_unopenable
from calc.present.language import Language
from calc.present.safe import visible


class Exit(IntEnum):
    """The exit codes of the command."""

    DONE = 0
    SOME_FAILED = 1
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


def guarded(act: Callable[[], int], speech: Callable[[], Language]) -> int:
    """Run, and turn every way to stop into an exit code; no traceback reaches the user.

    ``speech``: the language of the user, asked for only where there is something to tell.
    """
    if sys.stdout is None:
        tell(speech().say("cannot write the answer: {why}", why=speech().say("standard output is closed")))
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
        for line in unwritable(error, speech()):
            tell(line)
        return Exit.UNWRITABLE
    except Exception as error:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_globals.get('__name__')}:{place.tb_lineno}" if place else "?"
        tell(f"subsidy: bug: {type(error).__name__} at {where}; please report it with the input")
        return Exit.BUG


def unwritable(error: OSError, speech: Language) -> Iterator[str]:
    """Why an answer could not be written, and what to do about it."""
    say = speech.say
    known = {
        errno.ENOENT: (say("there is no such folder"), say("make the folder first, or name another place")),
        errno.ENOTDIR: (say("there is no such folder"), say("make the folder first, or name another place")),
        errno.EISDIR: (say("this is a folder, not a file"), say("name a file in it")),
        errno.ENOSPC: (say("the disk is full"), say("make room, or name another place")),
        errno.EDQUOT: (say("the disk has no more room for you"), say("make room, or name another place")),
        errno.EFBIG: (say("no file may become so large here"), say("name another place, or a smaller form")),
        errno.EIO: (say("the disk or the network failed"), say("try again, or name another place")),
        errno.ENAMETOOLONG: (say("the name is too long"), say("take a shorter name")),
    }
    denied = (
        say("it may not be written"),
        say("close it where it is open (Excel, Word), or name another place"),
    )
    known |= dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY), denied)
    why, step = known.get(error.errno or 0, (error.strerror or type(error).__name__, ""))
    if isinstance(error.filename, str):
        yield say("cannot write {file}: {why}", file=visible(error.filename), why=why)
    else:
        yield say("cannot write the answer: {why}", why=why)
    if step:
        yield step


def leave(code: int) -> NoReturn:
    """End the process at once: everything is written, and taking the interpreter apart would take longer."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
