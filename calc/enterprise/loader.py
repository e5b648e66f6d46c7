"""Loads an enterprise file: strictly, exactly, and with every problem of the file at once."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from calc.enterprise.checking import checked
from calc.enterprise.documents import Document, read_document
from calc.enterprise.enterprise import Agreement, Enterprise, Entry, Sum
from calc.enterprise.positions import located
from calc.enterprise.problems import InputError, KeyPath, Problem, nearest_word
from calc.enterprise.vocabulary import Table, Vocabulary, chinese_names

_CHINESE_KEY: Final = r"[\s\[]{0,9}(?P<key>[一-鿿][^\s=＝:：\].]{0,40})"


class Loaded(NamedTuple):
    """An enterprise, with what is doubtful about its file."""

    enterprise: Enterprise
    warnings: tuple[Problem, ...]


def load_enterprise(
    source: str, vocabulary: Vocabulary, items: tuple[str, ...], *, claim_year: int | None = None
) -> Loaded:
    """Read one enterprise file (``-``: standard input).

    ``items`` are the identifiers the rules know; ``claim_year`` wins over the file's own.
    Raises ``InputError`` with all problems of the file, each with its place.
    """
    document = open_enterprise(source, vocabulary)
    return enterprise_from(document, vocabulary, items, claim_year=claim_year)


def open_enterprise(source: str, vocabulary: Vocabulary) -> Document:
    """Read and parse one enterprise file, unchecked.  Raises ``InputError`` where it cannot be parsed."""
    try:
        return read_document(source)
    except InputError as error:
        raise InputError(tuple(_with_english_key(one, vocabulary) for one in error.problems)) from None


def enterprise_from(
    document: Document, vocabulary: Vocabulary, items: tuple[str, ...], *, claim_year: int | None = None
) -> Loaded:
    """Validate a parsed document.  Raises ``InputError`` with all its problems."""
    content = checked(document, vocabulary, items, claim_year)
    enterprise = _assemble(document.source, content, vocabulary, claim_year)
    doubts = tuple(_dangling_subjects(enterprise))
    return Loaded(enterprise, located(document, doubts) if doubts else ())


def _with_english_key(problem: Problem, vocabulary: Vocabulary) -> Problem:
    """A key in Chinese is no TOML; where it names something, that is the word that was meant."""
    match = re.match(_CHINESE_KEY, problem.place.text) if problem.place is not None else None
    if problem.code != "syntax" or match is None:
        return problem
    names = dict(chinese_names(vocabulary))
    name = nearest_word(match["key"], names)
    return problem if name is None else problem._replace(nearest=names[name])


def _assemble(
    source: str, content: Mapping[str, Any], vocabulary: Vocabulary, claim_year: int | None
) -> Enterprise:
    declared = content["enterprise"]
    return Enterprise(
        source=source,
        name=declared["name"],
        uscc=declared.get("uscc"),
        claim_year=claim_year if claim_year is not None else declared["claim_year"],
        filing_date=declared.get("filing_date"),
        in_zone=declared.get("in_zone", True),
        kinds=_once(declared.get("kinds", ())),
        kinds_by_year={year: _once(kinds) for year, kinds in content.get("kinds", {}).items()},
        fx=content.get("fx", {}),
        figures=content.get("figures", {}),
        entries={
            name: tuple(_entry(table, raw) for raw in content[name])
            for name, table in vocabulary.tables.items()
            if name in content
        },
        agreements=tuple(
            Agreement(one["name"], one.get("from"), one["until"], frozenset(one["covers"]))
            for one in content.get("agreement", ())
        ),
        received=tuple(_sum(one) for one in content.get("received", ())),
        expected=tuple(_sum(one) for one in content.get("expect", ())),
    )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _entry(table: Table, raw: Mapping[str, Any]) -> Entry:
    values = {key: value for key, value in raw.items() if key not in ("name", "year")}
    for field in table.fields.values():
        if field.name not in values:
            if field.default is not None:
                values[field.name] = field.default
            elif field.default_to is not None and field.default_to in raw:
                values[field.name] = raw[field.default_to]
            elif field.type == "flag":
                values[field.name] = False
        elif field.type == "words":
            values[field.name] = _once(values[field.name])
    return Entry(table.name, raw["name"], raw.get("year"), values)


def _sum(raw: Mapping[str, Any]) -> Sum:
    return Sum(raw["item"], raw["year"], raw["amount"], raw.get("subject"))


def _dangling_subjects(enterprise: Enterprise) -> Iterable[Problem]:
    """A subject that the file does not hold is no error, but most likely a slip."""
    held = enterprise.subjects()

    def missing(subject: str | None) -> bool:
        return subject is not None and subject not in held and not subject.startswith("enterprise:")

    def doubt(path: KeyPath, subject: str | None) -> Problem:
        near = nearest_word(subject, sorted(held))
        return Problem(enterprise.source, "unheld_subject", path, subject, nearest=near, is_warning=True)

    for index, agreement in enumerate(enterprise.agreements):
        for subject in sorted(agreement.covers):
            if ":" in subject and missing(subject):
                yield doubt(("agreement", index, "covers"), subject)
    for table, sums in (("received", enterprise.received), ("expect", enterprise.expected)):
        for index, one in enumerate(sums):
            if missing(one.subject):
                yield doubt((table, index, "subject"), one.subject)
