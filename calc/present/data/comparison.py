"""Several estimates side by side, as plain data: ``subsidy.compare/1``, CSV and Markdown."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from calc.engine.combine.problem import STACKINGS
from calc.engine.estimate import GRADES, Estimate
from calc.engine.outcomes import NeedsInput, status_of
from calc.present.data.estimate import heading_data
from calc.present.language import Language
from calc.present.look import grade_name, reading_name
from calc.present.safe import csv_of, markdown_row


class Row(NamedTuple):
    """One line of a comparison: what it is about, and what each estimate says of it."""

    key: str
    title: str
    values: tuple[int | str, ...]

    @property
    def differs(self) -> bool:
        """Whether the estimates say different things."""
        return len(set(self.values)) > 1


def compare_data(estimates: Sequence[Estimate]) -> dict[str, Any]:
    """Totals and claims of each enterprise, and the items that do not get the same everywhere."""
    heading = heading_data(estimates[0])
    return {
        "schema": "subsidy.compare/1",
        **{key: heading[key] for key in ("policy", "stacking", "count")},
        "enterprises": [_enterprise_data(one) for one in estimates],
        "differences": [
            {"item": row.key, "granted": list(row.values)} for row in item_rows(estimates) if row.differs
        ],
    }


def _enterprise_data(estimate: Estimate) -> dict[str, Any]:
    return {
        "source": estimate.enterprise.source,
        "name": estimate.enterprise.name,
        "claim_year": estimate.claim_year,
        "total": estimate.total,
        "totals": dict(estimate.totals),
        "by_grade": estimate.by_grade(),
        "claims": [
            {
                "item": outcome.claim.item_id,
                "subject": outcome.claim.subject,
                "granted": estimate.granted(index),
                "status": status_of(outcome),
            }
            for index, outcome in enumerate(estimate.outcomes)
        ],
    }


def item_rows(estimates: Sequence[Estimate], speech: Language | None = None) -> list[Row]:
    """What each item is granted, in the order of the rules; items that no estimate claims are left out.

    Estimates of several claim years may rest on other rules each: an item is told where any of them has it.
    """
    granted: dict[str, list[int]] = {}
    for place, estimate in enumerate(estimates):
        for index, outcome in enumerate(estimate.outcomes):
            sums = granted.setdefault(outcome.claim.item_id, [0] * len(estimates))
            sums[place] += estimate.granted(index)
    items = {name: item for one in reversed(estimates) for name, item in one.rules.items.items()}
    return [
        Row(item, speech.name(items[item].title) if speech is not None else "", tuple(granted[item]))
        for item in items
        if item in granted
    ]


def reading_rows(estimates: Sequence[Estimate], speech: Language) -> Iterator[Row]:
    """What each reading of the closing clause pays."""
    for reading in STACKINGS:
        yield Row(reading, reading_name(reading, speech), tuple(one.totals[reading] for one in estimates))


def grade_rows(estimates: Sequence[Estimate], speech: Language) -> Iterator[Row]:
    """The total by what it rests on."""
    sums = [one.by_grade() for one in estimates]
    for grade in GRADES:
        yield Row(grade, grade_name(grade, speech), tuple(one[grade] for one in sums))


def missing_row(estimates: Sequence[Estimate], speech: Language) -> Row:
    """How many figures are still to be asked for."""
    counts = (
        len({o.path for one in each.outcomes if isinstance(one, NeedsInput) for o in one.missing})
        for each in estimates
    )
    return Row("missing", speech.say("missing figures"), tuple(counts))


def _rows(estimates: Sequence[Estimate], speech: Language) -> Iterator[Row]:
    yield Row("name", speech.say("enterprise"), tuple(one.enterprise.name for one in estimates))
    yield Row("claim_year", speech.say("claim year"), tuple(one.claim_year for one in estimates))
    yield Row("total", speech.say("total"), tuple(one.total for one in estimates))
    yield from reading_rows(estimates, speech)
    yield from grade_rows(estimates, speech)
    yield missing_row(estimates, speech)
    yield from item_rows(estimates, speech)


def _heading(estimates: Sequence[Estimate]) -> list[str]:
    return ["row", "title", *(one.enterprise.source for one in estimates), "differs"]


def compare_csv(estimates: Sequence[Estimate], speech: Language) -> str:
    """A column for each file, a row for each sum in yuan; no cell can run as a formula."""
    rows = (
        (row.key, row.title, *row.values, "true" if row.differs else "false")
        for row in _rows(estimates, speech)
    )
    return csv_of([_heading(estimates), *rows])


def compare_markdown(estimates: Sequence[Estimate], speech: Language) -> str:
    """The same as a table of Markdown; sums in yuan, what differs is marked."""
    heading = ("", *_heading(estimates)[:-1])
    lines = [markdown_row(heading), f"|---|---|---|{'---:|' * len(estimates)}"]
    for row in _rows(estimates, speech):
        cells = (row.key, row.title, *(f"{one:,}" if _is_sum(row, one) else str(one) for one in row.values))
        lines.append(markdown_row(("≠" if row.differs else "", *cells)))
    return "\n".join(lines) + "\n"


def _is_sum(row: Row, value: int | str) -> bool:
    return isinstance(value, int) and row.key != "claim_year"
