"""Storage elsewhere: what is named by a URL is read and written as what is named by a path."""

import errno
import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calc.batch.answers import Question
from calc.batch.parts import Part, whole
from calc.batch.pools import pools_of
from calc.batch.run import Batch, to_file
from calc.batch.sources.inputs import sources_of
from calc.batch.storage import Remote, anywhere, is_url, located, what_is_wrong_with, without_scheme
from calc.policy.loader import packaged_rules
from calc.present.words.batch import row_says
from tests.batch.inputs import ndjson, voucher_rows
from tests.batch.test_formats import assert_answered, batch


@pytest.mark.parametrize(
    ("name", "is_elsewhere"),
    [("s3://a/b", True), ("memory://a", True), ("a.csv", False), ("C:\\a.csv", False), ("-", False)],
)
def test_a_url_is_elsewhere_and_a_path_here(name: str, is_elsewhere: bool) -> None:
    assert is_url(name) is is_elsewhere
    assert isinstance(located(name), Remote) is is_elsewhere
    assert (anywhere(name) == name) is is_elsewhere or Path(name).is_absolute()


def test_a_file_url_is_a_path() -> None:
    assert located("file:///a/b%20c.csv") == Path("/a/b c.csv")
    assert located("FILE://localhost/a.csv") == Path("/a.csv")
    assert without_scheme("a%20b.csv") == "a%20b.csv"


@pytest.mark.parametrize("command", ["batch", "budget"])
@pytest.mark.parametrize("name", ["file://[a", "memory://[a"])
def test_a_url_that_is_none_is_told(command: str, name: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "calc", command, name], capture_output=True, text=True, check=False
    )
    assert run.returncode in (1, 2)
    assert name in run.stderr


def test_an_object_is_stored_whole_or_not_at_all() -> None:
    folder = Remote("memory://whole/")
    place = folder / "a[1]*.txt"
    with pytest.raises(ZeroDivisionError), whole(place) as stream:
        stream.write(b"half")
        raise ZeroDivisionError
    assert not place.exists()
    with whole(place) as stream:
        stream.write(b"all")
    with place.open() as read:
        assert read.read() == b"all"
    assert (place.name, place.suffix, place.size()) == ("a[1]*.txt", ".txt", 3)
    assert place.with_name("b") == folder / "b"
    assert list(folder.glob("a*")) == [place]
    folder.remove()
    assert not folder.exists()


def test_what_goes_wrong_names_the_url() -> None:
    with pytest.raises(OSError, match="No such file") as missing, Remote("memory://no/such").open():
        pass
    assert (missing.value.errno, missing.value.filename) == (errno.ENOENT, "memory://no/such")
    with pytest.raises(OSError, match="nothing://a") as unknown:
        Remote("nothing://a").exists()
    assert unknown.value.errno == errno.EIO
    Remote("memory://no/such").unlink(missing_ok=True)
    assert what_is_wrong_with("memory://a") is None
    assert what_is_wrong_with("nothing://a") == "Protocol not known: nothing"


def answered(inputs: str, output: str, form: str) -> int:
    rules, parts = packaged_rules(), list[Part]()
    pools = pools_of(rules)
    question = Question(rules, pools=tuple(item for pool in pools for item in pool.items))
    tell = partial(row_says, "en")
    to_file(
        Batch(tuple(sources_of([inputs])), question, form, 1, tell, "en", pools),
        located(output),
        parts.append,
        resume=False,
    )
    return sum(part.rows for part in parts)


def test_a_folder_of_objects_gives_the_answers_of_a_folder_of_files(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    here = tmp_path / "in"
    here.mkdir()
    table = pa.Table.from_pylist(voucher_rows())
    pq.write_table(table, here / "a.parquet", row_group_size=2)
    (here / "b.ndjson").write_text(ndjson(voucher_rows()), "utf-8")
    (here / "_SUCCESS").touch()
    memory.put(f"{here}/", "memory://there/in/", recursive=True)
    (tmp_path / "out").mkdir()
    memory.pipe_file("memory://there/out/part-00009.parquet", b"of an earlier answer")

    assert answered(str(here), str(tmp_path / "out"), "parquet") == 6
    assert answered("memory://there/in/", "memory://there/out/", "parquet") == 6
    mine = {one.name for one in (tmp_path / "out").iterdir()}
    assert mine == {"_SUCCESS", *(f"part-{number:05d}.parquet" for number in range(3))}
    assert set(Remote("memory://there/out/").under()) == mine
    for name in mine - {"_SUCCESS"}:
        there = pq.read_table(memory.open(f"memory://there/out/{name}"))
        assert there["source"][0].as_py().startswith("memory://there/in/")
        assert there.drop_columns("source").equals(
            pq.read_table(tmp_path / "out" / name).drop_columns("source")
        )

    assert answered("memory://there/in/a.parquet", "memory://there/a.ndjson", "ndjson") == 3
    with Remote("memory://there/a.ndjson").open() as stream:
        rows = [json.loads(line) for line in stream.read().splitlines()]
    assert_answered(rows, "memory://there/in/a.parquet")
    assert sorted(Remote("memory://there/").under()) == sorted(
        ["a.ndjson", "in/_SUCCESS", "in/a.parquet", "in/b.ndjson", *(f"out/{name}" for name in mine)]
    )


def test_what_is_not_there_is_a_row_and_what_is_damaged_too() -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe_file("memory://damaged/a.parquet", b"PAR1 and nothing more")
    memory.makedirs("memory://damaged/empty", exist_ok=True)
    assert answered("memory://damaged/", "memory://damaged/a.csv", "csv") == 1
    assert answered("memory://damaged/no.parquet", "memory://damaged/b.csv", "csv") == 1
    assert answered("memory://damaged/empty/", "memory://damaged/c.csv", "csv") == 1
    with Remote("memory://damaged/b.csv").open() as stream:
        assert b"memory://damaged/no.parquet: there is no such file" in stream.read()


def test_a_file_url_is_read_by_the_command(tmp_path: Path) -> None:
    source = tmp_path / "a.ndjson"
    source.write_text(ndjson(voucher_rows()), "utf-8")
    assert_answered(batch(source.as_uri()), source)
