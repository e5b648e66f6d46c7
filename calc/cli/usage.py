"""Says what is wrong with a command line, and which command to type next."""

from collections.abc import Sequence
from typing import Any, Final

from calc.enterprise.problems import nearest_word
from calc.present.language import Language
from calc.present.safe import visible

_LONGEST: Final = 80


def usage_lines(error: Any, command: Any, arguments: Sequence[str], speech: Language) -> list[str]:
    """What is wrong, in the language of the user, and the command that shows how it is done."""
    text = speech.say("Error: {what}", what=_what(error, arguments, speech))
    return [text, speech.say("next: {command}", command=f"{_path(command, arguments)} --help")]


def _path(command: Any, arguments: Sequence[str]) -> str:
    """The command that was meant, as far as the arguments name one."""
    path = ["subsidy"]
    for argument in arguments:
        command = getattr(command, "commands", {}).get(argument)
        if command is None:
            break
        path.append(argument)
    return " ".join(path)


def _what(error: Any, arguments: Sequence[str], speech: Language) -> str:
    say = speech.say
    parameter = getattr(error, "param", None)
    match type(error).__name__:
        case "NoSuchOption":
            what = say("there is no option {name}", name=visible(str(error.option_name), _LONGEST))
            return _with_nearest(what, error.option_name, error.possibilities or (), speech)
        case "MissingParameter":
            return say("{name} is missing", name=_name(parameter))
        case "UnfitEnding":
            return _unfit(error, speech)
        case "BadParameter" if parameter is not None:
            return _bad_value(error, parameter, arguments, speech)
        case "BadOptionUsage":
            name = visible(str(error.option_name), _LONGEST)
            takes_none = "not take" in error.message
            return (
                say("{name} takes no value", name=name)
                if takes_none
                else say("{name} needs a value", name=name)
            )
        case _:
            return _other(error, speech)


def _unfit(error: Any, speech: Language) -> str:
    """An ending that the answer cannot be written for."""
    file, ending = visible(str(error.output), _LONGEST), error.output.suffix.lower()
    endings = speech.comma.join(error.endings)
    if not ending:
        return speech.say("{file}: the name has to end in one of {endings}", file=file, endings=endings)
    what = speech.say(
        "{file}: this answer is not written as {ending}, but as {endings}",
        file=file,
        ending=visible(ending, _LONGEST),
        endings=endings,
    )
    if ".csv" in error.endings and ending in (".xlsx", ".xls", ".et"):
        return speech.semicolon.join((what, speech.say("Excel opens .csv")))
    return what


def _name(parameter: Any) -> str:
    options = [one for one in parameter.opts if one.startswith("--")] or list(parameter.opts)
    return str(parameter.metavar or options[0]) if parameter.param_type_name == "argument" else options[0]


def _bad_value(error: Any, parameter: Any, arguments: Sequence[str], speech: Language) -> str:
    what = _name(parameter)
    typed = _typed(parameter, arguments)
    if typed is not None:
        what = f"{what} {visible(typed, _LONGEST)}"
    described = parameter.type_descriptor
    if described.is_choice and described.choices:
        allowed = [str(getattr(one, "value", one)) for one in described.choices]
        says = speech.say(
            "{name} does not fit; allowed are {words}", name=what, words=speech.comma.join(allowed)
        )
        return _with_nearest(says, typed or "", allowed, speech)
    if described.is_ranged:
        bounds = f"≥ {parameter.min}" if parameter.max is None else f"{parameter.min}–{parameter.max}"
        return speech.say("{name} does not fit; allowed are {words}", name=what, words=bounds)
    return speech.say("{name} does not fit: {why}", name=what, why=visible(str(error.message), 2 * _LONGEST))


def _typed(parameter: Any, arguments: Sequence[str]) -> str | None:
    """The value that an option was given."""
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in parameter.opts:
            return value if equals else next(iter(arguments[place + 1 : place + 2]), None)
    return None


def _other(error: Any, speech: Language) -> str:
    """What the library says with a message alone."""
    message = visible(str(error.format_message()), 4 * _LONGEST)
    if message.startswith("No such command"):
        typed = message.partition("'")[2].partition("'")[0]
        known = list(getattr(error.ctx.command, "commands", ())) if error.ctx is not None else []
        return _with_nearest(speech.say("there is no command {name}", name=typed), typed, known, speech)
    if message.startswith("Missing command"):
        return speech.say("a command is missing")
    if message.startswith("Got unexpected extra"):
        return speech.say(
            "more than the command takes: {words}", words=message.partition("(s) (")[2].rstrip(")")
        )
    return message


def _with_nearest(what: str, typed: str, known: Sequence[str], speech: Language) -> str:
    nearest = nearest_word(typed, tuple(known))
    if nearest is None:
        return what
    meant = speech.say("did you mean {word}?", word=nearest)
    return f"{what}{speech.semicolon}{meant}"
