"""No setting of the person who runs the tests takes part in them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def no_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [one for one in os.environ if one.startswith("SUBSIDY_")]:
            patch.delenv(name)
        home: Path = tmp_path_factory.mktemp("home")
        patch.setenv("XDG_CONFIG_HOME", str(home))
        yield
