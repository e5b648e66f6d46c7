"""Where the total bends or jumps as one figure moves, exactly to the figure's own grain, and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd, inf
from typing import Final, NamedTuple

from calc.engine.advice import Scene, leaf_of
from calc.engine.claims import Claim
from calc.engine.crossings import crossings, landmarks
from calc.engine.estimate import Estimate
from calc.engine.outcomes import Eligible
from calc.engine.regimes import Probe
from calc.engine.whatif import Mark, Point, Side
from calc.enterprise.changes import Change
from calc.enterprise.numbers import Number, exact
from calc.enterprise.vocabulary import Field

MOST_PROBES: Final = 400
"""So many estimates are spent on looking for kinks, beside those of the sweep itself."""

_FEW: Final = 100
"""A sweep of so few values is looked at between them too."""
_MOST_GUESSES: Final = 3
"""So often crossings are worked out within one stretch before it is halved."""

_GRAINS: Final[Mapping[str, Fraction]] = {
    "money": Fraction(1, 100),
    "usd": Fraction(1, 100),
    "area": Fraction(1, 100),
    "rate": Fraction(1, 10**4),
    "factor": Fraction(1, 10**4),
    "count": Fraction(1),
}
"""The least step of a figure, by its type: a fen, a hundredth of a square metre or of a per cent, one."""


class Kink(NamedTuple):
    """From ``value`` on, and not one grain below it, something else decides the total.

    ``because`` says what, for which ``claim``: ``threshold``, ``cap``, ``expected``, ``tier``, ``rate``,
    ``loss``, ``growth``, ``units``, ``part``, ``due``, ``floor`` or ``months`` begins to hold; ``year_cap``
    or ``base`` cuts it (with ``no_`` before any of these: no longer); it is taken though nothing about itself
    changed (``displaced``), or no longer (``dropped``).  ``others`` are the claims whose place it takes, or
    leaves its own to.  Sums in yuan, ``total_below`` one grain below.
    """

    value: Number
    total: int
    total_below: int
    because: str
    claim: Claim
    others: tuple[Claim, ...]
    side: Side


class Curve(NamedTuple):
    """A swept figure: its points and its kinks.

    ``is_searched``: the search for kinks came to its end; ``is_proven``: nothing pays more than any total.
    """

    path: str
    field: Field
    points: tuple[Point, ...]
    kinks: tuple[Kink, ...]
    is_searched: bool
    is_proven: bool


def curve(
    scene: Scene, changes: Sequence[Change], path: str, field: Field, values: Sequence[Number]
) -> Curve:
    """The total for each value of one figure, beside some other changes, with the kinks between them.

    ``values``, at least one, rise by equal steps.  Raises ``InputError`` where a value does not fit the file.
    """

    def answer(value: Number) -> Estimate:
        return scene.with_changes([*changes, Change(path, leaf_of(value))])

    search = _Search(answer, path, values, _grain(field, values))
    points = tuple(Point(value, search.at(place).answer.total) for place, value in search.swept())
    is_searched = search.run()
    is_proven = all(probe.answer.is_proven for probe in search.probes.values())
    return Curve(path, field, points, tuple(_kinks(search)), is_searched, is_proven)


def _grain(field: Field, values: Sequence[Number]) -> Fraction:
    """The coarsest step that meets the figure's own grain and every value of the sweep."""
    grain = _GRAINS[field.type]
    for value in (values[0], values[-1], *values[1:2]):
        one = Fraction(value)
        common = grain.denominator * one.denominator
        grain = Fraction(gcd(int(grain * common), int(one * common)), common) if one else grain
    return grain


