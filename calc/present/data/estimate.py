"""An estimate as plain data: the machine-readable answer ``subsidy.estimate/1``."""

from typing import TYPE_CHECKING, Any, Final

from calc.engine.combine.dropped import Dropped
from calc.engine.estimate import Answer, Estimate
from calc.engine.outcomes import (
    Barred,
    Eligible,
    Ineligible,
    NeedsInput,
    Outcome,
    Reason,
    is_uncounted,
    status_of,
)
from calc.present.figures import file_value
from calc.present.language import Language
from calc.present.words.claims import because_says, confirmations, reason_says
from calc.present.words.steps import step_says

if TYPE_CHECKING:
    from calc.engine.plan import Plan

SCHEMA: Final = "subsidy.estimate/1"


def heading_data(answer: "Estimate | Plan") -> dict[str, Any]:
    """What every answer opens with: policy, enterprise, claim year, reading and count."""
    policy, enterprise = answer.rules.policy, answer.enterprise
    return {
        "policy": {
            "id": policy.id,
            "valid_from": policy.valid_from.isoformat(),
            "valid_to": policy.valid_to.isoformat(),
            "digest": answer.rules.digest,
        },
        "enterprise": {"name": enterprise.name, "uscc": enterprise.uscc},
        "claim_year": enterprise.claim_year,
        "stacking": answer.stacking,
        "count": answer.count,
    }


def estimate_data(estimate: Estimate, speech: Language) -> dict[str, Any]:
    """The whole estimate; sums are whole yuan, texts in the given language."""
    return {
        "schema": SCHEMA,
        **heading_data(estimate),
        "claims": [
            claim_data(index, outcome, estimate, speech) for index, outcome in enumerate(estimate.outcomes)
        ],
        "combination": {
            "total": estimate.total,
            "by_grade": estimate.by_grade(),
            "claims": [
                {**named(estimate.outcomes[index]), "granted": amount}
                for index, amount in estimate.combination.grants.items()
            ],
            "dropped": [_dropped_data(dropped, estimate, speech) for dropped in estimate.dropped],
        },
        "totals": dict(estimate.totals),
        "not_counted": [{**named(one), "ceiling": one.ceiling} for one in not_counted(estimate)],
        "in_kind": [{**named(one), "spared": one.spared} for one in in_kind(estimate)],
        "services": list(estimate.services),
        "notes": [speech.name(note) for note in estimate.rules.policy.notes],
    }


def not_counted(answer: Answer) -> list[Eligible]:
    """Eligible claims that count nothing, but for in-kind ones and those whose ceiling is 0."""
    return [one for one in answer.outcomes if isinstance(one, Eligible) and is_uncounted(one)]


def in_kind(estimate: Estimate) -> list[Eligible]:
    """Eligible claims that spare a cost."""
    return [one for one in estimate.outcomes if isinstance(one, Eligible) and one.spared is not None]


def named(outcome: Outcome) -> dict[str, Any]:
    """What names a claim."""
    return {"item": outcome.claim.item_id, "subject": outcome.claim.subject}


def _dropped_data(dropped: Dropped, estimate: Estimate, speech: Language) -> dict[str, Any]:
    return {
        **named(estimate.outcomes[dropped.index]),
        "amount": dropped.amount,
        "granted": dropped.granted,
        "because": f"{dropped.because}: {because_says(dropped, estimate, speech)}",
    }


def reason_data(reason: Reason, estimate: Estimate, speech: Language) -> dict[str, Any]:
    """Why a claim is barred or ineligible."""
    return {
        "code": reason.code,
        "path": reason.path,
        "value": file_value(reason.value, reason.field),
        "threshold": file_value(reason.threshold, reason.field),
        "shortfall": file_value(reason.shortfall, reason.field),
        "says": reason_says(reason, estimate, speech),
    }


def claim_data(index: int | None, outcome: Outcome, estimate: Estimate, speech: Language) -> dict[str, Any]:
    """One claim; ``index`` is its place among the outcomes, ``None`` for a service."""
    claim = outcome.claim
    item = claim.item
    eligible = outcome if isinstance(outcome, Eligible) else None
    granted = estimate.granted(index) if index is not None else 0
    reasons = outcome.reasons if isinstance(outcome, Barred | Ineligible) else ()
    return {
        "item": claim.item_id,
        "measure": item.measure,
        "subject": claim.subject,
        "status": status_of(outcome),
        "grade": item.grade,
        "amount": eligible.amount if eligible else 0,
        "ceiling": eligible.ceiling if eligible else None,
        "chosen": granted > 0,
        "granted": granted,
        "reasons": [reason_data(reason, estimate, speech) for reason in reasons],
        "missing": [one.path for one in outcome.missing] if isinstance(outcome, NeedsInput) else [],
        "steps": [step_says(step, speech) for step in eligible.steps] if eligible else [],
        "title": item.title.zh,
        "phrase": item.phrase,
        "departments": list(item.departments),
        "recipient": item.recipient,
        "budget_limited": item.reviewed,
        "confirm": confirmations(claim, estimate, speech),
    }
