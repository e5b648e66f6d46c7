"""What the made-up enterprises are like: their kinds, entries, figures, and how often each occurs."""

from datetime import date
from typing import NamedTuple

from bench.columns import (
    Maker,
    area,
    count,
    day,
    exact_money,
    flag,
    money,
    percentage,
    rate,
    word,
    words,
)

KINDS = (
    ("manufacturing",),
    ("manufacturing", "high_tech", "private"),
    ("manufacturing", "specialised", "sme", "private"),
    ("tech_sme", "sme", "startup"),
    ("software_it", "tech_sme", "sme"),
    ("software_it", "digital_platform"),
    ("industrial_platform", "high_tech", "data_merchant"),
    ("tech_service", "sme", "private"),
    ("research_institute",),
    ("bank",),
    ("gov_guarantee",),
    (),
)
KIND_SHARES = (0.16, 0.17, 0.15, 0.10, 0.12, 0.05, 0.05, 0.08, 0.02, 0.02, 0.01, 0.07)


class Table(NamedTuple):
    """How the entries of a table are made: at most so many an enterprise, so many on average.

    ``kinds``: those who mostly have them; others have a tenth as many.
    """

    label: str
    mean: float
    most: int
    fields: dict[str, Maker]
    kinds: tuple[str, ...] = ()


LEVELS = word("municipal", "provincial", "provincial", "national")
TITLES = (
    "chain_leader",
    "chain_core",
    "park",
    "incubator",
    "makerspace",
    "zero_carbon_factory",
    "green_factory",
)
LAUNCHES = ("first_set", "first_batch", "domestic_substitute", "first_store", None)
CERTIFICATES = ("carbon_footprint", "low_carbon_product", "energy_management", "other", None)
INSURANCES = ("rd_loss", "first_product", "ip", "export_credit", None)
SCOPES = ("core_technology", "technology_application", "innovation_platform", None)
TABLES = {
    "investment": Table("产线", 0.55, 3, {
        "purposes": words(("capacity",), ("capacity",), ("chain",), ("capacity", "chain"), ()),
        "equipment": money(2500, 1.1), "fixed_assets": money(9000, 1.0), "construction_months": count(8, 40),
        "green_equipment": money(600, 1.0, 0.6),
        "levelling_cost": money(40, 0.8, 0.8), "hookup_cost": money(60, 0.8, 0.8)}),
    "rd_project": Table("课题", 0.5, 4, {
        "spend": money(900, 1.1), "partner": flag(0.6),
        "scenario_honour": word("provincial", "national", None, None), "scope": word(*SCOPES)}),
    "title": Table("称号", 0.45, 4, {
        "kind": word(*TITLES, "green_supply_chain", "aeo_advanced"), "level": LEVELS,
        "matching_award": money(60, 0.7, 0.6)}),
    "first_launch": Table("首发", 0.4, 3, {"kind": word(*LAUNCHES), "first_year_sales": money(1100, 1.4)}),
    "park": Table("园区", 0.05, 1, {
        "kind": word("industrial", "services", "digital", "sme"), "operated_area_m2": area(32_000),
        "occupancy": percentage(5, 95), "effective": flag(0.7)}),
    "carrier": Table("载体", 0.06, 2, {
        "kind": word("incubator", "makerspace"), "level": LEVELS, "effective": flag(0.7)}),
    "service_platform": Table("平台", 0.08, 2, {"service_income": money(180), "effective": flag(0.7)}),
    "contest": Table("赛事", 0.12, 2, {"level": LEVELS, "prize": count(1, 5)}),
    "digital_project": Table("转型项目", 4.0, 8, {"service_fee": money(120)}, ("digital_platform",)),
    "compute_contract": Table("算力合同", 0.25, 4, {"amount": money(160, 1.1)}),
    "data_listing": Table("数据产品", 0.15, 3, {"service_fee": exact_money(20, 0.9)}),
    "exhibition": Table("展会", 0.25, 3, {
        "role": word("host", "exhibitor"), "nationwide": flag(0.5), "cost": money(120)}),
    "bonded": Table("保税", 0.04, 3, {"kind": word("repair_first", "repair_project", "new_business")}),
    "certificate": Table("认证", 0.25, 4, {"kind": word(*CERTIFICATES)}),
    "loan": Table("贷款", 0.9, 5, {
        "purpose": word("investment", "technology", "technology"),
        "kind": word("credit", "ip_pledge", "data_asset", "similar", "other"),
        "principal": exact_money(900, 1.6), "annual_rate": rate(0.005, 0.06),
        "start": day(date(2024, 3, 1), date(2027, 10, 31)),
        "months": count(3, 48, 0), "project": word("产线1", "产线1", "产线2", None)}),
    "guarantee": Table("担保", 0.12, 2, {
        "amount": money(500), "market_fee_rate": rate(0.005, 0.03), "months": count(6, 36, 0.3)}),
    "insurance": Table("保险", 0.2, 3, {"kind": word(*INSURANCES), "premium": exact_money(12)}),
    "bad_loan": Table("不良贷款", 2.0, 6, {"total": money(700), "loss_share": rate(0.2, 1)},
                      ("bank", "gov_guarantee")),
    "premises": Table("场地", 0.15, 2, {
        "area_m2": area(900), "appraised_monthly_rent": exact_money(0.0035, 0.4), "months": count(3, 12),
        "safeguard": flag(0.6)}),
    "land": Table("地块", 0.06, 1, {
        "kind": word("modern_service", "new_business", "far_increase"), "area_m2": area(20_000),
        "price_for_use": money(0.06, 0.4), "industrial_price": money(0.03, 0.3),
        "waived_premium": money(300)}),
}  # fmt: skip
FIGURES: dict[str, Maker] = {
    "revenue": money(9000, 1.4), "rd_expense": money(320, 1.2, 0.15),
    "data_trade_amount": money(350, 1.0, 0.9),
    "fdi_usd": money(220, 1.1, 0.9), "fdi_introduced_usd": money(200, 1.0, 0.97),
    "tech_transfer_value": money(150, 1.0, 0.9), "outstanding_results": flag(0.1),
    "trade_target_met": flag(0.15),
    "rd_talents": count(0, 40, 0.7), "tech_secondees": count(0, 5, 0.85), "trainees": count(0, 200, 0.9),
    "skilled_talents": count(0, 60, 0.85), "green_power_cost": money(80, 1.0, 0.9),
    "listing_fees": money(200, 0.8, 0.97), "entrepreneur_selected": flag(0.02),
}  # fmt: skip
FIGURE_YEARS = (2023, 2024, 2025, 2026)
EXPECTED = ("01-chain-title", "04-performance", "11-startup", "19-green-title", "20-carbon-certificate",
            "25-insurance", "02-capacity", "07-park-operation", "27-listing", "06-first-launch")  # fmt: skip
RECEIVED = (("06-first-launch", "first_launch:首发1"), ("02-capacity", "investment:产线1"),
            ("11-startup", None),
            ("20-carbon-certificate", None), ("02-chain", "investment:产线1"))  # fmt: skip
COVERED = (("*",), ("investment:产线1",), ("02-capacity", "05-rd-growth"), ("loan:贷款1", "investment:产线2"))
