"""Explanations as plain data: ``subsidy.explain/1``."""

from typing import Any

from calc.engine.combine.alternatives import Alternative, changes
from calc.engine.combine.groups import Group
from calc.engine.conditions import Examined
from calc.engine.estimate import Estimate
from calc.engine.explain import Choice, Explained, Explanation, NoClaim
from calc.engine.outcomes import Eligible
from calc.policy.rules import Item
from calc.present.data.estimate import claim_data, heading_data, named, reason_data
from calc.present.figures import file_value
from calc.present.language import Language
from calc.present.words.claims import because_says
from calc.present.words.explanations import ways_to_count
from calc.present.words.rules import RuleWords


def explain_data(explanation: Explanation, speech: Language) -> dict[str, Any]:
    """Each claim explained, the items without one, and the whole choice where it was asked for."""
    answer, found, choice = explanation.answer, explanation.found, explanation.choice
    return {
        "schema": "subsidy.explain/1",
        **heading_data(answer),
        "total": answer.total,
        "claims": [_claim(one, answer, speech) for one in explanation.claims],
        "without_claim": [_no_claim(one, answer, speech) for one in found if isinstance(one, NoClaim)],
        "combination": None if choice is None else _choice(choice, answer),
    }


def _claim(one: Explained, answer: Estimate, speech: Language) -> dict[str, Any]:
    outcome, item = one.outcome, one.outcome.claim.item
    words = RuleWords(item, answer.rules.vocabulary, speech).conditions()
    dropped, winner = one.dropped, one.dropped.winner if one.dropped is not None else None
    return {
        **claim_data(one.place, outcome, answer, speech),
        **_clause(item, answer, speech),
        "conditions": [_condition(each, says) for each, says in zip(one.conditions, words, strict=True)],
        "to_count": [*ways_to_count(outcome, answer, speech)] if isinstance(outcome, Eligible) else [],
        "because": f"{dropped.because}: {because_says(dropped, answer, speech)}" if dropped else None,
        "displaced_by": named(answer.outcomes[winner]) if winner is not None else None,
        "total_if_taken": one.instead.total if one.instead else None,
        "cost": answer.total - one.instead.total if one.instead else None,
        "displaces": [
            {**named(answer.outcomes[loser.index]), "amount": loser.amount, "granted": loser.granted}
            for loser in one.displaced
        ],
        "total_without": one.without.total if one.without else None,
    }


def _clause(item: Item, answer: Estimate, speech: Language) -> dict[str, Any]:
    return {
        "measure_title": speech.name(answer.rules.measures[item.measure]),
        "cites": list(item.cites),
        "trigger": RuleWords(item, answer.rules.vocabulary, speech).trigger(),
        "readings": [speech.name(text) for text in item.readings],
        "details": [speech.name(text) for text in item.details],
    }


def _condition(one: Examined, says: str) -> dict[str, Any]:
    return {
        "says": says,
        "verdict": one.verdict,
        "path": one.path,
        "value": file_value(one.value, one.field),
        "threshold": file_value(one.threshold, one.field),
        "shortfall": file_value(one.reason.shortfall, one.field) if one.reason else None,
    }


def _no_claim(one: NoClaim, answer: Estimate, speech: Language) -> dict[str, Any]:
    item = answer.rules.items[one.item_id]
    return {
        "item": one.item_id,
        "measure": item.measure,
        "title": item.title.zh,
        "phrase": item.phrase,
        **_clause(item, answer, speech),
        "conditions": RuleWords(item, answer.rules.vocabulary, speech).conditions(),
        "reasons": [reason_data(reason, answer, speech) for reason in one.bars],
        "elsewhere": [{"subject": entry.subject, "year": entry.year} for entry in one.elsewhere],
    }


def _choice(choice: Choice, answer: Estimate) -> dict[str, Any]:
    return {
        "total": answer.total,
        "by_grade": answer.by_grade(),
        "groups": [_group(group, answer) for group in choice.groups],
        "alternatives": [
            {**named(answer.outcomes[one.index]), **_alternative(one, answer)} for one in choice.alternatives
        ],
        "next_best": _alternative(choice.next_best, answer) if choice.next_best else None,
        "next_lower": _alternative(choice.next_lower, answer) if choice.next_lower else None,
        "readings": {
            stacking: {
                "total": one.total,
                "claims": len(one.grants),
                "next_best": best.total if best else None,
            }
            for stacking, (one, best) in choice.readings.items()
        },
    }


def _group(group: Group, answer: Estimate) -> dict[str, Any]:
    claims = [
        {
            **named(answer.outcomes[share.index]),
            "amount": share.amount,
            "granted": share.granted,
            "part": share.part,
        }
        for share in group.shares
    ]
    return {"kind": group.kind, "limit": group.limit, "claims": claims}


def _alternative(one: Alternative, answer: Estimate) -> dict[str, Any]:
    return {
        "total": one.total,
        "cost": answer.total - one.total,
        "changes": [
            {**named(answer.outcomes[place]), "from": before, "to": after}
            for place, before, after in changes(answer.combination, one)
        ],
    }
