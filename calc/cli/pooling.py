"""The pools that the command line names."""

from collections.abc import Iterable

from calc.batch.answers import item_columns
from calc.batch.pools import Pool
from calc.cli.slips import SlipError
from calc.enterprise.numbers import NumberError, read_number
from calc.enterprise.problems import nearest_word
from calc.policy.rules import Rules
from calc.present.language import Language
from calc.present.safe import visible
from calc.present.words.next_steps import how_to_write


def named_pools(texts: Iterable[str], rules: Rules, speech: Language) -> tuple[Pool, ...]:
    """Pools as ``02=5000万`` or ``02-capacity=5000万``.  Raises ``SlipError`` where one is none."""
    pools = [_pool(text, rules, speech) for text in texts]
    items = [item for pool in pools for item in pool.items]
    for item in items:
        if items.count(item) > 1:
            raise SlipError(speech.say("two pools name the item {item}", item=item))
    return tuple(pools)


def _pool(text: str, rules: Rules, speech: Language) -> Pool:
    say = speech.say
    name, equals, sum_text = text.rpartition("=")
    shown = visible(text, 60)
    if not equals:
        raise SlipError(say("{name} does not fit: {why}", name=f"--pool {shown}", why="02=5000万"))
    try:
        budget = read_number(sum_text.strip(), "money")
    except NumberError:
        why = how_to_write("money", speech)
        raise SlipError(say("{name} does not fit: {why}", name=f"--pool {shown}", why=why)) from None
    name = name.strip()
    items = _items(name, rules)
    if not items:
        what = say("there is no item or measure {name}", name=visible(name, 60))
        near = nearest_word(name, item_columns(rules))
        if near is not None:
            what = speech.semicolon.join((what, say("did you mean {word}?", word=near)))
        raise SlipError(what)
    if all(_is_service(item, rules) for item in items):
        raise SlipError(say("{name} is a service: no money is paid for it", name=visible(name, 60)))
    return Pool(name, items, budget)


def _is_service(item: str, rules: Rules) -> bool:
    """Whether it pays nothing in any year."""
    of_years = (rules, *rules.by_year.values())
    return all(one.items[item].grade == "service" for one in of_years if item in one.items)


def _items(name: str, rules: Rules) -> tuple[str, ...]:
    of_years = (rules, *rules.by_year.values())
    known = {item: one.items[item].measure for one in of_years for item in one.items}
    if name in known:
        return (name,)
    number = int(name) if name.isascii() and name.isdecimal() and len(name) < 5 else None  # noqa: PLR2004
    return tuple(item for item in item_columns(rules) if known[item] == number)
