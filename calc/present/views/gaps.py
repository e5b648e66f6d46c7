"""Prints gaps as people read them."""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from calc.engine.advice import Gap
from calc.engine.at_cap import AtCap, find_at_cap
from calc.engine.estimate import Estimate
from calc.engine.gaps import Mend
from calc.enterprise.numbers import whole_yuan
from calc.present.figures import shown_value
from calc.present.folding import folded, plain, stacked
from calc.present.language import Language
from calc.present.look import Look
from calc.present.views.sections import Section, laid_out, why_column
from calc.present.views.tables import Column, table
from calc.present.views.terminal import show
from calc.present.words.claims import kinds_text
from calc.present.words.steps import operand_name


def print_gaps(estimate: Estimate, gaps: Sequence[Gap], speech: Language, *, in_yuan: bool) -> None:
    """Print each gap: the change, and what the whole combination then gains."""
    show(lambda width: gaps_view(estimate, gaps, Look(speech, in_yuan, width)))


def gaps_view(estimate: Estimate, gaps: Sequence[Gap], look: Look) -> RenderableType:
    """The gaps, and what is at a cap, as something Rich can print."""
    return Group(*_gaps(estimate, gaps, look))


def _gaps(estimate: Estimate, gaps: Sequence[Gap], look: Look) -> Iterator[RenderableType]:
    say = look.speech.say
    name = estimate.enterprise.name
    heading = say("{name} · claim year {year}", name=name, year=estimate.claim_year)
    yield folded(plain(heading, "bold"), look.width)
    yield Text(say("Up to {total}", total=look.money(estimate.total)), "bold green")
    yield Text()
    if gaps:
        yield from _gap_rows(estimate, gaps, look)
    else:
        yield folded(Text(say("No figure stands between the enterprise and another claim.")), look.width)
    yield from laid_out(lambda within: [_at_cap(find_at_cap(estimate), within)], look)


def _gap_rows(estimate: Estimate, gaps: Sequence[Gap], look: Look) -> Iterator[RenderableType]:
    say = look.speech.say
    claims = {(one.claim.item_id, one.claim.subject): one.claim for one in estimate.outcomes}
    rules = {one.claim.item_id: one.claim.item.grade for one in estimate.outcomes}
    yield table(
        (
            Column(say("item"), [look.claim(claims[gap.item_id, gap.subject]) for gap in gaps]),
            Column(say("least change"), [_changes(gap, estimate, look) for gap in gaps]),
            Column(say("gain ({unit})", unit=look.unit), look.sums((gap.gain for gap in gaps), "?"), "sum"),
        ),
        look.width,
    )
    if any(gap.gain is None for gap in gaps):
        yield Text(say("?: another figure is still missing"), "dim")
    if any(gap.gain == 0 and rules[gap.item_id] in ("open", "up_to_sum") for gap in gaps):
        legend = say("0: the source names no sum; once it is eligible, an expectation in [[expect]] counts")
        yield folded(Text(legend, "dim"), look.width)
    if any(gap.is_near for gap in gaps):
        legend = say("near miss: every figure is within a tenth of its threshold, or within 3 months")
        yield folded(Text(legend, "dim"), look.width)


def _changes(gap: Gap, estimate: Estimate, look: Look) -> Text:
    lines = [plain(_mend_says(mend, estimate, look.speech)) for mend in gap.mends]
    return stacked(*lines, *([Text(look.speech.say("near miss"), "yellow")] if gap.is_near else ()))


def _at_cap(found: Sequence[AtCap], look: Look) -> Section | None:
    """What is at a cap, by item, and which figure of each claim is beyond it."""
    say = look.speech.say
    if not found:
        return None
    groups: dict[tuple[str, str, int], list[AtCap]] = {}
    for one in found:
        groups.setdefault((one.claim.item_id, one.because, one.cap), []).append(one)
    first = [group[0] for group in groups.values()]
    columns = [
        Column(say("item"), [look.item(one.claim.item_id, one.claim.item) for one in first]),
        Column(say("cap"), look.sums(one.cap for one in first), "sum"),
        why_column([_at_cap_says(group, look) for group in groups.values()], look),
    ]
    title = say("At the cap: a further yuan buys nothing")
    return Section(title, table(columns, look.width), look.unit)


def _at_cap_says(group: Sequence[AtCap], look: Look) -> Text:
    """What each claim of an item exceeds its cap by; or that they have used it up together, and which."""
    say = look.speech.say
    if group[0].award is None:
        used_up = {
            "year_cap": say("the item's cap for the year is used up"),
            "shared_cap": say("the cap over several items is used up"),
        }.get(group[0].because, say("the item's cap for good is used up"))
        names = look.speech.comma.join(look.subject(one.claim).plain for one in group)
        return stacked(plain(used_up), plain(names, "dim"))
    left = [plain(say("earlier payments lower the cap"))] if group[0].because.endswith("_left") else []
    return stacked(*(line for one in group for line in _own_cap_says(one, look)), *left)


def _own_cap_says(one: AtCap, look: Look) -> Iterator[Text]:
    speech = look.speech
    if one.claim.entry is not None:
        yield plain(f"· {one.claim.entry.name}", "dim")
    if one.beyond is None:
        yield Text(
            speech.say("worked out: {award}, more than the cap", award=look.money(whole_yuan(one.award or 0)))
        )
        return
    figure, reached = one.beyond
    yield plain(
        speech.say(
            "{figure} of {value}: at the cap from {reached} on",
            figure=operand_name(figure, speech),
            value=shown_value(figure.value, figure.field, speech),
            reached=shown_value(reached, figure.field, speech),
        )
    )


def _mend_says(mend: Mend, estimate: Estimate, speech: Language) -> str:
    if mend.add:
        return speech.say("be one of: {kinds}", kinds=kinds_text(mend.add, estimate.rules.vocabulary, speech))
    name = speech.name(mend.field.label) if mend.field is not None else mend.path
    before = shown_value(mend.before, mend.field, speech)
    after = shown_value(mend.after, mend.field, speech)
    return speech.say("{figure}: {before} → {after}", figure=name, before=before, after=after)
