"""The sums of a budget are those of the batch's rows, whatever the road, the rules, the reading."""

import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from calc.batch.answers import Question, item_columns
from calc.batch.budget.asked import Asked, WordsDifferError, read_alike
from calc.batch.budget.piece import Mover
from calc.batch.budget.run import Budget, Side, budget_of
from calc.batch.budget.seen import SIZES, Seen, seen_in_columns, size_of
from calc.batch.budget.tally import exact_sums
from calc.batch.columns.claims import NotColumnarError
from calc.batch.pools import Ledger, Pool, pools_of
from calc.batch.portfolio import Bools, Portfolio
from calc.batch.sources.inputs import sources_of
from calc.batch.sources.reading import pieces_of
from calc.batch.work import answer_piece
from calc.engine.combine.problem import STACKINGS, Stacking
from calc.engine.estimate import estimate
from calc.engine.evaluate import COUNTS, Count
from calc.engine.outcomes import Eligible
from calc.enterprise.documents import Document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import FloatText
from calc.policy.loader import load_rules
from calc.policy.rules import Rules
from tests.batch.inputs import dotted, ndjson, voucher_rows
from tests.batch.intake.random_documents import right_document

OVERLAYS = Path("examples/overlays")
OTHERS = {
    "tiers": ("tiers.toml",),
    "closed": ("narrowed.toml", "closed.toml"),
    "all": ("tiers.toml", "new_item.toml", "narrowed.toml"),
}
CLOSED = """
[items.13-compute-voucher]
closed = true
[items.01-chain-title]
cap = "1000"
"""
POOLS = (Pool("13", ("13-compute-voucher",), 700_000), Pool("02", ("02-capacity", "02-chain"), 9_999_999))


def tell(problems: Any, row: int | None) -> str:
    return f"{row}: {problems[0].code}"


def budget(
    path: Path, before: Rules, after: Rules | None = None, pools: tuple[Pool, ...] = (), **asked: Any
) -> Budget:
    sides = (before,) if after is None else tuple(read_alike(before, after))
    items = tuple(item for pool in pools for item in pool.items)
    questions = tuple(Question(rules, pools=items, **asked) for rules in sides)
    watched: list[Any] = []
    found = budget_of(
        tuple(sources_of([str(path)])), Asked(questions, (pools,) * len(sides)), 1, tell, watched.append
    )
    assert sum(one.rows for one in watched) == found.rows
    return found


def as_json(value: Any) -> str:
    """A random document as a line of JSON, its decimals as they are."""
    match value:
        case dict():
            return f"{{{', '.join(f'{as_json(key)}: {as_json(one)}' for key, one in value.items())}}}"
        case list():
            return f"[{', '.join(map(as_json, value))}]"
        case FloatText():
            return str(value)
        case bool() | int():
            return json.dumps(value)
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def random_file(path: Path, seed: str, rules: Rules, wrong_one_in: int = 10**9) -> list[dict[str, Any]]:
    """Write 150 random enterprises, of which some are wrong."""
    random = Random(seed)
    documents = [right_document(random, rules.vocabulary, rules.item_ids) for _ in range(150)]
    for one in documents[wrong_one_in - 1 :: wrong_one_in]:
        one["enterprise"]["claim_year"] = 1
    path.write_text("".join(f"{as_json(one)}\n" for one in documents), "utf-8")
    return documents


