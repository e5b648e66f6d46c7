# ruff: noqa: E501 -- the lists are data, denser than code
"""Lines, cells and tables as documents: the very shape of the file, and nothing lost on the way."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.batch.intake.cells.names import english_part, words_of
from calc.batch.intake.cells.tables import Table, contents_of_tables
from calc.batch.intake.cells.text import Header
from calc.batch.intake.cells.written import leaf_reader
from calc.batch.intake.rows.contents import contents_of_lines
from calc.enterprise.cells import as_cell
from calc.enterprise.documents import Document, parse_document, read_document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from calc.enterprise.sources import text_of
from calc.enterprise.vocabulary import base_vocabulary, extend, read_vocabulary
from tests.batch.intake.random_documents import right_document

EXAMPLES = sorted(
    path
    for path in (Path(__file__).parents[3] / "examples").glob("*.toml")
    if not path.stem.endswith("expected")
)
VOCABULARY = base_vocabulary()
ITEMS = ("02-capacity", "02-chain", "18-aeo")


# --- lines of NDJSON ----------------------------------------------------------------------------------------


def strictly(line: bytes) -> Any:
    try:
        return parse_document("", text_of("", line), is_json=True).content
    except InputError as error:
        return error.problems


def seen(result: Any) -> Any:
    return result.problems if isinstance(result, InputError) else result


HEAD = b'{"enterprise": {"name": "\xe7\x94\xb2", "claim_year": 2026}'


@pytest.mark.parametrize(
    "line",
    [
        HEAD + b"}",
        HEAD + b"}\r",
        b"\xef\xbb\xbf" + HEAD + b"}",
        HEAD + b', "fx": {"usd_cny": 7.10}, "figures": {"2025": {"revenue": 1e3, "rd_expense": NaN}}}',
        HEAD + b', "x": -Infinity}',
        HEAD + b', "fx": {"usd_cny": 7, "usd_cny": 8}}',
        HEAD + b', "enterprise": {}}',
        HEAD + b', "x": {"a": {"b" : 1, "b": 1}}}',
        HEAD + b', "x": "\\" : \\" :", "y": "\\":"}',
        HEAD + b', "\\ud800": 1}',
        HEAD + b', "x": "\\ud83d\\ude00"}',
        HEAD + b', "x": "\x00"}',
        HEAD + b"}\x00",
        HEAD + b', "x": "\x01"}',
        HEAD + b', "x": "\xff"}',
        "{“enterprise”: 1}".encode("gb18030"),
        HEAD.decode().encode("utf-16"),
        HEAD,
        HEAD + b"} {}",
        HEAD + b",}",
        b"[]",
        b"5",
        b"null",
        b'"x"',
        b"",
        b"   ",
        b"PK\x03\x04",
        HEAD + b', "x": ' + b"9" * 5000 + b"}",
        HEAD + b', "x": ' + b"[" * 62 + b"]" * 62 + b"}",
        HEAD + b', "x": ' + b"[" * 63 + b"]" * 63 + b"}",
        HEAD + b', "x": ' + b"[" * 64 + b"]" * 64 + b"}",
        HEAD + b', "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        HEAD + b', "x": [' + b"{}," * 70 + b"1]}",
        HEAD + b', "x": [' + b"1," * 99_990 + b"1]}",
        HEAD + b', "x": [' + b"1," * 100_010 + b"1]}",
    ],
)
def test_a_line_is_what_the_strict_parser_makes_of_it(line: bytes) -> None:
    (result,) = contents_of_lines([line])
    assert seen(result) == strictly(line)
    assert not isinstance(result, dict) or repr(result) == repr(strictly(line))


@given(st.binary(max_size=20).map(lambda tail: HEAD + tail) | st.binary(max_size=40))
def test_no_line_makes_a_traceback(line: bytes) -> None:
    assert seen(contents_of_lines([line])[0]) == strictly(line)


def test_decimals_of_lines_stay_exact() -> None:
    (content,) = contents_of_lines([b'{"a": 0.10, "b": 1e-3, "c": Infinity}'])
    assert isinstance(content, dict)
    assert [(type(one), str(one)) for one in content.values()] == [
        (FloatText, "0.10"),
        (FloatText, "1e-3"),
        (FloatText, "Infinity"),
    ]


def test_a_broken_line_costs_itself_alone() -> None:
    lines = [HEAD + b"}", b"{", HEAD + b"}"]
    assert [isinstance(one, dict) for one in contents_of_lines(lines)] == [True, False, True]


# --- cells --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key_type", "cell", "leaf"),
    [
        ("text", "甲", "甲"), ("text", " 甲 ", " 甲 "), ("text", "'=1+1", "=1+1"), ("text", "''x", "'x"), ("text", "'x", "'x"), ("text", "'＝1", "＝1"), ("text", 100, "100"), ("text", 100.0, "100"),
        ("money", "2600万", "2600万"), ("money", "12.5", "12.5"), ("money", " 26,000,000 ", "26,000,000"), ("money", "'-5", "-5"), ("money", 26_000_000, 26_000_000), ("money", 26e6, 26_000_000),
        ("money", 0.1, FloatText("0.1")), ("money", Decimal("12.50"), FloatText("12.50")), ("money", Decimal("12.00"), 12), ("money", 1e300, FloatText("1E+300")), ("money", float("nan"), FloatText("NaN")),
        ("money", Decimal("1e999999"), FloatText("1E+999999")), ("money", Decimal("sNaN"), FloatText("sNaN")), ("money", True, True),
        ("count", "12", 12), ("count", "１２", 12), ("count", "12.0", 12), ("count", "1,200", 1200), ("count", "12.5", "12.5"), ("count", "一", "一"), ("count", "-3", -3), ("count", 12.0, 12), ("count", "9" * 5000, "9" * 5000),
        ("flag", "true", True), ("flag", "TRUE", True), ("flag", "是", True), ("flag", "Yes", True), ("flag", "1", True), ("flag", 1, True), ("flag", 1.0, True), ("flag", "１", True),
        ("flag", "false", False), ("flag", "否", False), ("flag", "no", False), ("flag", "0", False), ("flag", 0, False), ("flag", 2, 2), ("flag", "对", "对"), ("flag", False, False),
        ("date", "2026-03-01", "2026-03-01"), ("date", "2026/3/1", "2026-03-01"), ("date", "2026年3月1日", "2026-03-01"), ("date", "2026-03-01 00:00:00", "2026-03-01"), ("date", "2026-03-01T10:00", "2026-03-01T10:00"),
        ("date", "2026/3-1", "2026/3-1"), ("date", "3/1/2026", "3/1/2026"), ("date", date(2026, 3, 1), date(2026, 3, 1)), ("date", datetime(2026, 3, 1), date(2026, 3, 1)), ("date", datetime(2026, 3, 1, 10), "2026-03-01 10:00:00"),
        ("date", time(10), "10:00:00"), ("date", 46082, 46082),
        ("words", "sme", ["sme"]), ("words", "sme; bank；private、high_tech|bank", ["sme", "bank", "private", "high_tech", "bank"]), ("words", '["a;b", "c"]', ["a;b", "c"]), ("words", "[]", []), ("words", "[sme", "[sme"),
        ("words", ";", []), ("words", ["sme", 5], ["sme", 5]), ("words", "[" * 100_000, "[" * 100_000), ("words", "[1.5]", [FloatText("1.5")]),
        ("word", " park ", "park"), ("word", "'=x", "=x"), ("rate", "3.5%", "3.5%"),
        *((kind, cell, None) for kind in ("text", "money", "count", "flag", "date", "words", "word") for cell in ("", "  ", "\u3000", None)),
    ],
)  # fmt: skip
def test_what_a_cell_means(key_type: str, cell: object, leaf: object) -> None:
    read = leaf_reader(key_type)(cell)
    assert (type(read), str(read)) == (type(leaf), str(leaf))


PURPOSES = words_of("investment", "purposes", VOCABULARY)
KINDS = words_of("enterprise", "kinds", VOCABULARY)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("制造业", ["manufacturing"]),
        (" 制造业 ；sme", ["manufacturing", "sme"]),
        ("制造业、高新技术企业，民营企业", ["manufacturing", "high_tech", "private"]),
        ("制造业, sme,bank", ["manufacturing", "sme", "bank"]),
        ("制造业/sme", ["制造业/sme"]),
        ("“专精特新”中小企业|bank", ["specialised", "bank"]),
        ('["制造业", "sme"]', ["manufacturing", "sme"]),
        ("制造", ["制造"]),
        ("、，；", []),
    ],
)
def test_kinds_may_be_written_in_chinese(cell: str, words: list[str]) -> None:
    assert leaf_reader("words", KINDS)(cell) == words


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("产能扩大、产线升级等", ["capacity"]),
        ("产能扩大、产线升级等、产业链集聚、关键环节招引等", ["capacity", "chain"]),
        ("chain，产能扩大、产线升级等", ["chain", "capacity"]),
        ("产能扩大、产线升级", ["产能扩大", "产线升级"]),
    ],
)
def test_a_chinese_word_may_hold_what_parts_others(cell: str, words: list[str]) -> None:
    assert leaf_reader("words", PURPOSES)(cell) == words


def test_a_long_cell_of_words_is_read_in_time_that_grows_with_it() -> None:
    assert len(leaf_reader("words", PURPOSES)("产能扩大、" * 100_000)) == 100_000


def test_subjects_may_hold_what_parts_words() -> None:
    read = leaf_reader("covers")
    assert read("investment:二期、三期，扩建|改,造; loan:甲；*") == [
        "investment:二期、三期，扩建|改,造",
        "loan:甲",
        "*",
    ]


def test_a_word_may_be_written_in_chinese_and_an_item_may_not() -> None:
    level = leaf_reader("word", words_of("title", "level", VOCABULARY))
    assert (level("省级"), level("provincial"), level("省")) == ("provincial", "provincial", "省")
    assert words_of("received", "item", VOCABULARY) == words_of("loan", "name", VOCABULARY) == {}


def test_a_chinese_name_that_two_words_share_is_told_with_both() -> None:
    twins = {name: {"zh": "芯片", "en": name} for name in ("chip_maker", "chip_designer")}
    vocabulary = extend(VOCABULARY, read_vocabulary({"kinds": twins}))
    row = {"name": "甲", "claim_year": "2026", "kinds": "芯片;制造业"}
    content = Header("x", [*row], vocabulary).content([*row.values()])
    assert content["enterprise"]["kinds"] == ["芯片", "manufacturing"]
    with pytest.raises(InputError) as caught:
        enterprise_from(Document("x", "", is_json=True, content=content), vocabulary, ITEMS)
    (problem,) = caught.value.problems
    assert problem.value == "芯片"
    assert {"chip_maker", "chip_designer"} <= set(problem.details["allowed"])


def test_remarks_are_left_unread() -> None:
    names = ["name", "备注", "claim_year", " Remarks ", "#1", "＃核对", "备注"]
    header = Header("x", names, VOCABULARY)
    assert header.content(["甲", "x", "2026", "y", "z", "", ""]) == {
        "enterprise": {"name": "甲", "claim_year": 2026}
    }
    assert problems_of(["name", "备注1", "remark", "备注#"]) == [
        ("unknown_column", name, None) for name in ("备注1", "remark", "备注#")
    ]


def tables_of(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Table]:
    """Tables of rows by the names of their columns, which stand in the order of their first cells."""
    found = []
    for name, rows in tables.items():
        header = tuple(dict.fromkeys(key for row in rows for key in row))
        cells = [tuple(row.get(key) for key in header) for row in rows]
        found.append(Table(name, english_part(name, VOCABULARY), header, cells))
    return found


def test_remarks_in_tables_are_left_unread() -> None:
    tables = {
        "enterprise": [{"name": "甲", "claim_year": "2026", "备注": "好", "#": "1"}],
        "figures": [{"enterprise": "甲", "year": "2025", "revenue": "5", "remarks": "审计"}],
        "title": [
            {"enterprise": "甲", "name": "称号", "year": "2026", "kind": "绿色工厂", "level": "国家级"}
        ],
    }
    assert contents_of_tables(tables_of(tables), VOCABULARY) == [
        {
            "enterprise": {"name": "甲", "claim_year": 2026},
            "figures": {"2025": {"revenue": "5"}},
            "title": [{"name": "称号", "year": 2026, "kind": "green_factory", "level": "national"}],
        }
    ]


@given(st.text(min_size=1, max_size=10).filter(lambda text: not text.isspace()))
def test_a_text_that_was_made_harmless_comes_back(text: str) -> None:
    assert leaf_reader("text")(as_cell(text)) == text


# --- dotted columns -----------------------------------------------------------------------------------------


def test_a_row_of_dotted_columns_has_the_shape_of_a_file() -> None:
    row = {
        "name": "甲",
        "enterprise.claim_year": "2026",
        "kinds": "sme;bank",
        "kinds.2027": "bank",
        "fx.usd_cny": "7.10",
        "figures.2025.revenue": "3.2亿",
        "figures.2025.trainees": "40",
        "figures.2024.revenue": "",
        "investment.10.name": "十",
        "investment.10.purposes": "[]",
        "investment.2.name": "二",
        "investment.2.equipment": "2600万",
        "investment.7.name": " ",
        "agreement.1.covers": "*",
        "received.1.item": "18-aeo",
        "received.1.amount": "12.5",
        "loan.1.start": "2026/3/1",
        "title.1.level": None,
    }
    content = Header("x", [*row], VOCABULARY).content([*row.values()])
    assert content == {
        "enterprise": {"name": "甲", "claim_year": 2026, "kinds": ["sme", "bank"]},
        "kinds": {"2027": ["bank"]},
        "fx": {"usd_cny": "7.10"},
        "figures": {"2025": {"revenue": "3.2亿", "trainees": 40}},
        "investment": [{"name": "二", "equipment": "2600万"}, {"name": "十", "purposes": []}],
        "agreement": [{"covers": ["*"]}],
        "received": [{"item": "18-aeo", "amount": "12.5"}],
        "loan": [{"start": "2026-03-01"}],
    }


def test_an_empty_cell_of_a_required_list_is_the_list_of_nothing() -> None:
    row = {
        "investment.1.name": "一期",
        "investment.1.purposes": "",
        "investment.2.name": "",
        "investment.2.purposes": None,
        "agreement.1.name": "协议",
        "agreement.1.covers": " ",
        "investment.3.name": "三期",
    }
    content = Header("x", [*row], VOCABULARY).content([*row.values()])
    assert content == {
        "investment": [{"name": "一期", "purposes": []}, {"name": "三期"}],
        "agreement": [{"name": "协议", "covers": []}],
    }
    tables = {
        "enterprise": [{"name": "甲"}],
        "investment": [
            {"enterprise": "甲", "name": "一期", "purposes": ""},
            {"enterprise": "", "name": "", "purposes": ""},
        ],
    }
    assert contents_of_tables(tables_of(tables), VOCABULARY) == [
        {"enterprise": {"name": "甲"}, "investment": [{"name": "一期", "purposes": []}]}
    ]


def test_a_short_row_lacks_its_last_cells() -> None:
    header = Header("x", ["name", "uscc", "in_zone"], VOCABULARY)
    assert header.content(["甲"]) == {"enterprise": {"name": "甲"}}
    assert header.content([]) == {}


def test_a_path_of_the_document_is_found_among_the_columns() -> None:
    row = {
        "名称": "甲",
        "kinds.2027": "sme",
        "figures.2025.revenue": "1",
        "figures.2024.revenue": "",
        "investment.9.name": "九",
        "investment.3.name": "三",
        "investment.3.设备购置额": "x",
        "investment.1.name": "",
    }
    header, cells = Header("x", [*row], VOCABULARY), [*row.values()]
    wanted: dict[tuple[str | int, ...], str] = {
        ("enterprise", "name"): "名称",
        ("enterprise", "kinds", 0): "enterprise.kinds",
        ("enterprise",): "enterprise",
        ("kinds", "2027", 0): "kinds.2027",
        ("figures", "2025", "revenue"): "figures.2025.revenue",
        ("figures", "2024", "revenue"): "figures.2024.revenue",
        ("investment", 0, "equipment"): "investment.3.设备购置额",
        ("investment", 0, "purposes"): "investment.3.purposes",
        ("investment", 1, "name"): "investment.9.name",
        ("investment", 1): "investment.9",
        ("fx", "usd_cny"): "fx.usd_cny",
    }
    assert {path: header.column_of(path, cells) for path in wanted} == wanted


def dotted(content: dict[str, Any]) -> dict[str, Any]:
    """A document as one row, cells as a person would type them."""

    def cell(leaf: Any) -> Any:
        if isinstance(leaf, FloatText):
            return f"{Decimal(leaf):f}"
        if isinstance(leaf, list):
            return json.dumps(leaf, ensure_ascii=False)
        return as_cell(leaf) if isinstance(leaf, str) else str(leaf)

    row: dict[str, Any] = {}
    for part, value in content.items():
        for place, table in enumerate(value, 1) if isinstance(value, list) else value.items():
            if isinstance(table, dict):
                row |= {f"{part}.{place}.{key}": cell(leaf) for key, leaf in table.items()}
            else:
                row[f"{part}.{place}"] = cell(table)
    return row


def loaded(content: dict[str, Any], items: tuple[str, ...]) -> Any:
    document = Document("x", "", is_json=True, content=content)
    enterprise = enterprise_from(document, VOCABULARY, items).enterprise
    figures = {year: values for year, values in enterprise.figures.items() if values}
    return enterprise._replace(figures=figures, entries={k: v for k, v in enterprise.entries.items() if v})


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_says_the_same_as_a_row(path: Path) -> None:
    from calc.policy.loader import packaged_rules

    content = read_document(str(path)).content
    row = dotted(content)
    items = packaged_rules().item_ids
    assert loaded(Header("x", [*row], VOCABULARY).content([*row.values()]), items) == loaded(content, items)


def test_random_documents_say_the_same_as_rows() -> None:
    random = Random(4)
    for _ in range(200):
        content = right_document(random, VOCABULARY, ITEMS)
        row = dotted(content)
        again = Header("x", [*row], VOCABULARY).content([*row.values()])
        assert loaded(again, ITEMS) == loaded(content, ITEMS)


def problems_of(names: list[str]) -> list[tuple[str, object, str | None]]:
    with pytest.raises(InputError) as caught:
        Header("x", names, VOCABULARY)
    return [(one.code, one.value, one.nearest) for one in caught.value.problems]


def test_unknown_columns_are_told_all_at_once() -> None:
    wrong = {
        "nmae": "name", "enterprise.nam": "enterprise.name", "figures.2025.revenu": "figures.2025.revenue", "figures.1997.revenue": None, "figures.revenue": None,
        "investment.0.equipment": None, "investment.01.name": None, "investment.3.equipmnt": "investment.3.equipment", "investment.equipment": None, "loan.1.year": None,
        "kinds.1999": None, "kinds.２０２７": None, "total": None, "": None, ".": None, "figures.2025.revenue.x": None, "enterprise": None, "investment": None,
    }  # fmt: skip
    found = problems_of(["name", *wrong, "uscc"])
    assert [(code, value) for code, value, _ in found] == [("unknown_column", name) for name in wrong]
    assert {value: near for _, value, near in found if wrong[str(value)]} == {
        k: v for k, v in wrong.items() if v
    }


def test_a_column_that_stands_twice_is_an_error() -> None:
    assert problems_of(["name", "enterprise.name", "uscc", "统一社会信用代码"]) == [
        ("column_twice", "enterprise.name", None),
        ("column_twice", "统一社会信用代码", None),
    ]


def test_columns_may_be_called_in_chinese() -> None:
    row = {
        "企业名称": "甲",
        "申报年度": 2026,
        "年度数据.2025.营业收入": "3.2亿",
        "贷款.1.贷款本金": "5万",
        "investment.1.设备购置额": 7,
    }
    assert Header("x", [*row], VOCABULARY).content([*row.values()]) == {
        "enterprise": {"name": "甲", "claim_year": 2026},
        "figures": {"2025": {"revenue": "3.2亿"}},
        "loan": [{"principal": "5万"}],
        "investment": [{"equipment": 7}],
    }


# --- a table for each part ----------------------------------------------------------------------------------


CODE = "91350100M000100Y43"


def test_tables_are_put_together() -> None:
    contents = contents_of_tables(
        tables_of(
            {
                "investment": [
                    {
                        "enterprise": "乙",
                        "name": "二期",
                        "year": "2026",
                        "purposes": "capacity",
                        "equipment": "",
                    },
                    {"enterprise": CODE.lower(), "name": "一期", "year": 2026.0, "purposes": "[]"},
                    {"enterprise": "", "name": None},
                ],
                "enterprise": [
                    {"name": "甲", "uscc": f" {CODE}", "claim_year": "2026"},
                    {"name": "", "uscc": ""},
                    {"name": "乙", "uscc": None, "claim_year": 2026, "kinds": "sme、bank"},
                ],
                "figures": [
                    {"enterprise": "甲", "year": "2025", "revenue": "3亿", "trainees": "5"},
                    {"enterprise": "甲", "year": 2024, "revenue": "2亿", "trainees": ""},
                ],
                "kinds": [{"enterprise": "甲", "year": "2027", "kinds": "bank"}],
                "fx": [{"enterprise": "乙", "usd_cny": 7.1}],
                "agreement": [{"企业": "乙", "name": "协议", "until": "2026/12/31", "covers": "*"}],
            }
        ),
        VOCABULARY,
    )
    assert contents == [
        {
            "enterprise": {"name": "甲", "uscc": f" {CODE}", "claim_year": 2026},
            "investment": [{"name": "一期", "year": 2026, "purposes": []}],
            "figures": {"2025": {"revenue": "3亿", "trainees": 5}, "2024": {"revenue": "2亿"}},
            "kinds": {"2027": ["bank"]},
        },
        {
            "enterprise": {"name": "乙", "claim_year": 2026, "kinds": ["sme", "bank"]},
            "investment": [{"name": "二期", "year": 2026, "purposes": ["capacity"]}],
            "fx": {"usd_cny": FloatText("7.1")},
            "agreement": [{"name": "协议", "until": "2026-12-31", "covers": ["*"]}],
        },
    ]


def codes_of(contents: list[dict[str, Any] | InputError]) -> list[Any]:
    return [
        [(p.code, p.path, p.value, p.nearest) for p in one.problems] if isinstance(one, InputError) else "ok"
        for one in contents
    ]


def test_a_row_of_nobody_costs_nobody_else() -> None:
    tables: dict[str, list[dict[str, Any]]] = {
        "enterprise": [{"name": "太原甲公司"}],
        "figures": [{"enterprise": "太原甲公", "year": 2025, "revenue": 1}, {"year": 2025, "revenue": 1}],
    }
    assert codes_of(contents_of_tables(tables_of(tables), VOCABULARY)) == [
        "ok",
        [("stray_row", ("figures", 0), "太原甲公", "太原甲公司")],
        [("stray_row", ("figures", 1), "", None)],
    ]


def test_of_two_enterprises_of_one_name_the_credit_code_tells() -> None:
    heads = [{"name": "甲", "uscc": CODE}, {"name": "甲", "uscc": "91110000600037341L"}, {"name": "乙"}]
    by_code = [{"enterprise": CODE, "year": 2025, "revenue": 1}]
    assert (
        codes_of(contents_of_tables(tables_of({"enterprise": heads, "figures": by_code}), VOCABULARY))
        == ["ok"] * 3
    )
    by_name = [{"enterprise": "甲", "year": 2025, "revenue": 1}]
    wrong = [("ambiguous_row", ("figures", 0), "甲", None)]
    found = codes_of(contents_of_tables(tables_of({"enterprise": heads, "figures": by_name}), VOCABULARY))
    assert found == [wrong, wrong, "ok"]


def test_a_year_or_a_rate_in_two_rows_is_an_error_of_its_enterprise() -> None:
    figures = [{"enterprise": "甲", "year": 2025, "revenue": number} for number in (1, 2)]
    rates = [{"enterprise": "乙", "usd_cny": number} for number in (7, 8)]
    heads = [{"name": "甲"}, {"name": "乙"}, {"name": "丙"}]
    tables: dict[str, list[dict[str, Any]]] = {"enterprise": heads, "figures": figures, "fx": rates}
    assert codes_of(contents_of_tables(tables_of(tables), VOCABULARY)) == [
        [("row_twice", ("figures", 1), "甲", None)],
        [("row_twice", ("fx", 1), "乙", None)],
        "ok",
    ]


def test_unknown_tables_and_columns_are_told_all_at_once() -> None:
    tables: dict[str, list[dict[str, Any]]] = {
        "enterprise": [{"name": "甲", "nmae": 1}, {"名称": "乙"}],
        "investmnet": [],
        "investment": [{"enterprise": "甲", "equipmnt": 1}],
        "fx": [{"enterprise": "甲", "year": 1}],
    }
    with pytest.raises(InputError) as caught:
        contents_of_tables(tables_of(tables), VOCABULARY, "x")
    assert [(one.code, one.path, one.value, one.nearest) for one in caught.value.problems] == [
        ("unknown_column", ("enterprise",), "nmae", "name"),
        ("column_twice", ("enterprise",), "名称", None),
        ("unknown_sheet", (), "investmnet", "investment"),
        ("unknown_column", ("investment",), "equipmnt", "equipment"),
        ("unknown_column", ("fx",), "year", None),
    ]
    with pytest.raises(InputError) as caught:
        contents_of_tables([], VOCABULARY)
    assert [one.code for one in caught.value.problems] == ["no_enterprise"]
