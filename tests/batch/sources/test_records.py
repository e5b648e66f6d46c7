"""Records of CSV at once are those that the reader of CSV gives one by one, and are answered alike."""

import csv
import io
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calc.batch.answers import Question
from calc.batch.held import held_in
from calc.batch.intake.cells.names import columns_of, place_of, words_of
from calc.batch.sources.cuts import count_of_records, end_of_records
from calc.batch.sources.pieces import Csv, Piece
from calc.batch.sources.records import is_blank, records_of, table_of_records
from calc.batch.work import answer_piece
from calc.enterprise.cells import from_cell
from calc.enterprise.numbers import FloatText
from calc.policy.loader import packaged_rules
from tests.batch.intake.random_documents import right_document

RULES = packaged_rules()
VOCABULARY = RULES.vocabulary
QUESTION = Question(RULES)

marks = st.text(alphabet="甲a\",;\n\r \t\x00'=", max_size=14)
quoted = marks.map(lambda cell: '"{}"'.format(cell.replace('"', '""')))
neat = st.lists(st.tuples(quoted, quoted).map(",".join).map("{}\n".format), max_size=4).map("".join)


def csv_of(text: str, header: tuple[str, ...], encoding: str = "utf-8") -> Csv:
    return Csv(header, ",", encoding, text.encode(encoding))


def read(text: str) -> list[list[str]]:
    return [cells for cells in csv.reader(io.StringIO(text, newline="")) if not is_blank(cells)]


# --- all at once --------------------------------------------------------------------------------------------


@given(marks | neat, st.sampled_from(["utf-8", "gb18030"]))
@example('甲,"a\nb"\n\n,\n" ",\n"",""\n乙,\'=1\n', "gb18030")
def test_cells_at_once_are_those_of_the_reader(text: str, encoding: str) -> None:
    records = csv_of(text, ("name", "uscc"), encoding)
    table = table_of_records(records, RULES.vocabulary)
    if table is None:
        return
    held = [tuple(cells) for cells in records_of(records) if isinstance(cells, list)]
    assert all(len(cells) == 2 for cells in held)
    found = zip(*(column.to_pylist() for column in table.columns), strict=True)
    assert list(found) == [tuple(from_cell(cell) or None for cell in cells) for cells in held]


def test_neat_records_are_read_at_once() -> None:
    text = 'name,x\r\n"甲, 乙","他说""好"""\r\n\r\n,\r\n丙,"a\r\nb"\r\n'.partition("\n")[2]
    table = table_of_records(csv_of(text, ("企业名称", "uscc")), RULES.vocabulary)
    assert table is not None
    assert table.to_pydict() == {
        "enterprise.name": ["甲, 乙", "丙"],
        "enterprise.uscc": ['他说"好"', "a\r\nb"],
    }


def test_columns_are_called_as_in_the_file() -> None:
    header = ("name", "figures.2025.营业收入", "kinds.2027", "贷款.12.贷款本金", "fx.usd_cny")
    table = table_of_records(csv_of("甲,1,sme,2,7\n", header), RULES.vocabulary)
    assert table is not None
    assert table.column_names == [
        "enterprise.name",
        "figures.2025.revenue",
        "kinds.2027",
        "loan.12.principal",
        "fx.usd_cny",
    ]


@pytest.mark.parametrize(
    ("text", "purposes"),
    [("甲,一期,,5\n", "[]"), ("甲,一期,chain,5\n", "chain"), ("甲,,,\n", None), ("甲,,,5\n", "[]")],
)
def test_an_empty_list_of_an_entry_is_the_list_of_nothing(text: str, purposes: str | None) -> None:
    header = ("name", "investment.1.name", "investment.1.purposes", "investment.1.equipment")
    table = table_of_records(csv_of(text, header), RULES.vocabulary)
    assert table is not None
    assert table["investment.1.purposes"].to_pylist() == [purposes]


@pytest.mark.parametrize("text", [b"a\n", b"a,b,c\n", b"a,b\na\n", b"\xff,b\n"])
def test_ragged_records_and_what_is_no_text_are_looked_at_one_by_one(text: bytes) -> None:
    assert table_of_records(Csv(("name", "uscc"), ",", "utf-8", text), RULES.vocabulary) is None


def test_under_an_empty_header_no_record_is_taken_for_one() -> None:
    records = Csv((), ",", "utf-8", "name,claim_year\n甲,2026\n".encode())
    assert table_of_records(records, RULES.vocabulary) is None
    rows = answer_piece(Piece("x.csv", 1, records, 1), QUESTION, tell).to_pylist()
    assert [(row["row"], row["status"]) for row in rows] == [(1, "error"), (2, "error")]


