"""What ``batch`` and ``budget`` look at before they begin: how they were called, what is installed."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from calc.cli.channel import Channel
from calc.cli.exits import Exit, tell
from calc.enterprise.sources import STDIN
from calc.present.language import Language
from calc.present.safe import visible

if TYPE_CHECKING:
    from calc.batch.sources.inputs import Source
    from calc.batch.storage import Location

_BATCH: Final = ("numpy", "pyarrow", "python_calamine", "xlsxwriter")
_CLUSTER: Final = ("distributed", "fsspec")


class SlipError(Exception):
    """What is wrong with the command line, in the words of the user."""


def wrong_usage(slip: SlipError, command: str, channel: Channel) -> Exit:
    """Tell what is wrong with the command line, and where to look."""
    tell(channel.speech.say("Error: {what}", what=str(slip)))
    tell(channel.speech.say("next: {command}", command=f"subsidy {command} --help"))
    return Exit.USAGE


def lacks_libraries(channel: Channel, *, elsewhere: bool = False) -> bool:
    """Whether what many enterprises need is not installed; then the command that installs it is told.

    ``elsewhere``: whether anything lies, or is done, elsewhere than on this machine.
    """
    needed = (*_BATCH, *_CLUSTER) if elsewhere else _BATCH
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        say = channel.speech.say
        tell(say("this needs what is not installed: {words}", words=channel.speech.comma.join(missing)))
        # Libraries are called as they are imported, but for one letter.
        names = " ".join(name.replace("_", "-") for name in missing)
        tell(say("next: {command}", command=f"pip install {names}"))
    return bool(missing)


def check_places(
    inputs: Sequence[str], sources: "Sequence[Source]", output: "Location | None", speech: Language
) -> None:
    """Refuse to read standard input twice, and to write over an input or among those of a folder.

    Raises ``SlipError``.
    """
    if inputs.count(STDIN) > 1:
        raise SlipError(speech.say("standard input can be read once"))
    if output is not None and output.resolve() in set(_places(inputs, sources)):
        raise SlipError(speech.say("{file} is an input too", file=visible(str(output))))
    folder = None if output is None else _read_around(output, inputs)
    if folder is not None:
        why = speech.say(
            "{file} lies in {folder}, which is read", file=visible(str(output)), folder=visible(folder)
        )
        raise SlipError(speech.semicolon.join((why, speech.say("name another place"))))


def _read_around(output: "Location", inputs: Sequence[str]) -> str | None:
    """The folder among the inputs in which a later run would find the output."""
    from calc.batch.sources.inputs import form_of
    from calc.batch.storage import located

    if output.suffix and form_of(output.name) is None:
        return None
    place = str(output.resolve())
    for name in inputs:
        if name != STDIN and "\0" not in name:
            folder = str(located(name).resolve()).rstrip("/\\")
            if place.startswith((f"{folder}/", f"{folder}\\")):
                return name
    return None


def _places(inputs: Sequence[str], sources: "Sequence[Source]") -> "Iterator[Location]":
    from calc.batch.storage import located

    for name in (*inputs, *(one.name for one in sources)):
        if name != STDIN and "\0" not in name:
            yield located(name).resolve()
