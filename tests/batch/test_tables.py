"""A file or sheet for each table: nothing in the folder or workbook is lost, and no sum is silently low."""

import csv
import gzip
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.batch.inputs import VOUCHERS, ndjson, voucher_rows
from tests.batch.test_formats import TABLES, assert_answered, batch

Rows = list[list[Any]]


def text_of(rows: Rows, delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write_table(path: Path, rows: Rows) -> None:
    match "".join(path.suffixes).lower():
        case ".csv.gz":
            path.write_bytes(gzip.compress(text_of(rows).encode()))
        case ".tsv":
            path.write_text(text_of(rows, "\t"), "utf-8")
        case ".csv":
            path.write_text(text_of(rows), "utf-8")
        case ending:
            header, *cells = rows
            columns = [pa.array(column) for column in zip(*cells, strict=True)]
            table = pa.table(columns or [pa.nulls(0)] * len(header), names=header)
            if ending == ".parquet":
                pq.write_table(table, path)
            else:
                with pa.ipc.new_file(str(path), table.schema) as writer:
                    writer.write_table(table)


HEADS, CONTRACTS = TABLES["enterprise"], TABLES["compute_contract"]


# --- files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "other"),
    [
        ("企业.csv", "算力服务合同.csv"),
        ("enterprise.csv", "算力服务合同.CSV"),
        ("Enterprise.csv.gz", "compute_contract.tsv"),
        ("enterprise.parquet", "compute_contract.parquet"),
        ("企业.parquet", "compute_contract.csv"),
        ("enterprise.arrow", "算力服务合同.feather"),
    ],
)
def test_the_files_of_tables_may_be_called_and_written_in_many_ways(
    head: str, other: str, tmp_path: Path
) -> None:
    write_table(tmp_path / head, HEADS)
    write_table(tmp_path / other, CONTRACTS)
    assert_answered(batch(tmp_path), tmp_path)


@pytest.mark.parametrize(
    "name", ["compute_contrct.csv", "算力合同.csv", "Compute-Contract.parquet", "x.csv.gz"]
)
def test_a_file_that_names_enterprises_and_is_called_like_no_table_is_an_error(
    name: str, tmp_path: Path
) -> None:
    write_table(tmp_path / "enterprise.csv", HEADS)
    write_table(tmp_path / name, CONTRACTS)
    (row,) = batch(tmp_path, code=1, SUBSIDY_LANG="en")
    assert row["status"] == "error"
    assert name in row["error"]
    near = {"compute_contrct.csv": "compute_contract", "Compute-Contract.parquet": "compute_contract"}
    if name in near:
        assert row["error"].endswith(f"did you mean {near[name]}?")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_other_files_and_folders_beside_tables_are_inputs_as_anywhere(ending: str, tmp_path: Path) -> None:
    for name, cells in TABLES.items():
        write_table(tmp_path / f"{name}.{ending}", cells)
    (tmp_path / "b.csv").write_text("name,claim_year\n丁,2026\n", "utf-8")
    (tmp_path / "e.ndjson").write_text(ndjson(voucher_rows()[:1]), "utf-8")
    (tmp_path / "bank.toml").write_text('[enterprise]\nname = "戊"\nclaim_year = 2026\n', "utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.csv").write_text("name,claim_year\n己,2026\n", "utf-8")
    rows = batch(tmp_path)
    assert_answered(rows[:3], tmp_path)
    assert [(Path(row["source"]).name, row["name"], row["total"]) for row in rows[3:]] == [
        ("b.csv", "丁", 0),
        ("bank.toml", "戊", 0),
        ("e.ndjson", "甲公司", 200_000),
        ("c.csv", "己", 0),
    ]


@pytest.mark.parametrize("name", ["enterprise.csv", "企业.csv", "enterprise.parquet"])
def test_one_that_is_alone_is_a_list(name: str, tmp_path: Path) -> None:
    header = ["name", "claim_year", *(f"compute_contract.1.{key}" for key in ("name", "year", "amount"))]
    write_table(tmp_path / name, [header, ["甲公司", 2026, "算力", 2026, 1_000_003]])
    (row,) = batch(tmp_path)
    assert (row["total"], row["source"]) == (200_000, str(tmp_path / name))


