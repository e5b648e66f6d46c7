"""Days as ordinals, and the months and years that they lie in."""

from datetime import date
from typing import Final

import numpy as np

from calc.batch.portfolio import Ints
from calc.engine.claims import MONTHS

ORDINAL_OF_1970: Final = date(1970, 1, 1).toordinal()
_MONTHS_TO_1970: Final = 1970 * MONTHS


def months_of(days: Ints) -> Ints:
    """The month of each day, counted from the year 0."""
    dates = (days - ORDINAL_OF_1970).astype("datetime64[D]")
    return dates.astype("datetime64[M]").astype(np.int64) + _MONTHS_TO_1970


def days_of_years(years: Ints) -> Ints:
    """The first day of each year, as an ordinal."""
    return (years - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + ORDINAL_OF_1970
