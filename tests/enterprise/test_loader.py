# ruff: noqa: E501 -- the lists are data, denser than code
"""The loader: every problem of a file at once, each under its value; what a sound file becomes."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from calc.enterprise.documents import parse_document
from calc.enterprise.loader import Loaded, enterprise_from, load_enterprise
from calc.enterprise.problems import MOST_SHOWN, InputError, Problem
from calc.enterprise.vocabulary import base_vocabulary, chinese_names

VOCABULARY = base_vocabulary()
ITEMS = ("02-capacity", "02-chain", "18-aeo")
HEAD = '[enterprise]\nname = "甲"\nclaim_year = 2026\n'


def load(text: str, *, claim_year: int | None = None, is_json: bool = False) -> Loaded:
    document = parse_document("x", text, is_json=is_json)
    return enterprise_from(document, VOCABULARY, ITEMS, claim_year=claim_year)


def problems(text: str, *, is_json: bool = False) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        load(text, is_json=is_json)
    return caught.value.problems


def seen(found: Problem) -> tuple[str, int, str]:
    assert found.place is not None
    start = found.place.column - 1
    return found.code, found.place.line, found.place.text[start : start + found.place.width]


@pytest.mark.parametrize(
    ("text", "code", "line", "mark"),
    [
        (HEAD + "revenu = 5", "unknown_key", 4, "revenu"), (HEAD + "x.y.z = 5", "unknown_key", 4, "x"), (HEAD + '"[key]" = 5', "unknown_key", 4, '"[key]"'),
        ("[enterprise]\nname = 'a'", "missing_key", 1, "enterprise"), (HEAD + "in_zone = 1", "not_a_flag", 4, "1"), (HEAD + "in_zone = '是'", "not_a_flag", 4, "'是'"),
        (HEAD.replace('"甲"', "1.5"), "not_text", 2, "1.5"), (HEAD.replace("甲", ""), "empty_text", 2, '""'), (HEAD.replace("甲", "\\u202e"), "unsafe_text", 2, '"\\u202e"'),
        (HEAD.replace("甲", "甲" * 201), "long_text", 2, '"' + "甲" * 201 + '"'), (HEAD.replace("2026", "2026.0"), "year", 3, "2026.0"), (HEAD.replace("2026", "'2026'"), "year", 3, "'2026'"),
        (HEAD.replace("2026", "true"), "year", 3, "true"), (HEAD.replace("2026", "1999"), "year", 3, "1999"), (HEAD.replace("2026", "2101"), "year", 3, "2101"),
        (HEAD + 'uscc = "91140100MA0H0000X0"', "uscc", 4, '"91140100MA0H0000X0"'), (HEAD + 'uscc = "²"', "uscc", 4, '"²"'),
        (HEAD + "filing_date = 2026-06-15T10:00:00", "not_a_date", 4, "2026-06-15T10:00:00"), (HEAD + "filing_date = '20260615'", "not_a_date", 4, "'20260615'"),
        (HEAD + "filing_date = '2026-W10-1'", "not_a_date", 4, "'2026-W10-1'"), (HEAD + "filing_date = 10:00:00", "not_a_date", 4, "10:00:00"), (HEAD + "filing_date = '2026-02-30'", "not_a_date", 4, "'2026-02-30'"),
        (HEAD + "kinds = 'sme'", "not_a_list", 4, "'sme'"), (HEAD + "kinds = ['sme', 'bnak']", "word", 4, "'bnak'"), (HEAD + "kinds = [\n  'sme',\n  5,\n]", "word", 6, "5"),
        (HEAD + "[kinds]\n27 = ['sme']", "year_key", 5, "27"), (HEAD + "[kinds]\n'２０２７' = ['sme']", "year_key", 5, "'２０２７'"), (HEAD + "[kinds]\n2027 = 'sme'", "not_a_list", 5, "'sme'"),
        (HEAD + "[figures]\nrevenue = 5", "year_key", 5, "revenue"), (HEAD + "[figures.1997]\nrevenue = 5", "year_key", 4, "figures.1997"), (HEAD + "figures = 5", "unknown_key", 4, "figures"),
        (HEAD + "[figures.2025]\nrevenue = -5", "number", 5, "-5"), (HEAD + "[figures.2025]\ntrainees = '5'", "number", 5, "'5'"), (HEAD + "[figures.2025]\noutstanding_results = 'true'", "not_a_flag", 5, "'true'"),
        (HEAD + "[fx]\nusd_cny = 0", "number", 5, "0"), (HEAD + "[fx]\neur = 1", "unknown_key", 5, "eur"), (HEAD + "[[fx]]\nusd_cny = 7", "not_a_table", 4, "fx"),
        (HEAD + "[investment]\nname = 'a'", "not_a_table_array", 4, "investment"), (HEAD + "[certificate.x]\nname = 'a'", "not_a_table_array", 4, "certificate.x"),
        (HEAD + "[[title]]\nname = 'a'\nyear = 2026\nkind = 'park'", "missing_key", 4, "title"), (HEAD + "[[title]]\nname = 'a'\nyear = 2026\nkind = 'prak'\nlevel = 'national'", "word", 7, "'prak'"),
        (HEAD + "[[contest]]\nname = 'a'\nyear = 2026\nlevel = 'national'\nprize = 0", "number", 8, "0"),
        (HEAD + "[[investment]]\nname = 'a'\nyear = 2026\npurposes = []\nequipment = '1亿'\ngreen_equipment = '1.1亿'", "above_whole", 9, "'1.1亿'"),
        (HEAD + "[[certificate]]\nname = 'a'\nyear = 2026\n[[certificate]]\nname = 'a'\nyear = 2026\nkind = 'other'", "duplicate_name", 8, "'a'"),
        (HEAD + "[[loan]]\nname = 'a'\npurpose = 'investment'\nkind = 'credit'\nstart = 2026-01-01\nmonths = 1\n" * 1 + "[[loan]]\nname = 'a'\npurpose = 'technology'\nkind = 'credit'\nstart = 2025-01-01\nmonths = 1\n", "duplicate_name", 11, "'a'"),
        (HEAD + "[[agreement]]\nname = 'a'\nfrom = 2026-02-01\nuntil = '2026-01-31'\ncovers = []", "from_after_until", 6, "2026-02-01"),
        (HEAD + "[[agreement]]\nname = 'a'\nuntil = 2026-01-31\ncovers = ['*', '02-capcity']", "item", 7, "'02-capcity'"),
        (HEAD + "[[expect]]\nitem = '02-capacty'\nyear = 2026\namount = 1", "item", 5, "'02-capacty'"), (HEAD + "[[received]]\nitem = '18-aeo'\nyear = 2025\namount = '5美元'", "number", 7, "'5美元'"),
        (HEAD + "investment = [{ name = 'a', year = 2026, purposes = [], equipment = 'x' }]", "unknown_key", 4, "investment"),
        ("investment = [{ name = 'a', year = 2026, purposes = [], equipment = 'x' }]\n" + HEAD, "number", 1, "'x'"), ("investment = [1]\n" + HEAD, "not_a_table", 1, "1"),
    ],
)  # fmt: skip
def test_a_problem_is_marked_where_it_stands(text: str, code: str, line: int, mark: str) -> None:
    assert (code, line, mark) in [seen(one) for one in problems(text)]


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    found = problems(
        """[enterprise]
