"""Whole columns of texts: which of them the strict loader would refuse, and credit codes."""

import unicodedata
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic_core import PydanticCustomError

from calc.batch.portfolio import Bools, Ints
from calc.enterprise.schema import LONGEST_NAME, UNSAFE_CATEGORIES, read_text, read_uscc

_OF_PLANE_0: Final = 2**16
_LEAD_OF_TWO, _LEAD_OF_THREE, _LEAD_OF_FOUR = 0xC2, 0xE0, 0xF0
_BLANK_LEADS: Final = np.isin(np.arange(256), (0x20, 0xC2, 0xE1, 0xE2, 0xE3))
"""What the first byte of a text of blanks may be, where it is safe."""

_CODE_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_LENGTH: Final = 18
_CODE_BASES: Final = np.array([10] * 8 + [len(_CODE_ALPHABET)] * 10, np.uint8)[:, None]
"""One of so many digits may stand at each place of a code."""
_CODE_WEIGHTS: Final = np.array([pow(3, place, 31) for place in range(_CODE_LENGTH - 1)], np.int16)


class _Unsafe:
    """The characters that no name may hold, by code point; for each byte 1 where they may begin with it."""

    def __init__(self) -> None:
        # UTF-8 holds no surrogates: their lead byte is that of Korean syllables too.
        categories = UNSAFE_CATEGORIES - {"Cs"}
        self.characters = np.array(
            [unicodedata.category(chr(code)) in categories for code in range(_OF_PLANE_0)]
        )
        leads = np.zeros(256, np.bool_)
        leads[[chr(code).encode()[0] for code in np.flatnonzero(self.characters)]] = True
        leads[_LEAD_OF_FOUR:] = True
        self.leads = leads.tobytes()


@cache
def _unsafe() -> _Unsafe:
    return _Unsafe()


def bytes_of(texts: pa.StringArray) -> tuple[Ints, Any]:
    """Where each text begins and the last one ends, among the bytes of all."""
    _, offsets, data = texts.buffers()
    if offsets is None or len(texts) == 0:
        return np.zeros(len(texts) + 1, np.int64), np.zeros(0, np.uint8)
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    everything = np.zeros(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    return ends - ends[0], everything[ends[0] : ends[-1]]


def refused_texts(texts: pa.StringArray) -> Bools:
    """Which texts the strict loader refuses: blank ones, unsafe ones, long ones.  Absent ones it does not."""
    ends, data = bytes_of(texts)
    lengths = np.diff(ends)
    doubtful = (lengths > LONGEST_NAME) | (lengths == 0)
    if len(data):
        starts = np.minimum(ends[:-1], len(data) - 1)
        doubtful |= _BLANK_LEADS[data[starts]]
        at = np.flatnonzero(np.frombuffer(data.tobytes().translate(_unsafe().leads), np.bool_))
        at = at[_may_be_unsafe(data, at)]
        doubtful[np.searchsorted(ends, at, side="right") - 1] = True
    refused = np.zeros(len(texts), np.bool_)
    places = np.flatnonzero(doubtful & is_valid(texts))
    read = cache(_is_refused)
    refused[places] = [read(one) for one in texts.take(pa.array(places)).to_pylist()]
    return refused


def _may_be_unsafe(data: Any, at: Ints) -> Bools:
    """Whether an unsafe character stands at these places, each the first byte of one."""
    last = len(data) - 1
    first, second, third = (data[np.minimum(at + more, last)].astype(np.int64) for more in range(3))
    of_two = ((first & 0x1F) << 6) | (second & 0x3F)
    of_three = ((first & 0x0F) << 12) | ((second & 0x3F) << 6) | (third & 0x3F)
    codes = np.where(first < _LEAD_OF_TWO, first, np.where(first < _LEAD_OF_THREE, of_two, of_three))
    unsafe: Bools = (first >= _LEAD_OF_FOUR) | _unsafe().characters[codes]
    return unsafe


def _is_refused(text: str) -> bool:
    try:
        read_text(text)
    except PydanticCustomError:
        return True
    return False


def is_valid(values: pa.Array) -> Bools:
    """Which values are there."""
    if values.null_count == 0:
        return np.ones(len(values), np.bool_)
    bitmap = values.buffers()[0]
    if bitmap is None:  # of a few types it is no bitmap that says so
        valid: Bools = values.is_valid().to_numpy(zero_copy_only=False)
        return valid
    return bits_of(bitmap, values.offset, len(values))


def bits_of(bitmap: pa.Buffer, offset: int, size: int) -> Bools:
    """Some bits of a bitmap."""
    first, last = offset // 8, -(-(offset + size) // 8)
    bits = np.unpackbits(np.frombuffer(bitmap, np.uint8)[first:last], bitorder="little")
    return bits[offset % 8 : offset % 8 + size].view(np.bool_)


def credit_codes(texts: pa.StringArray) -> tuple[pa.StringArray, Bools]:
    """Credit codes as they are usually written, and which of the texts are none."""
    refused = is_valid(texts) & ~_are_codes(texts)
    if refused.any():  # or written with marks between
        places = np.flatnonzero(refused)
        read = [_read_code(text) for text in texts.take(pa.array(places)).to_pylist()]
        texts = pc.replace_with_mask(texts, pa.array(refused), pa.array(read, pa.string()))
        refused[places] = [code is None for code in read]
    return texts, refused


def _read_code(text: str) -> str | None:
    try:
        return read_uscc(text)
    except PydanticCustomError:
        return None


def _are_codes(texts: pa.StringArray) -> Bools:
    """Which texts are credit codes with a right check digit."""
    are_codes: Bools = is_valid(texts) & (np.diff(bytes_of(texts)[0]) == _CODE_LENGTH)
    _, data = bytes_of(texts.filter(pa.array(are_codes)))
    by_place = data.reshape(-1, _CODE_LENGTH).T.tobytes().translate(_digit_values())
    digits = np.frombuffer(by_place, np.uint8).reshape(_CODE_LENGTH, -1)
    weighted = np.zeros(digits.shape[1], np.int16)
    for digit, weight in zip(digits[:-1], _CODE_WEIGHTS, strict=True):
        weighted += digit * weight
    is_right = -weighted % len(_CODE_ALPHABET) == digits[-1]
    are_codes[are_codes] = is_right & (digits < _CODE_BASES).all(axis=0)
    return are_codes


@cache
def _digit_values() -> bytes:
    """The digit that each byte is; more than any where it is none."""
    values = np.full(256, 0xFF, np.uint8)
    values[np.frombuffer(_CODE_ALPHABET.encode(), np.uint8)] = np.arange(len(_CODE_ALPHABET))
    return values.tobytes()
