"""What an estimate says about money: the combination, what was dropped, the readings, what is not counted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rich.console import Group, RenderableType
from rich.text import Text

from calc.engine.claims import Claim
from calc.engine.estimate import Estimate, rests_on
from calc.engine.outcomes import Eligible
from calc.present.data import estimate as estimate_data
from calc.present.folding import folded, plain
from calc.present.look import Look, grade_name, reading_name
from calc.present.views.tables import INDENT, Column, first_fitting, indented, is_roomy, table
from calc.present.words.claims import because_says

_REASON: Final = 30
"""The width below which reasons are hard to read."""


class Section(NamedTuple):
    """A part of a printed estimate; ``note`` stands behind its title."""

    title: str
    body: RenderableType
    note: str = ""


def laid_out(sections: Callable[[Look], Iterable[Section | None]], look: Look) -> Iterator[RenderableType]:
    """Sections below each other, each under its title and a little narrower than what is around it."""
    for section in sections(look._replace(width=look.width - INDENT)):
        if section is not None:
            yield from titled(section.title, section.note, look)
            yield indented(section.body)


def titled(title: str, note: str, look: Look) -> Iterator[RenderableType]:
    """The title of a section below an empty line, and behind it a note, as the unit of its sums."""
    shown = Text(title, "bold")
    if note:
        shown.append(look.speech.say(" ({unit})", unit=note), "dim")
    yield Text()
    yield folded(shown, look.width)


def claim_columns(claims: Sequence[Claim], look: Look) -> list[list[Column]]:
    """Claims in columns of their own where there is room, or else in one, the parts below each other."""
    say = look.speech.say
    ids = [plain(one.item_id, "cyan") for one in claims]
    titles = [look.title(one.item) for one in claims]
    subjects = [look.subject(one) for one in claims]
    return [
        [
            Column(say("item"), ids, "whole"),
            Column(say("title"), titles),
            Column(say("subject"), subjects),
        ],
        [Column(say("item"), [look.claim(one) for one in claims])],
    ]


def claims_with(rest: Sequence[Column], claims: Sequence[Claim], look: Look) -> RenderableType:
    """Claims, and beside them other columns."""
    choices = [[*columns, *rest] for columns in claim_columns(claims, look)]
    return table(first_fitting(choices, look.width), look.width)


def why_column(texts: Sequence[Text], look: Look) -> Column:
    """Reasons: a column that is hard to read where it is narrow."""
    return Column(look.speech.say("why"), texts, readable=_REASON)


def chosen(estimate: Estimate, look: Look) -> Section:
    """What makes up the total."""
    say = look.speech.say
    grants = estimate.combination.grants
    outcomes = [one for index in grants if isinstance(one := estimate.outcomes[index], Eligible)]
    if not outcomes:
        return Section(say("What it is made of"), Text(say("No claim counts anything yet.")))
    granted = [Text(one.plain, "bold green") for one in look.sums(grants.values())]
    alone = Column(say("alone"), look.sums(one.amount for one in outcomes), "sum")
    ceilings = look.sums((one.ceiling for one in outcomes), nothing="–")
    basis = [
        Text(f"{grade_name(rests_on(one), look.speech)}{' *' if one.claim.item.reviewed else ''}")
        for one in outcomes
    ]
    sums = Column(say("granted"), granted, "sum")
    most = Column(say("at most"), ceilings, "sum")
    rests = Column(say("rests on"), basis, "whole")
    wide, narrow = claim_columns([one.claim for one in outcomes], look)
    full = [*wide, sums, alone, most, rests]
    leaner = ([*wide, sums, alone, rests], [*narrow, sums, alone, rests], [*narrow, sums, rests])
    columns = full if is_roomy(full, look.width) else first_fitting(leaner, look.width)
    body = table(columns, look.width)
    if any(one.claim.item.reviewed for one in outcomes):
        marker = folded(Text(say("* paid pro rata within the year's budget"), "dim"), look.width)
        body = Group(body, marker)
    return Section(say("What it is made of"), body, look.unit)


def dropped(estimate: Estimate, look: Look) -> Section | None:
    """What gets less than it counts alone, and why."""
    if not estimate.dropped:
        return None
    say = look.speech.say
    claims = [estimate.outcomes[one.index].claim for one in estimate.dropped]
    rest = [
        Column(say("alone"), look.sums(one.amount for one in estimate.dropped), "sum"),
        Column(say("granted"), look.sums(one.granted for one in estimate.dropped), "sum"),
        why_column([plain(because_says(one, estimate, look.speech)) for one in estimate.dropped], look),
    ]
    return Section(say("Dropped or cut"), claims_with(rest, claims, look), look.unit)


def totals(estimate: Estimate, look: Look) -> Section:
    """What each reading of the closing clause would pay."""
    say = look.speech.say
    styles = {one: "bold" if one == estimate.stacking else "" for one in estimate.totals}
    sums = look.sums(estimate.totals.values())
    columns = [
        Column("", [Text("→" if style else " ", style) for style in styles.values()], "whole"),
        Column(say("reading"), [Text(one, style) for one, style in styles.items()], "whole"),
        Column(
            say("what may be added up"),
            [Text(reading_name(one, look.speech), style) for one, style in styles.items()],
        ),
        Column(
            say("total"),
            [Text(one.plain, style) for one, style in zip(sums, styles.values(), strict=True)],
            "sum",
        ),
    ]
    return Section(say("The four readings"), table(columns, look.width), look.unit)


def not_counted(estimate: Estimate, look: Look) -> Section | None:
    """What is worth money but counts nothing yet."""
    say = look.speech.say
    outcomes = estimate_data.not_counted(estimate)
    if not outcomes:
        return None
    sums = look.sums((one.ceiling for one in outcomes), nothing=say("open"))
    body = claims_with([Column(say("at most"), sums, "sum")], [one.claim for one in outcomes], look)
    legend = folded(Text(_how_to_count(estimate.count, look), "dim"), look.width)
    return Section(say("Worth money, not counted"), Group(body, legend), look.unit)


def _how_to_count(count: str, look: Look) -> str:
    """What makes one of them count."""
    say = look.speech.say
    match count:
        case "stated":
            return say("to count them: --count ratio, or --count ceiling")
        case "ratio":
            return say(
                "to count one: its expected sum in [[expect]]; or all at their ceilings: --count ceiling"
            )
        case _:
            return say("to count one: its expected sum in [[expect]]")


def in_kind(estimate: Estimate, look: Look) -> Section | None:
    """What is spared in kind."""
    say = look.speech.say
    outcomes = estimate_data.in_kind(estimate)
    if not outcomes:
        return None
    sums = Column(say("spared"), look.sums(one.spared for one in outcomes), "sum")
    body = claims_with([sums], [one.claim for one in outcomes], look)
    return Section(say("Spared in kind"), body, look.unit)


def services(estimate: Estimate, look: Look) -> Section | None:
    """The services that are open."""
    if not estimate.services:
        return None
    items = estimate.rules.items
    names = [look.speech.name(items[name].title) for name in estimate.services]
    return Section(
        look.speech.say("Open services"), folded(plain(look.speech.semicolon.join(names)), look.width)
    )


def notes(estimate: Estimate, look: Look) -> Section | None:
    """The closing rules that hold for every answer."""
    texts = estimate.rules.policy.notes
    if not texts:
        return None
    return Section(
        look.speech.say("Bear in mind"), bullets([look.speech.name(one) for one in texts], look.width)
    )


def bullets(texts: Sequence[str], width: int) -> RenderableType:
    """Texts below each other, each behind a dot."""
    columns = [
        Column("", [Text("·", "dim")] * len(texts), "whole"),
        Column("", [plain(one, "dim") for one in texts]),
    ]
    return table(columns, width, has_heading=False)
