"""Tells how a batch goes: a bar on a terminal, lines of JSON for scripts, the first errors in any case."""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from calc.batch.parts import MOST_TOLD, Told
from calc.cli.channel import Channel
from calc.cli.exits import tell
from calc.present.figures import money

if TYPE_CHECKING:
    from calc.batch.pools import Settled


class Done(Protocol):
    """Work that is done: its rows, those of them that are wrong, the first of these, its bytes."""

    @property
    def rows(self) -> int:
        """How many rows it had."""

    @property
    def errors(self) -> int:
        """How many of them are wrong."""

    @property
    def unproven(self) -> int:
        """For how many more may exist."""

    @property
    def told(self) -> Sequence[Told]:
        """What is wrong with the first of these."""

    @property
    def weight(self) -> int:
        """The bytes of the input that it stands for."""


class Progress:
    """What has been done so far of a batch of ``total`` bytes (0: not known)."""

    def __init__(self, total: int, channel: Channel, *, is_logged: bool) -> None:
        self.rows = self.errors = self._unproven = 0
        self._told = self._bytes = 0
        self._total, self._channel, self._is_logged = total, channel, is_logged
        self._begin = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> "Progress":
        if sys.stderr is not None and sys.stderr.isatty() and not self._is_logged:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True, highlight=False), transient=True)
            self._task = self._bar.add_task(self._says(), total=self._total or None)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def watch(self, part: Done) -> None:
        """Take note of a part that is done."""
        self.rows += part.rows
        self.errors += part.errors
        self._unproven += part.unproven
        self._bytes += part.weight
        for one in part.told[: MOST_TOLD - self._told]:
            self._told += 1
            self._tell_error(one)
        if self._is_logged:
            self._log(
                "progress", rows=self.rows, errors=self.errors, bytes=self._bytes, of=self._total or None
            )
        if self._bar is not None:
            self._bar.update(self._task, completed=self._bytes, description=self._says())

    def tell_pools(self, settled: "Iterable[Settled]") -> None:
        """Tell what each pool was asked for, what it holds, what it pays and what it lacks.

        This is an answer: it is told to those too who want no hints.
        """
        say, names = self._channel.speech.say, ("asked", "budget", "paid", "short")
        for one in settled:
            if self._is_logged:
                self._log("pool", **one._asdict(), short=one.short)
                continue
            sums = {name: money(getattr(one, name), self._channel.speech) for name in names}
            tell(
                say(
                    "pool {pool}, {year}: asked {asked}, holds {budget}, paid {paid}, short {short}",
                    pool=one.pool,
                    year=one.year,
                    **sums,
                )
            )

    def tell_end(self, *, is_left_out: bool = False) -> None:
        """Tell how many rows there are, and how many could not be answered.

        ``is_left_out``: such a row is not in the answer, and no column says what is wrong with it.
        """
        say = self._channel.speech.say
        if self._unproven and not self._is_logged:
            self._channel.hint(
                say("{count} totals are not proven: something that pays more may exist", count=self._unproven)
            )
        if self._is_logged:
            seconds = round(time.monotonic() - self._begin, 3)
            self._log("done", rows=self.rows, errors=self.errors, unproven=self._unproven, seconds=seconds)
        elif self.errors:
            if self.errors > self._told:
                tell(say("… and {count} more", count=f"{self.errors - self._told:,}"))
            counts = {"errors": f"{self.errors:,}", "rows": f"{self.rows:,}"}
            if is_left_out:
                tell(say("{errors} of {rows} rows are wrong and not counted", **counts))
            else:
                tell(say("{errors} of {rows} rows are wrong: see the column error", **counts))
        elif sys.stderr is not None and sys.stderr.isatty():
            self._channel.hint(self._says())

    def _says(self) -> str:
        rate = round(self.rows / max(0.001, time.monotonic() - self._begin))
        return self._channel.speech.say(
            "{rows} rows, {rate} a second, {errors} errors",
            rows=f"{self.rows:,}",
            rate=f"{rate:,}",
            errors=self.errors,
        )

    def _tell_error(self, one: Told) -> None:
        if self._is_logged:
            self._log("error", **one._asdict())
            return
        speech = self._channel.speech
        line = f"{speech.say('error')}{speech.colon}{one.error}"
        if self._bar is not None:
            from rich.text import Text

            self._bar.console.print(Text(line), soft_wrap=True)
        else:
            tell(line)

    @staticmethod
    def _log(event: str, **values: Any) -> None:
        tell(json.dumps({"event": event, **values}, ensure_ascii=False))
