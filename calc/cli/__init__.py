"""The command ``subsidy``: options in, call, present, exit code."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command and exit with its code."""
    from calc.cli.app import run

    sys.exit(run(sys.argv[1:]))
