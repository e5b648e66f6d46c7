"""Carries the NumPy kernels through one distributed engine, Parquet to Parquet; prints one JSON object.

``python -m bench.peers.clusters ENGINE SOURCE TARGET [MARK]``: both are folders.  With a file to mark it by,
the worker that meets the middle of the rows kills itself, once.
"""

import argparse
import json
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.peers.numpy_kernels import amounts
from bench.peers.workset import ITEMS

WORKERS = 2
FATAL_ROW = 2_000_000


def answered(table: pa.Table, mark: str | None) -> pa.Table:
    """What each item pays; the worker ends where it is told to, the first time."""
    if mark is not None and not Path(mark).exists() and pc.index(table["id"], FATAL_ROW).as_py() >= 0:
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return amounts(table)


def piece(source: str, target: str, mark: str | None) -> int:
    """One file to one file, under a temporary name until it is whole."""
    result = answered(pq.read_table(source), mark)
    partial_name = f"{target}.{os.getpid()}.partial"
    pq.write_table(result, partial_name)
    Path(partial_name).replace(target)
    return int(result.num_rows)


def _pieces(source: Path, target: Path) -> list[tuple[str, str]]:
    return [(str(one), str(target / one.name)) for one in sorted(source.glob("*.parquet"))]


def _loop(_: Any, source: Path, target: Path, mark: str | None) -> None:
    for start, end in _pieces(source, target):
        piece(start, end, mark)


def _start_dask() -> Any:
    from distributed import Client, LocalCluster

    cluster = LocalCluster(n_workers=WORKERS, threads_per_worker=1, dashboard_address=None)
    return Client(cluster)


def _dask(client: Any, source: Path, target: Path, mark: str | None) -> None:
    futures = [client.submit(piece, start, end, mark, pure=False) for start, end in _pieces(source, target)]
    client.gather(futures)


def _start_ray() -> Any:
    import ray

    ray.init(num_cpus=WORKERS, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    return ray


def _ray(ray: Any, source: Path, target: Path, mark: str | None) -> None:
    rows = ray.data.read_parquet(str(source))
    rows.map_batches(partial(answered, mark=mark), batch_format="pyarrow").write_parquet(str(target))


def _start_spark() -> Any:
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master(f"local[{WORKERS},4]").config("spark.ui.enabled", "false")
    session = session.config("spark.sql.execution.arrow.maxRecordsPerBatch", 65_536)
    return session.getOrCreate()


def _spark(session: Any, source: Path, target: Path, mark: str | None) -> None:
    def batches(given: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in given:
            yield from answered(pa.table(batch), mark).to_batches()

    schema = ", ".join(f"`{item}` bigint" for item in ITEMS)
    rows = session.read.parquet(str(source)).mapInArrow(batches, schema)
    rows.write.mode("overwrite").parquet(str(target))


Start = Callable[[], Any]
Run = Callable[[Any, Path, Path, str | None], None]
ENGINES: dict[str, tuple[Start, Run]] = {
    "loop": (lambda: None, _loop),
    "dask": (_start_dask, _dask),
    "ray": (_start_ray, _ray),
    "spark": (_start_spark, _spark),
}


def main() -> None:
    """Run one engine once."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers.clusters", description=__doc__)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("mark", nargs="?")
    options = parser.parse_args()
    start_engine, run = ENGINES[options.engine]
    options.target.mkdir(parents=True, exist_ok=True)
    before = time.perf_counter()
    engine = start_engine()
    ready = time.perf_counter()
    run(engine, options.source, options.target, options.mark)
    print(json.dumps({"start": ready - before, "run": time.perf_counter() - ready}), flush=True)


if __name__ == "__main__":
    main()
