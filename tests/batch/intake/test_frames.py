# ruff: noqa: E501 -- the lists are data, denser than code
"""Tables taken in column by column: the same as the strict loader reads, or left to it."""

import random
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from calc.batch.intake.base import Intake
from calc.batch.intake.cells.text import Header
from calc.batch.intake.columns.frames import portfolio_of_table
from calc.batch.intake.columns.header import check_columns, nested_schema
from calc.batch.portfolio import Numbers
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from tests.batch.intake.made_up import (
    ITEMS,
    VOCABULARY,
    Content,
    as_decimal,
    as_float,
    as_texts,
    content_of,
    dotted,
    good_document,
    load,
    nested,
    of_enterprise,
    of_member,
)

EXAMPLES = sorted(
    path for path in Path("examples").glob("*.toml") if not path.name.endswith(".expected.toml")
)
SHAPES: dict[str, Callable[[list[Content]], pa.Table]] = {
    "nested decimals": lambda contents: nested(contents, as_decimal),
    "nested floats": lambda contents: nested(contents, as_float),
    "dotted decimals": lambda contents: dotted(contents, as_decimal),
    "dotted floats": lambda contents: dotted(contents, as_float),
    "texts": as_texts,
}


def take_in(table: pa.Table, claim_year: int | None = None) -> Intake:
    return portfolio_of_table(table, VOCABULARY, ITEMS, claim_year)


def check(table: pa.Table, claim_year: int | None = None) -> Intake:
    """Whatever is taken in is what the strict loader reads of the same row."""
    intake = take_in(table, claim_year)
    assert sorted([*intake.places.tolist(), *intake.rest]) == list(range(len(table)))
    assert intake.portfolio.size == len(intake.places)
    for member, place in enumerate(intake.places.tolist()):
        loaded = load(content_of(table, place, VOCABULARY), claim_year)
        assert of_member(intake.portfolio, member) == of_enterprise(loaded)
    return intake


def documents(number: int, seed: int) -> list[Content]:
    dice = random.Random(seed)
    return [good_document(dice) for _ in range(number)]


@pytest.mark.parametrize("shape", SHAPES)
def test_good_documents_are_all_taken_in(shape: str) -> None:
    contents = documents(60, 1)
    intake = check(SHAPES[shape](contents))
    assert not intake.rest
    for member, content in enumerate(contents):
        assert of_member(intake.portfolio, member) == of_enterprise(load(content))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_taken_in(path: Path, shape: str) -> None:
    content = tomllib.loads(path.read_text("utf-8"), parse_float=FloatText)
    intake = check(SHAPES[shape]([content]))
    assert not intake.rest
    assert of_member(intake.portfolio, 0) == of_enterprise(load(content))


FULL: Content = {
    "enterprise": {"name": "甲", "claim_year": 2026, "uscc": "91110000600037341L", "kinds": ["sme"], "in_zone": True, "filing_date": date(2026, 5, 1)},
    "kinds": {"2026": ["high_tech"]},
    "fx": {"usd_cny": FloatText("7.1")},
    "figures": {"2025": {"revenue": 10**9, "trainees": 12, "fdi_usd": "300万", "outstanding_results": True}},
    "investment": [{"name": "一", "year": 2026, "purposes": ["capacity"], "equipment": 10**8, "green_equipment": 5, "construction_months": 3}, {"name": "二", "year": 2026, "purposes": ["chain"]}],
    "title": [{"name": "t", "year": 2026, "kind": "park", "level": "national"}],
    "contest": [{"name": "c", "year": 2026, "level": "national", "prize": 1}],
    "park": [{"name": "p", "year": 2026, "kind": "sme", "occupancy": FloatText("0.5"), "operated_area_m2": FloatText("2.25")}],
    "loan": [{"name": "l", "purpose": "technology", "kind": "credit", "start": date(2026, 1, 1), "months": 12}, {"name": "m", "purpose": "technology", "kind": "credit", "start": date(2026, 1, 1), "months": 12}],
    "agreement": [{"name": "a", "from": date(2025, 1, 1), "until": date(2026, 1, 1), "covers": ["*"]}, {"name": "b", "until": date(2026, 1, 1), "covers": ["loan:l"]}],
    "received": [{"item": "18-aeo", "year": 2025, "amount": 5}],
    "expect": [{"item": "18-aeo", "year": 2026, "amount": 5, "subject": "title:t"}],
}  # fmt: skip

