"""A budget as tables of plain data, which every form of output shows: sums in yuan, sections in order."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from calc.batch.answers import item_columns
from calc.batch.budget.run import Budget, Side
from calc.batch.budget.tally import WHOLE
from calc.engine.combine.problem import STACKINGS
from calc.engine.estimate import GRADES
from calc.engine.outcomes import STATUSES
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

Cell: TypeAlias = str | int | None
Kind: TypeAlias = Literal["text", "count", "sum", "change"]


class Heading(NamedTuple):
    """A column: its key for machines, its title, what its cells are; one of ``is_detail`` few ask for."""

    key: str
    title: str
    kind: Kind = "text"
    is_detail: bool = False


class Sheet(NamedTuple):
    """One table of a budget.

    ``part`` is ``budget``, or ``against`` where two rules are compared; ``note`` says how to read it; ``bar``
    is the key of the column that is drawn.
    """

    part: Literal["budget", "against"]
    name: str
    title: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    bar: str = ""


def budget_sheets(budget: Budget, speech: Language) -> Iterator[Sheet]:
    """What the portfolio would cost under the rules; sections that would be empty are left out."""
    side = budget.before
    rules = side.question.rules
    sheets = (
        _overall(budget, speech),
        _statuses(side, speech),
        _readings(side, speech),
        _grades(side, speech),
        pools_sheet(side, "budget", speech),
        _years(side, speech),
        _items(side, "measures", speech.say("By measure"), measure_lines(rules, speech), speech),
        _items(side, "items", speech.say("By item"), item_lines(rules, speech), speech),
        _departments(side, speech),
        _kinds(side, speech),
        _sizes(side, speech),
    )
    return (sheet for sheet in sheets if sheet.rows)


def _overall(budget: Budget, speech: Language) -> Sheet:
    say, side = speech.say, budget.before
    tally = side.tally
    rows: list[tuple[Cell, ...]] = [
        ("rows", say("rows"), budget.rows, None),
        ("errors", say("wrong, not counted"), budget.errors, None),
        ("enterprises", say("enterprises"), tally["all", WHOLE, "enterprises"], None),
        ("total", say("get something"), tally["all", WHOLE, "granted"], side.total),
    ]
    if side.pools:
        rows.append(("paid", say("after the budget pools"), None, side.paid))
    return Sheet(
        "budget",
        "overall",
        say("In all"),
        (
            Heading("key", "", is_detail=True),
            Heading("title", ""),
            Heading("number", say("number"), "count"),
            Heading("sum", say("up to"), "sum"),
        ),
        tuple(rows),
    )


def _statuses(side: Side, speech: Language) -> Sheet:
    say, tally, items = speech.say, side.tally, item_columns(side.question.rules)
    names = {
        "barred": say("barred"),
        "ineligible": say("not eligible"),
        "needs_input": say("lacks figures"),
        "eligible": say("eligible"),
        "granted": say("of these granted something"),
    }
    rows = ((key, name, sum(tally["items", item, key] for item in items)) for key, name in names.items())
    columns = (
        Heading("key", "", is_detail=True),
        Heading("title", say("status")),
        Heading("claims", say("claims"), "count"),
    )
    return Sheet("budget", "statuses", say("Claims by status"), columns, tuple(rows), bar="claims")


def _readings(side: Side, speech: Language) -> Sheet:
    return Sheet(
        "budget",
        "readings",
        speech.say("What each reading would cost"),
        (
            Heading("reading", speech.say("reading")),
            Heading("title", speech.say("what may be added up")),
            _sum(speech),
        ),
        tuple((one, reading_name(one, speech), side.tally["readings", one, "sum"]) for one in STACKINGS),
        bar="sum",
    )


def _grades(side: Side, speech: Language) -> Sheet:
    return Sheet(
        "budget",
        "grades",
        speech.say("What the total rests on"),
        (Heading("grade", "", is_detail=True), Heading("title", speech.say("rests on")), _sum(speech)),
        tuple((one, grade_name(one, speech), side.tally["grades", one, "sum"]) for one in GRADES),
        bar="sum",
    )


def _pools_note(speech: Language) -> str:
    return speech.say(
        "Short: asked less budget. Each grant is rounded down to whole yuan: a pool may keep a few."
    )


def pools_sheet(side: Side, part: Literal["budget", "against"], speech: Language) -> Sheet:
    """What each pool is asked for in each claim year, what it holds, pays and lacks."""
    say = speech.say
    columns = (
        Heading("pool", say("pool")),
        Heading("claim_year", say("claim year")),
        Heading("asked", say("asked"), "sum"),
        Heading("budget", say("budget"), "sum"),
        Heading("paid", say("paid"), "sum"),
        Heading("short", say("short"), "sum"),
    )
    rows = ((one.pool, str(one.year), one.asked, one.budget, one.paid, one.short) for one in side.pools)
    title = say("Budget pools") if part == "budget" else say("Budget pools under the other rules")
    return Sheet(part, "pools", title, columns, tuple(rows), _pools_note(speech), bar="short")


def _years(side: Side, speech: Language) -> Sheet:
    years = sorted({key for section, key, _ in side.tally if section == "years"})
    title = Heading("claim_year", speech.say("claim year"))
    lines = ((year, (year,)) for year in years)
    return Sheet(
        "budget",
        "years",
        speech.say("By claim year"),
        (title, *_enterprise_columns(speech)),
        tuple((*cells, *_of_enterprises(side, "years", year)) for year, cells in lines),
        bar="sum",
    )


def _items(side: Side, name: str, title: str, lines: Iterable[Line], speech: Language) -> Sheet:
    say = speech.say
    key = {"measures": say("measure"), "items": say("item")}[name]
    columns = (
        Heading(name.removesuffix("s"), key),
        Heading("title", say("title")),
        *_claim_columns(speech),
    )
    rows = ((str(line.key), line.title, *_of_claims(side, line.items)) for line in lines)
    return Sheet("budget", name, title, columns, tuple(row for row in rows if row[2]), bar="sum")


def _departments(side: Side, speech: Language) -> Sheet:
    lines = department_lines(side.question.rules)
    rows = ((line.title, *_of_claims(side, line.items)) for line in lines)
    return Sheet(
        "budget",
        "departments",
        speech.say("By department"),
        (Heading("department", speech.say("department")), *_claim_columns(speech)),
        tuple(row for row in rows if row[1]),
        speech.say("An item of several departments stands under the first."),
        bar="sum",
    )


def _kinds(side: Side, speech: Language) -> Sheet:
    names = kind_names(side.question.rules, speech)
    return Sheet(
        "budget",
        "kinds",
        speech.say("By kind of enterprise"),
        (
            Heading("kind", "", is_detail=True),
            Heading("title", speech.say("kind")),
            *_enterprise_columns(speech),
        ),
        tuple(
            (kind, name, *_of_enterprises(side, "kinds", kind))
            for kind, name in names.items()
            if side.tally["kinds", kind, "enterprises"]
        ),
        speech.say("An enterprise of several kinds counts under each: together they exceed the total."),
        bar="sum",
    )


def _sizes(side: Side, speech: Language) -> Sheet:
    return Sheet(
        "budget",
        "sizes",
        speech.say("By size of enterprise"),
        (
            Heading("size", "", is_detail=True),
            Heading("title", speech.say("size by last year's revenue")),
            *_enterprise_columns(speech),
        ),
        tuple(
            (size, name, *_of_enterprises(side, "sizes", size)) for size, name in size_names(speech).items()
        ),
        size_note(speech),
        bar="sum",
    )


def _sum(speech: Language) -> Heading:
    return Heading("sum", speech.say("up to"), "sum")


def _claim_columns(speech: Language) -> tuple[Heading, ...]:
    say = speech.say
    return (
        Heading("claims", say("claims"), "count"),
        Heading("barred", say("barred"), "count", is_detail=True),
        Heading("ineligible", say("not eligible"), "count", is_detail=True),
        Heading("needs_input", say("lacks figures"), "count", is_detail=True),
        Heading("eligible", say("eligible"), "count"),
        Heading("granted", say("granted claims"), "count"),
        _sum(speech),
    )


def _of_claims(side: Side, items: Iterable[str]) -> tuple[Cell, ...]:
    names = tuple(items)
    counts = [
        sum(side.tally["items", item, column] for item in names) for column in (*STATUSES, "granted", "sum")
    ]
    return (sum(counts[: len(STATUSES)]), *counts)


def _enterprise_columns(speech: Language) -> tuple[Heading, ...]:
    say = speech.say
    return (
        Heading("enterprises", say("enterprises"), "count"),
        Heading("granted", say("get something"), "count"),
        Heading("claims", say("claims"), "count"),
        Heading("eligible", say("eligible"), "count"),
        Heading("granted_claims", say("granted claims"), "count", is_detail=True),
        _sum(speech),
    )


def _of_enterprises(side: Side, section: str, key: str) -> tuple[Cell, ...]:
    columns = ("enterprises", "granted", "claims", "eligible", "granted_claims", "sum")
    return tuple(side.tally[section, key, column] for column in columns)
