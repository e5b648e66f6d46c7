"""Says in the reader's language what a TOML or JSON parser found, and what to do about it."""

import re
from collections.abc import Mapping
from typing import Final

from calc.enterprise.problems import Place
from calc.present.language import Language

_LOOKED_AT: Final = 200
"""So many characters on each side of the place are looked at; a line may be millions long."""

_NO_SLIP: Final = (
    "Illegal",
    "Unterminated",
    "Expected '\"",
    'Expected "',
    "Unescaped",
    "Invalid hex",
    "Cannot",
)
"""Where a parser says this, it is not the looks of the line that tell what to do."""

_FULL_WIDTH_QUOTE: Final = re.compile("[“”＂]")
_NO_COMMA: Final = re.compile(r"\"[^\"]*\"\s{1,9}\"")
"""Two texts of a list with nothing but space between them."""

_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")


def syntax_says(message: str, speech: Language) -> str:
    """What is wrong, by the way the parser's own message begins."""
    say = speech.say
    bad_character = say("a text holds a character that it may not hold")
    backslash = say("a backslash in a text has to be doubled")
    twice, unclosed = say("a key is given twice"), say("a text is not closed")
    known = {
        "Invalid value": say("a value is written wrongly"),
        "Invalid statement": say("a line is neither a table nor key = value"),
        "Invalid initial character": say("a key is written wrongly"),
        "Expected '='": say("an equals sign is missing after the key"),
        "Expected newline": say("something stands behind the end of a value"),
        "Expected ']": say("a table's heading is written wrongly"),
        "Expected ": unclosed,
        "Cannot declare": say("a table is declared twice"),
        "Cannot redefine": say("a table is declared twice"),
        "Cannot ": twice,
        "Duplicate": twice,
        "Unclosed": say("what stands in brackets is written wrongly, or not closed"),
        "Unterminated": unclosed,
        "Illegal character '\\n'": unclosed,
        "Illegal character": bad_character,
        "Found invalid character": bad_character,
        "Invalid control character": bad_character,
        "Unescaped": backslash,
        "Invalid hex value": backslash,
        "Invalid \\": backslash,
        "Escaped character": say("an escape stands for no character"),
        "Invalid date": say("a date or time that does not exist"),
        "Expecting ','": say("a comma is missing"),
        "Expecting ':'": say("a colon is missing after the key"),
        "Expecting property name": say("a key is missing, or not in double quotes"),
        "Expecting value": say("a value is missing or written wrongly"),
        "Illegal trailing comma": say("a comma stands before a closing bracket"),
        "Extra data": say("something stands behind the end"),
    }
    return _beginning(message, known) or say("it cannot be read")


def syntax_next(notation: str, message: str, place: Place | None, speech: Language) -> str:
    """What to do: by the slip that shows in the line itself, or else by what the parser found."""
    found = None
    if place is not None:
        at = place.column - 1
        before = place.text[max(0, at - _LOOKED_AT) : at]
        behind = place.text[at : at + place.width][:_LOOKED_AT] + place.text[at + place.width :][:_LOOKED_AT]
        line = before + behind
        if notation == "JSON":
            found = _json_slip(before, behind, speech)
        elif not message.startswith(_NO_SLIP) or _FULL_WIDTH_QUOTE.search(line):
            found = _toml_slip(line, speech)
            if message.startswith("Unclosed array") and _NO_COMMA.search(line):
                found = speech.say("put a comma between two values")
    by_message = _by_toml_message if notation == "TOML" else _by_json_message
    return (
        found
        or by_message(message, place, speech)
        or speech.say('texts and numbers with units stand in quotes: equipment = "2600万"')
    )


