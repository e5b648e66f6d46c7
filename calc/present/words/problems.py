"""Says what is wrong with an input, and what is allowed there."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any, Final

from calc.enterprise.problems import Problem
from calc.enterprise.vocabulary import Field, Label
from calc.present.figures import decimal_text, money, shown_value
from calc.present.language import Language
from calc.present.safe import visible
from calc.present.words.syntax import syntax_says

LONGEST_VALUE: Final = 60
_LONGEST_DETAIL: Final = 160
_MOST_WORDS: Final = 30
_BIGGEST_SHOWN_BITS: Final = 200
_ABOUT_CAPS: Final = ("cap_above_base", "cap_removed", "cap_never_reached")
"""What warns about sums of the rules, which are shown as sums."""


def shown(value: object) -> str:
    """A value as it was found, on one line."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() if value.bit_length() > _BIGGEST_SHOWN_BITS:
            return "…"
        case int():
            return str(value)
        case Fraction():
            return decimal_text(value)
        case str() if type(value) is not str:
            return visible(value, LONGEST_VALUE)
        case str():
            return f'"{visible(value, LONGEST_VALUE)}"'
        case list():
            return "[…]" if value else "[]"
        case dict():
            return "{…}" if value else "{}"
        case _:
            return visible(str(value), LONGEST_VALUE)


def allowed_words(problem: Problem, speech: Language) -> str:
    """The words allowed where the problem is; nothing where they are too many to help."""
    words = problem.details.get("allowed") or ()
    if problem.nearest is not None and len(words) > _MOST_WORDS:
        return ""
    labels = problem.details.get("labels") or {}
    listed = [_with_name(str(word), labels.get(word), speech) for word in words[:_MOST_WORDS]]
    return speech.comma.join(listed) + ("…" if len(words) > _MOST_WORDS else "")


def _with_name(word: str, label: Label | None, speech: Language) -> str:
    """A word, and what it is called where the reader's language is not the one it is written in."""
    shown = visible(word, LONGEST_VALUE)
    if label is None or speech.code == "en":
        return shown
    return f"{shown}（{visible(speech.name(label), LONGEST_VALUE)}）"


def what_is_wrong(problem: Problem, speech: Language) -> str:
    """One sentence that names the value found and what is wrong with it."""
    details = problem.details
    if problem.code == "number":
        wrong = _number_wrong(details["reason"], speech)
        return speech.say("{value} {wrong}", value=shown(problem.value), wrong=wrong)
    if problem.code == "syntax":
        what = syntax_says(details["message"], speech)
        return speech.say("not well-formed {notation}: {what}", notation=details["notation"], what=what)
    template = {
        **_messages_of_files(speech),
        **_messages_of_values(speech),
        **_messages_of_doubts(speech),
        **_messages_of_rules(speech),
        **_messages_of_reviews(speech),
    }.get(problem.code, speech.say("{value} is not allowed here"))
    said = _said(problem, speech)
    if problem.code in _ABOUT_CAPS:
        sums = {"value": problem.value, **problem.details}
        said |= {name: money(one, speech) for name, one in sums.items() if isinstance(one, int | Fraction)}
    return template.format_map(said)


class _Values(dict[str, str]):
    """What a message may mention; a value that a problem lacks is left out."""

    def __missing__(self, key: str) -> str:
        return "…"


def _said(problem: Problem, speech: Language) -> _Values:
    """What a message may mention; a doubt about a figure carries its field, which says its unit and name."""
    details = dict(problem.details)
    is_figure, field = "field" in details, details.pop("field", None)
    write: Callable[[Any], str] = partial(shown_value, field=field, speech=speech) if is_figure else shown
    key = visible(str(problem.path[-1]), LONGEST_VALUE) if problem.path else ""
    said = _Values(key=key, value=write(problem.value))
    if isinstance(field, Field):
        said["figure"] = visible(speech.name(field.label))
    for name, detail in details.items():
        if isinstance(detail, Label):
            said[name] = visible(speech.name(detail))
        else:
            said[name] = visible(detail, _LONGEST_DETAIL) if type(detail) is str else write(detail)
    return said


