"""Workbooks as people open them: what stands in sight, how sums look, what each column is called."""

import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import python_calamine as calamine
import xlsxwriter

from tests.batch.test_formats import batch
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


# --- what is no value ---------------------------------------------------------------------------------------

HEADER = ["name", "claim_year", *(f"compute_contract.1.{key}" for key in ("name", "year", "amount"))]


def write_list(path: Path, *rows: list[Any], header: list[Any] = HEADER, name: str | None = None) -> None:
    """Rows below a header; an error is written as one, and a formula without its result."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(name)
        for at, row in enumerate([header, *rows]):
            for column, cell in enumerate(row):
                if str(cell).startswith(("#", "=")):
                    formula, shown = ("=1/0", cell) if cell[0] == "#" else (cell, "")
                    sheet.write_formula(at, column, formula, None, shown)
                else:
                    sheet.write(at, column, cell)


@pytest.mark.parametrize("shown", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?"])
@pytest.mark.parametrize("column", range(5))
def test_an_error_in_a_cell_is_an_error_of_its_row(column: int, shown: str, tmp_path: Path) -> None:
    good = ["甲", 2026, "算力", 2026, 1_000_003]
    wrong = ["乙", 2026, "算力", 2026, 1_000_003]
    wrong[column] = shown
    write_list(tmp_path / "a.xlsx", good, [], wrong)
    first, second = batch(tmp_path / "a.xlsx", code=1, SUBSIDY_LANG="en")
    assert (first["status"], first["total"]) == ("ok", 200_000)
    assert (second["status"], second["row"]) == ("error", 2)
    assert (
        f"row 2 (row 4 of the sheet): {HEADER[column]}: the cell shows the error {shown}; mend"
        in second["error"]
    )
    assert "allowed" not in second["error"]


def test_an_error_in_the_last_row_alone_and_in_a_header_is_not_passed_over(tmp_path: Path) -> None:
    write_list(tmp_path / "a.xlsx", ["甲", 2026], ["", "", "", "", "#N/A"])
    assert [row["status"] for row in batch(tmp_path / "a.xlsx", code=1)] == ["ok", "error"]
    write_list(tmp_path / "a.xlsx", ["甲", 2026, 5], header=["name", "claim_year", "#REF!"])
    (row,) = batch(tmp_path / "a.xlsx", code=1)
    assert "#REF!" in row["error"]


def test_an_error_among_remarks_is_none(tmp_path: Path) -> None:
    write_list(tmp_path / "a.xlsx", ["甲", 2026, "#N/A"], header=["name", "claim_year", "备注"])
    (row,) = batch(tmp_path / "a.xlsx")
    assert row["status"] == "ok"


def test_a_formula_without_a_result_is_an_error_and_an_empty_result_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_list(path, ["甲", 2026, "算力", 2026, "=1+1"], ["乙", 2026, "算力", 2026, 25_000])
    first, second = batch(path, code=1, SUBSIDY_LANG="en")
    assert (
        "amount: the formula =1+1 has no result yet; open the workbook in Excel and save it" in first["error"]
    )
    assert second["total"] == 5_000
    # Excel says of a text that is empty that it is a text.
    _rewrite(path, '<c r="E2"><f>1+1</f><v></v></c>', '<c r="E2" t="str"><f>1+1</f><v></v></c>')
    assert [row["total"] for row in batch(path)] == [0, 5_000]


def _rewrite(path: Path, old: str, new: str) -> None:
    with ZipFile(path) as book:
        parts = {one: book.read(one) for one in book.namelist()}
    with ZipFile(path, "w") as book:
        for name, data in parts.items():
            text = data.decode()
            if name == "xl/worksheets/sheet1.xml":
                assert old in text
                text = text.replace(old, new)
            book.writestr(name, text)


def test_an_error_in_a_table_is_an_error_of_its_enterprise(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("企业").write_column(0, 0, ["name", "甲", "乙", "丙"])
        sheet = book.add_worksheet("投资项目")
        sheet.write_row(0, 0, ["企业", "名称", "年度", "投资方向", "设备购置额"])
        for at, name in enumerate(["甲", "乙"], 1):
            sheet.write_row(at, 0, [name, "二期", 2026, "capacity"])
            sheet.write_formula(at, 4, "=1/0", None, "#REF!" if at == 1 else 5)
        sheet.write_formula(3, 0, "=1/0", None, "#N/A")
    rows = batch(path, "--year", 2026, code=1, SUBSIDY_LANG="en")
    assert [row["status"] for row in rows] == ["error", "ok", "ok", "error"]
    assert "investment[1].equipment: the cell shows the error #REF!; mend" in rows[0]["error"]
    assert "#N/A" in rows[3]["error"]


# --- sheets beside the one that is read ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "header", "is_told"),
    [
        ("2025", ["企业名称", "申报年度"], True),
        ("2025", ["name", "figures.2025.revenue"], True),
        ("#2025", ["name", "figures.2025.revenue"], False),
        ("备注", ["name", "figures.2025.revenue"], False),
        ("说明", ["名称", "含义"], False),
        ("联系人", ["企业名称", "电话"], False),
        ("空", [], False),
    ],
)
def test_a_second_list_is_not_passed_over(
    name: str, header: list[str], is_told: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["name", "claim_year"])
        book.get_worksheet_by_name("Sheet1").write_row(1, 0, ["甲", 2026])
        book.add_worksheet(name).write_row(0, 0, header)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Sheet1!$B$2:$B$2"})
        book.add_chartsheet().set_chart(chart)
    rows = batch(path, code=1 if is_told else 0)
    assert [row["status"] for row in rows] == ["ok", "error"][: 1 + is_told]
    if is_told:
        assert name in rows[1]["error"]
        assert rows[1]["row"] is None


@pytest.mark.parametrize("first", ["名单", "企业名单", "投资项目"])
def test_tables_without_one_of_the_enterprises_are_not_passed_over(first: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet(first).write_row(0, 0, ["name", "claim_year"])
        book.worksheets()[0].write_row(1, 0, ["甲", 2026])
        sheet = book.add_worksheet("贷款")
        sheet.write_row(0, 0, ["企业", "名称", "贷款本金"])
        sheet.write_row(1, 0, ["甲", "一", 5])
    (row,) = batch(path, code=1)
    assert "贷款" in row["error"]
    assert "企业" in row["error"]


def test_sheets_of_remarks_are_left_unread_wherever_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("#说明", "企业", "贷款", "# 贷款 2025"):
            header = ["企业名称"] if name == "企业" else ["企业", "名称", "贷款本金"]
            book.add_worksheet(name).write_row(0, 0, header)
        book.get_worksheet_by_name("企业").write(1, 0, "甲")
    (row,) = batch(path, "--year", 2026)
    assert (row["name"], row["status"]) == ("甲", "ok")
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("#1").write_column(0, 0, ["企业名称", "乙"])
    (row,) = batch(path, "--year", 2026)
    assert (row["name"], row["status"]) == ("乙", "ok")
