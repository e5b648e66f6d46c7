"""What ``batch`` and ``budget`` look at before they begin: how they were called, what is installed."""

from collections.abc import Iterable, Iterator, Sequence
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
    """Refuse to read standard input twice, and to write over an input.  Raises ``SlipError``."""
    if inputs.count(STDIN) > 1:
        raise SlipError(speech.say("standard input can be read once"))

    if output is not None and _is_read(output, inputs, sources):
        raise SlipError(speech.say("{file} is an input too", file=visible(str(output))))


def _is_read(output: "Location", inputs: Sequence[str], sources: "Sequence[Source]") -> bool:
    """Whether an output is read too, or is a folder that holds what was found to read in one around it."""
    from calc.batch.storage import followed

    own = followed(output)
    names = [name for one in sources for name in (one.files or (one.name,))]
    found = [name for name in names if name not in inputs]
    return own in set(_places((*inputs, *found))) or any(
        str(place).startswith(f"{str(own).rstrip('/')}/") for place in _places(found)
    )


def _places(names: Iterable[str]) -> "Iterator[Location]":
    from calc.batch.storage import followed, located

    for name in names:
        if name != STDIN and "\0" not in name:
            yield followed(located(name))
