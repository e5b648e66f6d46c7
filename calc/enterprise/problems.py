"""What is wrong with an input, as values: words are chosen by the presenters."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, NoReturn, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]

UNOPENABLE: Final = frozenset(
    {"not_found", "directory", "not_a_file", "no_permission", "cannot_open", "too_big"}
)
"""Codes of problems for which the content was never seen (exit code 66); all others are about content."""

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
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = problems


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
