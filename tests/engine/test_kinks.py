# ruff: noqa: E501 -- some cases are one a line
"""The kinks of a sweep: exact to the figure's grain, true from there on and not one grain below, and all of them."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calc.engine.advice import Scene, leaf_of
from calc.engine.combine.problem import STACKINGS, Stacking
from calc.engine.estimate import Estimate, estimate
from calc.engine.kinks import Curve, curve
from calc.engine.outcomes import Eligible
from calc.engine.whatif import Side, sides
from calc.enterprise.changes import Change
from calc.enterprise.documents import Document, parse_document, read_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import Number
from calc.enterprise.paths import Finder
from calc.enterprise.problems import InputError
from calc.policy.loader import load_rules, packaged_rules
from calc.policy.rules import Rules
from calc.present.language import LANGUAGES, language
from calc.present.words.kinks import kink_says
from tests.engine.test_properties import enterprises

MAKER = str(Path(__file__).parents[2] / "examples" / "manufacturer.toml")
PACKAGED = packaged_rules()
LINE = "investment:二期产线"
WAN, YI = 10**4, 10**8


def scene(document: Document, stacking: Stacking = "subject", rules: Rules = PACKAGED) -> Scene:
    def read(document: Document) -> Enterprise:
        return enterprise_from(document, rules.vocabulary, rules.item_ids).enterprise

    def answer(enterprise: Enterprise) -> Estimate:
        return estimate(enterprise, rules, stacking=stacking)

    return Scene(document, answer(read(document)), read, answer)


def swept(here: Scene, path: str, values: list[Number]) -> Curve:
    before = here.estimate
    vocabulary = before.rules.vocabulary
    field = Finder("x", here.document.content, vocabulary, before.claim_year).find(path).field
    return curve(here, [], path, field, values)


def span(first: Number, last: Number, step: Number) -> list[Number]:
    return [first + step * place for place in range(int((last - first) // step) + 1)]


def seen(found: Curve) -> list[tuple[Number, str, str]]:
    return [(kink.value, kink.because, kink.claim.item_id) for kink in found.kinks]


FEN = Fraction(1, 100)


@pytest.mark.parametrize(
    ("stacking", "path", "values", "wanted"),
    [
        # The green part is 4000万: 20% of it is capped at 500万, which 10% of the line reaches at 5000万; the
        # line itself is capped at 3000万, that is at 3亿.
        ("subject", f"{LINE}.equipment", span(4000 * WAN, 4 * YI, 9000 * WAN), [(5000 * WAN, "displaced", "02-capacity"), (3 * YI, "cap", "02-capacity")]),
        # Everything adds up: only the cap bends the line.
        ("none", f"{LINE}.equipment", span(4000 * WAN, 4 * YI, 36000 * WAN), [(3 * YI, "cap", "02-capacity")]),
        # The green part takes 2500万 of the base for its 500万: at 3.25亿 what is left pays 3000万.
        ("expense", f"{LINE}.equipment", span(4000 * WAN, 4 * YI, 9000 * WAN), [(32500 * WAN, "no_base", "02-capacity")]),
        ("subject", f"{LINE}.construction_months", span(12, 36, 6), [(25, "no_threshold", "02-capacity")]),
        # 1.5% is the most; 50万 the least principal; 15万 a year for 10 months of 1.5% is 1200万.
        ("subject", "loan:流动资金贷款.annual_rate", [Fraction(one, 1000) for one in (5, 12, 19)], [(Fraction(15, 1000), "rate", "25-technology-loan")]),
        ("subject", "loan:流动资金贷款.principal", span(10 * WAN, 3010 * WAN, 300 * WAN), [(50 * WAN, "threshold", "25-technology-loan"), (1200 * WAN, "cap", "25-technology-loan")]),
        # From March on the year has 10 months.
        ("subject", "loan:流动资金贷款.months", span(1, 24, 1), [(10, "months", "25-technology-loan")]),
        # Last year's expense has to exceed 1000万 of the year before: by a fen; 3% of 1000万 is 30万, the cap.
        ("subject", "figures.2025.rd_expense", span(0, 2000 * WAN, 500 * WAN), [(1000 * WAN + FEN, "threshold", "05-rd-growth")]),
        # 1200万 is 3% of 4亿.
        ("subject", "figures.2025.revenue", span(0, 10 * YI, YI), [(4 * YI + FEN, "no_threshold", "05-rd-growth")]),
        # 3% of x and 10% of (1200万 - x) are 120万 - 7% of x: above the cap of 30万 until x reaches 1200万.
        ("subject", "figures.2024.rd_expense", span(0, 2000 * WAN, 500 * WAN), [(1200 * WAN, "no_threshold", "05-rd-growth")]),
        # The reviewer is expected to grant 50万 anyway: a matching award counts in full up to 200万.
        ("subject", "title:绿色工厂.matching_award", span(0, 300 * WAN, 100 * WAN), [(200 * WAN, "cap", "19-green-title")]),
        # 30% of the project up to 1000万 at 3333.3334万 (33,333,333.34 yuan); the scenario's 20% comes beside it
        # from there on, until its 100万 find their 500万.
        ("expense", "rd_project:高精度主轴.spend", span(0, 6000 * WAN, 500 * WAN), [(33_333_333 + 34 * FEN, "cap", "03-core-tech"), (38_333_334, "no_base", "15-scenario-provincial")]),
    ],
)  # fmt: skip
def test_the_kinks_of_an_example(
    stacking: Stacking, path: str, values: list[Number], wanted: list[tuple[Number, str, str]]
) -> None:
    found = swept(scene(read_document(MAKER), stacking), path, values)
    assert seen(found) == wanted
    assert found.is_searched
    assert [point.value for point in found.points] == values


def test_a_displaced_claim_is_named() -> None:
    found = swept(scene(read_document(MAKER)), f"{LINE}.equipment", span(4000 * WAN, 1 * YI, 6000 * WAN))
    assert [one.item_id for one in found.kinks[0].others] == ["19-retrofit"]
    # Without its months the line is no claim, and the green part takes its place.
    found = swept(scene(read_document(MAKER)), f"{LINE}.construction_months", span(24, 25, 1))
    assert [one.item_id for one in found.kinks[0].others] == ["19-retrofit"]
    assert (found.kinks[0].total_below, found.kinks[0].total) == (33_500_000, 12_500_000)


def test_tiers_and_floors_of_an_overlay_are_kinks(tmp_path: Path) -> None:
    overlay = tmp_path / "细则.toml"
    overlay.write_text(
        '[items.02-capacity]\nfloor = "150万"\naward = { tiers = "equipment", mode = "whole", steps = ['
        '{ from = "2000万", rate = "5%" }, { from = "1亿", rate = "8%" }] }\n',
        "utf-8",
    )
    text = (
        '[enterprise]\nname = "甲"\nclaim_year = 2026\n[[investment]]\nname = "线"\nyear = 2026\n'
        'purposes = ["capacity"]\nequipment = 1\nconstruction_months = 12\n'
    )
    here = scene(parse_document("x", text, is_json=False), rules=load_rules((str(overlay),)))
    found = swept(here, "investment:线.equipment", span(1000 * WAN, 5 * YI, 24500 * WAN))
    # 5% reaches 150万 at 3000万; 8% of 3.75亿 is 3000万.
    assert seen(found) == [
        (3000 * WAN, "floor", "02-capacity"),
        (1 * YI, "tier", "02-capacity"),
        (37500 * WAN, "cap", "02-capacity"),
    ]
    assert [kink.total_below for kink in found.kinks] == [0, 4_999_999, 29_999_999]


ROBOTS = '[vocabulary.tables.investment.fields]\nrobots = { type = "count", zh = "机器人", en = "robots" }\n[items.02-capacity]\nconditions = []\n'


@pytest.mark.parametrize(
    ("rule", "path", "values", "wanted"),
    [
        # 1万 for each robot above 5, for 20 at most: from the sixth to the 25th.
        ('award = { each = "robots", sum = "1万", beyond = 5, up_to = 20 }', "investment:线.robots", span(0, 40, 10), [(6, "growth"), (25, "units")]),
        # The robots set the ratio of the equipment.
        ('award = { tiers = "robots", mode = "whole", of = ["equipment"], steps = [{ from = 10, rate = "5%" }, { from = 20, rate = "8%" }] }', "investment:线.robots", span(0, 40, 8), [(10, "tier"), (20, "tier")]),
        # 1000万 grow to 1100万 and 1200万.
        ('award = { growth_of = "last_year.revenue", over = "year_before.revenue", steps = [{ from = "10%", sum = "10万" }, { from = "20%", sum = "30万" }] }', "figures.2025.revenue", span(900 * WAN, 1300 * WAN, 100 * WAN), [(1100 * WAN, "tier"), (1200 * WAN, "tier")]),
        # 10万, and from 15 robots on 1% of the equipment of 1000万, that is 10万, at most 5万.
        ('award = { parts = [{ award = { fixed = "10万" } }, { award = { rate = "1%", of = ["equipment"] }, when = [{ field = "robots", at_least = 15 }], cap = "5万" }] }', "investment:线.robots", span(0, 40, 10), [(15, "due"), (15, "part")]),
        # With 12 robots from 10 on: 1% of 500万 is the part's cap, which a fen more passes.
        ('award = { parts = [{ award = { fixed = "10万" } }, { award = { rate = "1%", of = ["equipment"] }, when = [{ field = "robots", at_least = 10 }], cap = "5万" }] }', "investment:线.equipment", span(0, 1000 * WAN, 250 * WAN), [(500 * WAN + FEN, "part")]),
        # 10% of the equipment, at most a tenth of last year's revenue of 400万.
        ('share_cap = { ratio = "10%", of = "last_year.revenue" }', "investment:线.equipment", span(0, 1000 * WAN, 300 * WAN), [(400 * WAN, "cap")]),
        # 10% of the equipment, less the 50万 that were paid: a yuan from 500万 and 10 yuan on.
        ('pays = "difference"', "investment:线.equipment", span(0, 1000 * WAN, 250 * WAN), [(500 * WAN + 10, "growth")]),
    ],
)  # fmt: skip
def test_the_kinks_of_the_forms_that_other_zones_need(
    rule: str, path: str, values: list[Number], wanted: list[tuple[Number, str]], tmp_path: Path
) -> None:
    overlay = tmp_path / "细则.toml"
    overlay.write_text(ROBOTS + rule + "\n", "utf-8")
    text = (
        '[enterprise]\nname = "甲"\nclaim_year = 2026\n[figures.2024]\nrevenue = "1000万"\n'
        '[figures.2025]\nrevenue = "400万"\n[[investment]]\nname = "线"\nyear = 2026\npurposes = ["capacity"]\n'
        'equipment = "1000万"\nrobots = 12\nconstruction_months = 12\n'
        '[[received]]\nitem = "02-capacity"\nyear = 2025\namount = "50万"\nsubject = "investment:线"\n'
    )
    if "difference" not in rule:
        text = text.partition("[[received]]")[0]
    found = swept(
        scene(parse_document("x", text, is_json=False), rules=load_rules((str(overlay),))), path, values
    )
    assert [(kink.value, kink.because) for kink in found.kinks] == wanted
    assert found.is_searched
    assert all(kink_says(kink, found, language(code)) for kink in found.kinks for code in LANGUAGES)


def test_caps_of_parts_and_units_that_count_are_kinks() -> None:
    zones = Path(__file__).parents[2] / "examples" / "zones"
    rules = load_rules((str(zones / "ic_design.toml"),))
    text = (zones / "ic_design_enterprise.toml").read_text("utf-8").replace('"120万"', '"500万"')
    here = scene(parse_document("x", text, is_json=False), "none", rules)
    found = swept(here, "project:车规芯片.arrived", span(1000 * WAN, 5000 * WAN, 1000 * WAN))
    # 12% of 41,666,666.67 is 500万 and a bit; of one fen less it is not yet 500万.
    assert seen(found) == [
        (2000 * WAN, "threshold", "1-project"),
        (Fraction(4_166_666_667, 100), "part", "1-project"),
    ]
    # 1000 m² at the first price, then 2000 m² more at the second.
    found = swept(here, "lease:B 座.area_m2", span(500, 4000, 500))
    assert seen(found) == [(1000, "units", "5-rent"), (3000, "units", "5-rent")]


def test_where_half_of_the_rate_paid_is_the_highest_that_counts_is_a_kink() -> None:
    zone = Path(__file__).parents[1] / "policy" / "third_zone.toml"
    text = (
        '[enterprise]\nname = "甲"\nclaim_year = 2026\n[[term_loan]]\nname = "贷"\n'
        "principal = 10_000_000\nannual_rate = 0.03\nstart = 2026-01-01\nmonths = 12\n"
    )
    here = scene(parse_document("x", text, is_json=False), "none", load_rules((str(zone),)))
    found = swept(
        here, "term_loan:贷.annual_rate", span(Fraction(2, 100), Fraction(6, 100), Fraction(1, 100))
    )
    # Half of 4% is 2%.
    assert seen(found) == [(Fraction(4, 100), "rate", "6-term-loan")]


def test_an_item_with_a_yearly_cap_over_several_claims() -> None:
    voucher = '[[compute_contract]]\nname = "{}"\nyear = 2026\namount = "{}"\n'
    text = (
        '[enterprise]\nname = "甲"\nclaim_year = 2026\n'
        + voucher.format("一", "300万")
        + voucher.format("二", 1)
    )
    found = swept(
        scene(parse_document("x", text, is_json=False)),
        "compute_contract:二.amount",
        span(0, 400 * WAN, 100 * WAN),
    )
    # 20% of 300万 is 60万: of the year's 100万, 40万 are left, 20% of 200万.
    assert [kink.value for kink in found.kinks] == [200 * WAN]
    assert [point.total for point in found.points] == [600_000, 800_000, 1_000_000, 1_000_000, 1_000_000]


def test_a_span_too_long_to_search_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calc.engine.kinks.MOST_PROBES", 1)
    found = swept(scene(read_document(MAKER)), f"{LINE}.equipment", span(4000 * WAN, 4 * YI, 3000 * WAN))
    assert not found.is_searched


def test_one_total_that_is_not_proven_leaves_the_curve_unproven() -> None:
    here = scene(read_document(MAKER))

    def doubtful(enterprise: Enterprise) -> Estimate:
        found = here.answer(enterprise)
        return replace(found, is_proven=found.total < 13_000_000)

    assert not swept(
        here._replace(answer=doubtful), f"{LINE}.equipment", span(4000 * WAN, YI, 6000 * WAN)
    ).is_proven
    assert swept(here, f"{LINE}.equipment", span(4000 * WAN, YI, 6000 * WAN)).is_proven


def test_a_value_that_does_not_fit_the_file_is_an_error() -> None:
    with pytest.raises(InputError):
        swept(scene(read_document(MAKER)), f"{LINE}.equipment", span(1000 * WAN, 4 * YI, 3000 * WAN))


PATHS = {
    "investment": ("equipment", "green_equipment", "construction_months", "fixed_assets"),
    "rd_project": ("spend",),
    "loan": ("principal", "annual_rate", "months"),
    "compute_contract": ("amount",),
    "digital_project": ("service_fee",),
    "exhibition": ("cost",),
    "bad_loan": ("total", "loss_share"),
    "first_launch": ("first_year_sales",),
    "contest": ("prize",),
    "title": ("matching_award",),
}
SPANS: dict[str, tuple[Number, Number, Number]] = {
    "money": (0, 4 * YI, 5000 * WAN),
    "usd": (0, 4 * YI, 5000 * WAN),
    "rate": (Fraction(0), Fraction(4, 100), Fraction(5, 1000)),
    "factor": (Fraction(5), Fraction(8), Fraction(1)),
    "count": (1, 40, 13),
}


class Sweep:
    """A random sweep; it shows the file and the PATH that made it."""

    def __init__(self, content: dict[str, Any], stacking: Stacking, path: str) -> None:
        self.made_of = (content, stacking, path)
        self.path = path
        self.scene = scene(parse_document("x", tomli_w.dumps(content), is_json=False), stacking)
        field = Finder("x", self.scene.document.content, PACKAGED.vocabulary, 2026).find(path).field
        self.curve = curve(self.scene, [], path, field, span(*SPANS[field.type]))
        self.grain = {"money": FEN, "usd": FEN, "count": Fraction(1)}.get(field.type, Fraction(1, 10**4))

    def __repr__(self) -> str:
        return repr(self.made_of)

    def at(self, value: Number) -> Estimate:
        return self.scene.with_changes([Change(self.path, leaf_of(value))])


@st.composite
def sweeps(draw: st.DrawFn) -> Sweep:
    content = draw(enterprises())
    own = [
        f"{table}:{entry['name']}.{key}"
        for table, keys in PATHS.items()
        for entry in content.get(table, ())
        for key in keys
    ]
    years = [f"figures.{year}.{name}" for year in (2025, 2024) for name in ("revenue", "rd_expense")]
    path = draw(st.sampled_from([*own, *own, *years, "figures.2025.fdi_usd", "fx.usd_cny"]))
    try:
        return Sweep(content, draw(st.sampled_from(STACKINGS)), path)
    except InputError:
        assume(False)
        raise


def holds(side: Side | None, code: str, limit: Any) -> bool:
    """Whether what a kink names is so, looked at in a single estimate."""
    outcome = side.outcome if side is not None else None
    is_eligible = isinstance(outcome, Eligible)
    match code:
        case "threshold":
            return is_eligible
        case "cap" | "expected" | "months" | "rate" | "loss":
            return isinstance(outcome, Eligible) and outcome.amount >= limit
        case "displaced":
            return side is not None and side.granted > 0
        case _:
            raise NotImplementedError(code)


@given(sweeps())
@settings(max_examples=150, deadline=None)
def test_what_a_kink_says_is_true_there_and_not_one_grain_below(sweep: Sweep) -> None:
    for kink in sweep.curve.kinks:
        above, below = sweep.at(kink.value), sweep.at(kink.value - sweep.grain)
        mark = (kink.claim.item_id, kink.claim.subject)
        now, then = sides(above).get(mark), sides(below).get(mark)
        assert (kink.total_below, kink.total) == (below.total, above.total)
        code, is_end = kink.because.removeprefix("no_"), kink.because.startswith("no_")
        if code not in ("threshold", "cap", "expected", "displaced"):
            continue
        first, second = (then, now) if is_end else (now, then)
        limit = first.outcome.amount if first is not None and isinstance(first.outcome, Eligible) else 0
        assert holds(first, code, limit), kink
        assert not holds(second, code, limit), kink


@given(sweeps(), st.lists(st.fractions(0, 1), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_between_two_kinks_the_total_is_a_straight_line(sweep: Sweep, portions: list[Fraction]) -> None:
    ends = [sweep.curve.points[0].value]
    for kink in sweep.curve.kinks:
        if kink.value != ends[-1]:
            ends += [kink.value - sweep.grain, kink.value]
    ends.append(sweep.curve.points[-1].value)
    for place, (start, end) in enumerate(zip(ends[::2], ends[1::2], strict=True)):
        portion = portions[place % len(portions)]
        steps = int(Fraction(end - start) / sweep.grain)
        if steps < 2:
            continue
        middle = start + sweep.grain * (1 + int(portion * (steps - 2)))
        low, between, high = (sweep.at(value) for value in (start, middle, end))
        line = low.total + Fraction(high.total - low.total) * Fraction(middle - start) / Fraction(end - start)
        # Each claim is cut to the yuan, at the ends as in between.
        claims = max(len(one.combination.grants) for one in (low, between, high)) + 1
        assert abs(between.total - line) <= 2 * claims, (start, middle, end, float(between.total - line))
