"""Arrow arrays laid open: what lies in their memory, and the few ways in which the readers know values."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from calc.batch.intake.safe_texts import bits_of, is_valid
from calc.batch.portfolio import Bools, Ints


def ints_of(values: pa.Array) -> Ints:
    """Whole numbers, 0 where there is none; those of 64 unsigned bits are taken as signed."""
    ints = raw_ints(values)
    return ints * is_valid(values) if values.null_count else ints


def raw_ints(values: pa.Array) -> Ints:
    """Whole numbers, anything where there is none."""
    buffer, start, size = values.buffers()[1], values.offset, len(values)
    if buffer is None or not size:
        return np.zeros(size, np.int64)
    raw = np.frombuffer(buffer, values.type.to_pandas_dtype(), start + size)[start:]
    return raw.astype(np.int64, copy=False)


def raw_words(decimals: pa.Array) -> tuple[Ints, Ints]:
    """The lower and the upper 64 bits of decimals of 128, anything where there is none."""
    start, size = decimals.offset, len(decimals)
    words = np.frombuffer(decimals.buffers()[1], np.int64, 2 * (start + size))[2 * start :]
    low, high = words.reshape(size, 2).T
    return low, high


def raw_flags(values: pa.Array) -> Bools:
    """Booleans, anything where there is none."""
    bitmap = values.buffers()[1]
    if bitmap is None:
        return np.zeros(len(values), np.bool_)
    return bits_of(bitmap, values.offset, len(values))


def flattened(lists: pa.Array) -> tuple[pa.Array, Ints]:
    """What lists hold, one after the other, and of each the place of its list."""
    # The lengths say whose it is: what lies under a list that is null belongs to nobody.
    lengths = _lengths_of(lists)
    some = np.flatnonzero(lengths > 0)
    ends = np.cumsum(lengths[some])
    steps = np.zeros(lengths.sum(), np.int64)
    steps[ends - lengths[some]] = np.diff(some, prepend=0)
    return _inner_of(lists, len(steps)), np.cumsum(steps)


def _lengths_of(lists: pa.Array) -> Ints:
    """How much each list holds; one that is null, nothing."""
    if pa.types.is_fixed_size_list(lists.type):
        return ints_of(pc.list_value_length(lists))
    lengths: Ints = np.diff(raw_ints(lists.offsets)) * is_valid(lists)
    return lengths


def _inner_of(lists: pa.Array, size: int) -> pa.Array:
    """What lists hold, so many values: where nothing lies under a null, there is nothing to leave out."""
    if size and not pa.types.is_fixed_size_list(lists.type):
        first, last = lists.offsets[0].as_py(), lists.offsets[-1].as_py()
        if last - first == size:
            return lists.values.slice(first, size)
    return pc.list_flatten(lists)


def only(values: pa.Array, wanted: Bools) -> pa.Array:
    """The values that are wanted."""
    try:
        return values.filter(pa.array(wanted))
    except pa.ArrowNotImplementedError:  # views of text, as polars writes them, can only be cut
        places = np.flatnonzero(wanted).tolist()
        return pa.concat_arrays([values.slice(place, 1) for place in places] or [values.slice(0, 0)])


def is_utf_8(texts: pa.StringArray) -> bool:
    """Whether texts are what they say they are: files may hold any bytes."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def is_list(kind: pa.DataType) -> bool:
    """Whether values of a type are lists."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def plain(values: pa.Array) -> pa.Array:
    """The same values in one of the few ways that the readers know."""
    kind = values.type
    if isinstance(kind, pa.BaseExtensionType):
        return plain(values.storage)
    if pa.types.is_run_end_encoded(kind):
        return plain(pc.run_end_decode(values))
    if pa.types.is_dictionary(kind):
        return values if _are_few_texts(values) else plain(values.cast(kind.value_type))
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return values.cast(pa.string())
    if pa.types.is_map(kind):
        pair = pa.struct([("key", kind.key_type), ("value", kind.item_type)])
        return values.cast(pa.list_(pair))
    if pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind):
        return _in_order(values)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind):
        try:
            return values.cast(pa.string())
        except pa.ArrowInvalid:
            return values.cast(pa.binary())
    return values


def _in_order(views: pa.Array) -> pa.LargeListArray:
    """Views of values as lists of them, one after the other."""
    # Arrow's own cast loses what the last list holds.
    ends = np.cumsum(ints_of(pc.list_value_length(views)))
    offsets = pa.array(np.concatenate([[0], ends]))
    return pa.LargeListArray.from_arrays(offsets, pc.list_flatten(views), mask=views.is_null())


def _are_few_texts(values: pa.DictionaryArray) -> bool:
    """Whether a dictionary holds texts, and no more of them than there are values."""
    distinct = values.dictionary
    is_short = len(distinct) <= len(values) and not distinct.null_count
    return bool(is_short and pa.types.is_string(distinct.type))
