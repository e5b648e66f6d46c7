"""Says how the cells of a table are written, and what to do about one that is wrong.

A cell is no TOML: nothing in it stands in quotes or brackets.
"""

from collections.abc import Mapping
from typing import Final

from calc.enterprise.problems import Problem
from calc.present.language import Language
from calc.present.safe import visible
from calc.present.words.next_steps import next_step
from calc.present.words.problems import LONGEST_VALUE

_TYPES: Final[Mapping[str, str]] = {
    "not_a_date": "date",
    "not_a_flag": "flag",
    "not_text": "text",
    "not_a_list": "words",
    "year": "year",
}
"""Codes of problems that only a value of this type mends."""

_BETWEEN: Final = "/"
"""What people put between words too, and a list of words does not take."""


def how_to_fill(field_type: str, speech: Language) -> str:
    """How a cell of a column of this type is written."""
    say = speech.say
    return {
        "money": say("yuan: 26000000, 2600万 or 1.3亿"),
        "usd": say("US dollars: 3000000, 300万 or 300万美元"),
        "rate": say("a rate between 0 and 1: 0.035 or 3.5%"),
        "area": say("square metres: 52000 or 5.2万"),
        "factor": say("a number above 0: 7.10"),
        "count": say("a whole number, without a unit"),
        "year": say("the year alone: 2026"),
        "flag": say("是 or 否, true or false"),
        "date": say("a date as 2026-03-01"),
        "text": say("a text"),
        "word": say("one of the words"),
        "words": say("words with ; between them"),
    }[field_type]


def cell_step(problem: Problem, speech: Language) -> str:
    """What to do about what is wrong with a row of a table."""
    say, value = speech.say, problem.value
    example = str(problem.details.get("example") or "").partition(" = ")[2].strip('["]')
    if problem.code == "word" and isinstance(value, str) and _BETWEEN in value:
        return say("put ; between several words")
    if problem.nearest is not None:
        return next_step(problem, speech)
    if problem.code in _TYPES or problem.code == "number":
        kind = _TYPES.get(problem.code) or problem.details["type"]
        return say("write {how}", how=how_to_fill(kind, speech))
    if problem.code == "missing_key":
        is_shown = example not in ("", "…")
        cell = visible(example, LONGEST_VALUE)
        return say("fill in this column, as {value}", value=cell) if is_shown else say("fill in this column")
    return next_step(problem, speech)
