"""Gaps and plans as plain data: the machine-readable answers beside the estimate's."""

from collections.abc import Sequence
from typing import Any

from calc.engine.advice import Gap
from calc.engine.at_cap import find_at_cap
from calc.engine.estimate import Estimate
from calc.engine.gaps import Mend
from calc.engine.plan import Plan
from calc.present.data.estimate import heading_data
from calc.present.figures import file_value


def gaps_data(estimate: Estimate, gaps: Sequence[Gap]) -> dict[str, Any]:
    """``subsidy.gaps/1``: the least change for each ineligible claim, with its gain; what is at a cap."""
    return {
        "schema": "subsidy.gaps/1",
        **heading_data(estimate),
        "gaps": [
            {
                "item": gap.item_id,
                "subject": gap.subject,
                "changes": [_mend_data(mend) for mend in gap.mends],
                "total_before": gap.total_before,
                "total_after": gap.total_after,
                "gain": gap.gain,
            }
            for gap in gaps
        ],
        "near": [{"item": gap.item_id, "subject": gap.subject} for gap in gaps if gap.is_near],
        "at_cap": [
            {
                "item": one.claim.item_id,
                "subject": one.claim.subject,
                "cap": one.cap,
                "because": one.because,
            }
            for one in find_at_cap(estimate)
        ],
    }


def _mend_data(mend: Mend) -> dict[str, Any]:
    data = {
        "path": mend.path,
        "from": file_value(mend.before, mend.field),
        "to": file_value(mend.after, mend.field),
    }
    return {**data, "add": list(mend.add)} if mend.add else data


def plan_data(plan: Plan) -> dict[str, Any]:
    """``subsidy.plan/1``: what is filed in each year, and the total over all."""
    return {
        "schema": "subsidy.plan/1",
        **heading_data(plan),
        "years": [
            {
                "claim_year": year.claim_year,
                "total": year.total,
                "claims": [
                    {
                        "item": one.outcome.claim.item_id,
                        "subject": one.outcome.claim.subject,
                        "granted": one.granted,
                        "entry_year": one.entry_year,
                    }
                    for one in year.filings
                ],
            }
            for year in plan.years
        ],
        "total": plan.total,
    }
