"""Where answers and messages go: results to standard output or a file, everything else to standard error."""

import contextlib
import io
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from calc.enterprise.problems import MOST_SHOWN, Problem, are_unopenable
from calc.enterprise.sources import STDIN
from calc.present.language import Language
from calc.present.safe import command_line


class Channel(NamedTuple):
    """How a command speaks: in which language, whether warnings and hints are kept back, and where to."""

    speech: Language
    is_quiet: bool = False
    is_file: bool = False
    """Whether results go to a file of the user's, and not to a terminal or another program."""

    def write(self, text: str) -> None:
        """Write a result, in UTF-8 whatever the locale says."""
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()

    def write_csv(self, text: str) -> None:
        """Write a result that a spreadsheet may open: Excel knows Chinese in a file by the mark before it."""
        self.write(f"\ufeff{text}" if self.is_file else text)

    def report(self, problems: Iterable[Problem]) -> None:
        """Show problems on standard error, coloured on a terminal only; warnings unless quiet.

        That nobody reads them changes neither the answer nor the exit code.
        """
        problems = tuple(one for one in problems if not (self.is_quiet and one.is_warning))
        if not problems or sys.stderr is None:
            return
        from rich.console import Console
        from rich.text import Text

        from calc.present.words.diagnostics import problem_lines

        # Rich ends the program where nobody reads: it writes into memory instead.
        shown = io.StringIO()
        is_terminal = True if sys.stderr.isatty() else None
        console = Console(file=shown, force_terminal=is_terminal, highlight=False, soft_wrap=True)
        for problem in problems[:MOST_SHOWN]:
            first, *others = problem_lines(problem, self.speech)
            console.print(Text(first, style="bold yellow" if problem.is_warning else "bold red"))
            for line in others:
                console.print(Text(line, style="red" if line.strip(" |").startswith("^") else ""))
        if len(problems) > MOST_SHOWN:
            console.print(Text(self.speech.say("… and {count} more", count=len(problems) - MOST_SHOWN)))
        _to_stderr(shown.getvalue())

    def fail(self, problems: Sequence[Problem], command: str, rules: Sequence[str] = ()) -> None:
        """Show the problems of one input, and the command that looks at it again once they are mended."""
        self.report(problems)
        source = problems[0].source
        is_misplaced = any(one.code == "enterprise_for_rules" for one in problems)
        if source != STDIN and not is_misplaced and not are_unopenable(problems):
            self.hint(self.speech.say("next: {command}", command=command_line(command, [source], rules)))

    def hint(self, text: str) -> None:
        """Tell something helpful on standard error, unless quiet."""
        if not self.is_quiet and sys.stderr is not None:
            _to_stderr(f"{text}\n")


def _to_stderr(text: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()
