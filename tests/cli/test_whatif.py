"""``whatif`` and ``compare`` as processes: answers, saved files, refusals."""

import csv
import io
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_command import ENTERPRISE, subsidy

EXAMPLES = Path(__file__).parents[2] / "examples"
MAKER, BANK = str(EXAMPLES / "manufacturer.toml"), str(EXAMPLES / "bank.toml")
EQUIPMENT = "investment:二期产线.equipment"


def answer(*arguments: str) -> Any:
    done = subsidy(*arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def estimated(path: Path | str) -> Any:
    return answer("estimate", str(path))


def test_the_kinks_of_a_sweep_stand_beside_its_points() -> None:
    found = answer("whatif", MAKER, "--sweep", f"{EQUIPMENT}=0.4亿..4亿/0.9亿", "--lang", "en")
    assert set(found) == {"schema", "before", "after", "gain", "points", "kinks"}
    assert set(found["points"][0]) == {"value", "total"}
    keys = {"value", "total", "because", "item", "subject", "says"}
    assert [set(one) for one in found["kinks"]] == [keys, keys]
    assert [(one["value"], one["total"], one["because"], one["item"]) for one in found["kinks"]] == [
        (50_000_000, 12_500_000, "displaced", "02-capacity"),
        (300_000_000, 37_500_000, "cap", "02-capacity"),
    ]
    assert found["kinks"][0]["says"].startswith("from 50,000,000 yuan on: 02-capacity")
    assert "19-retrofit" in found["kinks"][0]["says"]


def test_a_value_of_a_kink_is_written_as_the_file_would() -> None:
    found = answer("whatif", MAKER, "--sweep", "figures.2025.rd_expense=0..2000万/500万")
    assert [(one["value"], one["because"]) for one in found["kinks"]] == [("10000000.01", "threshold")]


def test_the_saved_file_gives_the_answer_after_and_the_next_command_is_named(tmp_path: Path) -> None:
    new = tmp_path / "方案 二.toml"
    sets = (
        "--set",
        f"{EQUIPMENT}=3.2亿",
        "--set",
        "fx.usd_cny=7.10",
        "--set",
        "enterprise.kinds=high_tech,sme",
    )
    done = subsidy("whatif", MAKER, *sets, "--save", str(new), "--format", "json")
    assert done.returncode == 0, done.stderr
    assert f"subsidy compare {MAKER} '{new}'" in done.stderr
    assert estimated(new) == json.loads(done.stdout)["after"]
    before, now = Path(MAKER).read_text("utf-8").splitlines(), new.read_text("utf-8").splitlines()
    changed = [(one, other) for one, other in zip(before, now, strict=False) if one != other]
    assert changed == [
        ('kinds = ["manufacturing", "high_tech", "private"]', 'kinds = ["high_tech", "sme"]'),
        ('equipment = "2.6亿"', 'equipment = "3.2亿"'),
    ]
    assert now[len(before) :] == ["", "[fx]", "usd_cny = 7.10"]


def test_a_file_is_saved_as_json_and_back(tmp_path: Path) -> None:
    as_json, as_toml = tmp_path / "二.json", tmp_path / "三.toml"
    first = subsidy("whatif", MAKER, "--set", f"{EQUIPMENT}=3亿", "--save", str(as_json), "--format", "json")
    assert estimated(as_json) == json.loads(first.stdout)["after"]
    second = subsidy(
        "whatif", str(as_json), "--set", "enterprise.in_zone=true", "--save", str(as_toml), "--format", "json"
    )
    assert estimated(as_toml) == json.loads(second.stdout)["after"] == estimated(as_json)


def test_standard_input_can_be_saved(tmp_path: Path) -> None:
    new = tmp_path / "新.toml"
    done = subsidy(
        "whatif",
        "-",
        "--set",
        "investment:二期产线.construction_months=12",
        "--save",
        str(new),
        text=ENTERPRISE,
    )
    assert done.returncode == 0
    assert f"subsidy estimate {new}" in done.stderr
    assert new.read_text("utf-8") == ENTERPRISE.replace("months = 24", "months = 12")


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    file = tmp_path / "企业.toml"
    file.write_text(ENTERPRISE, "utf-8")
    arguments = ("whatif", str(file), "--set", f"{EQUIPMENT}=2.5亿", "--save", str(file))
    done = subsidy(*arguments)
    assert (done.returncode, done.stdout) == (73, "")
    assert "--force" in done.stderr
    assert file.read_text("utf-8") == ENTERPRISE
    assert subsidy(*arguments, "--force", "-q").stderr == ""
    assert file.read_text("utf-8") == ENTERPRISE.replace('"3亿"', '"2.5亿"')
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_written_is_exit_73(tmp_path: Path) -> None:
    for new in (tmp_path / "没有" / "新.toml", tmp_path):
        done = subsidy("whatif", MAKER, "--set", f"{EQUIPMENT}=3亿", "--save", str(new), "--force")
        assert done.returncode == 73
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("whatif", MAKER), "--set"),
        (("whatif", MAKER, "--save", "新.toml"), "--set"),
        (("whatif", MAKER, "--sweep", f"{EQUIPMENT}=1亿..2亿/1亿", "--save", "新.toml"), "--set"),
        (("compare", MAKER), "subsidy compare A.toml B.toml"),
        (("compare",), "compare"),
    ],
)
def test_a_command_that_asks_for_nothing_is_exit_2(arguments: tuple[str, ...], hint: str) -> None:
    done = subsidy(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr
    assert not Path("新.toml").exists()


def test_a_change_that_does_not_fit_is_told_with_what_was_meant() -> None:
    done = subsidy("whatif", MAKER, "--set", "investment:二期产线.设备购置额=3亿")
    assert done.returncode == 2
    assert f"是不是想写 {EQUIPMENT}？" in done.stderr
    done = subsidy("whatif", MAKER, "--set", f"{EQUIPMENT}=3美元")
    assert done.returncode == 2
    assert '"3美元"' in done.stderr
    assert '"2.6亿"' not in done.stderr  # no place of the file is shown for what the file does not hold


@pytest.mark.parametrize("span", ["3亿..1亿/1亿", "1..2", "1亿..2亿/0", "1..9亿/1", "一..二/三"])
def test_a_wrong_span_is_told(span: str) -> None:
    done = subsidy("whatif", MAKER, "--sweep", f"{EQUIPMENT}={span}")
    assert (done.returncode, done.stdout) == (2, "")
    assert span in done.stderr


def test_a_chart_is_plain_in_a_pipe_and_not_wider_than_asked() -> None:
    from rich.cells import cell_len

    for columns in ("40", "60", "80", "100", "140", "240"):
        done = subsidy("whatif", MAKER, "--sweep", f"{EQUIPMENT}=0.4亿..4亿/0.9亿", COLUMNS=columns)
        assert "\x1b" not in done.stdout
        assert not any("\u2800" <= letter <= "\u28ff" for letter in done.stdout)
        assert max(map(cell_len, done.stdout.splitlines())) <= int(columns)
        assert "*" in done.stdout
        assert "┤" in done.stdout
    assert "┤" not in subsidy("whatif", MAKER, "--sweep", f"{EQUIPMENT}=3亿..3亿/1亿").stdout


def test_a_terminal_gets_a_finer_curve_but_not_without_colours() -> None:
    import os
    import pty
    import subprocess
    import sys

    def shown(**environment: str) -> str:
        leader, follower = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "calc", "whatif", MAKER, "--sweep", f"{EQUIPMENT}=0.4亿..4亿/0.9亿"],
            stdout=follower,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "COLUMNS": "80", "TERM": "xterm", "PYTHONUTF8": "1", **environment},
        )
        os.close(follower)
        pieces = []
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                break
            if not piece:
                break
            pieces.append(piece)
        os.close(leader)
        assert process.wait() == 0
        return b"".join(pieces).decode()

    fine = shown(NO_COLOR="")
    assert any("\u2800" <= letter <= "\u28ff" for letter in fine)
    for plain in (shown(NO_COLOR="1"), shown(TERM="dumb")):
        assert not any("\u2800" <= letter <= "\u28ff" for letter in plain)


