"""A workbook that cannot be written: one error, nothing left behind, nothing said by what is taken apart."""

import errno
import gc
import io
import tempfile
import zipfile
from pathlib import Path

import pytest

from calc.batch.sinks.workbook import workbook_into


class FullDisk(io.BytesIO):
    """A stream with room for so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("row_by_row", [True, False])
@pytest.mark.parametrize("room", [0, 100, 4_000])
def test_a_full_disk_is_one_error(
    row_by_row: bool, room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    stream = FullDisk(room)
    with (
        pytest.raises(OSError, match="No space left") as failed,
        workbook_into(stream, row_by_row=row_by_row) as book,
    ):
        book.add_worksheet("a").write_string(0, 0, "x")
    stream.close()
    assert failed.value.errno == errno.ENOSPC
    del failed, book
    gc.collect()  # an error in taking the archive apart would be a warning, which here is an error
    assert list(tmp_path.iterdir()) == []


def test_what_goes_wrong_within_is_not_hidden() -> None:
    with pytest.raises(KeyError), workbook_into(io.BytesIO()) as book:
        book.add_worksheet("a")
        raise KeyError


@pytest.mark.parametrize("row_by_row", [True, False])
def test_a_whole_workbook_is_an_archive(row_by_row: bool) -> None:
    stream = io.BytesIO()
    with workbook_into(stream, row_by_row=row_by_row) as book:
        book.add_worksheet("a").write_string(0, 0, "x")
    assert zipfile.ZipFile(stream).testzip() is None