def _toml_slip(line: str, speech: Language) -> str | None:
    """The next step for the slips that happen most, as seen in the line itself."""
    say, bare = speech.say, _QUOTED.sub("", line)
    slips = {
        r"[\u00a0\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]": say(
            "an invisible character was pasted in: type the line anew"
        ),
        r"^\s{0,9}\[{0,2}\s{0,9}[一-鿿]": say(
            "keys and tables are English words, as revenue or [[investment]]"
        ),
        "[“”‘’＝［］｛｝【】「」＂＇，：。；＃　０-９]|\\[[^\\]]*、": say(
            "quotes, brackets, commas, digits, spaces and equals signs have to be half-width"
        ),
        r"^\s{0,9}\[{1,2}\s{0,9}[\w-]{1,40}\.[0-9]{4}\s{0,9}年": say(
            'write the year as the key: [figures.2025], or 2027 = ["…"] under [kinds]'
        ),
        r"=\s{0,9}[0-9]{4}\s{0,9}年度?\s{0,9}$": say("write the year as a number, without quotes: 2026"),
        r"=\s{0,9}[+-]?[0-9][0-9.,_]*\s{0,9}[万亿元%美㎡人]": say(
            'a number with a unit stands in quotes: equipment = "2600万"'
        ),
        r"=\s{0,9}-?[0-9]{1,3}(,[0-9]{3})+": say('write 2_600_000, or in quotes "2,600,000"'),
        r"=\s{0,9}[0-9]{4}([/.年][0-9]|-[0-9]-|-[0-9]{2}-[0-9](?![0-9]))": say("write a date as 2026-03-01"),
        r"=\s{0,9}(True|TRUE|False|FALSE|[Yy]es|YES|[Nn]o|NO|[是否真假有无])(?!\w)": say(
            "write true or false, without quotes"
        ),
        r"=\s{0,9}(null|None|none|nil|N/A|[-—/])?\s{0,9}$": say("leave out the key of what is not known"),
        r"=\s{0,9}\{[^}]*$": say("what stands in braces stands on one line"),
        r"=\s{0,9}\[[^\]]*$": say("close the list with ]"),
        r"=[^\[{]*[,;]\s{0,9}$": say("nothing stands at the end of a line: remove the comma"),
        r"^\s{0,9}[\w-]{1,40}\s{0,9}:": say("an equals sign stands between key and value: revenue = 5000"),
        r"^\s{0,9}(//|/\*|--|;)": say("a remark begins with #"),
        r"^\s{0,9}\{": say("the name of a JSON file has to end in .json"),
        r"=\s{0,9}[+-]?\.[0-9]": say("write a digit before the point: 0.5"),
        r"=\s{0,9}[+-]?0[0-9]": say("write the number without a zero before it"),
        r"=\s{0,9}[^\s\"'\[{0-9tf+\-#.]": say('a text stands in quotes: name = "…"'),
    }
    return next((words for slip, words in slips.items() if re.search(slip, bare)), None)


def _json_slip(before: str, behind: str, speech: Language) -> str | None:
    say = speech.say
    slips = {
        r"^,?\s{0,9}[}\]]": (say("remove the comma before the bracket"), r",\s{0,99}$|^$"),
        r"^'": (say("texts and keys stand in double quotes"), ""),
        r"^[“”‘’：，｛｝［］]": (say("quotes, brackets, commas and colons have to be half-width"), ""),
        r"^(//|/\*|#)": (say("JSON knows no remarks: remove it"), ""),
        r"^(True|False|None|TRUE|FALSE)": (say("write true, false or null"), ""),
        r"^[0-9.]*[万亿元%]": (say('a number with a unit stands in quotes: "2600万"'), ""),
    }
    return next(
        (
            words
            for slip, (words, lead) in slips.items()
            if re.search(slip, behind) and re.search(lead, before)
        ),
        None,
    )


def _by_toml_message(message: str, place: Place | None, speech: Language) -> str | None:
    say = speech.say
    backslash = say("double the backslash, or put the text in single quotes: 'C:\\data'")
    quotes = say("close the text with the quote it began with, on the same line")
    once = say("give each key once")
    is_heading = place is not None and place.text.lstrip().startswith("[")
    several = say("write [[…]] above each of several entries, and each table once")
    known = {
        "Unescaped": backslash,
        "Invalid hex value": backslash,
        "Cannot ": several if is_heading else once,
        "Duplicate": once,
        "Illegal character '\\n'": quotes,
        "Unterminated": quotes,
        "Expected ']": say("a heading is written [enterprise] or [[investment]]"),
        "Expected newline": say("write each key on a line of its own"),
        "Expected '='": say("write key = value"),
        "Expected ": quotes,
        "Unclosed array": say("close the list with ]"),
        "Unclosed inline table": say("what stands in braces stands on one line"),
        "Invalid date": say("write a date as 2026-03-01"),
    }
    return _beginning(message, known)


def _by_json_message(message: str, place: Place | None, speech: Language) -> str | None:
    say = speech.say
    is_at_end = place is not None and place.column > len(place.text)
    close = say("close each bracket and each text")
    if is_at_end:
        return close
    known = {
        "Invalid \\": say("double the backslash: C:\\\\data"),
        "Invalid control": close,
        "Unterminated": close,
        "Expecting ','": say("put a comma between two values"),
        "Expecting ':'": say("put a colon between key and value"),
        "Expecting property": say("texts and keys stand in double quotes"),
        "Illegal trailing": say("remove the comma before the bracket"),
        "Extra data": say("one JSON file holds one object"),
    }
    return _beginning(message, known)


def _beginning(message: str, known: Mapping[str, str]) -> str | None:
    return next((words for start, words in known.items() if message.startswith(start)), None)