def _number_wrong(reason: str, speech: Language) -> str:
    say = speech.say
    return {
        "not_a_number": say("is no number"),
        "unit": say("has a unit that does not fit here"),
        "negative": say("is negative"),
        "decimals": say("has more decimals than a sum has fen"),
        "too_large": say("is too large to be true"),
        "not_finite": say("is not a finite number"),
        "above_one": say("is above 1, that is above 100%"),
        "not_positive": say("has to be above 0"),
        "not_whole": say("has to be a whole number"),
        "too_small": say("is below the least that is allowed"),
    }[reason]


def _messages_of_files(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "not_found": say("there is no such file"),
        "directory": say("this is a folder, not a file"),
        "not_a_file": say("this is no ordinary file (a pipe or a device)"),
        "no_permission": say("this file may not be read"),
        "cannot_open": say("this file cannot be read"),
        "too_big": say("this file is too large for one enterprise"),
        "encoding": say("this file is not written in UTF-8"),
        "not_text_file": say("this is no text file"),
        "empty": say("this file is empty"),
        "empty_rules": say("this file is empty"),
        "enterprise_for_rules": say("this is an enterprise file, and no rules file"),
        "too_deep": say("this file is nested too deeply"),
        "too_many_values": say("this file holds more than {limit} values"),
        "not_an_object": say("the whole of a JSON file has to be one object: {{…}}"),
        "duplicate_key": say("the key {key} stands twice"),
        "unknown_column": say("no enterprise file has a key for the column {value}"),
        "column_twice": say("the column {value} stands twice"),
        "unknown_sheet": say("no enterprise file has a table called {value}"),
        "table_without_head": say("the rows of {value} name their enterprises, and no sheet holds those"),
        "table_twice": say("{other} and {value} are the same table"),
        "stray_row": say("this row belongs to no enterprise: none is called {value}"),
        "ambiguous_row": say("several enterprises are called {value}: whose this row is, is open"),
        "row_twice": say("a second row of one year, or of the exchange rates, for the enterprise {value}"),
        "error_cells": say("cells of this workbook show errors"),
        "error_cell": say("the cell shows the error {value}"),
        "no_result": say("the formula {value} has no result yet"),
        "sheet_unread": say("the sheet {value} holds enterprises too, and is not read"),
        "long_number": say("a number of thousands of digits"),
        "bad_literal": say("a date or number that does not exist"),
        "no_enterprise": say("there is no [enterprise] table"),
        "closed_folder": say("this folder may not be read"),
        "damaged": say("this compressed file is damaged or cut off"),
        "empty_folder": say("this folder holds no file of enterprises"),
        "unreadable": say("this file cannot be read as {notation}: {message}"),
        "locked": say("this file is locked with a password"),
        "too_many_cells": say("{count} cells stand under {limit} columns"),
    }


def _messages_of_values(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
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
        "year_key": say("{value} is no year from {first} to {last}"),
        "word": say("{value} is not one of the words allowed here"),
        "item": say("the rules have no item {value}"),
        "above_whole": say("{value} is above {whole}, of which it is a part ({limit})"),
        "duplicate_name": say("the name {value} is used twice"),
        "from_after_until": say("{value} lies after until ({limit})"),
        "unheld_subject": say("the file holds no subject {value}"),
        "not_proven": say("Not proven: a combination that pays more may exist."),
        "unknown_path": say("the file holds nothing called {value}"),
        "not_a_change": say("{value} is no change"),
        "not_a_sweep": say("{value} is no sweep of a number"),
        "sweep_backwards": say("{value} begins above its end"),
        "nothing_set": say("there is nothing to try"),
        "nothing_to_save": say("no change, so there is nothing to save"),
        "save_needs_name": say("- is no name for a file"),
        "item_elsewhere": say("the rules of claim year {year} have no item {value}"),
        "remarks_lost": say("remarks of the original could not be kept in this file"),
        "one_file": say("one file has nothing to be compared with"),
        "exists": say("this file is there already"),
        "sweep_too_long": say("{value} has more than {limit} steps, or none"),
        "not_years": say("{value} is no span of years"),
        "received_in_plan": say("received in a year of the plan ({value}): it changes nothing there"),
    }


