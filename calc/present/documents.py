"""Estimates as documents: JSON and TOML of the same data."""

import json
from typing import Any

from calc.engine.estimate import Estimate
from calc.present.estimate_data import estimate_data
from calc.present.language import Language


def json_text(estimate: Estimate, speech: Language, *, is_pretty: bool) -> str:
    """One estimate as JSON: indented, or on one line."""
    data = estimate_data(estimate, speech)
    if is_pretty:
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def toml_text(estimates: list[Estimate], speech: Language, *, is_one: bool) -> str:
    """Estimates as TOML, several in ``estimates``; without the keys that have no value: TOML has no null."""
    import tomli_w

    data = [_without_nulls(estimate_data(one, speech)) for one in estimates]
    if is_one:
        return tomli_w.dumps(data[0]) if data else ""
    return tomli_w.dumps({"estimates": data})


def toml_of(data: dict[str, Any]) -> str:
    """Any answer as TOML, without the keys that have no value."""
    import tomli_w

    return tomli_w.dumps(_without_nulls(data))


def answer_text(data: dict[str, Any], output_format: str) -> str:
    """Any answer as ``json``, ``ndjson`` or ``toml``."""
    if output_format == "toml":
        return toml_of(data)
    return json.dumps(data, ensure_ascii=False, indent=2 if output_format == "json" else None) + "\n"


def _without_nulls(data: Any) -> Any:
    match data:
        case dict():
            return {key: _without_nulls(value) for key, value in data.items() if value is not None}
        case list():
            return [_without_nulls(value) for value in data]
        case _:
            return data