GONE = "(gone)"
BROKEN: list[tuple[tuple[str | int, ...], Any]] = [
    (("enterprise", "name"), GONE), (("enterprise", "name"), " 　"), (("enterprise", "name"), "a\u202eb"), (("enterprise", "name"), "a\tb"),
    (("enterprise", "name"), "a\u00adb"), (("enterprise", "name"), "甲" * 201), (("enterprise", "name"), "a\ufeff"), (("enterprise", "name"), "tag\U000e0041"),
    (("enterprise", "claim_year"), GONE), (("enterprise", "claim_year"), 1999), (("enterprise", "claim_year"), 2101), (("enterprise", "claim_year"), "MMXXVI"), (("enterprise", "claim_year"), True),
    (("enterprise", "uscc"), "91110000600037341M"), (("enterprise", "uscc"), "91110000600037341"), (("enterprise", "uscc"), "I1110000600037341L"), (("enterprise", "uscc"), 5),
    (("enterprise", "filing_date"), "2026-02-30"), (("enterprise", "filing_date"), datetime(2026, 2, 3, 10)), (("enterprise", "in_zone"), "vielleicht"), (("enterprise", "in_zone"), 2),
    (("enterprise", "kinds"), ["bnak"]), (("kinds", "2026"), ["x"]), (("kinds", "2026"), 7), (("fx", "usd_cny"), 0), (("fx", "usd_cny"), FloatText("-1.5")), (("fx", "usd_cny"), "7元"),
    (("figures", "2025", "revenue"), -1), (("figures", "2025", "revenue"), FloatText("1.234")), (("figures", "2025", "revenue"), 10**15), (("figures", "2025", "revenue"), "viel"),
    (("figures", "2025", "revenue"), "0.0000001万"), (("figures", "2025", "revenue"), True), (("figures", "2025", "revenue"), "1,23"), (("figures", "2025", "fdi_usd"), "300万元"), (("figures", "2025", "revenue"), "3美元"),
    (("figures", "2025", "trainees"), FloatText("1.5")), (("figures", "2025", "trainees"), "zwölf"), (("figures", "2025", "outstanding_results"), "ja"), (("figures", "2025", "revenue"), ["5"]),
    (("investment", 0, "name"), GONE), (("investment", 0, "year"), GONE), (("investment", 0, "year"), 1990), (("investment", 0, "purposes"), GONE), (("investment", 0, "purposes"), ["x"]),
    (("investment", 0, "green_equipment"), 10**8 + 1), (("investment", 1, "name"), "一"), (("investment", 0, "construction_months"), FloatText("0.5")),
    (("title", 0, "level"), GONE), (("title", 0, "kind"), "prak"), (("title", 0, "kind"), GONE), (("contest", 0, "prize"), 0), (("contest", 0, "level"), "world"),
    (("park", 0, "occupancy"), FloatText("1.5")), (("park", 0, "occupancy"), "101%"), (("park", 0, "operated_area_m2"), "5亩"), (("park", 0, "operated_area_m2"), FloatText("-0.5")),
    (("loan", 0, "start"), GONE), (("loan", 0, "start"), "gestern"), (("loan", 1, "name"), "l"), (("loan", 0, "months"), GONE),
    (("agreement", 0, "until"), GONE), (("agreement", 0, "until"), date(2024, 12, 31)), (("agreement", 0, "covers"), GONE), (("agreement", 0, "covers"), ["02-x"]), (("agreement", 1, "name"), "a"),
    (("agreement", 0, "covers"), ["a:\u200f"]), (("received", 0, "item"), "99-x"), (("received", 0, "item"), GONE), (("received", 0, "year"), GONE), (("received", 0, "amount"), GONE), (("expect", 0, "amount"), -5),
    (("expect", 0, "subject"), "\x07"), (("expect", 0, "year"), 20260),
]  # fmt: skip


def broken(path: tuple[str | int, ...], value: Any) -> Content:
    content: Any = {part: _copy(inner) for part, inner in FULL.items()}
    node = content
    for key in path[:-1]:
        node = node[key]
    if value is GONE:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return dict(content)


def _copy(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copy(one) for key, one in node.items()}
    return [_copy(one) for one in node] if isinstance(node, list) else node


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("path", "value"), BROKEN, ids=str)
def test_what_the_loader_refuses_is_left_to_it(path: tuple[str | int, ...], value: Any, shape: str) -> None:
    content = broken(path, value)
    with pytest.raises(InputError):
        load(content)
    if shape == "texts" and (isinstance(value, bool | int | datetime) or value == ["5"]):
        pytest.skip("a text of it may be right")
    table = SHAPES[shape]([content])
    intake = take_in(table)
    assert intake.rest == (0,)
    with pytest.raises(InputError):
        load(content_of(table, 0, VOCABULARY))


def test_a_broken_row_costs_that_row_alone() -> None:
    contents = documents(40, 2)
    bad = broken(("figures", "2025", "revenue"), "viel")
    mixed = [bad if place % 5 == 3 else content for place, content in enumerate(contents)]
    for shape in ("nested decimals", "dotted floats", "texts"):
        intake = check(SHAPES[shape](mixed))
        assert intake.rest == tuple(range(3, 40, 5))


