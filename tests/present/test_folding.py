"""Folding loses nothing, keeps to the width, and breaks lines where Chinese and English allow it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from calc.present.folding import folded, least_width, natural_width, plain

TEXTS = st.text(alphabet="中文，。（）“”万元亿12 3-.:ab c☎️🇨🇳é\u0301한；、/\u202e\x1b\n", max_size=80)


@given(TEXTS, st.integers(4, 60))
def test_nothing_is_lost_and_no_line_is_too_wide(words: str, width: int) -> None:
    text = plain(words)
    lines = folded(text, width).plain.split("\n")
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.plain.replace(" ", "")


@given(TEXTS)
def test_what_fits_stays_in_one_line(words: str) -> None:
    text = plain(words)
    assert folded(text, max(4, natural_width(text))).plain == text.plain.rstrip()


@pytest.mark.parametrize(
    ("words", "width", "lines"),
    [
        # closing marks stay with what they close, opening ones with what they open
        ("首批次产品、国产化替代", 10, ["首批次产", "品、国产化", "替代"]),
        ("称号（国家级）奖励", 6, ["称号", "（国家", "级）奖", "励"]),
        ("条文写明“区内”事项", 10, ["条文写明", "“区内”事项"]),
        # a sum and its unit are one word
        ("不低于 3,000万元，差 5万元", 14, ["不低于", "3,000万元，差", "5万元"]),
        ("共 1.2亿元", 8, ["共", "1.2亿元"]),
        # an identifier is one word; a long one is broken, not cut
        ("已取 02-capacity 奖励", 12, ["已取", "02-capacity", "奖励"]),
        ("02-capacity", 6, ["02-cap", "acity"]),
        # English breaks at blanks
        ("the same measure is taken", 10, ["the same", "measure is", "taken"]),
        # no single character is left over where that can be helped
        ("产能扩大产线升级投资奖励", 22, ["产能扩大产线升级投资", "奖励"]),
        ("", 5, [""]),
    ],
)
def test_where_lines_break(words: str, width: int, lines: list[str]) -> None:
    assert folded(Text(words), width).plain.split("\n") == lines


def test_styles_survive_folding() -> None:
    text = folded(Text.assemble(("红色文字", "red"), "普通文字"), 6)
    assert text.plain == "红色文\n字普通\n文字"
    assert (
        "".join(text.plain[span.start : span.end] for span in text.spans if span.style == "red") == "红色文字"
    )


def test_a_text_of_a_file_is_data() -> None:
    assert plain("[red]甲[/red]\x1b[31m\n乙\u202e").plain == "[red]甲[/red]\\u{1b}[31m\\u{a}乙\\u{202e}"


def test_the_least_width_is_that_of_the_longest_word() -> None:
    assert least_width(Text("已取 02-capacity 奖励")) == 11
    assert least_width(Text("x" * 90)) == 24
