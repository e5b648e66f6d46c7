"""Puts into words what overlays change: old beside new, item by item, and only what differs."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from calc.policy.differences import Differences, ItemDifference, Period
from calc.policy.rules import Exclusive, Rules, SharedCap
from calc.present.language import Language
from calc.present.words.item_rows import Row, item_rows
from calc.present.words.rules import shared_cap_says

_ALIKE: Final = 0.6
"""From this likeness on, a line is taken for another one changed."""


class Change(NamedTuple):
    """One line of an item: as it was, as it is now; ``None`` where there is no such line."""

    before: str | None
    after: str | None


class RowChange(NamedTuple):
    """What changes in one row of an item."""

    key: str
    label: str
    changes: tuple[Change, ...]


def row_changes(one: ItemDifference, before: Rules, after: Rules, speech: Language) -> list[RowChange]:
    """The rows of a changed item that differ; what it shares with others is told elsewhere."""
    old = {row.key: row for row in _rows(one.name, before, speech)}
    new = {row.key: row for row in _rows(one.name, after, speech)}
    changes = []
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        lines = (was.lines if was else (), now.lines if now else ())
        if lines[0] != lines[1]:
            row = now or was
            # A citation is another one, however much of it stays.
            likeness = 1.0 if key == "phrase" else _ALIKE
            changes.append(RowChange(key, row.label if row else key, tuple(_changes(*lines, likeness))))
    return changes


def _rows(name: str, rules: Rules, speech: Language) -> Iterator[Row]:
    yield Row("title", speech.say("title"), (speech.name(rules.items[name].title),))
    yield from (row for row in item_rows(name, rules, speech) if row.key != "beside")


def _changes(old: Sequence[str], new: Sequence[str], likeness: float) -> Iterator[Change]:
    """Lines that went, came or changed; those that stay are left out."""
    gone = [line for line in old if line not in new]
    come = [line for line in new if line not in old]
    for line in gone:
        match = _nearest(line, come, likeness) if len(old) > 1 or len(new) > 1 else next(iter(come), None)
        if match is not None:
            come.remove(match)
        yield Change(line, match)
    yield from (Change(None, line) for line in come)


def _nearest(line: str, others: Sequence[str], least: float) -> str | None:
    """The line that is most like another, if it is like enough."""
    ratios = [(SequenceMatcher(None, line, other).ratio(), other) for other in others]
    ratio, other = max(ratios, default=(0.0, ""), key=lambda one: one[0])
    return other if ratio >= least else None


def change_says(change: Change, speech: Language) -> str:
    """A changed line, in words."""
    match change:
        case Change(before=None, after=after):
            return speech.say("new: {text}", text=after)
        case Change(before=before, after=None):
            return speech.say("gone: {text}", text=before)
        case _:
            return f"{change.before} → {change.after}"


def group_changes(period: Period, before: Rules, speech: Language) -> list[str]:
    """Groups of items that came or went: exclusions and shared caps."""
    went, came = period.exclusive
    caps_went, caps_came = period.shared_caps
    return [
        *(speech.say("gone: {text}", text=_exclusive_says(one, speech)) for one in went),
        *(speech.say("new: {text}", text=_exclusive_says(one, speech)) for one in came),
        *(speech.say("gone: {text}", text=_shared_says(one, before, speech)) for one in caps_went),
        *(speech.say("new: {text}", text=_shared_says(one, period.after, speech)) for one in caps_came),
    ]


def _exclusive_says(group: Exclusive, speech: Language) -> str:
    items = speech.comma.join(group.items)
    if group.scope == "subject":
        return speech.say("for one subject at most one of {items}", items=items)
    return speech.say("in one year at most one of {items}", items=items)


def _shared_says(shared: SharedCap, rules: Rules, speech: Language) -> str:
    items = speech.comma.join(shared.items)
    return speech.say(
        "{items} together at most {sum} a year", items=items, sum=shared_cap_says(shared, rules, speech)
    )


def word_rows(differences: Differences, speech: Language) -> Iterator[tuple[str, list[str]]]:
    """What an enterprise file may hold besides: a label, and each word with its name."""
    words, vocabulary = differences.words, differences.after.vocabulary
    if words.kinds:
        kinds = [f"{name} {speech.name(vocabulary.kinds[name].label)}" for name in words.kinds]
        yield speech.say("kinds of enterprise"), kinds
    if words.figures:
        figures = [f"{name} {speech.name(vocabulary.figures[name].label)}" for name in words.figures]
        yield speech.say("figures of a year"), figures
    for name, keys in words.tables.items():
        table = vocabulary.tables[name]
        lines = [f"{key} {speech.name(table.fields[key].label)}" for key in keys]
        yield f"[[{name}]] {speech.name(table.label)}", lines or [""]
