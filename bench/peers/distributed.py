"""``python -m bench.peers.distributed``: the plain loop, Dask, Ray Data and Spark carry the same kernels."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from bench.peers import environment, workset
from bench.peers.registry import BUILD, CLUSTERS_PYTHON
from bench.peers.report import report, wide_console
from bench.peers.running import keep, rows_folder

ROWS = 4_000_000
GROUPS_IN_FILE = 4
TIMEOUT = 120
ENGINES = {
    "loop": ("plain loop, one process", ()),
    "dask": ("Dask", ("dask", "distributed")),
    "ray": ("Ray Data", ("ray",)),
    "spark": ("Spark, mapInArrow", ("pyspark",)),
}
WHAT = (
    "The NumPy kernels of the five items over 4,000,000 rows in 16 files, Parquet to Parquet, two "
    "workers. Killed: the worker that meets the middle of the rows ends by SIGKILL once. Right: the sums "
    "of all items are those of the loop."
)


@dataclass
class Carried:
    """What one engine showed; times in seconds."""

    label: str
    megabytes: float | None = None
    start: float | None = None
    run: float | None = None
    is_right: bool | None = None
    killed: float | None = None
    is_right_killed: bool | None = None
    rows_twice: int | None = None
    note: str | None = None


def compare_clusters(say: Callable[[str], None]) -> None:
    """Measure every engine that is installed and keep the results."""
    say("setting up the distributed engines")
    environment.prepare_clusters()
    source, machine = _source(), environment.machine()
    results = [_measured(engine, source, say) for engine in ENGINES]
    keep("clusters", results, date=f"{datetime.now(UTC):%Y-%m-%d}", machine=machine, what=WHAT)


def _source() -> Path:
    folder = rows_folder() / f"{ROWS}"
    if not folder.exists():
        partial = folder.with_name(f"partial.{ROWS}")
        partial.mkdir(parents=True, exist_ok=True)
        held: list[pa.Table] = []
        for place, group in enumerate(workset.groups(ROWS), 1):
            held.append(group)
            if place % GROUPS_IN_FILE == 0 or place * workset.GROUP >= ROWS:
                pq.write_table(pa.concat_tables(held), partial / f"part-{place:03}.parquet")
                held = []
        partial.rename(folder)
    return folder


def _measured(engine: str, source: Path, say: Callable[[str], None]) -> Carried:
    label, packages = ENGINES[engine]
    carried = Carried(label, _megabytes(packages) if packages else None)
    if engine == "spark" and shutil.which("java") is None:
        carried.note = "Java is not installed"
        return carried
    target = BUILD / "carried" / engine
    shutil.rmtree(target.parent / engine, ignore_errors=True)
    try:
        say(f"{label}: {ROWS:,} rows")
        first = _run(engine, source, target)
        carried.start, carried.run = first["start"], first["run"]
        carried.is_right = _sums(target) == _sums(BUILD / "carried" / "loop")
        say(f"{label}: a second run into the same folder")
        _run(engine, source, target)
        carried.rows_twice = ds.dataset(target, format="parquet").count_rows()
        if packages:
            say(f"{label}: with a killed worker")
            carried.killed, carried.is_right_killed = _killed(engine, source)
    except subprocess.TimeoutExpired:
        carried.note = f"a run took more than {TIMEOUT} s"
    except subprocess.CalledProcessError as error:
        lines = (error.stderr or "").strip().splitlines()
        carried.note = lines[-1][:160] if lines else f"ended with {error.returncode}"
    return carried


def _killed(engine: str, source: Path) -> tuple[float, bool]:
    target, mark = BUILD / "carried" / f"{engine}-killed", BUILD / "carried" / f"{engine}.mark"
    shutil.rmtree(target, ignore_errors=True)
    mark.unlink(missing_ok=True)
    seconds = _run(engine, source, target, mark)["run"]
    return seconds, mark.exists() and _sums(target) == _sums(BUILD / "carried" / "loop")


def _run(engine: str, *paths: Path) -> dict[str, float]:
    arguments = [engine, *(str(path.absolute()) for path in paths)]
    done = subprocess.run(
        [str(CLUSTERS_PYTHON), "-m", "bench.peers.clusters", *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), "PYSPARK_PYTHON": str(CLUSTERS_PYTHON.absolute())},
    )
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _sums(folder: Path) -> list[int]:
    table = ds.dataset(folder, format="parquet").to_table()
    return [pc.sum(table[item]).as_py() for item in workset.ITEMS]


def _megabytes(packages: tuple[str, ...]) -> float:
    home = next((CLUSTERS_PYTHON.parent.parent / "lib").glob("python*/site-packages"))
    files = (file for name in packages for file in (home / name).rglob("*") if file.is_file())
    return sum(file.stat().st_size for file in files) / 1e6


def main() -> None:
    """Measure the engines alone, and write the report anew."""
    console = wide_console()
    with console.status("setting up") as status:
        compare_clusters(status.update)
    report(console)


if __name__ == "__main__":
    main()
