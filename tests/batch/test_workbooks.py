"""Workbooks as people open them: what stands in sight, how sums look, what each column is called."""

import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import python_calamine as calamine

from tests.cli.test_command import subsidy

ROWS = """name,claim_year,kinds,compute_contract.1.name,compute_contract.1.year,compute_contract.1.amount
甲公司,2026,software_it,算力,2026,300万
乙公司,2026年,software_it,算力,2026,300万
"""


def written(folder: Path, *options: str) -> Path:
    """The answer to two enterprises as a workbook; the second is wrong."""
    source, output = folder / "a.csv", folder / "out.xlsx"
    source.write_text(ROWS, encoding="utf-8")
    done = subsidy("batch", str(source), "-o", str(output), "--lang", "zh", *options)
    assert done.returncode == 1, done.stderr
    return output


def rows_of(path: Path, sheet: int = 0) -> list[list[Any]]:
    return calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(sheet).to_python()


def part_of(path: Path, name: str) -> str:
    with ZipFile(path) as book:
        return book.read(f"xl/{name}").decode()


def test_the_name_of_an_enterprise_stays_in_sight_and_sums_have_thousands(tmp_path: Path) -> None:
    path = written(tmp_path)
    sheet = part_of(path, "worksheets/sheet1.xml")
    assert 'xSplit="3" ySplit="1"' in sheet
    assert "<autoFilter" in sheet
    total = re.search(r'<c r="G2" s="(\d+)"><v>600000</v>', sheet)
    assert total, sheet[:3000]
    formats = re.search(r"<cellXfs.*</cellXfs>", part_of(path, "styles.xml"))
    assert formats
    assert 'numFmtId="164"' in formats[0].split("<xf ")[int(total[1]) + 1]
    assert '<numFmt numFmtId="164" formatCode="#,##0"/>' in part_of(path, "styles.xml")
    assert '<c r="E2"><v>2026</v>' in sheet, "a year has no thousands"


def test_items_without_a_claim_are_folded_and_all_columns_are_there(tmp_path: Path) -> None:
    path = written(tmp_path)
    header = rows_of(path)[0]
    assert header[:2] == ["source", "row"]
    assert header[-1] == "error"
    folded: set[int] = set()
    for column in re.findall(r"<col [^>]*>", part_of(path, "worksheets/sheet1.xml")):
        if 'hidden="1"' in column:
            first, last = (int(re.search(rf'{end}="(\d+)"', column)[1]) for end in ("min", "max"))  # type: ignore[index]
            folded |= {*range(first - 1, last)}
    shown = [name for place, name in enumerate(header) if place not in folded]
    assert shown[-3:] == ["paid", "13-compute-voucher", "error"]


@pytest.mark.parametrize("options", [(), ("--long",)])
def test_a_second_sheet_says_what_columns_and_items_are_called(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    path = written(tmp_path, *options)
    legend = {str(row[0]): str(row[1]) for row in rows_of(path, 1)}
    assert {str(name) for name in rows_of(path)[0]} <= set(legend)
    assert legend["列名"] == "含义"
    assert legend["13-compute-voucher"] == "算力券"
    assert "subject" in legend
    assert ("每个对象只取一项" in legend["subject"]) == (not options)


def test_a_template_says_whose_each_column_is_and_what_its_words_mean(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert subsidy("batch", "--template", "xlsx", "-o", str(path), "--lang", "zh").returncode == 0
    explained = {row[0]: row[1:] for row in rows_of(path, 1)}
    assert explained["figures.2025.revenue"][0] == "2025 · 营业收入"
    assert explained["investment.1.equipment"][0] == "投资项目 1 · 设备购置额"
    assert "必填" in str(explained["enterprise.name"][1])
    assert "有此项时必填" in str(explained["title.1.kind"][1])
    assert "必填（aeo_advanced 除外）" in str(explained["title.1.level"][1])
    assert "必填" not in str(explained["investment.1.equipment"][1])
    assert "national  国家级" in str(explained["title.1.level"][2]).splitlines()
    for how in (str(cells[1]) for cells in explained.values()):
        assert not re.search('["_][0-9]', how), "a cell is no TOML"
    assert '<formula1>"是,否"</formula1>' in part_of(path, "worksheets/sheet1.xml")
