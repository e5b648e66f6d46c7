"""JSON Schema of rules files and of overlays, made from the records that read them.

What a schema cannot say is left to the self-check: a reference to nothing, a cap below its sum, tiers that
overlap.  A key without a value (null), which only JSON could write, is not allowed here.
"""

from collections.abc import Mapping
from typing import Any, Final

from calc.enterprise.numbers import LARGEST, LONGEST_TEXT
from calc.enterprise.patterns import day_of_year_pattern, number_pattern
from calc.enterprise.vocabulary import base_vocabulary
from calc.policy.leaves import LEAF, LITERAL_TYPES, LONGEST_MEASURE, LONGEST_PROSE
from calc.policy.rules import Item, OverlayFile, Rules, RulesFile
from calc.policy.words import LONGEST_NAME
from calc.present.authoring.enterprise_schema import DIALECT, Schema, leaf_schemas, text_schema
from calc.present.authoring.rule_meanings import key_meanings, record_meanings
from calc.present.language import Language, both_languages

_NOT_ZERO: Final = {"pattern": "[1-9１-９]", "exclusiveMinimum": 0}
_NO_ITEM_NAME: Final = {"anyOf": [{"pattern": ":"}, {"const": "*"}]}


def rules_schema() -> Schema:
    """The schema of a whole rules file, its words in both languages."""
    return _RulesSchema(both_languages()).whole("RulesFile", RulesFile.model_json_schema())


def overlay_schema(rules: Rules) -> Schema:
    """The schema of an overlay over these rules: of a known item any keys, of a new one all that it needs."""
    return _RulesSchema(both_languages()).overlay(rules)


class _RulesSchema:
    """Puts what pydantic says about the records into the program's own terms."""

    def __init__(self, speech: Language) -> None:
        self._speech = speech
        self._records = record_meanings(speech)
        self._keys = key_meanings(speech)

    def whole(self, name: str, raw: Mapping[str, Any]) -> Schema:
        definitions = {one: self._record(one, schema) for one, schema in raw["$defs"].items()}
        schema = {
            "$schema": DIALECT,
            "title": self._records[name],
            **self._record(name, raw),
            "$defs": {**_leaves(self._speech), **definitions},
        }
        del schema["description"]
        _name_items(schema)
        return schema

    def overlay(self, rules: Rules) -> Schema:
        definitions = self.whole("RulesFile", RulesFile.model_json_schema())["$defs"]
        schema = self.whole("OverlayFile", OverlayFile.model_json_schema())
        change, item, keys = schema["$defs"]["ItemChange"], definitions["Item"], schema["properties"]
        change["properties"]["remove"]["items"] = {"enum": list(Item.model_fields)}
        change |= {
            "properties": {**item["properties"], **change["properties"]},
            "additionalProperties": False,
        }
        new_item = {**item, "properties": {**change["properties"], "closed": {"const": False}}}
        keys["items"] |= {
            "properties": {
                name: {"$ref": "#/$defs/ItemChange", "title": self._speech.name(one.title)}
                for name, one in rules.items.items()
            },
            "additionalProperties": {"$ref": "#/$defs/NewItem"},
        }
        keys["measures"] |= {
            "properties": {str(number): {"$ref": "#/$defs/TextChange"} for number in rules.measures},
            "additionalProperties": {"$ref": "#/$defs/Text"},
        }
        definitions |= {
            **schema["$defs"],
            "NewItem": new_item,
            "TextChange": _without_required(definitions["Text"]),
        }
        if rules.vocabulary is not base_vocabulary():
            # Words that the rules declare themselves may be changed key by key.
            for name in ("Named", "DeclaredField", "WholeOf"):
                definitions[name] = _without_required(definitions[name])
        keys["vocabulary"] = {
            "$ref": "#/$defs/DeclaredVocabulary",
            "description": self._meaning("OverlayFile", "vocabulary"),
        }
        return {**schema, "$defs": definitions}

    def _record(self, name: str, raw: Mapping[str, Any]) -> Schema:
        schema = {
            "description": self._records[name],
            **{
                key: value
                for key, value in raw.items()
                if key in ("type", "required", "additionalProperties")
            },
        }
        keys = {
            key: {"description": self._meaning(name, key), **_tidy(value)}
            for key, value in raw.get("properties", {}).items()
        }
        return {**schema, "properties": keys}

    def _meaning(self, record: str, key: str) -> str:
        return self._keys.get(f"{record}.{key}") or self._keys[key]


def _tidy(raw: Mapping[str, Any]) -> Schema:
    """A schema without pydantic's titles and nulls, its leaves by their names."""
    if LEAF in raw:
        return {"$ref": f"#/$defs/{raw[LEAF]}"} | _default(raw)
    choices = [one for one in (*raw.get("oneOf", ()), *raw.get("anyOf", ())) if one != {"type": "null"}]
    if len(choices) == 1:
        return _tidy(choices[0]) | _default(raw)
    tidy = {
        key: _tidy(value) if isinstance(value, dict) else value
        for key, value in raw.items()
        if key not in ("title", "oneOf", "anyOf", "default", "discriminator")
    }
    if choices:
        tidy["anyOf"] = [_tidy(one) for one in choices]
    return tidy | _default(raw)


def _default(raw: Mapping[str, Any]) -> Schema:
    return {"default": raw["default"]} if raw.get("default") not in (None, [], {}) else {}


def _without_required(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "required"}


def _name_items(schema: Schema) -> None:
    """The name of an item can be told from a subject, and from what stands for everything."""
    names = schema["properties"]["items"]["propertyNames"]
    schema["properties"]["items"]["propertyNames"] = {**names, "not": _NO_ITEM_NAME}


def _leaves(speech: Language) -> dict[str, Schema]:
    """The leaves of rules, by the names that ``calc.policy.leaves`` gives them."""
    known = leaf_schemas(speech)
    literal = {"minimum": 0, "exclusiveMaximum": LARGEST, "maxLength": LONGEST_TEXT}
    patterns = [{"pattern": number_pattern(one)} for one in LITERAL_TYPES]
    return {
        **{name: known[name] for name in ("money", "count", "flag", "date", "text")},
        "quantity": {"type": ["number", "string"], **literal, "anyOf": patterns},
        "quantity_above_0": {
            "type": ["number", "string"],
            **literal,
            "anyOf": patterns,
            "allOf": [_NOT_ZERO],
        },
        "sum_above_0": {**known["money"], "allOf": [_NOT_ZERO]},
        "rate_above_0": {**known["rate"], "allOf": [_NOT_ZERO]},
        "count_above_0": {**known["count"], "minimum": 1},
        "cap_or_award": {"anyOf": [{"const": "award"}, {"$ref": "#/$defs/sum_above_0"}]},
        "prose": text_schema(LONGEST_PROSE),
        "word_or_flag": {"anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/text"}]},
        "day_of_year": {"type": "string", "pattern": day_of_year_pattern(), "maxLength": 5},
        "measure_number": {"pattern": "^[0-9]+$", "maxLength": LONGEST_MEASURE},
        "name": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": LONGEST_NAME},
    }
