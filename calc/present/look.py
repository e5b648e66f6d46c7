"""How an answer is shown: its language, its unit, its width; and the words that name grades and readings."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from rich.text import Text

from calc.engine.claims import Claim
from calc.enterprise.numbers import WAN
from calc.policy.rules import Item
from calc.present.figures import aligned, bare_money, money
from calc.present.folding import plain, stacked
from calc.present.language import Language

WAN_YUAN: Final = "万元"
"""Ten thousand yuan: the unit of sums, in both languages."""


class Look(NamedTuple):
    """How an answer is shown: its language, its unit, its width in columns."""

    speech: Language
    in_yuan: bool
    width: int

    def money(self, yuan: int) -> str:
        """A sum with its unit."""
        if self.in_yuan or yuan < WAN:
            return money(yuan, self.speech, in_yuan=True)
        return f"{bare_money(yuan, in_yuan=False)}{WAN_YUAN}"

    @property
    def unit(self) -> str:
        """The unit that stands in the title above a column of sums."""
        return self.speech.say("yuan") if self.in_yuan else WAN_YUAN

    def sums(self, yuan: Iterable[int | str | None], nothing: str = "") -> list[Text]:
        """A column of sums, their decimal points below each other; a word stands for itself."""

        def shown(one: int | str | None) -> str:
            match one:
                case None:
                    return nothing
                case str():
                    return one
                case amount:
                    return bare_money(amount, in_yuan=self.in_yuan)

        return [Text(text) for text in aligned([shown(one) for one in yuan])]

    def title(self, item: Item) -> Text:
        """What an item is called."""
        return plain(self.speech.name(item.title))

    def item(self, item_id: str, item: Item) -> Text:
        """An item by its identifier and title."""
        return Text(" ").join((plain(item_id, "cyan"), self.title(item)))

    def claim(self, claim: Claim) -> Text:
        """A claim by identifier, title and subject, below each other."""
        parts = [plain(claim.item_id, "cyan"), self.title(claim.item)]
        if claim.entry is not None:
            parts.append(plain(f"· {claim.entry.name}", "dim"))
        return stacked(*parts)

    def subject(self, claim: Claim) -> Text:
        """What a claim is about: the entry's name, or the enterprise's own year."""
        return plain(claim.entry.name) if claim.entry is not None else Text(self.speech.say("the year"))


def signed(change: Text) -> Text:
    """A sum of a column as a change: with its sign, in the colour of it."""
    text = change.plain
    if text.startswith("-"):
        return Text(text, "red")
    return Text(text) if text.strip() in ("0", "") else Text(f"+{text}", "green")


def grade_name(grade: str, speech: Language) -> str:
    """What a sum rests on, in words."""
    names = {
        "stated": speech.say("stated"),
        "up_to_ratio": speech.say("up to a ratio"),
        "up_to_sum": speech.say("up to a sum"),
        "open": speech.say("open"),
        "in_kind": speech.say("in kind"),
        "service": speech.say("service"),
        "expected": speech.say("expected"),
        "ceiling": speech.say("a ceiling"),
    }
    return names[grade]


def reading_name(stacking: str, speech: Language) -> str:
    """A reading of the closing clause, in words."""
    names = {
        "strict": speech.say("one item in the whole year"),
        "subject": speech.say("one claim for each subject"),
        "expense": speech.say("each yuan of spending supports one measure"),
        "none": speech.say("everything adds up"),
    }
    return names[stacking]


def count_name(count: str, speech: Language) -> str:
    """Which grades count, in words."""
    names = {
        "stated": speech.say("stated sums only"),
        "ratio": speech.say("sums, ratios and expectations"),
        "ceiling": speech.say("every ceiling too"),
    }
    return names[count]
