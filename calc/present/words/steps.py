"""The steps of an award in words and numbers: one function for each kind of step."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from calc.engine.claims import Operand
from calc.engine.outcomes import Step
from calc.enterprise.numbers import Number
from calc.present.figures import decimal_text, money, percent, shown_value
from calc.present.language import Language


def operand_name(operand: Operand, speech: Language) -> str:
    """What a figure is called, with its year."""
    label = speech.name(operand.field.label)
    return speech.say("{year} {figure}", year=operand.year, figure=label) if operand.year else label


def step_says(step: Step, speech: Language) -> str:
    """One step of an award, in words."""
    return _WORDS[step.kind](step, speech)


def _product(operands: Sequence[Operand], speech: Language) -> str:
    return " × ".join(
        f"{operand_name(operand, speech)} {shown_value(operand.value, operand.field, speech)}"
        for operand in operands
    )


def _since(step: Step, speech: Language) -> str:
    return shown_value(step.details["since"], step.operands[0].field, speech)


def _result(step: Step, speech: Language) -> str:
    return money(step.result, speech)


def _sum_of(addends: Sequence[Number], speech: Language) -> str:
    return " + ".join(money(addend, speech) for addend in addends)


def _fixed(step: Step, speech: Language) -> str:
    return speech.say("fixed sum {result}", result=_result(step, speech))


def _rate(step: Step, speech: Language) -> str:
    return f"{_product(step.operands, speech)} × {percent(step.details['rate'])} = {_result(step, speech)}"


def _rate_of_growth(step: Step, speech: Language) -> str:
    *factors, less = step.operands
    growth = f"{_product(factors, speech)} − {_product([less], speech)}"
    return f"({growth}) × {percent(step.details['rate'])} = {_result(step, speech)}"


def _total(step: Step, speech: Language) -> str:
    return f"{_sum_of(step.details['addends'], speech)} = {_result(step, speech)}"


def _sum(step: Step, speech: Language) -> str:
    return " + ".join(_product([one], speech) for one in step.operands) + f" = {_result(step, speech)}"


def _interest(step: Step, speech: Language) -> str:
    return speech.say(
        "{principal} × {rate} × {months}/12 months = {result}",
        principal=_product(step.operands[:1], speech),
        rate=percent(step.details["rate"]),
        months=step.details["months"],
        result=_result(step, speech),
    )


def _shared_loss(step: Step, speech: Language) -> str:
    return speech.say(
        "({loss} × {rate}, at most {most}) × {share} = {result}",
        loss=_product(step.operands[:1], speech),
        rate=percent(step.details["rate"]),
        most=money(step.details["at_most"], speech),
        share=_product(step.operands[1:], speech),
        result=_result(step, speech),
    )


def _excess(step: Step, speech: Language) -> str:
    price, *factors = step.operands
    product = "".join(f" × {_product([factor], speech)}" for factor in factors)
    over = shown_value(step.details["over"], price.field, speech)
    months = step.details["months"]
    yearly = "" if months is None else speech.say(" × {months}/12 months", months=months)
    return f"({_product([price], speech)} − {over}){product}{yearly} = {_result(step, speech)}"


def _each(step: Step, speech: Language) -> str:
    each = money(step.details["each"], speech)
    return f"{_product(step.operands, speech)} × {each} = {_result(step, speech)}"


def _each_counted(step: Step, speech: Language) -> str:
    units, *factors = step.operands
    counted = decimal_text(step.details["counted"], grouped=True)
    product = "".join(f" × {_product([factor], speech)}" for factor in factors)
    each = money(step.details["each"], speech)
    return speech.say(
        "{units}, counted {counted} × {each}{factors} = {result}",
        units=_product([units], speech),
        counted=counted,
        each=each,
        factors=product,
        result=_result(step, speech),
    )


def _tier_of(step: Step, speech: Language) -> str:
    selector, *factors = step.operands
    return speech.say(
        "{selector}, from {since} on: {base} × {rate} = {result}",
        selector=_product([selector], speech),
        since=_since(step, speech),
        base=_product(factors, speech),
        rate=percent(step.details["rate"]),
        result=_result(step, speech),
    )


def _growth_rung(step: Step, speech: Language) -> str:
    now, before = step.operands
    return speech.say(
        "{now} over {before} grew by {since} or more: {result}",
        now=_product([now], speech),
        before=_product([before], speech),
        since=percent(step.details["since"]),
        result=_result(step, speech),
    )


def _below_growth(step: Step, speech: Language) -> str:
    now, before = step.operands
    return speech.say(
        "{now} over {before} grew by less than {since}: nothing",
        now=_product([now], speech),
        before=_product([before], speech),
        since=percent(step.details["since"]),
    )


def _not_due(step: Step, speech: Language) -> str:
    names = [
        speech.name(reason.field.label) if reason.field is not None else speech.say("kinds of enterprise")
        for reason in step.details["reasons"]
    ]
    figures = speech.comma.join(dict.fromkeys(names))
    return speech.say("this part is not due, its conditions fail on: {figures}", figures=figures)


def _share_of_year(step: Step, speech: Language) -> str:
    return speech.say(
        "year {number} of support: {sum} × {rate} = {result}",
        number=step.details["number"],
        sum=money(step.details["of"], speech),
        rate=percent(step.details["rate"]),
        result=_result(step, speech),
    )


def _outside_years(step: Step, speech: Language) -> str:
    return speech.say(
        "{date}: it pays in {first} to {last} only, nothing in this claim year",
        date=_product(step.operands, speech),
        first=step.details["first"],
        last=step.details["last"],
    )


def _tier(step: Step, speech: Language) -> str:
    return speech.say(
        "{base}, from {since} on × {rate} = {result}",
        base=_product(step.operands, speech),
        since=_since(step, speech),
        rate=percent(step.details["rate"]),
        result=_result(step, speech),
    )


def _marginal_tiers(step: Step, speech: Language) -> str:
    return speech.say(
        "{base} by tiers: {slices} = {result}",
        base=_product(step.operands, speech),
        slices=_sum_of(step.details["slices"], speech),
        result=_result(step, speech),
    )


def _rung(step: Step, speech: Language) -> str:
    return speech.say(
        "{base} reaches {since}: {result}",
        base=_product(step.operands, speech),
        since=_since(step, speech),
        result=_result(step, speech),
    )


def _below_tiers(step: Step, speech: Language) -> str:
    return speech.say(
        "{base} is below the first tier of {since}: nothing",
        base=_product(step.operands, speech),
        since=_since(step, speech),
    )


def _below_floor(step: Step, speech: Language) -> str:
    return speech.say("below the floor of {floor}: nothing", floor=money(step.details["floor"], speech))


def _expected(step: Step, speech: Language) -> str:
    return speech.say("expected by the applicant: {result}", result=_result(step, speech))


def _difference(step: Step, speech: Language) -> str:
    paid = money(step.details["paid"], speech)
    return speech.say("less {paid} paid before: {result}", paid=paid, result=_result(step, speech))


def _rounded(step: Step, speech: Language) -> str:
    return speech.say("rounded down to the yuan: {result}", result=_result(step, speech))


def _limit(step: Step, speech: Language) -> str:
    limits = {
        "cap": speech.say("the cap per claim"),
        "year_cap": speech.say("the cap of the year"),
        "lifetime_cap": speech.say("the cap for good"),
        "cap_left": speech.say("what is left of the cap per claim"),
        "lifetime_cap_left": speech.say("what is left of the cap for good"),
        "share_cap": speech.say("the cap that is a share of a figure"),
    }
    return limits[step.details["limit"]]


def _up_to(step: Step, speech: Language) -> str:
    return speech.say("up to {limit}: {result}", limit=_limit(step, speech), result=_result(step, speech))


def _part_capped(step: Step, speech: Language) -> str:
    return speech.say(
        "cut to {limit}: {result}", limit=speech.say("the cap of this part"), result=_result(step, speech)
    )


def _capped(step: Step, speech: Language) -> str:
    return speech.say("cut to {limit}: {result}", limit=_limit(step, speech), result=_result(step, speech))


_WORDS: Final[Mapping[str, Callable[[Step, Language], str]]] = MappingProxyType(
    {
        "fixed": _fixed,
        "rate": _rate,
        "rate_of_growth": _rate_of_growth,
        "total": _total,
        "sum": _sum,
        "interest": _interest,
        "shared_loss": _shared_loss,
        "excess": _excess,
        "each": _each,
        "each_counted": _each_counted,
        "tier_of": _tier_of,
        "growth_rung": _growth_rung,
        "below_growth": _below_growth,
        "not_due": _not_due,
        "share_of_year": _share_of_year,
        "outside_years": _outside_years,
        "tier": _tier,
        "marginal_tiers": _marginal_tiers,
        "rung": _rung,
        "below_tiers": _below_tiers,
        "below_floor": _below_floor,
        "expected": _expected,
        "rounded": _rounded,
        "difference": _difference,
        "up_to": _up_to,
        "capped": _capped,
        "part_capped": _part_capped,
    }
)
