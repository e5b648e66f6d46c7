"""The command ``subsidy``: options in, call, present, exit code."""

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command and exit with its code."""
    # No pydantic plugin takes part, and looking for them reads the metadata of every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A run is short and makes no cycles worth collecting.
    gc.disable()
    try:
        from calc.cli.app import run
        from calc.cli.exits import leave

        leave(run(sys.argv[1:]))
    except KeyboardInterrupt:
        # Interrupted before the command began to run.
        os._exit(130)
