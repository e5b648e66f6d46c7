"""A data frame of enterprises in, a data frame of answers out."""

from typing import Any

import narwhals as nw
import pyarrow as pa

from calc.batch.answers import Question
from calc.batch.sources.pieces import FRAME_ROWS
from calc.batch.work import Tell, answer_table

_SOURCE = "frame"


def answer_frame(frame: Any, question: Question, tell: Tell) -> Any:
    """The answer to every row of a polars or pandas data frame, or of an Arrow table: of the same kind.

    The index of a pandas frame is no column of it; the rows of the answer bear that of the rows they answer.
    Raises ``TypeError`` where it is no such frame, ``InputError`` with all columns that mean nothing.
    """
    given = nw.from_native(frame, eager_only=True)
    table = nw.maybe_reset_index(given).to_arrow()
    answered = pa.concat_tables(
        answer_table(table.slice(start, FRAME_ROWS), _SOURCE, start + 1, question, tell)
        for start in range(0, max(table.num_rows, 1), FRAME_ROWS)
    ).replace_schema_metadata(None)
    if given.implementation.is_pandas():
        # Left to itself, pandas makes a column of whole numbers with gaps one of floats.
        whole = given.implementation.to_native_namespace().Int64Dtype()
        answer = answered.to_pandas(types_mapper={pa.int64(): whole}.get)
        return answer.set_axis(given.to_native().index.take(answered["row"].to_numpy() - 1))
    return nw.from_arrow(answered, backend=given.implementation).to_native()
