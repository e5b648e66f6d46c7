"""What is asked of a portfolio: under which rules, and against which others; each file is read once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from calc.batch.answers import Question
from calc.batch.pools import Pool
from calc.enterprise.vocabulary import Field, Vocabulary, extend
from calc.policy.rules import Rules


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the question under the rules in force and, to compare, the same under others.

    Both read an enterprise file with the same words; ``pools`` are those of each question, empty where grants
    are not set against any.
    """

    questions: tuple[Question, ...]
    pools: tuple[tuple[Pool, ...], ...]

    @property
    def is_compared(self) -> bool:
        """Whether there are other rules to compare with."""
        return len(self.questions) > 1

    @property
    def reading(self) -> Question:
        """The question whose words an enterprise file is read with."""
        return self.questions[0]


class WordsDifferError(Exception):
    """Two rules read the same key of an enterprise file in two ways.  ``keys``: as ``figures.revenue``."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.keys = keys


class Alike(NamedTuple):
    """Two rules that read an enterprise file with the same words."""

    before: Rules
    after: Rules


def read_alike(before: Rules, after: Rules) -> Alike:
    """Let two rules read a file with the words, and the items, of both.

    What only one of them knows means nothing to the other.  Raises ``WordsDifferError``.
    """
    keys = tuple(_differing(before.vocabulary, after.vocabulary))
    if keys:
        raise WordsDifferError(keys)
    vocabulary = extend(before.vocabulary, after.vocabulary)
    item_ids = tuple(dict.fromkeys((*before.item_ids, *after.item_ids)))
    return Alike(_reading(before, vocabulary, item_ids), _reading(after, vocabulary, item_ids))


def _reading(rules: Rules, vocabulary: Vocabulary, item_ids: tuple[str, ...]) -> Rules:
    """The same rules, in every year, with other words."""
    by_year: dict[int, Rules] = {}
    changed = {
        id(one): replace(one, vocabulary=vocabulary, item_ids=item_ids, by_year=by_year)
        for one in rules.by_year.values()
    }
    by_year.update((year, changed[id(one)]) for year, one in rules.by_year.items())
    return replace(rules, vocabulary=vocabulary, item_ids=item_ids, by_year=by_year)


def _differing(before: Vocabulary, after: Vocabulary) -> Iterator[str]:
    yield from _unlike("figures", before.figures, after.figures)
    for name, table in after.tables.items():
        known = before.tables.get(name)
        if known is None:
            continue
        if known.dated != table.dated or known.belongs_to != table.belongs_to:
            yield name
        yield from _unlike(name, known.fields, table.fields)


def _unlike(part: str, before: Mapping[str, Field], after: Mapping[str, Field]) -> Iterator[str]:
    for name, field in after.items():
        known = before.get(name)
        if known is not None and (known.type != field.type or not known.words.keys() <= field.words.keys()):
            yield f"{part}.{name}"
