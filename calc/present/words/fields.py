"""Names the figures and words that the rules of one item refer to."""

from calc.enterprise.numbers import Number
from calc.enterprise.vocabulary import Field, Vocabulary
from calc.policy import forms
from calc.policy.forms import FIGURE_YEARS
from calc.policy.rules import Item
from calc.present.figures import money, shown_value
from calc.present.language import Language


class FieldWords:
    """The names of what one item's records refer to, in one language."""

    def __init__(self, item: Item, vocabulary: Vocabulary, speech: Language) -> None:
        self.vocabulary = vocabulary
        self.speech = speech
        trigger = item.claim
        self.table = vocabulary.tables[trigger.entry] if isinstance(trigger, forms.EntryTrigger) else None

    def field(self, reference: str) -> Field | None:
        """What a reference stands for; the exchange rate is none of the vocabulary's fields."""
        group, dot, name = reference.partition(".")
        if not dot:
            return self.table.fields[reference] if self.table else None
        return self.vocabulary.figures[name] if group in FIGURE_YEARS else None

    def name(self, reference: str) -> str:
        """What a figure is called, with its year."""
        field, group = self.field(reference), reference.partition(".")[0]
        if field is None:
            return self.speech.say("the exchange rate")
        years = {
            "this_year": self.speech.say("this year's {figure}"),
            "last_year": self.speech.say("last year's {figure}"),
            "year_before": self.speech.say("{figure} of the year before last"),
        }
        return years.get(group, "{figure}").format(figure=self.speech.name(field.label))

    def names(self, references: tuple[str, ...]) -> str:
        """Several figures, one after the other."""
        return self.speech.comma.join(self.name(one) for one in references)

    def product(self, references: tuple[str, ...]) -> str:
        """Several figures, multiplied."""
        return " × ".join(self.name(one) for one in references)

    def words(self, name: str, words: tuple[bool | str, ...]) -> str:
        """Words that a key may hold."""
        field = self.field(name)
        return self.speech.comma.join(shown_value(word, field, self.speech) for word in words)

    def either(self, name: str, words: tuple[bool | str, ...]) -> str:
        """A key and the words it may hold; a flag stands for itself."""
        if words == (True,):
            return self.name(name)
        return self.speech.say("{figure}: {words}", figure=self.name(name), words=self.words(name, words))

    def value(self, reference: str, value: Number) -> str:
        """A number as the figure it is compared with is written."""
        return shown_value(value, self.field(reference), self.speech)

    def value_or_name(self, reference: str, value: forms.QuantityOrField) -> str:
        """A number, or the figure that stands for it."""
        return self.name(value.field) if isinstance(value, forms.FieldBound) else self.value(reference, value)

    def money(self, value: Number) -> str:
        """A sum with its unit."""
        return money(value, self.speech)
