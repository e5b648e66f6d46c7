"""Every form of input gives the same answer, and every form of output says it."""

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
import python_calamine
import xlsxwriter

from tests.batch.inputs import VOUCHERS, dotted, in_process, ndjson, voucher_rows
from tests.cli.test_command import subsidy


def batch(*arguments: object, text: str = "", code: int = 0, **environment: str) -> list[dict[str, Any]]:
    """The rows that a batch prints."""
    if text or "2" in map(str, arguments):
        done = subsidy("batch", *map(str, arguments), text=text, **environment)
    else:
        done = in_process("batch", *arguments, **environment)
    assert done.returncode == code, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_answered(rows: list[dict[str, Any]], source: Path | str) -> None:
    """Whether these are the answers to the vouchers."""
    found = [
        (row["source"], row["row"], row["name"], row["status"], row["total"], row["13-compute-voucher"])
        for row in rows
    ]
    wanted = [
        (str(source), place, name, "ok", award, award)
        for place, (name, (_, award)) in enumerate(VOUCHERS.items(), 1)
    ]
    assert found == wanted
    for row in rows:
        assert row["claim_year"] == 2026
        assert row["strict"] == row["subject"] == row["expense"] == row["none"] == row["paid"] == row["total"]
        assert row["02-capacity"] is None, "there is no such claim"
        assert row["33-approval"] is None, "a service pays nothing"
        assert row["error"] is None