def test_a_claim_year_given_wins() -> None:
    table = dotted(
        [FULL, broken(("enterprise", "claim_year"), GONE), broken(("enterprise", "claim_year"), 1999)],
        as_decimal,
    )
    intake = check(table, 2027)
    assert intake.places.tolist() == [0, 1]
    assert intake.portfolio.claim_years.tolist() == [2027, 2027]


def test_slices_chunks_and_nothing() -> None:
    contents = documents(30, 3)
    table = nested(contents, as_decimal)
    whole = take_in(table).portfolio
    part = take_in(table.slice(7, 11)).portfolio
    chunked = take_in(pa.concat_tables([table.slice(0, 4), table.slice(4, 1), table.slice(5)])).portfolio
    for member in range(11):
        assert of_member(part, member) == of_member(whole, member + 7)
    assert [of_member(chunked, one) for one in range(30)] == [of_member(whole, one) for one in range(30)]
    assert take_in(table.slice(0, 0)).portfolio.size == 0
    assert take_in(pa.table({})).portfolio.size == 0
    assert take_in(table.schema.empty_table()).rest == ()


def test_a_table_of_the_whole_schema_holds_all_and_nulls_are_absent() -> None:
    schema = nested_schema(VOCABULARY)
    check_columns(schema, VOCABULARY)
    nobody = pa.table({field.name: pa.nulls(2, field.type) for field in schema}, schema=schema)
    assert take_in(nobody).rest == (0, 1)
    row = {
        "enterprise": {"name": "甲", "claim_year": 2026},
        "kinds": [{"year": 2026, "kinds": ["sme"]}, {"year": 2027, "kinds": None}],
        "fx": {"usd_cny": Decimal("7.1")},
        "figures": [{"year": 2025, "revenue": Decimal("12.5")}, None, {"year": 2024, "trainees": 3}],
        "investment": [{"name": "一", "year": 2026, "purposes": []}, None],
    }
    intake = check(pa.Table.from_pylist([row], schema=schema))
    portfolio = intake.portfolio
    assert not intake.rest
    assert portfolio.figures["revenue", 1].units.tolist() == [1250]  # type: ignore[union-attr]
    assert portfolio.fx["usd_cny"][::2] == (np.array([71]), 10)
    assert [*portfolio.entries] == ["investment"]


@pytest.mark.parametrize(
    ("figures", "kind"),
    [
        ({"2025": {"revenue": 5}}, pa.struct([("2025", pa.struct([("revenue", pa.int16())]))])),
        ([("2025", {"revenue": 5})], pa.map_(pa.string(), pa.struct([("revenue", pa.uint64())]))),
        ([(2025, {"revenue": 5}), (2024, None)], pa.map_(pa.int32(), pa.struct([("revenue", pa.float64())]))),
        ([{"key": 2025, "value": {"revenue": "5元"}}], pa.large_list(pa.struct([("key", pa.int64()), ("value", pa.struct([("revenue", pa.large_string())]))]))),
        ([{"year": "2025", "revenue": Decimal(5)}], pa.list_(pa.struct([("year", pa.string()), ("revenue", pa.decimal256(40, 0))]))),
    ],
)  # fmt: skip
def test_figures_by_year_in_every_form(figures: Any, kind: pa.DataType) -> None:
    table = pa.table({"name": ["甲"], "claim_year": [2026], "figures": pa.array([figures], kind)})
    intake = check(table)
    assert intake.portfolio.figures["revenue", 1].units.tolist() == [500]  # type: ignore[union-attr]


def test_a_year_given_twice_is_refused() -> None:
    kind = pa.list_(pa.struct([("year", pa.int32()), ("revenue", pa.int32())]))
    twice = pa.array([[{"year": 2025, "revenue": 5}, {"year": 2025, "revenue": 6}]], kind)
    table = pa.table({"name": ["甲"], "claim_year": [2026], "figures": twice})
    assert take_in(table).rest == (0,)
    with pytest.raises(InputError):
        content_of(table, 0, VOCABULARY)
    mixed = pa.table(
        {"name": ["甲"], "claim_year": [2026], "figures": twice.slice(0, 1), "figures.2024.revenue": [1]}
    )
    assert take_in(mixed).rest == (0,)


