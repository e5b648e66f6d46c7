"""Prints the whole choice: what stands against what, what each alternative pays, the next best."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rich.console import Group as Renderables
from rich.console import RenderableType
from rich.text import Text

from calc.engine.combine.alternatives import Alternative
from calc.engine.combine.groups import Group, GroupKind, Share
from calc.engine.estimate import Estimate
from calc.engine.explain import Choice
from calc.present.folding import folded, plain, stacked
from calc.present.look import Look, reading_name
from calc.present.views.sections import Section, laid_out
from calc.present.views.tables import Column, first_fitting, joined, table
from calc.present.words import explanations as explain_words
from calc.present.words.claims import claim_name


def choice_view(choice: Choice, answer: Estimate, look: Look) -> RenderableType:
    """The conflicts as groups, the alternatives with their totals, the next best, the other readings."""
    return Renderables(*laid_out(lambda within: _sections(choice, answer, within), look))


def _sections(choice: Choice, answer: Estimate, look: Look) -> Iterator[Section]:
    yield _overview(choice, answer, look)
    totals = {one.index: one for one in choice.alternatives}
    titles: dict[GroupKind, str] = {
        "subject": look.speech.say("Rivals on one subject"),
        "base": look.speech.say("One base, shared to the yuan"),
        "exclusive": look.speech.say("Kept apart by the rules"),
        "quota": look.speech.say("So many claims of an item a year"),
    }
    for kind, title in titles.items():
        groups = [group for group in choice.groups if group.kind == kind]
        if groups:
            yield Section(title, _rivals(groups, totals, answer, look), look.unit)
    for group in choice.groups:
        if group.kind == "item":
            yield Section(look.speech.say("One item of all"), _items(group, totals, answer, look), look.unit)
    caps = [group for group in choice.groups if group.kind == "cap"]
    if caps and not answer.combination.problem.is_one_item:
        yield Section(look.speech.say("Under one cap"), _rivals(caps, totals, answer, look), look.unit)
    yield _next_best(choice, answer, look)
    yield _readings(choice, look)


def _overview(choice: Choice, answer: Estimate, look: Look) -> Section:
    """How many claims were to choose from, and how many were taken."""
    say, held = look.speech.say, answer.combination
    free = {one.index for one in held.problem.candidates}
    free -= {share.index for group in choice.groups for share in group.shares}
    taken, counted = len(held.grants), len(held.problem.candidates)
    lines = [say("of {counted} claims that count, {taken} are taken", taken=taken, counted=counted)]
    if not choice.groups:
        lines.append(say("no claim conflicts with another: all that counts is granted in full"))
    elif free:
        amount = look.money(sum(held.grants.get(index, 0) for index in free))
        lines.append(say("{count} of them conflict with no other: {sum}", count=len(free), sum=amount))
    return Section(say("The choice"), stacked(*(folded(Text(line), look.width) for line in lines)))


class _Row(NamedTuple):
    """A line of a table of groups: a claim, or above the claims of a group what the group is about."""

    group: Group
    share: Share | None


def _rivals(
    groups: Sequence[Group], totals: dict[int, Alternative], answer: Estimate, look: Look
) -> RenderableType:
    """Groups below each other: who stands against whom, alone and granted, and the total if taken instead.

    What a group is about stands beside its claims where there is room, and else above them.
    """
    say = look.speech.say
    title = say("cap") if groups[0].kind in ("cap", "quota") else say("subject")
    rows = [_Row(group, share) for group in groups for share in group.shares]
    heads = [
        plain(_head(row.group, answer, look)) if row.share is row.group.shares[0] else Text() for row in rows
    ]
    beside = [Column(title, heads), *_claims(say("item"), rows, answer, look)]
    headed = [_Row(group, share) for group in groups for share in (None, *group.shares)]
    above = _claims(f"{title} · {say('item')}", headed, answer, look)
    choices = (
        [*beside, *_sums(rows, totals, answer, look)],
        [*above, *_sums(headed, totals, answer, look)],
        [joined(*above), *_sums(headed, totals, answer, look)[-3:]],
    )
    return table(first_fitting(choices, look.width), look.width)


def _claims(title: str, rows: Sequence[_Row], answer: Estimate, look: Look) -> list[Column]:
    """Whether each claim is taken, and its name."""
    marks = [_mark(row.share.granted > 0) if row.share else Text() for row in rows]
    return [Column("", marks, "whole"), Column(title, [_name(row, answer, look) for row in rows])]


def _mark(is_taken: bool) -> Text:
    return Text("✓", "green") if is_taken else Text("·", "dim")


def _sums(rows: Sequence[_Row], totals: dict[int, Alternative], answer: Estimate, look: Look) -> list[Column]:
    say, shares = look.speech.say, [row.share for row in rows]
    others = [totals.get(share.index) if share else None for share in shares]
    columns = [
        (say("alone"), look.sums(share.amount if share else None for share in shares)),
        (say("part of the base"), look.sums(share.part if share else None for share in shares)),
        (say("granted"), _granted(shares, look)),
        (say("total if taken"), look.sums(one.total if one else None for one in others)),
        (say("difference"), look.sums(one.total - answer.total if one else None for one in others)),
    ]
    if all(share is None or share.part is None for share in shares):
        del columns[1]
    return [Column(title, sums, "sum") for title, sums in columns]


def _granted(shares: Sequence[Share | None], look: Look) -> list[Text]:
    sums = look.sums(share.granted if share else None for share in shares)
    return [
        Text("–", "dim") if share and not share.granted else Text(text.plain, "bold green")
        for text, share in zip(sums, shares, strict=True)
    ]


def _head(group: Group, answer: Estimate, look: Look) -> str:
    """What a group is about: a subject, the base on it, or a cap."""
    say, claims = look.speech.say, [answer.outcomes[share.index].claim for share in group.shares]
    limit = look.money(group.limit or 0)
    match group.kind:
        case "cap":
            titles = dict.fromkeys(look.speech.name(claim.item.title) for claim in claims)
            return say("{items}: {cap}", items=look.speech.comma.join(titles), cap=limit)
        case "quota":
            title = look.speech.name(claims[0].item.title)
            return say(
                "{items}: {cap}", items=title, cap=say("at most {count} claims a year", count=group.limit)
            )
        case "base":
            return say("{subject}: a base of {base}", subject=look.subject(claims[0]).plain, base=limit)
        case "exclusive" if len({claim.subject for claim in claims}) > 1:
            return say("the enterprise")
        case _:
            return look.subject(claims[0]).plain


def _name(row: _Row, answer: Estimate, look: Look) -> Text:
    """A claim of a group, without what the group's head says already; or the head."""
    if row.share is None:
        return plain(_head(row.group, answer, look), "bold")
    claims = [answer.outcomes[each.index].claim for each in row.group.shares]
    claim = answer.outcomes[row.share.index].claim
    if len({each.item_id for each in claims}) == 1:
        return look.subject(claim)
    if len({each.subject for each in claims}) == 1:
        return look.item(claim.item_id, claim.item)
    return plain(claim_name(claim, look.speech))


