"""Whole columns of texts and codes: refused where the strict reader refuses them, and nowhere else."""

import random

import pyarrow as pa
import pytest
from pydantic_core import PydanticCustomError

from calc.batch.intake.safe_texts import credit_codes, is_valid, refused_texts
from calc.enterprise.schema import read_text, read_uscc

CODE = "91110000600037341L"
PARTS = [
    "a",
    "甲",
    "é",
    "𝒳",
    " ",
    "\t",
    "\u3000",
    "\u200b",
    "\ufeff",
    "\ue000",
    "\u202e",
    "\x85",
    "한",
    "\x00",
]


def strictly_read(text: str | None) -> str | None:
    try:
        return None if text is None else read_uscc(text)
    except PydanticCustomError:
        return None


def mutated(dice: random.Random) -> str | None:
    code = [*CODE]
    for _ in range(dice.randrange(3)):
        match dice.randrange(4):
            case 0:
                code[dice.randrange(len(code))] = dice.choice("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZaé甲-")
            case 1:
                del code[dice.randrange(len(code))]
            case 2:
                code.insert(dice.randrange(len(code)), dice.choice("0A -"))
            case _:
                return None
    return "".join(code)


@pytest.mark.parametrize("seed", range(5))
def test_codes_are_those_of_the_strict_reader(seed: int) -> None:
    dice = random.Random(seed)
    texts = [mutated(dice) for _ in range(300)]
    expected = [strictly_read(text) for text in texts]
    for start in (0, 7, 300):
        codes, refused = credit_codes(pa.array(texts, pa.string()).slice(start))
        assert codes.to_pylist() == expected[start:]
        pairs = zip(texts[start:], expected[start:], strict=True)
        assert refused.tolist() == [text is not None and code is None for text, code in pairs]


def test_each_wrong_digit_of_a_code_is_found() -> None:
    digits = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    texts = [CODE[:at] + one + CODE[at + 1 :] for at in range(len(CODE)) for one in digits]
    codes, _ = credit_codes(pa.array(texts))
    assert codes.to_pylist() == [CODE if text == CODE else strictly_read(text) for text in texts]
    assert {*codes.to_pylist()} == {CODE, None}


@pytest.mark.parametrize("seed", range(5))
def test_texts_are_refused_where_the_strict_reader_refuses_them(seed: int) -> None:
    dice = random.Random(seed)
    texts = [
        "".join(dice.choices(PARTS, k=dice.randrange(5))) if dice.random() < 0.9 else None for _ in range(400)
    ]
    texts += ["甲" * 200, "甲" * 201, "a" * 400]

    def is_refused(text: str | None) -> bool:
        try:
            return text is not None and not read_text(text)
        except PydanticCustomError:
            return True

    for start in (0, 13):
        refused = refused_texts(pa.array(texts).slice(start))
        assert refused.tolist() == [is_refused(text) for text in texts[start:]]


def test_what_is_there_is_told_at_any_place_of_a_bitmap() -> None:
    values = [None if place % 3 == 1 else place for place in range(40)]
    for kind in (pa.int8(), pa.string(), pa.bool_(), pa.list_(pa.int8()), pa.null()):
        column = pa.nulls(40, kind) if kind == pa.null() else pa.array(values).cast(pa.int8())
        if pa.types.is_list(kind):
            column = pa.array([None if one is None else [one] for one in values], kind)
        column = column.cast(kind)
        for start in range(0, 18):
            for size in (0, 1, 7, 8, 9, 22):
                part = column.slice(start, size)
                assert is_valid(part).tolist() == [one.is_valid for one in part]
