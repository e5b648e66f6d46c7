"""Puts awards into words: how a sum is worked out."""

from calc.enterprise.numbers import Number
from calc.policy import awards
from calc.present.figures import decimal_text, percent
from calc.present.words.conditions import conditions_say
from calc.present.words.fields import FieldWords


def award_says(award: awards.Award, fields: FieldWords) -> str:
    """An award, in words."""
    say = fields.speech.say
    match award:
        case awards.Fixed():
            return fields.money(award.fixed)
        case awards.RateOf():
            base = fields.product(award.of)
            if award.less is not None:
                base = f"({base} − {fields.name(award.less)})"
            return f"{percent(award.rate)} × {base}"
        case awards.SumOfRates():
            return " + ".join(award_says(part, fields) for part in award.sum)
        case awards.PricedAt():
            return f"(1 − {percent(award.priced_at)}) × {fields.product(award.of)}"
        case awards.Tiers():
            return _tiers(award, fields)
        case awards.Ladder():
            sums = [
                f"{_from(award.ladder, rung.since, fields)} {fields.money(rung.sum)}" for rung in award.steps
            ]
            return _list(fields.name(award.ladder), sums, fields)
        case awards.GrowthLadder():
            name = say(
                "growth of {figure} over {other}",
                figure=fields.name(award.growth_of),
                other=fields.name(award.over),
            )
            rungs = [
                f"{say('from {value} on', value=percent(rung.since))} {fields.money(rung.sum)}"
                for rung in award.steps
            ]
            return _list(name, rungs, fields)
        case awards.Each():
            return _each(award, fields)
        case awards.ByWord():
            return _by_word(award, fields)
        case awards.Interest():
            least = fields.name(award.at_most)
            if award.share != 1:
                least = f"{percent(award.share)} × {least}"
            if award.rate != 1:
                least = f"({least})" if award.share != 1 else least
                least = say("the lower of {rate} and {figure}", rate=percent(award.rate), figure=least)
            base = fields.name(award.interest)
            return say("{base} × {rate} × months of the year / 12", base=base, rate=least)
        case awards.SharedLoss():
            loss = f"{percent(award.rate)} × {fields.name(award.shared_loss)}"
            capped = say("{sum}, at most {cap}", sum=loss, cap=fields.money(award.at_most))
            return f"({capped}) × {fields.name(award.share)}"
        case awards.Excess():
            return _excess(award, fields)
        case awards.TotalOf():
            return " + ".join(fields.name(one) for one in award.total_of)
        case awards.ByYear():
            return _by_year(award, fields)
        case awards.Parts():
            return say(" plus ").join(_part(part, fields) for part in award.parts)


def _part(part: awards.Part, fields: FieldWords) -> str:
    say = fields.speech.say
    words = award_says(part.award, fields)
    if part.cap is not None:
        words = say("{sum}, at most {cap}", sum=words, cap=fields.money(part.cap))
    if part.when:
        words = say("{sum} where {conditions}", sum=words, conditions=conditions_say(part.when, fields))
    return f"({words})" if part.cap is not None else words


def _tiers(award: awards.Tiers, fields: FieldWords) -> str:
    say = fields.speech.say
    rates = [f"{_from(award.tiers, step.since, fields)} {percent(step.rate)}" for step in award.steps]
    if award.of:
        tiers = _list(fields.name(award.tiers), rates, fields)
        return f"({tiers}) × {fields.product(award.of)}"
    mode = say("of the whole") if award.mode == "whole" else say("of each slice")
    return say("{entry} ({words})", entry=_list(fields.name(award.tiers), rates, fields), words=mode)


def _each(award: awards.Each, fields: FieldWords) -> str:
    say, units = fields.speech.say, fields.name(award.each)
    if award.beyond is not None:
        units = f"({units} − {fields.value_or_name(award.each, award.beyond)})"
    if award.per is not None:
        units = say("each full {lot} of {units}", lot=fields.value(award.each, award.per), units=units)
    if award.up_to is not None:
        most = (
            fields.value(award.each, award.up_to)
            if award.per is None
            else decimal_text(award.up_to, grouped=True)
        )
        units = say("{units} (at most {most})", units=units, most=most)
    return " × ".join((fields.money(award.sum), units, *map(fields.name, award.times)))


def _by_word(award: awards.ByWord, fields: FieldWords) -> str:
    sums = [f"{fields.words(award.by_word, (word,))} {fields.money(one)}" for word, one in award.sums.items()]
    rates = [f"{fields.words(award.by_word, (word,))} {percent(one)}" for word, one in award.rates.items()]
    listed = fields.speech.comma.join(sums or rates)
    return f"({listed}) × {fields.product(award.of)}" if award.of else listed


def _by_year(award: awards.ByYear, fields: FieldWords) -> str:
    """The award, and which share of it each year of support pays."""
    say = fields.speech.say
    sum_, date = award_says(award.award, fields), fields.name(award.by_year)
    if not (isinstance(award.award, awards.Parts) and len(award.award.parts) == 1):
        sum_ = f"({sum_})"
    shares = fields.speech.comma.join(
        say("{share} in year {number}", share=percent(share), number=number)
        for number, share in enumerate(award.shares, 1)
    )
    if award.after:
        return say(
            "{sum}: {shares}, year 1 being that {years} years after {date}",
            sum=sum_,
            shares=shares,
            years=award.after,
            date=date,
        )
    return say("{sum}: {shares}, year 1 being that of {date}", sum=sum_, shares=shares, date=date)


def _excess(award: awards.Excess, fields: FieldWords) -> str:
    bound = fields.value_or_name(award.excess, award.over)
    more = fields.speech.say("({price} − {bound}, at least 0)", price=fields.name(award.excess), bound=bound)
    months = f" × {fields.name(award.months)} / 12" if award.months is not None else ""
    return f"{more} × {fields.product(award.times)}{months}"


def _list(name: str, parts: list[str], fields: FieldWords) -> str:
    return fields.speech.say("{figure}: {words}", figure=name, words=fields.speech.comma.join(parts))


def _from(reference: str, value: Number, fields: FieldWords) -> str:
    return fields.speech.say("from {value} on", value=fields.value(reference, value))
