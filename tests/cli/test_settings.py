"""Settings: where they may stand, which wins, and what is wrong with them."""

import json
import os
from pathlib import Path

import pytest

from calc.cli.app import run
from calc.cli.settings import SETTINGS, settings

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "manufacturer.toml")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a home without settings."""
    work, home = tmp_path / "work", tmp_path / "home"
    for folder in (work, home):
        folder.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    for setting in SETTINGS:
        monkeypatch.delenv(setting.variable, raising=False)
    return home


def user_file(home: Path) -> Path:
    folder = home / ".config" / "subsidy"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "subsidy.toml"


def stacking_of(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> str:
    assert run(["estimate", EXAMPLE, "--format", "json", *arguments]) == 0
    return str(json.loads(capfdbinary.readouterr().out)["stacking"])


def test_the_nearer_wins(
    own_folders: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert stacking_of(capfdbinary) == "subject"
    user_file(own_folders).write_text('stacking = "strict"\ncount = "stated"\n', "utf-8")
    assert stacking_of(capfdbinary) == "strict"
    Path("subsidy.toml").write_text('stacking = "expense"\n', "utf-8")
    assert stacking_of(capfdbinary) == "expense"
    # Key by key: what the nearer file does not name still comes from the farther one.
    assert settings().value("count") == "stated"
    monkeypatch.setenv("SUBSIDY_STACKING", "none")
    assert stacking_of(capfdbinary) == "none"
    assert stacking_of(capfdbinary, "--stacking", "subject") == "subject"


def test_config_says_what_is_in_force_and_from_where(
    own_folders: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    user_file(own_folders).write_text("yuan = true\n", "utf-8")
    Path("subsidy.toml").write_text('lang = "en"\n', "utf-8")
    monkeypatch.setenv("SUBSIDY_PAGER", "off")
    assert run(["config", "--format", "json"]) == 0
    found = json.loads(capfdbinary.readouterr().out)
    assert found["settings"] == {
        "lang": {"value": "en", "from": "subsidy.toml"},
        "stacking": {"value": "subject", "from": None},
        "count": {"value": "ratio", "from": None},
        "rules": {"value": [], "from": None},
        "yuan": {"value": True, "from": str(user_file(own_folders))},
        "quiet": {"value": False, "from": None},
        "pager": {"value": False, "from": "SUBSIDY_PAGER"},
    }
    assert [one["exists"] for one in found["files"]] == [True, True]
    assert run(["config"]) == 0
    assert "the packaged rules" in capfdbinary.readouterr().out.decode()


def test_rules_are_looked_for_beside_the_settings_that_name_them(
    own_folders: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    overlay = user_file(own_folders).with_name("细则.toml")
    overlay.write_text('[items.02-capacity]\ncap = "1000万"\n', "utf-8")
    user_file(own_folders).write_text('rules = ["细则.toml"]\n', "utf-8")
    assert run(["estimate", EXAMPLE, "--format", "json"]) == 0
    claims = json.loads(capfdbinary.readouterr().out)["claims"]
    assert next(one["amount"] for one in claims if one["item"] == "02-capacity") == 10_000_000


def test_several_rules_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUBSIDY_RULES", f"甲.toml{os.pathsep}乙 丙.toml")
    assert settings().value("rules") == ("甲.toml", "乙 丙.toml")


def test_all_that_is_wrong_is_told_and_nothing_is_estimated(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    text = 'stacking = "expnse"\nyuan = 1\nrules = ["甲.toml", 3]\nfoo = 1\nlang = "de"\nquiet = "no"\n'
    Path("subsidy.toml").write_text(text, "utf-8")
    assert run(["estimate", EXAMPLE, "--lang", "en"]) == 65
    shown = capfdbinary.readouterr()
    assert shown.out == b""
    said = shown.err.decode()
    for number, key in enumerate(("stacking", "yuan", "rules[2]", "foo", "lang", "quiet"), 1):
        assert f"subsidy.toml, line {number}, {key}" in said
    assert "did you mean expense?" in said
    assert run(["--help"]) == 0
    assert run(["config"]) == 65
    assert b"stacking" in capfdbinary.readouterr().out


@pytest.mark.parametrize("text", ["stacking = ", "\0", "[[lang]]\n", "rules = 'a'\n", "a = [" * 300])
def test_a_broken_file_is_no_traceback(text: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("subsidy.toml").write_text(text, "utf-8")
    assert run(["estimate", EXAMPLE]) == 65
    assert b"subsidy.toml" in capfdbinary.readouterr().err


def test_an_empty_file_sets_nothing(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("subsidy.toml").write_text("", "utf-8")
    assert stacking_of(capfdbinary) == "subject"


@pytest.mark.parametrize(
    ("variable", "value"),
    [("SUBSIDY_STACKING", "expnse"), ("SUBSIDY_YUAN", "perhaps"), ("SUBSIDY_COUNT", "all")],
)
def test_a_variable_that_does_not_fit_is_named(
    variable: str,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.setenv(variable, value)
    assert run(["estimate", EXAMPLE]) == 65
    said = capfdbinary.readouterr().err.decode()
    assert variable in said
    assert value in said


def test_a_settings_file_with_mistakes_is_not_called_read(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("SUBSIDY_LANG", "zh")
    Path("subsidy.toml").write_text('stacking = "最严"\n', "utf-8")
    assert run(["config"]) == 65
    assert "subsidy.toml（有错误）" in capfdbinary.readouterr().out.decode()
