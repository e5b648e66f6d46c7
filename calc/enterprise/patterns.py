"""Regular expressions that match exactly the texts which the readers of figures and days accept.

They are written in what Python and ECMA-262 share, for JSON Schema.  What none can say: the length of a
text, the check digit of a credit code.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from calc.enterprise.numbers import FULL_WIDTH, LARGEST, UNITS, Number
from calc.enterprise.schema import UNSAFE_CATEGORIES

_GROUP: Final = 3
_FEN_PLACES: Final = 2
_LAST_OF_PLANE_0: Final = 0xFFFF
_DIGITS: Final = "0123456789"
_CODE_LETTERS: Final = "ABCDEFGHJKLMNPQRTUWXY"
_LONG_MONTHS: Final = ("01", "03", "05", "07", "08", "10", "12")
_SHORT_MONTHS: Final = ("04", "06", "09", "11")


def _wide(characters: Iterable[str]) -> str:
    """A class of these characters, as an input method may type them too."""
    wanted = set(characters)
    typed = {
        chr(code)
        for code, half in FULL_WIDTH.items()
        if (half if isinstance(half, str) else chr(half)) in wanted
    }
    escaped = "".join(f"\\{one}" if one in "-]^\\[" else one for one in sorted(wanted | typed))
    return f"[{escaped}]"


def _word(text: str) -> str:
    return "".join(_wide(one) for one in text)


_DIGIT: Final = _wide(_DIGITS)
_ZERO: Final = _wide("0")
_COMMA: Final = _wide(",")
_POINT: Final = _wide(".")
_MINUS: Final = _wide("-")
_ZEROS: Final = f"(?:{_ZERO}{{1,3}}(?:{_COMMA}{_ZERO}{{3}})+|{_ZERO}+)"
_ZERO_GROUPS: Final = f"{_ZERO}{{1,3}}(?:{_COMMA}{_ZERO}{{3}})*"
_ANY_DECIMALS: Final = f"(?:{_POINT}{_DIGIT}+)?"
_NO_DECIMALS: Final = f"(?:{_POINT}{_ZERO}+)?"


def _whole(digits: int) -> str:
    """A whole number of at most so many digits, in groups of three or not, whatever zeros stand before it."""
    groups, rest = divmod(digits, _GROUP)
    group = f"(?:{_COMMA}{_DIGIT}{{3}})"
    forms = [f"{_ZERO}*{_DIGIT}{{1,{digits}}}", f"{_ZERO_GROUPS}{group}{{0,{groups}}}"]
    if groups:
        forms.append(f"{_DIGIT}{{1,3}}{group}{{0,{groups - 1}}}")
    if rest:
        first = f"{_ZERO}{{{_GROUP - rest}}}{_DIGIT}{{{rest}}}"
        forms.append(f"{_ZERO}{{0,{_GROUP - rest}}}{_DIGIT}{{1,{rest}}}{group}{{{groups}}}")
        forms.append(f"{_ZERO_GROUPS}{_COMMA}{first}{group}{{{groups}}}")
    return f"(?:{'|'.join(forms)})"


def _exactly(number: str) -> str:
    """A whole number of at most three digits, whatever zeros stand before it."""
    padded = number.rjust(_GROUP, "0")
    return f"(?:{_ZERO}*{_word(number)}|{_ZERO_GROUPS}{_COMMA}{_word(padded)})"


def _zeros_of(factor: Number) -> int:
    """How many zeros a unit stands for."""
    return len(str(factor)) - 1


def _amount(number_type: str, factor: Number) -> str:
    """What may stand before a unit."""
    if number_type == "rate":
        most = 1 / factor
        below = _whole(_zeros_of(int(most))) if most > 1 else _ZEROS
        return f"(?:{below}{_ANY_DECIMALS}|{_exactly(str(int(most)))}{_NO_DECIMALS})"
    zeros = _zeros_of(factor)
    is_sum = number_type in ("money", "usd")
    decimals = f"(?:{_POINT}{_DIGIT}{{1,{_FEN_PLACES + zeros}}}{_ZERO}*)?" if is_sum else _ANY_DECIMALS
    return f"{_whole(_zeros_of(LARGEST) - zeros)}{decimals}"


def number_pattern(number_type: str) -> str:
    """The texts that ``read_number`` accepts for a type, in half and full width.

    A count is never a text.
    """
    if number_type == "factor":
        # At least one digit is no zero.
        return f"^(?=.*{_wide('123456789')})\\s*{_amount(number_type, 1)}\\s*$"
    by_amount: defaultdict[str, list[str]] = defaultdict(list)
    for unit, factor in UNITS[number_type].items():
        by_amount[_amount(number_type, factor)].append(unit)
    forms = [f"{amount}\\s*(?:{'|'.join(map(_word, units))})" for amount, units in by_amount.items()]
    nothing = f"{_MINUS}{_ZEROS}{_NO_DECIMALS}\\s*(?:{'|'.join(map(_word, UNITS[number_type]))})"
    return f"^\\s*(?:{'|'.join([*forms, nothing])})\\s*$"


def _any(texts: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(_word, texts))})"


def _two_digits(first: int, last: int) -> str:
    return _any(f"{number:02}" for number in range(first, last + 1))


def day_pattern() -> str:
    """The texts that ``read_day`` accepts: a day that exists, as 2026-03-01."""
    year, dash = f"{_DIGIT}{{4}}", _MINUS
    fourths = _any(f"{number:02}" for number in range(4, 100, 4))
    leap = f"(?:{_DIGIT}{{2}}{fourths}|{fourths}{_ZERO}{{2}})"
    days = [
        f"{year}{dash}{_any(_LONG_MONTHS)}{dash}{_two_digits(1, 31)}",
        f"{year}{dash}{_any(_SHORT_MONTHS)}{dash}{_two_digits(1, 30)}",
        f"{year}{dash}{_word('02')}{dash}{_two_digits(1, 28)}",
        f"{leap}{dash}{_word('02')}{dash}{_word('29')}",
    ]
    return f"^\\s*(?!{_ZERO}{{4}})(?:{'|'.join(days)})\\s*$"


def day_of_year_pattern() -> str:
    """A day of a year that has no 29 February, as 03-01, in half width."""
    months = ((_LONG_MONTHS, 31), (_SHORT_MONTHS, 30), (("02",), 28))
    days = [
        f"(?:{'|'.join(names)})-(?:{'|'.join(f'{day:02}' for day in range(1, last + 1))})"
        for names, last in months
    ]
    return f"^(?:{'|'.join(days)})$"


def credit_code_pattern() -> str:
    """The shape of a unified social credit code; its check digit is not looked at."""
    apart = f"{_wide('- ')}*"
    letters = _wide(_DIGITS + _CODE_LETTERS + _CODE_LETTERS.lower())
    return f"^\\s*(?:{apart}{_DIGIT}){{8}}(?:{apart}{letters}){{10}}{apart}\\s*$"


def unsafe_pattern() -> str:
    """A control or direction character, of those that one UTF-16 unit can hold."""
    unsafe = [
        code
        for code in range(_LAST_OF_PLANE_0 + 1)
        if unicodedata.category(chr(code)) in UNSAFE_CATEGORIES - {"Cs"}
    ]
    runs = [
        [code for _, code in run] for _, run in groupby(enumerate(unsafe), lambda pair: pair[1] - pair[0])
    ]
    spans = "".join(f"\\u{run[0]:04x}-\\u{run[-1]:04x}" for run in runs)
    return f"[{spans}]"


def years_pattern(first: int, last: int) -> str:
    """The years of a span, as keys."""
    decades = [
        f"{decade}[{min(years) % 10}-{max(years) % 10}]"
        for decade, years in (
            (decade, list(run)) for decade, run in groupby(range(first, last + 1), lambda year: year // 10)
        )
    ]
    return f"^(?:{'|'.join(decades)})$"
