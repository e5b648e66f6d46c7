"""Says what is wrong with a row of a batch, on one line, and what the columns of its answer are called."""

from collections.abc import Sequence
from typing import Final

from calc.enterprise.problems import Problem
from calc.policy.rules import Rules
from calc.present.language import Language, LanguageCode, language
from calc.present.safe import visible
from calc.present.words.budget import items_of
from calc.present.words.cells import cell_step
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
        line = problems[0].details.get("line_of_sheet")
        in_sheet = "" if line is None else speech.say(" (row {line} of the sheet)", line=line)
        place.append(speech.say("row {row}", row=row) + in_sheet)
    told: set[str] = set()
    parts = [_problem_says(one, speech, told) for one in problems[:_MOST]]
    if len(problems) > _MOST:
        parts.append(speech.say("… and {count} more", count=len(problems) - _MOST))
    comma = "，" if speech.code == "zh" else ", "
    return speech.colon.join((comma.join(place), speech.semicolon.join(parts)))


def _problem_says(problem: Problem, speech: Language, told: set[str]) -> str:
    """What is wrong with one key; the same allowed words, and the same advice, are told only once."""
    parts = [what_is_wrong(problem, speech)]
    allowed = allowed_words(problem, speech)
    if allowed and allowed not in told:
        told.add(allowed)
        parts.append(speech.say("allowed: {words}", words=allowed))
    step = cell_step if problem.details.get("is_cell") else next_step
    advice = step(problem, speech)
    if advice not in told:
        told.add(advice)
        parts.append(advice)
    says = speech.semicolon.join(parts).replace("\n", speech.semicolon)
    return f"{path_text(problem.path)}{speech.colon}{says}" if problem.path else says


def column_names(rules: Rules, speech: Language, *, is_long: bool) -> dict[str, str]:
    """What the columns of an answer are called, and the items, each of which may be a column too."""
    say = speech.say
    head = {
        "source": say("the input"),
        "row": say("the row within the input; the first below its header is 1"),
        "name": say("the enterprise"),
        "uscc": say("credit code"),
        "claim_year": say("claim year"),
        "status": say("ok, or error: then the last column says what is wrong"),
    }
    sums = {
        "total": say("yuan: the combination that pays most, under the reading chosen"),
        "strict": say("yuan: all readings beside each other: one item in all"),
        "subject": say("yuan: … one item for each subject"),
        "expense": say("yuan: … one measure for the same yuan"),
        "none": say("yuan: … all together"),
        "paid": say("yuan: what budget pools leave of the total; without pools all of it"),
    }
    claim = {
        "item": say("the item; what each is called stands below"),
        "subject": say("what the claim is for: its table and name"),
        "claim_status": say("eligible, ineligible, barred, or needs_input: figures are missing"),
        "grade": say("what the sum rests on: stated, up_to_ratio, up_to_sum or open"),
        "amount": say("yuan: what the claim would get alone"),
        "ceiling": say("yuan: the most that the source allows"),
        "granted": say("yuan: what the combination gives it"),
        "paid": say("yuan: what budget pools leave of the grant; without pools all of it"),
    }
    items = {name: speech.name(item.title) for name, item in items_of(rules).items()}
    last = {"error": say("what is wrong, what is allowed, and what to do")}
    return {**head, **claim, **last, **items} if is_long else {**head, **sums, **items, **last}