def test_a_comparison_names_totals_claims_and_differences(tmp_path: Path) -> None:
    new = tmp_path / "二.toml"
    subsidy("whatif", MAKER, "--set", f"{EQUIPMENT}=3.2亿", "--save", str(new))
    found = answer("compare", MAKER, str(new), BANK)
    assert set(found) == {"schema", "policy", "stacking", "count", "enterprises", "differences"}
    assert found["schema"] == "subsidy.compare/1"
    for one, source in zip(found["enterprises"], (MAKER, str(new), BANK), strict=True):
        wanted = estimated(source)
        assert set(one) == {"source", "name", "claim_year", "total", "totals", "by_grade", "claims"}
        assert one["source"] == source
        assert one["totals"] == wanted["totals"]
        assert one["by_grade"] == wanted["combination"]["by_grade"]
        keys = ("item", "subject", "granted", "status")
        assert one["claims"] == [{key: claim[key] for key in keys} for claim in wanted["claims"]]
    differences = {one["item"]: one["granted"] for one in found["differences"]}
    # 10% of 2.6亿 and of 3.2亿 up to 3000万; the bank's two bad loans pay 420万.
    assert differences["02-capacity"] == [26_000_000, 30_000_000, 0]
    assert differences["26-risk-compensation"] == [0, 0, 4_200_000]
    assert "01-chain-title" not in differences


