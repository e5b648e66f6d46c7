"""``subsidy budget`` as a process: sums worked out by hand, every form of output, exit codes."""

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from rich.cells import cell_len

from tests.batch.inputs import FILE_ROWS, enterprise, ndjson, voucher_rows, write_pieces
from tests.cli.test_command import subsidy

# 13-compute-voucher pays 20% of the amount, at most 100万; here 10%, at most 50万: 甲 and 乙 lose.
LESS = """
[items.13-compute-voucher]
award = { rate = "10%", of = ["amount"] }
cap = "50万"
year_cap = "50万"
"""
FORMULA = "=cmd|' /C calc'!A0"
MARKUP = "<script>alert(1)</script>[red]*x*"


def rows() -> list[dict[str, Any]]:
    hostile = [enterprise(FORMULA, 100_000), enterprise(MARKUP, 50_000)]
    hostile[0]["figures"] = {"2025": {"revenue": 3_000_000}}
    hostile[0]["enterprise"]["kinds"] = ["manufacturing", "high_tech"]
    wrong = enterprise("丁公司", 1)
    wrong["compute_contract"][0]["amount"] = "1美元"
    return [*voucher_rows(), *hostile, wrong]


@pytest.fixture
def source(tmp_path: Path) -> str:
    path = tmp_path / "名单.ndjson"
    path.write_text(ndjson(rows()), "utf-8")
    (tmp_path / "less.toml").write_text(LESS, "utf-8")
    return str(path)


def against(source: str) -> tuple[str, ...]:
    return ("--against", str(Path(source).with_name("less.toml")))


def test_the_sums_in_json(source: str) -> None:
    done = subsidy("budget", source, "--format", "json", "--pool", "13=10万")
    assert done.returncode == 1
    assert "1美元" in done.stderr
    assert done.stderr.splitlines()[-1] == "共 6 行，其中 1 行有误，未计入"
    found = json.loads(done.stdout)
    assert found["schema"] == "subsidy.budget/1"
    # 200000 + 1000000 + 5000 + 20000 + 10000
    total = 1_235_000
    # Each grant x 100000 / 1235000, rounded down: 16194 + 80971 + 404 + 1619 + 809
    paid = 99_997
    assert found["overall"] == {
        "rows": 6,
        "errors": 1,
        "enterprises": 5,
        "granted": 5,
        "unproven": 0,
        "total": total,
        "paid": paid,
    }
    assert {one["reading"]: one["sum"] for one in found["readings"]} == dict.fromkeys(
        ("strict", "subject", "expense", "none"), total
    )
    pool = {"pool": "13", "claim_year": "2026", "asked": total, "budget": 100_000, "paid": paid}
    assert found["pools"] == [pool | {"short": total - 100_000}]
    counts = {"barred": 0, "ineligible": 0, "needs_input": 0, "eligible": 5, "granted": 5}
    (measure,), (item,) = found["measures"], [one for one in found["items"] if one["sum"]]
    assert measure == {"measure": "13", "title": measure["title"], "claims": 5, **counts, "sum": total}
    assert (item["item"], item["sum"]) == ("13-compute-voucher", total)
    assert [one["sum"] for one in found["departments"]] == [total]
    kinds = {one["kind"]: (one["enterprises"], one["sum"]) for one in found["kinds"]}
    assert kinds == {"manufacturing": (1, 20_000), "high_tech": (1, 20_000), "none": (4, 1_215_000)}
    sizes = {one["size"]: one["enterprises"] for one in found["sizes"]}
    assert sizes == {"micro": 0, "small": 1, "medium": 0, "large": 0, "unknown": 4}
    assert {one["key"]: one["claims"] for one in found["statuses"]} == counts
    assert "against" not in found