# --- where they end, and how many hold anything -------------------------------------------------------------


@given(marks | neat | st.tuples(neat, marks).map("".join))
@example('a,"b\n')
@example('a,b""c"\n"\n')
@example('"" ","\n')
@example('""""\n" "\n')
def test_whole_records_end_where_the_reader_says(text: str) -> None:
    data = text.encode()
    end = end_of_records(data, ",")
    begin, rest = data[:end].decode(), data[end:].decode()
    if '"' in text:
        assert read(begin) + read(rest) == read(text)
    assert count_of_records(data, ",") == len(read(text))


def test_the_end_is_found_in_records_with_quotes() -> None:
    assert end_of_records(b'a,"b\n"\nc,"d\n', ",") == 7
    assert count_of_records(b'a,"b\n"\n,"d"\n ,\r\n', ",") == 2
    assert count_of_records(b'"""",\n', ",") == 1


# --- answered alike -----------------------------------------------------------------------------------------

ODD = ["", " ", "-1", "x", "是", "1", "0.5", "1e5", "2600万", "'=1", "'x", "[]", "sme;bank", "100%",
       "2026/3/1", "２０２６", "2026.0", "甲\n乙", "true", "[\"sme\"]", ",", "=1", "9" * 20]  # fmt: skip


CHINESE = {
    (place.part, place.field): {
        word: name for name, word in words_of(place.part, place.field, VOCABULARY).items()
    }
    for place in map(partial(place_of, vocabulary=VOCABULARY), columns_of(VOCABULARY))
    if place is not None
}
"""The words of each key, by their English names."""


def cell_of(random: Random, column: str, leaf: Any) -> str:
    place = place_of(column, VOCABULARY)
    assert place is not None
    chinese = CHINESE[place.part, place.field]
    if chinese and random.random() < 0.5:
        leaf = chinese[leaf] if isinstance(leaf, str) else [chinese[one] for one in leaf]
    match leaf:
        case bool():
            return "是" if leaf else "false"
        case list():
            return random.choice(
                [";", "；"] if place.field == "covers" else [";", "；", "，", ",", "、", "|"]
            ).join(leaf)
        case FloatText():
            return f"{Decimal(leaf):f}"  # a cell of text has no exponent
        case _:
            return str(leaf)


def flat(document: dict[str, Any]) -> dict[str, Any]:
    """A document as dotted columns."""
    cells: dict[str, Any] = {}
    for part, content in document.items():
        for number, table in enumerate(content if isinstance(content, list) else [content], 1):
            at = f"{part}.{number}" if isinstance(content, list) else part
            for key, value in table.items():
                if isinstance(value, dict):
                    cells |= {f"{at}.{key}.{name}": one for name, one in value.items()}
                else:
                    cells[f"{at}.{key}"] = value
    return cells


def written(random: Random, count: int, odd: float) -> Csv:
    documents = [right_document(random, RULES.vocabulary, RULES.item_ids) for _ in range(count)]
    rows = [{key: cell_of(random, key, leaf) for key, leaf in flat(one).items()} for one in documents]
    header = tuple(sorted({key for row in rows for key in row}))
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator=random.choice(["\n", "\r\n"]))
    for row in rows:
        writer.writerow(
            [random.choice(ODD) if random.random() < odd / 30 else row.get(key, "") for key in header]
        )
        if random.random() < 0.1:
            writer.writerow([random.choice(["", "", " "]) for _ in header])
    return csv_of(held.getvalue(), header, random.choice(["utf-8", "gb18030"]))


def tell(problems: Any, row: int | None) -> str:
    return f"{row}: {[(one.code, one.path, one.value, dict(one.details)) for one in problems]}"


@pytest.mark.parametrize("seed", range(12))
def test_records_at_once_are_answered_as_one_by_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(f"csv {seed}")
    piece = Piece("x.csv", 5, written(random, 60, odd=seed % 3 * 0.2), 1)
    assert table_of_records(piece.content, RULES.vocabulary) is not None  # type: ignore[arg-type]
    at_once = answer_piece(piece, QUESTION, tell)
    if seed % 3 == 0:
        assert held_in(piece, QUESTION).taken.rest == ()
    monkeypatch.setattr("calc.batch.held.table_of_records", lambda *_: None)
    one_by_one = answer_piece(piece, QUESTION, tell)
    assert at_once.to_pylist() == one_by_one.to_pylist()