class _Search:
    """Estimates along one figure, at places counted in grains from the first value."""

    def __init__(
        self, answer: Callable[[Number], Estimate], path: str, values: Sequence[Number], grain: Fraction
    ) -> None:
        self._answer = answer
        self._path = path
        self._values = values
        self._grain = grain
        self._first = Fraction(values[0])
        self._left = MOST_PROBES + len(values)
        self.probes: dict[int, Probe] = {}

    def swept(self) -> Iterator[tuple[int, Number]]:
        """The places of the values asked for."""
        for value in self._values:
            yield self.place(value), value

    def place(self, value: Number) -> int:
        """The place of a value; of one between two places the upper."""
        return -int((self._first - value) // self._grain)

    def at(self, place: int) -> Probe:
        """The estimate at a place."""
        if place not in self.probes:
            value = exact(self._first + place * self._grain)
            self.probes[place] = Probe(value, self._answer(value))
            self._left -= 1
        return self.probes[place]

    def run(self) -> bool:
        """Look between all points until what differs lies one grain apart; whether that came to its end."""
        lowest, highest = min(self.probes), max(self.probes)
        for value in landmarks(self.at(lowest).answer, self._path):
            for place in (self.place(value) - 1, self.place(value), self.place(value) + 1):
                if lowest < place < highest:
                    self.at(place)
        places = sorted(self.probes)
        pending = [(low, high, 0) for low, high in pairwise(places)]
        while pending and self._left > 0:
            low, high, depth = pending.pop()
            splits = self._splits(low, high, depth)
            for one in splits:
                self.at(one)
            if splits:
                pending += [(one, other, depth + 1) for one, other in pairwise([low, *splits, high])]
        return not pending

    def _splits(self, low: int, high: int, depth: int) -> list[int]:
        """Where to look next within a stretch; nowhere, where the same decides the total all along."""
        if high - low <= 1:
            return []
        below, above = self.at(low), self.at(high)
        middle = (low + high) // 2
        if below.regimes == above.regimes and below.taken == above.taken:
            # Two changes could undo each other in between.
            return [middle] if depth == 0 and len(self._values) <= _FEW else []
        guesses = {
            place
            for value in crossings(below, above)
            for place in (self.place(value) - 1, self.place(value), self.place(value) + 1)
            if low < place < high
        }
        return sorted(guesses) if guesses and depth < _MOST_GUESSES else [middle]

    def bends(self) -> list[int]:
        """The places from which on something else decides the total, and does so visibly."""
        bends = [
            place
            for place in sorted(self.probes)
            if place - 1 in self.probes and self.probes[place - 1].taken != self.probes[place].taken
        ]
        while bends:
            seen = [self._visible(place, bends) for place in bends]
            least = min(range(len(bends)), key=lambda index: seen[index])
            if seen[least] > 0:
                break
            del bends[least]
        return bends

    def _visible(self, place: int, bends: Sequence[int]) -> Fraction | float:
        """By how many yuan the total leaves its straight line there, beyond what rounding explains."""
        start = max((one for one in bends if one < place), default=min(self.probes))
        end = min((one - 1 for one in bends if one > place), default=max(self.probes))
        if end == place:
            return inf
        after = Fraction(self._total(end) - self._total(place), end - place)
        is_first = start == place - 1
        before = (
            after if is_first else Fraction(self._total(start) - self._total(place - 1), start - place + 1)
        )
        jump = abs(self._total(place) - self._total(place - 1) - before)
        turn = abs(after - before) * min(place - 1 - start, end - place)
        rounding = len(self.probes[place].taken) + len(self.probes[place - 1].taken)
        return max(jump, turn) - rounding

    def _total(self, place: int) -> int:
        return self.probes[place].answer.total


def _kinks(search: _Search) -> Iterator[Kink]:
    for place in search.bends():
        below, above = search.probes[place - 1], search.probes[place]
        for because, mark, others in _causes(below, above):
            side = above.sides.get(mark) or below.sides[mark]
            yield Kink(
                above.value,
                above.answer.total,
                below.answer.total,
                because,
                side.outcome.claim,
                tuple((above.sides.get(one) or below.sides[one]).outcome.claim for one in others),
                side,
            )


def _causes(below: Probe, above: Probe) -> Iterator[tuple[str, Mark, tuple[Mark, ...]]]:
    """What changes between two neighbours: the code, the claim, and the claims that it displaces."""
    gained = {mark: list(_own_causes(mark, below, above)) for mark in above.taken if mark not in below.taken}
    lost = {mark: list(_own_causes(mark, below, above)) for mark in below.taken if mark not in above.taken}
    pushed_out = tuple(mark for mark, codes in lost.items() if not codes)
    let_in = tuple(mark for mark, codes in gained.items() if not codes)
    found = [
        *((code, mark, pushed_out) for mark, codes in gained.items() for code in codes),
        *((code, mark, let_in) for mark, codes in lost.items() for code in codes),
    ]
    if not found:
        found = [("displaced", mark, pushed_out) for mark in let_in] or [
            ("dropped", mark, ()) for mark in pushed_out
        ]
    kept = [mark for mark in above.taken if mark in below.taken]
    found += [(code, mark, ()) for mark in kept for code in _award_causes(mark, below, above)]
    if not found:
        cut: dict[object, tuple[str, Mark, tuple[Mark, ...]]] = {
            (code, mark if code.endswith("base") else mark[0]): (code, mark, ())
            for mark in reversed(kept)
            for code in _cut_causes(mark, below, above)
        }
        found = list(cut.values())[::-1]
    yield from found


def _own_causes(mark: Mark, below: Probe, above: Probe) -> Iterator[str]:
    """Why a claim that was worth nothing is worth something now, or the other way round."""
    now, then = (
        isinstance(one.sides[mark].outcome, Eligible) if mark in one.sides else False
        for one in (above, below)
    )
    if now != then:
        yield "threshold" if now else "no_threshold"
    elif now:
        yield from _award_causes(mark, below, above)


def _award_causes(mark: Mark, below: Probe, above: Probe) -> Iterator[str]:
    """Which bounds of a claim's award begin or cease to bind."""
    before, after = below.regimes[mark][1], above.regimes[mark][1]
    for bound in dict.fromkeys((*before, *after)):
        then, now = before.get(bound), after.get(bound)
        if then != now:
            kind = bound[0]
            rises = bool(now) if then is None or isinstance(now, bool) else now is not None and now > then
            yield kind if rises else f"no_{kind}"


def _cut_causes(mark: Mark, below: Probe, above: Probe) -> Iterator[str]:
    """Why a claim that is taken at both values is cut at one of them only."""
    then, now = below.taken[mark][1], above.taken[mark][1]
    if then != now:
        kind = "base" if mark in above.short_of_base else "year_cap"
        yield kind if now else f"no_{kind}"
