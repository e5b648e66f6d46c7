"""The sections of a printed estimate, each a title and a body, or nothing where there is nothing to say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from calc.engine.claims import Claim
from calc.engine.estimate import Estimate, rests_on
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput, Outcome
from calc.present import estimate_data
from calc.present.figures import aligned, bare_money, money
from calc.present.language import Language
from calc.present.safe import visible
from calc.present.wording import because_says, confirmations, missing_name, reason_says

Section: TypeAlias = tuple[str, RenderableType] | None

_WIDE: Final = 96
"""From this width on, subjects and departments have columns of their own."""
_ITEM_WIDTH: Final = 24
"""No identifier of an item is longer, so none is folded."""


class Look(NamedTuple):
    """How an answer is shown: its language, its unit, its width in columns."""

    speech: Language
    in_yuan: bool
    width: int

    def money(self, yuan: int) -> str:
        """A sum with its unit."""
        return money(yuan, self.speech, in_yuan=self.in_yuan)

    def unit(self) -> str:
        """The unit that stands in the heading of a column of sums."""
        return self.speech.say("yuan") if self.in_yuan else self.speech.say("10,000 yuan")

    def sums(self, yuan: Iterable[int | None], nothing: str = "") -> list[str]:
        """A column of sums, their decimal points below each other."""
        return aligned([nothing if one is None else bare_money(one, in_yuan=self.in_yuan) for one in yuan])

    def claim(self, claim: Claim) -> Text:
        """A claim by item and title, and below them its subject."""
        text = Text(f"{claim.item_id} {self.speech.name(claim.item.title)}")
        if claim.entry is not None:
            text.append(f"\n{self.subject(claim)}", style="dim")
        return text

    def subject(self, claim: Claim) -> str:
        """What a claim is about: the entry's name, or the enterprise's own year."""
        return visible(claim.entry.name) if claim.entry is not None else self.speech.say("the year")


def grade_name(grade: str, speech: Language) -> str:
    """What a sum rests on, in words."""
    names = {
        "stated": speech.say("stated"),
        "up_to_ratio": speech.say("up to a ratio"),
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


def _table(*columns: str, sums: Sequence[int] = ()) -> Table:
    """A table without a frame; the columns of ``sums`` are never cut or folded."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
    for place, heading in enumerate(columns):
        if place in sums:
            table.add_column(heading, justify="right", no_wrap=True, overflow="fold")
        else:
            least = _ITEM_WIDTH if place == 0 and heading else None
            table.add_column(heading, overflow="fold", min_width=least)
    return table


def chosen(estimate: Estimate, look: Look) -> Section:
    """What makes up the total."""
    speech = look.speech
    grants = estimate.combination.grants
    if not grants:
        return speech.say("What it is made of"), Text(speech.say("No claim counts anything yet."))
    outcomes = [one for index in grants if isinstance(one := estimate.outcomes[index], Eligible)]
    granted = look.sums(grants.values())
    alone = look.sums(one.amount for one in outcomes)
    is_wide = look.width >= _WIDE
    unit = look.unit()
    headings = [speech.say("item"), *([speech.say("subject")] if is_wide else [])]
    table = _table(
        *headings,
        speech.say("granted ({unit})", unit=unit),
        *([speech.say("alone")] if is_wide else []),
        speech.say("rests on"),
        sums=[len(headings), *([len(headings) + 1] if is_wide else [])],
    )
    for outcome, sum_granted, sum_alone in zip(outcomes, granted, alone, strict=True):
        claim = outcome.claim
        marker = " *" if claim.item.reviewed else ""
        basis = Text(f"{grade_name(rests_on(outcome), speech)}{marker}")
        number = Text(sum_granted, style="bold green")
        if is_wide:
            title = Text(f"{claim.item_id} {speech.name(claim.item.title)}")
            table.add_row(title, Text(look.subject(claim)), number, Text(sum_alone), basis)
        else:
            table.add_row(look.claim(claim), number, basis)
    if any(one.claim.item.reviewed for one in outcomes):
        table.caption = Text(speech.say("* paid pro rata within the year's budget"), style="dim")
        table.caption_justify = "left"
    return speech.say("What it is made of"), table


def dropped(estimate: Estimate, look: Look) -> Section:
    """What gets less than it counts alone, and why."""
    if not estimate.dropped:
        return None
    speech = look.speech
    table = _table(speech.say("item"), look.unit(), speech.say("why"), sums=(1,))
    amounts = look.sums(one.amount for one in estimate.dropped)
    grants = look.sums(one.granted for one in estimate.dropped)
    widest = max(len(granted) for granted in grants)
    for one, amount, granted in zip(estimate.dropped, amounts, grants, strict=True):
        claim = estimate.outcomes[one.index].claim
        sums = Text(f"{amount} → {granted:>{widest}}")
        table.add_row(look.claim(claim), sums, Text(because_says(one, estimate, speech)))
    return speech.say("Dropped or cut"), table


