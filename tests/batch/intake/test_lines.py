# ruff: noqa: E501 -- the lists are data, denser than code
"""Lines of NDJSON at once: what is read so is what the strict loader reads of each line."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calc.batch.answers import Question
from calc.batch.held import held_in
from calc.batch.intake.columns.frames import portfolio_of_table
from calc.batch.intake.rows.lines import table_of_lines
from calc.batch.sources.pieces import Lines, Piece
from calc.batch.work import answer_piece
from calc.enterprise.documents import Document, parse_document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from calc.enterprise.sources import text_of
from calc.policy.loader import packaged_rules
from tests.batch.intake.members import member_of, said_by
from tests.batch.intake.random_documents import right_document

RULES = packaged_rules()
WORDS = (RULES.vocabulary, RULES.item_ids)
NUMBERS: dict[str, list[Any]] = {
    "integers": [0, 5, 26_000_000],
    "decimals": [0, 12.5, 0.25, 26_000_000],
    "texts": ["0", "2600万", "12.50", "2,600 万"],
}
RATES: dict[str, list[Any]] = {
    "integers": [0, 1],
    "decimals": [0.035, 1, 0.5],
    "texts": ["3.5%", "0.035", "1"],
}


def line_of(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, default=str).encode() + b"\n"


def of_one_style(random: Random, style: str, count: int) -> bytes:
    """Lines in which every figure is written in the same way."""
    figures = {field.name: field.type for field in all_fields() if field.type in ("money", "usd", "area")}
    rates = {field.name for field in all_fields() if field.type in ("rate", "factor")}

    def styled(node: Any) -> Any:
        if isinstance(node, list):
            return [styled(one) for one in node]
        if not isinstance(node, dict):
            return int(node.split(".")[0]) if isinstance(node, FloatText) else node
        return {key: styled_leaf(key, value) for key, value in node.items()}

    def styled_leaf(key: str, value: Any) -> Any:
        if key in figures and not isinstance(value, dict | list):
            number = random.choice(NUMBERS[style])
            return number if figures[key] != "usd" or "万" not in str(number) else "300万美元"
        if key in rates and not isinstance(value, dict | list):
            return random.choice([one for one in RATES[style] if one or key != "usd_cny"])
        return styled(value)

    return b"".join(line_of(styled(right_document(random, *WORDS))) for _ in range(count))


def all_fields() -> Any:
    vocabulary = RULES.vocabulary
    tables = [field for table in vocabulary.tables.values() for field in table.fields.values()]
    return [*vocabulary.fx.values(), *vocabulary.figures.values(), *vocabulary.sums.values(), *tables]


def tell(problems: Any, row: int | None) -> str:
    return f"{row}: {[(one.code, one.path, one.value) for one in problems]}"


@pytest.mark.parametrize("style", NUMBERS)
@pytest.mark.parametrize("seed", range(3))
def test_lines_at_once_are_answered_as_one_by_one(
    style: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = of_one_style(Random(f"{style} {seed}"), style, 80)
    assert table_of_lines(text, RULES.vocabulary) is not None
    piece = Piece("x.ndjson", 7, Lines(text), 1)
    at_once = answer_piece(piece, Question(RULES), tell)
    monkeypatch.setattr("calc.batch.held.table_of_lines", lambda *_: None)
    assert at_once.to_pylist() == answer_piece(piece, Question(RULES), tell).to_pylist()
    assert at_once["row"].to_pylist() == list(range(7, 87))


def strictly(line: bytes) -> Any:
    try:
        content = parse_document("", text_of("", line), is_json=True).content
        return enterprise_from(Document("x", "", is_json=True, content=content), *WORDS).enterprise
    except InputError:
        return None


def hold_alike(text: bytes) -> int:
    """Hold all lines that are taken in at once to the strict loader; how many there are."""
    table = table_of_lines(text, RULES.vocabulary)
    if table is None:
        return 0
    lines = text.removesuffix(b"\n").split(b"\n")
    assert table.num_rows == len(lines)
    taken = portfolio_of_table(table, *WORDS, None)
    for member, place in enumerate(taken.places.tolist()):
        enterprise = strictly(lines[place])
        assert enterprise is not None, lines[place]
        found = member_of(taken.portfolio, member, *WORDS)
        said = said_by(enterprise, RULES.vocabulary)
        for one in (found, said):
            one["agreements"] = sorted(set(one["agreements"]))  # what is covered twice is covered
        assert found == said
    return taken.portfolio.size


FRAGMENTS = st.binary(max_size=3) | st.sampled_from(
    [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\n", b"\r", b" ", b"}\n{", b"},{", b"null", b"true", b"-", b"-0",
     b"1e2", b"1e-0001", b".5", b"5.", b"0.50", b"\\u0041", b"\\ud800", b"\\", b"\xff", b"/**/", b"NaN", b'"x":1,',
     b'"name":"x",', b'"5"', b"99999999999999999999", b"0" * 45 + b"1", b"\xef\xbb\xbf"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), FRAGMENTS, st.sampled_from([*NUMBERS]), st.booleans())
def test_nothing_is_accepted_that_the_strict_loader_refuses(
    random: Random, fragment: bytes, style: str, is_copy: bool
) -> None:
    text = of_one_style(random, style, 3)
    at, until = sorted(random.randrange(len(text)) for _ in range(2))
    if is_copy:  # keys that stand twice, objects within others
        fragment = text[at : min(until, at + 40)]
        at = until = random.randrange(len(text))
    else:
        until = min(until, at + random.choice([0, 0, 1, 5]))
    hold_alike(text[:at] + fragment + text[until:])


HEAD = '{"enterprise": {"name": "甲", "claim_year": 2026}'
FX = HEAD + ', "fx": {"usd_cny": %s}}\n'


@pytest.mark.parametrize(
    ("line", "rate"),
    [
        (FX % "7", 7), (FX % "7.10", 7.1), (FX % '"7.10"', 7.1),
        (FX % "null", None), (FX % "true", None), (FX % "[7]", None), (FX % "1e1", None), (FX % "1e-0001", None), (FX % "NaN", None), (FX % "07", None), (FX % '7.5, "usd_cny": 7.5', None),
        (FX % "7" + FX % "7.5", 7), (FX % "7.5" + FX % '"7.5"', None), (FX % "7" + FX % '"7"', None), (FX % "7.1234567890123", None), (FX % "7.5" + FX.replace("usd", r"\u0075sd") % '"1e1"', None),
        (HEAD + "}} \n", None), (HEAD + "}} {}\n", None), ("\n" + HEAD + "}\n", None), (HEAD + "}\n\n", None), (HEAD + "}\r\n", None), (HEAD + "} " + HEAD + "}\n", None), (HEAD + ', "x": {}}\n', None), (HEAD + ', "enterprise": {}}\n', None),
        ("[]\n", None), ("", None), ("\n", None), ("{", None), ("}", None), (HEAD + ', "loan": [{' + '}\n{' + '}]}\n', None), (HEAD.replace("甲", "甲\n") + "}\n", None), ("\ufeff" + HEAD + "}\n", None),
    ],
)  # fmt: skip
def test_what_can_be_read_at_once(line: str, rate: float | None) -> None:
    table = table_of_lines(line.encode(), RULES.vocabulary)
    assert (table is None) is (rate is None)
    if table is not None:
        assert float(table["fx"][0].as_py()["usd_cny"]) == rate
        assert hold_alike(line.encode()) == table.num_rows


@pytest.mark.parametrize("bad", [b"\xff", "甲".encode("gb18030")])
def test_what_is_no_utf_8_is_looked_at_one_by_one(bad: bytes) -> None:
    line = HEAD.encode() + b"}\n"
    assert table_of_lines(line, RULES.vocabulary) is not None
    assert table_of_lines(line.replace("甲".encode(), bad), RULES.vocabulary) is None


def test_a_line_of_more_values_than_a_file_may_hold_is_refused_as_alone() -> None:
    loans = ",".join("{}" for _ in range(40_000))
    text = (HEAD + f', "loan": [{loans}]' + "}\n").encode()
    assert table_of_lines(text, RULES.vocabulary) is None


def test_a_key_that_a_sample_does_not_hold_is_read_as_most_like_it() -> None:
    plain: list[dict[str, Any]] = [
        {"enterprise": {"name": f"企业{number}", "claim_year": 2026}} for number in range(2000)
    ]
    for number in range(0, 2000, 2):
        plain[number]["data_listing"] = [{"name": "产品", "year": 2026, "service_fee": "12.50"}]
    plain[1001]["park"] = [{"name": "园", "year": 2026, "kind": "sme", "operated_area_m2": 5}]
    plain[1003]["kinds"] = {"2027": ["sme"]}
    text = b"".join(map(line_of, plain))
    table = table_of_lines(text, RULES.vocabulary)
    assert table is None or hold_alike(text) == 2000
    assert held_in(Piece("x", 1, Lines(text), 1), Question(RULES)).taken.rest == ()


@example('\\u4e00"')
@example("investment:一期")
@given(st.text(max_size=6))
def test_names_come_as_they_are(name: str) -> None:
    document = {"enterprise": {"name": name, "claim_year": 2026}}
    for text in (line_of(document), json.dumps(document).encode() + b"\n"):
        table = table_of_lines(text, RULES.vocabulary)
        if table is not None:
            assert table["enterprise"][0].as_py()["name"] == name
            hold_alike(text)
