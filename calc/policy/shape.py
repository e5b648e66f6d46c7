"""Turns what is wrong with the shape of rules into problems in the program's own terms."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from calc.enterprise.problems import KeyPath, Problem, nearest_word
from calc.policy import awards, forms, rules, words
from calc.policy.forms import TAG

_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing": "missing_key",
        "tuple_type": "not_a_list",
        "list_type": "not_a_list",
        "model_type": "not_a_table",
        "dict_type": "not_a_table",
        "mapping_type": "not_a_table",
        "too_short": "too_few",
    }
)
"""The program's code for each kind of error that the validator knows; others keep their own."""

_RECORDS: Final[Mapping[str, type[forms.Record]]] = MappingProxyType(
    {
        "policy": rules.PolicyHead,
        "overlay": rules.OverlayHead,
        "exclusive": rules.Exclusive,
        "shared_caps": rules.SharedCap,
        "vocabulary": words.DeclaredVocabulary,
        "running": forms.Running,
        "parts": awards.Part,
        "belongs_to": words.WholeOf,
        "filing": rules.Window,
        "share_cap": forms.RatioBound,
        "share": forms.RatioBound,
        "usual": words.DeclaredUsual,
        **dict.fromkeys(("notes", "readings", "title", "confirm", "details", "materials"), rules.Text),
    }
)
"""The record that stands under a key, wherever the key stands."""

_SAME_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(("any_of", "all_of", "when"), "conditions")
)
"""Keys under which the forms of another key stand."""

_CONTENTS: Final[Mapping[str, type[forms.Record]]] = MappingProxyType(
    {
        "items": rules.Item,
        "measures": rules.Text,
        "kinds": words.Named,
        "words": words.Named,
        "figures": words.DeclaredField,
        "fields": words.DeclaredField,
        "tables": words.DeclaredTable,
    }
)
"""The record that stands under each name in a table of names."""

_FORMS: Final[Mapping[tuple[str, str], type[forms.Record]]] = MappingProxyType(
    {
        ("claim", "entry"): forms.EntryTrigger,
        ("claim", "figure"): forms.FigureTrigger,
        ("claim", "kinds"): forms.KindsTrigger,
        ("claim", "always"): forms.AlwaysTrigger,
        ("conditions", "at_least"): forms.AtLeast,
        ("conditions", "at_most"): forms.AtMost,
        ("conditions", "more_than"): forms.MoreThan,
        ("conditions", "is"): forms.IsTrue,
        ("conditions", "one_of"): forms.OneOf,
        ("conditions", "kinds"): forms.OfKinds,
        ("conditions", "not_before"): forms.NotBefore,
        ("conditions", "not_after"): forms.NotAfter,
        ("conditions", "within_years"): forms.WithinYears,
        ("conditions", "any_of"): forms.AnyOf,
        ("conditions", "all_of"): forms.AllOf,
        ("award", "fixed"): awards.Fixed,
        ("award", "sum"): awards.SumOfRates,
        ("award", "priced_at"): awards.PricedAt,
        ("award", "tiers"): awards.Tiers,
        ("award", "ladder"): awards.Ladder,
        ("award", "each"): awards.Each,
        ("award", "by_word"): awards.ByWord,
        ("award", "interest"): awards.Interest,
        ("award", "shared_loss"): awards.SharedLoss,
        ("award", "excess"): awards.Excess,
        ("award", "total_of"): awards.TotalOf,
        ("award", "rate"): awards.RateOf,
        ("award", "growth_of"): awards.GrowthLadder,
        ("award", "parts"): awards.Parts,
        ("award", "by_year"): awards.ByYear,
        **{
            (bound, key): record
            for bound in ("at_least", "at_most", "more_than")
            for key, record in (
                ("ratio", forms.RatioBound),
                ("growth", forms.GrowthBound),
                ("times", forms.TimesBound),
                ("field", forms.FieldBound),
                ("by", forms.WordBound),
            )
        },
    }
)


class _Spot(NamedTuple):
    """Where an error is: the keys that a file writes, and the forms that the validator chose on the way."""

    path: KeyPath
    chosen: tuple[tuple[str, str], ...]


def shape_problems(error: ValidationError, content: Mapping[str, Any], source: str = "") -> Iterator[Problem]:
    """Each error of the validator as a problem."""
    for one in error.errors(include_url=False):
        yield _problem(one, _spot(one["loc"], content), content, source)


def near(value: object, allowed: tuple[str, ...]) -> str | None:
    """The allowed word nearest to a wrong one, whichever way its parts are joined."""
    return nearest_word(value, allowed) or nearest_word(str(value).replace("_", "-"), allowed)


def _spot(location: tuple[str | int, ...], content: Any) -> _Spot:
    """Follow a location into the content: what is no key there is the name of a form."""
    path: list[str | int] = []
    chosen: list[tuple[str, str]] = []
    for part in location:
        if _holds(content, part):
            content = content[part]
        elif isinstance(part, str) and part.startswith(TAG):
            named = next((one for one in reversed(path) if isinstance(one, str)), "")
            chosen.append((named, part.removeprefix(TAG)))
            continue
        elif part == "[key]":
            continue
        else:
            content = None
        path.append(part)
    return _Spot(tuple(path), tuple(chosen))


def _holds(content: Any, part: str | int) -> bool:
    if isinstance(content, list):
        return isinstance(part, int) and part < len(content)
    return isinstance(content, dict) and part in content


def _problem(error: Any, spot: _Spot, content: Mapping[str, Any], source: str) -> Problem:
    path, value, details = spot.path, error["input"], error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            allowed = _keys_at(spot, content)
            key = path[-1] if path else None
            return Problem(source, "unknown_key", path, key, {"allowed": allowed}, near(key, allowed))
        case "form":
            return Problem(source, "form", path, value, {"allowed": tuple(error["msg"].split())})
        case "literal_error":
            expected = str(details.get("expected", "")).replace(" or ", ",").split(",")
            allowed = tuple(word.strip(" '") for word in expected)
            return Problem(source, "word", path, value, {"allowed": allowed}, near(value, allowed))
        case "too_short":
            return Problem(source, "too_few", path, value, {"least": details.get("min_length", 1)})
        case kind:
            return Problem(source, _CODES.get(kind, kind), path, value, details)


def _keys_at(spot: _Spot, content: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys that may stand beside an unknown one."""
    parents = [part for part in spot.path[:-1] if isinstance(part, str)]
    record: type[forms.Record] | None = None
    if not parents:
        record = rules.RulesFile if "policy" in content else rules.OverlayFile
    elif spot.chosen and spot.chosen[-1][0] == parents[-1]:
        named, form = spot.chosen[-1]
        record = _FORMS.get((_SAME_FORMS.get(named, named), form))
    elif parents[-1] in _RECORDS:
        record = _RECORDS[parents[-1]]
    elif len(parents) > 1:
        record = _CONTENTS.get(parents[-2])
    fields = record.model_fields.items() if record else ()
    return tuple(field.alias or name for name, field in fields)
