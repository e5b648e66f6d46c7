"""Prints the rules: the list of measures with their items, and each item in full."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from calc.policy.awards import Fixed
from calc.policy.rules import Item, Rules
from calc.present.figures import money
from calc.present.folding import folded, lines_of, plain, stacked
from calc.present.language import Language
from calc.present.look import grade_name
from calc.present.views.sections import bullets
from calc.present.views.tables import INDENT, Column, first_fitting, grouped, indented, labelled
from calc.present.views.terminal import show
from calc.present.words.item_rows import item_rows
from calc.present.words.layers import layer_says, years_say
from calc.present.words.rules import cap_lines


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
        *(
            plain(speech.say("overlay: {overlay}", overlay=layer_says(layer, speech)), "yellow")
            for layer in rules.layers[1:]
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
            body = bullets([speech.name(one) for one in texts], width - INDENT)
            parts += [Text(), Text(title, "bold"), indented(body)]
    return Group(*parts)


def _measures(rules: Rules, speech: Language, width: int) -> RenderableType:
    """The items of each measure below its title, their columns below each other."""
    found = {
        number: [name for name in rules.items if rules.items[name].measure == number]
        for number in rules.measures
    }
    within = width - INDENT
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
    return grouped(groups, width)


def _columns(names: Sequence[str], rules: Rules, speech: Language) -> list[list[Column]]:
    say = speech.say
    items = [rules.items[name] for name in names]
    ids = [plain(name, "cyan") for name in names]
    titles = [plain(speech.name(item.title)) for item in items]
    grades = [Text(f"{grade_name(item.grade, speech)}{' *' if item.reviewed else ''}") for item in items]
    caps = [lines_of(_most_lines(item, speech)) for item in items]
    joined = [plain(speech.comma.join(item.departments), "dim") for item in items]
    departments = [lines_of(item.departments) for item in items]
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


def item_view(
    name: str, rules: Rules, speech: Language, width: int, years: Sequence[int] = ()
) -> RenderableType:
    """One item in full: clause, phrase, conditions, award, caps, departments, what stays open.

    ``years`` are the claim years in which it reads so, where it does not in all of them.
    """
    title = plain(speech.name(rules.items[name].title), "bold")
    heading = Text("  ").join((plain(name, "bold cyan"), title))
    return Group(folded(heading, width), item_body(name, rules, speech, width, years))


def item_body(
    name: str, rules: Rules, speech: Language, width: int, years: Sequence[int] = ()
) -> RenderableType:
    """What stands below the heading of an item."""
    rows = list(labelled_rows(name, rules, speech))
    if years:
        rows.insert(0, (speech.say("claim years"), Text(years_say(years, speech))))
    return Group(indented(labelled(rows, width - INDENT)), Text())


def labelled_rows(
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
    for row in item_rows(name, rules, speech):
        if row.key == "confirm" and confirm is not None:
            yield row.label, lines_of(confirm)
        elif row.key != "conditions" or has_conditions:
            yield row.label, lines_of(row.lines)


def item_versions(name: str, rules: Rules) -> list[tuple[Rules, tuple[int, ...]]]:
    """The rules under which an item reads differently, each with its claim years; none named: in all."""
    found: list[tuple[Rules, list[int]]] = []
    for year, own in rules.by_year.items():
        if name not in own.items:
            continue
        same = next((years for one, years in found if one.items[name] == own.items[name]), None)
        if same is None:
            found.append((own, [year]))
        else:
            same.append(year)
    if not found or len(found[0][1]) == len(rules.by_year):
        return [(rules, ())]
    return [(own, tuple(years)) for own, years in found]


def print_list(rules: Rules, speech: Language) -> None:
    """Print the list of measures and items."""
    show(lambda width: list_view(rules, speech, width))


def print_items(names: tuple[str, ...], rules: Rules, speech: Language) -> None:
    """Print items in full, once for each way they read over the claim years."""
    views = [(name, own, years) for name in names for own, years in item_versions(name, rules)]
    show(lambda width: Group(*(item_view(name, own, speech, width, years) for name, own, years in views)))