def test_lists_and_columns_of_one_table_stand_together_in_order() -> None:
    kind = pa.list_(pa.struct([("name", pa.string()), ("year", pa.int64())]))
    table = pa.table({
        "name": ["甲", "乙"], "claim_year": [2026, 2026],
        "certificate": pa.array([[{"name": "a", "year": 2026}], None], kind),
        "certificate.7.name": [None, "z"], "certificate.7.year": [None, 2026.0],
        "certificate.2.name": ["b", "y"], "certificate.2.year": [2026, 2025],
    })  # fmt: skip
    part = check(table).portfolio.entries["certificate"]
    assert (part.owners.tolist(), part.names.to_pylist()) == ([0, 0, 1, 1], ["a", "b", "y", "z"])


@pytest.mark.parametrize(
    ("kind", "values", "units"),
    [
        (pa.int8(), [5, None], [500, 0]), (pa.uint64(), [2**63, 5], [None, 500]), (pa.decimal128(38, 10), [Decimal("1.5"), Decimal("0.001")], [150, None]),
        (pa.decimal256(60, 30), [Decimal("1.5"), Decimal("1e20")], [150, None]), (pa.decimal32(7, 3), [Decimal("1.5"), Decimal("0.001")], [150, None]), (pa.decimal128(5, -2), [Decimal("1e4"), None], [10**6, 0]),
        (pa.float64(), [0.1 + 0.2, 0.3], [None, 30]), (pa.float64(), [float("nan"), 1e300], [None, None]), (pa.float64(), [1234567.89, -0.0], [123456789, 0]), (pa.float32(), [0.1, 16777216.0], [10, 1677721600]),
        (pa.float64(), [123456789012345.67, 99999999999999.99], [12345678901234567, 9999999999999998]), (pa.float64(), [5e-324, 1e14], [None, 10**16]), (pa.string_view(), ["5万", "1e3"], [5000000, None]),
        (pa.dictionary(pa.int8(), pa.string()), ["1.3亿元", "１００"], [13000000000, 10000]), (pa.large_binary(), [b"5", b"\xff"], [500, None]), (pa.string(), ["", "  "], [0, 0]), (pa.string(), ["00012.5", "9" * 15], [1250, (10**15 - 1) * 100]),
        (pa.string(), ["999999999999.9999亿", "0.0001亿"], [None, 10**6]), (pa.bool_(), [True, None], [None, 0]), (pa.null(), [None, None], [0, 0]), (pa.duration("s"), [5, None], [None, 0]),
    ],
)  # fmt: skip
def test_sums_of_every_physical_type_are_exact(
    kind: pa.DataType, values: list[Any], units: list[Any]
) -> None:
    column = (
        pa.array(values, kind)
        if kind != pa.decimal128(5, -2)
        else pa.array(values, pa.decimal128(9, 0)).cast(kind)
    )
    table = pa.table({"name": ["甲", "乙"], "claim_year": [2026, 2026], "figures.2025.revenue": column})
    intake = check(table)
    assert intake.rest == tuple(place for place, one in enumerate(units) if one is None)
    kept = [one for one in units if one is not None]
    given = intake.portfolio.figures.get(("revenue", 1))
    assert kept == (given.units.tolist() if given is not None else [0] * len(kept))  # type: ignore[union-attr]


def test_rates_and_areas_stand_at_the_least_scale() -> None:
    table = pa.table({
        "name": ["甲", "乙", "丙"], "claim_year": [2026] * 3, "park.1.name": ["p"] * 3, "park.1.year": [2026] * 3, "park.1.kind": ["sme"] * 3,
        "park.1.occupancy": [0.5, 0.25, 0.1], "park.1.operated_area_m2": pa.array(["12.125", "10000000", "0.1234567890123"]),
    })  # fmt: skip
    intake = check(table)
    assert intake.rest == (2,)  # finer than any column
    fields = intake.portfolio.entries["park"].fields
    assert (fields["occupancy"].scale, fields["operated_area_m2"].scale) == (100, 1000)  # type: ignore[union-attr]


def test_days_of_every_type() -> None:
    for values in (
        pa.array([date(2026, 1, 2)]), pa.array([date(2026, 1, 2)], pa.date64()), pa.array([datetime(2026, 1, 2)], pa.timestamp("ns")),
        pa.array(["2026-01-02"]), pa.array(["2026/1/2"]), pa.array(["２０２６-01-02"]),
    ):  # fmt: skip
        table = pa.table({"name": ["甲"], "claim_year": ["2026"], "filing_date": values})
        assert check(table).portfolio.filing_days.units.tolist() == [date(2026, 1, 2).toordinal()]
    for values in (
        pa.array([datetime(2026, 1, 2, 1)]), pa.array([10**9], pa.date32()), pa.array([2**62], pa.timestamp("s")),
        pa.array([datetime(2026, 1, 2)], pa.timestamp("us", "UTC")), pa.array([7], pa.int64()),
    ):  # fmt: skip
        table = pa.table({"name": ["甲"], "claim_year": ["2026"], "filing_date": values})
        assert take_in(table).rest == (0,)
        with pytest.raises(InputError):
            load(content_of(table, 0, VOCABULARY))


