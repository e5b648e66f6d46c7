# ruff: noqa: E501 -- the cases are data, one a line
"""Every item below, at and above each threshold and cap; the sums are worked out by hand from the source text."""

from typing import Any, NamedTuple

import pytest

from calc.engine.estimate import estimate
from calc.enterprise.documents import parse_document
from calc.enterprise.loader import enterprise_from
from calc.policy.loader import packaged_rules
from calc.present.data.estimate import estimate_data
from calc.present.language import language

RULES = packaged_rules()
SPEECH = language("zh")
WAN, YI = 10**4, 10**8


class Case(NamedTuple):
    """One claim: the file that makes it, and what becomes of it.

    ``money`` is the ceiling (for in-kind items: what is spared; ``None``: open); ``failing`` the reasons as
    (code, value, threshold, shortfall); ``missing`` the paths.
    """

    item: str
    text: str
    status: str = "eligible"
    money: int | None = None
    failing: tuple[tuple[Any, ...], ...] = ()
    missing: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def entry(table: str, **values: Any) -> str:
    lines = [f"[[{table}]]", 'name = "甲"', *([] if table == "loan" else ["year = 2026"])]
    for key, value in values.items():
        written = value if isinstance(value, int) and not isinstance(value, bool) else None
        if isinstance(value, bool):
            lines.append(f"{key} = {str(value).lower()}")
        elif written is not None or key == "start" or isinstance(value, list):
            lines.append(f"{key} = {value}")
        else:
            lines.append(f'{key} = "{value}"')
    return "\n".join(lines) + "\n"


def figures(before: dict[str, Any] | None = None, **values: Any) -> str:
    def block(year: int, one: dict[str, Any]) -> str:
        lines = [
            f"{key} = {str(value).lower() if isinstance(value, bool) else value}"
            for key, value in one.items()
        ]
        return f"[figures.{year}]\n" + "\n".join(lines) + "\n"

    return block(2025, values) + (block(2024, before) if before is not None else "")


def capacity(**values: Any) -> str:
    return entry("investment", purposes=["capacity"], **{"construction_months": 24, **values})


def chain(**values: Any) -> str:
    return entry(
        "investment", purposes=["chain"], **{"construction_months": 36, "fixed_assets": YI, **values}
    )


def research(**values: Any) -> str:
    return entry("rd_project", **values)


def title(kind: str, level: str = "provincial", **values: Any) -> str:
    return entry("title", kind=kind, level=level, **values)


def loan(**values: Any) -> str:
    return entry(
        "loan", **{"purpose": "technology", "kind": "credit", "start": "2026-01-01", "months": 12, **values}
    )


def growth(expense: int, before: int = 100 * WAN, revenue: int = 0) -> str:
    return figures({"rd_expense": before}, rd_expense=expense, revenue=revenue)


