"""Draws the total over a span of one figure as a curve of characters."""

import os
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from rich.text import Text

from calc.engine.kinks import Curve
from calc.enterprise.numbers import WAN, Number
from calc.enterprise.vocabulary import Field
from calc.present.figures import decimal_text
from calc.present.look import Look

_HEIGHT: Final = 16
_WIDEST: Final = 110
_NARROWEST: Final = 30
_TICKS: Final = 5
_NARROW: Final = 60
_MARKS: Final = "123456789abcdefghijklmnopqrstuvwxyz"


def kink_marks(count: int) -> list[str]:
    """What marks each kink on the curve and in the table below it."""
    return [_MARKS[place] if place < len(_MARKS) else "+" for place in range(count)]


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
    """The curve with its kinks marked; nothing where there is no room or no span.

    On a terminal it is drawn in dots of braille, elsewhere in plain characters.  Floats place its dots; no
    sum is worked out with one.
    """
    width = min(look.width, _WIDEST)
    if width < _NARROWEST or len(curve.points) < len(("first", "last")):
        return None
    import plotext  # type: ignore[import-untyped]

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
    for mark, kink in zip(kink_marks(len(curve.kinks)), curve.kinks, strict=True):
        at = ([float(kink.value * scale)], [float(kink.total * money)])
        figure.draw(figure.signal(*at, marker=mark))
    first, last = Fraction(curve.points[0].value) * scale, Fraction(curve.points[-1].value) * scale
    ticks = _TICKS if width >= _NARROW else _TICKS - 2
    _label(figure.ruler("x", "lower"), first, last, ticks)
    least, most = min(one for _, _, one in drawn), max(one for _, _, one in drawn)
    _label(figure.ruler("y", "left"), least * money, most * money, _TICKS)
    lines = str(figure.build().string(True)).splitlines()
    return Text("\n".join(line.rstrip() for line in lines if line.strip()))


def _label(ruler: object, first: Number, last: Number, count: int) -> None:
    """Ticks at equal distances, labelled with exact decimals rather than powers of ten."""
    step = Fraction(last - first, count - 1)
    values: Sequence[Fraction] = (
        [first + step * place for place in range(count)] if step else [Fraction(first)]
    )
    places = 0
    while places < 2 and any((value * 10**places).denominator != 1 for value in values):  # noqa: PLR2004
        places += 1
    rounded = [Fraction(round(value * 10**places), 10**places) for value in values]
    labels = [decimal_text(value, grouped=True) for value in rounded]
    ruler.ticks([float(value) for value in values], labels)  # type: ignore[attr-defined]


def _draws_finely() -> bool:
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain
