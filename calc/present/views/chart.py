"""Draws the total over a span of one figure as a curve of characters."""

import os
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Final

from rich.text import Text

from calc.engine.kinks import Curve, Kink
from calc.enterprise.numbers import WAN, Number
from calc.enterprise.vocabulary import Field
from calc.present.figures import YEARS, decimal_text
from calc.present.look import Look

_HEIGHT: Final = 16
_WIDEST: Final = 110
_NARROWEST: Final = 30
_TICKS: Final = 5
_MARKS: Final = "123456789abcdefghijklmnopqrstuvwxyz"


def kink_marks(kinks: Sequence[Kink]) -> list[str]:
    """What marks each kink on the curve and in the table below it: the same at the same value."""
    values = list(dict.fromkeys(one.value for one in kinks))
    places = [values.index(one.value) for one in kinks]
    return [_MARKS[place] if place < len(_MARKS) else "+" for place in places]


def unit_of(field: Field, look: Look) -> str:
    """The unit in which an axis shows a figure; nothing for what is only counted."""
    return {"money": look.unit, "usd": "万美元", "rate": "%", "area": "m²"}.get(field.type, "")


def _scale(field: Field, *, in_yuan: bool) -> Fraction:
    """What a figure is multiplied by to stand in that unit."""
    match field.type:
        case "money":
            return Fraction(1) if in_yuan else Fraction(1, WAN)
        case "usd":
            return Fraction(1, WAN)
        case "rate":
            return Fraction(100)
        case _:
            return Fraction(1)


def chart(curve: Curve, look: Look) -> Text | None:
    """The curve with its kinks marked; nothing where there is no room, no span, or nothing to draw with.

    On a terminal it is drawn in dots of braille, elsewhere in plain characters.  Floats place its dots; no
    sum is worked out with one.
    """
    width = min(look.width, _WIDEST)
    if width < _NARROWEST or len(curve.points) < len(("first", "last")):
        return None
    try:
        import plotext  # type: ignore[import-untyped]
    except ImportError:
        # Its kernel is compiled for each system: where there is none, kinks and points still answer.
        return None

    scale = _scale(curve.field, in_yuan=look.in_yuan)
    money = Fraction(1) if look.in_yuan else Fraction(1, WAN)
    # At a jump the total one grain below stands first.
    spots = {(Fraction(one.value), 1): one.total for one in curve.points}
    spots |= {(Fraction(one.value), 1): one.total for one in curve.kinks}
    spots |= {(Fraction(one.value), 0): one.total_below for one in curve.kinks}
    drawn = sorted((value, order, total) for (value, order), total in spots.items())
    figure = plotext.figure
    figure.clear.all()
    figure.theme("colorless")
    figure.plot_size(width, _HEIGHT)
    across = [float(value * scale) for value, _, _ in drawn]
    up = [float(total * money) for _, _, total in drawn]
    figure.draw(figure.signal(across, up, marker="braille" if _draws_finely() else "*").lines(True))
    for mark, kink in zip(kink_marks(curve.kinks), curve.kinks, strict=True):
        at = ([float(kink.value * scale)], [float(kink.total * money)])
        figure.draw(figure.signal(*at, marker=mark))
    first, last = Fraction(curve.points[0].value) * scale, Fraction(curve.points[-1].value) * scale
    _label(figure.ruler("x", "lower"), curve.field, first, last)
    least, most = min(one for _, _, one in drawn), max(one for _, _, one in drawn)
    _label(figure.ruler("y", "left"), None, least * money, most * money)
    lines = str(figure.build().string(True)).splitlines()
    return Text("\n".join(line.rstrip() for line in lines if line.strip()))


def _label(ruler: Any, field: Field | None, first: Number, last: Number) -> None:
    """Ticks at equal distances, labelled with short decimals rather than powers of ten."""
    step = Fraction(last - first, _TICKS - 1)
    values = dict.fromkeys(first + step * place for place in range(_TICKS))
    places = 0 if field is not None and field.type == "count" else _places(values)
    rounded = dict.fromkeys(Fraction(round(value * 10**places), 10**places) for value in values)
    is_year = field is not None and field.name in YEARS
    labels = [decimal_text(value, grouped=not is_year) for value in rounded]
    ruler.ticks([float(value) for value in rounded], labels)


def _places(values: Iterable[Number]) -> int:
    """How many decimals tell all values, two at most."""
    return next((places for places in (0, 1) if all((one * 10**places) % 1 == 0 for one in values)), 2)


def _draws_finely() -> bool:
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain
