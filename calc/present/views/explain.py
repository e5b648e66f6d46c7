"""Prints why an answer is what it is: all claims in brief, or those of some items in full."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from calc.engine.conditions import Examined
from calc.engine.estimate import Estimate
from calc.engine.explain import Explained, Explanation, NoClaim
from calc.engine.outcomes import Barred, Eligible, Ineligible, NeedsInput
from calc.policy.rules import Item
from calc.present.folding import folded, lines_of, plain, stacked
from calc.present.language import Language
from calc.present.look import Look
from calc.present.views.choice import choice_view
from calc.present.views.estimate import heading
from calc.present.views.measures import labelled_rows
from calc.present.views.sections import titled
from calc.present.views.tables import INDENT, Column, first_fitting, indented, joined, labelled, table
from calc.present.views.terminal import show
from calc.present.words import explanations as explain_words
from calc.present.words.claims import confirmations, reason_says
from calc.present.words.rules import RuleWords
from calc.present.words.steps import step_says

_READABLE: Final = 30
"""The width below which conditions are hard to read."""


def print_explanation(explanation: Explanation, speech: Language, *, in_yuan: bool) -> None:
    """Print an explanation to standard output."""
    show(lambda width: Group(explanation_view(explanation, Look(speech, in_yuan, width)), Text()))


def explanation_view(explanation: Explanation, look: Look) -> RenderableType:
    """The answer's heading, the claims in brief or in full, and the whole choice."""
    answer, choice = explanation.answer, explanation.choice
    parts = [heading(answer, look)]
    if explanation.is_brief:
        parts += _brief(explanation.claims, answer, look)
    else:
        parts += _full(explanation.found, answer, look)
    if choice is not None:
        parts.append(choice_view(choice, answer, look))
    return Group(*parts)


# --- in brief ---------------------------------------------------------------------------------------------


def _brief(claims: Sequence[Explained], answer: Estimate, look: Look) -> Iterator[RenderableType]:
    """Every claim with a line or two on why, in sections by what became of it."""
    say = look.speech.say
    if not claims:
        yield Text()
        yield folded(Text(say("The file triggers no claim in this year.")), look.width)
    titles = {
        "taken": say("What it is made of"),
        "dropped": say("Not taken"),
        "missing": say("Ask the client"),
        "not_counted": say("Worth money, not counted"),
        "in_kind": say("Spared in kind"),
        "ineligible": say("Not eligible yet"),
        "barred": say("Closed"),
    }
    for mark, title in titles.items():
        members = [one for one in claims if _section(one, answer) == mark]
        if members:
            yield from titled(title, "", look)
            yield indented(_briefly(members, answer, look._replace(width=look.width - INDENT)))


def _section(one: Explained, answer: Estimate) -> str:
    match one.outcome:
        case Barred():
            return "barred"
        case Ineligible():
            return "ineligible"
        case NeedsInput():
            return "missing"
        case Eligible(spared=int()):
            return "in_kind"
        case Eligible(amount=0):
            return "not_counted"
        case _:
            return "taken" if one.place in answer.combination.grants else "dropped"


def _briefly(claims: Sequence[Explained], answer: Estimate, look: Look) -> RenderableType:
    """A table of claims with why, an empty line between two."""
    last = len(claims) - 1
    apart = [[Text()] if place < last else [] for place in range(len(claims))]
    names = [stacked(look.claim(one.outcome.claim), *gap) for one, gap in zip(claims, apart, strict=True)]
    whys = [stacked(*_brief_lines(one, answer, look), *gap) for one, gap in zip(claims, apart, strict=True)]
    say = look.speech.say
    return table((Column(say("item"), names), Column(say("explanation"), whys)), look.width)


def _brief_lines(one: Explained, answer: Estimate, look: Look) -> Iterator[Text]:
    text, style = explain_words.verdict(one, answer, look)
    if not isinstance(one.outcome, Barred | Ineligible):
        yield plain(text, style)
    if isinstance(one.outcome, Eligible):
        yield from (plain(line) for line in _reckoning(one, look))
    yield from (plain(line) for line in explain_words.hindrances(one, answer, look))
    yield from (plain(line) for line in explain_words.choice_lines(one, answer, look))


def _reckoning(one: Explained, look: Look) -> Iterator[str]:
    """How a claim came to its sum, in brief."""
    met = explain_words.conditions_met(one.conditions, look.speech)
    if met:
        yield met
    if isinstance(one.outcome, Eligible) and (one.outcome.amount or one.outcome.spared):
        yield from (step_says(step, look.speech) for step in one.outcome.steps)


# --- in full ----------------------------------------------------------------------------------------------


def _full(found: Sequence[Explained | NoClaim], answer: Estimate, look: Look) -> Iterator[RenderableType]:
    """Claims in full, each with its conditions and its sum; below an item's last what its clause says."""
    for item_id, group in groupby(found, key=_item_id):
        members = [*group]
        claims = [one for one in members if isinstance(one, Explained)]
        for one in members:
            yield Text()
            if isinstance(one, NoClaim):
                yield from _no_claim(one, answer, look)
            else:
                rows = [*_item_rows(item_id, claims, answer, look)] if one is claims[-1] else []
                yield from _claim(one, rows, answer, look)


def _item_id(one: Explained | NoClaim) -> str:
    return one.item_id if isinstance(one, NoClaim) else one.outcome.claim.item_id


def _title(item_id: str, item: Item, look: Look, name: str = "") -> Text:
    title = Text("  ").join((plain(item_id, "bold cyan"), plain(look.speech.name(item.title), "bold")))
    if name:
        title = Text.assemble(title, plain(f" · {name}", "bold"))
    return folded(title, look.width)


def _claim(
    one: Explained, item_words: Sequence[tuple[str, Text]], answer: Estimate, look: Look
) -> Iterator[RenderableType]:
    """One claim: its verdict, its conditions, its sum and its place in the choice."""
    claim, within = one.outcome.claim, look.width - INDENT
    name = claim.entry.name if claim.entry is not None and one.place is not None else ""
    yield _title(claim.item_id, claim.item, look, name)
    text, style = explain_words.verdict(one, answer, look)
    yield folded(plain(text, style), look.width)
    if one.conditions:
        yield Text()
        yield indented(_conditions(one, answer, look._replace(width=within)))
    rows = [row for row in (*_own_rows(one, answer, look), *item_words) if row[1].plain]
    if rows:
        yield Text()
        yield indented(labelled(rows, within))


def _conditions(one: Explained, answer: Estimate, look: Look) -> RenderableType:
    """Each condition with what the enterprise declares beside the threshold."""
    say, speech, vocabulary = look.speech.say, look.speech, answer.rules.vocabulary
    words = RuleWords(one.outcome.claim.item, vocabulary, speech).conditions()
    marks = [explain_words.MARKS[each.verdict] for each in one.conditions]
    declared = [explain_words.condition_value(each, vocabulary, speech) for each in one.conditions]
    mark = Column("", [Text(mark, f"bold {style}") for mark, style in marks], "whole")
    condition = Column(say("condition"), _shaded(words, one.conditions), readable=_READABLE)
    rest = [Column(say("as declared"), _shaded(declared, one.conditions))]
    for title, texts in (
        (say("threshold"), [explain_words.condition_threshold(each, speech) for each in one.conditions]),
        (say("short by"), [explain_words.condition_shortfall(each, speech) for each in one.conditions]),
    ):
        if any(texts):
            rest.append(Column(title, _shaded(texts, one.conditions)))
    choices = ([mark, condition, *rest], [joined(mark, condition), *rest])
    return table(first_fitting(choices, look.width), look.width)


def _shaded(texts: Sequence[str], conditions: Sequence[Examined]) -> list[Text]:
    """Texts in the colour of a verdict, where it is not that the condition holds."""
    return [
        plain(text, "" if one.verdict == "holds" else explain_words.MARKS[one.verdict][1])
        for text, one in zip(texts, conditions, strict=True)
    ]


def _own_rows(one: Explained, answer: Estimate, look: Look) -> Iterator[tuple[str, Text]]:
    say, outcome = look.speech.say, one.outcome
    match outcome:
        case Barred():
            yield say("why"), lines_of(explain_words.hindrances(one, answer, look))
        case NeedsInput(missing=missing):
            yield say("ask for"), lines_of(explain_words.hindrances(one, answer, look))
            yield say("fill in"), lines_of(operand.path for operand in missing)
        case Eligible(steps=steps):
            yield say("worked out"), lines_of(step_says(step, look.speech) for step in steps)
            if outcome.claim.item.grade != "service":
                ways = explain_words.ways_to_count(outcome, answer, look.speech)
                yield say("counts with"), lines_of(line for way in ways for line in way.split("\n"))
        case _:
            pass
    choice = [
        *explain_words.choice_lines(one, answer, look),
        *explain_words.weighing_lines(one, answer, look),
    ]
    yield say("the choice"), lines_of(choice)


def _item_rows(
    item_id: str, claims: Sequence[Explained], answer: Estimate, look: Look
) -> Iterator[tuple[str, Text]]:
    """What the clause of an item says; to confirm is what all its claims leave to confirm."""
    texts = (text for one in claims for text in confirmations(one.outcome.claim, answer, look.speech))
    confirm = [*dict.fromkeys(texts)]
    return labelled_rows(item_id, answer.rules, look.speech, has_conditions=False, confirm=confirm)


def _no_claim(one: NoClaim, answer: Estimate, look: Look) -> Iterator[RenderableType]:
    """An item that nothing triggers: what would, what the file holds instead, and the rules of it."""
    say, item = look.speech.say, answer.rules.items[one.item_id]
    yield _title(one.item_id, item, look)
    trigger = RuleWords(item, answer.rules.vocabulary, look.speech).trigger()
    text = say("No claim in {year}; it would take: {trigger}", year=answer.claim_year, trigger=trigger)
    yield folded(plain(text, "bold yellow"), look.width)
    yield Text()
    entries = [
        say("{name} ({year})", name=entry.name, year=entry.year) if entry.year else entry.name
        for entry in one.elsewhere
    ]
    held = plain(look.speech.comma.join(entries))
    barred = lines_of(reason_says(reason, answer, look.speech) for reason in one.bars)
    rows = [(say("the file has"), held), (say("even then"), barred)]
    rows += [*labelled_rows(one.item_id, answer.rules, look.speech)]
    yield indented(labelled(rows, look.width - INDENT))
