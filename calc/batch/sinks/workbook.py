"""A workbook being written: what cannot be written is an ``OSError``, and nothing of it is left behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import IO, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError


class _Nowhere:
    """A stream that only knows where it stands."""

    def __init__(self) -> None:
        self._place = 0

    def write(self, data: bytes) -> int:
        self._place += len(data)
        return len(data)

    def tell(self) -> int:
        return self._place

    def seek(self, place: int) -> int:
        self._place = place
        return place

    def flush(self) -> None:
        pass


class _Target:
    """The stream under an archive.

    An archive that was not finished writes its end whenever it is taken apart: then that goes nowhere.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream: IO[bytes] | _Nowhere = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def let_go(self) -> None:
        """Write no more to the stream."""
        self._stream = _Nowhere()


@contextmanager
def workbook_into(stream: IO[bytes], *, row_by_row: bool = False) -> Iterator[Any]:
    """A workbook that is written to the stream at the end; ``row_by_row``: memory does not grow with rows.

    Raises ``OSError`` where it cannot be written.
    """
    target = _Target(stream)
    form = "constant_memory" if row_by_row else "in_memory"
    with TemporaryDirectory(prefix="subsidy-", ignore_cleanup_errors=True) as folder:
        try:
            book = xlsxwriter.Workbook(target, {form: True, "tmpdir": folder})
            yield book
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None
        finally:
            target.let_go()
