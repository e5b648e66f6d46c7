"""Answers as Parquet and Arrow."""

from collections.abc import Iterable
from typing import IO, Final

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

_REPEATED: Final = ["source", "status", "error"]
"""The columns whose texts repeat."""


def write_parquet(tables: Iterable[pa.Table], schema: pa.Schema, stream: IO[bytes]) -> None:
    """A Parquet file, a row group for each table."""
    # A dictionary of what hardly repeats would cost time and space; packed sums leave a codec little to do.
    packed = {field.name: "DELTA_BINARY_PACKED" for field in schema if pa.types.is_integer(field.type)}
    with pq.ParquetWriter(
        stream, schema, compression="snappy", use_dictionary=_REPEATED, column_encoding=packed
    ) as writer:
        for table in tables:
            if table.num_rows:
                writer.write_table(table.replace_schema_metadata(None))
            del table  # before the next is read


def write_arrow(tables: Iterable[pa.Table], schema: pa.Schema, stream: IO[bytes]) -> None:
    """An Arrow IPC file, as Feather is, a record batch for each table."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(stream, schema, options=options) as writer:
        for table in tables:
            writer.write_table(table.replace_schema_metadata(None))
