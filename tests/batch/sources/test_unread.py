"""Whatever a workbook says of itself, looking for what its reader passes over ends, and quietly."""

from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter

from calc.batch.sources.unread import unread_cells
from tests.batch.test_formats import batch

LAUGHS = '<!DOCTYPE l [<!ENTITY a "{}">{}]>'.format(
    "x" * 1000,
    "".join(f'<!ENTITY {two} "{f"&{one};" * 50}">' for one, two in zip("abcdef", "bcdefg", strict=True)),
)


def sheet(
    rows: str, begin: str = "", space: str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
) -> str:
    return f'{begin}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'


def workbook(path: Path, xml: str) -> Path:
    """A workbook of one sheet with this text."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("甲 & 乙")
    with ZipFile(path) as held:
        parts = {one: held.read(one) for one in held.namelist()}
    with ZipFile(path, "w") as held:
        for name, data in parts.items():
            held.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else data)
    return path


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'


def test_cells_without_a_result_are_found_where_they_stand(tmp_path: Path) -> None:
    rows = (
        '<row r="3"><c r="AB3" t="e"><v>#REF!</v></c><c t=\'e\'/><c r="AE3"><f>A1</f><v>5</v></c></row>'
        '<row><c><f>A1+1</f></c><c><f t="shared" si="0"/><v/></c><c t="str"><f>A1</f><v></v></c></row>'
    )
    found = {2: {27: "#REF!", 28: "…"}, 3: {0: "=A1+1", 1: "=…"}}
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    for xml in (
        sheet(rows),
        sheet(rows, space=strict),
        sheet(rows).replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns", "xmlns:x"),
    ):
        assert unread_cells(str(workbook(tmp_path / "a.xlsx", xml))) == {"甲 & 乙": found}


def test_a_sign_at_the_edge_of_a_block_is_seen(tmp_path: Path) -> None:
    for filler in range((1 << 20) - 300, 1 << 20, 7):
        xml = sheet(f'<row r="1"><c><f>{"1" * filler}</f><v></v></c></row>')
        assert unread_cells(str(workbook(tmp_path / "a.xlsx", xml)))["甲 & 乙"]


@pytest.mark.parametrize(
    "xml",
    [
        sheet(HEAD + '<row r="2"><c t="e"><v>&g;</v></c></row>', LAUGHS),
        sheet(HEAD + '<row r="2"><c t="e"><v>&g;</v></c></row>', '<!DOCTYPE l [<!ENTITY g SYSTEM "file:///etc/passwd">]>'),
        sheet(HEAD + '<row r="1048576"><c t="e"><v>#N/A</v></c></row>'),
        sheet(HEAD + f'<row r="{"9" * 5000}"><c t="e"/></row>'),
        sheet(HEAD + '<row r="-5"><c r="ZZZ1" t="e"/></row>'),
        sheet(HEAD + '<row r="2"><c t="e"><v>\x1b[31m</v></c></row>'),
        sheet(HEAD + '<row r="2"><c t="e">'),
        't="e"',
        "",
    ],
)  # fmt: skip
def test_no_workbook_makes_a_traceback_or_takes_long(xml: str, tmp_path: Path) -> None:
    for row in batch(workbook(tmp_path / "a.xlsx", xml), code=1):
        assert row["status"] == "error"
        assert "root:" not in row["error"]
        assert row["error"].isprintable()


def test_a_file_that_is_no_workbook_holds_no_cells(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 nothing of the kind")
    assert unread_cells(str(tmp_path / "a.xlsx")) == {}
    with ZipFile(tmp_path / "a.xlsx", "w") as held:
        held.writestr("x", "y")
    assert unread_cells(str(tmp_path / "a.xlsx")) == {}


OPEN_DOCUMENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)


@pytest.mark.parametrize("is_wrong", [True, False])
def test_an_open_document_with_errors_is_refused(is_wrong: bool, tmp_path: Path) -> None:
    kind = ' office:string-value="" calcext:value-type="error"' if is_wrong else ""
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    rows = [[("name", ""), ("claim_year", "")], [("甲", ""), ("#N/A" if is_wrong else "2026", kind)]]
    table = "".join(
        f"<table:table-row>{''.join(cell.format(*reversed(one)) for one in row)}</table:table-row>"
        for row in rows
    )
    path = tmp_path / "a.ods"
    with ZipFile(path, "w") as held:
        held.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        held.writestr("META-INF/manifest.xml", "<x/>")
        held.writestr(
            "content.xml", OPEN_DOCUMENT.format(f'<table:table table:name="S">{table}</table:table>')
        )
    (row,) = batch(path, code=1 if is_wrong else 0, SUBSIDY_LANG="en")
    assert (row["row"], row["status"]) == ((None, "error") if is_wrong else (1, "ok"))
    if is_wrong:
        assert "show errors; mend their formulas" in row["error"]
