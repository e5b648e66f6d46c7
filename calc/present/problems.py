"""Shows what is wrong with an input as a compiler would: the line, a caret under the value, the next step."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Final

from calc.enterprise.problems import UNOPENABLE, KeyPath, Place, Problem
from calc.present.figures import decimal_text
from calc.present.language import Language
from calc.present.safe import visible
from calc.present.syntax import syntax_hint, syntax_says

_LONGEST_VALUE: Final = 60
_LONGEST_LINE: Final = 160
_MOST_WORDS: Final = 30
_BIGGEST_SHOWN_BITS: Final = 200


def problem_lines(problem: Problem, speech: Language) -> Iterator[str]:
    """The lines that show one problem; nothing in them can move a cursor or change a colour."""
    kind = speech.say("warning") if problem.is_warning else speech.say("error")
    source = speech.say("standard input") if problem.source == "-" else visible(problem.source, _LONGEST_LINE)
    where = [source]
    line = problem.place.line if problem.place is not None else problem.details.get("line")
    if line is not None:
        where.append(speech.say("line {line}", line=line))
    if problem.path:
        where.append(path_text(problem.path))
    colon = "：" if speech.code == "zh" else ": "
    comma = "，" if speech.code == "zh" else ", "
    yield f"{kind}{colon}{comma.join(where)}"
    if problem.place is not None:
        yield from _excerpt(problem.place)
    yield f"  = {_says(problem, speech)}"
    allowed = _allowed(problem, speech)
    if allowed:
        text = speech.say("allowed: {words}", words=allowed)
        yield f"  = {text}"
    yield f"  = {_next_step(problem, speech)}"


def path_text(path: KeyPath) -> str:
    """A key path as people count: ``investment[1].equipment`` is the first entry's."""
    text = ""
    for part in path[:12]:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{visible(part, _LONGEST_VALUE)}"
    return text.lstrip(".")