def _items(group: Group, totals: dict[int, Alternative], answer: Estimate, look: Look) -> RenderableType:
    """Under ``strict``: each item with what it pays alone, the best first."""
    say, rows = look.speech.say, []
    by_item = groupby(group.shares, key=lambda share: answer.outcomes[share.index].claim.item_id)
    for item_id, members in by_item:
        shares = [*members]
        is_taken = any(share.granted for share in shares)
        best = answer.total if is_taken else max(totals[share.index].total for share in shares)
        rows.append((item_id, len(shares), best, is_taken))
    rows.sort(key=lambda row: (-row[2], not row[3]))
    names = [look.item(item_id, answer.rules.items[item_id]) for item_id, *_ in rows]
    marks = Column("", [_mark(taken) for *_, taken in rows], "whole")
    items = Column(say("item"), names)
    costs = [best - answer.total or None for _, _, best, _ in rows]
    sums = (
        Column(say("claims"), [Text(str(count)) for _, count, _, _ in rows], "sum"),
        Column(say("total if taken"), look.sums(best for _, _, best, _ in rows), "sum"),
        Column(say("difference"), look.sums(costs), "sum"),
    )
    choices = ((marks, items, *sums), (joined(marks, items), *sums))
    return table(first_fitting(choices, look.width), look.width)


def _next_best(choice: Choice, answer: Estimate, look: Look) -> Section:
    say, best = look.speech.say, choice.next_best
    title = say("The next best combination")
    if best is None:
        return Section(title, folded(Text(say("There is none: no claim had to be dropped.")), look.width))
    lines = [*_alternative(best, answer, look)]
    lower = choice.next_lower
    if best.total == answer.total and lower is not None:
        lines += [Text(say("Of those that pay less, the best:")), *_alternative(lower, answer, look)]
    return Section(title, stacked(*(folded(line, look.width) for line in lines)))


def _alternative(one: Alternative, answer: Estimate, look: Look) -> Iterator[Text]:
    say, cost = look.speech.say, answer.total - one.total
    sums = {"total": look.money(one.total), "cost": look.money(cost)}
    first = (
        say("{total}: {cost} less", **sums)
        if cost
        else say("{total}: the same total, with other claims", **sums)
    )
    yield Text(first, "bold")
    yield from map(plain, explain_words.change_lines(one, answer, look))


def _readings(choice: Choice, look: Look) -> Section:
    """One line for each reading: the total, how many claims, the next best."""
    say, found = look.speech.say, choice.readings
    nexts = [best.total if best else None for _, best in found.values()]
    costs = [best.total - one.total if best else None for one, best in found.values()]
    columns = [
        Column(say("reading"), [Text(stacking) for stacking in found], "whole"),
        Column(say("what may be added up"), [Text(reading_name(one, look.speech)) for one in found]),
        Column(say("total"), look.sums(one.total for one, _ in found.values()), "sum"),
        Column(say("claims"), [Text(str(len(one.grants))) for one, _ in found.values()], "sum"),
        Column(say("next best"), look.sums(nexts, nothing="–"), "sum"),
        Column(say("difference"), look.sums(costs), "sum"),
    ]
    lean = [columns[0], *columns[2:]]
    body = table(first_fitting((columns, lean), look.width), look.width)
    return Section(say("The four readings"), body, look.unit)