@pytest.mark.parametrize(
    ("column", "text", "leaf"),
    [
        ("claim_year", "２,026", 2026), ("claim_year", "2026.0", 2026), ("filing_date", "2026年1月2日", "2026-01-02"),
        ("filing_date", "2026.1.2", "2026-01-02"), ("filing_date", "2026-1-2 00:00:00", "2026-01-02"), ("in_zone", " 否 ", False),
        ("kinds", "sme；private", ["sme", "private"]), ("figures.2025.rd_talents", "1,200", 1200), ("figures.2025.revenue", " 2600万 ", "2600万"),
        ("loan.1.months", "12.0", 12), ("agreement.1.covers", '["*", 1.50]', ["*", FloatText("1.5")]), ("received.1.item", " 02-capacity ", "02-capacity"),
    ],
)  # fmt: skip
def test_texts_of_columns_are_read_as_the_cells_of_a_spreadsheet(column: str, text: str, leaf: Any) -> None:
    content = content_of(pa.table({column: [text]}), 0, VOCABULARY)
    assert content == Header("", [column], VOCABULARY).content([text])
    assert repr(leaf) in repr(content)


def test_an_apostrophe_before_a_formula_is_part_of_a_text_that_is_no_cell() -> None:
    assert content_of(pa.table({"name": ["'=1"]}), 0, VOCABULARY) == {"enterprise": {"name": "'=1"}}


def test_texts_that_are_no_utf_8_are_left_to_the_loader() -> None:
    for kind, raw in ((pa.string(), pa.binary()), (pa.large_string(), pa.large_binary())):
        names = pa.array([b"\xff\xfe", "甲".encode(), None], raw).view(kind)
        table = pa.table({"name": names, "claim_year": [2026] * 3})
        assert set(take_in(table).rest) >= {0, 2}
        with pytest.raises(InputError):
            load(content_of(table, 0, VOCABULARY))
        assert load(content_of(table, 1, VOCABULARY)).name == "甲"
        for column in ("figures.2025.revenue", "enterprise.in_zone", "enterprise.uscc", "agreement.1.covers"):
            check(table.set_column(0, "name", pa.array(["甲"] * 3)).append_column(column, names))
    half = pa.table({"name": ["甲"], "claim_year": [2026], "agreement.1.covers": ['["\\ud83d:"]']})
    assert check(half).rest == (0,)
    kinds = pa.ListArray.from_arrays([0, 1, 2], pa.array([b"\xff", b"sme"]).view(pa.string()))
    for column in ("kinds", "agreement.1.covers"):
        table = pa.table({"name": ["甲"] * 2, "claim_year": [2026] * 2, column: kinds})
        assert 0 in check(table).rest


@pytest.mark.parametrize(
    ("columns", "wrong", "nearest"),
    [
        ({"nmae": ["甲"]}, "nmae", "name"), ({"figures.2025.revenu": [1]}, "figures.2025.revenu", "figures.2025.revenue"), ({"investment.0.name": ["a"]}, "investment.0.name", None),
        ({"investmnt.1.name": ["a"]}, "investmnt.1.name", "investment.1.name"), ({"figures.1990.revenue": [1]}, "figures.1990.revenue", None), ({"figures": [{"2025": {"revenu": 1}}]}, "figures.2025.revenu", None),
        ({"investment": [[{"nam": "a"}]]}, "investment.nam", "investment.name"), ({"企业": ["甲"]}, "企业", "enterprise"), ({"figures": [[{"year": 2025, "revenu": 1}]]}, "figures.revenu", "figures.revenue"),
        ({"a.b.c.d": [1]}, "a.b.c.d", None), ({"": [1]}, "", None), ({"kinds.27": ["sme"]}, "kinds.27", None),
    ],
)  # fmt: skip
def test_columns_that_mean_nothing_are_told_at_once(columns: Any, wrong: str, nearest: str | None) -> None:
    with pytest.raises(InputError) as caught:
        take_in(pa.table({"name": ["甲"], **columns, "zzz.zzz": [1]}))
    told = {problem.value: problem for problem in caught.value.problems}
    assert {wrong, "zzz.zzz"} <= told.keys()
    assert nearest is None or told[wrong].nearest == nearest


def test_a_column_given_twice_is_told() -> None:
    with pytest.raises(InputError) as caught:
        take_in(pa.table({"name": ["甲"], "enterprise.name": ["乙"]}))
    assert [problem.code for problem in caught.value.problems] == ["duplicate_key"]


