"""What overlays change of the rules below them, as values: presenters find the words."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from calc.enterprise.vocabulary import Vocabulary
from calc.policy.rules import Exclusive, Item, Rules, SharedCap

What: TypeAlias = Literal["changed", "added", "closed"]
_Value = TypeVar("_Value")


class ItemDifference(NamedTuple):
    """An item that reads otherwise, or that only one of the two rules has."""

    name: str
    before: Item | None
    after: Item | None

    @property
    def what(self) -> What:
        """What happens to the item."""
        if self.before is None:
            return "added"
        return "closed" if self.after is None else "changed"


class Period(NamedTuple):
    """What changes in some claim years; no years named: in all."""

    years: tuple[int, ...]
    after: Rules
    items: tuple[ItemDifference, ...]
    exclusive: tuple[tuple[Exclusive, ...], tuple[Exclusive, ...]]
    shared_caps: tuple[tuple[SharedCap, ...], tuple[SharedCap, ...]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.items or any(self.exclusive) or any(self.shared_caps))


class NewWords(NamedTuple):
    """What an enterprise file may hold besides: kinds, figures, tables, each table with its new keys."""

    kinds: tuple[str, ...]
    figures: tuple[str, ...]
    tables: Mapping[str, tuple[str, ...]]

    @property
    def is_empty(self) -> bool:
        """Whether there is none."""
        return not (self.kinds or self.figures or self.tables)


class Differences(NamedTuple):
    """All that overlays change; ``measures``: the numbers of new or renamed measures."""

    before: Rules
    after: Rules
    periods: tuple[Period, ...]
    measures: tuple[int, ...]
    words: NewWords

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes in any year."""
        return self.words.is_empty and not self.measures and all(one.is_empty for one in self.periods)


def find_differences(before: Rules, after: Rules) -> Differences:
    """What ``after`` changes of ``before``, by claim years where they decide.

    Groups are told as removed and added: the first of each pair is only in ``before``.
    """
    measures = tuple(
        number for number, title in after.measures.items() if before.measures.get(number) != title
    )
    periods = tuple(_period(before, own, years) for own, years in _by_years(after))
    return Differences(before, after, periods, measures, _new_words(before.vocabulary, after.vocabulary))


def _by_years(rules: Rules) -> Iterator[tuple[Rules, tuple[int, ...]]]:
    if not rules.by_year:
        yield rules, ()
    for own in dict.fromkeys(rules.by_year.values()):
        yield own, tuple(year for year, one in rules.by_year.items() if one is own)


def _period(before: Rules, after: Rules, years: tuple[int, ...]) -> Period:
    names = dict.fromkeys((*before.items, *after.items))
    items = (ItemDifference(name, before.items.get(name), after.items.get(name)) for name in names)
    return Period(
        years,
        after,
        tuple(one for one in items if one.before != one.after),
        (_only_in(before.exclusive, after.exclusive), _only_in(after.exclusive, before.exclusive)),
        (_only_in(before.shared_caps, after.shared_caps), _only_in(after.shared_caps, before.shared_caps)),
    )


def _only_in(these: tuple[_Value, ...], those: tuple[_Value, ...]) -> tuple[_Value, ...]:
    return tuple(one for one in these if one not in those)


def _new_words(before: Vocabulary, after: Vocabulary) -> NewWords:
    tables = {}
    for name, table in after.tables.items():
        known = before.tables.get(name)
        keys = tuple(
            key for key, field in table.fields.items() if known is None or known.fields.get(key) != field
        )
        if keys or known is None:
            tables[name] = keys
    return NewWords(
        tuple(name for name, kind in after.kinds.items() if before.kinds.get(name) != kind),
        tuple(name for name, figure in after.figures.items() if before.figures.get(name) != figure),
        tables,
    )
