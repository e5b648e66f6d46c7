"""What is known in an interview, and how an answer changes it: frozen values."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from calc.enterprise.numbers import half_width
from calc.enterprise.problems import KeyPath
from calc.enterprise.schema import read_day
from calc.enterprise.vocabulary import Field

Kind: TypeAlias = Literal["leaf", "tables", "figures", "more"]

_QUOTES: Final = (('"', '"'), ("'", "'"), ("“", "”"), ("＂", "＂"))
_LONGEST_COUNT: Final = 16


class State(NamedTuple):
    """What is known: the file's content, and the questions whose answer leaves nothing in it.

    ``settled`` holds the paths, as ``investment.0.equipment``, of what is not known or does not apply.
    """

    content: Mapping[str, Any]
    settled: frozenset[str] = frozenset()


class Question(NamedTuple):
    """One question.

    A ``leaf`` asks for the value of a key, ``tables`` and ``figures`` which of ``choices`` the enterprise
    has, ``more`` whether there is another entry of a table.  ``items`` are those that the answer matters to,
    ``flags`` the choices that need no value.
    """

    path: KeyPath
    kind: Kind
    field: Field | None = None
    choices: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    required: bool = False
    default: Any = None
    items: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """The path as one text."""
        return ".".join(map(str, self.path))


def is_answered(state: State, question: Question) -> bool:
    """Whether a question has been answered, with a value or without."""
    if question.mark in state.settled:
        return True
    if question.kind != "leaf":
        return False
    node: Any = state.content
    for part in question.path:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


def answered(state: State, question: Question, answer: Any) -> State:
    """What is known after an answer; ``None`` is that it is not known."""
    content: dict[str, Any] = deepcopy(dict(state.content))
    settled = {question.mark}
    match question.kind:
        case "leaf" if answer is None:
            return State(content, state.settled | settled)
        case "leaf":
            _put(content, question.path, answer)
            return State(content, state.settled)
        case "tables":
            content.update({name: [{}] for name in answer})
        case "figures":
            year = str(question.path[1])
            settled |= {f"{question.mark}.{name}" for name in question.choices if name not in answer}
            for name in question.flags:
                if name in answer:
                    content.setdefault("figures", {}).setdefault(year, {})[name] = True
        case "more" if answer:
            content[str(question.path[0])].append({})
            return State(content, state.settled)
        case "more":
            pass
    return State(content, state.settled | settled)


def _put(content: dict[str, Any], path: KeyPath, value: Any) -> None:
    node: Any = content
    for part in path[:-1]:
        node = node.setdefault(part, {}) if isinstance(part, str) else node[part]
    node[path[-1]] = value


def leaf_of(text: str, field: Field) -> Any:
    """What a person typed, as the file holds it: sums as they were written, counts and days as such."""
    text = text.strip()
    for first, last in _QUOTES:
        if len(text) > 1 and text.startswith(first) and text.endswith(last):
            text = text[1:-1].strip()
    if field.type == "count":
        digits = half_width(text)
        return (
            int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < _LONGEST_COUNT else text
        )
    if field.type == "date":
        day = read_day(text)
        return text if day is None else day
    return text