def missing(estimate: Estimate, look: Look) -> Section:
    """What to ask the client, and what each answer may open."""
    speech = look.speech
    blocked: defaultdict[str, list[Claim]] = defaultdict(list)
    names: dict[str, str] = {}
    for outcome in estimate.outcomes:
        if isinstance(outcome, NeedsInput):
            for operand in outcome.missing:
                names[operand.path] = missing_name(operand, speech)
                blocked[operand.path].append(outcome.claim)
    if not names:
        return None
    table = _table(speech.say("figure"), speech.say("needed for"))
    for path, name in names.items():
        figure = Text(visible(name))
        figure.append(f"\n{visible(path)}", style="dim")
        table.add_row(
            figure, Text("\n".join(f"{one.item_id} {speech.name(one.item.title)}" for one in blocked[path]))
        )
    return speech.say("Ask the client"), table


def totals(estimate: Estimate, look: Look) -> Section:
    """What each reading of the closing clause would pay."""
    speech = look.speech
    table = _table("", speech.say("reading"), look.unit(), sums=(2,))
    sums = look.sums(estimate.totals.values())
    for (stacking, _), total in zip(estimate.totals.items(), sums, strict=True):
        is_chosen = stacking == estimate.stacking
        style = "bold" if is_chosen else ""
        words = f"{stacking}  {reading_name(stacking, speech)}"
        table.add_row(Text("→" if is_chosen else " "), Text(words, style=style), Text(total, style=style))
    return speech.say("The four readings"), table


def _claims_with_sums(outcomes: Sequence[Eligible], sums: Sequence[str], heading: str, look: Look) -> Table:
    table = _table(look.speech.say("item"), heading, sums=(1,))
    for outcome, amount in zip(outcomes, sums, strict=True):
        table.add_row(look.claim(outcome.claim), Text(amount))
    return table


def not_counted(estimate: Estimate, look: Look) -> Section:
    """What is worth money but counts nothing yet."""
    speech = look.speech
    outcomes = estimate_data.not_counted(estimate)
    if not outcomes:
        return None
    sums = look.sums((one.ceiling for one in outcomes), nothing=speech.say("open"))
    heading = speech.say("at most ({unit})", unit=look.unit())
    return speech.say("Worth money, not counted"), _claims_with_sums(outcomes, sums, heading, look)


def in_kind(estimate: Estimate, look: Look) -> Section:
    """What is spared in kind."""
    outcomes = estimate_data.in_kind(estimate)
    if not outcomes:
        return None
    heading = look.speech.say("spared ({unit})", unit=look.unit())
    sums = look.sums(one.spared for one in outcomes)
    return look.speech.say("Spared in kind"), _claims_with_sums(outcomes, sums, heading, look)


def _with_reasons(outcomes: Sequence[Barred | Ineligible], estimate: Estimate, look: Look) -> Table:
    table = _table(look.speech.say("item"), look.speech.say("why"))
    for outcome in outcomes:
        says = "\n".join(reason_says(reason, estimate, look.speech) for reason in outcome.reasons)
        table.add_row(
            look.claim(outcome.claim), Text(visible(says.replace("\n", "\0")).replace("\\u{0}", "\n"))
        )
    return table


def ineligible(estimate: Estimate, look: Look) -> Section:
    """What fails on the figures given."""
    outcomes = [one for one in estimate.outcomes if isinstance(one, Ineligible)]
    return (
        (look.speech.say("Not eligible yet"), _with_reasons(outcomes, estimate, look)) if outcomes else None
    )


def barred(estimate: Estimate, look: Look) -> Section:
    """What is closed, and from when on it opens."""
    outcomes = [one for one in estimate.outcomes if isinstance(one, Barred)]
    return (look.speech.say("Closed"), _with_reasons(outcomes, estimate, look)) if outcomes else None


def _is_shown(outcome: Outcome) -> bool:
    return isinstance(outcome, Eligible | NeedsInput)


def to_confirm(estimate: Estimate, look: Look) -> Section:
    """What no figure tests, by item, each once."""
    speech = look.speech
    texts: dict[str, dict[str, None]] = {}
    claims: dict[str, Claim] = {}
    for outcome in filter(_is_shown, estimate.outcomes):
        claim = outcome.claim
        claims[claim.item_id] = claim
        texts.setdefault(claim.item_id, {}).update(dict.fromkeys(confirmations(claim, estimate, speech)))
    if not any(texts.values()):
        return None
    is_wide = look.width >= _WIDE
    headings = (
        speech.say("item"),
        speech.say("to confirm"),
        *([speech.say("department")] if is_wide else []),
    )
    table = _table(*headings)
    for item, confirms in texts.items():
        if confirms:
            departments = speech.comma.join(claims[item].item.departments)
            name, says = Text(item), Text("\n".join(confirms))
            if is_wide:
                table.add_row(name, says, Text(departments))
            else:
                table.add_row(name.append(f"\n{departments}", style="dim"), says)
    return speech.say("Confirm with the department"), table


def services(estimate: Estimate, look: Look) -> Section:
    """The services that are open."""
    if not estimate.services:
        return None
    items = estimate.rules.items
    names = [look.speech.name(items[name].title) for name in estimate.services]
    return look.speech.say("Open services"), Text(look.speech.semicolon.join(names))


def notes(estimate: Estimate, look: Look) -> Section:
    """The closing rules that hold for every answer."""
    texts = estimate.rules.policy.notes
    if not texts:
        return None
    grid = Table.grid(padding=(0, 1))
    grid.add_column()
    grid.add_column(overflow="fold")
    for note in texts:
        grid.add_row(Text("·", style="dim"), Text(look.speech.name(note), style="dim"))
    return look.speech.say("Bear in mind"), grid
