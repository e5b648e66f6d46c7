"""Plans against an oracle that reads the file itself: a small zone in which a yuan is a lot of money.

The oracle knows nothing of the engine: it works each claim out from the raw file by the words of the
contract, tries every grant of every claim in every year, and breaks ties as the contract says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil, floor
from typing import Any

import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.engine.combine.problem import STACKINGS
from calc.engine.estimate import estimate
from calc.engine.plan import plan
from calc.enterprise.documents import parse_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import rules_from

YEARS = (2025, 2026, 2027)

ZONE = """
schema = "subsidy.rules/1"
[policy]
id = "小区"
title = { zh = "小区", en = "Zone" }
valid_from = 2025-06-01
valid_to = 2026-12-31
[measures]
1 = { zh = "投资", en = "invest" }
2 = { zh = "绿色", en = "green" }
3 = { zh = "认证", en = "certify" }
4 = { zh = "经营", en = "business" }
"""
ITEM = """
[items.{name}]
measure = {measure}
title = {{ zh = "{name}", en = "{name}" }}
phrase = "{name}"
departments = ["部"]
"""

# --- what the oracle knows of the zone: every number of the rules, once -----------------------------------


@dataclass(frozen=True)
class Rule:
    """An item of the zone: a table's entries, or last year's profit; ``rate`` in per cent of ``base``."""

    name: str
    measure: int
    table: str | None
    base: str | None
    rate: int
    pays: str
    cap: int | None = None
    year_cap: int | None = None
    lifetime_cap: int | None = None
    purpose: str | None = None
    kind: str | None = None
    least: int = 0


RULES = (
    Rule("line", 1, "investment", "equipment", 50, "once", cap=4, purpose="capacity", kind="sme", least=2),
    Rule("chain", 1, "investment", "equipment", 50, "stages", cap=5, purpose="chain"),
    Rule("green", 2, "investment", "green_equipment", 100, "once", cap=3, year_cap=4),
    Rule("mark", 3, "certificate", None, 3, "once", cap=3, year_cap=5, lifetime_cap=7),
    Rule("profit", 4, None, "revenue", 50, "yearly", year_cap=4, lifetime_cap=6),
)
EXCLUSIVE = (("green", "mark"), "enterprise")
SHARED = (("line", "chain"), 6)
TABLES_WITH_A_BASE = {"investment"}


def zone_text() -> str:
    """The same as a rules file."""
    text = ZONE
    for rule in RULES:
        text += ITEM.format(name=rule.name, measure=rule.measure)
        match rule.table:
            case None:
                text += f'claim = {{ figure = "{rule.base}" }}\naward = {{ rate = "{rule.rate}%", '
                text += f'of = ["last_year.{rule.base}"] }}\ngrade = "up_to_ratio"\n'
            case "certificate":
                text += f'claim = {{ entry = "certificate" }}\naward = {{ fixed = {rule.rate} }}\n'
                text += 'grade = "stated"\n'
            case table:
                has = f'has = ["{rule.base}"]' if rule.purpose is None else ""
                where = f'where = {{ purposes = ["{rule.purpose}"] }}' if rule.purpose else ""
                text += f'claim = {{ entry = "{table}", {has}{where} }}\nbase = "{rule.base}"\n'
                text += f'award = {{ rate = "{rule.rate}%", of = ["{rule.base}"] }}\ngrade = "up_to_ratio"\n'
        conditions = []
        if rule.kind:
            conditions.append(f'{{ kinds = ["{rule.kind}"] }}')
        if rule.least:
            conditions.append(f'{{ field = "{rule.base}", at_least = {rule.least} }}')
        text += f"conditions = [{', '.join(conditions)}]\n" if conditions else ""
        for key in ("cap", "year_cap", "lifetime_cap"):
            if getattr(rule, key) is not None:
                text += f"{key} = {getattr(rule, key)}\n"
        text += f'pays = "{rule.pays}"\n'
    text += f'[[exclusive]]\nitems = {list(EXCLUSIVE[0])}\nscope = "{EXCLUSIVE[1]}"\n'.replace("'", '"')
    return text + f"[[shared_caps]]\nitems = {list(SHARED[0])}\ncap = {SHARED[1]}\n".replace("'", '"')


ZONE_RULES = rules_from([parse_document("zone", zone_text(), is_json=False)])


def load(content: dict[str, Any]) -> Enterprise:
    document = parse_document("x", tomli_w.dumps(content), is_json=False)
    return enterprise_from(document, ZONE_RULES.vocabulary, ZONE_RULES.item_ids).enterprise


# --- the oracle -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filing:
    """A claim that counts something in a year."""

    year: int
    rule: Rule
    subject: str
    amount: int
    entry_year: int | None = None
    base: int = 0
    part: int = 0


Content = dict[str, Any]


def earlier(content: Content, rule: Rule, subject: str | None, first: int) -> int | None:
    """What was received before the plan: of a subject, or in all; ``None`` where nothing was."""
    sums = [
        one["amount"]
        for one in content.get("received", [])
        if one["item"] == rule.name and one["year"] < first and subject in (None, one.get("subject"))
    ]
    return sum(sums) if sums else None


def is_barred(content: Content, rule: Rule, subject: str, year: int) -> bool:
    if year not in (2025, 2026):  # in force from June 2025 to the end of 2026
        return True
    filing = content["enterprise"].get("filing_date")
    for one in content.get("agreement", []):
        first, last = f"{year}-01-01", f"{year}-12-31"
        if filing is not None and filing.startswith(str(year)):
            first = last = filing
        covers = {"*", rule.name, subject} & set(one["covers"])
        if covers and one["until"] >= first and one.get("from", "0000") <= last:
            return True
    return False


def expected(content: Content, rule: Rule, subject: str, year: int, entry_year: int | None) -> int | None:
    for looked_at in (year, entry_year):
        sums = [
            one["amount"]
            for one in content.get("expect", [])
            if one["item"] == rule.name and one["year"] == looked_at and one.get("subject") in (None, subject)
        ]
        if sums:
            return int(min(sums))
    return None


def filings(content: Content, years: tuple[int, ...], *, defers: bool) -> Iterator[Filing]:
    for year in years:
        kinds = content.get("kinds", {}).get(str(year), content["enterprise"]["kinds"])
        for rule in RULES:
            for subject, entry in subjects(content, rule, years, year, defers=defers):
                if is_barred(content, rule, subject, year):
                    continue
                if rule.kind is not None and rule.kind not in kinds:
                    continue
                base = entry.get(rule.base, 0) if rule.base else 0
                if base < rule.least:
                    continue
                amount = worth(content, rule, subject, base, years[0])
                granted = expected(content, rule, subject, year, entry.get("year"))
                amount = amount if granted is None else min(amount, granted)
                if amount > 0:
                    whole = entry.get("equipment", 0)
                    part = base if rule.table in TABLES_WITH_A_BASE else 0
                    yield Filing(year, rule, subject, amount, entry.get("year"), whole, part)


def subjects(
    content: Content, rule: Rule, years: tuple[int, ...], year: int, *, defers: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    if rule.table is None:
        figures = content["figures"].get(str(year - 1), {})
        if rule.base in figures:
            yield f"enterprise:{rule.name}", figures
        return
    for entry in content.get(rule.table, []):
        if rule.purpose and rule.purpose not in entry["purposes"]:
            continue
        if rule.base and rule.base not in entry:
            continue
        is_late = defers and rule.pays == "once" and years[0] <= entry["year"] < year
        if entry["year"] == year or is_late:
            yield f"{rule.table}:{entry['name']}", entry


def worth(content: Content, rule: Rule, subject: str, base: int, first: int) -> int:
    """What a claim counts before expectations: its award within what its caps have left."""
    amount = rule.rate if rule.base is None else floor(base * rule.rate / 100)
    own, every = earlier(content, rule, subject, first), earlier(content, rule, None, first)
    if rule.pays == "once" and own is not None:
        return 0
    if rule.cap is not None:
        amount = min(amount, rule.cap - ((own or 0) if rule.pays == "stages" else 0))
    if rule.year_cap is not None:
        amount = min(amount, rule.year_cap)
    if rule.lifetime_cap is not None:
        amount = min(amount, rule.lifetime_cap - (every or 0))
    return amount


def caps_over(content: Content, claims: list[Filing], first: int) -> list[tuple[int, tuple[int, ...]]]:
    """Every cap over several claims, with the places of the claims."""
    found: dict[Any, tuple[int, list[int]]] = {}
    for place, one in enumerate(claims):
        rule = one.rule
        limits: dict[Any, int] = {}
        if rule.pays == "stages" and rule.cap is not None:
            left = rule.cap - (earlier(content, rule, one.subject, first) or 0)
            limits["stages", rule.name, one.subject] = left
        if rule.year_cap is not None:
            limits["year", rule.name, one.year] = rule.year_cap
        if rule.lifetime_cap is not None:
            limits["good", rule.name] = rule.lifetime_cap - (earlier(content, rule, None, first) or 0)
        if rule.name in SHARED[0]:
            limits["shared", one.year] = SHARED[1]
        for key, limit in limits.items():
            found.setdefault(key, (limit, []))[1].append(place)
    return [(limit, tuple(places)) for limit, places in found.values()]


def exclude(one: Filing, other: Filing, stacking: str) -> bool:
    if one.rule.pays == "once" and (one.rule, one.subject) == (other.rule, other.subject):
        return True
    if one.year != other.year:
        return False
    if {one.rule.name, other.rule.name} == set(EXCLUSIVE[0]):
        return True
    if stacking == "strict":
        return one.rule != other.rule
    if stacking == "none" or one.subject != other.subject:
        return False
    has_base = one.subject.partition(":")[0] in TABLES_WITH_A_BASE
    return stacking == "subject" or one.rule.measure == other.rule.measure or not has_base


Answer = tuple[int, int, tuple[int, ...], tuple[int, ...]]
"""A total, less claims, which claims, which sums: the greatest is the best."""


def best_grants(content: Content, claims: list[Filing], stacking: str, first: int) -> tuple[int, ...]:
    caps = caps_over(content, claims, first)
    bases = sorted({(one.year, one.entry_year or 0, one.subject) for one in claims if one.part}, key=str)

    @cache
    def best(place: int, chosen: tuple[int, ...], left: tuple[int, ...], used: tuple[Any, ...]) -> Answer:
        if place == len(claims):
            return (0, 0, (), ())
        one = claims[place]
        answers = [(0, best(place + 1, chosen, left, used))]
        if not any(exclude(claims[other], one, stacking) for other in chosen):
            touching = [number for number, (_, places) in enumerate(caps) if place in places]
            most = min([one.amount, *(left[number] for number in touching)])
            for granted in range(1, most + 1):
                room = used
                if stacking == "expense" and one.part:
                    mark = bases.index((one.year, one.entry_year or 0, one.subject))
                    taken = ceil(granted * 100 / one.rule.rate)
                    whole, green = used[mark]
                    is_green = one.rule.base == "green_equipment"
                    whole, green = whole + taken, green + (taken if is_green else 0)
                    if whole > one.base or (is_green and green > one.part):
                        continue
                    room = (*used[:mark], (whole, green), *used[mark + 1 :])
                caps_left = tuple(
                    limit - granted if number in touching else limit for number, limit in enumerate(left)
                )
                answers.append((granted, best(place + 1, (*chosen, place), caps_left, room)))
        return max(
            (granted + total, count - (granted > 0), (int(granted > 0), *which), (granted, *sums))
            for granted, (total, count, which, sums) in answers
        )

    return best(0, (), tuple(limit for limit, _ in caps), tuple((0, 0) for _ in bases))[3]


def oracle(content: Content, years: tuple[int, ...], stacking: str, *, defers: bool) -> list[Any]:
    claims = list(filings(content, years, defers=defers))
    grants = best_grants(content, claims, stacking, years[0])
    return [
        (one.year, one.rule.name, one.subject, granted, one.entry_year)
        for one, granted in zip(claims, grants, strict=True)
        if granted
    ]


# --- random files -----------------------------------------------------------------------------------------

SUBJECTS = ("investment:甲", "investment:丙", "certificate:甲", "certificate:乙")
DAYS = st.builds(
    "{}-{}-{}".format, st.sampled_from(YEARS), st.sampled_from(["01", "07", "12"]), st.just("15")
)


@st.composite
def entries(draw: st.DrawFn, table: str, most: int) -> list[dict[str, Any]]:
    every = [(name, year) for name in "甲乙" for year in YEARS]
    marks = draw(st.permutations(every))[: draw(st.sampled_from(range(most + 1)))]
    made: list[dict[str, Any]] = []
    for name, year in marks:
        entry: dict[str, Any] = {"name": name, "year": year}
        if table == "investment":
            entry["purposes"] = draw(st.sampled_from([["chain"], ["capacity"], ["capacity", "chain"], []]))
            entry["equipment"] = draw(st.sampled_from(range(10)))
            if draw(st.booleans()):
                entry["green_equipment"] = draw(st.integers(0, min(4, entry["equipment"])))
        else:
            entry["kind"] = "carbon_footprint"
        made.append(entry)
    return made


@st.composite
def sums(draw: st.DrawFn, years: list[int], most: int, least: int) -> list[dict[str, Any]]:
    made = []
    for _ in range(draw(st.integers(0, most))):
        one: dict[str, Any] = {
            "item": draw(st.sampled_from([rule.name for rule in RULES])),
            "year": draw(st.sampled_from(years)),
            "amount": draw(st.integers(least, 3)),
        }
        if draw(st.booleans()):
            one["subject"] = draw(st.sampled_from(SUBJECTS))
        made.append(one)
    return made


@st.composite
def files(draw: st.DrawFn) -> Content:
    stages = [
        {
            "name": "丙",
            "year": year,
            "purposes": ["chain"],
            "equipment": draw(st.sampled_from([9, 7, 6, 5, 2])),
        }
        for year in draw(st.sampled_from([(2025, 2026), (), ()]))
    ]
    content: Content = {
        "enterprise": {"name": "甲", "claim_year": 2025, "kinds": draw(st.sampled_from([["sme"], []]))},
        "figures": {
            str(year): {"revenue": draw(st.integers(0, 8))}
            for year in draw(st.sets(st.sampled_from([2024, 2025]), max_size=2))
        },
        "investment": [*stages, *draw(entries("investment", 3))],
        "certificate": draw(entries("certificate", 2)),
        "received": draw(sums([2023, 2024, 2025, 2026], 2, 0)),
        "expect": draw(sums(list(YEARS), 2, 0)),
        "agreement": [],
    }
    if draw(st.booleans()):
        content["enterprise"]["filing_date"] = draw(DAYS)
    if draw(st.booleans()):
        content["kinds"] = {str(draw(st.sampled_from(YEARS))): draw(st.sampled_from([["sme"], []]))}
    for place in range(draw(st.sampled_from([0, 0, 1, 2]))):
        marks = draw(st.lists(st.sampled_from(["*", "line", "mark", *SUBJECTS]), max_size=2, unique=True))
        since, until = sorted([draw(DAYS), draw(DAYS)])
        agreement = {"name": f"协议{place}", "until": until, "covers": marks}
        content["agreement"].append(agreement if draw(st.booleans()) else {**agreement, "from": since})
    return content


def answered(content: Content, years: tuple[int, ...], stacking: Any, *, defers: bool) -> list[Any]:
    answer = plan(load(content), ZONE_RULES, years, stacking=stacking, defers=defers)
    assert answer.is_proven
    assert answer.total == sum(one.granted for one in answer.filings)
    return [
        (one.year, one.outcome.claim.item_id, one.outcome.claim.subject, one.granted, one.entry_year)
        for one in answer.filings
    ]


@given(files(), st.sampled_from(STACKINGS), st.booleans())
@settings(max_examples=250, deadline=None)
def test_a_plan_is_what_the_oracle_says_to_the_yuan_and_to_the_tie(
    content: Content, stacking: Any, defers: bool
) -> None:
    assert answered(content, YEARS, stacking, defers=defers) == oracle(
        content, YEARS, stacking, defers=defers
    )


@given(files(), st.sampled_from(STACKINGS), st.sampled_from([(2025, 2026), (2026, 2027), (2026,)]))
@settings(max_examples=60, deadline=None)
def test_other_spans_too(content: Content, stacking: Any, years: tuple[int, ...]) -> None:
    assert answered(content, years, stacking, defers=True) == oracle(content, years, stacking, defers=True)


@given(files(), st.sampled_from(STACKINGS), st.sampled_from(YEARS))
@settings(max_examples=60, deadline=None)
def test_a_plan_of_one_year_grants_what_its_estimate_grants(
    content: Content, stacking: Any, year: int
) -> None:
    enterprise = load(content)._replace(claim_year=year)
    answer = estimate(enterprise, ZONE_RULES, stacking=stacking)
    (only,) = plan(enterprise, ZONE_RULES, [year], stacking=stacking, defers=True).years
    assert only.outcomes == answer.outcomes
    assert only.combination == answer.combination
    assert only.dropped == answer.dropped
