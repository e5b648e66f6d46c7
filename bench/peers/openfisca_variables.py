"""The work set as OpenFisca variables in Python; OpenFisca-Core keeps money in 32-bit floats."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.peers.workset import COLUMNS, FIRST_MONTH, ITEMS, YEAR

ENTERPRISE = build_entity(key="enterprise", plural="enterprises", label="Enterprise", is_person=True)
FLAGS = ("is_technology", "is_capacity", "is_supported_loan")
COUNTS = ("construction_months", "loan_start", "loan_months")
RATES = {"usd_cny_e4": "usd_cny", "annual_rate_e4": "annual_rate"}


Formula = Callable[[Any, Any], Any]


def _capacity(enterprise: Any, period: Any) -> Any:
    equipment = enterprise("equipment", period)
    is_open = enterprise("is_capacity", period) * (equipment >= 20_000_000)
    is_open = is_open * (enterprise("construction_months", period) <= 24)
    return is_open * np.floor(np.minimum(equipment * 0.10, 30_000_000))


def _growth(enterprise: Any, period: Any) -> Any:
    spent, before = enterprise("rd_expense", period), enterprise("rd_expense_before", period)
    is_open = enterprise("is_technology", period) * (spent >= 1_000_000) * (spent > before)
    is_open = is_open * (spent >= 0.03 * enterprise("revenue", period))
    return is_open * np.floor(np.minimum(0.03 * before + 0.10 * (spent - before), 300_000))


def _launch(enterprise: Any, period: Any) -> Any:
    sales = enterprise("first_year_sales", period)
    return (sales >= 10_000_000) * np.floor(np.minimum(0.01 * sales, 1_000_000))


def _fdi(enterprise: Any, period: Any) -> Any:
    dollars = enterprise("fdi_usd", period)
    yuan = dollars * enterprise("usd_cny", period)
    return (dollars >= 2_000_000) * np.floor(np.minimum(0.05 * yuan, 5_000_000))


def _loan(enterprise: Any, period: Any) -> Any:
    principal, start = enterprise("principal", period), enterprise("loan_start", period)
    end = np.minimum(start + enterprise("loan_months", period), FIRST_MONTH + 12)
    months = np.maximum(end - np.maximum(start, FIRST_MONTH), 0).astype(np.float32)
    rate = np.minimum(enterprise("annual_rate", period), np.float32(0.015))
    is_open = enterprise("is_technology", period) * enterprise("is_supported_loan", period)
    is_open = is_open * (principal >= 500_000)
    return is_open * np.floor(np.minimum(principal * rate * months / 12, 150_000))


AWARDS: dict[str, Formula] = {
    "capacity": _capacity,
    "growth": _growth,
    "launch": _launch,
    "fdi": _fdi,
    "loan": _loan,
}


def _variable(name: str, kind: type, formula: Formula | None = None) -> type[Variable]:
    body = {"value_type": kind, "entity": ENTERPRISE, "definition_period": DateUnit.YEAR, "label": name}
    return type(name, (Variable,), body if formula is None else {**body, "formula": formula})


def _system() -> TaxBenefitSystem:
    system = TaxBenefitSystem([ENTERPRISE])
    for name in COLUMNS:
        kind = bool if name in FLAGS else int if name in COUNTS else float
        system.add_variable(_variable(RATES.get(name, name), kind))
    for name, formula in AWARDS.items():
        system.add_variable(_variable(name, float, formula))
    return system


def open_rows(path: Path) -> Simulation:
    """The rows in memory, as the inputs of a simulation."""
    table = pq.read_table(path)
    simulation = SimulationBuilder().build_default_simulation(_system(), count=table.num_rows)
    for name in COLUMNS:
        values = table[name].to_numpy()
        simulation.set_input(RATES.get(name, name), YEAR, values / 10_000 if name in RATES else values)
    return simulation


def answer(simulation: Simulation) -> pa.Table:
    """What each item pays; nothing is kept from an answer before."""
    for award in AWARDS:
        simulation.delete_arrays(award)
    columns = (simulation.calculate(award, YEAR).astype(np.int64) for award in AWARDS)
    return pa.table(dict(zip(ITEMS, columns, strict=True)))


def save(result: pa.Table, path: Path) -> None:
    """Write what was answered as Parquet."""
    pq.write_table(result, path)


def through(source: Path, target: Path) -> None:
    """Parquet to Parquet: OpenFisca keeps a whole simulation in memory."""
    save(answer(open_rows(source)), target)
