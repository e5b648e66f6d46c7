"""The worked overlays of the guide: sound, nothing odd about them, and the sums worked out by hand."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from calc import estimate, load_enterprise, load_rules
from calc.engine.advice import Scene, find_gaps
from calc.enterprise.documents import read_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import packaged_rules, read_layers
from calc.policy.review import review

OVERLAYS = Path(__file__).parent.parent / "examples" / "overlays"
EXPECTED: dict[str, Any] = tomllib.loads((OVERLAYS / "expected.toml").read_text("utf-8"))


def test_every_overlay_has_its_enterprise_and_its_sums() -> None:
    names = {path.stem for path in OVERLAYS.glob("*.toml")} - {"expected"}
    assert names == {name + end for name in EXPECTED for end in ("", "_enterprise")}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_overlay_gives_the_sums_beside_it(name: str) -> None:
    rules = load_rules(str(OVERLAYS / f"{name}.toml"))
    enterprise = load_enterprise(str(OVERLAYS / f"{name}_enterprise.toml"), rules)
    answer = estimate(enterprise, rules)
    granted = {
        f"{answer.outcomes[index].claim.item_id} {answer.outcomes[index].claim.subject}": amount
        for index, amount in answer.combination.grants.items()
    }
    assert (answer.total, granted) == (EXPECTED[name]["total"], EXPECTED[name]["granted"])
    if "base" in EXPECTED[name]:
        assert estimate(enterprise).total == EXPECTED[name]["base"]


@pytest.mark.parametrize("name", EXPECTED)
def test_nothing_is_odd_about_an_overlay(name: str) -> None:
    source = str(OVERLAYS / f"{name}.toml")
    assert review(packaged_rules(), load_rules(source), read_layers([source])) == ()


def test_the_narrowed_condition_is_mended_at_ten_per_cent() -> None:
    rules = load_rules(str(OVERLAYS / "narrowed.toml"))
    document = read_document(str(OVERLAYS / "narrowed_enterprise.toml"))

    def read(one: Any) -> Enterprise:
        return enterprise_from(one, rules.vocabulary, rules.item_ids).enterprise

    scene = Scene(document, estimate(read(document), rules), read, lambda one: estimate(one, rules))
    (gap,) = find_gaps(scene)
    assert [(mend.path, str(mend.after)) for mend in gap.mends] == [("figures.2025.rd_staff_share", "1/10")]
    assert gap.total_after == EXPECTED["narrowed"]["mended"]
