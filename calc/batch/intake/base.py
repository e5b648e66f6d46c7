"""What intake gives: the enterprises whose rows are plainly right, and the places of all other rows."""

from typing import NamedTuple

from calc.batch.portfolio import MOST_WORDS, Ints, Portfolio
from calc.enterprise.vocabulary import Vocabulary


class Intake(NamedTuple):
    """Many rows taken in.

    ``places`` holds for each member of the portfolio its place among the rows given, ascending; ``rest`` the
    places of the rows that only the strict loader can judge, ascending too.
    """

    portfolio: Portfolio
    places: Ints
    rest: tuple[int, ...]


def fits_columns(vocabulary: Vocabulary) -> bool:
    """Whether every set of words that a file may hold has a bit for each of them."""
    fields = [*vocabulary.figures.values()]
    fields += [field for table in vocabulary.tables.values() for field in table.fields.values()]
    sets = [vocabulary.kinds, *(field.words for field in fields if field.type == "words")]
    return all(len(words) <= MOST_WORDS for words in sets)
