"""Random forms of triggers, conditions and awards, as a rules file writes them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any, Final, NamedTuple

from calc.enterprise.vocabulary import Table, Vocabulary
from calc.policy.fields import NUMBERS, SUMS
from calc.policy.forms import FIGURE_YEARS

Content = dict[str, Any]
Values = Mapping[str, Sequence[Any]]
"""By the type of a field: the values that figures and bounds may have."""

_DAYS: Final = (date(2023, 12, 31), date(2024, 1, 1), date(2025, 6, 30), date(2026, 1, 1), date(2027, 3, 1))


class Forms(NamedTuple):
    """Makes the forms of one item, on a table or on the enterprise's own year."""

    random: Random
    vocabulary: Vocabulary
    values: Values
    table: Table | None
    is_running: bool
    is_grouped: bool

    def _own(self, types: Sequence[str]) -> list[str]:
        fields = self.table.fields.values() if self.table else ()
        return [one.name for one in fields if one.type in types]

    def _references(self, types: Sequence[str]) -> list[str]:
        own = self._own(types)
        figures = [
            f"{group}.{name}"
            for name, one in self.vocabulary.figures.items()
            for group in FIGURE_YEARS
            if one.type in types
        ]
        rates = [f"fx.{name}" for name, one in self.vocabulary.fx.items() if one.type in types]
        return own if own and self.random.random() < 0.7 else [*own, *figures, *rates]

    def has(self, *types: str) -> bool:
        return bool(self._own(types)) or any(one.type in types for one in self.vocabulary.figures.values())

    def reference(self, types: Sequence[str]) -> str:
        return self.random.choice(self._references(types))

    def _type_of(self, reference: str) -> str:
        group, _, name = reference.rpartition(".")
        if not group and self.table is not None:
            return self.table.fields[name].type
        return "factor" if group == "fx" else self.vocabulary.figures[name].type

    def _words_of(self, reference: str) -> list[str]:
        group, _, name = reference.rpartition(".")
        if not group and self.table is not None:
            return [*self.table.fields[name].words]
        return [*self.vocabulary.figures[name].words]

    def _some(self, words: Sequence[str]) -> list[str]:
        return self.random.sample(words, self.random.randint(1, max(1, len(words) - 1)))

    def _rate(self) -> Any:
        return self.random.choice([one for one in self.values["rate"] if one != 0])

    def _value(self, type_: str) -> Any:
        return self.random.choice(self.values[type_])

    # --- triggers

    def trigger(self) -> Content:
        random, vocabulary = self.random, self.vocabulary
        if self.table is None:
            if random.random() < 0.3:
                return {"kinds": self._some([*vocabulary.kinds])}
            return {"figure": random.choice([*vocabulary.figures])}
        trigger: Content = {"entry": self.table.name}
        selecting = [one for one in self.table.fields.values() if one.type in ("word", "words", "flag")]
        if selecting and random.random() < 0.3:
            field = random.choice(selecting)
            wanted = [random.random() < 0.5] if field.type == "flag" else self._some([*field.words])
            trigger["where"] = {field.name: wanted}
        for key in ("has", "has_any"):
            if random.random() < 0.2:
                names = [*self.table.fields]
                trigger[key] = random.sample(names, 1 if key == "has" else min(2, len(names)))
        return trigger | ({"running": self._running()} if self.is_running else {})

    def _running(self) -> Content:
        running: Content = {"start": "start", "months": "months"}
        if self.is_grouped:
            by = self._own(("text", "text", "word", "flag", "count", "date"))
            running["together_by"] = self.random.choice(by)
            if self.random.random() < 0.5:
                running["window"] = self.random.choice([6, 12, 24])
        return running

    # --- conditions

    def condition(self, depth: int = 0) -> Content:
        random = self.random
        ways: list[Callable[[], Content]] = [self._bounded] * 6 + [self._of_kinds]
        ways += [self._flag] if self.has("flag") else []
        ways += [self._one_of] if self.has("word") else []
        ways += [self._dated] if self.has("date") else []
        ways += [self._together] * 2 if self.is_grouped else []
        if depth < 2 and random.random() < 0.2:
            inner = [self.condition(depth + 1) for _ in range(random.randint(2, 3))]
            return {random.choice(["any_of", "all_of"]): inner}
        return random.choice(ways)()

    def _of_kinds(self) -> Content:
        kinds = [*self.vocabulary.kinds]
        return {"kinds": self.random.sample(kinds, max(1, len(kinds) // 2))}

    def _flag(self) -> Content:
        return {"is": self.random.random() < 0.5, "field": self.reference(("flag",))}

    def _one_of(self) -> Content:
        field = self.reference(("word",))
        return {"one_of": self._some(self._words_of(field)), "field": field}

    def _dated(self) -> Content:
        field = self.reference(("date",))
        match self.random.randint(0, 2):
            case 0:
                return {"not_before": self.random.choice(_DAYS[:3]), "field": field}
            case 1:
                return {"not_after": self.random.choice(_DAYS[2:]), "field": field}
            case _:
                after = {"after": self.random.randint(0, 1)} if self.random.random() < 0.5 else {}
                return {"within_years": self.random.randint(1, 3), "field": field, **after}

    def _bounded(self) -> Content:
        field = self.reference(NUMBERS)
        key = self.random.choice(["at_least", "at_least", "at_most", "more_than"])
        return {key: self._bound(self._type_of(field)), "field": field}

    def _together(self) -> Content:
        field = self.random.choice(self._own(NUMBERS))
        return {"at_least": self._bound(self._type_of(field)), "field": field, "together": True}

    def _bound(self, type_: str) -> Any:
        random = self.random
        match random.choice(["literal", "literal", "ratio", "growth", "times", "field", "by"]):
            case "ratio":
                return {"ratio": self._rate(), "of": self.reference(NUMBERS)}
            case "growth":
                return {"growth": self._rate(), "over": self.reference(NUMBERS)}
            case "times":
                return {"times": random.choice([2, "0.5", "12.5"]), "of": self.reference(NUMBERS)}
            case "field":
                return {"field": self.reference(NUMBERS)}
            case "by" if self.has("word"):
                by = self.reference(("word",))
                values = {word: self._value(type_) for word in self._some(self._words_of(by))}
                return {"by": by, "values": values, "otherwise": self._value(type_)}
            case _:
                return self._value(type_)

    # --- awards

    def award(self, depth: int = 0, *, fixed: bool = True) -> Content:
        ways = [
            *(self._rate_of, self._rate_of, self._sum_of_rates, self._priced_at, self._tiers, self._tiers),
            *(self._ladder, self._growth_ladder, self._each, self._each, self._shared_loss, self._excess),
            self._total_of,
        ]
        ways += [self._fixed] * 2 if fixed else []
        ways += [self._by_word] * 2 if self.has("word") else []
        ways += [self._interest] * 5 if self.is_running else []
        if depth < 2:
            ways.append(lambda: self._parts(depth))
            ways += [lambda: self._by_year(depth)] if self.has("date") else []
        return self.random.choice(ways)()

    def _sum(self) -> int:
        return int(self.random.choice([100, 200, 500, 1000, 1000, 2000]))

    def _of(self) -> list[str]:
        """A sum, often times one of the smaller figures."""
        factors = ("rate", "factor", "count", "area")
        more = [self.reference(factors)] if self.random.random() < 0.3 and self.has(*factors) else []
        return [self.reference(NUMBERS if self.random.random() < 0.3 else SUMS), *more]

    def _fixed(self) -> Content:
        return {"fixed": self._sum()}

    def _rate_of(self) -> Content:
        less = {"less": self.reference(NUMBERS)} if self.random.random() < 0.4 else {}
        return {"rate": self._rate(), "of": self._of(), **less}

    def _sum_of_rates(self) -> Content:
        return {"sum": [self._rate_of() for _ in range(self.random.randint(1, 3))]}

    def _priced_at(self) -> Content:
        return {"priced_at": self._rate(), "of": self._of()}

    def _steps(self, type_: str, more: Callable[[], Content]) -> list[Content]:
        since = [one for one in dict.fromkeys(self.values[type_]) if isinstance(one, int)]
        starts = sorted(self.random.sample(since, min(len(since), self.random.randint(1, 3))))
        return [{"from": start, **more()} for start in starts]

    def _tiers(self) -> Content:
        field = self.reference(("money", "usd", "count", "area"))
        steps = self._steps(self._type_of(field), lambda: {"rate": self._rate()})
        mode = self.random.choice(["whole", "marginal"])
        of = {"of": self._of()} if mode == "whole" and self.random.random() < 0.4 else {}
        return {"tiers": field, "mode": mode, "steps": steps, **of}

    def _rising(self, steps: list[Content]) -> list[Content]:
        sums = sorted(self._sum() for _ in steps)
        return [{"from": step["from"], "sum": sum_} for step, sum_ in zip(steps, sums, strict=True)]

    def _ladder(self) -> Content:
        field = self.reference(("money", "usd", "count", "area"))
        return {"ladder": field, "steps": self._rising(self._steps(self._type_of(field), dict))}

    def _growth_ladder(self) -> Content:
        rates = ["5%", "10%", "50%", 1]
        steps = [{"from": rate} for rate in rates[: self.random.randint(1, 4)]]
        fields = {"growth_of": self.reference(NUMBERS), "over": self.reference(NUMBERS)}
        return {**fields, "steps": self._rising(steps)}

    def _each(self) -> Content:
        random, field = self.random, self.reference(("count", "count", "area", "money"))
        award: Content = {"each": field, "sum": random.choice([1, 100, "0.15", "333.33"])}
        if random.random() < 0.4:
            own = random.random() < 0.5
            award["beyond"] = {"field": self.reference(NUMBERS)} if own else self._value(self._type_of(field))
        if random.random() < 0.4:
            award["up_to"] = random.choice([2, 3, "7.5", 1000])
        if random.random() < 0.4:
            award["per"] = random.choice([2, 3, "2.5", 1000])
        if random.random() < 0.3:
            award["times"] = [self.reference(NUMBERS)]
        return award

    def _by_word(self) -> Content:
        by = self.reference(("word",))
        words = self._some(self._words_of(by))
        if self.random.random() < 0.5:
            of = {"of": [self.reference(("count", "rate", "factor"))]} if self.random.random() < 0.4 else {}
            return {"by_word": by, "sums": {word: self._sum() for word in words}, **of}
        return {"by_word": by, "rates": {word: self._rate() for word in words}, "of": self._of()}

    def _interest(self) -> Content:
        share = {"share": self._rate()} if self.random.random() < 0.7 else {}
        rate = {"rate": self._rate()} if self.random.random() < 0.7 else {}
        return {"interest": self.reference(SUMS), "at_most": self.reference(("rate",)), **share, **rate}

    def _shared_loss(self) -> Content:
        if not self.has("rate"):
            return self._total_of()
        loss = {"shared_loss": self.reference(SUMS), "share": self.reference(("rate",))}
        return {**loss, "rate": self._rate(), "at_most": self._sum()}

    def _excess(self) -> Content:
        own = self.random.random() < 0.5
        over = {"field": self.reference(NUMBERS)} if own else self._value("money")
        award = {"excess": self.reference(NUMBERS), "over": over, "times": [self.reference(NUMBERS)]}
        return award | ({"months": self.reference(("count",))} if self.random.random() < 0.5 else {})

    def _total_of(self) -> Content:
        award: Content = {"total_of": [self.reference(SUMS) for _ in range(self.random.randint(1, 3))]}
        return award | ({"missing_is_zero": True} if self.random.random() < 0.5 else {})

    def _parts(self, depth: int) -> Content:
        return {"parts": [self._part(depth) for _ in range(self.random.randint(1, 3))]}

    def _part(self, depth: int) -> Content:
        part: Content = {"award": self.award(depth + 1)}
        if self.random.random() < 0.5:
            part["when"] = [self.condition() for _ in range(self.random.randint(1, 2))]
        if self.random.random() < 0.4:
            part["cap"] = max(self._sum(), part["award"].get("fixed", 0))
        return part

    def _by_year(self, depth: int) -> Content:
        shares = [self._rate() for _ in range(self.random.randint(1, 3))]
        after = {"after": self.random.randint(0, 1)} if self.random.random() < 0.5 else {}
        field = self.reference(("date",))
        return {"by_year": field, "shares": shares, "award": self.award(depth + 1), **after}