def test_something_else_where_a_table_should_be_is_left_to_the_loader() -> None:
    for wrong in (
        {"investment": [5]},
        {"figures": ["x"], "figures.2025.revenue": [1]},
        {"fx": [True], "fx.usd_cny": [1]},
        {"loan.1": ["x"], "loan.1.name": ["a"]},
        {"figures": ["x"]},
        {"fx": [7.1]},
        {"enterprise": ["x"]},
        {"investment.1": ["x"]},
        {"kinds.2026": [[1]]},
    ):
        table = pa.table({"name": ["甲"], "claim_year": [2026], **wrong})
        assert take_in(table).rest == (0,)
        if "enterprise" not in wrong:
            with pytest.raises(InputError):
                load(content_of(table, 0, VOCABULARY))


def test_every_enterprise_of_random_tables_is_read_as_the_loader_reads_it() -> None:
    dice = random.Random(7)
    for _ in range(15):
        content = good_document(dice)
        path, value = dice.choice(BROKEN)
        node: Any = content
        for key in path[:-1]:
            node = node.get(key) if isinstance(node, dict) else node[key] if int(key) < len(node) else None
            if node is None:
                break
        if node is not None and value is not GONE:
            node[path[-1]] = value
        for make in SHAPES.values():
            check(make([content]))


def test_a_vocabulary_of_too_many_words_is_left_to_the_loader() -> None:
    from dataclasses import replace

    word = next(iter(VOCABULARY.kinds.values()))
    many = replace(VOCABULARY, kinds={f"k{place}": word for place in range(65)})
    intake = portfolio_of_table(pa.table({"name": ["甲"], "claim_year": [2026]}), many, ITEMS, None)
    assert (intake.rest, intake.portfolio.size) == ((0,), 0)


def test_large_numbers_of_entries_take_no_time_that_grows_with_their_square() -> None:
    kind = pa.list_(pa.struct([("name", pa.string()), ("year", pa.int64())]))
    entries = [{"name": f"n{place}", "year": 2026} for place in range(20_000)]
    table = pa.table({"name": ["甲"], "claim_year": [2026], "certificate": pa.array([entries], kind)})
    assert take_in(table).portfolio.size == 1
    entries[19_999]["name"] = "n0"
    table = pa.table({"name": ["甲"], "claim_year": [2026], "certificate": pa.array([entries], kind)})
    assert take_in(table).rest == (0,)


def test_what_lies_under_a_null_list_belongs_to_nobody() -> None:
    inner = pa.array([{"name": "a", "year": 1}, {"name": "b", "year": 2026}])
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), inner, mask=pa.array([True, False]))
    kinds = pa.ListArray.from_arrays([0, 1, 2], pa.array(["x", "sme"]), mask=pa.array([True, False]))
    table = pa.table({"name": ["甲", "乙"], "claim_year": [2026] * 2, "certificate": lists, "kinds": kinds})
    intake = check(table)
    assert not intake.rest
    assert intake.portfolio.entries["certificate"].owners.tolist() == [1]


def with_dictionaries(values: pa.Array, unused: list[bytes]) -> pa.Array:
    """The same values, texts as places in a dictionary that holds others too."""
    kind = values.type
    if pa.types.is_struct(kind):
        inner = [with_dictionaries(one, unused) for one in values.flatten()]
        return pa.StructArray.from_arrays(inner, [one.name for one in kind], mask=values.is_null())
    if pa.types.is_list(kind):
        inner = with_dictionaries(values.values, unused)
        return pa.ListArray.from_arrays(values.offsets, inner, mask=values.is_null())
    if not pa.types.is_string(kind):
        return values
    encoded = values.dictionary_encode()
    others = pa.array(unused, pa.binary()).view(pa.string())
    distinct = pa.concat_arrays([others, encoded.dictionary, encoded.dictionary])
    twice = pa.array([place % 2 * len(encoded.dictionary) + len(others) for place in range(len(values))])
    return pa.DictionaryArray.from_arrays(pc.add(encoded.indices, twice), distinct)


def table_with_dictionaries(table: pa.Table, unused: list[bytes]) -> pa.Table:
    columns = [with_dictionaries(one.combine_chunks(), unused) for one in table.columns]
    return pa.table(columns, names=table.column_names)


@pytest.mark.parametrize("shape", SHAPES)
def test_dictionaries_are_read_as_the_texts_that_they_stand_for(shape: str) -> None:
    contents = [*documents(8, 5), *(broken(path, value) for path, value in BROKEN[:6])]
    table = SHAPES[shape](contents)
    plain = take_in(table)
    for unused, start, end in (([], 0, 14), ([b"", b"?"], 3, 12), ([b"a\nb"] * 99, 7, 9)):
        intake = check(table_with_dictionaries(table, unused).slice(start, end - start))
        assert intake.rest == tuple(one - start for one in plain.rest if start <= one < end)


