"""What an item says, row by row: the one description that is shown, compared and exported."""

from collections.abc import Iterator
from typing import NamedTuple

from calc.policy.rules import Item, Rules
from calc.present.language import Language
from calc.present.look import grade_name
from calc.present.words.fields import FieldWords
from calc.present.words.rules import RuleWords, beside_lines, cap_lines, limit_lines, window_lines


class Row(NamedTuple):
    """One thing that an item says: a key for machines, a label and lines for people."""

    key: str
    label: str
    lines: tuple[str, ...]


def item_rows(name: str, rules: Rules, speech: Language) -> Iterator[Row]:
    """Everything that an item says; rows without lines say nothing."""
    item = rules.items[name]
    yield from _what(item, rules, speech)
    yield from _sums(name, item, rules, speech)
    yield from _formalities(item, speech)


def _row(key: str, label: str, *lines: str) -> Row:
    return Row(key, label, tuple(line for line in lines if line))


def _what(item: Item, rules: Rules, speech: Language) -> Iterator[Row]:
    say, words = speech.say, RuleWords(item, rules.vocabulary, speech)
    clause = f"{say('measure {number}', number=item.measure)} {speech.name(rules.measures[item.measure])}"
    yield _row("measure", say("clause"), clause)
    yield _row("phrase", say("source"), *(f"“{phrase}”" for phrase in (item.phrase, *item.cites)))
    yield _row("claim", say("claimed for"), words.trigger())
    yield _row("conditions", say("conditions"), *words.conditions())


def _sums(name: str, item: Item, rules: Rules, speech: Language) -> Iterator[Row]:
    say, words = speech.say, RuleWords(item, rules.vocabulary, speech)
    yield _row("award", say("award"), words.award() or "")
    if item.base is not None:
        yield _row("base", say("base"), FieldWords(item, rules.vocabulary, speech).name(item.base))
    caps = (*cap_lines(item, speech), words.share_cap() or "", *limit_lines(item, speech))
    yield _row("caps", say("caps"), *caps)
    yield _row("beside", say("with others"), *beside_lines(name, rules, speech))
    yield _row("grade", say("grade"), grade_name(item.grade, speech))


def _formalities(item: Item, speech: Language) -> Iterator[Row]:
    say = speech.say
    if item.grade != "service":
        yield from _payment(item, speech)
    zone = say("open outside the zone too") if item.outside_zone else say("within the zone only")
    yield _row("outside_zone", say("zone"), zone)
    yield _row("departments", say("department"), speech.comma.join(item.departments))
    yield _row("filing", say("filed"), *window_lines(item, speech))
    yield _row("materials", say("materials"), *map(speech.name, item.materials))
    yield _row("confirm", say("to confirm"), *map(speech.name, item.confirm))
    yield _row("readings", say("read as"), *map(speech.name, item.readings))
    yield _row("details", say("left to the detailed rules"), *map(speech.name, item.details))


def _payment(item: Item, speech: Language) -> Iterator[Row]:
    say = speech.say
    pays = {
        "once": say("once for each subject"),
        "stages": say("in stages, the cap over all of them"),
        "yearly": say("every year anew"),
        "difference": say("in several years, each time what exceeds the sums paid before"),
    }
    recipients = {
        "enterprise": say("the enterprise"),
        "team": say("the team"),
        "person": say("the person"),
    }
    yield _row("pays", say("pays"), pays[item.pays])
    yield _row("recipient", say("recipient"), recipients[item.recipient])
    if item.reviewed:
        yield _row("reviewed", say("budget"), say("reviewed; paid pro rata within the year's budget"))
