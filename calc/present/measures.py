"""Prints the rules: the list of measures with their items, and each item in full."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from calc.policy.awards import Fixed
from calc.policy.rules import Item, Rules
from calc.present.figures import money
from calc.present.folding import folded, plain, stacked
from calc.present.language import Language
from calc.present.look import grade_name
from calc.present.rule_words import RuleWords, beside_lines, cap_lines, limit_lines
from calc.present.sections import bullets
from calc.present.tables import Column, first_fitting, grouped, labelled
from calc.present.terminal import show

_INDENT = 2


def list_view(rules: Rules, speech: Language, width: int) -> RenderableType:
    """All measures and their items; below them, how the policy itself is read."""
    policy = rules.policy
    heading = stacked(
        plain(policy.id, "bold"),
        plain(speech.name(policy.title), "bold"),
        Text(
            speech.say(
                "in force from {since} to {until}; {measures} measures, {items} items",
                since=policy.valid_from,
                until=policy.valid_to,
                measures=len(rules.measures),
                items=len(rules.items),
            ),
            "dim",
        ),
    )
    parts: list[RenderableType] = [folded(heading, width), Text(), _measures(rules, speech, width)]
    if any(item.reviewed for item in rules.items.values()):
        parts += [Text(), folded(Text(speech.say("* paid pro rata within the year's budget"), "dim"), width)]
    for title, texts in (
        (speech.say("Read as"), policy.readings),
        (speech.say("Bear in mind"), policy.notes),
    ):
        if texts:
            body = bullets([speech.name(one) for one in texts], width - _INDENT)
            parts += [Text(), Text(title, "bold"), Padding(body, (0, 0, 0, _INDENT))]
    return Group(*parts)


def _measures(rules: Rules, speech: Language, width: int) -> RenderableType:
    """The items of each measure below its title, their columns below each other."""
    found = {
        number: [name for name in rules.items if rules.items[name].measure == number]
        for number in rules.measures
    }
    within = width - _INDENT
    choices = _columns([name for names in found.values() for name in names], rules, speech)
    chosen = first_fitting(choices, within)
    place = next(number for number, choice in enumerate(choices) if choice is chosen)
    groups = []
    for number, names in found.items():
        title = Text.assemble(
            (speech.say("measure {number}", number=number), "bold"),
            " ",
            plain(speech.name(rules.measures[number]), "bold"),
        )
        groups.append((title, _columns(names, rules, speech)[place]))
    return grouped(groups, width, _INDENT)


def _columns(names: Sequence[str], rules: Rules, speech: Language) -> list[list[Column]]:
    say = speech.say
    items = [rules.items[name] for name in names]
    ids = [plain(name, "cyan") for name in names]
    titles = [plain(speech.name(item.title)) for item in items]
    grades = [Text(f"{grade_name(item.grade, speech)}{' *' if item.reviewed else ''}") for item in items]
    caps = [_lines(_most_lines(item, speech)) for item in items]
    joined = [plain(speech.comma.join(item.departments), "dim") for item in items]
    departments = [_lines(item.departments) for item in items]
    below = [stacked(*parts) for parts in zip(titles, joined, strict=True)]
    all_below = [stacked(*parts) for parts in zip(ids, below, strict=True)]
    grade, cap = Column(say("grade"), grades, "whole"), Column(say("at most"), caps)
    name, title = Column(say("item"), ids, "whole"), Column(say("title"), titles)
    return [
        [name, title, grade, cap, Column(say("department"), departments)],
        [name, Column(say("title"), below), grade, cap],
        [Column(say("item"), all_below), grade, cap],
    ]


def _most_lines(item: Item, speech: Language) -> list[str]:
    """The caps of an item or, without any, its fixed sum."""
    caps = cap_lines(item, speech)
    return [money(item.award.fixed, speech)] if not caps and isinstance(item.award, Fixed) else caps


def item_view(name: str, rules: Rules, speech: Language, width: int) -> RenderableType:
    """One item in full: clause, phrase, conditions, award, caps, departments, what stays open."""
    item = rules.items[name]
    heading = Text("  ").join((plain(name, "bold cyan"), plain(speech.name(item.title), "bold")))
    rows = labelled(item_rows(name, rules, speech), width - _INDENT)
    return Group(folded(heading, width), Padding(rows, (0, 0, 0, _INDENT)), Text())


def _lines(texts: Sequence[str]) -> Text:
    return stacked(*(plain(text) for text in texts))


def item_rows(
    name: str,
    rules: Rules,
    speech: Language,
    *,
    has_conditions: bool = True,
    confirm: Sequence[str] | None = None,
) -> Iterator[tuple[str, Text]]:
    """All that the rules say of an item, each with its label.

    ``has_conditions``: its conditions too; ``confirm``: what to confirm, where a claim asks for more.
    """
    item = rules.items[name]
    say, words = speech.say, RuleWords(item, rules.vocabulary, speech)
    clause = Text(say("measure {number}", number=item.measure))
    yield say("clause"), Text(" ").join((clause, plain(speech.name(rules.measures[item.measure]))))
    yield say("source"), _lines([f"“{phrase}”" for phrase in (item.phrase, *item.cites)])
    yield say("claimed for"), plain(words.trigger())
    if has_conditions:
        yield say("conditions"), _lines(words.conditions())
    yield say("award"), plain(words.award() or "")
    yield say("caps"), _lines([*cap_lines(item, speech), *limit_lines(item, speech)])
    yield say("with others"), _lines(beside_lines(name, rules, speech))
    yield say("grade"), Text(grade_name(item.grade, speech))
    if item.grade != "service":
        yield from _payment(item, speech)
    yield (
        say("zone"),
        Text(say("open outside the zone too") if item.outside_zone else say("within the zone only")),
    )
    yield say("department"), plain(speech.comma.join(item.departments))
    own = [speech.name(text) for text in item.confirm]
    yield say("to confirm"), _lines(own if confirm is None else confirm)
    yield say("read as"), _lines([speech.name(text) for text in item.readings])
    yield say("left to the detailed rules"), _lines([speech.name(text) for text in item.details])


def _payment(item: Item, speech: Language) -> Iterator[tuple[str, Text]]:
    say = speech.say
    pays = {
        "once": say("once for each subject"),
        "stages": say("in stages, the cap over all of them"),
        "yearly": say("every year anew"),
    }
    recipients = {
        "enterprise": say("the enterprise"),
        "team": say("the team"),
        "person": say("the person"),
    }
    yield say("pays"), Text(pays[item.pays])
    yield say("recipient"), Text(recipients[item.recipient])
    if item.reviewed:
        yield say("budget"), Text(say("reviewed; paid pro rata within the year's budget"))


def print_list(rules: Rules, speech: Language) -> None:
    """Print the list of measures and items."""
    show(lambda width: list_view(rules, speech, width))


def print_items(names: tuple[str, ...], rules: Rules, speech: Language) -> None:
    """Print items in full."""
    show(lambda width: Group(*(item_view(name, rules, speech, width) for name in names)))
