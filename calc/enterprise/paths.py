"""Finds what a PATH names in a file: ``figures.2025.revenue``, ``investment:二期产线.equipment``."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

from calc.enterprise.problems import InputError, KeyPath, Problem, nearest_word
from calc.enterprise.schema import AGREEMENT_KEYS, ENTERPRISE_KEYS, type_of_key
from calc.enterprise.vocabulary import Field, Label, Vocabulary, meant_word


class Named(NamedTuple):
    """Where in a file's content a figure stands, or would stand, and what may be written there."""

    keys: KeyPath
    field: Field


class Finder(NamedTuple):
    """A file's content with the words it may use and the claim year in which PATHs are looked up."""

    source: str
    content: Mapping[str, Any]
    vocabulary: Vocabulary
    claim_year: int

    def find(self, path: str) -> Named:
        """What a PATH names; the last dot splits off the key.

        Where a name stands in several years, it is the claim year's entry; ``enterprise.kinds`` are those of
        the claim year.  Raises ``InputError`` with the nearest PATH for one that names nothing.
        """
        where, _, key = path.rpartition(".")
        if where == "enterprise":
            keys = self._kinds_key() if key == "kinds" else ("enterprise", key)
            return Named(keys, self._field(path, where, key, ENTERPRISE_KEYS))
        if where == "fx":
            return Named(("fx", key), self._field(path, where, key, self.vocabulary.fx))
        if where.startswith("figures."):
            year = where.removeprefix("figures.")
            return Named(("figures", year, key), self._field(path, where, key, self.vocabulary.figures))
        table, colon, name = where.partition(":")
        place = self._entry(table, name) if colon else None
        if place is None:
            self._refuse_subject(path, where, key)
        return Named((table, place, key), self._field(path, where, key, self._keys_of(table)))

    def known(self) -> Iterator[tuple[str, Label]]:
        """Every PATH that the file's tables and years offer, with what it names."""
        yield from ((f"enterprise.{key}", self.vocabulary.common[key]) for key in ENTERPRISE_KEYS)
        yield from ((f"fx.{name}", field.label) for name, field in self.vocabulary.fx.items())
        for year in self.content.get("figures", {}):
            for name, figure in self.vocabulary.figures.items():
                yield f"figures.{year}.{name}", figure.label
        for subject in dict.fromkeys(self._subjects()):
            table = self.vocabulary.tables.get(subject.partition(":")[0])
            for name, field in table.fields.items() if table is not None else ():
                yield f"{subject}.{name}", field.label

    def _kinds_key(self) -> KeyPath:
        kinds, year = self.content.get("kinds"), str(self.claim_year)
        return ("kinds", year) if isinstance(kinds, dict) and year in kinds else ("enterprise", "kinds")

    def _entry(self, table: str, name: str) -> int | None:
        """The place of the entry of this name: the claim year's, or else the first."""
        entries = self.content.get(table)
        if not isinstance(entries, list) or table not in (*self.vocabulary.tables, "agreement"):
            return None
        places = [place for place, one in enumerate(entries) if one.get("name") == name]
        current = [place for place in places if entries[place].get("year") in (None, self.claim_year)]
        return next(iter([*current, *places]), None)

    def _keys_of(self, table: str) -> tuple[str, ...]:
        if table == "agreement":
            return AGREEMENT_KEYS
        return self.vocabulary.tables[table].keys

    def _field(
        self, path: str, where: str, key: str, allowed: "Mapping[str, Any] | tuple[str, ...]"
    ) -> Field:
        if key not in allowed:
            near = meant_word(key, allowed, self.vocabulary)
            self._refuse(path, tuple(allowed), f"{where}.{near}" if near is not None else None)
        table = self.vocabulary.tables.get(where.partition(":")[0])
        if table is not None and key in table.fields:
            return table.fields[key]
        if where.startswith("figures."):
            return self.vocabulary.figures[key]
        if where == "fx":
            return self.vocabulary.fx[key]
        words = self.vocabulary.kinds if key == "kinds" else {}
        label = self.vocabulary.common.get(key, Label(key, key))
        return Field(key, type_of_key(key), label, words=words)

    def _refuse_subject(self, path: str, where: str, key: str) -> NoReturn:
        """No table, year or entry is called so: tell what the file holds, and what was most likely meant."""
        subjects = list(self._subjects())
        table, colon, name = where.partition(":")
        near = meant_word(table, (*self.vocabulary.tables, "agreement"), self.vocabulary) if colon else None
        meant = nearest_word(f"{near or table}:{name}" if colon else where, subjects)
        by_name = [one for one in subjects if one.partition(":")[2] == (name if colon else where)]
        figure = meant_word(key, self.vocabulary.figures, self.vocabulary)
        if by_name or meant is not None:
            subject = meant or by_name[0]
            keys = self._keys_of(subject.partition(":")[0])
            right = key if key in keys else meant_word(key, keys, self.vocabulary)
            self._refuse(path, tuple(subjects), f"{subject}.{right or key}")
        if figure is not None and not colon:
            year = where.rpartition(".")[2]
            year = year if year.isdecimal() else str(self.claim_year - 1)
            self._refuse(path, (), f"figures.{year}.{figure}")
        holders = [one for one in subjects if self._key_meant(key, one)]
        if holders and not where and not key.isascii():
            self._refuse(path, (), f"{holders[0]}.{self._key_meant(key, holders[0])}")
        part = meant_word(key, (*ENTERPRISE_KEYS, *self.vocabulary.fx), self.vocabulary)
        if part is not None and not colon:
            self._refuse(path, (), f"{'enterprise' if part in ENTERPRISE_KEYS else 'fx'}.{part}")
        self._refuse(path, ("enterprise", "fx", f"figures.{self.claim_year - 1}", *subjects), None)

    def _key_meant(self, key: str, subject: str) -> str | None:
        """The key of a subject that looks most like this one."""
        return meant_word(key, self._keys_of(subject.partition(":")[0]), self.vocabulary)

    def _subjects(self) -> Iterator[str]:
        for table in (*self.vocabulary.tables, "agreement"):
            for entry in self.content.get(table, ()):
                if isinstance(entry, dict) and "name" in entry:
                    yield f"{table}:{entry['name']}"

    def _refuse(self, path: str, allowed: tuple[str, ...], nearest: str | None) -> NoReturn:
        details = {"allowed": allowed}
        problem = Problem(self.source, "unknown_path", value=path, details=details, nearest=nearest)
        raise InputError((problem,))
