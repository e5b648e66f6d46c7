# ruff: noqa: E501 -- the lists are data, denser than code
"""Documents: what is told to be no text, no TOML, no JSON, and where."""

from pathlib import Path

import pytest

from calc.enterprise.documents import DEEPEST, MOST_VALUES, parse_document, read_document
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError, Problem

HEAD = '[enterprise]\nname = "甲"\n'


def problem(text: str, *, is_json: bool = False) -> Problem:
    with pytest.raises(InputError) as caught:
        parse_document("x", text, is_json=is_json)
    (found,) = caught.value.problems
    return found


def marked(found: Problem) -> str:
    assert found.place is not None
    start = found.place.column - 1
    return found.place.text[start : start + found.place.width]


@pytest.mark.parametrize(
    ("text", "line", "mark"),
    [
        ("x = 2600万", 3, "2600万"), ("x = “5”", 3, "“5”"), ("x = 甲公司", 3, "甲公司"), ("x ＝ 5", 3, "＝"), ("x = 1，2", 3, "1，2"),
        ("\tx\t=\t3.5%", 3, "3.5%"), ("营业收入 = 5", 3, "营业收入"), ("[[贷款]]", 3, "贷款"), ("name = 'x'", 3, "name"),
        ("[enterprise]", 3, "[enterprise]"), ("x = 2026-02-30", 3, "2026-02-30"), ("x = True", 3, "True"), ("x: 5", 3, "x:"),
        ("x = [1,\n2,\n", 4, ""), ("x = 1 y = 2", 3, "y"),
    ],
)  # fmt: skip
def test_a_slip_is_marked_whole(text: str, line: int, mark: str) -> None:
    found = problem(HEAD + text)
    assert found.code == "syntax"
    assert found.place is not None
    assert found.place.line == line
    assert marked(found) == mark


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[1]", "not_an_object"), ("5", "not_an_object"), ("null", "not_an_object"), ("{", "syntax"), ("{,}", "syntax"),
        ('{"a": 1, "a": 2}', "duplicate_key"), ('{"a": {"b": 1, "b": 2}, "\\x": 1}', "duplicate_key"), ('{"a": ' + "9" * 5000 + "}", "long_number"),
        ("[" * 100_000, "too_deep"), ('{"a": ' + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1) + "}", "too_deep"),
        ('{"a": [' + "1," * MOST_VALUES + "1]}", "too_many_values"),
    ],
)  # fmt: skip
def test_what_is_no_json_of_an_enterprise(text: str, code: str) -> None:
    assert problem(text, is_json=True).code == code


def test_the_second_of_two_equal_keys_is_marked() -> None:
    found = problem('{"a": 1,\n "b": {"name": 1,\n  "name": 2}}', is_json=True)
    assert found.place is not None
    assert (found.place.line, marked(found)) == (3, '"name"')


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * (DEEPEST + 2)) + " = 1", "[" + " . ".join(["'a'"] * (DEEPEST + 2)) + "]",
        "x = { " + ".".join("a" * 100_000) + " = 1 }", "x = " + "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    ],
)  # fmt: skip
def test_what_is_too_deep(text: str) -> None:
    assert problem(text).code == "too_deep"


def test_dots_in_texts_and_many_keys_are_no_depth() -> None:
    text = "x = '" + "a." * 500 + "'\n"
    assert problem(text.replace("'", "")).code in ("too_deep", "syntax")
    assert parse_document("x", "x = '" + ". " * 500 + "'\n", is_json=False).content["x"]
    assert parse_document("x", "".join(f"a.b{n} = 1\n" for n in range(500)), is_json=False).content["a"]


def test_decimals_keep_their_text() -> None:
    assert parse_document("x", "x = 1_0.50", is_json=False).content == {"x": "1_0.50"}
    leaves = parse_document("x", '{"x": [1.50, 1E400, NaN, -Infinity]}', is_json=True).content["x"]
    assert leaves == ["1.50", "1E400", "NaN", "-Infinity"]
    assert all(isinstance(leaf, FloatText) for leaf in leaves)


@pytest.mark.parametrize(
    ("data", "code", "guess"),
    [
        (HEAD.encode("gbk"), "encoding", "GBK"), (HEAD.encode("utf-16"), "encoding", "UTF-16"),
        (HEAD.encode("utf-16-le"), "encoding", "UTF-16"), (HEAD.encode("utf-16-be"), "encoding", "UTF-16"),
        (b'name = "\xff"', "encoding", None), (b"", "empty", None), (b"\xef\xbb\xbf \n", "empty", None),
        (b"PK\x03\x04", "not_text_file", None), (b"%PDF-1", "not_text_file", None), (HEAD.encode() + b"\0", "not_text_file", None),
    ],
)  # fmt: skip
def test_the_encoding_is_guessed(data: bytes, code: str, guess: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_document(str(path))
    (found,) = caught.value.problems
    assert (found.code, found.details.get("guess")) == (code, guess)


@pytest.mark.parametrize(
    ("name", "text", "is_json"),
    [
        ("a.toml", HEAD, False), ("a", HEAD, False), ("a.txt", ' \n{"a": 1}', True), ("a.JSON", '{"a": 1}', True), ("a.json", "\ufeff{}", True),
        ("a.toml", "\ufeff" + HEAD, False), ("a.toml", HEAD.replace("\n", "\r\n"), False),
    ],
)  # fmt: skip
def test_the_notation_shows_in_the_name_or_the_text(
    name: str, text: str, is_json: bool, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8", newline="")
    assert read_document(str(path)).is_json == is_json
