"""``subsidy measures``: what the rules say, measure by measure and item by item."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from calc.cli.channel import Channel
from calc.cli.exits import Exit, exit_for, tell
from calc.cli.opening import open_rules
from calc.enterprise.documents import Document
from calc.enterprise.problems import InputError, nearest_word
from calc.policy.rules import Rules
from calc.present.safe import visible

if TYPE_CHECKING:
    from calc.policy.differences import Differences


def list_measures(sources: tuple[str, ...], channel: Channel) -> int:
    """List all measures and their items."""
    rules = open_rules(sources, channel)
    if isinstance(rules, Exit):
        return rules
    from calc.present.views.measures import print_list

    print_list(rules, channel.speech)
    return Exit.DONE


def show_measures(names: tuple[str, ...], sources: tuple[str, ...], channel: Channel) -> int:
    """Show measures and items in full; an unknown name is a wrong command line."""
    rules = open_rules(sources, channel)
    if isinstance(rules, Exit):
        return rules
    items = named_items(names, rules, channel)
    if isinstance(items, Exit):
        return items
    from calc.present.views.measures import print_items

    print_items(items, rules, channel.speech)
    return Exit.DONE


def named_items(names: tuple[str, ...], rules: Rules, channel: Channel) -> tuple[str, ...] | Exit:
    """The items of these names, a measure's number standing for all of its items, each once.

    An unknown name is a wrong command line: the nearest is told, and the exit code returned.
    """
    items: list[str] = []
    for name in names:
        found = _items_named(name, rules)
        if not found:
            _tell_unknown(name, rules, channel)
            return Exit.USAGE
        items.extend(found)
    return tuple(dict.fromkeys(items))


def check_rules(sources: tuple[str, ...], channel: Channel) -> int:
    """Review overlays, or a whole rules file, before they are used."""
    from calc.policy.review import review
    from calc.present.views.changes import print_review

    def act(documents: list[Document], differences: "Differences") -> None:
        warnings = review(differences.before, differences.after, documents)
        print_review(differences, warnings, channel.speech)

    return _with_differences(sources, channel, act)


def diff_rules(sources: tuple[str, ...], output_format: str, channel: Channel) -> int:
    """Say what overlays change of the rules below them."""

    def act(_documents: list[Document], differences: "Differences") -> None:
        if output_format == "json":
            from calc.present.data.changes import changes_data
            from calc.present.data.documents import answer_text

            channel.write(answer_text(changes_data(differences, channel.speech), output_format))
            return
        if len(differences.after.layers) == 1:
            told = channel.speech.say("A whole rules file replaces the rules: there is nothing below it.")
            channel.write(f"{told}\n")
            return
        from calc.present.views.changes import print_changes

        print_changes(differences, channel.speech)

    return _with_differences(sources, channel, act)


def _with_differences(
    sources: tuple[str, ...], channel: Channel, act: "Callable[[list[Document], Differences], None]"
) -> int:
    from calc.policy.differences import find_differences
    from calc.policy.loader import read_layers, rules_from

    try:
        documents = read_layers(sources)
        before, after = rules_from(documents[:1]), rules_from(documents)
    except InputError as error:
        channel.fail(error.problems, "measures check")
        return exit_for(error.problems, Exit.RULES)
    act(documents, find_differences(before, after))
    return Exit.DONE


def _items_named(name: str, rules: Rules) -> list[str]:
    if name in rules.items:
        return [name]
    return [item for item, record in rules.items.items() if str(record.measure) == name.lstrip("0")]


def _tell_unknown(name: str, rules: Rules, channel: Channel) -> None:
    say, shown = channel.speech.say, visible(name, 60)
    nearest = nearest_word(name, rules.item_ids) or nearest_word(name.replace("_", "-"), rules.item_ids)
    lines = [say("there is no measure or item {name}", name=shown)]
    if nearest is not None:
        lines.append(say("did you mean {word}?", word=nearest))
    lines.append(say("list them with: subsidy measures"))
    tell("\n".join(lines))
