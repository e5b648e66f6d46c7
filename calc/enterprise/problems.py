"""What is wrong with an input, as values: words are chosen by the presenters."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]

UNOPENABLE: Final = frozenset(
    {"not_found", "directory", "not_a_file", "no_permission", "cannot_open", "too_big"}
)
"""Codes of problems for which the content was never seen (exit code 66); all others are about content."""

_LONGEST_FOUND: Final = 80
"""So much is shown of a value: characters of a text, bits of an integer."""

MOST_SHOWN: Final = 50
"""Of the problems of one file, so many are shown; the others are counted."""


class Place(NamedTuple):
    """Where a value stands: line and column from 1, the line's text, and the width to underline."""

    line: int
    column: int
    text: str
    width: int


class Problem(NamedTuple):
    """One thing wrong with one input.

    ``code`` names the mistake, ``path`` the key, ``value`` what was found (``None`` where nothing was),
    ``details`` what the presenter needs to say what is allowed, ``nearest`` the nearest right word.
    """

    source: str
    code: str
    path: KeyPath = ()
    value: object = None
    details: Mapping[str, Any] = MappingProxyType({})
    nearest: str | None = None
    place: Place | None = None
    is_warning: bool = False


class InputError(Exception):
    """An input that cannot be used; holds every problem found in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        """Every problem on a line of its own, in plain codes: for those who read a traceback."""
        lines = list(map(_in_a_line, self.problems[:MOST_SHOWN]))
        if len(self.problems) > MOST_SHOWN:
            lines.append(f"… and {len(self.problems) - MOST_SHOWN} more")
        return "\n".join(lines)


def _in_a_line(problem: Problem) -> str:
    """Where a problem is, its code, what was found, and the nearest right word."""
    where = _printable(problem.source)
    if problem.place is not None:
        where += f", line {problem.place.line}"
    key = _printable(".".join(map(str, problem.path)))
    meant = "" if problem.nearest is None else f" (did you mean {_printable(problem.nearest)}?)"
    what = " ".join(filter(None, (problem.code, _found(problem.value))))
    return ": ".join(filter(None, (where, key, what + meant)))


def _printable(text: str) -> str:
    return repr(str(text))[1:-1]


def _found(value: object) -> str:
    match value:
        case str():
            return repr(str(value[:_LONGEST_FOUND]))
        case int() if value.bit_length() > _LONGEST_FOUND:
            return "…"  # Python does not write integers of any length
        case int() | float() | Fraction():
            return str(value)
        case _:
            return ""


def are_unopenable(problems: Iterable[Problem]) -> bool:
    """Whether nothing of the content was ever seen."""
    return all(problem.code in UNOPENABLE for problem in problems)


def refuse(source: str, code: str, *, place: Place | None = None, **details: Any) -> NoReturn:
    """Raise ``InputError`` with the one problem that keeps a source from being looked at further."""
    raise InputError((Problem(source, code, details=details, place=place),))


def nearest_word(wrong: object, allowed: "Mapping[str, Any] | tuple[str, ...] | list[str]") -> str | None:
    """The allowed word that looks most like the wrong one, if any does."""
    if not isinstance(wrong, str):
        return None
    from difflib import get_close_matches

    found = get_close_matches(wrong[:64].strip().casefold().replace("-", "_"), list(allowed), n=1, cutoff=0.6)
    if not found:
        found = get_close_matches(wrong[:64].strip(), list(allowed), n=1, cutoff=0.6)
    return found[0] if found else None
