"""Samples of what an enterprise file may hold: each is accepted by the loader, and all of them together."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from calc.enterprise.numbers import NUMBER_TYPES, FloatText, read_number
from calc.enterprise.schema import FIRST_YEAR
from calc.enterprise.vocabulary import Field
from calc.policy import forms
from calc.policy.scope import Block, Scope
from calc.present.language import Language

SAMPLE_USCC: Final = "91350100M000100Y43"
"""The example of GB 32100-2015."""

_SAMPLES: Final[Mapping[str, Any]] = {
    "money": "100万",
    "usd": "100万美元",
    "rate": "5%",
    "area": "5000平方米",
    "factor": FloatText("1200.5"),
    "count": 12,
    "flag": True,
    "text": "…",
}


class Samples:
    """Samples for the blocks of one scope, in one claim year."""

    def __init__(self, scope: Scope, claim_year: int, speech: Language) -> None:
        self._scope = scope
        self._year = claim_year
        self._speech = speech

    def _name_of(self, block: Block) -> str:
        return self._speech.say("{thing} 1", thing=self._speech.name(block.label))

    def of_field(self, field: Field) -> Any:
        """A sample of one key or figure."""
        if field.example is None and field.words:
            word = next(iter(field.words))
            return [word] if field.type == "words" else word
        if field.type == "date":
            return date(self._year, 1, 1)
        sample = _SAMPLES[field.type] if field.example is None else field.example
        is_below = field.type in NUMBER_TYPES and read_number(sample, field.type) < field.at_least
        return field.at_least if is_below else sample

    def of_entry(self, block: Block) -> dict[str, Any]:
        """Samples of one entry, its words such that its first item is triggered."""
        name = self._name_of(block)
        samples: dict[str, Any] = {}
        for field in block.keys:
            match field:
                case Field(name="name"):
                    samples["name"] = name
                case Field(name="year"):
                    samples["year"] = self._year
                case Field(type="text"):
                    samples[field.name] = samples.get(field.default_to or "name", name)
                case Field(part_of=str(whole)):
                    samples[field.name] = self._part(
                        field, self._scope.rules.vocabulary.tables[block.name].fields[whole]
                    )
                case _:
                    samples[field.name] = self.of_field(field)
        return {**samples, **{key: one for key, one in self._selected(block).items() if key in samples}}

    def _part(self, field: Field, whole: Field) -> Any:
        """A sample that does not exceed that of its whole."""
        part, most = self.of_field(field), self.of_field(whole)
        return part if read_number(part, field.type) <= read_number(most, whole.type) else most

    def _selected(self, block: Block) -> dict[str, Any]:
        item = self._scope.item(block.items[0])
        selected: dict[str, Any] = {}
        fields = {field.name: field for field in block.keys}
        for condition in item.conditions:
            if isinstance(condition, forms.OneOf):
                selected[condition.field] = condition.one_of[0]
        if isinstance(item.claim, forms.EntryTrigger):
            for key, words in item.claim.where.items():
                is_list = key in fields and fields[key].type == "words"
                selected[key] = [words[0]] if is_list else words[0]
        return selected

    def of_other(self, block: Block) -> dict[str, Any]:
        """Samples of an agreement, or of a sum received or expected."""
        if block.name == "agreement":
            return {
                "name": self._name_of(block),
                "from": date(self._year - 1, 1, 1),
                "until": date(self._year, 12, 31),
                "covers": ["*"],
            }
        item = block.items[0]
        held = next((one for one in self._scope.entry_blocks() if item in one.items), None)
        subject = f"{held.name}:{self._name_of(held)}" if held is not None else f"enterprise:{item}"
        year = self._year if block.name == "expect" else max(self._year - 1, FIRST_YEAR)
        return {"item": item, "year": year, "amount": _SAMPLES["money"], "subject": subject}
