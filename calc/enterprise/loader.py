"""Loads an enterprise file: strictly, exactly, and with every problem of the file at once."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from pydantic_core import ValidationError

from calc.enterprise.documents import Document, read_document
from calc.enterprise.enterprise import Agreement, Enterprise, Entry, Sum
from calc.enterprise.problems import MOST_SHOWN, InputError, KeyPath, Problem, nearest_word
from calc.enterprise.schema import ENTERPRISE_KEYS, file_validator, known_parts, read_day
from calc.enterprise.vocabulary import Field, Table, Vocabulary, chinese_names

_AGREEMENT_KEYS: Final = ("name", "from", "until", "covers")
_SUM_KEYS: Final = ("item", "year", "amount", "subject")


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
    document = read_document(source)
    return enterprise_from(document, vocabulary, items, claim_year=claim_year)


def enterprise_from(
    document: Document, vocabulary: Vocabulary, items: tuple[str, ...], *, claim_year: int | None = None
) -> Loaded:
    """Validate a parsed document.  Raises ``InputError`` with all its problems."""
    reading = _Reading(document, vocabulary)
    content = reading.validate(items, claim_year)
    if reading.problems:
        raise InputError(reading.located(reading.problems))
    enterprise = _assemble(document.source, content, vocabulary, claim_year)
    return Loaded(enterprise, reading.located(_dangling_subjects(enterprise)))


class _Reading:
    """One pass over one document, gathering problems."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._document = document
        self._vocabulary = vocabulary
        self.problems: list[Problem] = []

    def add(self, code: str, path: KeyPath, value: object = None, **details: Any) -> None:
        is_shown = len(self.problems) < MOST_SHOWN
        nearest = self._nearest(value, details["allowed"]) if is_shown and details.get("allowed") else None
        self.problems.append(
            Problem(self._document.source, code, path, value, details=details, nearest=nearest)
        )

    def _nearest(self, value: object, allowed: tuple[str, ...]) -> str | None:
        """The allowed word nearest to what was written, in English or by its Chinese name."""
        found = nearest_word(value, allowed)
        if found is None and isinstance(value, str) and not value.isascii():
            named = {name: word for name, word in chinese_names(self._vocabulary) if word in allowed}
            name = nearest_word(value, named)
            found = named[name] if name is not None else None
        return found

    def located(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        problems = tuple(problems)
        if not problems:
            return ()
        from calc.enterprise.positions import located

        return located(self._document, problems)

    def validate(self, items: tuple[str, ...], claim_year: int | None) -> dict[str, Any]:
        raw = self._document.content
        if "enterprise" not in raw:
            near = nearest_word(next(iter(raw), None), ("enterprise",))
            self.problems.append(Problem(self._document.source, "no_enterprise", nearest=near))
        known = known_parts(self._vocabulary)
        for name in raw:
            if name not in known:
                self.add("unknown_key", (name,), name, allowed=known)
        parts = tuple(name for name in known if name in raw)
        content: dict[str, Any] = {}
        try:
            content = file_validator(self._vocabulary, items, parts).validate_python(
                {name: raw[name] for name in parts}
            )
        except ValidationError as errors:
            for error in errors.errors(include_url=False):
                self._add_validation_error(error)
        self._check_across(raw, claim_year)
        return content

    def _add_validation_error(self, error: Any) -> None:
        path: KeyPath = error["loc"]
        value = error["input"]
        match error["type"]:
            case "year_key":
                self.add("year_key", path[:-1], value, **error["ctx"])
            case "missing":
                self.add("missing_key", path)
            case "extra_forbidden":
                self.add("unknown_key", path, path[-1], allowed=self._keys_at(path[0]))
            case "list_type":
                is_table = len(path) == 1
                self.add("not_a_table_array" if is_table else "not_a_list", path, value)
            case "dict_type":
                in_array = len(path) > 1 and isinstance(path[-1], int)
                self.add("not_a_table", path, value, in_array=in_array)
            case code:
                self.add(code, path, value, **error.get("ctx", {}))

    def _keys_at(self, part: str | int) -> tuple[str, ...]:
        match part:
            case "enterprise":
                return ENTERPRISE_KEYS
            case "fx":
                return ("usd_cny",)
            case "figures":
                return tuple(self._vocabulary.figures)
            case "agreement":
                return _AGREEMENT_KEYS
            case "received" | "expect":
                return _SUM_KEYS
            case _:
                table = self._vocabulary.tables[str(part)]
                return ("name", *(("year",) if table.dated else ()), *table.fields)

    def _check_across(self, raw: Mapping[str, Any], claim_year: int | None) -> None:
        enterprise = raw.get("enterprise")
        if claim_year is None and isinstance(enterprise, dict) and "claim_year" not in enterprise:
            self.add("missing_key", ("enterprise", "claim_year"))
        for name, table in self._vocabulary.tables.items():
            entries = raw.get(name)
            if isinstance(entries, list):
                self._check_entries(table, entries)
        agreements = raw.get("agreement")
        if isinstance(agreements, list):
            self._check_names("agreement", agreements, dated=False)
            for index, one in enumerate(agreements):
                if isinstance(one, dict):
                    self._check_agreement(index, one)

    def _check_entries(self, table: Table, entries: list[Any]) -> None:
        self._check_names(table.name, entries, dated=table.dated)
        for field in table.fields.values():
            if field.part_of is not None or field.not_needed_for:
                for index, entry in enumerate(entries):
                    if isinstance(entry, dict):
                        self._check_field(table, field, index, entry)

    def _check_field(self, table: Table, field: Field, index: int, entry: dict[str, Any]) -> None:
        if field.part_of is not None:
            part, whole = (_number(table, name, entry) for name in (field.name, field.part_of))
            if part is not None and whole is not None and part > whole:
                path = (table.name, index, field.name)
                self.add("above_whole", path, entry[field.name], whole=field.part_of, limit=whole)
        if field.required and field.not_needed_for and field.name not in entry:
            spared = any(entry.get(key) in words for key, words in field.not_needed_for.items())
            if not spared:
                self.add("missing_key", (table.name, index, field.name))

    def _check_names(self, table: str, entries: list[Any], *, dated: bool) -> None:
        seen: set[tuple[Any, Any]] = set()
        for index, entry in enumerate(entries):
            if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
                continue
            year = entry.get("year") if dated else None
            mark = (entry["name"], year if isinstance(year, int) else None)
            if mark in seen:
                self.add("duplicate_name", (table, index, "name"), entry["name"], year=mark[1])
            seen.add(mark)

    def _check_agreement(self, index: int, agreement: dict[str, Any]) -> None:
        since, until = read_day(agreement.get("from")), read_day(agreement.get("until"))
        if since is not None and until is not None and since > until:
            self.add("from_after_until", ("agreement", index, "from"), agreement["from"], limit=until)


def _number(table: Table, name: str, entry: Mapping[str, Any]) -> Any:
    from calc.enterprise.numbers import NumberError, read_number

    field = table.fields.get(name)
    if field is None or name not in entry:
        return None
    try:
        return read_number(entry[name], field.type)
    except NumberError:
        return None


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
            elif field.default_to is not None:
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
