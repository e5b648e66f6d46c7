"""What a slip of a person who never saw TOML is answered with: words for it, and what to type instead."""

import pytest

from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.paths import Finder
from calc.enterprise.problems import InputError, Problem
from calc.policy.loader import load_rules
from calc.present.language import language
from calc.present.words.diagnostics import problem_lines

RULES = load_rules()
HEAD = '[enterprise]\nname = "甲"\nclaim_year = 2026\n'
HALF_WIDTH = "引号、括号、逗号、数字、空格、等号要用半角（英文）符号"


def problems_of(text: str) -> tuple[Problem, ...]:
    try:
        document = parse_document("企业.toml", text, is_json=False)
        enterprise_from(document, RULES.vocabulary, RULES.item_ids)
    except InputError as error:
        return error.problems
    return ()


def told(text: str, lang: str = "zh") -> list[str]:
    """What is told about the first problem of a text, below its excerpt."""
    lines = problem_lines(problems_of(text)[0], language("en" if lang == "en" else "zh"))
    return [line.removeprefix("  = ") for line in lines if line.startswith("  = ")]


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("【enterprise】", HALF_WIDTH),
        ('kinds = ["sme"、"bank"]', HALF_WIDTH),
        ('kinds = ["sme" "bank"]', "两个值之间要加逗号"),
        ("filing_date = 2026年3月", "日期写作 2026-03-01"),
        ("[[loan]]\nyear = 2026年", "年份写成数字，不加引号：2026"),
        ("[figures.2025年]", '年份写作键：[figures.2025]，或在 [kinds] 下写 2027 = ["…"]'),
        ("[figures.2025", "表头写作 [enterprise] 或 [[investment]]"),
        ("name = 甲、乙公司", '文字要加英文引号：name = "…"'),
    ],
)
def test_a_slip_in_the_writing_is_told_what_to_write(line: str, step: str) -> None:
    assert told(HEAD + line)[-1] == step


def test_a_name_has_to_be_filled_in_and_what_may_lack_may_be_left_out() -> None:
    assert told(HEAD.replace("甲", "")) == ["文字是空的", "请填写"]
    loan = (
        'name = "贷"\npurpose = "technology"\nkind = "credit"\nstart = 2026-01-01\nmonths = 3\nproject = ""'
    )
    assert told(f"{HEAD}[[loan]]\n{loan}") == ["文字是空的", "请填写，或不写这个键"]


def test_words_are_listed_with_what_they_mean() -> None:
    loan = '[[loan]]\nname = "贷"\npurpose = "???"\nkind = "credit"\nstart = 2026-01-01\nmonths = 3'
    assert told(HEAD + loan)[1] == "可填：investment（新增投资项目）、technology（科技型企业经营）"
    assert told(HEAD + loan, "en")[1] == "allowed: investment, technology"
    assert "sme（中小企业）" in told(f'{HEAD}kinds = ["???"]')[1]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("设备购置额", "investment:二期产线.equipment"),
        ("二期产线.设备购置额", "investment:二期产线.equipment"),
        ("投资项目:二期产线.设备购置额", "investment:二期产线.equipment"),
        ("investment:二期.建设期月数", "investment:二期产线.construction_months"),
        ("研发费用", "figures.2025.rd_expense"),
    ],
)
def test_a_path_in_chinese_is_told_as_a_file_writes_it(path: str, meant: str) -> None:
    entry = '[[investment]]\nname = "二期产线"\nyear = 2026\npurposes = []\nequipment = 1\n'
    document = parse_document("企业.toml", HEAD + entry, is_json=False)
    finder = Finder("企业.toml", document.content, RULES.vocabulary, 2026)
    with pytest.raises(InputError) as refused:
        finder.find(path)
    assert refused.value.problems[0].nearest == meant