def test_dictionaries_may_hold_nulls_and_what_is_no_text() -> None:
    columns = {"name": ["甲", "乙", "丙"], "claim_year": [2026] * 3, "title.1.name": ["a"] * 3}
    columns |= {"title.1.year": [2026] * 3, "title.1.level": ["national"] * 3}
    for raw in (
        [b"makerspace", b"\xff", None],
        [b"makerspace", None, b"\xff", b""],
        [b"\xff", b"makerspace"],
    ):
        distinct = pa.array(raw, pa.binary()).view(pa.string())
        for indices in ([0, 1, 2 % len(raw)], [0, None, 1], [None, None, 0]):
            values = pa.DictionaryArray.from_arrays(pa.array(indices, pa.int8()), distinct)
            for column in ("title.1.kind", "name", "uscc", "figures.2025.revenue", "kinds", "filing_date"):
                table = pa.table({**columns, column: values})
                assert (
                    check(table).rest == check(pa.table({**columns, column: values.cast(pa.string())})).rest
                )


def test_views_of_text_lie_within_entries_as_other_texts_do() -> None:
    views = pa.large_list(pa.string_view())
    entry = {"name": pa.string_view(), "year": pa.int64(), "purposes": views, "equipment": pa.string_view()}
    rows: list[list[dict[str, Any] | None] | None] = [
        [{"name": "一期", "year": 2026, "purposes": ["capacity"], "equipment": "3000万"}, None],
        None,
        [None, {"name": "二期", "year": 2026, "purposes": ["nothing"], "equipment": "1"}],
        [{"name": "三期", "year": 2026, "purposes": [], "equipment": None}],
    ]
    head = {"name": pa.array(["甲", "乙", "丙", "丁"], pa.string_view()), "claim_year": [2026] * 4}
    whole = pa.table({**head, "investment": pa.array(rows, pa.list_(pa.struct([*entry.items()])))})
    ones: list[dict[str, Any]] = [next(filter(None, row or []), {}) for row in rows]
    apart = {
        f"investment.1.{key}": pa.array([one.get(key) for one in ones], kind) for key, kind in entry.items()
    }
    for table in (whole, pa.table({**head, **apart}), pa.table({**head, **apart}).slice(1)):
        assert check(table).rest == (len(table) - 2,)


def garbage(kind: pa.DataType, data: Any, valid: list[bool]) -> pa.Array:
    """Values of which some are null, whatever the data says."""
    bits = pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
    return pa.Array.from_buffers(kind, len(valid), [bits, pa.py_buffer(data)])