TECH, MAKER, SME = ("tech_sme",), ("manufacturing",), ("sme",)
LEVELS = ["provincial", "national"]
CASES = [
    # 第一条：最高 100 万元的配套奖励
    Case("01-chain-title", title("chain_leader"), money=100 * WAN),
    Case("01-chain-title", title("chain_core"), money=100 * WAN),
    # 第二条：设备购置额 2000 万元以上、建设期不超过 2 年，10%，最高 3000 万元
    Case("02-capacity", capacity(equipment=2000 * WAN), money=200 * WAN),
    Case("02-capacity", capacity(equipment=2000 * WAN - 1), "ineligible", failing=(("below", 19_999_999, 20_000_000, 1),)),
    Case("02-capacity", capacity(equipment=2000 * WAN + 9), money=200 * WAN),
    Case("02-capacity", capacity(equipment=2000 * WAN + 10), money=200 * WAN + 1),
    Case("02-capacity", capacity(equipment="2000.001万"), money=200 * WAN + 1),
    Case("02-capacity", capacity(equipment="19999999.99"), "ineligible", failing=(("below", "19999999.99", 20_000_000, "0.01"),)),
    Case("02-capacity", capacity(equipment=3 * YI - 10), money=3000 * WAN - 1),
    Case("02-capacity", capacity(equipment=3 * YI), money=3000 * WAN),
    Case("02-capacity", capacity(equipment=3 * YI + 10), money=3000 * WAN),
    Case("02-capacity", capacity(equipment=YI, construction_months=23), money=1000 * WAN),
    Case("02-capacity", capacity(equipment=YI, construction_months=25), "ineligible", failing=(("above", 25, 24, 1),)),
    Case("02-capacity", capacity(), "needs_input", missing=("investment:甲.equipment",)),
    Case("02-capacity", entry("investment", purposes=["capacity"], equipment=YI), "needs_input", missing=("investment:甲.construction_months",)),
    Case("02-capacity", entry("investment", purposes=["capacity"]), "needs_input", missing=("investment:甲.equipment", "investment:甲.construction_months")),
    Case("02-capacity", entry("investment", purposes=["capacity"], equipment=1), "ineligible", failing=(("below", 1, 20_000_000, 19_999_999),)),
    # 第二条：固定资产投资 1 亿元以上、建设期不超过 3 年，10%，最高 5000 万元
    Case("02-chain", chain(equipment=WAN), money=1000),
    Case("02-chain", chain(equipment=WAN, fixed_assets=YI - 1), "ineligible", failing=(("below", YI - 1, YI, 1),)),
    Case("02-chain", chain(equipment=WAN, construction_months=37), "ineligible", failing=(("above", 37, 36, 1),)),
    Case("02-chain", chain(equipment=5 * YI - 10), money=5000 * WAN - 1),
    Case("02-chain", chain(equipment=5 * YI + 10), money=5000 * WAN),
    Case("02-chain", chain(), "needs_input", missing=("investment:甲.equipment",)),
    # 第三条：联合高校、科研院所，30%，最高 1000 万元
    Case("03-core-tech", research(scope="other", partner=True, spend=10), money=3),
    Case("03-core-tech", research(scope="core_technology", spend=10), "ineligible", failing=(("flag", False, True, None),)),
    Case("03-core-tech", research(scope="core_technology", partner=True), "needs_input", missing=("rd_project:甲.spend",)),
    Case("03-core-tech", research(scope="core_technology", partner=True, spend=33_333_333), money=9_999_999),
    Case("03-core-tech", research(scope="core_technology", partner=True, spend=33_333_334), money=10_000_000),
    Case("03-core-tech", research(scope="core_technology", partner=True, spend=33_333_338), money=10_000_000),
    # 第四条：单个企业年最高 3000 万元
    Case("04-performance", figures(outstanding_results=True), money=3000 * WAN, kinds=MAKER),
    Case("04-performance", figures(outstanding_results=True), "ineligible", kinds=("bank",), failing=(("kind", ["bank"], ["manufacturing", "consumer_platform", "industrial_platform", "software_it", "tech_service", "producer_service"], None),)),
    # 第五条：占比不低于 3%，100 万元以上且增长；存量 3%、增量 10%，年最高 30 万元
    Case("05-rd-growth", growth(100 * WAN, before=50 * WAN), money=6_5000, kinds=TECH),
    Case("05-rd-growth", growth(100 * WAN - 1, before=50 * WAN), "ineligible", kinds=TECH, failing=(("below", 999_999, 1_000_000, 1),)),
    Case("05-rd-growth", growth(100 * WAN + 1), money=3_0000, kinds=TECH),
    Case("05-rd-growth", growth(100 * WAN + 10), money=3_0001, kinds=TECH),
    Case("05-rd-growth", growth(100 * WAN), "ineligible", kinds=TECH, failing=(("not_more", 1_000_000, 1_000_000, 0),)),
    Case("05-rd-growth", growth(300 * WAN, revenue=YI), money=23_0000, kinds=TECH),
    Case("05-rd-growth", growth(300 * WAN - 1, revenue=YI), "ineligible", kinds=TECH, failing=(("below", 2_999_999, 3_000_000, 1),)),
    Case("05-rd-growth", growth(370 * WAN - 10), money=29_9999, kinds=TECH),
    Case("05-rd-growth", growth(370 * WAN), money=30_0000, kinds=TECH),
    Case("05-rd-growth", growth(380 * WAN), money=30_0000, kinds=TECH),
    Case("05-rd-growth", growth(200 * WAN), "ineligible", kinds=MAKER, failing=(("kind", ["manufacturing"], ["tech_sme", "high_tech", "specialised", "startup", "tech_other"], None),)),
    Case("05-rd-growth", figures(rd_expense=200 * WAN), "needs_input", kinds=TECH, missing=("figures.2025.revenue", "figures.2024.rd_expense")),
    # 第六条：首年销售额不低于 1000 万元，1%，最高 100 万元
    Case("06-first-launch", entry("first_launch", first_year_sales=1000 * WAN), money=10 * WAN),
    Case("06-first-launch", entry("first_launch", first_year_sales=1000 * WAN - 1), "ineligible", failing=(("below", 9_999_999, 10_000_000, 1),)),
    Case("06-first-launch", entry("first_launch", first_year_sales=YI - 1), money=999_999),
    Case("06-first-launch", entry("first_launch", first_year_sales=YI + 100), money=100 * WAN),
    Case("06-first-launch", entry("first_launch"), "needs_input", missing=("first_launch:甲.first_year_sales",)),
    # 第七条：省级称号最高 50 万元；2 万平方米（工业类 5 万）、入住率不低于 30%
    Case("07-park-title", title("park"), money=50 * WAN),
    Case("07-park-operation", entry("park", kind="sme", operated_area_m2=20_000, occupancy="30%", effective=True)),
    Case("07-park-operation", entry("park", kind="sme", operated_area_m2="19999.5", occupancy="30%", effective=True), "ineligible", failing=(("below", "19999.5", 20_000, "0.5"),)),
    Case("07-park-operation", entry("park", kind="sme", operated_area_m2=20_000, occupancy="29.99%", effective=True), "ineligible", failing=(("below", "29.99%", "30%", "0.01%"),)),
    Case("07-park-operation", entry("park", kind="industrial", operated_area_m2=50_000, occupancy=1, effective=True)),
    Case("07-park-operation", entry("park", kind="industrial", operated_area_m2=49_999, occupancy=1, effective=True), "ineligible", failing=(("below", 49_999, 50_000, 1),)),
    Case("07-park-operation", entry("park", kind="digital", operated_area_m2=49_999, occupancy=1), "ineligible", failing=(("flag", False, True, None),)),
    Case("07-park-operation", entry("park", kind="digital", effective=True), "needs_input", missing=("park:甲.operated_area_m2", "park:甲.occupancy")),
    # 第八条：年最高 200 万元
    Case("08-tech-transfer", figures(tech_transfer_value=1), money=200 * WAN, kinds=("university",)),
    Case("08-tech-transfer", figures(tech_transfer_value=0), "ineligible", kinds=("university",), failing=(("not_more", 0, 0, 0),)),
    Case("08-tech-transfer", figures(tech_transfer_value=1), "ineligible", failing=(("kind", [], ["rd_institute", "university", "research_institute", "enclave_centre", "research_other"], None),)),
    # 第九条：年度服务性收入的 30%，年最高 100 万元
    Case("09-service-platform", entry("service_platform", effective=True, service_income=3_333_333), money=999_999),
    Case("09-service-platform", entry("service_platform", effective=True, service_income=3_333_334), money=1_000_000),
    Case("09-service-platform", entry("service_platform", effective=True, service_income=3_333_337), money=1_000_000),
    Case("09-service-platform", entry("service_platform", service_income=1), "ineligible", failing=(("flag", False, True, None),)),
    Case("09-service-platform", entry("service_platform", effective=True), "needs_input", missing=("service_platform:甲.service_income",)),
    # 第十条
    Case("10-incubator-provincial", title("incubator"), money=30 * WAN),
    Case("10-incubator-national", title("incubator", "national"), money=200 * WAN),
    Case("10-makerspace-provincial", title("makerspace"), money=15 * WAN),
    Case("10-makerspace-national", title("makerspace", "national"), money=20 * WAN),
    Case("10-incubator-operation", entry("carrier", kind="incubator", level="national", effective=True), money=80 * WAN),
    Case("10-incubator-operation", entry("carrier", kind="incubator", level="municipal", effective=True), "ineligible", failing=(("level", "municipal", LEVELS, None),)),
    Case("10-makerspace-operation", entry("carrier", kind="makerspace", level="provincial", effective=True), money=40 * WAN),
    Case("10-makerspace-operation", entry("carrier", kind="makerspace", level="provincial"), "ineligible", failing=(("flag", False, True, None),)),
    # 第十一条：单个企业最高 200 万元；前三等奖最高 30 万元
    Case("11-startup", "", money=200 * WAN, kinds=("startup",)),
    Case("11-contest", entry("contest", level="provincial", prize=3), money=30 * WAN),
    Case("11-contest", entry("contest", level="provincial", prize=4), "ineligible", failing=(("above", 4, 3, 1),)),
    Case("11-contest", entry("contest", level="municipal", prize=4), "ineligible", failing=(("above", 4, 3, 1), ("level", "municipal", LEVELS, None))),
    Case("11-contest", entry("contest", level="national"), "needs_input", missing=("contest:甲.prize",)),
    # 第十二条：单个项目服务费的 50%，最高 200 万元
    Case("12-digital-platform", entry("digital_project", service_fee=3), money=1, kinds=("digital_platform",)),
    Case("12-digital-platform", entry("digital_project", service_fee=400 * WAN - 1), money=200 * WAN - 1, kinds=("digital_platform",)),
    Case("12-digital-platform", entry("digital_project", service_fee=400 * WAN + 2), money=200 * WAN, kinds=("digital_platform",)),
    Case("12-digital-platform", entry("digital_project", service_fee=3), "ineligible", failing=(("kind", [], ["digital_platform"], None),)),
    Case("12-digital-platform", entry("digital_project"), "needs_input", kinds=("digital_platform",), missing=("digital_project:甲.service_fee",)),
    # 第十三条：20%，最高 100 万元
    Case("13-compute-voucher", entry("compute_contract", amount=500 * WAN - 1), money=100 * WAN - 1),
    Case("13-compute-voucher", entry("compute_contract", amount=500 * WAN + 5), money=100 * WAN),
    Case("13-compute-voucher", entry("compute_contract"), "needs_input", missing=("compute_contract:甲.amount",)),
    # 第十四条：20%，最高 10 万元；达到 300 万元，5%，年最高 50 万元
    Case("14-data-listing", entry("data_listing", service_fee=50 * WAN - 1), money=10 * WAN - 1),
    Case("14-data-listing", entry("data_listing", service_fee=50 * WAN + 5), money=10 * WAN),
    Case("14-data-listing", entry("data_listing"), "needs_input", missing=("data_listing:甲.service_fee",)),
    Case("14-data-trading", figures(data_trade_amount=300 * WAN), money=15 * WAN, kinds=("data_merchant",)),
    Case("14-data-trading", figures(data_trade_amount=300 * WAN - 1), "ineligible", kinds=("data_merchant",), failing=(("below", 2_999_999, 3_000_000, 1),)),
    Case("14-data-trading", figures(data_trade_amount=1000 * WAN - 20), money=50 * WAN - 1, kinds=("data_merchant",)),
    Case("14-data-trading", figures(data_trade_amount=1000 * WAN + 20), money=50 * WAN, kinds=("data_merchant",)),
    Case("14-data-trading", figures(data_trade_amount=YI), "ineligible", failing=(("kind", [], ["data_merchant"], None),)),
    # 第十五条：20%，省级最高 100 万元，国家级最高 200 万元
    Case("15-scenario-provincial", research(scenario_honour="provincial", spend=500 * WAN - 5), money=100 * WAN - 1),
    Case("15-scenario-provincial", research(scenario_honour="provincial", spend=500 * WAN + 5), money=100 * WAN),
    Case("15-scenario-provincial", research(scenario_honour="provincial"), "needs_input", missing=("rd_project:甲.spend",)),
    Case("15-scenario-national", research(scenario_honour="national", spend=1000 * WAN - 5), money=200 * WAN - 1),
    Case("15-scenario-national", research(scenario_honour="national", spend=1000 * WAN + 5), money=200 * WAN),
    # 第十六条：20%，每场次最高 50 万元
    Case("16-exhibition-host", entry("exhibition", role="host", nationwide=True, cost=250 * WAN - 5), money=50 * WAN - 1),
    Case("16-exhibition-host", entry("exhibition", role="host", nationwide=True, cost=250 * WAN + 5), money=50 * WAN),
    Case("16-exhibition-host", entry("exhibition", role="host", cost=1), "ineligible", failing=(("flag", False, True, None),)),
    Case("16-exhibition-host", entry("exhibition", role="host", nationwide=True), "needs_input", missing=("exhibition:甲.cost",)),
    Case("16-exhibition-booth", entry("exhibition", role="exhibitor")),
    # 第十七条：200 万美元以上，5%，年最高 500 万元；引进机构年最高 100 万元
    Case("17-fdi", figures(fdi_usd=200 * WAN) + "[fx]\nusd_cny = 7.1\n", money=71 * WAN),
    Case("17-fdi", figures(fdi_usd=200 * WAN - 1) + "[fx]\nusd_cny = 7.1\n", "ineligible", failing=(("below", 1_999_999, 2_000_000, 1),)),
    Case("17-fdi", figures(fdi_usd=1000 * WAN) + "[fx]\nusd_cny = 9.9999\n", money=499_9950),
    Case("17-fdi", figures(fdi_usd=1000 * WAN) + "[fx]\nusd_cny = 10.01\n", money=500 * WAN),
    Case("17-fdi", figures(fdi_usd=1000 * WAN), "needs_input", missing=("fx.usd_cny",)),
    Case("17-fdi-introducer", figures(fdi_introduced_usd="0.01"), money=100 * WAN),
    Case("17-fdi-introducer", figures(fdi_introduced_usd=0), "ineligible", failing=(("not_more", 0, 0, 0),)),
    # 第十八条
    Case("18-aeo", entry("title", kind="aeo_advanced"), money=30 * WAN),
    Case("18-bonded-repair-first", entry("bonded", kind="repair_first"), money=50 * WAN),
    Case("18-bonded-repair-project", entry("bonded", kind="repair_project"), money=10 * WAN),
    Case("18-bonded-new-business", entry("bonded", kind="new_business"), money=30 * WAN),
    Case("18-trade-target", figures({"trade_target_met": True}, trade_target_met=True), money=300 * WAN),
    Case("18-trade-target", figures(trade_target_met=True), "ineligible", failing=(("flag", False, True, None),)),
    # 第十九条：最高 200 万元；绿色设备 20%，最高 500 万元
    Case("19-green-title", title("zero_carbon_park", "national"), money=200 * WAN),
    Case("19-green-title", title("green_other"), money=200 * WAN),
    Case("19-retrofit", entry("investment", purposes=[], green_equipment=5), money=1),
    Case("19-retrofit", entry("investment", purposes=[], green_equipment=0), "ineligible", failing=(("not_more", 0, 0, 0),)),
    Case("19-retrofit", entry("investment", purposes=[], green_equipment=2500 * WAN - 5), money=500 * WAN - 1),
    Case("19-retrofit", entry("investment", purposes=[], green_equipment=2500 * WAN + 5), money=500 * WAN),
    # 第二十至二十四条
    Case("20-carbon-certificate", entry("certificate"), money=100 * WAN),
    Case("21-green-power", figures(green_power_cost=1)),
    Case("21-green-power", figures(green_power_cost=0), "ineligible", failing=(("not_more", 0, 0, 0),)),
    Case("22-rd-talent", figures(rd_talents=1)),
    Case("22-rd-talent", figures(rd_talents=0), "ineligible", failing=(("not_more", 0, 0, 0),)),
    Case("22-tech-secondee", figures(tech_secondees=1)),
    Case("22-tech-secondee", figures(tech_secondees=0), "ineligible", failing=(("not_more", 0, 0, 0),)),
    Case("23-entrepreneur", figures(entrepreneur_selected=True), kinds=("private",)),
    Case("23-entrepreneur", figures(entrepreneur_selected=True), "ineligible", failing=(("kind", [], ["private"], None),)),
    Case("24-training", figures(trainees=1)),
    Case("24-training", figures(trainees=0), "ineligible", failing=(("not_more", 0, 0, 0),)),
    Case("24-skill-upgrade", figures(skilled_talents=1)),
    Case("24-skill-upgrade", figures(skilled_talents=0), "ineligible", failing=(("not_more", 0, 0, 0),)),
    # 第二十五条：1 亿元以上，年化 1%，年最高 500 万；单笔 50 万元以上，1.5%，最高 15 万元
    Case("25-investment-loan", loan(purpose="investment", kind="other", principal=YI, annual_rate="3%"), money=100 * WAN),
    Case("25-investment-loan", loan(purpose="investment", kind="other", principal=YI - 1, annual_rate="3%"), "ineligible", failing=(("below", YI - 1, YI, 1),)),
    Case("25-investment-loan", loan(purpose="investment", kind="other", principal=YI, annual_rate="0.99%"), money=99 * WAN),
    Case("25-investment-loan", loan(purpose="investment", kind="other", principal=5 * YI - 100, annual_rate="3%"), money=500 * WAN - 1),
    Case("25-investment-loan", loan(purpose="investment", kind="other", principal=5 * YI + 100, annual_rate="3%"), money=500 * WAN),
    Case("25-investment-loan", loan(purpose="investment", kind="other"), "needs_input", missing=("loan:甲.principal", "loan:甲.annual_rate")),
    Case("25-technology-loan", loan(principal=50 * WAN, annual_rate="3%"), money=7500, kinds=TECH),
    Case("25-technology-loan", loan(principal=50 * WAN - 1, annual_rate="3%"), "ineligible", kinds=TECH, failing=(("below", 499_999, 500_000, 1),)),
    Case("25-technology-loan", loan(principal=50 * WAN, annual_rate="1.49%"), money=7450, kinds=TECH),
    Case("25-technology-loan", loan(principal=1000 * WAN - 100, annual_rate="3%"), money=15 * WAN - 2, kinds=TECH),
    Case("25-technology-loan", loan(principal=1000 * WAN + 100, annual_rate="3%"), money=15 * WAN, kinds=TECH),
    Case("25-technology-loan", loan(principal=100 * WAN, annual_rate="3%", start="2026-12-31", months=1), money=1250, kinds=TECH),
    Case("25-technology-loan", loan(principal=100 * WAN, annual_rate="3%", start="2025-02-28", months=12), money=1250, kinds=TECH),
    Case("25-technology-loan", loan(principal=100 * WAN, annual_rate="3%"), "ineligible", failing=(("kind", [], ["tech_sme", "high_tech", "specialised", "startup", "tech_other"], None),)),
    Case("25-technology-loan", loan(), "needs_input", kinds=TECH, missing=("loan:甲.principal", "loan:甲.annual_rate")),
    Case("25-guarantee", entry("guarantee", amount=1000 * WAN, market_fee_rate="2%"), money=12 * WAN),
    Case("25-guarantee", entry("guarantee", amount=1000 * WAN, market_fee_rate="0.8%"), money=0),
    Case("25-guarantee", entry("guarantee", amount=1000 * WAN, market_fee_rate="0.5%"), money=0),
    Case("25-guarantee", entry("guarantee", amount=1000 * WAN, market_fee_rate="0.81%", months=6), money=500),
    Case("25-guarantee", entry("guarantee"), "needs_input", missing=("guarantee:甲.market_fee_rate", "guarantee:甲.amount")),
    Case("25-guarantee-business", "", kinds=("gov_guarantee",)),
    Case("25-insurance", entry("insurance", premium=20 * WAN - 1), money=20 * WAN - 1),
    Case("25-insurance", entry("insurance", premium=20 * WAN + 1), money=20 * WAN),
    Case("25-insurance", entry("insurance"), "needs_input", missing=("insurance:甲.premium",)),
    # 第二十六条：不良贷款总额 30%，单笔最高 300 万元，按承担比例
    Case("26-risk-compensation", entry("bad_loan", total=1000 * WAN), money=300 * WAN, kinds=("bank",)),
    Case("26-risk-compensation", entry("bad_loan", total=1000 * WAN - 10), money=300 * WAN - 3, kinds=("bank",)),
    Case("26-risk-compensation", entry("bad_loan", total=2000 * WAN, loss_share="50%"), money=150 * WAN, kinds=("gov_guarantee",)),
    Case("26-risk-compensation", entry("bad_loan", total=1), "ineligible", failing=(("kind", [], ["bank", "gov_guarantee"], None),)),
    Case("26-risk-compensation", entry("bad_loan"), "needs_input", kinds=("bank",), missing=("bad_loan:甲.total",)),
    # 第二十七至三十五条
    Case("27-listing", figures(listing_fees=1)),
    Case("27-listing", figures(listing_fees=0), "ineligible", failing=(("not_more", 0, 0, 0),)),
    Case("29-safeguard-rent", entry("premises", safeguard=True, area_m2=1000, appraised_monthly_rent="20.55", months=12), money=73_980, kinds=SME),
    Case("29-safeguard-rent", entry("premises", safeguard=True), "ineligible", failing=(("kind", [], ["sme"], None),)),
    Case("29-safeguard-rent", entry("premises", safeguard=True), "needs_input", kinds=SME, missing=("premises:甲.area_m2", "premises:甲.appraised_monthly_rent", "premises:甲.months")),
    Case("31-land-price", entry("land", kind="new_business", area_m2=1000, price_for_use=900, industrial_price=400), money=50 * WAN),
    Case("31-land-price", entry("land", kind="modern_service", area_m2=1000, price_for_use=300, industrial_price=400), money=0),
    Case("31-land-price", entry("land", kind="modern_service", area_m2=1), "needs_input", missing=("land:甲.price_for_use", "land:甲.industrial_price")),
    Case("32-far-premium", entry("land", kind="far_increase", waived_premium="123.45"), money=123),
    Case("32-far-premium", entry("land", kind="far_increase"), "needs_input", missing=("land:甲.waived_premium",)),
    Case("35-site", entry("investment", purposes=[], levelling_cost=7), money=7),
    Case("35-site", entry("investment", purposes=[], levelling_cost=7, hookup_cost="1.5"), money=8),
    Case("35-site", entry("investment", purposes=[], hookup_cost=0), money=0),
]  # fmt: skip


