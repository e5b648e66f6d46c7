"""What intake gives: the enterprises whose rows are plainly right, and the places of all other rows."""

from typing import NamedTuple

from calc.batch.portfolio import Ints, Portfolio


class Intake(NamedTuple):
    """Many rows taken in.

    ``places`` holds for each member of the portfolio its place among the rows given, ascending; ``rest`` the
    places of the rows that only the strict loader can judge, ascending too.
    """

    portfolio: Portfolio
    places: Ints
    rest: tuple[int, ...]
