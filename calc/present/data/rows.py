"""Estimates as rows, one for each claim: CSV for spreadsheets, Markdown for notes."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from calc.engine.estimate import Estimate
from calc.present.data.estimate import estimate_data
from calc.present.language import Language
from calc.present.safe import csv_of, markdown, markdown_row
from calc.present.words.layers import layer_lines

COLUMNS: Final = (
    "source",
    "enterprise",
    "uscc",
    "claim_year",
    "item",
    "measure",
    "title",
    "subject",
    "status",
    "grade",
    "amount",
    "ceiling",
    "chosen",
    "granted",
    "because",
    "reasons",
    "missing",
    "steps",
    "departments",
    "recipient",
    "budget_limited",
    "confirm",
)
_MARKDOWN_COLUMNS: Final = (
    "item",
    "title",
    "subject",
    "status",
    "grade",
    "amount",
    "ceiling",
    "granted",
    "because",
)


def claim_rows(estimate: Estimate, speech: Language) -> Iterator[dict[str, Any]]:
    """One row for each claim; lists are joined, what is not known is empty."""
    data = estimate_data(estimate, speech)
    because = {(one["item"], one["subject"]): one["because"] for one in data["combination"]["dropped"]}
    for claim in data["claims"]:
        yield {
            **claim,
            "source": estimate.enterprise.source,
            "enterprise": estimate.enterprise.name,
            "uscc": estimate.enterprise.uscc,
            "claim_year": estimate.claim_year,
            "because": because.get((claim["item"], claim["subject"])),
            "reasons": "; ".join(reason["says"] for reason in claim["reasons"]),
            **{key: "; ".join(claim[key]) for key in ("missing", "steps", "departments", "confirm")},
        }


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def csv_text(estimates: Iterable[Estimate], speech: Language) -> str:
    """All claims of all estimates under one heading; no cell can run as a formula."""
    rows = (row for estimate in estimates for row in claim_rows(estimate, speech))
    return csv_of([COLUMNS, *([_plain(row[column]) for column in COLUMNS] for row in rows)])


def markdown_text(estimates: Iterable[Estimate], speech: Language) -> str:
    """A table for each estimate, under the enterprise's name."""
    parts = []
    for estimate in estimates:
        heading = speech.say(
            "{name}, claim year {year}: up to {total} yuan",
            name=markdown(estimate.enterprise.name),
            year=estimate.claim_year,
            total=f"{estimate.total:,}",
        )
        layers = layer_lines(estimate.rules, [estimate.claim_year], speech)
        lines = [
            f"## {heading}",
            "",
            *(f"- {markdown(line)}" for line in layers),
            *([""] if layers else []),
            f"| {' | '.join(_MARKDOWN_COLUMNS)} |",
            "|---" * len(_MARKDOWN_COLUMNS) + "|",
        ]
        for row in claim_rows(estimate, speech):
            lines.append(markdown_row(str(_plain(row[column])) for column in _MARKDOWN_COLUMNS))
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
