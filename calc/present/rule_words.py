"""Puts rules into words, generated from the records of triggers, conditions and awards, so none can drift."""

from calc.enterprise.numbers import Number
from calc.enterprise.vocabulary import Field, Vocabulary
from calc.policy import awards, forms
from calc.policy.forms import FIGURE_YEARS
from calc.policy.rules import Item
from calc.present.figures import money, percent, shown_value
from calc.present.language import Language
from calc.present.wording import kinds_text


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
        say = self._speech.say
        match self._item.claim:
            case forms.EntryTrigger() as trigger:
                parts = [self._speech.name(self._table.label)] if self._table else []
                parts += [
                    f"{self._name(name)}: {self._words(name, words)}" for name, words in trigger.where.items()
                ]
                parts += [say("with {figure}", figure=self._name(name)) for name in trigger.has]
                if trigger.has_any:
                    parts.append(say("with any of {figures}", figures=self._words_of(trigger.has_any)))
                if trigger.running is not None:
                    parts.append(say("in each year in which it runs"))
                    if trigger.running.window is not None:
                        months = trigger.running.window
                        parts.append(say("within {months} months of its group's first", months=months))
                return self._speech.comma.join(parts)
            case forms.FigureTrigger(figure=figure):
                return self._name(f"last_year.{figure}")
            case forms.KindsTrigger(kinds=kinds):
                return kinds_text(kinds, self._vocabulary, self._speech)
            case forms.AlwaysTrigger():
                return say("every enterprise")

    def _words_of(self, names: tuple[str, ...]) -> str:
        return self._speech.comma.join(self._name(name) for name in names)

    def conditions(self) -> list[str]:
        """Each condition, in words."""
        return [self._condition(one) for one in self._item.conditions]

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
                return f"{self._name(condition.field)}: {self._words(condition.field, condition.one_of)}"
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
                return f"{self._value(reference, bound.otherwise)} ({special})"
            case literal:
                return self._value(reference, literal)

    def _value(self, reference: str, value: Number) -> str:
        return shown_value(value, self._field(reference), self._speech)

    def award(self) -> str | None:
        """How the sum is worked out."""
        return None if self._item.award is None else self._award(self._item.award)

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
                return f"{self._name(award.tiers)}: {self._speech.comma.join(rates)} ({mode})"
            case awards.Ladder():
                sums = [
                    f"{self._from(award.ladder, rung.since)} {self._money(rung.sum)}" for rung in award.steps
                ]
                return f"{self._name(award.ladder)}: {self._speech.comma.join(sums)}"
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
        base = f" × {self._product(award.of)}" if award.of else ""
        return f"{self._speech.comma.join((*sums, *rates))}{base}"

    def _excess(self, award: awards.Excess) -> str:
        over = award.over
        bound = (
            self._name(over.field) if isinstance(over, forms.FieldBound) else self._value(award.excess, over)
        )
        months = f" × {self._name(award.months)} / 12" if award.months is not None else ""
        return f"({self._name(award.excess)} − {bound}) × {self._product(award.times)}{months}"

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
    if item.floor is not None:
        lines.append(speech.say("nothing below {sum}", sum=money(item.floor, speech)))
    if item.pool is not None:
        lines.append(speech.say("a pool of {sum} a year over all applicants", sum=money(item.pool, speech)))
    return lines
