"""Tables are as wide as they may be, line up, and hold every character of every cell."""

import io
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from calc.present.folding import plain
from calc.present.views.tables import Column, column_widths, first_fitting, grouped, is_roomy, labelled, table

CELLS = st.text(alphabet="产线升级，奖励（）12 -ab", max_size=30)
ROWS = st.lists(st.tuples(CELLS, CELLS, st.integers(0, 10**12)), min_size=1, max_size=6)


def lines_of(view: RenderableType, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    console.print(view)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def characters(texts: list[str]) -> Counter[str]:
    return Counter("".join(texts).replace(" ", "").replace("─", "").replace("\n", ""))


def columns_of(rows: list[tuple[str, str, int]]) -> list[Column]:
    return [
        Column("事项", [plain(one) for one, _, _ in rows]),
        Column("万元", [Text(f"{one:,}") for _, _, one in rows], "sum"),
        Column("原因", [plain(one) for _, one, _ in rows]),
    ]


@given(ROWS, st.integers(20, 150))
def test_every_character_of_every_cell_is_shown(rows: list[tuple[str, str, int]], width: int) -> None:
    columns = columns_of(rows)
    lines = lines_of(table(columns, width), width)
    assert all(cell_len(line) <= width for line in lines)
    wanted = characters([cell.plain for column in columns for cell in column.cells])
    assert wanted <= characters(lines)
    if column_widths(columns, width) is not None:
        assert wanted + characters([column.heading for column in columns]) == characters(lines)


@given(ROWS, st.integers(40, 150))
def test_sums_are_never_folded_and_end_in_one_column(rows: list[tuple[str, str, int]], width: int) -> None:
    columns = columns_of([("项", "因", one) for _, _, one in rows])
    lines = lines_of(table(columns, width), width)[2:]
    ends = set()
    for line, (_, _, one) in zip(lines, rows, strict=True):
        shown = f" {one:,} "
        assert shown in line
        ends.add(cell_len(line[: line.index(shown) + len(shown)]))
    assert len(ends) == 1


def test_too_little_room_puts_cells_below_each_other() -> None:
    columns = [Column("item", [Text("02-capacity")], "whole"), Column("sum", [Text("3,000")], "sum")]
    assert lines_of(table(columns, 18), 18) == ["item           sum", "─" * 18, "02-capacity  3,000"]
    assert lines_of(table(columns, 12), 12) == ["02-capacity", "sum 3,000"]


def test_the_first_set_that_reads_well_is_taken() -> None:
    wide = [Column("a", [Text("x" * 20)]), Column("b", [Text("一二三四五" * 4)])]
    narrow = [Column("a", [Text("x")])]
    assert first_fitting([wide, narrow], 60) is wide
    assert first_fitting([wide, narrow], 42) is wide
    assert first_fitting([wide, narrow], 41) is narrow
    assert first_fitting([wide, narrow], 5) is narrow
    assert is_roomy(wide, 62)
    assert not is_roomy(wide, 61)


def test_labels_without_a_text_are_left_out() -> None:
    assert lines_of(labelled([("甲", Text("乙")), ("丙", Text())], 20), 20) == ["甲  乙"]


def test_groups_share_their_columns() -> None:
    groups = [
        (Text("一"), [Column("", [Text("a"), Text("bbb")]), Column("", [Text("x"), Text("y")])]),
        (Text("二"), [Column("", []), Column("", [])]),
        (Text("三"), [Column("", [Text("cc")]), Column("", [Text("z")])]),
    ]
    assert lines_of(grouped(groups, 20), 20) == [
        "一",
        "  a    x",
        "  bbb  y",
        "",
        "二",
        "",
        "三",
        "  cc   z",
    ]
