"""What other rules would change of a budget, as tables of plain data: sums in yuan."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal

from calc.batch.budget.piece import Mover
from calc.batch.budget.run import Budget, Side
from calc.batch.budget.tally import WHOLE
from calc.engine.combine.problem import STACKINGS
from calc.engine.estimate import GRADES
from calc.policy.rules import Rules
from calc.present.data.budget import Cell, Heading, Sheet, pools_sheet
from calc.present.language import Language
from calc.present.look import grade_name, reading_name
from calc.present.words.budget import (
    Line,
    department_lines,
    item_lines,
    kind_names,
    measure_lines,
    size_names,
    size_note,
)

_MOVES: Final = ("gainers", "gainers_sum", "losers", "losers_sum", "unchanged")


def change_sheets(budget: Budget, speech: Language) -> Iterator[Sheet]:
    """What the other rules would change; nothing where there are none."""
    after = budget.after
    if after is None:
        return iter(())
    say, sides = speech.say, (budget.before, after)
    sheets = (
        _overall(sides, speech),
        _moves(budget, speech),
        _keyed("readings", say("Each reading, before and after"), _readings(sides, speech), speech),
        _keyed("grades", say("What the totals rest on, before and after"), _grades(sides, speech), speech),
        pools_sheet(after, "against", speech),
        _keyed(
            "measures",
            say("Measures, before and after"),
            _claims(sides, lambda rules: measure_lines(rules, speech)),
            speech,
        ),
        _keyed(
            "items",
            say("Items, before and after"),
            _claims(sides, lambda rules: item_lines(rules, speech)),
            speech,
        ),
        _keyed("departments", say("Departments, before and after"), _claims(sides, department_lines), speech),
        _spread(budget, sides, "kinds", speech),
        _spread(budget, sides, "sizes", speech),
        _movers(budget, "gainers", say("Who gains most"), speech),
        _movers(budget, "losers", say("Who loses most"), speech),
    )
    return (sheet for sheet in sheets if sheet.rows)


def _overall(sides: tuple[Side, Side], speech: Language) -> Sheet:
    say = speech.say
    before, after = sides
    rows: list[tuple[Cell, ...]] = [("total", say("up to"), *_compared(before.total, after.total))]
    if before.pools or after.pools:
        rows.append(("paid", say("after the budget pools"), *_compared(before.paid, after.paid)))
    return Sheet(
        "against",
        "overall",
        say("What the other rules would change"),
        (Heading("key", "", is_detail=True), Heading("title", ""), *_sum_columns(speech)),
        tuple(rows),
        bar="change",
    )


def _moves(budget: Budget, speech: Language) -> Sheet:
    say, moves = speech.say, budget.moves
    rows = (
        ("gainers", say("gain"), moves["all", WHOLE, "gainers"], moves["all", WHOLE, "gainers_sum"]),
        ("losers", say("lose"), moves["all", WHOLE, "losers"], -moves["all", WHOLE, "losers_sum"]),
        ("unchanged", say("stay as they are"), moves["all", WHOLE, "unchanged"], 0),
    )
    columns = (
        Heading("key", "", is_detail=True),
        Heading("title", ""),
        Heading("enterprises", say("enterprises"), "count"),
        Heading("change", say("difference"), "change"),
    )
    return Sheet("against", "moves", say("Who gains, who loses"), columns, rows, bar="change")


def _keyed(name: str, title: str, rows: Iterable[tuple[Cell, ...]], speech: Language) -> Sheet:
    """Rows of a key, a title, and what both rules give."""
    say = speech.say
    keys = {
        "readings": say("reading"),
        "grades": "",
        "measures": say("measure"),
        "items": say("item"),
        "departments": "",
    }
    titles = {
        "readings": say("what may be added up"),
        "grades": say("rests on"),
        "departments": say("department"),
    }
    return Sheet(
        "against",
        name,
        title,
        (
            Heading(name.removesuffix("s"), keys[name], is_detail=not keys[name]),
            Heading("title", titles.get(name, say("title"))),
            *_sum_columns(speech),
        ),
        tuple(rows),
        speech.say("An item of several departments stands under the first.") if name == "departments" else "",
        bar="change",
    )


def _readings(sides: tuple[Side, Side], speech: Language) -> Iterator[tuple[Cell, ...]]:
    for one in STACKINGS:
        yield one, reading_name(one, speech), *_in_both(sides, "readings", one)


def _grades(sides: tuple[Side, Side], speech: Language) -> Iterator[tuple[Cell, ...]]:
    for one in GRADES:
        yield one, grade_name(one, speech), *_in_both(sides, "grades", one)


def _claims(sides: tuple[Side, Side], lines_of: Callable[[Rules], list[Line]]) -> Iterator[tuple[Cell, ...]]:
    """What some items get under both rules, those only the others have last; without what gets nothing."""
    of_sides = [{line.key: line for line in lines_of(side.question.rules)} for side in sides]
    for key in dict.fromkeys(key for lines in of_sides for key in lines):
        line = of_sides[0].get(key) or of_sides[1][key]
        sums = [
            sum(side.tally["items", item, "sum"] for item in lines[key].items) if key in lines else 0
            for side, lines in zip(sides, of_sides, strict=True)
        ]
        if any(sums):
            yield str(key), line.title, *_compared(*sums)


def _spread(budget: Budget, sides: tuple[Side, Side], section: str, speech: Language) -> Sheet:
    """How the difference is spread over kinds or sizes of enterprises."""
    say, after = speech.say, sides[1]
    names = kind_names(after.question.rules, speech) if section == "kinds" else size_names(speech)
    title = say("By kind, before and after") if section == "kinds" else say("By size, before and after")
    columns = (
        Heading(section.removesuffix("s"), "", is_detail=True),
        Heading("title", say("kind") if section == "kinds" else say("size by last year's revenue")),
        *_sum_columns(speech),
        Heading("gainers", say("gain"), "count"),
        Heading("gainers_sum", say("gained"), "sum", is_detail=True),
        Heading("losers", say("lose"), "count"),
        Heading("losers_sum", say("lost"), "sum", is_detail=True),
        Heading("unchanged", say("unchanged"), "count", is_detail=True),
    )
    rows = (
        (
            key,
            name,
            *_in_both(sides, section, key),
            *(budget.moves[section, key, column] for column in _MOVES),
        )
        for key, name in names.items()
        if after.tally[section, key, "enterprises"]
    )
    note = (
        say("An enterprise of several kinds counts under each: together they exceed the total.")
        if section == "kinds"
        else size_note(speech)
    )
    return Sheet("against", section, title, columns, tuple(rows), note, bar="change")


def _movers(budget: Budget, name: Literal["gainers", "losers"], title: str, speech: Language) -> Sheet:
    """The first of those who gain or lose; where they are not all, the title says of how many."""
    say = speech.say
    movers: tuple[Mover, ...] = getattr(budget.movers, name)
    count = budget.moves["all", WHOLE, name]
    if len(movers) < count:
        title = say(
            "{title}: the first {shown} of {count}", title=title, shown=len(movers), count=f"{count:,}"
        )
    columns = (
        Heading("name", say("enterprise")),
        Heading("uscc", say("credit code"), is_detail=True),
        Heading("source", say("input"), is_detail=True),
        Heading("row", say("row"), "count", is_detail=True),
        Heading("claim_year", say("claim year")),
        *_sum_columns(speech),
    )
    rows = (
        (one.name, one.uscc, one.source, one.row, str(one.claim_year), one.before, one.after, one.change)
        for one in movers
    )
    return Sheet("against", name, title, columns, tuple(rows), bar="change")


def _sum_columns(speech: Language) -> tuple[Heading, ...]:
    return (
        Heading("before", speech.say("before"), "sum"),
        Heading("after", speech.say("after"), "sum"),
        Heading("change", speech.say("difference"), "change"),
    )


def _in_both(sides: tuple[Side, Side], section: str, key: str) -> tuple[Cell, ...]:
    before, after = (side.tally[section, key, "sum"] for side in sides)
    return _compared(before, after)


def _compared(before: int, after: int) -> tuple[Cell, ...]:
    return before, after, after - before
