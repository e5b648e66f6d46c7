"""The Chinese catalogue: complete, with the same placeholders, compiled."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from calc.present.language import language, language_wanted

PACKAGE = Path(__file__).parents[2] / "calc"
CATALOGUE = PACKAGE / "present" / "locale" / "zh" / "LC_MESSAGES" / "subsidy.po"
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def said() -> set[str]:
    """Every message that the program says."""
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords={"say": None, "words": None})
    messages = set()
    for _, _, message, _, _ in found:
        assert isinstance(message, str)
        messages.add(message)
    return messages


def translated() -> dict[str, str]:
    with CATALOGUE.open("rb") as stream:
        catalogue = read_po(stream, locale="zh")
    assert not catalogue.obsolete
    assert not [message.id for message in catalogue if message.fuzzy and message.id]
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def calls() -> Iterator[ast.Call]:
    """Every call that says something, within other texts too, where the extraction does not look."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
                if name in ("say", "words") and node.args:
                    yield node


def test_no_message_escapes_the_extraction() -> None:
    written = {one.args[0].value for one in calls() if isinstance(one.args[0], ast.Constant)}
    assert written == said()


def test_every_message_is_translated_and_no_other() -> None:
    assert said() == set(translated())


def test_each_translation_holds_the_same_values() -> None:
    for message, translation in translated().items():
        assert translation
        assert sorted(PLACEHOLDER.findall(message)) == sorted(PLACEHOLDER.findall(translation)), message


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    with CATALOGUE.open("rb") as stream:
        catalogue = read_po(stream, locale="zh")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue()


def test_a_message_is_said_in_both_languages() -> None:
    assert language("zh").say("Up to {total}", total=1) == "最多可得 1"
    assert language("en").say("Up to {total}", total=1) == "Up to 1"


@pytest.mark.parametrize(
    ("asked", "environment", "code"),
    [
        (None, {}, "zh"),
        (None, {"LANG": "C"}, "zh"),
        (None, {"LANG": "C.UTF-8"}, "zh"),
        (None, {"LANG": "POSIX"}, "zh"),
        (None, {"LANG": "zh_CN.GBK"}, "zh"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ("zh", {"LANG": "en_US.UTF-8"}, "zh"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_language_wanted(asked: str | None, environment: dict[str, str], code: str) -> None:
    assert language_wanted(asked, environment) == code
