"""Prints a what-if as people read it: the gain, the changes, claim by claim, and the curve of a sweep."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from calc.engine.estimate import Estimate
from calc.engine.kinks import Curve, Kink
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput, Outcome
from calc.engine.whatif import Difference, Side, differences
from calc.enterprise.changes import Setting
from calc.enterprise.numbers import NUMBER_TYPES, NumberError, read_number
from calc.enterprise.schema import read_day
from calc.present.data.whatif import WhatIf
from calc.present.figures import shown_value
from calc.present.folding import folded, plain, stacked
from calc.present.language import Language
from calc.present.look import Look, count_name, reading_name, signed
from calc.present.views.chart import chart, kink_marks, unit_of
from calc.present.views.sections import titled
from calc.present.views.tables import Column, framed, table
from calc.present.views.terminal import show
from calc.present.words.claims import because_says, missing_name, reason_says
from calc.present.words.kinks import kink_what
from calc.present.words.steps import step_says

_READABLE = 24
_ROUNDING = 10
"""Awards are cut to the yuan: so few yuan are no jump."""


def print_whatif(answer: WhatIf, speech: Language, *, in_yuan: bool) -> None:
    """Print before and after, and of a sweep the curve, its kinks and its points."""
    show(lambda width: Group(whatif_view(answer, Look(speech, in_yuan, width)), Text()))


def whatif_view(answer: WhatIf, look: Look) -> RenderableType:
    """The whole answer as something Rich can print."""
    parts: list[RenderableType] = [_heading(answer, look)]
    if answer.settings:
        parts += [*_changes(answer.settings, look), *_claims(answer.before, answer.after, look)]
    if answer.curve is not None:
        parts += _curve(answer.curve, look)
    return Group(*parts)


def _heading(answer: WhatIf, look: Look) -> RenderableType:
    say, before, after = look.speech.say, answer.before, answer.after
    name = say("{name} · claim year {year}", name=before.enterprise.name, year=before.claim_year)
    lines = [plain(name, "bold")]
    if answer.settings:
        gain = after.total - before.total
        sums = {"before": look.money(before.total), "after": look.money(after.total)}
        lines += [_gain(gain, look), Text(say("Up to {before} before, {after} after", **sums))]
    else:
        lines.append(Text(say("Up to {total}", total=look.money(before.total)), "bold green"))
    reading = reading_name(after.stacking, look.speech)
    count = count_name(after.count, look.speech)
    lines.append(Text(say("reading: {reading} · counted: {count}", reading=reading, count=count), "dim"))
    if not answer.is_proven:
        lines.append(Text(say("Not proven: a combination that pays more may exist."), "bold red"))
    return framed(lines, look.width, "green" if answer.is_proven else "red")


def _gain(gain: int, look: Look) -> Text:
    say = look.speech.say
    if gain > 0:
        return Text(say("{sum} more", sum=look.money(gain)), "bold green")
    if gain < 0:
        return Text(say("{sum} less", sum=look.money(-gain)), "bold red")
    return Text(say("The total stays the same"), "bold")


def _changes(settings: Sequence[Setting], look: Look) -> Iterator[RenderableType]:
    say, speech = look.speech.say, look.speech
    names = []
    for one in settings:
        label = speech.name(one.named.field.label)
        names.append(stacked(plain(label), plain(one.path, "dim")))
    yield from titled(say("What was changed"), "", look)
    yield table(
        (
            Column(say("figure"), names),
            Column(say("before"), [plain(_value(one.before, one, speech)) for one in settings]),
            Column(say("after"), [plain(_value(one.after, one, speech), "bold") for one in settings]),
        ),
        look.width,
    )


def _value(leaf: Any, setting: Setting, speech: Language) -> str:
    """A leaf of the file for people, with its unit."""
    field = setting.named.field
    if leaf is None and field.type == "flag":
        is_true = setting.path == "enterprise.in_zone"  # the one flag that is true where it is not given
        return speech.say("yes") if is_true else speech.say("no")
    if isinstance(leaf, list):
        return shown_value(tuple(map(str, leaf)), field, speech) if leaf else "[]"
    if field.type in NUMBER_TYPES and leaf is not None:
        try:
            return shown_value(read_number(leaf, field.type), field, speech)
        except NumberError:
            return str(leaf)
    return shown_value(read_day(leaf) or leaf if field.type == "date" else leaf, field, speech)


def _claims(before: Estimate, after: Estimate, look: Look) -> Iterator[RenderableType]:
    say = look.speech.say
    found = differences(before, after)
    counted = [one for one in found if _spared(one.before) is None and _spared(one.after) is None]
    spared = [one for one in found if one not in counted]
    same = len({(one.claim.item_id, one.claim.subject) for one in before.outcomes}) - sum(
        one.before is not None for one in found
    )
    yield from titled(say("Claim by claim"), look.unit, look)
    if counted:
        sums = [(_granted(one.before), _granted(one.after)) for one in counted]
        yield _compared(counted, sums, (before, after), look, total=(before.total, after.total))
    if spared:
        yield from titled(say("Spared in kind"), look.unit, look)
        yield _compared(
            spared,
            [(_spared(one.before) or 0, _spared(one.after) or 0) for one in spared],
            (before, after),
            look,
        )
    text = say("{count} other claims stay as they are", count=same) if found else say("No claim changes.")
    yield folded(Text(text, "dim"), look.width)


def _granted(side: Side | None) -> int:
    return side.granted if side is not None else 0


def _spared(side: Side | None) -> int | None:
    return side.outcome.spared if side is not None and isinstance(side.outcome, Eligible) else None


def _compared(
    found: Sequence[Difference],
    sums: Sequence[tuple[int, int]],
    answers: tuple[Estimate, Estimate],
    look: Look,
    total: tuple[int, int] | None = None,
) -> RenderableType:
    say = look.speech.say
    names = [look.claim(one.claim) for one in found]
    why = [plain(_happened(one, answers, look.speech)) for one in found]
    if total is not None:
        sums, names, why = [*sums, total], [*names, Text(say("total"), "bold")], [*why, Text()]
    changes = look.sums(other - one for one, other in sums)
    return table(
        (
            Column(say("item"), names),
            Column(say("before"), look.sums(one for one, _ in sums), "sum"),
            Column(say("after"), look.sums(other for _, other in sums), "sum"),
            Column(say("change"), [signed(text) for text in changes], "sum"),
            Column(say("what changes"), why, readable=_READABLE),
        ),
        look.width,
    )


def _happened(one: Difference, answers: tuple[Estimate, Estimate], speech: Language) -> str:
    """What becomes of a claim, in words."""
    say = speech.say
    if one.after is None:
        return say("no longer a claim")
    now, why = _status(one.after.outcome, speech), _why(one.after, answers[1], speech)
    then = _status(one.before.outcome, speech) if one.before is not None else say("new")
    if then != now:
        return say("{then} → {now}: {why}", then=then, now=now, why=why) if why else f"{then} → {now}"
    if one.before is not None and one.before.dropped is not None and one.after.dropped is None:
        return say("before: {why}", why=_why(one.before, answers[0], speech))
    return why


def _status(outcome: Outcome, speech: Language) -> str:
    match outcome:
        case Barred():
            return speech.say("closed")
        case Ineligible():
            return speech.say("not eligible")
        case NeedsInput():
            return speech.say("a figure is missing")
        case Eligible():
            return speech.say("eligible")


def _why(side: Side, answer: Estimate, speech: Language) -> str:
    """Why a claim is not open, or gets no more than it gets."""
    outcome, why = side.outcome, list[str]()
    match outcome:
        case Barred() | Ineligible():
            why = [reason_says(reason, answer, speech) for reason in outcome.reasons]
        case NeedsInput():
            why = [missing_name(operand, speech) for operand in outcome.missing]
        case Eligible() if side.dropped is not None:
            why = [because_says(side.dropped, answer, speech)]
        case Eligible():
            limits = [one for one in outcome.steps if one.kind in ("capped", "expected")]
            why = [step_says(one, speech) for one in limits[-1:]]
    return speech.semicolon.join(why)


def _jump(kink: Kink) -> int | None:
    """The total just below a kink, where it is another."""
    return kink.total_below if abs(kink.total - kink.total_below) > _ROUNDING else None


def _curve(curve: Curve, look: Look) -> Iterator[RenderableType]:
    say, speech = look.speech.say, look.speech
    name = speech.name(curve.field.label)
    yield from titled(say("The total as {figure} moves", figure=name), look.unit, look)
    drawing = chart(curve, look)
    if drawing is not None:
        drawing.stylize("cyan")
        yield drawing
        unit = unit_of(curve.field, look)
        path = say("{path} ({unit})", path=curve.path, unit=unit) if unit else curve.path
        axis = say("across: {path}", path=path)
        yield folded(plain(axis, "dim"), look.width)
    yield from titled(say("Where it bends"), look.unit, look)
    if curve.kinks:
        yield table(
            (
                Column("", [Text(mark, "bold") for mark in kink_marks(curve.kinks)], "whole"),
                Column(
                    say("from this value"),
                    [plain(shown_value(one.value, curve.field, speech)) for one in curve.kinks],
                    "sum",
                ),
                Column(say("just below"), look.sums(_jump(one) for one in curve.kinks), "sum"),
                Column(say("total"), look.sums(one.total for one in curve.kinks), "sum"),
                Column(
                    say("why"), [plain(kink_what(one, speech)) for one in curve.kinks], readable=_READABLE
                ),
            ),
            look.width,
        )
    else:
        yield folded(Text(say("Nowhere within this span.")), look.width)
    if not curve.is_searched:
        text = say("The span is too long to look everywhere: there may be more; try a shorter one.")
        yield folded(Text(text, "yellow"), look.width)
    yield from titled(say("Point by point"), look.unit, look)
    values = [plain(shown_value(point.value, curve.field, speech)) for point in curve.points]
    totals = look.sums(point.total for point in curve.points)
    yield table((Column(name, values, "sum"), Column(say("total"), totals, "sum")), look.width)