def test_what_other_rules_change(source: str) -> None:
    done = subsidy("budget", source, *against(source), "--format", "json", "--pools", "--lang", "en")
    found = json.loads(done.stdout)["against"]
    # 100000 + 500000 + 2500 + 10000 + 5000
    assert found["overall"] == {
        "enterprises": 5,
        "granted": 5,
        "unproven": 0,
        "total": 617_500,
        "paid": 617_500,
        "difference": -617_500,
        "paid_difference": -617_500,
    }
    assert [(one["key"], one["enterprises"], one["change"]) for one in found["moves"]] == [
        ("gainers", 0, 0),
        ("losers", 5, -617_500),
        ("unchanged", 0, 0),
    ]
    assert [(one["name"], one["row"], one["change"]) for one in found["losers"]] == [
        ("乙公司", 2, -500_000),
        ("甲公司", 1, -100_000),
        (FORMULA, 4, -10_000),
        (MARKUP, 5, -5_000),
        ("丙公司", 3, -2_500),
    ]
    assert "gainers" not in found, "a section that would be empty is left out"
    (small,) = [one for one in found["sizes"] if one["size"] == "small"]
    assert (small["before"], small["after"], small["losers"], small["losers_sum"]) == (
        20_000,
        10_000,
        1,
        10_000,
    )


def test_a_whole_rules_file_is_compared_with(tmp_path: Path) -> None:
    zone = Path("examples/zones/ic_design.toml")
    path = tmp_path / "a.ndjson"
    path.write_text(ndjson(voucher_rows()), "utf-8")
    done = subsidy("budget", str(path), "--against", str(zone), "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["against"]["sources"] == [str(zone)]
    assert found["against"]["overall"]["total"] == 0
    assert found["overall"]["total"] == 1_205_000


def test_one_long_table_of_csv(source: str, tmp_path: Path) -> None:
    output = tmp_path / "a.csv"
    done = subsidy("budget", source, *against(source), "-o", str(output))
    assert (done.returncode, done.stdout) == (1, "")
    text = output.read_bytes().decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text)))
    (total,) = [row for row in found if row["section"] == "overall" and row["key"] == "total"]
    assert total["sum"] == "1235000"
    names = [row["name"] for row in found if row["section"] == "against.losers"]
    assert names == ["乙公司", "甲公司", f"'{FORMULA}", MARKUP, "丙公司"]
    assert {row["section"] for row in found} >= {"measures", "kinds", "against.measures", "against.moves"}


def test_markdown_means_nothing_that_a_name_says(source: str) -> None:
    text = subsidy("budget", source, *against(source), "--format", "markdown").stdout
    assert "| 13 | 支持新型算力中心建设 | 5 | 5 | 5 | 1,235,000 |" in text
    assert "&lt;script&gt;" in text
    assert "<script" not in text


