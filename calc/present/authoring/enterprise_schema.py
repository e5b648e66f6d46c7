"""JSON Schema of an enterprise file, generated from the words of a policy: as strict as the loader.

What a schema cannot say is left to ``subsidy check``: a name used twice, a part above its whole, a day after
another, a check digit, the decimals of a bare number.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from calc.enterprise.numbers import LARGEST, LONGEST_TEXT, UNITS
from calc.enterprise.patterns import (
    credit_code_pattern,
    day_pattern,
    number_pattern,
    unsafe_pattern,
    years_pattern,
)
from calc.enterprise.schema import FIRST_YEAR, LAST_YEAR, LONGEST_DAY, LONGEST_NAME, YEARS_BEFORE
from calc.enterprise.vocabulary import Field, Label, Table, Word
from calc.policy.references import readers
from calc.policy.rules import Rules
from calc.present.figures import file_value
from calc.present.language import Language, both_languages
from calc.present.words.next_steps import how_to_write

Schema: TypeAlias = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_YEAR_DIGITS: Final = 4


def leaf_schemas(speech: Language) -> dict[str, Schema]:
    """A schema for each type of value, by the type's name; ``credit_code``, ``year`` and ``fields`` too."""
    numbers = {name: _number(name) for name in UNITS}
    numbers["rate"] |= {"maximum": 1}
    del numbers["rate"]["exclusiveMaximum"]
    numbers["factor"] |= {"exclusiveMinimum": 0}
    del numbers["factor"]["minimum"]
    leaves: dict[str, Schema] = {
        **numbers,
        "count": {"type": "integer", "minimum": 0, "exclusiveMaximum": LARGEST},
        "flag": {"type": "boolean"},
        "date": {"type": "string", "maxLength": LONGEST_DAY, "pattern": day_pattern()},
        "text": text_schema(LONGEST_NAME),
    }
    return {name: {**leaf, "description": how_to_write(name, speech)} for name, leaf in leaves.items()}


def _number(number_type: str) -> Schema:
    return {
        "type": ["number", "string"],
        "minimum": 0,
        "exclusiveMaximum": LARGEST,
        "maxLength": LONGEST_TEXT,
        "pattern": number_pattern(number_type),
    }


def text_schema(longest: int) -> Schema:
    """A text on one line that a terminal may show."""
    return {"type": "string", "pattern": "\\S", "maxLength": longest, "not": {"pattern": unsafe_pattern()}}


def table_schema(properties: Mapping[str, Schema], required: tuple[str, ...] = ()) -> Schema:
    """A table that holds these keys and no other."""
    return {
        "type": "object",
        "properties": dict(properties),
        **({"required": list(required)} if required else {}),
        "additionalProperties": False,
    }


def enterprise_schema(rules: Rules) -> Schema:
    """The schema of the enterprise files that these rules read, its words in both languages."""
    return _EnterpriseSchema(rules, both_languages()).whole()