def leave_to_the_single_engine(road: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let columns answer all, two in three, or none."""

    def seen(portfolio: Portfolio, question: Question) -> tuple[Seen, Bools]:
        if road == "single":
            raise NotColumnarError
        found, unfit = seen_in_columns(portfolio, question)
        if road == "both":
            unfit[1::3] = True
        return found, unfit

    monkeypatch.setattr("calc.batch.budget.piece.seen_in_columns", seen)


def rows_of(path: Path, question: Question, pools: tuple[Pool, ...]) -> list[dict[str, Any]]:
    """The rows of a batch, with what the pools leave."""
    pieces = list(pieces_of(sources_of([str(path)]), question.rules.vocabulary))
    tables = [answer_piece(piece, question, tell) for piece in pieces]
    ledger = Ledger(pools, question.rules)
    for table in tables if pools else ():
        ledger.ask(table)
    return [row for one in tables for row in (ledger.settle(one) if pools else one).to_pylist()]


def assert_sums(side: Side, path: Path, pools: tuple[Pool, ...]) -> list[dict[str, Any]]:
    """Whether the sums of one side are those of the batch's columns."""
    tally = side.tally
    rows = [row for row in rows_of(path, side.question, pools) if row["status"] == "ok"]
    assert rows
    assert tally["all", "", "enterprises"] == len(rows)
    assert tally["all", "", "granted"] == sum(row["total"] > 0 for row in rows)
    assert side.total == sum(row["total"] for row in rows)
    assert side.paid == sum(row["paid"] for row in rows)
    for stacking in STACKINGS:
        assert tally["readings", stacking, "sum"] == sum(row[stacking] for row in rows)
    for item in item_columns(side.question.rules):
        assert tally["items", item, "sum"] == sum(row[item] or 0 for row in rows), item
    for year in {row["claim_year"] for row in rows}:
        of_year = [row["total"] for row in rows if row["claim_year"] == year]
        assert tally["years", str(year), "sum"] == sum(of_year)
        assert tally["years", str(year), "enterprises"] == len(of_year)
    assert sum(tally["sizes", size, "sum"] for size in SIZES) == side.total
    return rows


def assert_estimates(side: Side, documents: list[dict[str, Any]]) -> None:
    """Whether what no column of the batch holds is what the single engine says."""
    question, rules = side.question, side.question.rules
    wanted: Counter[tuple[str, str, str]] = Counter()
    for content in documents:
        document = Document("x", "", True, content)
        one = enterprise_from(document, rules.vocabulary, rules.item_ids, claim_year=2026).enterprise
        found = estimate(one, rules, stacking=question.stacking, count=question.count)
        for grade, amount in found.by_grade().items():
            wanted["grades", grade, "sum"] += amount
        size = SIZES[size_of(one.figures.get(2025, {}).get("revenue"))]  # type: ignore[arg-type]
        kinds = [("kinds", kind) for kind in one.kinds_in(2026) or ("none",)]
        for group in (*kinds, ("sizes", size), ("years", "2026")):
            wanted[*group, "enterprises"] += 1
            wanted[*group, "granted"] += found.total > 0
            wanted[*group, "sum"] += found.total
            wanted[*group, "claims"] += len(found.outcomes)
            wanted[*group, "eligible"] += sum(isinstance(one, Eligible) for one in found.outcomes)
            wanted[*group, "granted_claims"] += len(found.combination.grants)
        for index, outcome in enumerate(found.outcomes):
            status = type(outcome).__name__
            name = {"NeedsInput": "needs_input"}.get(status, status.lower())
            wanted["items", outcome.claim.item_id, name] += 1
            wanted["items", outcome.claim.item_id, "granted"] += found.granted(index) > 0
    found_tally = {key: side.tally[key] for key in wanted}
    assert found_tally == dict(wanted)
    for section in ("grades", "kinds", "sizes", "years"):
        of_section = {key: count for key, count in side.tally.items() if key[0] == section and count}
        assert of_section == {key: count for key, count in wanted.items() if key[0] == section and count}


@pytest.mark.parametrize("road", ["columns", "both", "single"])
@pytest.mark.parametrize(("stacking", "count"), [*zip(STACKINGS, (*COUNTS, "ratio"), strict=True)])
def test_a_budget_sums_up_the_batch(
    stacking: Stacking, count: Count, road: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_to_the_single_engine(road, monkeypatch)
    path, rules = tmp_path / "a.ndjson", load_rules()
    documents = random_file(path, f"{stacking} {count}", rules)
    found = budget(path, rules, pools=POOLS, stacking=stacking, count=count, claim_year=2026)
    assert found.errors == 0
    assert_sums(found.before, path, POOLS)
    assert_estimates(found.before, documents)


@pytest.mark.parametrize("road", ["columns", "both", "single"])
@pytest.mark.parametrize("name", OTHERS)
def test_two_rules_are_summed_up_as_two_batches(
    name: str, road: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_to_the_single_engine(road, monkeypatch)
    path, before = tmp_path / "a.ndjson", load_rules()
    (tmp_path / "closed.toml").write_text(CLOSED, "utf-8")
    folders = {"closed.toml": tmp_path}
    after = load_rules(tuple(str(folders.get(one, OVERLAYS) / one) for one in OTHERS[name]))
    random_file(path, name, after, wrong_one_in=10)
    pools = (*pools_of(before, POOLS[1:]),)
    found = budget(path, before, after, pools=pools, count="ceiling")
    assert found.rows == 150
    assert found.errors == 15
    assert found.after is not None
    rows = [assert_sums(side, path, pools) for side in found.sides]
    changes = [after["total"] - before["total"] for before, after in zip(*rows, strict=True)]
    assert found.moves["all", "", "gainers"] == sum(change > 0 for change in changes)
    assert found.moves["all", "", "losers_sum"] == -sum(change for change in changes if change < 0)
    assert found.moves["all", "", "unchanged"] == changes.count(0)
    order = sorted(range(len(changes)), key=lambda place: (-changes[place], place))
    wanted = [rows[0][place]["row"] for place in order if changes[place] > 0][:20]
    assert [one.row for one in found.movers.gainers] == wanted
    order = sorted(range(len(changes)), key=lambda place: (changes[place], place))
    wanted = [rows[0][place]["row"] for place in order if changes[place] < 0][:20]
    assert [one.row for one in found.movers.losers] == wanted
    assert any(changes), "the overlay changes something here"


def test_the_columns_of_a_table_give_the_sums_of_its_rows(tmp_path: Path) -> None:
    rows = [{key: str(cell) for key, cell in row.items()} for row in dotted(voucher_rows())]
    rows.insert(1, rows[0] | {"compute_contract.1.amount": "1美元"})
    path, less = tmp_path / "a.parquet", tmp_path / "less.toml"
    pq.write_table(pa.Table.from_pylist(rows), path)
    less.write_text("[items.13-compute-voucher]\nyear_cap = 200001\n", "utf-8")
    pools = (Pool("13", ("13-compute-voucher",), 100_000),)
    found = budget(path, load_rules(), load_rules([str(less)]), pools=pools)
    assert (found.rows, found.errors) == (4, 1)
    # As in the batch: 16597 + 82987 + 414 of the 100000 are left.
    assert (found.before.total, found.before.paid) == (1_205_000, 99_998)
    assert found.before.tally["sizes", "unknown", "enterprises"] == 3
    assert found.movers.losers == (Mover(str(path), 3, "乙公司", None, 2026, 1_000_000, 200_001),)


@pytest.mark.parametrize(
    ("revenue", "size"),
    [
        (0, "micro"),
        (2_999_999, "micro"),
        (3_000_000, "small"),
        (19_999_999, "small"),
        (20_000_000, "medium"),
        (399_999_999, "medium"),
        (400_000_000, "large"),
        (None, "unknown"),
    ],
)
def test_sizes_begin_at_their_bounds(revenue: int | None, size: str, tmp_path: Path) -> None:
    assert SIZES[size_of(revenue)] == size
    row = {"enterprise": {"name": "甲", "claim_year": 2026}}
    figures = (
        {} if revenue is None else {"figures": {"2025": {"revenue": revenue}, "2024": {"revenue": "9亿"}}}
    )
    (tmp_path / "a.ndjson").write_text(ndjson([row | figures]), "utf-8")
    tally = budget(tmp_path / "a.ndjson", load_rules()).before.tally
    assert [one for one in SIZES if tally["sizes", one, "enterprises"]] == [size]


def test_sums_beyond_64_bits_are_exact() -> None:
    import numpy as np

    most = 2**62 - 1
    found = exact_sums(np.array([0, 1, 0, 0]), np.array([most, 5, most, most]), 3)
    assert found == [3 * most, 5, 0]


def test_rules_that_read_a_word_in_two_ways_are_refused(tmp_path: Path) -> None:
    one, other = (tmp_path / name for name in ("one.toml", "other.toml"))
    text = '[vocabulary.figures]\nheadcount = {{ type = "{}", zh = "人数", en = "head count" }}\n'
    one.write_text(text.format("count"), "utf-8")
    other.write_text(text.format("money"), "utf-8")
    with pytest.raises(WordsDifferError) as raised:
        read_alike(load_rules([str(one)]), load_rules([str(other)]))
    assert raised.value.keys == ("figures.headcount",)
    alike = read_alike(load_rules(), load_rules([str(one)]))
    assert "headcount" in alike.before.vocabulary.figures
    assert alike.before.vocabulary is alike.after.vocabulary
