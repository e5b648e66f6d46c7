"""The project as a whole: its version, its locks, and what must not stand in its files."""

import re
import shutil
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import calc

ROOT = Path(__file__).parent.parent
PIN = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; .+?)?(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})*)"
)


def locked(name: str) -> dict[tuple[str, str], int]:
    """Each pinned name and version of a lock, with the number of its hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    joined = re.sub(r" *\\\n +", " ", re.sub(r"^ *#.*\n", "", text, flags=re.M))
    pins = {}
    for line in joined.splitlines():
        pin = PIN.fullmatch(line)
        assert pin, f"not a pinned requirement with hashes: {line}"
        pins[pin["name"], pin["version"]] = len(pin["hashes"].split())
    return pins


def tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    done = subprocess.run([git, "-C", ROOT, "ls-files", "-z"], capture_output=True, check=True)
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def test_newest_entry_of_the_changelog_is_this_version() -> None:
    entries = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert entries[0] == calc.__version__


def test_installed_version_is_this_version() -> None:
    assert version("subsidy") == calc.__version__


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_locked_requirement_has_hashes(name: str) -> None:
    assert [pin for pin, hashes in locked(name).items() if not hashes] == []


def test_the_locks_agree_and_hold_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run, dev = locked("run"), locked("dev")
    assert run.items() <= dev.items()
    groups = project["dependency-groups"]
    for pins, wanted in (
        (run, project["project"]["dependencies"] + groups["build"] + project["build-system"]["requires"]),
        (dev, groups["dev"]),
    ):
        names = {name for name, _ in pins}
        assert {re.split(r"[^a-z0-9-]", one)[0] for one in wanted} <= names


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    # The brackets around one letter keep these lines themselves out of what is found.
    registry = r"pypi\.[a-z]|python[h]osted|//mirrors?\.|--(?:extra-)?index-url|--find-lin[k]s"
    machine = r"(?<![\w.~$)}])/(?:root|work|home|Users)/|[A-Z]:\\Users"
    forbidden = re.compile(f"{registry}|{machine}")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked()
        if path.is_file()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if forbidden.search(line)
    ]
    assert found == []