def write_input(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    rows, cells = voucher_rows(), dotted(voucher_rows())
    header = list(cells[0])
    match "".join(path.suffixes):
        case ".ndjson":
            path.write_text(ndjson(rows), "utf-8")
        case ".jsonl.gz":
            # Two members, as two files that were put together.
            lines = ndjson(rows).encode().splitlines(keepends=True)
            path.write_bytes(gzip.compress(lines[0]) + gzip.compress(b"".join(lines[1:])))
        case ".ndjson.zst" | ".csv.zst":
            whole = ndjson(rows) if ".ndjson" in path.suffixes else _csv(header, cells)
            with pa.CompressedOutputStream(str(path), "zstd") as stream:
                stream.write(whole.encode())
        case ".csv":
            delimiter = {"semicolon": ";", "tab": "\t"}.get(path.stem, ",")
            encoding = {"gbk": "gb18030", "bom": "utf-8-sig"}.get(path.stem, "utf-8")
            end = "\r\n" if path.stem == "gbk" else "\n"
            path.write_bytes(_csv(header, cells, delimiter, end).encode(encoding))
        case ".xlsx":
            with xlsxwriter.Workbook(path) as book:
                sheet = book.add_worksheet()
                for place, row in enumerate([header, *(list(one.values()) for one in cells)]):
                    sheet.write_row(place, 0, row)
        case ".parquet":
            held = pa.Table.from_pylist(cells if path.stem == "dotted" else rows)
            pq.write_table(held, path, row_group_size=2)
        case _:
            table = pa.Table.from_pylist(rows)
            with pa.ipc.new_file(str(path), table.schema) as writer:
                writer.write_table(table, 2)


def _csv(header: list[str], cells: list[dict[str, Any]], delimiter: str = ",", end: str = "\n") -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(cells)
    return text.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "a.ndjson",
        "a.jsonl.gz",
        "a.ndjson.zst",
        "a.csv",
        "a.csv.zst",
        "semicolon.csv",
        "tab.csv",
        "gbk.csv",
        "bom.csv",
        "a.xlsx",
        "nested.parquet",
        "dotted.parquet",
        "a.arrow",
    ],
)
def test_every_input_gives_the_same_answer(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write_input(path)
    assert_answered(batch(path, "--jobs", 1), path)


@pytest.mark.parametrize("name", ["a.ndjson", "nested.parquet"])
def test_several_workers_give_the_same_answer(name: str, tmp_path: Path) -> None:
    for place in range(3):
        write_input(tmp_path / str(place) / name)
    rows = batch(tmp_path, "--jobs", 2)
    for place in range(3):
        assert_answered(rows[3 * place : 3 * place + 3], tmp_path / str(place) / name)


def test_files_of_one_enterprise_each_are_answered_in_order(tmp_path: Path) -> None:
    for place, row in enumerate(voucher_rows()):
        (tmp_path / f"{place}.json").write_text(json.dumps(row), "utf-8")
    (tmp_path / ".hidden.json").write_text("{", "utf-8")
    (tmp_path / "notes.txt").write_text("nothing", "utf-8")
    folder = tmp_path / "2x"
    folder.mkdir()
    (folder / "a.toml").write_text('[enterprise]\nname = "丁"\nclaim_year = 2026\n', "utf-8")
    rows = batch(tmp_path)
    assert [(Path(row["source"]).name, row["row"], row["name"]) for row in rows] == [
        ("0.json", 1, "甲公司"),
        ("1.json", 1, "乙公司"),
        ("2.json", 1, "丙公司"),
        ("a.toml", 1, "丁"),
    ]


def test_standard_input_is_ndjson_or_csv() -> None:
    assert_answered(batch("-", text=ndjson(voucher_rows())), "-")
    cells = dotted(voucher_rows())
    assert_answered(batch("-", text=_csv(list(cells[0]), cells)), "-")
    written = subsidy("batch", "-", "--format", "csv", text=ndjson(voucher_rows())).stdout
    assert written.splitlines()[1].startswith('"-",1,')


def test_rows_are_numbered_as_their_source_counts_them(tmp_path: Path) -> None:
    lines, records = tmp_path / "a.ndjson", tmp_path / "a.csv"
    one = ndjson(voucher_rows()[:1])
    lines.write_text(f"\n{one}\n  \n{one}", "utf-8")
    assert [row["row"] for row in batch(lines)] == [2, 5]
    records.write_text('name,claim_year\n\n"甲\n乙",2026\n,,\n丙,2026\n', "utf-8")
    rows = batch(records, code=1)
    assert [(row["row"], row["status"]) for row in rows] == [(1, "error"), (2, "ok")]
    assert rows[0]["name"] is None  # no name that a terminal may show


@pytest.mark.parametrize("ending", ["csv", "ndjson", "jsonl", "parquet", "arrow", "feather", "xlsx"])
def test_every_output_says_the_same(ending: str, tmp_path: Path) -> None:
    source, output = tmp_path / "a.ndjson", tmp_path / f"out.{ending}"
    write_input(source)
    assert batch(source, "-o", output) == []
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted((source.name, output.name))
    wanted = batch(source)
    assert_answered(wanted, source)
    assert list(_read(output)[0]) == list(wanted[0]), "columns in order"
    assert _read(output) == wanted
    first = output.read_bytes()
    batch(source, "-o", output, "--jobs", 1)
    assert output.read_bytes() == first, "byte for byte"


def _read(path: Path) -> list[dict[str, Any]]:
    match path.suffix:
        case ".csv":
            assert path.read_bytes().startswith(b"\xef\xbb\xbf")
            table = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
            return _typed([list(row) for row in table])
        case ".xlsx":
            return _typed(
                python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
            )
        case ".parquet":
            rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
            return rows
        case ".arrow" | ".feather":
            with pa.ipc.open_file(str(path)) as reader:
                found: list[dict[str, Any]] = reader.read_all().to_pylist()
            return found
        case _:
            return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _typed(table: list[list[Any]]) -> list[dict[str, Any]]:
    texts = ("source", "name", "uscc", "status", "error")
    header, *rows = table
    return [
        {
            name: None if cell == "" else cell if name in texts else int(cell)
            for name, cell in zip(header, row, strict=True)
        }
        for row in rows
    ]


def test_a_folder_gets_partitions_once(tmp_path: Path) -> None:
    source, folder = tmp_path / "a.parquet", tmp_path / "out"
    write_input(source)
    for _ in range(2):
        batch(source, "-o", f"{folder}/")
        assert sorted(one.name for one in folder.iterdir()) == [
            "_SUCCESS",
            "part-00000.parquet",
            "part-00001.parquet",
        ]
    assert pq.read_table(folder).to_pylist() == batch(source)


def test_a_name_that_would_run_in_a_spreadsheet_comes_back_unchanged(tmp_path: Path) -> None:
    names = ["=1+1", "+86", "-甲", "@甲", "＝甲", "'甲", "'=甲", "甲=乙"]
    source = tmp_path / "a.ndjson"
    source.write_text(ndjson([{"enterprise": {"name": one, "claim_year": 2026}} for one in names]), "utf-8")
    assert [row["name"] for row in batch(source)] == names, "no spreadsheet reads NDJSON"
    for ending in ("csv", "xlsx"):
        output, again = tmp_path / f"out.{ending}", tmp_path / f"again.{ending}"
        batch(source, "-o", output)
        written = [row["name"] for row in _read(output)]
        assert written == [*(f"'{one}" for one in names[:-1]), "甲=乙"]
        if ending == "csv":
            text = "".join(f'"{one}",2026\n' for one in written)
            again.write_text(f"name,claim_year\n{text}", "utf-8")
        else:
            with xlsxwriter.Workbook(again) as book:
                sheet = book.add_worksheet()
                for place, row in enumerate([("name", "claim_year"), *((one, 2026) for one in written)]):
                    sheet.write_row(place, 0, row)
        assert [row["name"] for row in batch(again)] == names


def test_long_has_a_row_for_each_claim(tmp_path: Path) -> None:
    source = tmp_path / "a.ndjson"
    none: dict[str, Any] = {"enterprise": {"name": "无", "claim_year": 2026}}
    source.write_text(ndjson([*voucher_rows()[:1], none, {"enterprise": {"name": "错"}}]), "utf-8")
    rows = batch(source, "--long", code=1)
    assert [(row["row"], row["item"], row["granted"]) for row in rows] == [
        (1, "13-compute-voucher", 200_000),
        (3, None, None),
    ]
    assert rows[0] == {
        "source": str(source),
        "row": 1,
        "name": "甲公司",
        "uscc": None,
        "claim_year": 2026,
        "status": "ok",
        "item": "13-compute-voucher",
        "subject": "compute_contract:算力",
        "claim_status": "eligible",
        "grade": "up_to_ratio",
        "amount": 200_000,
        "ceiling": 200_000,
        "granted": 200_000,
        "paid": 200_000,
        "error": None,
    }
    assert (rows[1]["name"], rows[1]["status"]) == ("错", "error")


def test_every_example_is_answered_as_alone() -> None:
    folder = Path("examples").glob("*.toml")
    examples = sorted(str(one) for one in folder if one.with_suffix(".expected.toml").exists())
    assert examples
    rows = batch(*examples)
    assert [row["source"] for row in rows] == examples
    for row in rows:
        alone = subsidy("estimate", row["source"], "--format", "json")
        answer = json.loads(alone.stdout)
        assert {key: row[key] for key in answer["totals"]} == answer["totals"]
        assert row["total"] == answer["combination"]["total"]
        granted: dict[str, int] = {}
        for claim in answer["claims"]:
            if claim["status"] == "eligible":
                granted[claim["item"]] = granted.get(claim["item"], 0) + claim["granted"]
        items = list(row)[list(row).index("paid") + 1 : -1]
        assert {item: row[item] for item in items if row[item] is not None} == granted


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_an_empty_template_can_be_read_back(form: str, tmp_path: Path) -> None:
    output = tmp_path / f"a.{form}"
    assert subsidy("batch", "--template", form, "-o", str(output)).returncode == 0
    assert batch(output) == []
    if form == "xlsx":
        book = python_calamine.CalamineWorkbook.from_path(str(output))
        names = [row[0] for row in book.get_sheet_by_index(1).to_python()[1:]]
        assert names == book.get_sheet_by_index(0).to_python()[0]
        assert "investment.1.equipment" in names


TABLES: dict[str, list[list[Any]]] = {
    "enterprise": [["name", "claim_year"], ["甲公司", 2026], ["乙公司", 2026], ["丙公司", 2026]],
    "compute_contract": [
        ["enterprise", "name", "year", "amount"],
        ["丙公司", "算力", 2026, 25_000],
        ["甲公司", "算力", 2026, 1_000_003],
        ["乙公司", "算力", 2026, 9_000_000],
    ],
}


def test_a_workbook_with_a_sheet_for_each_table(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in TABLES.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    assert_answered(batch(path), path)


def test_sheets_may_have_their_chinese_names(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in TABLES.items():
            sheet = book.add_worksheet({"enterprise": "企业", "compute_contract": "算力服务合同"}[name])
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
        book.add_worksheet("说明").write(0, 0, "不是表")
    assert_answered(batch(path), path)


@pytest.mark.parametrize("head", ["enterprise", "企业"])
def test_a_sheet_of_an_unknown_name_that_names_enterprises_is_not_passed_over(
    head: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet(head).write_column(0, 0, ["name", "甲公司"])
        book.add_worksheet("算力合同").write_row(0, 0, ["企业", "名称", "年度"])
    (row,) = batch(path, code=1)
    assert "算力合同" in row["error"]


def test_a_list_may_stand_in_a_sheet_called_enterprises_beside_notes(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("企业")
        sheet.write_row(0, 0, ["企业名称", "申报年度", "年度数据.2025.营业收入"])
        sheet.write_row(1, 0, ["甲公司", 2026, "3.2亿"])
        book.add_worksheet("说明").write(0, 0, "不是表")
    (row,) = batch(path)
    assert (row["name"], row["status"]) == ("甲公司", "ok")


def test_advice_on_a_cell_of_a_table_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in TABLES.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, ["万1" if cell == 25_000 else cell for cell in row])
    wrong = batch(path, code=1)[2]
    assert wrong["error"].endswith("应填 金额（元）：26000000、2600万 或 1.3亿")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_folder_with_a_file_for_each_table(encoding: str, tmp_path: Path) -> None:
    # Numbers stand as text in CSV; each is read as the key of its column asks.
    for name, rows in TABLES.items():
        lines = [",".join(map(str, row)) for row in rows]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), encoding)
    assert_answered(batch(tmp_path), tmp_path)


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_compressed_text_may_come_through_a_pipe(codec: str) -> None:
    text = pa.compress(ndjson(voucher_rows()).encode(), codec, asbytes=True)
    if codec == "gzip":
        text = gzip.compress(ndjson(voucher_rows()).encode())
    done = subprocess.run(
        [sys.executable, "-m", "calc", "batch", "-"], input=text, capture_output=True, check=True
    )
    assert_answered([json.loads(line) for line in done.stdout.splitlines()], "-")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_told(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path.write_bytes(mark + "name,claim_year\n甲,2026\n".encode(encoding))
    (row,) = batch(path, code=1)
    assert "UTF-16" in row["error"]


def test_columns_of_empty_lists_say_the_same_in_every_form(tmp_path: Path) -> None:
    """An investment without purposes, whose green equipment pays all the same."""
    cells = {
        "name": "甲",
        "claim_year": 2026,
        "investment.1.name": "一期",
        "investment.1.year": 2026,
        "investment.1.green_equipment": 1_000_000,
    }
    text = tmp_path / "a.csv"
    text.write_text(
        ",".join([*cells, "investment.1.purposes"]) + "\n" + ",".join(map(str, cells.values())) + ",\n"
    )
    columns = {name: [value] for name, value in cells.items()}
    for purposes in (pa.array([""]), pa.array([None], pa.string()), pa.array([[]], pa.list_(pa.string()))):
        pq.write_table(pa.table({**columns, "investment.1.purposes": purposes}), tmp_path / "a.parquet")
        for path in (text, tmp_path / "a.parquet"):
            (row,) = batch(path)
            assert (row["status"], row["19-retrofit"]) == ("ok", 200_000)
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    (row,) = batch(tmp_path / "a.parquet", code=1)
    assert "purposes" in row["error"]


def test_no_message_speaks_of_none() -> None:
    (row,) = batch("-", text='{"enterprise": {"name": null, "claim_year": 2026}}', code=1)
    assert "null" in row["error"]
    assert "None" not in row["error"]
    done = subsidy("batch", "-", "--jobs", "0")
    assert done.returncode == 2
    assert "≥ 1" in done.stderr
    assert "None" not in done.stderr


def test_no_column_is_named_as_its_own_correction(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"name": ["甲"], "claim_year": [2026], "investment.0.name": ["一期"]}), path)
    (row,) = batch(path, code=1)
    assert row["error"].count("investment.0.name") == 1


def test_the_lock_file_of_an_open_workbook_is_no_input(tmp_path: Path) -> None:
    write_input(tmp_path / "a.xlsx")
    (tmp_path / "~$a.xlsx").write_bytes(b"\x05owner")
    assert_answered(batch(tmp_path), tmp_path / "a.xlsx")


IN_CHINESE = {
    "企业名称": "甲公司",
    "备注": "待核对，=1+1",
    "申报年度": "2026",
    "企业类型": "制造业、高新技术企业",
    "区内企业": "是",
    "投资项目.1.名称": "二期",
    "投资项目.1.年度": "2026",
    "投资项目.1.投资方向": "产能扩大、产线升级等",
    "投资项目.1.设备购置额": "2600万",
    "投资项目.1.建设期月数": "24",
    "#": "x",
}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_sheet_may_be_filled_in_in_chinese(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"名单.{ending}"
    if ending == "csv":
        path.write_bytes(_csv([*IN_CHINESE], [IN_CHINESE]).encode("gb18030"))
    else:
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, IN_CHINESE)
            sheet.write_row(1, 0, IN_CHINESE.values())
    (row,) = batch(path)
    assert row["error"] is None
    # 10% of 2,600万 for more capacity, under 3,000万
    assert (row["total"], row["02-capacity"], row["02-chain"]) == (2_600_000, 2_600_000, None)
