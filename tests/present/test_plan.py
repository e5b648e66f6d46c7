"""What a person sees of a plan, and what a calendar, a spreadsheet and a document get of it."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest
from rich.cells import cell_len

from calc.engine.plan import Plan, plan
from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from, load_enterprise
from calc.policy.loader import base_text, packaged_rules, rules_from
from calc.policy.rules import Rules
from calc.policy.rules import Text as LabelText
from calc.present.data.plan_calendar import calendar_of
from calc.present.data.plan_rows import COLUMNS, csv_text, markdown_text
from calc.present.language import LanguageCode, language
from calc.present.look import Look
from calc.present.views.plan import plan_view
from tests.present.test_console import EXAMPLES, LANGUAGES, WIDTHS, compare, rendered

OVERLAY = """
[items.02-capacity]
filing = [{ from = "03-01", until = "04-30" }, { from = "12-15", until = "12-31" }]
materials = [{ zh = "设备购置合同和发票", en = "contracts and invoices" }]
"""
CLAIMS = """
[enterprise]
name = "三年计划公司"
claim_year = 2025
kinds = ["startup"]
[figures.2024]
rd_expense = "500万"
revenue = "1000万"
[figures.2023]
rd_expense = "400万"
[[investment]]
name = "一期"
year = 2025
purposes = ["capacity"]
equipment = "1亿"
green_equipment = "3000万"
construction_months = 12
[[investment]]
name = "二期"
year = 2026
purposes = ["capacity"]
equipment = "5000万"
construction_months = 12
[[investment]]
name = "三期"
year = 2028
purposes = ["capacity"]
equipment = "5000万"
construction_months = 12
[[first_launch]]
name = "首台"
year = 2025
[[agreement]]
name = "二期协议"
until = 2026-12-31
covers = ["investment:二期"]
[[expect]]
item = "11-startup"
year = 2025
amount = "150万"
[[expect]]
item = "11-startup"
year = 2026
amount = "150万"
"""


def dated_rules() -> Rules:
    documents = (("measures.toml", base_text()), ("细则.toml", OVERLAY))
    return rules_from([parse_document(name, text, is_json=False) for name, text in documents])


def three_years(rules: Rules | None = None, text: str = CLAIMS) -> Plan:
    rules = rules or packaged_rules()
    document = parse_document("三年.toml", text, is_json=False)
    enterprise = enterprise_from(document, rules.vocabulary, rules.item_ids).enterprise
    return plan(enterprise, rules, (2025, 2026, 2027), defers=True)


def shown(answer: Plan, width: int, code: LanguageCode, gain: int | None = None, **look: Any) -> str:
    return rendered(plan_view(answer, gain, Look(language(code), look.get("in_yuan", False), width)), width)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_plan_looks_as_it_did(width: int, code: LanguageCode) -> None:
    text = shown(three_years(dated_rules()), width, code, gain=9_000_000)
    compare(text, f"plan-{width}-{code}")
    assert all(cell_len(line) <= width for line in text.splitlines())


@pytest.mark.parametrize("width", [20, 40, 60, 100])
@pytest.mark.parametrize("name", ["manufacturer", "group", "bank", "startup", "bonded_trader"])
def test_every_filing_is_there_and_no_line_is_too_wide(name: str, width: int) -> None:
    enterprise = load_enterprise(
        str(EXAMPLES / f"{name}.toml"), packaged_rules().vocabulary, packaged_rules().item_ids
    ).enterprise
    answer = plan(enterprise, packaged_rules(), (2026, 2027), defers=True)
    text = shown(answer, width, "zh", in_yuan=True)
    assert all(cell_len(line) <= width for line in text.splitlines())
    assert "…" not in text
    together = re.sub(r"\s", "", text)
    for filing in answer.filings:
        assert filing.outcome.claim.item_id in together
        assert f"{filing.granted:,}元" in together
        assert filing.outcome.claim.item.departments[0] in together


def test_what_is_put_off_is_marked_and_its_gain_is_told() -> None:
    text = shown(three_years(), 100, "zh", gain=7_500_000)
    assert "推迟申报多得 750万元" in text
    # The green part of 一期 waits for 2026, 二期 for the end of its agreement.
    assert text.count("由 2025 年推迟") == 1
    assert text.count("由 2026 年推迟") == 1
    assert "推迟申报" not in shown(three_years(), 100, "zh")


def test_a_subject_filed_in_two_years_is_to_be_confirmed() -> None:
    """一期 is filed as a line in 2025 and, put off, as a retrofit in 2026; without the retrofit it is not."""
    asks = "请先向责任单位确认"
    assert asks in shown(three_years(), 140, "zh")
    assert asks not in shown(three_years(text=CLAIMS.replace('green_equipment = "3000万"', "")), 140, "zh")


def test_days_stand_where_the_rules_name_them_and_nowhere_else() -> None:
    """01 March stands for both lines; of the others the plan says that the source names no days."""
    dated, undated = shown(three_years(dated_rules()), 140, "zh"), shown(three_years(), 140, "zh")
    assert dated.count("申报时间：03-01至04-30、12-15至12-31") == 2
    assert "未标申报时间的，条文没有规定申报日期" in dated
    assert "申报时间" not in undated
    assert "条文没有规定申报日期：请关注各责任单位的申报指南" in undated


def test_the_same_words_stand_once_for_the_claims_of_an_item_in_a_year() -> None:
    text = CLAIMS.replace('name = "二期"\nyear = 2026', 'name = "二期"\nyear = 2025')
    answer = three_years(text=text.replace("until = 2026-12-31", "until = 2024-12-31"))
    assert [one.outcome.claim.item_id for one in answer.years[0].filings].count("02-capacity") == 2
    calendar = shown(answer, 140, "zh").partition("\n2026 年：")[0]
    assert calendar.count("需确认：新增企业投资项目；符合条件，经评审") == 1


def test_what_is_not_proven_is_said_of_a_plan_too() -> None:
    assert "未能证明最优" in shown(replace(three_years(), is_proven=False), 100, "zh")


def test_an_empty_plan_says_so() -> None:
    answer = three_years(text='[enterprise]\nname = "甲"\nclaim_year = 2025\n')
    assert shown(answer, 80, "zh").count("没有可计入金额的申报") == 3
    assert markdown_text(answer, language("zh"), in_yuan=False).count("没有可计入金额的申报") == 3


# --- iCalendar


def parts(answer: Plan, code: LanguageCode = "zh") -> tuple[list[Any], list[Any]]:
    """The events and the to-dos, read back."""
    calendar: Any = icalendar.Calendar.from_ical(calendar_of(answer, language(code)))
    return calendar.walk("VEVENT"), calendar.walk("VTODO")


def days(entry: Any) -> tuple[date, date]:
    return entry["dtstart"].dt, entry["dtend"].dt


def test_a_filing_with_days_is_an_event_on_each_span_of_them() -> None:
    events, todos = parts(three_years(dated_rules()))
    filed = [one for one in events if "02-capacity" in one["summary"]]
    assert [days(one) for one in filed if "一期" in one["summary"]] == [
        (date(2025, 3, 1), date(2025, 5, 1)),  # the end of a span is the day after it
        (date(2025, 12, 15), date(2026, 1, 1)),
    ]
    first = filed[0]
    assert first["summary"] == "三年计划公司 · 02-capacity 产能扩大、产线升级投资奖励 · 一期，最多 1,000万元"
    assert first["description"].splitlines() == [
        "责任单位：创新发展部",
        "申报时间：03-01至04-30、12-15至12-31",
        "材料：设备购置合同和发票",
        "需确认：新增企业投资项目；符合条件，经评审",
    ]
    assert [str(one) for one in first["categories"].cats] == ["创新发展部"]
    assert not [one for one in todos if "02-capacity" in one["summary"]]


def test_a_filing_without_days_is_a_to_do_without_a_date_and_stands_on_the_last_day_of_its_year() -> None:
    answer = three_years()
    events, todos = parts(answer)
    assert len(todos) == len(answer.filings)
    assert not [one for one in todos if {"DTSTART", "DUE", "DTEND"} & set(one)]
    ends = [one for one in events if "申报年度最后一天" in one["summary"]]
    assert [days(one) for one in ends] == [
        (date(year, 12, 31), date(year + 1, 1, 1)) for year in (2025, 2026, 2027)
    ]
    for year, end in zip(answer.years, ends, strict=True):
        lines = str(end["description"]).splitlines()
        assert "条文没有规定申报日期" in lines[0]
        assert [line.split()[0] for line in lines[1:]] == [one.outcome.claim.item_id for one in year.filings]


def test_agreements_open_and_the_policy_ends_on_their_days() -> None:
    events, _ = parts(three_years())
    opens, ends = ([one for one in events if word in one["summary"]] for word in ("协议", "有效期最后一天"))
    assert [days(one) for one in opens] == [(date(2027, 1, 1), date(2027, 1, 2))]
    assert opens[0]["description"] == "02-capacity 产能扩大、产线升级投资奖励 · 二期"
    assert [days(one) for one in ends] == [(date(2027, 12, 31), date(2028, 1, 1))]


def test_a_calendar_is_what_importers_take() -> None:
    content = calendar_of(three_years(dated_rules()), language("zh"))
    assert content.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//subsidy//plan//EN\r\n")
    assert b"METHOD" not in content
    assert content.count(b"\r\n") == content.count(b"\n")
    for line in content.splitlines():
        assert len(line) <= 75  # octets, and no character is cut
        assert line.decode()
    calendar: Any = icalendar.Calendar.from_ical(content)
    entries = [*calendar.walk("VEVENT"), *calendar.walk("VTODO")]
    assert all(one["dtstamp"].dt == datetime(2025, 4, 8, tzinfo=UTC) for one in entries)
    assert not [error for one in entries for error in one.errors]
    assert content.count(b"DTSTART;VALUE=DATE:") == content.count(b"DTSTART") == content.count(b"DTEND")


def test_a_filing_keeps_its_uid_and_no_two_share_one(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = three_years(dated_rules())
    uids = [str(one["uid"]) for group in parts(answer) for one in group]
    assert len(set(uids)) == len(uids)
    assert [str(one["uid"]) for group in parts(answer, "en") for one in group] == uids
    assert calendar_of(answer, language("zh")) == calendar_of(three_years(dated_rules()), language("zh"))
    more = three_years(dated_rules(), CLAIMS.replace('equipment = "1亿"', 'equipment = "2亿"'))
    assert [str(one["uid"]) for group in parts(more) for one in group] == uids
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert parts(answer)[0][0]["dtstamp"].dt == datetime(2026, 1, 1, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert parts(answer)[0][0]["dtstamp"].dt == datetime(2025, 4, 8, tzinfo=UTC)


def test_a_stranger_s_words_are_text_in_every_form() -> None:
    nasty, harmless = "\x1b]0;\u202e=|<b>\r\nEND:VEVENT\r\n", "\\u{1b}]0;\\u{202e}=|<b>\\u{d}\\u{a}END:VEVENT"
    rules = packaged_rules()
    label = LabelText.model_construct(zh=f"甲{nasty}", en=f"a{nasty}")
    changes = {"title": label, "departments": (f"={nasty}", f"丙{nasty}"), "materials": (label,)}
    items = {name: item.model_copy(update=changes) for name, item in rules.items.items()}
    answer = three_years(replace(rules, items=items))
    events, todos = parts(answer)
    assert len(todos) == len(answer.filings)
    assert all(harmless in one["summary"] for one in todos)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", "".join(str(one["description"]) for one in todos))
    assert not [one for one in events if "\x1b" in one["summary"]]
    for text in (shown(answer, 140, "zh"), markdown_text(answer, language("zh"), in_yuan=False)):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert all(
        row[3].startswith("'=")
        for row in csv.reader(io.StringIO(csv_text(answer, language("zh"))))
        if row[0] != "source"
    )


# --- rows


def test_a_spreadsheet_has_a_row_for_each_filing() -> None:
    answer = three_years(dated_rules())
    rows = list(csv.DictReader(io.StringIO(csv_text(answer, language("zh")))))
    assert list(rows[0]) == list(COLUMNS)
    assert [(row["claim_year"], row["item"], int(row["granted"])) for row in rows] == [
        (str(one.year), one.outcome.claim.item_id, one.granted) for one in answer.filings
    ]
    assert (rows[0]["filing"], rows[0]["materials"]) == (
        "03-01至04-30、12-15至12-31",
        "设备购置合同和发票",
    )


def test_a_document_has_a_table_for_each_year() -> None:
    text = markdown_text(three_years(dated_rules()), language("zh"), in_yuan=False)
    assert text.count("|---|---|---:|---|---|") == 3
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in tables} == {6}
    assert "| 创新发展部 | 02-capacity 产能扩大、产线升级投资奖励 · 一期 | 1,000万元 |" in text
