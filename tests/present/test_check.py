"""What a person sees of a check and of gaps: snapshots at fixed widths in both languages."""

from pathlib import Path

import pytest
from rich.cells import cell_len

from calc.cli.check import check_file
from calc.engine.advice import find_gaps
from calc.policy.loader import packaged_rules
from calc.present.data.check import Checked
from calc.present.language import LanguageCode, language
from calc.present.look import Look
from calc.present.views.check import check_view
from calc.present.views.gaps import gaps_view
from tests.engine.test_advice import scene
from tests.present.test_console import EXAMPLES, LANGUAGES, WIDTHS, compare, rendered

DOUBTFUL = Path(__file__).with_name("doubtful.toml")
FILES = {"doubtful": DOUBTFUL, "wrong": EXAMPLES / "mistakes" / "several_at_once.toml"}


def checked(name: str) -> Checked:
    return check_file(str(FILES[name]), packaged_rules())._replace(source=f"{name}.toml")


def shown(name: str, width: int, code: LanguageCode) -> str:
    return rendered(check_view(checked(name), Look(language(code), in_yuan=False, width=width)), width)


def gaps_shown(width: int, code: LanguageCode) -> str:
    here = scene((EXAMPLES / "group.toml").read_text("utf-8"))
    look = Look(language(code), in_yuan=False, width=width)
    return rendered(gaps_view(here.estimate, find_gaps(here), look), width)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_check_looks_as_it_did(width: int, code: LanguageCode) -> None:
    compare(shown("doubtful", width, code), f"check-{width}-{code}")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_check_of_a_wrong_file_looks_as_it_did(code: LanguageCode) -> None:
    compare(shown("wrong", 80, code), f"check-wrong-80-{code}")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [60, 100])
def test_gaps_look_as_they_did(width: int, code: LanguageCode) -> None:
    compare(gaps_shown(width, code), f"gaps-{width}-{code}")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", [40, *WIDTHS])
def test_no_line_is_too_wide_and_nothing_is_cut(width: int, code: LanguageCode) -> None:
    for text in (shown("doubtful", width, code), shown("wrong", width, code), gaps_shown(width, code)):
        assert all(cell_len(line) <= width for line in text.splitlines())
        assert "…" not in text


def test_of_many_doubts_the_first_are_shown_and_the_others_counted() -> None:
    one = checked("doubtful")
    many = one._replace(doubts=list(one.doubts) * 10)
    text = rendered(check_view(many, Look(language("en"), in_yuan=False, width=100)), 100)
    assert f"doubtful: {len(many.doubts)}" in text
    assert f"… and {len(many.doubts) - 50} more" in text
