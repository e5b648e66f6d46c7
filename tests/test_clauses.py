"""Clause by clause: every item stands in measures.toml, and every number of it in a phrase of the source."""

import re
import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from calc.enterprise.numbers import WAN, YI
from calc.policy import awards, forms
from calc.policy.loader import packaged_rules
from calc.policy.rules import Item

RULES = packaged_rules()
SOURCE_FOLDER = Path(__file__).parents[2] / "shared" / "policy"

# The items in the order in which answers list them: contract, table 5.
ITEMS = """
01-chain-title 02-capacity 02-chain 03-core-tech 04-performance 05-rd-growth 06-first-launch 07-park-title
07-park-operation 08-tech-transfer 09-service-platform 10-incubator-provincial 10-incubator-national
10-makerspace-provincial 10-makerspace-national 10-incubator-operation 10-makerspace-operation 11-startup
11-contest 12-digital-platform 13-compute-voucher 14-data-listing 14-data-trading 15-scenario-provincial
15-scenario-national 16-exhibition-host 16-exhibition-booth 17-fdi 17-fdi-introducer 18-aeo
18-bonded-repair-first 18-bonded-repair-project 18-bonded-new-business 18-trade-target 19-green-title
19-retrofit 20-carbon-certificate 20-carbon-review 21-green-power 21-reclaimed-water 22-rd-talent
22-tech-secondee 22-recommendation 23-entrepreneur 24-training 24-skill-upgrade 24-talent-service
25-investment-loan 25-technology-loan 25-guarantee 25-guarantee-business 25-insurance 26-risk-compensation
27-listing 27-listing-guidance 28-fund 29-safeguard-rent 29-free-office 29-lease-terms 30-housing
30-housing-conversion 31-land-price 31-flexible-land 32-far-premium 32-land-reuse 33-approval 34-services
34-ip 36-inspection 35-site
""".split()
# "The clause says 经评审 or 符合条件": paid pro rata within the year's budget.
REVIEWED = """
02-capacity 02-chain 03-core-tech 04-performance 06-first-launch 07-park-operation 08-tech-transfer
09-service-platform 10-incubator-operation 10-makerspace-operation 11-startup 12-digital-platform
13-compute-voucher 14-data-listing 14-data-trading 16-exhibition-host 17-fdi-introducer 18-bonded-repair-first
18-bonded-repair-project 18-bonded-new-business 18-trade-target 19-retrofit 20-carbon-certificate 22-rd-talent
22-tech-secondee 25-investment-loan 25-technology-loan 25-guarantee-business 26-risk-compensation
29-safeguard-rent 35-site
""".split()
OUTSIDE_ZONE = "08-tech-transfer 11-contest 16-exhibition-host 17-fdi-introducer 26-risk-compensation".split()
# Numbers that stand in the source as words: 较上年实现增长, 前三等奖, and the like; or in no clause at all.
WORDED: dict[str, set[Fraction]] = {"11-contest": {Fraction(3)}}


def plain(text: str) -> str:
    """Text without blanks and line breaks, and with one form of each mark."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def source() -> str:
    if not SOURCE_FOLDER.is_dir():
        pytest.skip("the source text is not beside the project")
    return plain("".join(path.read_text("utf-8") for path in sorted(SOURCE_FOLDER.glob("*.txt"))))


def numbers_of(item: Item) -> set[Fraction]:
    """Every number that the rules give an item, but the 0 of a strict bound."""
    found: set[Fraction] = set()

    def walk(value: Any) -> None:
        match value:
            case bool() | str() | None:
                return
            case int() | Fraction():
                found.add(Fraction(value))
            case dict():
                for one in value.values():
                    walk(one)
            case tuple():
                for one in value:
                    walk(one)
            case forms.Record():
                for name in type(value).model_fields:
                    walk(getattr(value, name))
            case _:
                raise AssertionError(type(value))

    walk((item.claim, item.conditions, item.award, item.cap, item.year_cap, item.lifetime_cap, item.pool))
    return found - {Fraction(0)}


def ways_to_write(number: Fraction) -> set[str]:
    """How the source may write a number: 2000万, 1亿, 10%, 2年 for 24 months, a plain count."""
    ways = {f"{number.numerator}"} if number.denominator == 1 else set()
    for unit, size in (("万", WAN), ("亿", YI)):
        if (number / size).denominator == 1:
            ways.add(f"{number / size}{unit}")
    percent = number * 100
    if number <= 1:
        ways.add(f"{float(percent):g}%")
    if (number / 12).denominator == 1:
        ways.add(f"{number / 12}年")
    return ways


def test_every_item_stands_in_its_place() -> None:
    assert list(RULES.items) == ITEMS


def test_all_36_measures_are_there_and_each_has_an_item() -> None:
    assert list(RULES.measures) == list(range(1, 37))
    assert {item.measure for item in RULES.items.values()} == set(range(1, 37))
    assert all(name.startswith(f"{item.measure:02}-") for name, item in RULES.items.items())


def test_reviewed_and_outside_zone_follow_the_clauses() -> None:
    assert [name for name, item in RULES.items.items() if item.reviewed] == [
        name for name in ITEMS if name in REVIEWED
    ]
    assert [name for name, item in RULES.items.items() if item.outside_zone] == OUTSIDE_ZONE


@pytest.mark.parametrize("name", ITEMS)
def test_every_phrase_and_department_occurs_in_the_source(name: str, source: str) -> None:
    item = RULES.items[name]
    for phrase in (item.phrase, *item.cites, *item.departments):
        assert plain(phrase) in source


@pytest.mark.parametrize("name", ITEMS)
def test_every_number_stands_in_a_phrase_of_its_item(name: str) -> None:
    item = RULES.items[name]
    cited = plain("|".join((item.phrase, *item.cites)))
    for number in numbers_of(item) - WORDED.get(name, set()):
        assert any(way in cited for way in ways_to_write(number)), f"{number} of {name} in {cited}"


@pytest.mark.parametrize("number", RULES.measures)
def test_every_measure_bears_the_title_of_its_clause(number: int, source: str) -> None:
    assert plain(RULES.measures[number].zh) in source


@pytest.mark.parametrize("name", [name for name in ITEMS if RULES.items[name].departments])
def test_the_departments_are_those_behind_the_phrase(name: str, source: str) -> None:
    item = RULES.items[name]
    places = [source.index(one) for one in map(plain, (item.phrase, *item.cites)) if source.count(one) == 1]
    behind = source[max(places) :]
    named = re.search(r"\(责任单位:(.*?)\)", behind)
    assert named is not None
    assert named[1].split("、") == [plain(one) for one in item.departments]


def test_a_stated_sum_or_ratio_is_never_called_up_to() -> None:
    """不超过 and 最高 beside the phrase make a ratio or sum an upper bound."""
    for name, item in RULES.items.items():
        if item.grade == "up_to_ratio" and isinstance(item.award, awards.RateOf):
            assert "不超过" in item.phrase, name
        if item.grade == "stated":
            assert "不超过" not in item.phrase, name
