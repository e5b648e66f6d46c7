"""What many enterprises declare, as columns: exact integers, no judgement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from calc.policy.forms import FIGURE_YEARS

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Bits: TypeAlias = NDArray[np.uint64]

LARGEST_UNITS: Final = 2**62
"""What no number of a column may reach: two of them can be added in 64 bits."""

MOST_WORDS: Final = 64
"""So many words a set of them may be made of, one bit each."""

YEARS_BACK: Final = max(FIGURE_YEARS.values()) + 1
"""Figures of so many years are kept, the claim year the first."""


class Numbers(NamedTuple):
    """Exact numbers: ``units / scale``, the scale a power of ten; 0 where a number is not ``known``.

    Dates are numbers too: the ordinal of the day.
    """

    units: Ints
    known: Bools
    scale: int = 1

    def take(self, rows: Ints | Bools) -> "Numbers":
        """Some of the numbers."""
        return Numbers(self.units[rows], self.known[rows], self.scale)


class Words(NamedTuple):
    """One word each: its place among those of the field, -1 where there is none."""

    codes: Ints

    def take(self, rows: Ints | Bools) -> "Words":
        """Some of the words."""
        return Words(self.codes[rows])


class WordSets(NamedTuple):
    """Several words each: a bit for each place among those of the field."""

    bits: Bits
    known: Bools

    def take(self, rows: Ints | Bools) -> "WordSets":
        """Some of the sets."""
        return WordSets(self.bits[rows], self.known[rows])


class Flags(NamedTuple):
    """True or false; what is absent is false."""

    are_set: Bools

    def take(self, rows: Ints | Bools) -> "Flags":
        """Some of the flags."""
        return Flags(self.are_set[rows])


class Texts(NamedTuple):
    """Any text, null where there is none."""

    texts: pa.StringArray

    def take(self, rows: Ints | Bools) -> "Texts":
        """Some of the texts."""
        return Texts(take_texts(self.texts, rows))


Column: TypeAlias = Numbers | Words | WordSets | Flags | Texts


def take_texts(texts: pa.StringArray, rows: Ints | Bools) -> pa.StringArray:
    """Some of some texts."""
    wanted = pa.array(rows)
    return texts.filter(wanted) if rows.dtype == np.bool_ else texts.take(wanted)


def repeated(text: str, size: int) -> pa.StringArray:
    """One text in every row."""
    return pa.array([text], pa.string()).take(pa.array(np.zeros(size, np.int64)))


class Entries(NamedTuple):
    """The entries of one table: ``owners`` are places in the portfolio, ascending, in the order of the file.

    ``years`` are the claim years they belong to, ``None`` where the table has none.  A field that nobody
    fills in is not in ``fields``; what is absent there has its default already.
    """

    owners: Ints
    names: pa.StringArray
    years: Ints | None
    fields: Mapping[str, Column]

    def take(self, rows: Ints | Bools) -> "Entries":
        """Some of the entries."""
        return Entries(
            self.owners[rows],
            take_texts(self.names, rows),
            None if self.years is None else self.years[rows],
            {name: column.take(rows) for name, column in self.fields.items()},
        )


class Agreements(NamedTuple):
    """What agreements cover, a row for each word in ``covers``; days as ordinals, ``since`` 0 where open."""

    owners: Ints
    since: Ints
    until: Ints
    covers: pa.StringArray

    def take(self, rows: Ints | Bools) -> "Agreements":
        """Some of them."""
        return Agreements(
            self.owners[rows], self.since[rows], self.until[rows], take_texts(self.covers, rows)
        )


class Sums(NamedTuple):
    """What is received or expected: the item by its place among those an enterprise file may name."""

    owners: Ints
    items: Ints
    years: Ints
    amounts: Numbers
    subjects: pa.StringArray

    def take(self, rows: Ints | Bools) -> "Sums":
        """Some of the sums."""
        return Sums(
            self.owners[rows],
            self.items[rows],
            self.years[rows],
            self.amounts.take(rows),
            take_texts(self.subjects, rows),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Portfolio:
    """Many enterprises.  ``kinds`` are those of the claim year, ``figures`` by name and years before it.

    A figure or rate that nobody declares is not in its mapping.
    """

    size: int
    names: pa.StringArray
    usccs: pa.StringArray
    claim_years: Ints
    filing_days: Numbers
    in_zone: Bools
    kinds: Bits
    fx: Mapping[str, Numbers]
    figures: Mapping[tuple[str, int], Column]
    entries: Mapping[str, Entries]
    agreements: Agreements
    received: Sums
    expected: Sums

    def take(self, rows: Bools) -> "Portfolio":
        """Those of the enterprises for which ``rows`` is true, in order."""
        places = np.cumsum(rows) - 1

        def of(part: Any) -> Any:
            kept = part.take(rows[part.owners])
            return kept._replace(owners=places[kept.owners])

        return replace(
            self,
            size=int(rows.sum()),
            names=take_texts(self.names, rows),
            usccs=take_texts(self.usccs, rows),
            claim_years=self.claim_years[rows],
            filing_days=self.filing_days.take(rows),
            in_zone=self.in_zone[rows],
            kinds=self.kinds[rows],
            fx={name: column.take(rows) for name, column in self.fx.items()},
            figures={key: column.take(rows) for key, column in self.figures.items()},
            entries={name: of(part) for name, part in self.entries.items()},
            agreements=of(self.agreements),
            received=of(self.received),
            expected=of(self.expected),
        )
