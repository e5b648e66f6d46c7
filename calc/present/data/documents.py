"""Answers as documents: JSON and TOML of the same data."""

import json
from typing import Any

from calc.engine.estimate import Estimate
from calc.present.data.estimate import estimate_data
from calc.present.language import Language


def json_text(estimate: Estimate, speech: Language, *, is_pretty: bool) -> str:
    """One estimate as JSON: indented, or on one line."""
    return answer_text(estimate_data(estimate, speech), "json" if is_pretty else "ndjson")


def toml_text(estimates: list[Estimate], speech: Language, *, is_one: bool) -> str:
    """Estimates as TOML, several in ``estimates``; without the keys that have no value: TOML has no null."""
    data = [estimate_data(one, speech) for one in estimates]
    if is_one:
        return answer_text(data[0], "toml") if data else ""
    return answer_text({"estimates": data}, "toml")


def answer_text(data: dict[str, Any], output_format: str) -> str:
    """Any answer as ``json`` (indented), ``ndjson`` (one line) or ``toml`` (without what has no value)."""
    if output_format == "toml":
        import tomli_w

        return tomli_w.dumps(_without_nulls(data))
    if output_format == "json":
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def _without_nulls(data: Any) -> Any:
    match data:
        case dict():
            return {key: _without_nulls(value) for key, value in data.items() if value is not None}
        case list():
            return [_without_nulls(value) for value in data]
        case _:
            return data
