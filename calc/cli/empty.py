"""``subsidy batch --template``: an empty input, its columns explained in the user's language."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calc.cli.channel import Channel
from calc.cli.exits import Exit
from calc.cli.opening import open_rules
from calc.cli.options import UnfitEnding
from calc.cli.slips import SlipError, lacks_libraries, wrong_usage
from calc.enterprise.schema import AGREEMENT_KEYS, ENTERPRISE_KEYS, SUM_KEYS, type_of_key
from calc.enterprise.vocabulary import NOTHING, Field, Label, Vocabulary, Word
from calc.present.language import Language
from calc.present.words.cells import how_to_fill

if TYPE_CHECKING:
    from calc.batch.template import Column

_OPTIONAL: Final = ("from", "subject")
"""Those of an entry that it may lack."""


def refuse_inputs(channel: Channel) -> Exit:
    """Tell that there is nothing to read where an empty input is written."""
    slip = SlipError(channel.speech.say("--template writes an empty input: leave INPUT out"))
    return wrong_usage(slip, "batch", channel)


def write_empty(
    form: str, output: Path | None, rules: Sequence[str], year: int | None, channel: Channel
) -> int:
    """Write an empty input in dotted columns; figures are those of the two years before the claim year.

    Raises ``UnfitEnding`` where the file would not hold what its ending says.
    """
    if lacks_libraries(channel):
        return Exit.USAGE
    if output is None and form != "csv":
        slip = SlipError(channel.speech.say("{name} needs a file: add -o", name=f"--template {form}"))
        return wrong_usage(slip, "batch", channel)
    if (
        output is not None
        and (output.is_file() or not output.exists())
        and output.suffix.lower() != f".{form}"
    ):
        raise UnfitEnding(output, [f".{form}"])
    found = open_rules(tuple(rules), channel)
    if isinstance(found, Exit):
        return found
    from calc.batch.intake.columns.header import nested_schema
    from calc.batch.parts import whole
    from calc.batch.sinks.columns import write_parquet
    from calc.batch.storage import followed
    from calc.batch.template import write_template

    speech = channel.speech
    claim_year = year or found.policy.valid_from.year + 1
    columns = tuple(_columns(found.vocabulary, claim_year, speech))
    headings = [
        speech.say("column"),
        speech.say("meaning"),
        speech.say("how it is written"),
        speech.say("words"),
    ]
    if form == "parquet" and output is not None:
        with whole(followed(output)) as stream:
            write_parquet((), nested_schema(found.vocabulary), stream)
        return Exit.DONE
    if output is None:
        write_template(form, columns, headings, sys.stdout.buffer)
        return Exit.DONE
    with whole(followed(output)) as stream:
        write_template(form, columns, headings, stream)
    return Exit.DONE


def _written_as(key: str) -> str:
    """How a key is written that every file shares."""
    return "year" if key in ("year", "claim_year") else type_of_key(key)


def _columns(vocabulary: Vocabulary, claim_year: int, speech: Language) -> "Iterator[Column]":
    common = vocabulary.common
    for key in ENTERPRISE_KEYS:
        must = speech.say("required") if key in ("name", "claim_year") else ""
        label, words = speech.name(common[key]), vocabulary.kinds if key == "kinds" else {}
        yield _column(f"enterprise.{key}", label, _written_as(key), must, speech, words)
    for name, field in vocabulary.fx.items():
        yield _field_column(f"fx.{name}", "", field, speech)
    for year in (claim_year - 1, claim_year - 2):
        for name, field in vocabulary.figures.items():
            yield _field_column(f"figures.{year}.{name}", str(year), field, speech)
    for table in vocabulary.tables.values():
        yield from _entry(table.name, table.label, table.keys, table.fields, vocabulary, speech)
    yield from _entry("agreement", common["agreement"], AGREEMENT_KEYS, {}, vocabulary, speech)
    for name in ("received", "expect"):
        yield from _entry(name, common[name], SUM_KEYS, vocabulary.sums, vocabulary, speech)


def _entry(
    table: str,
    label: Label,
    keys: Sequence[str],
    fields: Mapping[str, Field],
    vocabulary: Vocabulary,
    speech: Language,
) -> "Iterator[Column]":
    """The columns of the first entry of a table."""
    of = f"{speech.name(label)} 1"
    for key in keys:
        name = f"{table}.1.{key}"
        if key in fields:
            yield _field_column(name, of, fields[key], speech, is_sum=key in vocabulary.sums)
        else:
            must = speech.say("required in an entry") if key not in _OPTIONAL else ""
            called = f"{of} · {speech.name(vocabulary.common[key])}"
            yield _column(name, called, _written_as(key), must, speech)


def _field_column(name: str, of: str, field: Field, speech: Language, *, is_sum: bool = False) -> "Column":
    label = " · ".join(filter(None, (of, speech.name(field.label))))
    spared = [word for words in field.not_needed_for.values() for word in words]
    must = ""
    if spared:
        must = speech.say("required, but not for {words}", words=speech.comma.join(spared))
    elif field.required or is_sum:
        must = speech.say("required in an entry")
    return _column(name, label, field.type, must, speech, field.words)


def _column(
    name: str, label: str, kind: str, must: str, speech: Language, words: Mapping[str, Word] = NOTHING
) -> "Column":
    from calc.batch.template import Column

    how = speech.semicolon.join(filter(None, (how_to_fill(kind, speech), must)))
    named = {word: speech.name(one.label) for word, one in words.items()}
    # A list to choose from would not let several words stand in a cell.
    offered = {"word": tuple(words), "flag": ("是", "否") if speech.code == "zh" else ("true", "false")}
    return Column(name, label, how, named, offered.get(kind, ()))
