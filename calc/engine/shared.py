"""Works out caps over several items that are a share of a figure, for one enterprise in one claim year."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from calc.engine.claims import Facts, Operand, split_reference
from calc.engine.outcomes import Eligible, NeedsInput, Outcome
from calc.enterprise.numbers import whole_yuan
from calc.policy.forms import FIGURE_YEARS
from calc.policy.rules import Rules, SharedCap

Lacking: TypeAlias = Mapping[str, tuple[Operand, ...]]
"""By item: the figures without which a cap that it shares is unknown."""


def with_shares(facts: Facts, rules: Rules) -> tuple[Rules, Lacking]:
    """The rules with each such cap as a sum in yuan, and what is missing for those that are not."""
    if all(shared.share is None for shared in rules.shared_caps):
        return rules, {}
    lacking: dict[str, tuple[Operand, ...]] = {}
    caps = []
    for shared in rules.shared_caps:
        limit = _limit(facts, shared)
        if isinstance(limit, Operand):
            lacking |= {name: (*lacking.get(name, ()), limit) for name in shared.items}
        else:
            caps.append(shared.model_copy(update={"cap": limit}))
    return replace(rules, shared_caps=tuple(caps), origin=rules), lacking


def _limit(facts: Facts, shared: SharedCap) -> int | Operand:
    share = shared.share
    if share is None:
        return whole_yuan(shared.cap)
    group, name = split_reference(share.of)
    whole = facts.read_figure(name, facts.year - FIGURE_YEARS[group])
    if not isinstance(whole.value, int | Fraction):
        return whole
    return whole_yuan(min(shared.cap, whole.value * share.ratio))


def asking(outcome: Outcome, lacking: Lacking) -> Outcome:
    """An outcome that counts something asks for what a cap that it shares lacks."""
    missing = lacking.get(outcome.claim.item_id, ())
    match outcome:
        case Eligible(amount=amount, claim=claim) if missing and amount:
            return NeedsInput(claim, missing)
        case NeedsInput(claim=claim, missing=others) if missing:
            return NeedsInput(claim, tuple({one.path: one for one in (*others, *missing)}.values()))
        case _:
            return outcome
