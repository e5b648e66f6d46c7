"""What the commands that answer about enterprise files are asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calc.cli import options

if TYPE_CHECKING:
    from calc.engine.combine.problem import Stacking
    from calc.engine.evaluate import Count


@dataclass(frozen=True, slots=True)
class Request:
    """The options that these commands share."""

    files: tuple[str, ...]
    rules: tuple[str, ...]
    claim_year: int | None
    stacking: "Stacking"
    count: "Count"
    output_format: str
    in_yuan: bool

    @property
    def source(self) -> str:
        """The file of a command that takes one."""
        return self.files[0]


def request_of(
    files: Sequence[str],
    rules: Sequence[str] | None,
    year: int | None,
    stacking: options.Stacking,
    count: options.Count,
    written: str,
    *,
    yuan: bool,
) -> Request:
    """The options as the command line gives them; ``written`` is the format of the answer."""
    return Request(tuple(files), tuple(rules or ()), year, stacking.value, count.value, written, yuan)
