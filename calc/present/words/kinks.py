"""Says why the total bends at one value of a figure."""

from calc.engine.claims import Claim
from calc.engine.kinks import Curve, Kink
from calc.engine.outcomes import Eligible
from calc.present.figures import money, shown_value
from calc.present.language import Language


def kink_says(kink: Kink, curve: Curve, speech: Language) -> str:
    """From which value on what holds, for which claim."""
    value = shown_value(kink.value, curve.field, speech)
    return speech.say("from {value} on: {what}", value=value, what=kink_what(kink, speech))


def kink_what(kink: Kink, speech: Language) -> str:
    """What begins to hold or ceases to, for which claim."""
    what = _what(kink, speech)
    text = speech.say("{claim} {what}", claim=claim_name(kink.claim, speech), what=what)
    if kink.others and kink.because != "displaced":
        others = speech.comma.join(claim_name(one, speech) for one in kink.others)
        leaves = kink.because.startswith("no_")
        text += (
            speech.say("; its place is taken by {others}", others=others)
            if leaves
            else speech.say("; it takes the place of {others}", others=others)
        )
    return text


def claim_name(claim: Claim, speech: Language) -> str:
    """A claim in a sentence: its item, its title, and the entry that it is about."""
    title = f"{claim.item_id} {speech.name(claim.item.title)}"
    if claim.entry is None:
        return title
    return speech.say("{title} (“{name}”)", title=title, name=claim.entry.name)


def _what(kink: Kink, speech: Language) -> str:
    say, outcome = speech.say, kink.side.outcome
    amount = money(outcome.amount if isinstance(outcome, Eligible) else 0, speech)
    others = speech.comma.join(claim_name(one, speech) for one in kink.others)
    words = {
        "threshold": say("is eligible"),
        "no_threshold": say("is no longer eligible"),
        "cap": say("has reached its cap of {amount}", amount=amount),
        "no_cap": say("lies below its cap"),
        "expected": say("has reached the expected {amount}", amount=amount),
        "no_expected": say("lies below what is expected"),
        "tier": say("reaches the next tier"),
        "no_tier": say("falls to a lower tier"),
        "rate": say("is paid at its highest rate"),
        "no_rate": say("is no longer paid at its highest rate"),
        "loss": say("has reached the most that is paid of a loss"),
        "no_loss": say("lies below the most that is paid of a loss"),
        "growth": say("begins to pay"),
        "no_growth": say("pays nothing more"),
        "units": say("counts as many units as may count"),
        "no_units": say("no longer counts as many units as may count"),
        "part": say("has reached the cap of a part of it"),
        "no_part": say("lies below the cap of a part of it"),
        "due": say("is paid a further part"),
        "no_due": say("loses a part"),
        "floor": say("passes the floor below which nothing is paid"),
        "no_floor": say("falls below the floor, and pays nothing"),
        "months": say("counts every month that the year can hold"),
        "no_months": say("no longer counts every month that the year can hold"),
        "displaced": say("is taken in place of {others}", others=others)
        if kink.others
        else say("is taken beside the others"),
        "dropped": say("is no longer taken"),
        "year_cap": say("shares a cap over its item, which is used up"),
        "no_year_cap": say("shares a cap over its item, which is no longer used up"),
        "base": say("is cut: the spending does not suffice for both"),
        "no_base": say("gets all it asks for: the spending suffices for both"),
    }
    return words[kink.because]
