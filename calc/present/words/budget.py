"""Names what a budget is told by: measures, items, departments, kinds and sizes of enterprises."""

from collections.abc import Mapping
from typing import NamedTuple

from calc.batch.answers import item_columns
from calc.batch.budget.seen import SIZES
from calc.batch.budget.tally import NO_KIND
from calc.policy.rules import Item, Rules
from calc.present.language import Language


class Line(NamedTuple):
    """What the claims of some items come to."""

    key: str | int
    title: str
    items: tuple[str, ...]


def size_note(speech: Language) -> str:
    """How sizes are told."""
    return speech.say(
        "The bounds are those for industry in the national classification (MIIT [2011] No. 300); "
        "head count is not declared, so only revenue is looked at."
    )


def size_names(speech: Language) -> Mapping[str, str]:
    """What each size is called, with its bounds."""
    say = speech.say
    names = (
        say("micro: below 3 million yuan"),
        say("small: 3 to below 20 million yuan"),
        say("medium: 20 to below 400 million yuan"),
        say("large: 400 million yuan and above"),
        say("unknown: no revenue declared"),
    )
    return dict(zip(SIZES, names, strict=True))


def kind_names(rules: Rules, speech: Language) -> Mapping[str, str]:
    """What each kind of enterprise is called."""
    kinds = {name: speech.name(kind.label) for name, kind in rules.vocabulary.kinds.items()}
    return {**kinds, NO_KIND: speech.say("no kind declared")}


def items_of(rules: Rules) -> dict[str, Item]:
    """Every item, as the rules have it in the first year that has it."""
    years = (rules, *rules.by_year.values())
    return {name: next(one.items[name] for one in years if name in one.items) for name in item_columns(rules)}


def measure_lines(rules: Rules, speech: Language) -> list[Line]:
    """The items of each measure."""
    items = items_of(rules)
    titles = {
        number: title for one in (*rules.by_year.values(), rules) for number, title in one.measures.items()
    }
    return [
        Line(
            number,
            speech.name(titles[number]) if number in titles else "",
            tuple(name for name, item in items.items() if item.measure == number),
        )
        for number in sorted({item.measure for item in items.values()})
    ]


def item_lines(rules: Rules, speech: Language) -> list[Line]:
    """Every item."""
    return [Line(name, speech.name(item.title), (name,)) for name, item in items_of(rules).items()]


def department_lines(rules: Rules) -> list[Line]:
    """The items that each department leads."""
    items = items_of(rules)
    leading = dict.fromkeys(item.departments[0] for item in items.values())
    return [
        Line(name, name, tuple(key for key, item in items.items() if item.departments[0] == name))
        for name in leading
    ]
