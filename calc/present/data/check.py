"""Checks as plain data: what is wrong with a file, what is doubtful, what is missing."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from calc.engine.estimate import Estimate
from calc.engine.missing import MissingFigure, find_missing
from calc.enterprise.problems import Problem
from calc.present.language import Language
from calc.present.words.claims import missing_name
from calc.present.words.diagnostics import line_of, path_text
from calc.present.words.next_steps import next_step
from calc.present.words.problems import what_is_wrong

SCHEMA: Final = "subsidy.check/1"


class Checked(NamedTuple):
    """What became of one file; without problems there is an estimate behind it."""

    source: str
    problems: Sequence[Problem]
    doubts: Sequence[Problem] = ()
    estimate: Estimate | None = None

    @property
    def is_right(self) -> bool:
        """Whether the file can be answered: doubts and missing figures are no errors."""
        return not self.problems


def check_data(checked: Checked, speech: Language) -> dict[str, Any]:
    """``subsidy.check/1``: one file; what is missing comes with what it may be worth, in yuan."""
    estimate = checked.estimate
    return {
        "schema": SCHEMA,
        "source": checked.source,
        "name": estimate.enterprise.name if estimate else None,
        "claim_year": estimate.claim_year if estimate else None,
        "ok": checked.is_right,
        "problems": _problems_data(checked.problems, speech),
        "missing": [_missing_data(one, speech) for one in find_missing(estimate)] if estimate else [],
        "doubts": _problems_data(checked.doubts, speech),
    }


def _problems_data(problems: Iterable[Problem], speech: Language) -> list[dict[str, Any]]:
    return [
        {
            "code": problem.code,
            "path": path_text(problem.path) or None,
            "line": line_of(problem),
            "says": what_is_wrong(problem, speech),
            "next": next_step(problem, speech),
        }
        for problem in problems
    ]


def _missing_data(one: MissingFigure, speech: Language) -> dict[str, Any]:
    return {
        "path": one.operand.path,
        "says": missing_name(one.operand, speech),
        "items": [
            {"item": each.claim.item_id, "subject": each.claim.subject, "ceiling": each.ceiling}
            for item in one.items
            for each in item.claims
        ],
        "ceiling": one.ceiling,
    }