class Tags(HTMLParser):
    """The tags of a page, and the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize(("lang", "mark"), [("zh", 'lang="zh-CN"'), ("en", 'lang="en"')])
def test_a_page_stands_alone(lang: str, mark: str, source: str, tmp_path: Path) -> None:
    output = tmp_path / "a.html"
    subsidy("budget", source, *against(source), "--lang", lang, "-o", str(output))
    page = output.read_text("utf-8")
    found = Tags()
    found.feed(page)
    assert "svg" in found.tags
    assert not {"script", "link", "img", "iframe"} & found.tags
    assert not {"src", "href", "onclick", "onload"} & found.attributes
    assert not re.search(r"https?:|url\(|@import", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert mark in page
    assert "123.5" in page
    subsidy("budget", source, "--yuan", "-o", str(output))
    assert "1,235,000" in output.read_text("utf-8")


def test_a_workbook_holds_numbers_charts_and_no_formula(source: str, tmp_path: Path) -> None:
    output = tmp_path / "a.xlsx"
    subsidy("budget", source, *against(source), "--pools", "--lang", "en", "-o", str(output))
    book = python_calamine.CalamineWorkbook.from_path(str(output))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert all(len(name) <= 31 for name in sheets)
    readings = sheets["3 What each reading would cost"]
    assert readings[0][2] == "up to (yuan)"
    assert [row[2] for row in readings[1:]] == [1_235_000] * 4
    measures = next(cells for name, cells in sheets.items() if name.endswith("By measure"))
    assert (measures[0][0], measures[1][0]) == ("measure", 13)
    pools = next(cells for name, cells in sheets.items() if name.endswith("Budget pools"))
    assert pools[1][1] == 2026
    losers = next(cells for name, cells in sheets.items() if name.endswith("Who loses most"))
    assert losers[3][0] == f"'{FORMULA}"
    with zipfile.ZipFile(output) as parts:
        names = parts.namelist()
        for name in names:
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in parts.read(name)
    assert sum(name.startswith("xl/charts/chart") for name in names) > 5
    again = tmp_path / "b.xlsx"
    subsidy("budget", source, *against(source), "--pools", "--lang", "en", "-o", str(again))
    assert again.read_bytes() == output.read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_tables_keep_within_the_terminal(width: int, lang: str, source: str) -> None:
    done = subsidy("budget", source, *against(source), "--pools", "--lang", lang, COLUMNS=str(width))
    assert "123.5" in done.stdout
    assert FORMULA in done.stdout
    assert all(cell_len(line) <= width for line in done.stdout.splitlines())
    if lang == "en":
        assert "head count is not declared" in " ".join(done.stdout.split())


def test_several_workers_say_the_same_as_one(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    write_pieces(path, 600)
    overlay = tmp_path / "less.toml"
    # An overlay that bears dates gives each year its rules.
    overlay.write_text(f"[overlay]\nvalid_from = 2026-01-01\n{LESS}", "utf-8")
    arguments = ("budget", str(path), "--against", str(overlay), "--pool", "13=1万", "--format", "json")
    one, two = (subsidy(*arguments, "--jobs", jobs, "--log", "json") for jobs in ("1", "2"))
    assert one.stdout == two.stdout
    assert (one.returncode, two.returncode) == (1, 1)
    found = json.loads(one.stdout)
    amounts = [10_000 + number for number in range(600) if number % 10 != 3]
    before, after = (sum(amount // part for amount in amounts) for part in (5, 10))
    assert (found["overall"]["total"], found["against"]["overall"]["total"]) == (before, after)
    total = sum(amount // 5 for amount in amounts)
    paid = sum(amount // 5 * 10_000 // total for amount in amounts)
    assert found["overall"]["paid"] == paid
    losers = [one["row"] for one in found["against"]["losers"]]
    changes = [(amount // 10 - amount // 5, amount - 10_000) for amount in amounts]
    assert losers == [number % FILE_ROWS + 1 for _, number in sorted(changes)[:20]]
    assert json.loads(one.stderr.splitlines()[-1])["errors"] == 60
    page = subsidy(*arguments[:-1], "markdown", "--lang", "en").stdout
    assert "## Who loses most: the first 20 of 540 " in page


def test_files_folders_and_standard_input(tmp_path: Path) -> None:
    folder = tmp_path / "企业"
    folder.mkdir()
    for place, row in enumerate(voucher_rows()):
        (folder / f"{place}.json").write_text(json.dumps(row), "utf-8")
    (folder / "bad.toml").write_text("[enterprise]\nnam = 1\n", "utf-8")
    done = subsidy("budget", str(folder), "-", "--format", "json", text=ndjson(voucher_rows()))
    assert done.returncode == 1
    found = json.loads(done.stdout)["overall"]
    assert (found["total"], found["rows"], found["errors"]) == (2 * 1_205_000, 7, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("budget",), 2, "INPUT"),
        (("budget", "-", "-"), 2, "标准输入只能读一次"),
        (("budget", "-", "--pool", "99=1万"), 2, "99"),
        (("budget", "-", "--against", "nowhere.toml"), 66, "nowhere.toml"),
        (("budget", "-", "-o", "a.docx"), 2, ".html"),
        (("budget", "-", "--format", "pdf"), 2, "pdf"),
    ],
)
def test_a_wrong_command_line(arguments: tuple[str, ...], code: int, said: str) -> None:
    done = subsidy(*arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stdout == ""


def test_no_input_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,claim_year\n甲,2026\n", "utf-8")
    done = subsidy("budget", str(tmp_path), "-o", str(path))
    assert done.returncode == 2
    assert path.read_text("utf-8").startswith("name")


def test_rules_that_read_a_file_in_two_ways(tmp_path: Path) -> None:
    text = '[vocabulary.figures]\nheadcount = {{ type = "{}", zh = "人数", en = "head count" }}\n'
    files = []
    for name in ("count", "money"):
        files.append(tmp_path / f"{name}.toml")
        files[-1].write_text(text.format(name), "utf-8")
    done = subsidy("budget", "-", "--rules", str(files[0]), "--against", str(files[1]))
    assert done.returncode == 78
    assert "figures.headcount" in done.stderr


def test_nothing_but_wrong_rows(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text("{}\n", "utf-8")
    for name in ("table", "json", "csv", "markdown", "html"):
        done = subsidy("budget", str(tmp_path / "a.ndjson"), "--format", name)
        assert done.returncode == 1
        assert done.stdout
