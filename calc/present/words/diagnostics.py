"""Shows what is wrong with an input as a compiler would: the line, a caret under the value, the next step."""

import re
from collections.abc import Iterator
from typing import Final

from calc.enterprise.problems import KeyPath, Place, Problem
from calc.present.language import Language
from calc.present.safe import visible
from calc.present.words.next_steps import next_step
from calc.present.words.problems import LONGEST_VALUE, allowed_words, what_is_wrong

_LONGEST_LINE: Final = 120
_DEEPEST_PATH: Final = 8
_TAB: Final = "    "
_PLAIN_KEY: Final = re.compile(r"[^\s.\"'\[\]]+")


def problem_lines(problem: Problem, speech: Language) -> Iterator[str]:
    """The lines that show one problem; nothing in them can move a cursor or change a colour."""
    kind = speech.say("warning") if problem.is_warning else speech.say("error")
    comma = "，" if speech.code == "zh" else ", "
    yield f"{kind}{speech.colon}{comma.join(_where(problem, speech))}"
    if problem.place is not None:
        yield from _excerpt(problem.place)
    yield f"  = {what_is_wrong(problem, speech)}"
    allowed = allowed_words(problem, speech)
    if allowed:
        text = speech.say("allowed: {words}", words=allowed)
        yield f"  = {text}"
    yield f"  = {next_step(problem, speech)}"


def _where(problem: Problem, speech: Language) -> Iterator[str]:
    yield speech.say("standard input") if problem.source == "-" else visible(problem.source)
    line = line_of(problem)
    if line is not None:
        yield speech.say("line {line}", line=line)
    if problem.path:
        yield path_text(problem.path)


def line_of(problem: Problem) -> int | None:
    """The line at which a problem stands, where one is known."""
    line: int | None = problem.place.line if problem.place is not None else problem.details.get("line")
    return line


def path_text(path: KeyPath) -> str:
    """A key path as people count: ``investment[1].equipment`` is the first entry's."""
    text = ""
    for part in path[:_DEEPEST_PATH]:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            key = visible(part, LONGEST_VALUE)
            text += f".{key}" if _PLAIN_KEY.fullmatch(key) else f'."{key}"'
    return text.removeprefix(".") + (".…" if len(path) > _DEEPEST_PATH else "")


def _excerpt(place: Place) -> Iterator[str]:
    """The line with a caret under the value; of a long line, what stands around the value."""
    from rich.cells import cell_len

    at, end = place.column - 1, place.column - 1 + place.width
    is_long = len(place.text) > _LONGEST_LINE
    start = max(0, at - _LONGEST_LINE // 2) if is_long else 0
    before = ("…" if start else "") + _printable(place.text[start:at])
    marked = _printable(place.text[at : min(end, at + _LONGEST_LINE)])
    if end > at + _LONGEST_LINE:
        marked, after = f"{marked}…", ""
    else:
        room = _LONGEST_LINE // 2 if is_long else _LONGEST_LINE
        after = _printable(place.text[end : end + room]) + ("…" if len(place.text) > end + room else "")
    number = str(place.line)
    gutter = " " * len(number)
    yield f" {gutter} |"
    yield f" {number} | {before}{marked}{after}"
    yield f" {gutter} | {' ' * cell_len(before)}{'^' * max(1, cell_len(marked))}"


def _printable(text: str) -> str:
    return visible(text.replace("\t", _TAB))