class _EnterpriseSchema:
    """Puts the words of one policy into a schema."""

    def __init__(self, rules: Rules, speech: Language) -> None:
        self._rules = rules
        self._words = rules.vocabulary
        self._speech = speech
        self._readers = readers(rules, rules.items)

    def whole(self) -> Schema:
        say, common = self._speech.say, self._words.common
        parts = {
            "enterprise": self._titled(self._enterprise(), common["enterprise"]),
            "kinds": self._by_year(self._ref("kinds"), FIRST_YEAR, say("the kinds of a claim year")),
            "fx": self._titled(
                table_schema({name: self._field(one, f"fx.{name}") for name, one in self._words.fx.items()}),
                common["fx"],
            ),
            "figures": self._by_year(
                table_schema(
                    {
                        name: self._field(
                            field, *(f"{year}.{name}" for year in ("last_year", "year_before", "this_year"))
                        )
                        for name, field in self._words.figures.items()
                    }
                ),
                FIRST_YEAR - YEARS_BEFORE,
                say("the figures of a financial year"),
            ),
            **{name: self._entries(table) for name, table in self._words.tables.items()},
            "agreement": self._titled(_list_of(self._agreement()), common["agreement"]),
            "received": self._titled(_list_of(self._sum()), common["received"]),
            "expect": self._titled(_list_of(self._sum()), common["expect"]),
        }
        return {
            "$schema": DIALECT,
            "title": say("An enterprise file"),
            "description": f"{self._rules.policy.id} {self._speech.name(self._rules.policy.title)}",
            **table_schema(parts, ("enterprise",)),
            "$defs": self._definitions(),
        }

    def _definitions(self) -> dict[str, Schema]:
        items = self._rules.items
        kinds = self._enumeration(self._words.kinds)
        years = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        named = "\n".join(f"{name}: {self._speech.name(item.title)}" for name, item in items.items())
        return {
            **leaf_schemas(self._speech),
            "year": years,
            "credit_code": {
                **text_schema(LONGEST_NAME),
                "allOf": [{"pattern": credit_code_pattern()}],
            },
            "kinds": {"type": "array", "items": kinds},
            "item": {"enum": list(items), "description": named},
            "covered": {
                "anyOf": [{"const": "*"}, {"enum": list(items)}, {**self._ref("text"), "pattern": ":"}],
                "description": self._speech.say('"*", an item, or a subject as investment:二期产线'),
            },
        }

    @staticmethod
    def _ref(name: str) -> Schema:
        return {"$ref": f"#/$defs/{name}"}

    def _titled(self, schema: Schema, label: Label) -> Schema:
        return {"title": self._speech.name(label), **schema}

    def _common(self, name: str, leaf: str) -> Schema:
        return self._titled(self._ref(leaf), self._words.common[name])

    def _by_year(self, schema: Schema, first: int, title: str) -> Schema:
        return {
            "title": title,
            "type": "object",
            "propertyNames": {"maxLength": _YEAR_DIGITS},
            "patternProperties": {years_pattern(first, LAST_YEAR): schema},
            "additionalProperties": False,
        }

    def _enterprise(self) -> Schema:
        keys = {
            "name": self._common("name", "text"),
            "uscc": self._common("uscc", "credit_code"),
            "claim_year": self._common("claim_year", "year"),
            "filing_date": self._common("filing_date", "date"),
            "in_zone": {**self._common("in_zone", "flag"), "default": True},
            "kinds": self._common("kinds", "kinds"),
        }
        return table_schema(keys, ("name", "claim_year"))

    def _agreement(self) -> Schema:
        covers = {"type": "array", "items": self._ref("covered")}
        keys = {
            "name": self._common("name", "text"),
            "from": self._common("from", "date"),
            "until": self._common("until", "date"),
            "covers": self._titled(covers, self._words.common["covers"]),
        }
        return table_schema(keys, ("name", "until", "covers"))

    def _sum(self) -> Schema:
        amounts = {name: self._field(one) for name, one in self._words.sums.items()}
        keys = {"item": self._common("item", "item"), "year": self._common("year", "year"), **amounts}
        keys["subject"] = self._common("subject", "text")
        return table_schema(keys, ("item", "year", "amount"))

    def _entries(self, table: Table) -> Schema:
        keys = {"name": self._common("name", "text")}
        if table.dated:
            keys["year"] = self._common("year", "year")
        keys |= {name: self._field(field, f"{table.name}.{name}") for name, field in table.fields.items()}
        required = [
            field.name for field in table.fields.values() if field.required and not field.not_needed_for
        ]
        entry = table_schema(keys, ("name", *(("year",) if table.dated else ()), *required))
        sometimes = [
            _needed(field) for field in table.fields.values() if field.required and field.not_needed_for
        ]
        if sometimes:
            entry["allOf"] = sometimes
        return self._titled(_list_of(entry), table.label)

    def _field(self, field: Field, *references: str) -> Schema:
        match field.type:
            case "word":
                schema = self._enumeration(field.words)
            case "words":
                schema = {"type": "array", "items": self._enumeration(field.words)}
            case leaf:
                schema = self._ref(leaf)
        if field.at_least:
            schema |= {"minimum": field.at_least}
        default = False if field.type == "flag" else field.default
        if default is not None:
            schema |= {"default": file_value(default, field)}
        if field.example is not None:
            schema |= {"examples": [field.example]}
        read_by = dict.fromkeys(item for one in references for item in self._readers.get(one, ()))
        return self._titled(self._described(schema, tuple(read_by)), field.label)

    def _described(self, schema: Schema, items: tuple[str, ...]) -> Schema:
        if not items:
            return schema
        says = self._speech.say("matters to {items}", items=", ".join(items))
        known = schema.get("description")
        return {**schema, "description": f"{known}\n{says}" if known else says}

    def _enumeration(self, words: Mapping[str, Word]) -> Schema:
        named = "\n".join(f"{name}: {self._speech.name(word.label)}" for name, word in words.items())
        return {"enum": list(words), "description": named}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _needed(field: Field) -> Schema:
    """A key that some words of other keys make needless."""
    spared = [
        {"required": [key], "properties": {key: {"enum": list(words)}}}
        for key, words in field.not_needed_for.items()
    ]
    return {"anyOf": [{"required": [field.name]}, *spared]}