def test_one_table_in_two_files_is_an_error(tmp_path: Path) -> None:
    for name, rows in TABLES.items():
        write_table(tmp_path / f"{name}.csv", rows)
    write_table(tmp_path / "算力服务合同.csv.gz", CONTRACTS)
    (row,) = batch(tmp_path, code=1)
    assert "compute_contract.csv" in row["error"]
    assert "算力服务合同.csv.gz" in row["error"]


def test_tables_that_cannot_be_read_cost_nothing_else(tmp_path: Path) -> None:
    write_table(tmp_path / "enterprise.csv", HEADS)
    (tmp_path / "compute_contract.parquet").write_bytes(b"PAR1 nothing of the kind")
    (tmp_path / "e.ndjson").write_text(ndjson(voucher_rows()[:1]), "utf-8")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 nothing of the kind")
    rows = batch(tmp_path, code=1)
    assert [(row["status"], row["total"]) for row in rows] == [("error", None)] * 2 + [("ok", 200_000)]
    assert "compute_contract.parquet" in rows[0]["error"]


def test_a_table_may_be_empty(tmp_path: Path) -> None:
    for name, rows in TABLES.items():
        write_table(tmp_path / f"{name}.csv", rows)
    (tmp_path / "figures.csv").touch()
    (tmp_path / "投资项目.csv").write_text("企业,名称\n", "utf-8")
    pq.write_table(pa.table({"enterprise": pa.nulls(2, pa.string())}), tmp_path / "loan.parquet")
    assert_answered(batch(tmp_path), tmp_path)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_for_each_table_may_lie_in_storage_elsewhere(ending: str, tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    for name, cells in TABLES.items():
        write_table(tmp_path / f"{name}.{ending}", cells)
        memory.put_file(str(tmp_path / f"{name}.{ending}"), f"memory://tables/{ending}/in/{name}.{ending}")
    memory.pipe_file(f"memory://tables/{ending}/b.csv", "name,claim_year\n丁,2026\n".encode())
    other, *rows = batch(f"memory://tables/{ending}")
    assert other["name"] == "丁"
    assert_answered(rows, f"memory://tables/{ending}/in")


# --- values of columns --------------------------------------------------------------------------------------


def test_columns_of_tables_have_types_of_their_own(tmp_path: Path) -> None:
    """One investment of 2600万 that pays 10%, and a loan: 1亿 x 4.35% x 12/12, half of it subsidised."""
    tables = {
        "enterprise": pa.table(
            {
                "name": pa.array(["甲", "乙"]).dictionary_encode(),
                "claim_year": pa.array([2026.0, 2026.0]),
                "in_zone": [True, False],
                "kinds": [["manufacturing", "high_tech"], None],
                "filing_date": [date(2026, 6, 15), None],
                "fx.usd_cny": pa.array([7.1, None], pa.float32()),
            }
        ),
        "investment": pa.table(
            {
                "enterprise": ["甲"],
                "name": ["二期"],
                "year": pa.array([2026], pa.int16()),
                "purposes": [["capacity"]],
                "equipment": pa.array([Decimal("26000009.99")]),
                "construction_months": [24.0],
            }
        ),
        "figures": pa.table({"企业": ["甲"], "年度": [2025], "fdi_usd": [3_000_000]}),
    }
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    toml = tmp_path / "alone" / "a.toml"
    toml.parent.mkdir()
    toml.write_text(
        '[enterprise]\nname = "甲"\nclaim_year = 2026\nfiling_date = 2026-06-15\n'
        'kinds = ["manufacturing", "high_tech"]\n[fx]\nusd_cny = 7.1\n[figures.2025]\nfdi_usd = 3_000_000\n'
        '[[investment]]\nname = "二期"\nyear = 2026\npurposes = ["capacity"]\nequipment = 26000009.99\n'
        "construction_months = 24\n",
        "utf-8",
    )
    first, second, alone = batch(tmp_path)
    assert first["02-capacity"] == 2_600_000
    assert {**first, "source": alone["source"]} == alone
    assert (second["name"], second["total"]) == ("乙", 0)


@pytest.mark.parametrize("equipment", [float("nan"), -1.0, True, {"a": 1}, [1], b"\xff"])
def test_a_value_that_no_file_may_hold_is_an_error_in_a_table_too(equipment: Any, tmp_path: Path) -> None:
    write_table(tmp_path / "enterprise.parquet", HEADS)
    header = ["enterprise", "name", "year", "purposes", "equipment"]
    write_table(tmp_path / "investment.parquet", [header, ["甲公司", "一期", 2026, ["chain"], equipment]])
    rows = batch(tmp_path, code=1, SUBSIDY_LANG="en")
    assert [row["status"] for row in rows] == ["error", "ok", "ok"]
    assert "investment[1].equipment" in rows[0]["error"]


@pytest.mark.parametrize("name", [{"a": 1}, [1], True])
def test_what_is_no_text_is_no_name(name: Any, tmp_path: Path) -> None:
    write_table(tmp_path / "enterprise.parquet", [["name", "claim_year"], [name, 2026]])
    write_table(tmp_path / "investment.parquet", [["enterprise"]])
    (row,) = batch(tmp_path, code=1)
    assert row["status"] == "error"


# --- rows ---------------------------------------------------------------------------------------------------


def write_csv_tables(place: Path, tables: dict[str, Rows]) -> Path:
    place.mkdir(exist_ok=True)
    for name, rows in tables.items():
        write_table(place / f"{name}.csv", rows)
    return place


def write_workbook(place: Path, tables: dict[str, Rows]) -> Path:
    path = place.with_suffix(".xlsx")
    with xlsxwriter.Workbook(path) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


WRITERS = [write_csv_tables, write_workbook]
Writer = Callable[[Path, dict[str, Rows]], Path]


@pytest.mark.parametrize("write", WRITERS)
def test_a_column_that_stands_twice_is_an_error(write: Writer, tmp_path: Path) -> None:
    contracts = [[*row, row[-1]] for row in CONTRACTS]
    (row,) = batch(write(tmp_path / "a", {"enterprise": HEADS, "compute_contract": contracts}), code=1)
    assert "amount" in row["error"]
    heads = [[*row, row[-1]] for row in HEADS]
    heads[0][-1] = "申报年度"
    (row,) = batch(write(tmp_path / "b", {"enterprise": heads, "compute_contract": CONTRACTS}), code=1)
    assert "申报年度" in row["error"]


@pytest.mark.parametrize("write", WRITERS)
def test_a_row_of_too_many_cells_is_an_error_of_its_enterprise(write: Writer, tmp_path: Path) -> None:
    contracts = [row if row[0] != "乙公司" else [*row, "", 5] for row in CONTRACTS]
    heads = [row if row[0] != "丙公司" else [*row, 5] for row in HEADS]
    rows = batch(
        write(tmp_path / "a", {"enterprise": heads, "compute_contract": contracts}), code=1, SUBSIDY_LANG="en"
    )
    assert [(row["name"], row["status"]) for row in rows] == [
        ("甲公司", "ok"),
        (None, "error"),
        (None, "error"),
    ]
    assert "compute_contract[3]: 6 cells stand under 4 columns" in rows[1]["error"]
    assert "enterprise[3]: 3 cells stand under 2 columns" in rows[2]["error"]


@pytest.mark.parametrize("mark", ["\u2028", "\x0b", "\x85", "\r\n", "\n"])
def test_a_remark_may_hold_any_line_end(mark: str, tmp_path: Path) -> None:
    contracts = [[*row, f"一{mark}二"] for row in CONTRACTS]
    contracts[0][-1] = "备注"
    folder = write_csv_tables(tmp_path / "a", {"enterprise": HEADS, "compute_contract": contracts})
    assert_answered(batch(folder), folder)


@pytest.mark.parametrize("write", WRITERS)
def test_the_table_of_enterprises_may_have_dotted_columns(write: Writer, tmp_path: Path) -> None:
    """17-fdi-growth and the like ask for the rate; kinds of a year stand for that year."""
    heads: Rows = [
        ["name", "claim_year", "fx.usd_cny", "kinds.2026"],
        *([name, 2026, 7.1, "sme"] for name in VOUCHERS),
    ]
    path = write(tmp_path / "a", {"enterprise": heads, "compute_contract": CONTRACTS})
    assert_answered(batch(path), path)
    fx: Rows = [["enterprise", "usd_cny"], ["乙公司", 7.2]]
    path = write(tmp_path / "b", {"enterprise": heads, "compute_contract": CONTRACTS, "fx": fx})
    rows = batch(path, code=1)
    assert [row["status"] for row in rows] == ["ok", "error", "ok"]
