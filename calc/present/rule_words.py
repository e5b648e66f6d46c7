"""Puts rules into words, generated from the records of triggers, conditions and awards, so none can drift."""

import re
from collections.abc import Iterator
from typing import Final

from calc.enterprise.numbers import Number
from calc.enterprise.vocabulary import Field, Vocabulary
from calc.policy import awards, forms
from calc.policy.forms import FIGURE_YEARS
from calc.policy.rules import Item, Rules
from calc.present.figures import money, percent, shown_value
from calc.present.language import Language
from calc.present.wording import kinds_text

_BETWEEN_CHINESE: Final = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
"""A blank that stands around numbers, and that has none beside it."""


class RuleWords:
    """The words for the records of one item."""

    def __init__(self, item: Item, vocabulary: Vocabulary, speech: Language) -> None:
        self._item = item
        self._vocabulary = vocabulary
        self._speech = speech
        trigger = item.claim
        self._table = vocabulary.tables[trigger.entry] if isinstance(trigger, forms.EntryTrigger) else None

    def _field(self, reference: str) -> Field | None:
        group, dot, name = reference.partition(".")
        if not dot:
            return self._table.fields[reference] if self._table else None
        return self._vocabulary.figures[name] if group in FIGURE_YEARS else None

    def _name(self, reference: str) -> str:
        field, group = self._field(reference), reference.partition(".")[0]
        if field is None:
            return self._speech.say("the exchange rate")
        years = {
            "this_year": self._speech.say("this year's {figure}"),
            "last_year": self._speech.say("last year's {figure}"),
            "year_before": self._speech.say("{figure} of the year before last"),
        }
        return years.get(group, "{figure}").format(figure=self._speech.name(field.label))

    def _product(self, references: tuple[str, ...]) -> str:
        return " × ".join(self._name(one) for one in references)

    def _words(self, name: str, words: tuple[bool | str, ...]) -> str:
        field = self._field(name)
        return self._speech.comma.join(shown_value(word, field, self._speech) for word in words)

    def trigger(self) -> str:
        """What makes it a claim."""
        match self._item.claim:
            case forms.EntryTrigger() as trigger:
                label = self._speech.name(self._table.label) if self._table else trigger.entry
                parts = self._speech.semicolon.join(self._entry_words(trigger))
                return self._speech.say("{entry} ({words})", entry=label, words=parts) if parts else label
            case forms.FigureTrigger(figure=figure):
                return self._name(f"last_year.{figure}")
            case forms.KindsTrigger(kinds=kinds):
                return kinds_text(kinds, self._vocabulary, self._speech)
            case forms.AlwaysTrigger():
                return self._speech.say("every enterprise")

    def _entry_words(self, trigger: forms.EntryTrigger) -> Iterator[str]:
        say = self._speech.say
        for name, words in trigger.where.items():
            yield self._either(name, words)
        for name in trigger.has:
            yield say("with {figure}", figure=self._name(name))
        if trigger.has_any:
            yield say("with any of {figures}", figures=self._words_of(trigger.has_any))
        if trigger.running is not None:
            yield say("in each year in which it runs")
            yield from self._window(trigger.running)

    def _window(self, running: forms.Running) -> Iterator[str]:
        if running.window is not None and running.together_by is not None:
            yield self._speech.say(
                "within {months} months of the first of its {group}",
                months=running.window,
                group=self._name(running.together_by),
            )

    def _either(self, name: str, words: tuple[bool | str, ...]) -> str:
        """A key and the words it may hold; a flag stands for itself."""
        if words == (True,):
            return self._name(name)
        return self._speech.say("{figure}: {words}", figure=self._name(name), words=self._words(name, words))

    def _words_of(self, names: tuple[str, ...]) -> str:
        return self._speech.comma.join(self._name(name) for name in names)

    def conditions(self) -> list[str]:
        """Each condition, in words."""
        return [_BETWEEN_CHINESE.sub("", self._condition(one)) for one in self._item.conditions]

    def _condition(self, condition: forms.Condition) -> str:
        say = self._speech.say
        match condition:
            case forms.AtLeast():
                name = self._name(condition.field)
                if condition.together:
                    name = say("{figure} of the whole group", figure=name)
                return say(
                    "{figure} at least {bound}",
                    figure=name,
                    bound=self._bound(condition.field, condition.at_least),
                )
            case forms.AtMost():
                bound = self._bound(condition.field, condition.at_most)
                return say("{figure} at most {bound}", figure=self._name(condition.field), bound=bound)
            case forms.MoreThan():
                bound = self._bound(condition.field, condition.more_than)
                return say("{figure} more than {bound}", figure=self._name(condition.field), bound=bound)
            case forms.IsTrue():
                return self._name(condition.field)
            case forms.OneOf():
                return self._either(condition.field, condition.one_of)
            case forms.OfKinds():
                return say(
                    "one of: {kinds}", kinds=kinds_text(condition.kinds, self._vocabulary, self._speech)
                )

    def _bound(self, reference: str, bound: forms.Bound) -> str:
        match bound:
            case forms.RatioBound():
                return self._speech.say(
                    "{ratio} of {figure}", ratio=percent(bound.ratio), figure=self._name(bound.of)
                )
            case forms.FieldBound():
                return self._name(bound.field)
            case forms.WordBound():
                special = self._speech.comma.join(
                    f"{self._words(bound.by, (word,))} {self._value(reference, value)}"
                    for word, value in bound.values.items()
                )
                usual = self._value(reference, bound.otherwise)
                return self._speech.say("{entry} ({words})", entry=usual, words=special)
            case literal:
                return self._value(reference, literal)

    def _value(self, reference: str, value: Number) -> str:
        return shown_value(value, self._field(reference), self._speech)

    def award(self) -> str | None:
        """How the sum is worked out, or the most that it can be."""
        if self._item.award is None:
            return None
        words = self._award(self._item.award)
        return self._speech.say("at most {award}", award=words) if self._item.grade == "up_to_sum" else words

    def _award(self, award: awards.Award) -> str:
        say = self._speech.say
        match award:
            case awards.Fixed():
                return self._money(award.fixed)
            case awards.RateOf():
                base = self._product(award.of)
                if award.less is not None:
                    base = f"({base} − {self._name(award.less)})"
                return f"{percent(award.rate)} × {base}"
            case awards.SumOfRates():
                return " + ".join(self._award(part) for part in award.sum)
            case awards.PricedAt():
                return f"(1 − {percent(award.priced_at)}) × {self._product(award.of)}"
            case awards.Tiers():
                rates = [
                    f"{self._from(award.tiers, step.since)} {percent(step.rate)}" for step in award.steps
                ]
                mode = say("of the whole") if award.mode == "whole" else say("of each slice")
                tiers = self._list(self._name(award.tiers), rates)
                return say("{entry} ({words})", entry=tiers, words=mode)
            case awards.Ladder():
                sums = [
                    f"{self._from(award.ladder, rung.since)} {self._money(rung.sum)}" for rung in award.steps
                ]
                return self._list(self._name(award.ladder), sums)
            case awards.Each():
                return f"{self._money(award.sum)} × {self._name(award.each)}"
            case awards.ByWord():
                return self._by_word(award)
            case awards.Interest():
                least = say(
                    "the lower of {rate} and {figure}",
                    rate=percent(award.rate),
                    figure=self._name(award.at_most),
                )
                return say(
                    "{base} × {rate} × months of the year / 12", base=self._name(award.interest), rate=least
                )
            case awards.SharedLoss():
                loss = f"{percent(award.rate)} × {self._name(award.shared_loss)}"
                capped = say("{sum}, at most {cap}", sum=loss, cap=self._money(award.at_most))
                return f"({capped}) × {self._name(award.share)}"
            case awards.Excess():
                return self._excess(award)
            case awards.TotalOf():
                return " + ".join(self._name(one) for one in award.total_of)

    def _by_word(self, award: awards.ByWord) -> str:
        sums = [
            f"{self._words(award.by_word, (word,))} {self._money(one)}" for word, one in award.sums.items()
        ]
        rates = [f"{self._words(award.by_word, (word,))} {percent(one)}" for word, one in award.rates.items()]
        if award.of:
            return f"({self._speech.comma.join(rates)}) × {self._product(award.of)}"
        return self._speech.comma.join(sums)

    def _list(self, name: str, parts: list[str]) -> str:
        return self._speech.say("{figure}: {words}", figure=name, words=self._speech.comma.join(parts))

    def _excess(self, award: awards.Excess) -> str:
        over = award.over
        bound = (
            self._name(over.field) if isinstance(over, forms.FieldBound) else self._value(award.excess, over)
        )
        more = self._speech.say(
            "({price} − {bound}, at least 0)", price=self._name(award.excess), bound=bound
        )
        months = f" × {self._name(award.months)} / 12" if award.months is not None else ""
        return f"{more} × {self._product(award.times)}{months}"

    def _from(self, reference: str, value: Number) -> str:
        return self._speech.say("from {value} on", value=self._value(reference, value))

    def _money(self, value: Number) -> str:
        return money(value, self._speech)


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
    if item.floor is not None:
        lines.append(speech.say("nothing below {sum}", sum=money(item.floor, speech)))
    if item.pool is not None:
        lines.append(speech.say("a pool of {sum} a year over all applicants", sum=money(item.pool, speech)))
    return lines


def beside_lines(name: str, rules: Rules, speech: Language) -> list[str]:
    """What an item shares with others, in words: a cap, or that only one of them is granted."""
    lines = []
    for shared in rules.shared_caps:
        if name in shared.items:
            others = speech.comma.join(one for one in shared.items if one != name)
            cap = money(shared.cap, speech)
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
