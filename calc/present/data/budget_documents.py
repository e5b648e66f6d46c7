"""A budget for machines and notes: ``subsidy.budget/1``, one long table of CSV, Markdown; sums in yuan."""

from typing import Any, Final, NamedTuple

from calc.batch.budget.run import Budget, Side
from calc.batch.budget.tally import WHOLE
from calc.policy.rules import Rules
from calc.present.data.budget import Cell, Sheet, budget_sheets
from calc.present.data.budget_changes import change_sheets
from calc.present.language import Language
from calc.present.look import count_name, reading_name
from calc.present.safe import csv_of, markdown, markdown_row
from calc.present.words.layers import layer_lines

SCHEMA: Final = "subsidy.budget/1"


class Report(NamedTuple):
    """A budget as it is shown: its title, what it rests on, its sections, what to bear in mind."""

    title: str
    lines: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]
    budget: Budget


def report_of(budget: Budget, speech: Language) -> Report:
    """The budget in the words of a language."""
    say, side = speech.say, budget.before
    question = side.question
    rules = question.rules
    years = sorted(int(key) for section, key, _ in side.tally if section == "years")
    lines = [
        say(
            "reading: {reading} · counted: {count}",
            reading=reading_name(question.stacking, speech),
            count=count_name(question.count, speech),
        ),
        *layer_lines(rules, years, speech),
    ]
    if budget.after is not None:
        others = layer_lines(budget.after.question.rules, years, speech)
        lines += [say("against {rules}", rules=one) for one in others if one not in lines]
    if any(one.tally["all", WHOLE, "unproven"] for one in budget.sides):
        lines.append(say("Not proven: a combination that pays more may exist."))
    return Report(
        say("Budget for {policy}", policy=rules.policy.id),
        tuple(lines),
        (*budget_sheets(budget, speech), *change_sheets(budget, speech)),
        tuple(speech.name(one) for one in rules.policy.notes),
        budget,
    )


def budget_data(report: Report) -> dict[str, Any]:
    """The whole budget; each section a list of rows by the keys of their columns."""
    budget = report.budget
    side = budget.before
    question = side.question
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "policy": _policy_data(question.rules),
        "claim_year": question.claim_year,
        "stacking": question.stacking,
        "count": question.count,
        "overall": {"rows": budget.rows, "errors": budget.errors, **_overall_data(side)},
        **_sections(report, "budget"),
    }
    after = budget.after
    if after is not None:
        data["against"] = {
            "policy": _policy_data(after.question.rules),
            "sources": list(after.question.rules.sources),
            "overall": {
                **_overall_data(after),
                "difference": after.total - side.total,
                "paid_difference": after.paid - side.paid,
            },
            **_sections(report, "against"),
        }
    return {**data, "notes": list(report.notes)}


def _policy_data(rules: Rules) -> dict[str, Any]:
    policy = rules.policy
    return {
        "id": policy.id,
        "valid_from": policy.valid_from.isoformat(),
        "valid_to": policy.valid_to.isoformat(),
        "digest": rules.digest,
    }


def _overall_data(side: Side) -> dict[str, Any]:
    return {
        **{name: side.tally["all", WHOLE, name] for name in ("enterprises", "granted", "unproven")},
        "total": side.total,
        "paid": side.paid,
    }


def _sections(report: Report, part: str) -> dict[str, Any]:
    return {
        sheet.name: [
            dict(zip((column.key for column in sheet.columns), row, strict=True)) for row in sheet.rows
        ]
        for sheet in report.sheets
        if sheet.part == part and sheet.name != "overall"
    }


def budget_csv(report: Report) -> str:
    """One long table: the section, then every column that any section has."""
    keys = dict.fromkeys(column.key for sheet in report.sheets for column in sheet.columns)
    rows = []
    for sheet in report.sheets:
        section = sheet.name if sheet.part == "budget" else f"{sheet.part}.{sheet.name}"
        for row in sheet.rows:
            cells = dict(zip((column.key for column in sheet.columns), row, strict=True))
            rows.append([section, *("" if cells.get(key) is None else cells[key] for key in keys)])
    return csv_of([["section", *keys], *rows])


def budget_markdown(report: Report, speech: Language) -> str:
    """A table for each section, under its title."""
    parts = [f"# {markdown(report.title)}\n", *(f"- {markdown(line)}" for line in report.lines), ""]
    for sheet in report.sheets:
        has_sums = any(column.kind in ("sum", "change") for column in sheet.columns)
        unit = speech.say(" ({unit})", unit=speech.say("yuan")) if has_sums else ""
        shown = [place for place, column in enumerate(sheet.columns) if not column.is_detail]
        parts += [
            f"## {markdown(sheet.title)}{unit}\n",
            markdown_row(sheet.columns[place].title for place in shown),
            "|" + "".join("---|" if sheet.columns[place].kind == "text" else "---:|" for place in shown),
            *(markdown_row(_written(row[place]) for place in shown) for row in sheet.rows),
            *(["", markdown(sheet.note)] if sheet.note else []),
            "",
        ]
    return "\n".join([*parts, *(f"- {markdown(note)}" for note in report.notes)]) + "\n"


def _written(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else cell or ""
