"""Reads columns of figures exactly: whole units and, for each figure, how many decimal places they count."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calc.batch.intake.columns.arrays import ints_of, is_utf_8, raw_ints, raw_words
from calc.batch.intake.columns.values import Leaf, Read, judged
from calc.batch.intake.keys import MOST_PLACES, PLACES, Key
from calc.batch.intake.safe_texts import is_valid
from calc.batch.portfolio import LARGEST_UNITS, Bools, Ints, Numbers
from calc.enterprise.numbers import LARGEST, UNITS, Number, NumberError, read_number

_SUREST_FLOAT: Final = 10**15
"""Decimals of so many digits are told apart by binary floats: the shortest that means a float is found."""

_PLAIN_NUMBER: Final = r"^[0-9]{1,12}(\.[0-9]{1,4})?$"
_TEXT_PLACES: Final = 4
_POWERS: Final[Ints] = 10 ** np.arange(19, dtype=np.int64)
_LIMITS: Final = np.array([min(LARGEST * 10**places, 2**63 - 1) for places in range(MOST_PLACES + 1)])


class _Exact(NamedTuple):
    """Figures that are ``units / 10**places``, where they are ``sure``; places from 0 to ``MOST_PLACES``.

    One number of places may stand for all.
    """

    units: Ints
    places: Ints | int
    sure: Bools


def read_numbers(leaf: Leaf, key: Key) -> Read:
    """Figures of a number type, as :func:`~calc.enterprise.numbers.read_number` reads them.

    The scale is the least power of ten that holds all, but for sums, which count in fen.
    """
    return _read_plainly(leaf.values, key) or _read_all(leaf, key)


def _read_plainly(values: pa.Array, key: Key) -> Read | None:
    """Figures that are all in bounds, whatever lies under nulls; ``None`` where it takes a closer look."""
    digits = _digits_of(values)
    if digits is None:
        return None
    units, places = digits
    common = PLACES.get(key.type, places)
    one, up = 10**places, 10 ** max(0, common - places)
    least = 1 if key.type == "factor" else key.at_least * one
    most = one if key.type == "rate" else min(LARGEST * one - 1, (LARGEST_UNITS - 1) // up)
    if common < places or units.min() < least or units.max() > most:
        return None
    valid = is_valid(values)
    units = units * valid if values.null_count else units
    units = units * up if up > 1 else units
    return Read(Numbers(units, valid, 10**common), valid, np.zeros(len(units), np.bool_))


def _digits_of(values: pa.Array) -> tuple[Ints, int] | None:
    """Figures as they lie in memory and the decimal places they count, where 64 bits hold them."""
    kind = values.type
    if not len(values) or values.null_count == len(values):
        return None
    if pa.types.is_integer(kind):
        return raw_ints(values), 0
    if pa.types.is_decimal128(kind) and 0 <= kind.scale <= MOST_PLACES:
        low, high = raw_words(values)
        return None if high.any() else (np.ascontiguousarray(low), kind.scale)
    return None


def _read_all(leaf: Leaf, key: Key) -> Read:
    """Figures of which some may be out of bounds, or written in some other way."""
    valid = is_valid(leaf.values)
    exact = _exact(leaf, key)
    known = exact.sure & valid & _is_allowed(exact, key)
    units, places, refused = exact.units, exact.places, exact.sure & valid & ~known
    left = np.flatnonzero(valid & ~exact.sure)
    if len(left):
        units, places = (
            units.copy(),
            np.full(len(units), places) if isinstance(places, int) else places.copy(),
        )
        some = Leaf(leaf.values.take(pa.array(left)), leaf.is_cell)
        units[left], places[left], known[left], refused[left] = _strictly_read(some, key)
    numbers, are_too_fine = at_one_scale(np.where(known, units, 0), places, known, key.type)
    return Read(numbers, numbers.known, refused | are_too_fine)


def at_one_scale(units: Ints, places: Ints | int, known: Bools, number_type: str) -> tuple[Numbers, Bools]:
    """Figures in a column of one scale, and those that do not fit into it."""
    numbers = _scaled(units, places, known, number_type)
    if (numbers.known != known).any():  # zeros at the end may be what does not fit
        units, places = _without_zeros(units, np.broadcast_to(places, len(units)))
        numbers = _scaled(units, places, known, number_type)
    return numbers, known & ~numbers.known


def _scaled(units: Ints, places: Ints | int, known: Bools, number_type: str) -> Numbers:
    common = PLACES.get(number_type)
    if common is None:
        common = places if isinstance(places, int) else int(places[known].max(initial=0))
    more = common - places
    if np.any(more < 0):
        units = units // _POWERS[np.maximum(-more, 0)]
    up = _POWERS[np.maximum(more, 0)]
    fits = known & (units <= (LARGEST_UNITS - 1) // up)
    return Numbers(units * (fits * up), fits, 10**common)


def _without_zeros(units: Ints, places: Ints) -> tuple[Ints, Ints]:
    """The same figures, in as few decimal places as they need."""
    units, places = units.copy(), places.copy()
    left = np.flatnonzero(places)
    while len(left):
        left = left[(units[left] % 10 == 0) & (places[left] > 0)]
        units[left] //= 10
        places[left] -= 1
    return units, places


def with_least_scale(numbers: Numbers, number_type: str) -> Numbers:
    """The same figures at the least scale that holds them all; sums keep their fen."""
    units, scale = numbers.units, numbers.scale
    if number_type not in PLACES:
        while scale > 1 and not (units % 10).any():
            units, scale = units // 10, scale // 10
    return Numbers(units, numbers.known, scale)


def _is_allowed(exact: _Exact, key: Key) -> Bools:
    """Whether figures lie within the bounds of their type, and hold no smaller parts than it allows."""
    units, places = exact.units, exact.places
    one = _POWERS[places]
    allowed = (units >= 0) & (units < _LIMITS[places])
    if key.at_least:
        allowed &= units >= np.minimum(_LIMITS[places] // one, key.at_least) * one
    fixed = PLACES.get(key.type)
    if fixed is not None:
        if np.any(places > fixed):
            allowed &= units % _POWERS[np.maximum(places - fixed, 0)] == 0
    elif key.type == "rate":
        allowed &= units <= one
    elif key.type == "factor":
        allowed &= units > 0
    return allowed


def _exact(leaf: Leaf, key: Key) -> _Exact:
    values, kind = leaf.values, leaf.values.type
    if pa.types.is_integer(kind):
        units = raw_ints(values)
        return _whole(units, (units >= 0) & (units < LARGEST))
    if pa.types.is_decimal(kind):
        return _of_decimals(values)
    if pa.types.is_float64(kind):
        return _of_floats(pc.fill_null(values, 0.0).to_numpy(zero_copy_only=False))
    if pa.types.is_string(kind) and key.type in UNITS and is_utf_8(values):
        return _of_texts(values, key.type)
    return _unsure(len(values))


def _whole(units: Ints, sure: Bools) -> _Exact:
    return _Exact(units, 0, sure)


def _unsure(size: int) -> _Exact:
    return _Exact(np.zeros(size, np.int64), 0, np.zeros(size, np.bool_))


def _of_decimals(values: pa.Array) -> _Exact:
    """Decimals whose digits fit into 64 bits."""
    scale = values.type.scale
    try:
        wide = values.cast(pa.decimal128(38, scale))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return _unsure(len(values))
    if not 0 <= scale <= MOST_PLACES or not len(wide):
        return _unsure(len(values))
    low, high = raw_words(wide)
    sure = high == low >> 63
    return _Exact(np.where(sure, low, 0), scale, sure)


def _of_floats(floats: Any) -> _Exact:
    """Floats as the shortest decimals that mean them."""
    units, places = np.zeros(len(floats), np.int64), np.zeros(len(floats), np.int64)
    sure = np.zeros(len(floats), np.bool_)
    left = np.flatnonzero(np.isfinite(floats) & (floats >= 0) & (floats < _SUREST_FLOAT))
    for more in range(MOST_PLACES + 1):
        if not len(left):
            break
        of_left = floats[left]
        power = float(_POWERS[more])
        scaled = np.rint(of_left * power)
        fits = (scaled < _SUREST_FLOAT) & (scaled / power == of_left)
        found = left[fits]
        units[found], places[found], sure[found] = scaled[fits].astype(np.int64), more, True
        left = left[~fits & (scaled < _SUREST_FLOAT)]
    return _Exact(units, places, sure)


def _of_texts(texts: pa.StringArray, number_type: str) -> _Exact:
    """Plain numbers with a unit or without: of each distinct text once."""
    encoded = texts.dictionary_encode()
    distinct = encoded.dictionary
    units, places = np.zeros(len(distinct), np.int64), np.zeros(len(distinct), np.int64)
    sure = np.zeros(len(distinct), np.bool_)
    for unit, factor in UNITS[number_type].items():
        bare = _without_unit(distinct, unit)
        is_number = pc.match_substring_regex(bare, _PLAIN_NUMBER).fill_null(False)
        at = np.flatnonzero(is_number.to_numpy(zero_copy_only=False))
        numbers = _of_decimals(bare.filter(is_number).cast(pa.decimal128(16, _TEXT_PLACES)))
        zeros = len(str(Fraction(factor).numerator)) - len(str(Fraction(factor).denominator))
        up = max(0, zeros - _TEXT_PLACES)
        fits = numbers.units < LARGEST_UNITS // 10**up
        units[at], places[at] = numbers.units * fits * 10**up, _TEXT_PLACES - zeros + up
        sure[at] = numbers.sure & fits
    if not len(distinct):
        return _unsure(len(texts))
    where = ints_of(encoded.indices)
    return _Exact(units[where], places[where], sure[where])


def _without_unit(texts: pa.StringArray, unit: str) -> pa.StringArray:
    """The texts that end in a unit, without it; null where they do not."""
    if not unit:
        return texts
    bare = pc.utf8_slice_codeunits(texts, 0, -len(unit))
    return pc.if_else(pc.ends_with(texts, unit), bare, pa.scalar(None, pa.string()))


def _strictly_read(leaf: Leaf, key: Key) -> tuple[Ints, Ints, Bools, Bools]:
    """Figures read one by one: units, places, which are known, which refused."""
    parts: dict[Any, tuple[int, int]] = {}

    def judge(one: Any) -> int | None:
        try:
            value = read_number(one, key.type)
        except NumberError:
            return None
        found = parts_of(value) if value >= key.at_least else None
        if found is None:
            return None
        number = len(parts)
        parts[number] = found
        return number

    numbers, known, refused = judged(leaf, key.type, judge)
    units, places = (_column(part) for part in zip(*parts.values(), strict=True)) if parts else (None, None)
    if units is None or places is None:
        nothing = np.zeros(len(known), np.int64)
        return nothing, nothing, known, refused
    return units[numbers], places[numbers], known, refused


def _column(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.int64)


def parts_of(value: Number) -> tuple[int, int] | None:
    """A figure as units and the fewest decimal places they count; ``None`` where it does not fit."""
    fraction = Fraction(value)
    for places in range(MOST_PLACES + 1):
        units = fraction * 10**places
        if units.denominator == 1:
            return (units.numerator, places) if units < LARGEST_UNITS else None
    return None
