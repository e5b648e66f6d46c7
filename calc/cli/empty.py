"""``subsidy batch --template``: an empty input, its columns explained in the user's language."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from calc.cli.channel import Channel
from calc.cli.exits import Exit
from calc.cli.opening import open_rules
from calc.cli.slips import SlipError, lacks_libraries, wrong_usage
from calc.enterprise.schema import AGREEMENT_KEYS, ENTERPRISE_KEYS, SUM_KEYS, type_of_key
from calc.enterprise.vocabulary import Field, Vocabulary
from calc.present.language import Language
from calc.present.words.next_steps import how_to_write

if TYPE_CHECKING:
    from calc.batch.template import Column


def write_empty(
    form: str, output: Path | None, rules: Sequence[str], year: int | None, channel: Channel
) -> int:
    """Write an empty input in dotted columns; figures are those of the two years before the claim year."""
    if lacks_libraries(channel):
        return Exit.USAGE
    if output is None and form != "csv":
        slip = SlipError(channel.speech.say("{name} needs a file: add -o", name=f"--template {form}"))
        return wrong_usage(slip, "batch", channel)
    found = open_rules(tuple(rules), channel)
    if isinstance(found, Exit):
        return found
    from calc.batch.intake.columns.header import nested_schema
    from calc.batch.parts import whole
    from calc.batch.sinks.columns import write_parquet
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
        with whole(output.resolve()) as stream:
            write_parquet((), nested_schema(found.vocabulary), stream)
        return Exit.DONE
    if output is None:
        write_template(form, columns, headings, sys.stdout.buffer)
        return Exit.DONE
    with whole(output.resolve()) as stream:
        write_template(form, columns, headings, stream)
    return Exit.DONE


def _columns(vocabulary: Vocabulary, claim_year: int, speech: Language) -> "Iterator[Column]":
    common = vocabulary.common
    for key in ENTERPRISE_KEYS:
        words = tuple(vocabulary.kinds) if key == "kinds" else ()
        yield _column(f"enterprise.{key}", speech.name(common[key]), type_of_key(key), words, speech)
    for name, field in vocabulary.fx.items():
        yield _field_column(f"fx.{name}", field, speech)
    for year in (claim_year - 1, claim_year - 2):
        for name, field in vocabulary.figures.items():
            yield _field_column(f"figures.{year}.{name}", field, speech)
    for table in vocabulary.tables.values():
        for key in table.keys:
            column = f"{table.name}.1.{key}"
            if key in table.fields:
                yield _field_column(column, table.fields[key], speech)
            else:
                yield _column(column, speech.name(common[key]), type_of_key(key), (), speech)
    for key in AGREEMENT_KEYS:
        yield _column(f"agreement.1.{key}", speech.name(common[key]), type_of_key(key), (), speech)
    for name in ("received", "expect"):
        for key in SUM_KEYS:
            column = f"{name}.1.{key}"
            if key in vocabulary.sums:
                yield _field_column(column, vocabulary.sums[key], speech)
            else:
                yield _column(column, speech.name(common[key]), type_of_key(key), (), speech)


def _field_column(name: str, field: Field, speech: Language) -> "Column":
    return _column(name, speech.name(field.label), field.type, tuple(field.words), speech)


def _column(name: str, label: str, written: str, words: tuple[str, ...], speech: Language) -> "Column":
    from calc.batch.template import Column

    say = speech.say
    in_cells = {
        "money": say("yuan: 26000000, 2600万 or 1.3亿"),
        "rate": say("a rate between 0 and 1: 0.035 or 3.5%"),
        "count": say("a whole number"),
        "flag": say("true or false, 是 or 否"),
        "date": say("a date as 2026-03-01"),
        "text": say("a text"),
        "word": say("one of the words"),
        "words": say("words with ; between them"),
    }
    # A list for each cell would not let several words stand in it.
    return Column(
        name, label, in_cells.get(written) or how_to_write(written, speech), words, written == "word"
    )
