"""Who is compared, how each is run, and how many rows each can do in reasonable time."""

import sys
from pathlib import Path
from typing import Literal, NamedTuple

BUILD = Path("build/peers")
PYTHON = BUILD / "venv/bin/python"
CLUSTERS_PYTHON = BUILD / "clusters/bin/python"
NODE_PACKAGES = BUILD / "node"

Source = Literal["flat", "nested", "lines", "portfolio"]
GROWTH = (10**4, 10**5, 10**6, 10**7)


class Peer(NamedTuple):
    """One peer.  ``most``: the most rows it is asked for; ``source``: the form of the rows it reads.

    ``grows_in_files``: its growth is that from file to file, since more rows are not to be held at once.
    """

    label: str
    module: str
    how: str
    source: Source = "flat"
    most: int = GROWTH[-1]
    is_ours: bool = False
    has_files: bool = True
    grows_in_files: bool = False

    @property
    def command(self) -> list[str]:
        """What to start it with, before the mode and the files."""
        if self.module.endswith(".mjs"):
            return ["node", f"bench/peers/{self.module}"]
        python = sys.executable if self.is_ours else str(PYTHON)
        return [python, "-m", "bench.peers.measure", self.module]

    @property
    def needs_node(self) -> bool:
        """Whether it runs in node."""
        return self.module.endswith(".mjs")


OURS = Peer("this program, columns", "ours", "rules as data, all readings", "nested", is_ours=True)
SINGLE = Peer(
    "this program, one by one", "ours_single", "rules as data, all readings", "nested", 10**4, True, False
)
WHOLE = Peer(
    "the whole, columns", "ours", "all items, four readings", "portfolio", is_ours=True, grows_in_files=True
)
WHOLE_SINGLE = Peer(
    "the whole, one by one", "ours_single", "all items, four readings", "portfolio", 10**4, True, False
)
PEERS = (
    OURS,
    SINGLE,
    Peer("NumPy kernels", "numpy_kernels", "by hand, int64"),
    Peer("polars", "polars_expressions", "by hand, Int64 expressions"),
    Peer("DuckDB", "duckdb_sql", "by hand, SQL on BIGINT"),
    Peer("OpenFisca-Core", "openfisca_variables", "Python variables, float32"),
    Peer("zen-engine", "zen_decisions", "JDM, a row each", most=10**5),
    Peer("publicodes", "publicodes_rules.mjs", "YAML, a row each, node", "lines", 10**4, has_files=False),
)
