"""Prints the rules: the list of measures with their items, and each item in full."""

import os
import sys
from collections.abc import Iterator
from typing import Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from calc.policy.rules import Item, Rules
from calc.present.language import Language
from calc.present.rule_words import RuleWords, cap_lines

_PIPE_WIDTH: Final = 100


def grade_words(grade: str, speech: Language) -> str:
    """A grade, in words."""
    names = {
        "stated": speech.say("stated"),
        "up_to_ratio": speech.say("up to a ratio"),
        "up_to_sum": speech.say("up to a sum"),
        "open": speech.say("open"),
        "in_kind": speech.say("in kind"),
        "service": speech.say("service"),
    }
    return names[grade]


def list_view(rules: Rules, speech: Language) -> RenderableType:
    """All measures and their items."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading in (speech.say("item"), speech.say("title"), speech.say("grade"), speech.say("at most")):
        table.add_column(heading, overflow="fold")
    for number, title in rules.measures.items():
        heading = speech.say("measure {number}", number=number)
        table.add_row(Text(heading, style="bold"), Text(speech.name(title), style="bold"))
        for name, item in rules.items.items():
            if item.measure == number:
                caps = "\n".join(cap_lines(item, speech))
                grade = grade_words(item.grade, speech)
                table.add_row(Text(f"  {name}"), Text(speech.name(item.title)), Text(grade), Text(caps))
    policy = Text(f"{rules.policy.id}  {speech.name(rules.policy.title)}", style="bold")
    return Group(policy, Text(), table)


def item_view(name: str, rules: Rules, speech: Language) -> RenderableType:
    """One item in full: clause, phrase, conditions, award, caps, departments, what stays open."""
    item = rules.items[name]
    heading = Text(f"{name}  {speech.name(item.title)}", style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for label, text in _rows(item, rules, speech):
        if text:
            table.add_row(label, Text(text))
    return Group(heading, table, Text())


def _rows(item: Item, rules: Rules, speech: Language) -> Iterator[tuple[str, str]]:
    words = RuleWords(item, rules.vocabulary, speech)
    measure = speech.say("measure {number}", number=item.measure)
    pays = {
        "once": speech.say("once for each subject"),
        "stages": speech.say("in stages, the cap over all of them"),
        "yearly": speech.say("every year anew"),
    }
    recipients = {
        "enterprise": speech.say("the enterprise"),
        "team": speech.say("the team"),
        "person": speech.say("the person"),
    }
    yield speech.say("clause"), f"{measure} {speech.name(rules.measures[item.measure])}"
    yield speech.say("source"), "\n".join(f"“{phrase}”" for phrase in (item.phrase, *item.cites))
    yield speech.say("claimed for"), words.trigger()
    yield speech.say("conditions"), "\n".join(words.conditions())
    yield speech.say("award"), words.award() or ""
    yield speech.say("caps"), "\n".join(cap_lines(item, speech))
    yield speech.say("grade"), grade_words(item.grade, speech)
    if item.grade != "service":
        yield speech.say("pays"), pays[item.pays]
        yield speech.say("recipient"), recipients[item.recipient]
    if item.reviewed:
        yield speech.say("budget"), speech.say("reviewed; paid pro rata within the year's budget")
    zone = (
        speech.say("open outside the zone too") if item.outside_zone else speech.say("within the zone only")
    )
    yield speech.say("zone"), zone
    yield speech.say("department"), speech.comma.join(item.departments)
    yield speech.say("to confirm"), "\n".join(speech.name(text) for text in item.confirm)
    yield speech.say("read as"), "\n".join(speech.name(text) for text in item.readings)
    yield speech.say("left to the detailed rules"), "\n".join(speech.name(text) for text in item.details)


def _console() -> Console:
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else _PIPE_WIDTH
    return Console(highlight=False, width=width)


def print_list(rules: Rules, speech: Language) -> None:
    """Print the list of measures and items."""
    _console().print(list_view(rules, speech))


def print_items(names: tuple[str, ...], rules: Rules, speech: Language) -> None:
    """Print items in full."""
    console = _console()
    for name in names:
        console.print(item_view(name, rules, speech))
