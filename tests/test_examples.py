"""Every example is run and compared with the answer beside it, whose sums were worked out by hand."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from calc import estimate, load_enterprise
from calc.cli.app import run
from calc.engine.combine.problem import STACKINGS
from calc.enterprise.loader import load_enterprise as load
from calc.enterprise.problems import InputError
from calc.policy.loader import packaged_rules
from calc.present.data.estimate import estimate_data
from calc.present.language import language

EXAMPLES = Path(__file__).parent.parent / "examples"
FILES = sorted(path for path in EXAMPLES.glob("*.toml") if not path.name.endswith(".expected.toml"))


def expected(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.with_suffix(".expected.toml").read_text("utf-8"))


def key(one: dict[str, Any]) -> str:
    return f"{one['item']} {one['subject']}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_gives_the_answer_beside_it(path: Path) -> None:
    wanted = expected(path)
    enterprise = load_enterprise(str(path))
    answer = estimate_data(estimate(enterprise, packaged_rules()), language("zh"))
    claims = answer["claims"]
    assert answer["totals"] == wanted["totals"]
    assert {key(one): one["granted"] for one in answer["combination"]["claims"]} == wanted["granted"]
    dropped = {key(one): one["because"].partition(":")[0] for one in answer["combination"]["dropped"]}
    assert dropped == wanted["dropped"]
    assert [path for one in claims for path in one["missing"]] == wanted["missing"]
    assert sorted({one["item"] for one in answer["not_counted"]}) == sorted(wanted["not_counted"])
    assert {key(one): one["spared"] for one in answer["in_kind"]} == wanted["in_kind"]
    for status in ("ineligible", "barred"):
        found = {key(one): [r["code"] for r in one["reasons"]] for one in claims if one["status"] == status}
        assert found == wanted[status]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("stacking", STACKINGS)
def test_each_reading_pays_the_total_it_names(path: Path, stacking: Any) -> None:
    answer = estimate(load_enterprise(str(path)), stacking=stacking)
    assert answer.is_proven
    assert sum(answer.combination.grants.values()) == expected(path)["totals"][stacking]


MISTAKES = EXAMPLES / "mistakes"
EXPECTED_MISTAKES = tomllib.loads((MISTAKES / "expected.toml").read_text("utf-8"))


def test_every_mistake_has_its_expected_error() -> None:
    assert sorted(EXPECTED_MISTAKES) == sorted(
        path.name for path in MISTAKES.iterdir() if path.name != "expected.toml"
    )


@pytest.mark.parametrize("name", EXPECTED_MISTAKES)
def test_a_mistake_is_told_with_its_line_and_key(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    wanted = EXPECTED_MISTAKES[name]
    rules = packaged_rules()
    try:
        problems = load(str(MISTAKES / name), rules.vocabulary, rules.item_ids).warnings
    except InputError as error:
        problems = error.problems
    found = [
        {
            "line": one.place.line if one.place else 0,
            "key": ".".join(str(part) for part in one.path),
            "code": f"number {one.details['reason']}" if one.code == "number" else one.code,
        }
        for one in problems
    ]
    assert found == wanted["problems"]
    assert run(["estimate", str(MISTAKES / name), "--format", "json"]) == wanted["exit"]
    assert name in capfd.readouterr().err
