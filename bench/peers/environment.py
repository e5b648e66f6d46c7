"""Sets up what the peers need under build/peers, once: pinned packages in environments of their own."""

import shutil
import subprocess
import sys
from pathlib import Path

from bench.peers.registry import CLUSTERS_PYTHON, NODE_PACKAGES, PYTHON

HERE = Path("bench/peers")
PUBLICODES = "publicodes@1.10.3"


def prepare_python(python: Path = PYTHON, requirements: str = "requirements.txt") -> None:
    """A virtual environment with the packages of a requirements file; made anew when that file changes."""
    wanted = (HERE / requirements).read_text(encoding="utf-8")
    home = python.parent.parent
    mark = home / "made-from.txt"
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    _run([sys.executable, "-m", "venv", "--clear", str(home)])
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "-qq"]
    _run([*pip, "install", "-r", str(HERE / requirements)])
    mark.write_text(wanted, encoding="utf-8")


def prepare_clusters() -> None:
    """The environment of the distributed engines."""
    prepare_python(CLUSTERS_PYTHON, "requirements-clusters.txt")


def prepare_node() -> str | None:
    """The node package of publicodes; why not, where it cannot be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "node or npm is not installed"
    if (NODE_PACKAGES / "node_modules" / "publicodes").exists():
        return None
    NODE_PACKAGES.mkdir(parents=True, exist_ok=True)
    try:
        _run(
            [
                "npm",
                "install",
                "--silent",
                "--no-audit",
                "--no-fund",
                "--prefix",
                str(NODE_PACKAGES),
                PUBLICODES,
            ]
        )
    except subprocess.CalledProcessError:
        return "npm could not install publicodes"
    return None


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def versions(python: Path, names: tuple[str, ...]) -> str:
    """The versions of some packages in an environment, as one line."""
    code = (
        "import importlib.metadata as m, sys; print(', '.join(f'{n} {m.version(n)}' for n in sys.argv[1:]))"
    )
    asked = subprocess.run([str(python), "-c", code, *names], check=True, capture_output=True, text=True)
    return asked.stdout.strip()


def machine() -> str:
    """The processor, its cores and the Python, and how busy others keep it."""
    import os
    import platform

    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        model = next(
            (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model
        )
    cores, load = os.cpu_count(), os.getloadavg()[0]
    return f"{model}, {cores} cores, Python {platform.python_version()}, load average {load:.1f} before."