def test_a_bad_file_is_reported_and_the_others_compared(tmp_path: Path) -> None:
    bad, absent = tmp_path / "坏.toml", tmp_path / "没有.toml"
    bad.write_text("[enterprise]\n", "utf-8")
    done = subsidy("compare", MAKER, str(bad), BANK, "--format", "json")
    assert done.returncode == 65
    assert "坏.toml" in done.stderr
    assert [one["source"] for one in json.loads(done.stdout)["enterprises"]] == [MAKER, BANK]
    assert subsidy("compare", MAKER, str(absent)).returncode == 66
    assert subsidy("compare", str(absent), str(absent)).stdout == ""


def test_a_comparison_as_csv_markdown_and_toml(tmp_path: Path) -> None:
    out = tmp_path / "对比.csv"
    assert subsidy("compare", MAKER, BANK, "-o", str(out)).returncode == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    assert set(rows[0]) == {"row", "title", MAKER, BANK, "differs"}
    by_row = {row["row"]: row for row in rows}
    assert (by_row["total"][MAKER], by_row["total"][BANK]) == ("33500000", "4200000")
    assert (by_row["claim_year"]["differs"], by_row["02-capacity"]["differs"]) == ("false", "true")
    markdown = subsidy("compare", MAKER, BANK, "--format", "markdown").stdout
    assert "| ≠ | 02-capacity | 产能扩大、产线升级投资奖励 | 26,000,000 | 0 |" in markdown
    assert tomllib.loads(subsidy("compare", MAKER, BANK, "--format", "toml").stdout)["schema"]


def test_no_name_in_a_comparison_can_run_or_break_a_table(tmp_path: Path) -> None:
    file = tmp_path / "a|b.toml"
    file.write_text(ENTERPRISE, "utf-8")
    text = subsidy("compare", str(file), MAKER, "--format", "csv").stdout
    assert "'=cmd" in text
    assert "\n=" not in text
    assert "a\\|b" in subsidy("compare", str(file), MAKER, "--format", "markdown").stdout


@pytest.mark.parametrize("columns", ["40", "60", "80", "140"])
def test_four_files_side_by_side_are_never_too_wide(columns: str) -> None:
    from rich.cells import cell_len

    names = ("manufacturer", "bank", "startup", "park_operator")
    files = [str(EXAMPLES / f"{name}.toml") for name in names]
    done = subsidy("compare", *files, COLUMNS=columns)
    assert max(map(cell_len, done.stdout.splitlines())) <= int(columns)
    for total in ("3,350", "420", "275"):
        assert total in done.stdout


def test_a_change_that_makes_the_file_doubtful_is_a_warning() -> None:
    arguments = (
        "whatif",
        MAKER,
        "--set",
        "agreement:一期投资协议.covers=investment:二期产钱",
        "--format",
        "json",
    )
    done = subsidy(*arguments)
    assert done.returncode == 0
    assert "investment:二期产线" in done.stderr
    assert subsidy(*arguments, "-q").stderr == ""
    assert subsidy("whatif", MAKER, "--set", "fx.usd_cny=7").stderr == ""


def test_a_shell_offers_the_figures_of_the_file(tmp_path: Path) -> None:
    bad = tmp_path / "坏.toml"
    bad.write_text("[[figures]]\n", "utf-8")

    def offered(*words: str) -> list[str]:
        line = " ".join(("subsidy", "whatif", *words))
        done = subsidy(_SUBSIDY_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(words) + 1))
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    assert offered(MAKER, "--set", "enterprise.in") == ["enterprise.in_zone="]
    assert offered(MAKER, "--sweep", "figures.2025.rev") == ["figures.2025.revenue="]
    assert f"{EQUIPMENT}=" in offered(MAKER, "--set", "inv")
    assert offered(str(bad), "--set", "enterprise.") == []
    assert offered("--set", "enterprise.") == []


def test_an_enterprise_is_in_the_zone_where_its_file_says_nothing() -> None:
    shown = subsidy("whatif", MAKER, "--set", "enterprise.in_zone=false", "--lang", "en").stdout
    assert re.search(r"(?m)^in the zone +yes +no *$", shown), shown
