"""Random rules that pass their self-check: every form of trigger, condition and award, in any mixture."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any, Final, NamedTuple

from calc.enterprise.documents import Document, parse_document
from calc.enterprise.vocabulary import Table, Vocabulary, base_vocabulary, extend, read_vocabulary
from calc.policy.fields import NUMBERS, SUMS
from calc.policy.forms import FIGURE_YEARS
from calc.policy.loader import base_text, rules_from
from calc.policy.rules import Rules

Content = dict[str, Any]
Values = Mapping[str, Sequence[Any]]

SMALL: Final[Values] = {
    "money": (0, 1, 100, 500, "999.99", 1000, 1000, "1000.01", 2000, 3000, 5000, 10_000),
    "usd": (0, 100, 1000, "1000.50", 2000),
    "area": (0, 10, "12.5", 100, 1000),
    "factor": (1, 2, "0.5", "7.1"),
    "rate": (0, "5%", "10%", "30%", "33.3%", "50%", 1),
    "count": (0, 1, 2, 3, 5, 12),
}
"""Few round values, so that figures meet thresholds and caps, and sums equal each other."""

_LARGE: Final[Values] = {
    "money": (10**12, "999999999999.99", 10**14 + 1, 10**15 - 1, "999999999999999.99"),
    "usd": ("12345678901234.56", 10**15 - 1),
    "area": ("12.345678", 10**9, "999999999.999"),
    "factor": ("7.12345678", "0.000001"),
    "rate": ("12.3456789%", "0.333333", "0.000001"),
    "count": (10**9, 10**15 - 1),
}
LARGE: Final[Values] = {name: [*some, *some, *_LARGE[name]] for name, some in SMALL.items()}
"""Among them figures near the largest that a file may hold, and rates of many decimals."""

YEARS: Final = (2025, 2026, 2027)
_DAYS: Final = (date(2023, 12, 31), date(2024, 1, 1), date(2025, 6, 30), date(2026, 1, 1), date(2027, 3, 1))


def is_made(item_id: str) -> bool:
    """Whether an item was made here, and does not stand in the packaged rules."""
    return "-item-" in item_id


def _named(**more: Any) -> Content:
    return {"zh": "某", "en": "some", **more}


def _words(*words: str) -> Content:
    return {word: _named() for word in words}


OWN_WORDS: Final[Content] = {
    "kinds": _words("maker", "trader"),
    "figures": {
        "sales": _named(type="money"),
        "exports": _named(type="usd"),
        "staff": _named(type="count"),
        "margin": _named(type="rate"),
        "is_listed": _named(type="flag"),
        "rank": _named(type="word", words=_words("first", "second")),
        "listed_on": _named(type="date"),
        "trades": _named(type="words", words=_words("steel", "glass")),
        "remark": _named(type="text"),
    },
    "tables": {
        "plan": _named(
            fields={
                "cost": _named(type="money"),
                "green": _named(type="money", part_of="cost"),
                "steel": _named(type="money", part_of="cost"),
                "fee": _named(type="money"),
                "area_m2": _named(type="area"),
                "share": _named(type="rate"),
                "weight": _named(type="factor"),
                "persons": _named(type="count"),
                "is_open": _named(type="flag"),
                "level": _named(type="word", words=_words("town", "city", "land")),
                "aims": _named(type="words", words=_words("save", "grow", "sell")),
                "began": _named(type="date"),
                "bonus": _named(type="money", expects=True),
            }
        ),
        "lease": _named(
            dated=False,
            belongs_to={"table": "plan", "by": "project"},
            fields={
                "rent": _named(type="money"),
                "deposit": _named(type="money", part_of="rent"),
                "rate": _named(type="rate", default="10%"),
                "rooms": _named(type="count"),
                "start": _named(type="date", required=True),
                "months": _named(type="count", required=True),
                "project": _named(type="text", default_to="name"),
                "owner": _named(type="text"),
                "class": _named(type="word", words=_words("old", "new")),
                "is_open": _named(type="flag"),
            },
        ),
    },
}
MORE_WORDS: Final[Content] = {
    "kinds": _words("maker"),
    "tables": {
        "investment": {
            "fields": {"began": _named(type="date"), "subsidy": _named(type="money", expects=True)}
        }
    },
}


def own_policy(random: Random, values: Values = SMALL) -> Rules:
    """A whole policy with words of its own, and often an overlay that holds in some years only."""
    vocabulary = extend(base_vocabulary(), read_vocabulary(OWN_WORDS))
    make = _Maker(random, vocabulary, values, ("plan", "plan", "lease", None))
    items = make.items(6)
    content = policy_of({**items, "9-advice": make.service()}) | make.groups([*items])
    documents = [rules_document(content)]
    if random.random() < 0.5:
        documents.append(rules_document({"overlay": _dates(random), **make.overlay(items)}))
    return rules_from(documents)


def policy_of(items: Content, words: Content = OWN_WORDS) -> Content:
    """A whole rules file of some items."""
    head = {"id": "某字1号", "title": _named(), "valid_from": date(2025, 4, 1), "valid_to": date(2027, 6, 30)}
    measures = {str(number): _named() for number in (1, 2, 3)}
    return {
        "schema": "subsidy.rules/1",
        "policy": head,
        "measures": measures,
        "vocabulary": words,
        "items": items,
    }


def item_of(measure: int, claim: Content, **more: Any) -> Content:
    """An item of a measure, with what every item has to say."""
    head: Content = {"title": _named(), "phrase": "某", "departments": ["某局"], "measure": measure}
    return head | {"claim": claim, **more}


def laid_over(random: Random, values: Values = SMALL) -> Rules:
    """The packaged rules with items added and changed."""
    vocabulary = extend(base_vocabulary(), read_vocabulary(MORE_WORDS))
    make = _Maker(random, vocabulary, values, ("investment", "loan", "rd_project", "premises", "title", None))
    items = make.items(4)
    changed = {"15-scenario-national": {"cap": 1000}, "05-rd-growth": {"year_cap": 1000, "cap": 500}}
    content = {
        "vocabulary": MORE_WORDS,
        "items": {**items, **changed},
        **make.groups([*items, "02-capacity", "19-retrofit"]),
    }
    documents = [parse_document("measures.toml", base_text(), is_json=False), rules_document(content)]
    if random.random() < 0.3:
        documents.append(rules_document({"overlay": _dates(random), **make.overlay(items)}))
    return rules_from(documents)


def rules_document(content: Content) -> Document:
    """A rules file as the parser hands it over."""
    return Document("x.toml", "a = 1\n", is_json=False, content=content)


def _dates(random: Random) -> Content:
    head = {"valid_from": date(2026, 1, 1)} if random.random() < 0.6 else {}
    return head | ({"valid_to": date(2026, 12, 31)} if random.random() < 0.6 or not head else {})


_OPTIONAL: Final = (
    *("conditions", "award", "base", "floor", "cap", "year_cap", "lifetime_cap", "share_cap"),
    *("most_claims", "pays", "outside_zone"),
)


class _Maker(NamedTuple):
    """Makes items on some tables; ``None`` stands for the enterprise's own year."""

    random: Random
    vocabulary: Vocabulary
    values: Values
    tables: tuple[str | None, ...]

    def items(self, number: int) -> Content:
        return {f"{self.random.randint(1, 3)}-item-{place}": self._item() for place in range(number)}

    def service(self) -> Content:
        return item_of(1, {"always": True}, grade="service")

    def overlay(self, items: Content) -> Content:
        """One item made anew, one closed, one added."""
        changed, closed = self.random.sample([*items], 2)
        anew = self._item()
        anew["remove"] = [key for key in _OPTIONAL if key not in anew]
        return {"items": {changed: anew, closed: {"closed": True}, "2-item-added": self._item()}}

    def groups(self, names: list[str]) -> Content:
        """Items that exclude each other, and caps over several that lie within each other."""
        random = self.random
        exclusive = [
            {"items": random.sample(names, 2), "scope": random.choice(["subject", "enterprise"])}
            for _ in range(random.choice([0, 0, 1, 2]))
        ]
        wide = random.sample(names, 4)
        shared = [self._shared(one) for one in (wide, wide[:2]) if random.random() < 0.4]
        return {"exclusive": exclusive, "shared_caps": shared}

    def _shared(self, names: list[str]) -> Content:
        cap = {"cap": self.random.choice([2000, 3000, "2500.50", 10_000])}
        if self.random.random() < 0.5:
            return {"items": names, **cap}
        figures = [name for name, one in self.vocabulary.figures.items() if one.type in SUMS]
        whole = f"{self.random.choice([*FIGURE_YEARS])}.{self.random.choice(figures)}"
        share = {"share": {"ratio": self._rate(), "of": whole}}
        return {"items": names, **share, **(cap if self.random.random() < 0.5 else {})}

    def _item(self) -> Content:
        table = self.random.choice(self.tables)
        fields = self.vocabulary.tables[table].fields if table else {}
        is_running = "start" in fields and self.random.random() < 0.7
        is_grouped = is_running and self.random.random() < 0.8
        forms = _Forms(self, self.vocabulary.tables[table] if table else None, is_running, is_grouped)
        item = item_of(self.random.randint(1, 3), forms.trigger(), outside_zone=self.random.random() < 0.2)
        item["conditions"] = [forms.condition() for _ in range(self.random.choice([0, 0, 0, 1, 1, 2]))]
        grades = ("stated", "stated", "up_to_ratio", "up_to_ratio", "up_to_sum", "open", "in_kind")
        item["grade"] = self.random.choice(grades)
        if item["grade"] == "open":
            return item | self._base(table)
        if item["grade"] == "in_kind":
            award = forms.award()
            return item | {"award": award} | self._caps(_stated_sum(award))
        if item["grade"] != "up_to_sum" or self.random.random() < 0.3:
            item["award"] = forms.award(fixed=item["grade"] != "up_to_ratio")
        if "award" in item and self.random.random() < 0.2:
            item["floor"] = 100
        item |= self._caps(_stated_sum(item.get("award")), has_one=item["grade"] == "up_to_sum")
        if self.random.random() < 0.2:
            item["share_cap"] = {"ratio": self._rate(), "of": forms.reference(SUMS)}
        if "fixed" in item.get("award", {}) and self.random.random() < 0.5:
            item |= dict.fromkeys(set(item) & {"cap", "year_cap"}, "award")
            item.pop("floor", None)
        if self.random.random() < 0.2:
            item["most_claims"] = self.random.randint(1, 2)
        ways = ["yearly", "yearly", "once", "difference"]
        item["pays"] = self.random.choice([*ways, "stages"] if "cap" in item or "share_cap" in item else ways)
        return item | self._base(table)

    def _base(self, table: str | None) -> Content:
        fields = self.vocabulary.tables[table].fields.values() if table else ()
        sums = [one.name for one in fields if one.type in SUMS]
        return {"base": self.random.choice(sums)} if sums and self.random.random() < 0.6 else {}

    def _caps(self, least: int, *, has_one: bool = False) -> Content:
        names = [one for one in ("cap", "year_cap", "lifetime_cap") if self.random.random() < 0.3]
        names = names or (["cap"] if has_one else [])
        some = self.random.choices([100, 500, 1000, 1000, 1500, 3000], k=len(names))
        return dict(zip(names, sorted(max(one, least) for one in some), strict=True))

    def _rate(self) -> Any:
        return self.random.choice([one for one in self.values["rate"] if one != 0])


