"""What overlays change as plain data: the machine-readable answer ``subsidy.rules-diff/1``."""

from typing import Any, Final

from calc.policy.differences import Differences, ItemDifference, Period
from calc.policy.rules import Layer, Rules, SharedCap
from calc.present.figures import percent
from calc.present.language import Language
from calc.present.words.changes import row_changes

SCHEMA: Final = "subsidy.rules-diff/1"


def changes_data(differences: Differences, speech: Language) -> dict[str, Any]:
    """All that changes; ``before`` and ``after`` of a row are its lines in the given language."""
    policy, words = differences.after.policy, differences.words
    return {
        "schema": SCHEMA,
        "policy": {
            "id": policy.id,
            "valid_from": policy.valid_from.isoformat(),
            "valid_to": policy.valid_to.isoformat(),
            "digest": differences.before.digest,
        },
        "overlays": [_layer_data(layer) for layer in differences.after.layers[1:]],
        "periods": [_period_data(period, differences.before, speech) for period in differences.periods],
        "measures": list(differences.measures),
        "vocabulary": {
            "kinds": list(words.kinds),
            "figures": list(words.figures),
            "tables": {name: list(keys) for name, keys in words.tables.items()},
        },
    }


def _layer_data(layer: Layer) -> dict[str, Any]:
    head = layer.head
    days = {key: getattr(head, key) for key in ("issued", "valid_from", "valid_to")}
    return {
        "file": layer.source,
        "source": head.source,
        **{key: None if day is None else day.isoformat() for key, day in days.items()},
    }


def _period_data(period: Period, before: Rules, speech: Language) -> dict[str, Any]:
    gone, new = 0, 1
    return {
        "years": list(period.years) or None,
        "digest": period.after.digest,
        "items": [_item_data(one, before, period.after, speech) for one in period.items],
        "exclusive": {
            name: [{"items": list(one.items), "scope": one.scope} for one in period.exclusive[place]]
            for name, place in (("gone", gone), ("new", new))
        },
        "shared_caps": {
            name: [_shared_data(one) for one in period.shared_caps[place]]
            for name, place in (("gone", gone), ("new", new))
        },
    }


def _shared_data(shared: SharedCap) -> dict[str, Any]:
    share = shared.share
    return {
        "items": list(shared.items),
        "cap": int(shared.cap) if shared.has_sum else None,
        "share": None if share is None else {"ratio": percent(share.ratio), "of": share.of},
    }


def _item_data(one: ItemDifference, before: Rules, after: Rules, speech: Language) -> dict[str, Any]:
    item = one.after or one.before
    changes = row_changes(one, before, after, speech) if one.what == "changed" else []
    return {
        "item": one.name,
        "title": speech.name(item.title) if item is not None else one.name,
        "change": one.what,
        "rows": [
            {
                "key": row.key,
                "label": row.label,
                "changes": [{"before": change.before, "after": change.after} for change in row.changes],
            }
            for row in changes
        ],
    }