def _messages_of_doubts(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "unusually_small": say("{figure} of {value} is unusually little: {limit} and more is usual"),
        "unusually_low": say("{figure} of {value} is unusually low: {limit} and more is usual"),
        "unusually_high": say("{figure} of {value} is unusually high: {limit} at most is usual"),
        "above_other": say("{figure} of {value} is above {other} of {limit}"),
        "claim_year_outside": say("claim year {value}: the policy holds from {first} to {last}"),
        "no_kinds": say("no kind of enterprise is given for {year}: items for certain kinds stay closed"),
        "filed_elsewhere": say("{value} does not lie in the claim year {year}: it changes nothing"),
        "figures_unread": say(
            "no item looks at figures of {value} in this claim year, but at those of {wanted}"
        ),
        "no_item": say("{value}: no item takes it as it stands"),
        "entry_year_outside": say("{value} is no year of the policy ({first} to {last})"),
        "entry_year_past": say("{value} lies before the claim year {year}: it is no claim now"),
        "starts_after_policy": say("{value} lies after the last day of the policy ({last})"),
        "above_ceiling": say(
            "an expectation of {value} is above the most there is ({limit}): it lowers nothing"
        ),
        "expect_idle": say("nothing is claimed under {value} in {year}: the expectation changes nothing"),
        "received_idle": say("{value} pays anew every year: what was received changes nothing"),
        "received_unassigned": say(
            "{value} pays for each subject: without one, what was received changes nothing"
        ),
        "received_late": say("received in {value}: it counts in claim years after it, not in {year}"),
    }


def _messages_of_rules(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "form": say("{value} has none of the known forms"),
        "too_few": say("this list needs at least {least}"),
        "day_of_year": say("{value} is no day of a year"),
        "window_backwards": say("the filing days begin after they end"),
        "slices_of_another": say("tiers of each slice cannot set the ratio of another figure"),
        "measure_number": say("{value} is no number of a measure"),
        "not_a_name": say("{value} is no name that a file could write"),
        "reserved": say("{value} already means something in every file"),
        "words_and_type": say("words belong to a key of type word or words, and to no other"),
        "usual_from_above_to": say("{value} lies above to"),
        "default": say("{value} is not of the key's own type"),
        "item_name": say("{value} is no name for an item"),
        "item_twice": say("the item {value} stands twice in one group"),
        "valid_from_after_to": say("the validity begins after it ends"),
        "dangling_measure": say("there is no measure {value}"),
        "unknown_field": say("there is no figure or key {value}"),
        "unknown_table": say("there is no table {value}"),
        "unknown_word": say("there is no word {value} here"),
        "unknown_item": say("the rules have no item {value}"),
        "wrong_field_type": say("{value} is not of a type that fits here"),
        "not_required": say("{value} has to be a key that every entry gives"),
        "window_without_group": say("a window needs together_by"),
        "together_without_group": say("together needs a trigger with together_by"),
        "bound_above_one": say("{value} is above 1, but the figure is a rate"),
        "bound_not_whole": say("{value} is not whole, but the figure is a count"),
        "tiers_overlap": say("the tier from {value} does not lie above the one before it"),
        "rungs_fall": say("the rung of {value} pays less than the one before it"),
        "by_word_form": say("by_word needs either sums or rates; rates need of"),
        "interest_without_months": say("interest needs a trigger that runs over months"),
        "cap_without_sum": say('"award" needs an award of the form fixed'),
        "cap_not_whole": say("{value} is no whole yuan"),
        "cap_below_sum": say("the cap {value} lies below the sum or cap that it should hold"),
        "floor_above_cap": say("the floor {value} lies above the cap"),
        "grade_and_award": say("the grade {value} does not fit award, caps and conditions"),
        "always_is_service": say("what is always open has to be a service, not {value}"),
        "not_own": say("{value} has to be a key of the entry"),
        "stages_without_cap": say("what pays in stages needs a cap"),
        "caps_cross": say("shared caps cross each other at {value}"),
    }


def _messages_of_reviews(speech: Language) -> dict[str, str]:
    say = speech.say
    return {
        "outside_policy": say("it never holds: the policy is in force from {since} to {until}"),
        "beyond_policy": say("{value} lies outside the policy, in force from {since} to {until}"),
        "no_source": say("it does not say where it comes from"),
        "no_issued": say("it does not say when it was issued"),
        "changes_nothing": say("the rules would be the same without it"),
        "number_not_cited": say("no phrase that the item cites holds {numbers}"),
        "cap_above_base": say("the cap {value} is above that of the rules below ({base})"),
        "cap_removed": say("the cap {value} of the rules below ({base}) is gone"),
        "cap_never_reached": say("the cap {value} is never reached: the award is at most {most}"),
        "never_claimed": say("it can never be claimed: its conditions contradict each other"),
        "word_unused": say("nothing uses the word {value}"),
    }