def claims_of(case: Case) -> list[dict[str, Any]]:
    kinds = ", ".join(f'"{kind}"' for kind in case.kinds)
    text = f'[enterprise]\nname = "企业"\nclaim_year = 2026\nkinds = [{kinds}]\n{case.text}'
    loaded = enterprise_from(parse_document("x", text, is_json=False), RULES.vocabulary, RULES.item_ids)
    data = estimate_data(estimate(loaded.enterprise, RULES, count="ceiling"), SPEECH)
    spared = {(one["item"], one["subject"]): one["spared"] for one in data["in_kind"]}
    return [{**one, "spared": spared.get((one["item"], one["subject"]))} for one in data["claims"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.item} {case.status}")
def test_an_item_at_its_edges(case: Case) -> None:
    claim = next(one for one in claims_of(case) if one["item"] == case.item)
    reasons = [(one["code"], one["value"], one["threshold"], one["shortfall"]) for one in claim["reasons"]]
    assert (claim["status"], reasons, claim["missing"]) == (
        case.status,
        list(case.failing),
        list(case.missing),
    )
    if claim["grade"] == "in_kind":
        assert claim["spared"] == case.money
    else:
        assert claim["ceiling"] == case.money
        assert claim["amount"] == (case.money or 0)


def test_every_item_is_claimed_and_every_condition_fails_once() -> None:
    claimed = {case.item for case in CASES if case.status == "eligible"}
    failed = {case.item for case in CASES if case.status == "ineligible"}
    for name, item in RULES.items.items():
        if item.grade != "service":
            assert name in claimed
            assert not item.conditions or name in failed, name


ABSENT = [
    ("01-chain-title", title("chain_leader", "national")),
    ("03-core-tech", research(partner=True, spend=1)),
    ("04-performance", figures(outstanding_results=False)),
    ("07-park-title", title("park", "national")),
    ("10-incubator-provincial", title("incubator", "municipal")),
    ("15-scenario-national", research(scenario_honour="provincial")),
    ("16-exhibition-booth", entry("exhibition", role="host")),
    ("19-green-title", title("green_factory", "municipal")),
    ("19-retrofit", capacity(equipment=YI)),
    ("25-investment-loan", loan(principal=YI)),
    ("25-technology-loan", loan(kind="other", principal=YI)),
    ("25-technology-loan", loan(start="2025-01-01", months=12)),
    ("25-technology-loan", loan(start="2027-01-01", months=12)),
    ("29-safeguard-rent", entry("premises", area_m2=1)),
    ("35-site", capacity()),
]


@pytest.mark.parametrize(("item", "text"), ABSENT)
def test_without_its_trigger_there_is_no_claim(item: str, text: str) -> None:
    assert item not in [one["item"] for one in claims_of(Case(item, text))]
