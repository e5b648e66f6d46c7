"""Overlays that hold in some claim years only, as every command meets them in the others."""

import json
from pathlib import Path

from tests.cli.test_command import subsidy

OVERLAYS = Path(__file__).parents[2] / "examples" / "overlays"
FILE, RULES = str(OVERLAYS / "new_item_enterprise.toml"), ("--rules", str(OVERLAYS / "new_item.toml"))
"""02-robots pays 50万 in 2026; the overlay does not hold in 2025."""


def earlier(folder: Path, more: str = "") -> str:
    """The same enterprise a claim year before."""
    text = Path(FILE).read_text("utf-8").replace("2026", "2025")
    path = folder / "earlier.toml"
    path.write_text(text + more, "utf-8")
    return str(path)


def test_a_what_if_that_leaves_the_overlay_s_years_loses_its_item() -> None:
    done = subsidy("whatif", FILE, "--set", "enterprise.claim_year=2025", *RULES, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["gain"]) == (0, -500_000)
    done = subsidy("whatif", FILE, "--set", "enterprise.claim_year=2025", *RULES, "--lang", "en")
    assert (done.returncode, done.stdout.count("02-robots")) == (0, 2)


def test_a_comparison_tells_an_item_that_one_year_alone_has(tmp_path: Path) -> None:
    for files, granted in (
        ((FILE, earlier(tmp_path)), [500_000, 0]),
        ((earlier(tmp_path), FILE), [0, 500_000]),
    ):
        done = subsidy("compare", *files, *RULES, "--format", "json")
        assert json.loads(done.stdout)["differences"] == [{"item": "02-robots", "granted": granted}]


def test_why_names_the_item_that_the_year_does_not_have(tmp_path: Path) -> None:
    done = subsidy("explain", earlier(tmp_path), "02-robots", "02-capacity", *RULES, "--format", "json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["claims"]) == (0, [])
    assert [one["item"] for one in found["without_claim"]] == ["02-capacity"]
    assert "subsidy measures show 02-robots" in done.stderr


def test_what_was_received_for_such_an_item_is_no_doubt(tmp_path: Path) -> None:
    received = '\n[[received]]\nitem = "02-robots"\nyear = 2024\namount = "1万"\n'
    done = subsidy("check", earlier(tmp_path, received), *RULES, "--format", "json")
    doubts = json.loads(done.stdout)["doubts"]
    assert (done.returncode, [one["code"] for one in doubts]) == (0, ["no_item", "no_item"])
