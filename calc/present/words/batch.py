"""Says what is wrong with a row of a batch, on one line."""

from collections.abc import Sequence
from typing import Final

from calc.enterprise.problems import Problem
from calc.present.language import Language, LanguageCode, language
from calc.present.safe import visible
from calc.present.words.diagnostics import path_text
from calc.present.words.next_steps import next_step
from calc.present.words.problems import allowed_words, what_is_wrong

_MOST: Final = 10
"""So many problems of one row are told; the others are counted."""


def row_says(code: LanguageCode, problems: Sequence[Problem], row: int | None) -> str:
    """What is wrong with one row: its source, its number, each key, the value found, what to do."""
    speech = language(code)
    source = problems[0].source
    place = [speech.say("standard input") if source == "-" else visible(source)]
    if row is not None:
        place.append(speech.say("row {row}", row=row))
    told: set[str] = set()
    parts = [_problem_says(one, speech, told) for one in problems[:_MOST]]
    if len(problems) > _MOST:
        parts.append(speech.say("… and {count} more", count=len(problems) - _MOST))
    comma = "，" if speech.code == "zh" else ", "
    return speech.colon.join((comma.join(place), speech.semicolon.join(parts)))


def _problem_says(problem: Problem, speech: Language, told: set[str]) -> str:
    """What is wrong with one key; the same words are listed as allowed only once."""
    parts = [what_is_wrong(problem, speech)]
    allowed = allowed_words(problem, speech)
    if allowed and allowed not in told:
        told.add(allowed)
        parts.append(speech.say("allowed: {words}", words=allowed))
    parts.append(next_step(problem, speech))
    says = speech.semicolon.join(parts).replace("\n", speech.semicolon)
    return f"{path_text(problem.path)}{speech.colon}{says}" if problem.path else says