name = 5
kinds = ["smee"]
[figures.2025]
revenue = "5美元"
[[investment]]
name = "a"
year = 2026
purposes = ["capacity"]
equipment = 1
green_equipment = 2
[[investment]]
name = "a"
year = 2026
purposes = "capacity"
[[agreement]]
name = "x"
from = 2026-02-01
until = 2026-01-01
covers = 5
[unknown]
x = 1
"""
    )
    assert [(one.code, one.place.line) for one in found if one.place] == [
        ("missing_key", 1), ("not_text", 2), ("word", 3), ("number", 5), ("above_whole", 11), ("duplicate_name", 13),
        ("not_a_list", 15), ("from_after_until", 18), ("not_a_list", 20), ("unknown_key", 21),
    ]  # fmt: skip


def test_of_many_problems_the_first_are_placed_and_all_are_counted() -> None:
    found = problems(HEAD + "".join(f"k{number} = 1\n" for number in range(300)))
    assert len(found) == 300
    assert [one.place.line for one in found[:MOST_SHOWN] if one.place] == list(range(4, 4 + MOST_SHOWN))
    assert all(one.place is None for one in found[MOST_SHOWN:])


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        (HEAD + "kinds = ['制造业']", "manufacturing"), (HEAD + "kinds = ['高新技术企业']", "high_tech"), (HEAD + "kinds = ['high-tech']", "high_tech"), (HEAD + "kinds = ['SME']", "sme"),
        (HEAD + "[figures.2025]\n'营业收入' = 5", "revenue"), (HEAD + "[figures.2025]\n'研发投入费用' = 5", "rd_expense"), (HEAD + "['贷款']", "loan"), (HEAD + "'申报日' = 5", "filing_date"),
        (HEAD + "[[title]]\nname = 'a'\nyear = 2026\nkind = '孵化器'\nlevel = 'national'", "incubator"), (HEAD + "[[title]]\nname = 'a'\nyear = 2026\nkind = 'park'\nlevel = '国家级'", "national"),
        (HEAD + "[investmnet]", "investment"), (HEAD + "[[expect]]\nitem = '02_capacity'\nyear = 2026\namount = 1", "02-capacity"),
    ],
)  # fmt: skip
def test_the_nearest_right_word_is_named(text: str, nearest: str) -> None:
    assert nearest in [one.nearest for one in problems(text)]


@pytest.mark.parametrize(
    ("line", "nearest"),
    [("营业收入 = 5", "revenue"), ("[[贷款]]", "loan"), ("[企业]", "enterprise"), ("天气 = 1", None)],
)
def test_a_bare_chinese_key_is_named_in_english(line: str, nearest: str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(HEAD + line, "utf-8")
    with pytest.raises(InputError) as caught:
        load_enterprise(str(path), VOCABULARY, ITEMS)
    assert [one.nearest for one in caught.value.problems] == [nearest]


def test_half_a_character_hides_nothing_else() -> None:
    text = r'{"enterprise": {"name": "\ud800", "claim_year": 1, "\udfff": 2}, "\ud800x": [{"\udc00": 1}], "fx": {"usd_cny": 0}}'
    found = problems(text, is_json=True)
    assert sorted(one.code for one in found) == [
        "number",
        "unsafe_text",
        "unsafe_text",
        "unsafe_text",
        "year",
    ]


def test_a_missing_key_comes_with_a_line_to_add() -> None:
    found = problems(HEAD + "[[title]]\n[[loan]]\n[[investment]]\n[[agreement]]\n[[received]]\n")
    examples = {".".join(map(str, one.path)): one.details["example"] for one in found}
    assert examples["title.0.kind"] == 'kind = "chain_leader"'
    assert examples["investment.0.purposes"] == 'purposes = ["capacity"]'
    assert examples["loan.0.start"] == "start = 2026-03-01"
    assert examples["agreement.0.covers"] == 'covers = ["*"]'
    assert examples["received.0.amount"] == 'amount = "100万"'


WHOLE = """
[enterprise]
name = "山西示例"
uscc = "９１１４０１００MA0H0000X2"
claim_year = 2026
filing_date = "2026-06-15"
in_zone = false
kinds = ["sme", "bank", "sme"]
[kinds]
2027 = ["bank"]
[fx]
usd_cny = 7.10
[figures.2025]
revenue = "3.2亿"
trade_target_met = true
[[loan]]
name = "贷"
purpose = "investment"
kind = "credit"
start = 2026-01-31
months = 12
[[bad_loan]]
name = "坏"
year = 2026
[[guarantee]]
name = "保"
year = 2026
[[agreement]]
name = "协议"
until = 2026-12-31
covers = ["loan:贷", "02-capacity", "*"]
[[received]]
item = "18-aeo"
year = 2025
amount = 12.5
"""


def test_what_a_sound_file_becomes() -> None:
    text = WHOLE.replace('uscc = "９１１４０１００MA0H0000X2"\n', "")
    enterprise, warnings = load(text)
    assert not warnings
    assert (enterprise.name, enterprise.claim_year, enterprise.in_zone) == ("山西示例", 2026, False)
    assert enterprise.filing_date == date(2026, 6, 15)
    assert (enterprise.kinds_in(2026), enterprise.kinds_in(2027)) == (("sme", "bank"), ("bank",))
    assert enterprise.fx == {"usd_cny": Fraction(71, 10)}
    assert enterprise.figures == {2025: {"revenue": 320_000_000, "trade_target_met": True}}
    loan, bad, guarantee = (enterprise.entries[name][0] for name in ("loan", "bad_loan", "guarantee"))
    assert (loan.year, loan.subject, loan.values["project"]) == (None, "loan:贷", "贷")
    assert bad.values["loss_share"] == 1
    assert guarantee.values["months"] == 12
    assert enterprise.agreements[0].covers == {"loan:贷", "02-capacity", "*"}
    assert enterprise.received[0].amount == Fraction(25, 2)


@pytest.mark.parametrize(
    "written",
    ["91350100M000100Y43", "91350100m000100y43", "９１３５０１００M000100Y43", " 91350100M000100Y43 "],
)
def test_a_credit_code_is_verified(written: str) -> None:
    assert load(HEAD + f'uscc = "{written}"').enterprise.uscc == "91350100M000100Y43"


def test_the_year_asked_for_wins() -> None:
    assert load(HEAD, claim_year=2027).enterprise.claim_year == 2027
    assert load("[enterprise]\nname = 'a'", claim_year=2027).enterprise.claim_year == 2027


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[[agreement]]\nname = 'a'\nuntil = 2026-01-01\ncovers = ['loan:贷']", "loan:贷"), ("[[expect]]\nitem = '18-aeo'\nyear = 2026\namount = 1\nsubject = 'title:x'", "title:x"),
        ("[[received]]\nitem = '18-aeo'\nyear = 2026\namount = 1\nsubject = 'title:x'", "title:x"),
    ],
)  # fmt: skip
def test_a_subject_that_the_file_does_not_hold_is_a_warning(text: str, value: str) -> None:
    (warning,) = load(HEAD + text).warnings
    assert warning.is_warning
    assert (warning.code, warning.value) == ("unheld_subject", value)
    assert warning.place is not None


def test_one_name_in_two_years_is_no_mistake() -> None:
    entry = "[[certificate]]\nname = 'a'\nyear = {}\n"
    assert len(load(HEAD + entry.format(2026) + entry.format(2027)).enterprise.entries["certificate"]) == 2


def test_every_word_has_names_in_both_languages() -> None:
    labels: list[Any] = [*VOCABULARY.common.values()]
    labels += [kind.label for kind in VOCABULARY.kinds.values()]
    labels += [figure.label for figure in VOCABULARY.figures.values()]
    for table in VOCABULARY.tables.values():
        labels += [table.label, *(field.label for field in table.fields.values())]
        labels += [word.label for field in table.fields.values() for word in field.words.values()]
    assert all((label.zh and label.en.isascii()) or "²" in label.en for label in labels)
    assert ("营业收入", "revenue") in list(chinese_names(VOCABULARY))
