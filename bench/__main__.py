"""Start-up as a ratio to importing the same libraries bare, and estimates a second through the Python API."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from calc import estimate, load_enterprise, load_rules

RUNS = 15
SECONDS = 2.0
BARE_HELP = "import typer, gettext"
BARE_JSON = "import typer, pydantic, json, tomllib, gettext, hashlib, fractions, typer._adapters"
BARE_TABLE = f"{BARE_JSON}, rich.console, rich.table"

TEN_CLAIMS = """
[enterprise]
name = "十项申报的企业"
claim_year = 2026
kinds = ["manufacturing", "high_tech"]
[figures.2025]
revenue = "3.2亿"
rd_expense = "1200万"
[figures.2024]
rd_expense = "1000万"
[[investment]]
name = "二期产线"
year = 2026
purposes = ["capacity"]
equipment = "3亿"
construction_months = 24
green_equipment = "1亿"
[[rd_project]]
name = "关键部件"
year = 2026
spend = "4000万"
partner = true
scope = "core_technology"
scenario_honour = "national"
[[loan]]
name = "流动资金贷款"
purpose = "technology"
kind = "credit"
principal = "800万"
annual_rate = "3.5%"
start = 2026-03-01
months = 12
[[title]]
name = "绿色工厂"
year = 2026
kind = "green_factory"
level = "national"
matching_award = "50万"
[[title]]
name = "链主企业"
year = 2026
kind = "chain_leader"
level = "provincial"
[[compute_contract]]
name = "算力合同"
year = 2026
amount = "300万"
[[certificate]]
name = "碳足迹"
year = 2026
"""


def best_of(command: list[str]) -> float:
    """The quickest of several runs of a process, in milliseconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "100"})
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def start_up(path: Path) -> None:
    """Print what each way to start costs, beside the bare import of the libraries it needs."""
    command = [sys.executable, "-m", "calc"]
    rows = [
        ("--help", [*command, "--help"], BARE_HELP),
        ("estimate --format json", [*command, "estimate", str(path), "--format", "json"], BARE_JSON),
        ("estimate", [*command, "estimate", str(path)], BARE_TABLE),
    ]
    print(f"start-up, best of {RUNS} (ms)          command   bare import   ratio")
    for name, run, imports in rows:
        mine, bare = best_of(run), best_of([sys.executable, "-c", imports])
        print(f"  {name:<32} {mine:9.0f} {bare:13.0f} {mine / bare:7.2f}")


def throughput(path: Path) -> None:
    """Print estimates a second in one process, loading not counted."""
    rules = load_rules()
    enterprise = load_enterprise(str(path), rules)
    claims = len(estimate(enterprise, rules).outcomes)
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        estimate(enterprise, rules)
        done += 1
    rate = done / (time.perf_counter() - start)
    print(f"estimates a second, {claims} claims, one process, four readings: {rate:,.0f}")


def main() -> None:
    """Run all benchmarks."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ten.toml"
        path.write_text(TEN_CLAIMS, encoding="utf-8")
        start_up(path)
        throughput(path)


if __name__ == "__main__":
    main()
