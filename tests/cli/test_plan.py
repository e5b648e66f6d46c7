"""``plan`` as a process: the calendar file, the hint, the forms for spreadsheets and documents."""

import json
from pathlib import Path

import icalendar
import pytest

from tests.cli.test_command import ENTERPRISE, subsidy

EXAMPLES = Path(__file__).parents[2] / "examples"
MAKER = str(EXAMPLES / "manufacturer.toml")
SPAN = ("--years", "2026-2027")


def names(content: bytes) -> list[str]:
    calendar = icalendar.Calendar.from_ical(content.decode())
    return [str(one.name) for one in calendar.subcomponents]


def test_a_calendar_is_written_beside_the_table(tmp_path: Path) -> None:
    path = tmp_path / "申报.ics"
    done = subsidy("plan", MAKER, *SPAN, "--defer", "--ics", str(path), "--lang", "zh")
    assert done.returncode == 0
    assert "2026-2027 年申报计划" in done.stdout
    assert "申报.ics" in done.stderr
    # Six filings in 2026 and five in 2027, none with days; two ends of years, an opening, the policy's end.
    assert sorted(names(path.read_bytes())) == ["VEVENT"] * 4 + ["VTODO"] * 11
    assert [one.name for one in tmp_path.iterdir()] == ["申报.ics"]
    before = path.read_bytes()
    assert subsidy("plan", MAKER, *SPAN, "--defer", "--ics", str(path), "--quiet").stderr == ""
    assert path.read_bytes() == before


def test_a_calendar_can_take_the_place_of_the_table() -> None:
    done = subsidy("plan", MAKER, *SPAN, "--ics", "-")
    assert done.returncode == 0
    assert done.stdout.startswith("BEGIN:VCALENDAR")
    assert done.stdout.rstrip().endswith("END:VCALENDAR")


@pytest.mark.parametrize("place", ["missing/申报.ics", "."])
def test_a_calendar_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path: Path, place: str) -> None:
    done = subsidy("plan", MAKER, "--ics", str(tmp_path / place))
    assert done.returncode == 73
    assert done.stdout == ""
    assert str(tmp_path) in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_wrong_leaves_the_calendar_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "申报.ics"
    path.write_text("old", "utf-8")
    for arguments, code in (
        ((str(EXAMPLES / "mistakes" / "gbk.toml"),), 65),
        ((MAKER, "--years", "soon"), 2),
    ):
        assert subsidy("plan", *arguments, "--ics", str(path)).returncode == code
    assert path.read_text("utf-8") == "old"


def test_the_hint_says_what_putting_filings_off_would_pay() -> None:
    """In 2027: the green part 500万, the scenario 100万, the second line 300万."""
    done = subsidy("plan", MAKER, *SPAN, "--lang", "zh")
    assert "推迟申报可多得 900万元：加 --defer" in done.stderr
    assert "9,000,000 元" not in done.stderr
    assert "9,000,000元" in subsidy("plan", MAKER, *SPAN, "--yuan", "--lang", "zh").stderr
    assert "--defer" not in subsidy("plan", MAKER, *SPAN, "--quiet").stderr
    deferred = subsidy("plan", MAKER, *SPAN, "--defer", "--lang", "zh")
    assert "推迟申报多得 900万元" in deferred.stdout
    assert deferred.stderr == ""
    assert subsidy("plan", MAKER, "--years", "2026", "--lang", "zh").stderr == ""


def test_a_plan_can_be_a_spreadsheet_and_a_document(tmp_path: Path) -> None:
    rows = subsidy("plan", MAKER, *SPAN, "--format", "csv").stdout.splitlines()
    assert rows[0].startswith("source,enterprise,claim_year,department,")
    assert len(rows) == 1 + 6 + 2
    path = tmp_path / "计划.md"
    assert subsidy("plan", MAKER, *SPAN, "-o", str(path), "--lang", "zh").returncode == 0
    assert path.read_text("utf-8").startswith("## 晋北精工装备有限公司 · 2026-2027 年申报计划\n")


def test_the_years_end_with_the_policy_and_may_run_beyond() -> None:
    years = json.loads(subsidy("plan", MAKER, "--format", "json").stdout)["years"]
    assert [one["claim_year"] for one in years] == [2026, 2027]
    beyond = json.loads(subsidy("plan", MAKER, "--years", "2027-2029", "--format", "json").stdout)["years"]
    assert [(one["claim_year"], one["total"] > 0) for one in beyond] == [
        (2027, True),
        (2028, False),
        (2029, False),
    ]
    late = subsidy("plan", "-", "--year", "2030", "--format", "json", text=ENTERPRISE)
    assert [one["claim_year"] for one in json.loads(late.stdout)["years"]] == [2030]
