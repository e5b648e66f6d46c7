"""``subsidy measures``: what the rules say, measure by measure and item by item."""

import sys

from calc.cli.channel import Channel
from calc.cli.estimate import open_rules
from calc.cli.exits import Exit
from calc.enterprise.problems import nearest_word
from calc.policy.rules import Rules
from calc.present.safe import visible


def list_measures(sources: tuple[str, ...], channel: Channel) -> int:
    """List all measures and their items."""
    rules = open_rules(sources, channel)
    if isinstance(rules, Exit):
        return rules
    from calc.present.measures import print_list

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
    from calc.present.measures import print_items

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
    print("\n".join(lines), file=sys.stderr)