def _stated_sum(award: Content | None) -> int:
    """No cap may be below what an award states."""
    if award is None:
        return 0
    sums = [step["sum"] for step in award.get("steps", ()) if "sum" in step]
    of_words = [] if award.get("of") else award.get("sums", {}).values()
    return int(max([award.get("fixed", 0), *sums, *of_words]))


class _Forms(NamedTuple):
    """Makes the forms of one item, on a table or on the enterprise's own year."""

    maker: _Maker
    table: Table | None
    is_running: bool
    is_grouped: bool

    @property
    def random(self) -> Random:
        return self.maker.random

    def _own(self, types: Sequence[str]) -> list[str]:
        fields = self.table.fields.values() if self.table else ()
        return [one.name for one in fields if one.type in types]

    def _references(self, types: Sequence[str]) -> list[str]:
        own = self._own(types)
        figures = [
            f"{group}.{name}"
            for name, one in self.maker.vocabulary.figures.items()
            for group in FIGURE_YEARS
            if one.type in types
        ]
        rates = [f"fx.{name}" for name, one in self.maker.vocabulary.fx.items() if one.type in types]
        return own if own and self.random.random() < 0.7 else [*own, *figures, *rates]

    def has(self, *types: str) -> bool:
        return bool(self._own(types)) or any(
            one.type in types for one in self.maker.vocabulary.figures.values()
        )

    def reference(self, types: Sequence[str]) -> str:
        return self.random.choice(self._references(types))

    def _type_of(self, reference: str) -> str:
        group, _, name = reference.rpartition(".")
        if not group and self.table is not None:
            return self.table.fields[name].type
        return "factor" if group == "fx" else self.maker.vocabulary.figures[name].type

    def _words_of(self, reference: str) -> list[str]:
        group, _, name = reference.rpartition(".")
        if not group and self.table is not None:
            return [*self.table.fields[name].words]
        return [*self.maker.vocabulary.figures[name].words]

    def _some(self, words: Sequence[str]) -> list[str]:
        return self.random.sample(words, self.random.randint(1, max(1, len(words) - 1)))

    def _rate(self) -> Any:
        return self.random.choice([one for one in self.maker.values["rate"] if one != 0])

    def _value(self, type_: str) -> Any:
        return self.random.choice(self.maker.values[type_])

    # --- triggers

    def trigger(self) -> Content:
        random, vocabulary = self.random, self.maker.vocabulary
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
        kinds = [*self.maker.vocabulary.kinds]
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
        since = [one for one in dict.fromkeys(self.maker.values[type_]) if isinstance(one, int)]
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
