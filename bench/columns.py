"""Makers of random columns: each takes a generator and a count, and gives an Arrow array."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

WAN = 10**4
EPOCH = date(1970, 1, 1).toordinal()

Random = np.random.Generator
Maker = Callable[[Random, int], pa.Array]


def joined(*parts: Any) -> pa.Array:
    """Texts made of parts, each an array or one text for all."""
    texts = [part if isinstance(part, str) else part.cast(pa.string()) for part in parts]
    return pc.binary_join_element_wise(*texts, "")


def money(middle: float, spread: float = 1.0, absent: float = 0.02) -> Maker:
    """Whole yuan around a middle sum in 万元, log-normal; a share of them absent."""

    def make(random: Random, count: int) -> pa.Array:
        sums = np.exp(random.normal(np.log(middle * WAN), spread, count)).astype(np.int64)
        # People round to two digits or to five; what comes from the books is not round.
        digits = np.log10(np.maximum(sums, 1)).astype(np.int64)
        step = 10 ** np.maximum(digits - random.choice((1, 4, 12), count), 0)
        return pa.array(sums // step * step + step, mask=random.random(count) < absent)

    return make


def exact_money(middle: float, spread: float = 1.0) -> Maker:
    """Sums around a middle one in 万元 that every other time have fen, as exact decimals."""

    def make(random: Random, count: int) -> pa.Array:
        yuan = money(middle, spread, 0)(random, count).to_numpy()
        fen = random.integers(0, 100, count) * (random.random(count) < 0.5)
        return _decimals(yuan * 100 + fen, 17, 2)

    return make


def rate(low: float, high: float, places: int = 4) -> Maker:
    """Rates between two bounds, as exact decimals."""

    def make(random: Random, count: int) -> pa.Array:
        units = random.integers(round(low * 10**places), round(high * 10**places) + 1, count)
        return _decimals(units, places + 1, places)

    return make


def percentage(low: int, high: int) -> Maker:
    """Rates as texts with a percent sign."""

    def make(random: Random, count: int) -> pa.Array:
        return joined(pa.array(random.integers(low, high + 1, count)), "%")

    return make


def _decimals(units: np.ndarray, digits: int, places: int) -> pa.Array:
    """Whole units as exact decimals of so many places: the same digits under another scale."""
    whole = pa.array(units).cast(pa.decimal128(19, 0))
    raw = pa.Array.from_buffers(pa.decimal128(19, places), len(whole), whole.buffers())
    return raw.cast(pa.decimal128(digits, places))


def area(middle: float, spread: float = 0.8) -> Maker:
    """Square metres with one decimal."""

    def make(random: Random, count: int) -> pa.Array:
        tenths = np.exp(random.normal(np.log(middle * 10), spread, count)).astype(np.int64) + 1
        return _decimals(tenths, 12, 1)

    return make


def count(low: int, high: int, absent: float = 0.02) -> Maker:
    """Whole numbers between two bounds."""

    def make(random: Random, size: int) -> pa.Array:
        return pa.array(
            random.integers(low, high + 1, size, dtype=np.int32), mask=random.random(size) < absent
        )

    return make


def flag(share: float) -> Maker:
    """True for a share of them."""

    def make(random: Random, size: int) -> pa.Array:
        return pa.array(random.random(size) < share)

    return make


def word(*words: str | None) -> Maker:
    """One of some words, each as often as it is named; ``None`` is absent."""

    def make(random: Random, size: int) -> pa.Array:
        return pa.array(words, pa.string()).take(pa.array(random.integers(0, len(words), size)))

    return make


def words(*sets: tuple[str, ...]) -> Maker:
    """One of some lists of words."""

    def make(random: Random, size: int) -> pa.Array:
        return pa.array(sets, pa.list_(pa.string())).take(pa.array(random.integers(0, len(sets), size)))

    return make


def day(first: date, last: date, absent: float = 0.0) -> Maker:
    """A day between two, both included."""

    def make(random: Random, size: int) -> pa.Array:
        days = random.integers(first.toordinal(), last.toordinal() + 1, size) - EPOCH
        return pa.array(days.astype(np.int32), mask=random.random(size) < absent).cast(pa.date32())

    return make
