"""Puts rules into words, generated from the records of triggers, conditions and awards, so none can drift."""

from collections.abc import Iterator

from calc.enterprise.vocabulary import Vocabulary
from calc.policy import forms
from calc.policy.rules import Item, Rules, SharedCap
from calc.present.figures import money, percent
from calc.present.language import Language
from calc.present.words.awards import award_says
from calc.present.words.claims import kinds_text
from calc.present.words.conditions import condition_says
from calc.present.words.fields import FieldWords


class RuleWords:
    """The words for the records of one item."""

    def __init__(self, item: Item, vocabulary: Vocabulary, speech: Language) -> None:
        self._item = item
        self._speech = speech
        self._fields = FieldWords(item, vocabulary, speech)

    def trigger(self) -> str:
        """What makes it a claim."""
        fields = self._fields
        match self._item.claim:
            case forms.EntryTrigger() as trigger:
                label = self._speech.name(fields.table.label) if fields.table else trigger.entry
                parts = self._speech.semicolon.join(self._entry_words(trigger))
                return self._speech.say("{entry} ({words})", entry=label, words=parts) if parts else label
            case forms.FigureTrigger(figure=figure):
                return fields.name(f"last_year.{figure}")
            case forms.KindsTrigger(kinds=kinds):
                return kinds_text(kinds, fields.vocabulary, self._speech)
            case forms.AlwaysTrigger():
                return self._speech.say("every enterprise")

    def _entry_words(self, trigger: forms.EntryTrigger) -> Iterator[str]:
        say, fields = self._speech.say, self._fields
        for name, words in trigger.where.items():
            yield fields.either(name, words)
        for name in trigger.has:
            yield say("with {figure}", figure=fields.name(name))
        if trigger.has_any:
            yield say("with any of {figures}", figures=fields.names(trigger.has_any))
        if trigger.running is not None:
            yield say("in each year in which it runs")
            yield from self._window(trigger.running)

    def _window(self, running: forms.Running) -> Iterator[str]:
        if running.window is not None and running.together_by is not None:
            yield self._speech.say(
                "within {months} months of the first of its {group}",
                months=running.window,
                group=self._fields.name(running.together_by),
            )

    def conditions(self) -> list[str]:
        """Each condition, in words."""
        return [condition_says(one, self._fields) for one in self._item.conditions]

    def award(self) -> str | None:
        """How the sum is worked out, or the most that it can be."""
        if self._item.award is None:
            return None
        words = award_says(self._item.award, self._fields)
        return self._speech.say("at most {award}", award=words) if self._item.grade == "up_to_sum" else words

    def share_cap(self) -> str | None:
        """The cap that is a share of a figure."""
        share = self._item.share_cap
        if share is None:
            return None
        figure = self._fields.name(share.of)
        return self._speech.say("{ratio} of {figure} a claim", ratio=percent(share.ratio), figure=figure)


def cap_lines(item: Item, speech: Language) -> list[str]:
    """The caps of an item, in words."""
    words = {
        "cap": speech.say("{sum} a claim"),
        "year_cap": speech.say("{sum} a year"),
        "lifetime_cap": speech.say("{sum} for good"),
    }
    lines = []
    for name in ("cap", "year_cap", "lifetime_cap"):
        cap = item.cap_of(name)
        if cap is not None:
            lines.append(words[name].format(sum=money(cap, speech)))
    return lines


def limit_lines(item: Item, speech: Language) -> list[str]:
    """The floor of an item and its budget pool, in words."""
    lines = []
    if item.most_claims is not None:
        lines.append(speech.say("at most {count} claims a year", count=item.most_claims))
    if item.floor is not None:
        lines.append(speech.say("nothing below {sum}", sum=money(item.floor, speech)))
    if item.pool is not None:
        lines.append(speech.say("a pool of {sum} a year over all applicants", sum=money(item.pool, speech)))
    return lines


def shared_cap_says(shared: SharedCap, rules: Rules, speech: Language) -> str:
    """A cap over several items: a sum, a share of a figure, or the lower of both."""
    if shared.share is None:
        return money(shared.cap, speech)
    fields = FieldWords(rules.items[shared.items[0]], rules.vocabulary, speech)
    ratio = percent(shared.share.ratio)
    share = speech.say("{ratio} of {figure}", ratio=ratio, figure=fields.name(shared.share.of))
    if not shared.has_sum:
        return share
    return speech.say("{sum}, at most {cap}", sum=share, cap=money(shared.cap, speech))


def beside_lines(name: str, rules: Rules, speech: Language) -> list[str]:
    """What an item shares with others, in words: a cap, or that only one of them is granted."""
    lines = []
    for shared in (rules.origin or rules).shared_caps:
        if name in shared.items:
            others = speech.comma.join(one for one in shared.items if one != name)
            cap = shared_cap_says(shared, rules, speech)
            lines.append(speech.say("{sum} a year together with {items}", sum=cap, items=others))
    for group in rules.exclusive:
        if name in group.items:
            others = speech.comma.join(one for one in group.items if one != name)
            scopes = {
                "subject": speech.say("for one subject, not beside {items}", items=others),
                "enterprise": speech.say("in one year, not beside {items}", items=others),
            }
            lines.append(scopes[group.scope])
    return lines


def window_lines(item: Item, speech: Language) -> list[str]:
    """When an item is filed, in words: days of the claim year."""
    return [
        speech.say("{since} to {until}", since=_day(window.since, speech), until=_day(window.until, speech))
        for window in item.filing
    ]


def _day(day: tuple[int, int], speech: Language) -> str:
    month, number = day
    if speech.code == "zh":
        return f"{month}月{number}日"
    return f"{month:02}-{number:02}"
