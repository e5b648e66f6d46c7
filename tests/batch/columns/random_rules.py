"""Random rules that pass their self-check: every form of trigger, condition and award, in any mixture."""

from datetime import date
from random import Random
from typing import Any, Final, NamedTuple

from calc.enterprise.documents import Document, parse_document
from calc.enterprise.vocabulary import Vocabulary, base_vocabulary, extend, read_vocabulary
from calc.policy.fields import SUMS
from calc.policy.forms import FIGURE_YEARS
from calc.policy.loader import base_text, rules_from
from calc.policy.rules import Rules
from tests.batch.columns.random_forms import Content, Forms, Values

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
        of_table = self.vocabulary.tables[table] if table else None
        forms = Forms(self.random, self.vocabulary, self.values, of_table, is_running, is_grouped)
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
