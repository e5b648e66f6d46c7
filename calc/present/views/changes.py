"""Shows what overlays change, and reviews them before they are used."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from calc.enterprise.problems import Problem
from calc.policy.differences import Differences, ItemDifference, Period
from calc.policy.rules import Layer, Rules
from calc.present.folding import folded, lines_of, plain, stacked
from calc.present.language import Language
from calc.present.views.measures import item_body, list_view
from calc.present.views.tables import INDENT, Column, indented, labelled, table
from calc.present.views.terminal import show
from calc.present.words.changes import change_says, group_changes, row_changes, word_rows
from calc.present.words.diagnostics import path_text
from calc.present.words.layers import validity_says, years_say
from calc.present.words.next_steps import next_step
from calc.present.words.problems import what_is_wrong


def print_changes(differences: Differences, speech: Language) -> None:
    """Print what changes, item by item, and only what differs."""
    show(lambda width: changes_view(differences, speech, width))


def print_review(differences: Differences, warnings: Sequence[Problem], speech: Language) -> None:
    """Print what overlays, or a whole rules file, now say, and what is worth another look."""
    show(lambda width: review_view(differences, warnings, speech, width))


def changes_view(differences: Differences, speech: Language, width: int) -> RenderableType:
    """What changes, as something Rich can print."""
    return Group(*_changes(differences, speech, width))


def review_view(
    differences: Differences, warnings: Sequence[Problem], speech: Language, width: int
) -> RenderableType:
    """What the rules now say and what is odd, as something Rich can print."""
    return Group(*_review(differences, warnings, speech, width))


def _changes(differences: Differences, speech: Language, width: int) -> Iterator[RenderableType]:
    yield from _headings(differences.after, speech, width)
    if differences.is_empty:
        yield folded(Text(speech.say("Nothing changes.")), width)
        return
    for period in differences.periods:
        yield from _period_heading(period, speech, width)
        for one in period.items:
            yield from _difference(one, differences.before, period.after, speech, width)
        groups = group_changes(period, differences.before, speech)
        if groups:
            yield from _block(speech.say("Between items"), lines_of(groups), width)
    yield from _words(differences, speech, width)


def _review(
    differences: Differences, warnings: Sequence[Problem], speech: Language, width: int
) -> Iterator[RenderableType]:
    after = differences.after
    if len(after.layers) == 1:
        yield list_view(after, speech, width)
    else:
        yield from _headings(after, speech, width)
        for period in differences.periods:
            yield from _period_heading(period, speech, width)
            yield from _items_now(period, differences.before, speech, width)
        yield from _words(differences, speech, width)
    yield Text()
    if not warnings:
        yield folded(Text(speech.say("Sound: nothing is wrong, and nothing is odd."), "green"), width)
        return
    counted = speech.say("Sound, but look again at these: {count}", count=len(warnings))
    yield folded(Text(counted, "bold yellow"), width)
    yield indented(_warnings(warnings, speech, width - INDENT))


def _warnings(warnings: Sequence[Problem], speech: Language, width: int) -> RenderableType:
    """Where each stands, and below it what is odd and what to do."""
    has_sources = len({one.source for one in warnings}) > 1
    places = [
        stacked(
            *([plain(one.source)] if has_sources else []),
            Text(speech.say("line {line}", line=one.place.line) if one.place is not None else ""),
        )
        for one in warnings
    ]
    says = [
        stacked(
            *([plain(path_text(one.path), "cyan")] if one.path else []),
            plain(what_is_wrong(one, speech)),
            plain(next_step(one, speech), "dim"),
        )
        for one in warnings
    ]
    return table((Column("", places, "whole"), Column("", says)), width, has_heading=False)


def _headings(rules: Rules, speech: Language, width: int) -> Iterator[RenderableType]:
    for layer in rules.layers[1:]:
        yield folded(plain(layer.head.source or layer.source, "bold"), width)
        yield indented(labelled(_heading_rows(layer, rules, speech), width - INDENT))
        yield Text()


def _heading_rows(layer: Layer, rules: Rules, speech: Language) -> Iterator[tuple[str, Text]]:
    say, head = speech.say, layer.head
    yield say("file"), plain(layer.source)
    if head.issued is not None:
        yield say("issued"), Text(head.issued.isoformat())
    holds = validity_says(layer, speech) if head.is_dated else say("as long as the policy")
    yield say("validity"), Text(holds)
    yield (
        say("lies over"),
        plain(speech.say("{entry} ({words})", entry=rules.policy.id, words=rules.layers[0].source)),
    )


def _period_heading(period: Period, speech: Language, width: int) -> Iterator[RenderableType]:
    if period.years:
        years = years_say(period.years, speech)
        yield folded(Text(speech.say("claim years {years}", years=years), "bold underline"), width)
        if period.is_empty:
            yield indented(Text(speech.say("Nothing changes.")))
        yield Text()


def _difference(
    one: ItemDifference, before: Rules, after: Rules, speech: Language, width: int
) -> Iterator[RenderableType]:
    if one.what == "added":
        yield folded(_title(one, speech, speech.say("new item")), width)
        yield item_body(one.name, after, speech, width)
        return
    if one.what == "closed":
        yield folded(_title(one, speech, speech.say("no longer open")), width)
        yield Text()
        return
    rows = [
        (row.label, lines_of([change_says(change, speech) for change in row.changes]))
        for row in row_changes(one, before, after, speech)
    ]
    if not rows:
        rows = [(speech.say("texts"), Text(speech.say("only in the other language")))]
    yield folded(_title(one, speech, ""), width)
    yield indented(labelled(rows, width - INDENT))
    yield Text()


def _items_now(period: Period, before: Rules, speech: Language, width: int) -> Iterator[RenderableType]:
    """Each item that changes, as it reads now."""
    marks = {
        "added": speech.say("new item"),
        "closed": speech.say("no longer open"),
        "changed": speech.say("changed"),
    }
    for one in period.items:
        yield folded(_title(one, speech, marks[one.what]), width)
        if one.after is None:
            yield Text()
        else:
            yield item_body(one.name, period.after, speech, width)
    groups = group_changes(period, before, speech)
    if groups:
        yield from _block(speech.say("Between items"), lines_of(groups), width)


def _title(one: ItemDifference, speech: Language, mark: str) -> Text:
    item = one.after or one.before
    title = plain(speech.name(item.title), "bold") if item is not None else Text()
    parts = [plain(one.name, "bold cyan"), title, *([Text(mark, "bold yellow")] if mark else [])]
    return Text("  ").join(parts)


def _words(differences: Differences, speech: Language, width: int) -> Iterator[RenderableType]:
    rows = [(label, lines_of(lines)) for label, lines in word_rows(differences, speech)]
    measures = [
        f"{number} {speech.name(differences.after.measures[number])}" for number in differences.measures
    ]
    if measures:
        rows.insert(0, (speech.say("measures"), lines_of(measures)))
    if rows:
        yield folded(Text(speech.say("New words for enterprise files"), "bold"), width)
        yield indented(labelled(rows, width - INDENT))
        yield Text()


def _block(title: str, body: Text, width: int) -> Iterator[RenderableType]:
    yield folded(Text(title, "bold"), width)
    yield indented(folded(body, width - INDENT))
    yield Text()
