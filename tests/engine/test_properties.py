"""What holds for every enterprise: the order of the readings, caps, the same answer twice, more for more."""

import json
from collections import defaultdict
from datetime import date
from typing import Any

import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.engine.combine.problem import STACKINGS
from calc.engine.estimate import Estimate, estimate
from calc.engine.evaluate import COUNTS
from calc.engine.outcomes import Eligible
from calc.enterprise.documents import parse_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import packaged_rules
from calc.present.data.documents import json_text, toml_text
from calc.present.language import language

RULES = packaged_rules()
YEAR = 2026
KINDS = sorted(RULES.vocabulary.kinds)
SUMS = st.sampled_from([0, 1, 49, 10**6 - 1, 10**6, 10**7, 2 * 10**7, 10**8, 3 * 10**8]) | st.integers(
    0, 10**9
)
FIGURES = st.fixed_dictionaries(
    {},
    optional={
        name: {"flag": st.booleans(), "count": st.integers(0, 99)}.get(field.type, SUMS)
        for name, field in RULES.vocabulary.figures.items()
    },
)


def value_of(field: Any) -> st.SearchStrategy[Any]:
    words = sorted(field.words)
    return {
        "money": SUMS,
        "rate": st.sampled_from(["0%", "0.5%", "1%", "3.5%", "29.99%", "30%", "100%"]),
        "area": st.integers(0, 60_000),
        "count": st.integers(1, 40),
        "flag": st.booleans(),
        "word": st.sampled_from(words or ["-"]),
        "words": st.lists(st.sampled_from(words or ["-"]), max_size=2, unique=True),
        "date": st.dates(min_value=date(2024, 1, 1)).map(str),
        "text": st.sampled_from(["甲", "乙"]),
    }[field.type]


@st.composite
def entries(draw: st.DrawFn, table: Any) -> list[dict[str, Any]]:
    made = []
    for place in range(draw(st.integers(0, 3))):
        entry: dict[str, Any] = {"name": f"{table.name}{place}"}
        if table.dated:
            entry["year"] = YEAR
        for field in table.fields.values():
            if field.name == "start":
                entry["start"] = f"202{draw(st.integers(4, 6))}-0{draw(st.integers(1, 9))}-01"
            elif field.required or draw(st.booleans()):
                entry[field.name] = draw(value_of(field))
        for field in table.fields.values():
            if field.part_of in entry and field.name in entry:
                entry[field.name] = min(entry[field.name], entry[field.part_of])
        made.append(entry)
    return made


@st.composite
def enterprises(draw: st.DrawFn) -> dict[str, Any]:
    """The content of a valid file, over all tables."""
    tables = draw(st.sets(st.sampled_from(sorted(RULES.vocabulary.tables)), max_size=5))
    content: dict[str, Any] = {
        "enterprise": {
            "name": "甲",
            "claim_year": YEAR,
            "kinds": draw(st.lists(st.sampled_from(KINDS), max_size=4, unique=True)),
        },
        "figures": {str(YEAR - 1): draw(FIGURES), str(YEAR - 2): draw(FIGURES)},
    }
    if draw(st.booleans()):
        content["fx"] = {"usd_cny": "7.1"}
    for name in sorted(tables):
        content[name] = draw(entries(RULES.vocabulary.tables[name]))
    items = draw(st.lists(st.sampled_from(RULES.item_ids), max_size=4, unique=True))
    content["expect"] = [{"item": item, "year": YEAR, "amount": draw(SUMS)} for item in items]
    return content


def load(content: dict[str, Any], *, as_json: bool = False) -> Enterprise:
    text = json.dumps(content) if as_json else tomli_w.dumps(content)
    document = parse_document("x", text, is_json=as_json)
    return enterprise_from(document, RULES.vocabulary, RULES.item_ids).enterprise


def grants_by_item(answer: Estimate) -> dict[str, int]:
    sums: defaultdict[str, int] = defaultdict(int)
    for index, amount in answer.combination.grants.items():
        sums[answer.outcomes[index].claim.item_id] += amount
    return sums


@given(enterprises(), st.sampled_from(COUNTS))
@settings(max_examples=120, deadline=None)
def test_the_readings_are_ordered_and_no_cap_is_passed(content: dict[str, Any], count: Any) -> None:
    enterprise = load(content)
    for stacking in STACKINGS:
        answer = estimate(enterprise, RULES, stacking=stacking, count=count)
        totals = answer.totals
        assert answer.is_proven
        assert totals["strict"] <= totals["subject"] <= totals["expense"] <= totals["none"]
        assert sum(answer.combination.grants.values()) == totals[stacking] == sum(answer.by_grade().values())
        for index, outcome in enumerate(answer.outcomes):
            if isinstance(outcome, Eligible):
                assert 0 <= answer.granted(index) <= outcome.amount
                assert outcome.ceiling is None or outcome.amount <= outcome.ceiling
            else:
                assert answer.granted(index) == 0
        for item, granted in grants_by_item(answer).items():
            for cap in (RULES.items[item].cap_of("year_cap"), RULES.items[item].cap_of("lifetime_cap")):
                assert cap is None or granted <= cap


@given(enterprises())
@settings(max_examples=60, deadline=None)
def test_json_and_toml_files_give_the_same_bytes_and_so_does_a_second_run(content: dict[str, Any]) -> None:
    speech = language("zh")
    answers = [estimate(load(content, as_json=as_json), RULES) for as_json in (False, True, False)]
    texts = {json_text(answer, speech, is_pretty=True) for answer in answers}
    assert len(texts) == 1
    assert toml_text([answers[0]], speech, is_one=True)


@given(enterprises(), st.data())
@settings(max_examples=60, deadline=None)
def test_more_spend_never_lowers_none(content: dict[str, Any], data: st.DataObject) -> None:
    before = estimate(load(content), RULES).totals["none"]
    raised = [
        (entry, name)
        for table, name in (("investment", "equipment"), ("rd_project", "spend"), ("exhibition", "cost"))
        for entry in content.get(table, ())
        if name in entry
    ]
    if not raised:
        return
    entry, name = data.draw(st.sampled_from(raised))
    entry[name] += data.draw(st.integers(1, 10**7))
    assert estimate(load(content), RULES).totals["none"] >= before


@given(enterprises())
@settings(max_examples=60, deadline=None)
def test_each_count_counts_at_least_what_a_narrower_one_does(content: dict[str, Any]) -> None:
    enterprise = load(content)
    by_count = [estimate(enterprise, RULES, count=count).totals["none"] for count in COUNTS]
    assert by_count == sorted(by_count)
