"""The worked policies of other zones: sound, nothing odd about them, and the sums worked out by hand."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from calc import estimate, load_enterprise, load_rules
from calc.enterprise.enterprise import Enterprise
from calc.policy.loader import packaged_rules, read_layers
from calc.policy.review import review
from calc.policy.rules import Rules
from calc.policy.scope import scope_of
from calc.present.language import language
from calc.present.words.claims import because_says
from calc.present.words.rules import beside_lines

ZONES = Path(__file__).parent.parent / "examples" / "zones"
ENDS = ("", "_enterprise", "_expected")
NAMES = sorted(
    path.stem for path in ZONES.glob("*.toml") if not path.stem.endswith(tuple(end for end in ENDS if end))
)
EXPECTED: dict[str, Any] = {
    name: tomllib.loads((ZONES / f"{name}_expected.toml").read_text("utf-8")) for name in NAMES
}
YEARS = [(name, int(year)) for name in NAMES for year in EXPECTED[name]]


def rules_of(name: str) -> Rules:
    return load_rules(str(ZONES / f"{name}.toml"))


def enterprise_of(name: str, rules: Rules, year: int) -> Enterprise:
    return load_enterprise(str(ZONES / f"{name}_enterprise.toml"), rules, claim_year=year)


def test_every_zone_has_its_enterprise_and_its_sums() -> None:
    assert NAMES
    assert {path.stem for path in ZONES.glob("*.toml")} == {name + end for name in NAMES for end in ENDS}


@pytest.mark.parametrize(("name", "year"), YEARS)
def test_a_zone_gives_the_sums_beside_it(name: str, year: int) -> None:
    rules, wanted = rules_of(name), EXPECTED[name][str(year)]
    answer = estimate(enterprise_of(name, rules, year), rules, stacking="none")
    granted = {
        f"{answer.outcomes[index].claim.item_id} {answer.outcomes[index].claim.subject}": amount
        for index, amount in answer.combination.grants.items()
    }
    assert (answer.total, granted) == (wanted["total"], wanted["granted"])
    assert answer.is_proven


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_odd_about_a_zone(name: str) -> None:
    assert review(packaged_rules(), rules_of(name), read_layers([str(ZONES / f"{name}.toml")])) == ()


def test_a_claim_is_told_which_cap_cuts_it() -> None:
    # A2 by the 1000万 a year of its own item; M1 by the 1050万 of both, below the 100万 of its item.
    rules = rules_of("ic_design")
    answer = estimate(enterprise_of("ic_design", rules, 2026), rules, stacking="none")
    told = {
        answer.outcomes[one.index].claim.subject: because_says(one, answer, language("zh"))
        for one in answer.dropped
        if one.because == "cap"
    }
    assert told == {"tape_out:A2": "该事项的上限已用满", "tape_out:M1": "几个事项合计的上限已用满"}


def test_an_answer_tells_a_shared_cap_as_the_rules_do_and_not_as_it_came_out() -> None:
    rules = rules_of("ic_design")
    answer = estimate(enterprise_of("ic_design", rules, 2026), rules, stacking="none")
    lines = beside_lines("5-rent", answer.rules, language("zh"))
    assert lines == beside_lines("5-rent", rules, language("zh"))
    assert "不超过 上年度地方贡献的 100%，最高 3,000万元" in lines[0]


def test_a_template_asks_for_the_figure_that_a_shared_cap_reads_and_for_no_key_that_nothing_reads() -> None:
    rules = rules_of("ic_design")
    scope = scope_of(rules, rules.items)
    assert [field.name for field in scope.figures("last_year")] == ["design_revenue", "local_contribution"]
    assert "3-milestone" in next(one for one in scope.other_blocks() if one.name == "received").items
