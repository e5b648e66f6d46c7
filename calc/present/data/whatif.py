"""What-ifs as plain data: the machine-readable answer ``subsidy.whatif/1``."""

from typing import Any, NamedTuple

from calc.engine.estimate import Estimate
from calc.engine.kinks import Curve, Kink
from calc.enterprise.changes import Setting
from calc.present.data.estimate import estimate_data
from calc.present.figures import file_value
from calc.present.language import Language
from calc.present.words.kinks import kink_says


class WhatIf(NamedTuple):
    """The estimates before and after some changes, what they set, and of a sweep the curve."""

    before: Estimate
    after: Estimate
    settings: tuple[Setting, ...]
    curve: Curve | None

    @property
    def is_proven(self) -> bool:
        """Whether nothing pays more than any of the totals."""
        is_curve_proven = self.curve is None or self.curve.is_proven
        return self.before.is_proven and self.after.is_proven and is_curve_proven


def whatif_data(answer: WhatIf, speech: Language) -> dict[str, Any]:
    """The estimates before and after, and of a sweep a point for each value, with the kinks between them."""
    before, after, curve = answer.before, answer.after, answer.curve
    data = {
        "schema": "subsidy.whatif/1",
        "before": estimate_data(before, speech),
        "after": estimate_data(after, speech),
        "gain": after.total - before.total,
    }
    if curve is not None:
        field = curve.field
        data["points"] = [{"value": file_value(one.value, field), "total": one.total} for one in curve.points]
        data["kinks"] = [_kink_data(kink, curve, speech) for kink in curve.kinks]
    return data


def _kink_data(kink: Kink, curve: Curve, speech: Language) -> dict[str, Any]:
    return {
        "value": file_value(kink.value, curve.field),
        "total": kink.total,
        "because": kink.because,
        "item": kink.claim.item_id,
        "subject": kink.claim.subject,
        "says": kink_says(kink, curve, speech),
    }