def _excerpt(place: Place) -> Iterator[str]:
    from rich.cells import cell_len

    number = str(place.line)
    gutter = " " * len(number)
    start = max(0, place.column - 1 - _LONGEST_LINE // 2) if len(place.text) > _LONGEST_LINE else 0
    lead = "…" if start else ""
    before = lead + visible(place.text[start : place.column - 1].replace("\t", "    "))
    marked = visible(
        place.text[place.column - 1 : place.column - 1 + place.width].replace("\t", "    "), _LONGEST_LINE
    )
    after = visible(place.text[place.column - 1 + place.width :].replace("\t", "    "), _LONGEST_LINE)
    yield f" {gutter} |"
    yield f" {number} | {before}{marked}{after}"
    yield f" {gutter} | {' ' * cell_len(before)}{'^' * max(1, cell_len(marked))}"


def shown(value: object) -> str:
    """A value as it was found, on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() if value.bit_length() > _BIGGEST_SHOWN_BITS:
            return "…"
        case int():
            return str(value)
        case Fraction():
            return decimal_text(value)
        case str() if type(value) is not str:
            return visible(value, _LONGEST_VALUE)
        case str():
            return f'"{visible(value, _LONGEST_VALUE)}"'
        case list():
            return "[…]" if value else "[]"
        case dict():
            return "{…}" if value else "{}"
        case _:
            return visible(str(value), _LONGEST_VALUE)


def _allowed(problem: Problem, speech: Language) -> str:
    words = problem.details.get("allowed") or ()
    listed = [visible(str(word), _LONGEST_VALUE) for word in words[:_MOST_WORDS]]
    if problem.nearest is not None and len(words) > _MOST_WORDS:
        return ""
    more = "…" if len(words) > _MOST_WORDS else ""
    return speech.comma.join(listed) + more


def _number_says(problem: Problem, speech: Language) -> str:
    reasons = {
        "not_a_number": speech.say("is no number"),
        "unit": speech.say("has a unit that does not fit here"),
        "negative": speech.say("is negative"),
        "decimals": speech.say("has more decimals than a sum has fen"),
        "too_large": speech.say("is too large to be true"),
        "not_finite": speech.say("is not a finite number"),
        "above_one": speech.say("is above 1, that is above 100%"),
        "not_positive": speech.say("has to be above 0"),
        "not_whole": speech.say("has to be a whole number"),
        "too_small": speech.say("is below the least that is allowed"),
    }
    return speech.say("{value} {wrong}", value=shown(problem.value), wrong=reasons[problem.details["reason"]])


def _number_next(problem: Problem, speech: Language) -> str:
    forms = {
        "money": speech.say('write yuan: 26_000_000, "2600万", "1.3亿", "2,600万元"'),
        "usd": speech.say('write US dollars: 3_000_000, "300万", "300万美元"'),
        "rate": speech.say('write a rate between 0 and 1: 0.035 or "3.5%"'),
        "area": speech.say('write square metres: 52_000 or "5.2万"'),
        "factor": speech.say("write a number above 0: 7.10"),
        "count": speech.say("write a whole number without quotes: 24"),
    }
    return forms[problem.details["type"]]


def _says(problem: Problem, speech: Language) -> str:
    if problem.code == "number":
        return _number_says(problem, speech)
    if problem.code == "syntax":
        what = syntax_says(problem.details["message"], speech)
        return speech.say(
            "not well-formed {notation}: {what}", notation=problem.details["notation"], what=what
        )
    value, details = shown(problem.value), problem.details
    key = visible(str(problem.path[-1]), _LONGEST_VALUE) if problem.path else ""
    said: dict[str, Any] = {"value": value, "key": key, **{name: details[name] for name in details}}
    for name in ("limit", "whole", "key", "message", "reason", "guess"):
        if isinstance(said.get(name), str | int | Fraction) and name in details:
            said[name] = (
                visible(str(said[name]), _LONGEST_LINE) if isinstance(said[name], str) else shown(said[name])
            )
    template = _messages(speech).get(problem.code)
    if template is None:
        return speech.say("{value} is not allowed here", value=value)
    try:
        return template.format(**said)
    except (KeyError, IndexError):
        return template


def _messages(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "not_found": say("there is no such file"),
        "directory": say("this is a folder, not a file"),
        "not_a_file": say("this is no ordinary file (a pipe or a device)"),
        "no_permission": say("this file may not be read"),
        "cannot_open": say("this file cannot be read"),
        "too_big": say("this file is too large for one enterprise"),
        "encoding": say("this file is not written in UTF-8"),
        "empty": say("this file is empty"),
        "too_deep": say("this file is nested too deeply"),
        "duplicate_key": say("the key {key} stands twice"),
        "long_number": say("a number of thousands of digits"),
        "bad_literal": say("a date or number that does not exist"),
        "no_enterprise": say("there is no [enterprise] table"),
        "unknown_key": say("the key {key} is unknown"),
        "missing_key": say("the key {key} is required"),
        "not_a_table": say("{value} is no table"),
        "not_a_table_array": say("this has to be a list of tables: [[{key}]]"),
        "not_a_list": say("{value} is no list"),
        "not_text": say("{value} is no text"),
        "empty_text": say("this text is empty"),
        "unsafe_text": say("{value} holds control or direction characters"),
        "long_text": say("this text is longer than {limit} characters"),
        "not_a_flag": say("{value} is neither true nor false"),
        "not_a_date": say("{value} is no date"),
        "uscc": say("{value} is no valid unified social credit code"),
        "year": say("{value} is no year from {first} to {last}"),
        "year_key": say("{key} is no year from {first} to {last}"),
        "word": say("{value} is not one of the words allowed here"),
        "item": say("the rules have no item {value}"),
        "above_whole": say("{value} is above {whole}, of which it is a part ({limit})"),
        "duplicate_name": say("the name {value} is used twice"),
        "from_after_until": say("{value} lies after until ({limit})"),
        "unheld_subject": say("the file holds no subject {value}"),
        "form": say("{value} has none of the known forms"),
        "shape": say("{value} does not fit here: {message}"),
        "vocabulary": say("the [vocabulary] declares its words in a wrong form"),
        "valid_from_after_to": say("the policy begins after it ends"),
        "dangling_measure": say("there is no measure {value}"),
        "unknown_field": say("there is no figure or key {value}"),
        "unknown_table": say("there is no table {value}"),
        "unknown_word": say("there is no word {value} here"),
        "unknown_item": say("the rules have no item {value}"),
        "wrong_field_type": say("{value} is not of a type that fits here"),
        "window_without_group": say("a window needs together_by"),
        "together_without_group": say("together needs a trigger with together_by"),
        "bound_above_one": say("{value} is above 1, but the figure is a rate"),
        "bound_not_whole": say("{value} is not whole, but the figure is a count"),
        "tiers_overlap": say("the tier from {value} does not lie above the one before it"),
        "by_word_form": say("by_word needs either sums, or rates with of"),
        "interest_without_months": say("interest needs a trigger that runs over months"),
        "cap_without_sum": say('"award" needs an award of a fixed sum'),
        "cap_not_whole": say("{value} is no whole yuan"),
        "cap_below_sum": say("the cap {value} lies below the sum or cap that it should hold"),
        "floor_above_cap": say("the floor {value} lies above the cap"),
        "grade_and_award": say("the grade {value} does not fit award, caps and conditions"),
        "always_is_service": say("what is always open has to be a service, not {value}"),
        "base_not_own": say("the base {value} has to be a key of the entry"),
        "stages_without_cap": say("what pays in stages needs a cap"),
        "caps_cross": say("shared caps cross each other at {value}"),
    }


def _next_step(problem: Problem, speech: Language) -> str:
    say = speech.say
    if problem.nearest is not None:
        return say("did you mean {word}?", word=visible(problem.nearest, _LONGEST_VALUE))
    match problem.code:
        case "number":
            return _number_next(problem, speech)
        case "not_found" | "no_permission" | "cannot_open":
            return say("check the path, or pass - to read standard input")
        case "directory":
            return say("name the files in it")
        case "not_a_file":
            return say("pass - to read standard input")
        case "too_big":
            return say("one file holds one enterprise, at most 64 MB")
        case "encoding":
            guess = problem.details.get("guess")
            if guess:
                return say("it looks like {guess}: save it as UTF-8", guess=guess)
            return say("save it as UTF-8")
        case "empty" | "no_enterprise":
            return say('begin with [enterprise], name = "…" and claim_year = 2026')
        case "syntax" if problem.place is not None and syntax_hint(problem.place.text, speech):
            return syntax_hint(problem.place.text, speech) or ""
        case "syntax" | "bad_literal" | "long_number" | "too_deep":
            return say('texts and numbers with units stand in quotes: equipment = "2600万"')
        case "not_a_date":
            return say("write a date as 2026-03-01")
        case "not_a_flag":
            return say("write true or false, without quotes")
        case "missing_key":
            return say("add it")
        case "duplicate_name":
            return say("give each entry of a table its own name within a year")
        case "unheld_subject":
            return say("a subject is written table:name, as investment:二期产线")
        case "unknown_key":
            return say("remove it, or correct its spelling")
        case code if code in UNOPENABLE:
            return say("check the path")
        case _:
            return say("correct it and run the command again")


def summary(problems: Iterable[Problem], speech: Language) -> str:
    """One line that counts the errors."""
    count = sum(not problem.is_warning for problem in problems)
    return speech.say("{count} error(s)", count=count)
