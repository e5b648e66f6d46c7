"""Says in the reader's language what a TOML or JSON parser found, and what most often lies behind it."""

import re
from typing import Final

from calc.present.language import Language

_BARE_NUMBER: Final = re.compile(r"=\s*-?[0-9][0-9.,_]*\s*[万亿元%美％]")
_BARE_TEXT: Final = re.compile(r"=\s*[^\s\"'\[{0-9tf+\-#]")
_CHINESE_KEY: Final = re.compile(r"\s*\[{0,2}\s*[一-鿿]")
_FULL_WIDTH: Final = re.compile("[“”‘’＝［］｛｝＂＇，：]")


def _outside_quotes(line: str) -> str:
    return re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line)


def syntax_says(message: str, speech: Language) -> str:
    """What is wrong, by the way the parser's own message begins."""
    say = speech.say
    known = {
        "Invalid value": say("a value is written wrongly"),
        "Invalid statement": say("a line is neither a table nor key = value"),
        "Invalid initial character": say("a key is written wrongly"),
        "Expected '='": say("an equals sign is missing after the key"),
        "Expected newline": say("something stands behind the end of a value"),
        "Expected ']": say("a table's heading is not closed"),
        "Cannot declare": say("a table is declared twice"),
        "Cannot overwrite": say("a key is given twice"),
        "Cannot mutate": say("a key is given twice"),
        "Duplicate": say("a key is given twice"),
        "Unclosed": say("a bracket is not closed"),
        "Unterminated": say("a text is not closed"),
        "Illegal character": say("a text holds a character that it may not hold"),
        "Found invalid character": say("a text holds a character that it may not hold"),
        "Unescaped": say("a backslash in a text has to be doubled"),
        "Invalid \\escape": say("a backslash in a text has to be doubled"),
        "Invalid date": say("a date or time that does not exist"),
        "Expecting ','": say("a comma is missing"),
        "Expecting ':'": say("a colon is missing after the key"),
        "Expecting property name": say("a key is missing, or not in double quotes"),
        "Expecting value": say("a value is missing or written wrongly"),
        "Illegal trailing comma": say("a comma stands before a closing bracket"),
        "Extra data": say("something stands behind the end"),
        "Invalid control character": say("a text holds a character that it may not hold"),
    }
    return next(
        (words for start, words in known.items() if message.startswith(start)), say("it cannot be read")
    )


def syntax_hint(line: str, speech: Language) -> str | None:
    """The next step for the slips that happen most, seen in the line itself."""
    say, bare = speech.say, _outside_quotes(line)
    if _CHINESE_KEY.match(bare):
        return say("keys and tables are English words, as revenue or [[investment]]")
    if _FULL_WIDTH.search(bare):
        return say("quotes, brackets, commas and equals signs have to be half-width")
    if _BARE_NUMBER.search(bare):
        return say('a number with a unit stands in quotes: equipment = "2600万"')
    if _BARE_TEXT.search(bare):
        return say('a text stands in quotes: name = "…"')
    return None
