"""Single values of Arrow tables as a parsed document holds them: what the strict readers are given."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa

from calc.batch.intake.cells.written import text_reader
from calc.enterprise.numbers import FloatText

SHORT_FLOATS: Final = {"halffloat": np.float16, "float": np.float32}
"""The floats that Python has none of: each shows fewer digits than its value has there."""

_MIDNIGHT: Final = time()


def leaf_of(scalar: Any, kind: str, *, is_cell: bool) -> Any:
    """What stands in a document for one value of an Arrow array; ``None`` where nothing does.

    ``kind`` is the type of its :class:`~calc.batch.intake.keys.Key`.  A float stands as its shortest decimal.
    A cell (a column that is no part of a nested one) may hold as text, or as a number, what the file would
    write otherwise.
    """
    if isinstance(scalar, pa.DictionaryScalar):
        scalar = scalar.value
    match python_value(scalar):
        case bool() as flag:
            return flag
        case int() as whole:
            return _whole(whole, kind, is_cell=is_cell)
        case float() as number:
            if is_cell and kind in ("year", "flag") and number.is_integer():
                return _whole(int(number), kind, is_cell=True)
            short = SHORT_FLOATS.get(str(scalar.type))
            return FloatText(repr(number) if short is None else str(short(number)))
        case Decimal() as number:
            if number == number.to_integral_value() and (is_cell or scalar.type.scale <= 0):
                return _whole(int(number), kind, is_cell=is_cell)
            return FloatText(f"{number:f}")
        case datetime() as moment:
            is_day = moment.time() == _MIDNIGHT and moment.tzinfo is None
            return moment.date() if is_day else moment
        case str() as text:
            return text_reader(kind)(text) if is_cell else text
        case list():
            leaves = (leaf_of(one, kind, is_cell=False) for one in scalar.values)
            return [leaf for leaf in leaves if leaf is not None]
        case other:
            return other


def python_value(scalar: Any) -> Any:
    """What Python has for one value; bytes are taken for text."""
    try:
        value = scalar.as_py()
    except UnicodeDecodeError:
        value = scalar.cast(pa.binary()).as_py()
    except (ArithmeticError, ValueError):  # a day or a moment beyond those of any calendar
        return str(scalar.type)
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _whole(number: int, kind: str, *, is_cell: bool) -> int | bool:
    return bool(number) if is_cell and kind == "flag" and number in (0, 1) else number