def test_what_lies_under_a_null_is_no_figure() -> None:
    valid = [True, False, True, False, True, True, False, False, True, True, False]
    units = np.where(valid, np.arange(11) * 7, [-(2**63), 2**63 - 1, 5, -5, 2**62, 10**17, -1, 0, 1, 2, -9])
    wide = np.stack([units, np.where(valid, 0, -3)], axis=1)
    narrow = np.where(valid, np.arange(11) * 7, -1).astype(np.int32)
    for kind, data, scale in (
        (pa.int64(), units, 1),
        (pa.uint64(), units, 1),
        (pa.int32(), narrow, 1),
        (pa.decimal128(19, 2), wide, 100),
    ):
        values = garbage(kind, data.tobytes(), valid)
        table = pa.table({"name": ["甲"] * 11, "claim_year": [2026] * 11, "figures.2025.revenue": values})
        for start in (0, 1, 4, 9):
            intake = check(table.slice(start))
            assert not intake.rest
            column = intake.portfolio.figures["revenue", 1]
            assert isinstance(column, Numbers)
            assert column.known.tolist() == valid[start:]
            expected = [place * 700 // scale if valid[place] else 0 for place in range(start, 11)]
            assert column.units.tolist() == expected
    flags = garbage(pa.bool_(), b"\xff\xff", valid)
    table = pa.table({"name": ["甲"] * 11, "claim_year": [2026] * 11, "enterprise.in_zone": flags})
    assert not check(table.slice(3)).rest


def test_one_figure_out_of_bounds_costs_its_row_alone() -> None:
    for kind, wrong in (
        (pa.int64(), 10**15),
        (pa.int64(), -1),
        (pa.int32(), -7),
        (pa.decimal128(38, 2), 10**15),
    ):
        values = pa.array([0, 5, wrong, None, 2**31 - 1], kind)
        table = pa.table({"name": ["甲"] * 5, "claim_year": [2026] * 5, "figures.2025.revenue": values})
        intake = check(table)
        assert intake.rest == (2,)
    most = pa.array([Decimal("999999999999999.99"), Decimal("0.01")], pa.decimal128(17, 2))
    table = pa.table({"name": ["甲"] * 2, "claim_year": [2026] * 2, "figures.2025.revenue": most})
    assert not check(table).rest


def test_lists_that_begin_and_end_inside_others_are_whole() -> None:
    names = pa.StructArray.from_arrays(
        [pa.array([f"n{one}" for one in range(9)]), pa.array([2026] * 9)], ["name", "year"]
    )
    for null in ([False] * 5, [False, True, False, False, True], [True] * 5):
        for kind in (pa.ListArray, pa.LargeListArray):
            offsets = pa.array([1, 3, 3, 4, 6, 8], pa.int32() if kind is pa.ListArray else pa.int64())
            lists = kind.from_arrays(offsets, names, mask=pa.array(null))
            table = pa.table({"name": ["甲"] * 5, "claim_year": [2026] * 5, "certificate": lists})
            for start, size in ((0, 5), (1, 3), (4, 1), (1, 1)):
                assert not check(table.slice(start, size)).rest


@pytest.mark.parametrize("kind", [pa.ListViewArray, pa.LargeListViewArray])
def test_views_are_read_as_the_lists_that_they_show(kind: Any) -> None:
    words = pa.array(["sme", "private", "startup", "nobody"])
    offsets, sizes = [1, 0, 3, 2, 0, 1], [2, 1, 1, 0, 3, 1]
    is_null = [False, False, True, False, False, False]
    place = pa.int32() if kind is pa.ListViewArray else pa.int64()
    views = kind.from_arrays(pa.array(offsets, place), pa.array(sizes, place), words, mask=pa.array(is_null))
    table = pa.table({"name": ["甲"] * 6, "claim_year": [2026] * 6, "kinds": views})
    expected = [["private", "startup"], ["sme"], None, [], ["sme", "private", "startup"], ["private"]]
    lists = take_in(table.set_column(2, "kinds", pa.array(expected, pa.list_(pa.string())))).portfolio
    for start, size in ((0, 6), (1, 4), (5, 1)):
        part = table.slice(start, size)
        intake = check(part)
        assert not intake.rest
        told = [content_of(part, one, VOCABULARY)["enterprise"].get("kinds") for one in range(size)]
        assert told == expected[start : start + size]
        same = [of_member(lists, one) for one in range(start, start + size)]
        assert [of_member(intake.portfolio, one) for one in range(size)] == same


ODD: list[tuple[pa.DataType, list[Any]]] = [
    (pa.month_day_nano_interval(), [(1, 2, 3), None]), (pa.time64("us"), [1, None]), (pa.binary(3), [b"abc", None]), (pa.float16(), [0.5, None]), (pa.string_view(), ["sme", None]),
    (pa.binary_view(), [b"sme", b"\xff"]), (pa.list_view(pa.string()), [["sme"], None]), (pa.large_list(pa.string()), [["sme", None], []]), (pa.list_(pa.string(), 2), [["sme", "x"], None]),
    (pa.struct([("a", pa.int8())]), [{"a": 1}, None]), (pa.map_(pa.string(), pa.int8()), [[("2025", 1)], [("x", None)]]), (pa.run_end_encoded(pa.int32(), pa.string()), ["sme", "sme"]),
    (pa.dictionary(pa.int8(), pa.int64()), [5, None]), (pa.json_(), ['["sme"]', None]), (pa.list_(pa.struct([("x", pa.int8())])), [[{"x": 1}], None]), (pa.list_(pa.list_(pa.string())), [[["a"]], None]),
    (pa.timestamp("ns", "Asia/Shanghai"), [datetime(2026, 1, 1), None]), (pa.list_(pa.null()), [[None], None]), (pa.dense_union([pa.field("a", pa.int8())]), [None, None]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "values"), ODD, ids=lambda one: str(one) if isinstance(one, pa.DataType) else ""
)
def test_no_type_of_a_column_makes_a_traceback(kind: pa.DataType, values: list[Any]) -> None:
    column = pa.nulls(2, kind) if values == [None, None] else pa.array(values, kind)
    for name in (
        "name", "uscc", "claim_year", "filing_date", "in_zone", "kinds", "kinds.2026", "fx", "fx.usd_cny", "figures", "figures.2025.revenue",
        "figures.2025.trainees", "investment", "investment.1.purposes", "title.1", "title.1.kind", "agreement.1.covers", "received.1.item", "park.1.occupancy", "enterprise",
    ):  # fmt: skip
        columns = {
            "name": ["甲", "乙"],
            "claim_year": [2026, 2026],
            "title.2.name": ["a", None],
            name: column,
        }
        try:
            check(pa.table(columns))
        except InputError as error:
            assert all(problem.code in ("unknown_column", "missing_key") for problem in error.problems)
