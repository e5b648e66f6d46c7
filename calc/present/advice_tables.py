"""Prints gaps and plans as people read them."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from calc.engine.advice import Gap
from calc.engine.estimate import Estimate
from calc.engine.gaps import Mend
from calc.engine.plan import Plan
from calc.present.figures import shown_value
from calc.present.folding import folded, plain, stacked
from calc.present.language import Language
from calc.present.look import Look
from calc.present.tables import Column, table
from calc.present.terminal import show
from calc.present.wording import kinds_text


def print_gaps(estimate: Estimate, gaps: Sequence[Gap], speech: Language, *, in_yuan: bool) -> None:
    """Print each gap: the change, and what the whole combination then gains."""
    show(lambda width: Group(*_gaps(estimate, gaps, Look(speech, in_yuan, width))))


def _gaps(estimate: Estimate, gaps: Sequence[Gap], look: Look) -> Iterator[RenderableType]:
    say = look.speech.say
    name = estimate.enterprise.name
    heading = say("{name} · claim year {year}", name=name, year=estimate.claim_year)
    yield folded(plain(heading, "bold"), look.width)
    yield Text(say("Up to {total}", total=look.money(estimate.total)), "bold green")
    yield Text()
    if not gaps:
        yield folded(Text(say("No figure stands between the enterprise and another claim.")), look.width)
        return
    claims = {(one.claim.item_id, one.claim.subject): one.claim for one in estimate.outcomes}
    yield table(
        (
            Column(say("item"), [look.claim(claims[gap.item_id, gap.subject]) for gap in gaps]),
            Column(say("least change"), [_mends(gap.mends, estimate, look) for gap in gaps]),
            Column(say("gain ({unit})", unit=look.unit), look.sums((gap.gain for gap in gaps), "?"), "sum"),
        ),
        look.width,
    )
    if any(gap.gain is None for gap in gaps):
        yield Text(say("?: another figure is still missing"), "dim")


def _mends(mends: Sequence[Mend], estimate: Estimate, look: Look) -> Text:
    return stacked(*(plain(_mend_says(mend, estimate, look.speech)) for mend in mends))


def _mend_says(mend: Mend, estimate: Estimate, speech: Language) -> str:
    if mend.add:
        return speech.say("be one of: {kinds}", kinds=kinds_text(mend.add, estimate.rules.vocabulary, speech))
    name = speech.name(mend.field.label) if mend.field is not None else mend.path
    before = shown_value(mend.before, mend.field, speech)
    after = shown_value(mend.after, mend.field, speech)
    return speech.say("{figure}: {before} → {after}", figure=name, before=before, after=after)


def print_plan(plan: Plan, speech: Language, *, in_yuan: bool) -> None:
    """Print what to file in each year, with its department."""
    show(lambda width: Group(*_plan(plan, Look(speech, in_yuan, width))))


def _plan(plan: Plan, look: Look) -> Iterator[RenderableType]:
    say = look.speech.say
    span = f"{plan.years[0]}-{plan.years[-1]}"
    yield folded(plain(plan.enterprise.name, "bold"), look.width)
    yield Text(say("Up to {total} over {years}", total=look.money(plan.total), years=span), "bold green")
    if not plan.is_proven:
        yield Text(say("Not proven: a combination that pays more may exist."), "bold red")
    for year in plan.years:
        claims = plan.claims_in(year)
        yield Text()
        amount = look.money(sum(one.granted for one in claims))
        yield Text(say("{year}: {total}", year=year, total=amount), "bold")
        if claims:
            yield _year(plan, year, look)
    yield Text()
    days = say("The source names no filing days: watch for each department's guide.")
    yield folded(Text(days, "dim"), look.width)


def _year(plan: Plan, year: int, look: Look) -> RenderableType:
    say, claims = look.speech.say, plan.claims_in(year)
    names = []
    for one in claims:
        name = look.claim(one.outcome.claim)
        if one.entry_year not in (None, year):
            name = stacked(name, Text(say("put off from {year}", year=one.entry_year), "yellow"))
        names.append(name)
    departments = [plain(look.speech.comma.join(one.outcome.claim.item.departments)) for one in claims]
    return table(
        (
            Column(say("item"), names),
            Column(look.unit, look.sums(one.granted for one in claims), "sum"),
            Column(say("department"), departments),
        ),
        look.width,
    )
