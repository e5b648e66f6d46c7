"""Whatever parses is either accepted or told to be wrong: no structure makes a trace."""

from datetime import date, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calc.engine.estimate import estimate
from calc.enterprise.documents import Document, parse_document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import FloatText
from calc.enterprise.problems import InputError
from calc.policy.loader import base_text, packaged_rules, rules_from
from calc.present.language import language
from calc.present.words.diagnostics import problem_lines

RULES = packaged_rules()
BASE = parse_document("measures.toml", base_text(), is_json=False)
RULE_WORDS = """
schema policy id title zh en valid_from valid_to measures items 02-capacity 25-investment-loan measure phrase
claim entry where has running start months window together_by figure kinds always conditions field at_least
at_most more_than is one_of ratio of by values otherwise together award fixed rate less sum priced_at tiers
mode steps from ladder each by_word sums rates interest shared_loss share excess over times total_of base
floor cap year_cap pool grade pays vocabulary tables figures fields type words required default part_of
exclusive shared_caps scope closed remove overlay subsidy.rules/1 whole stated once equipment principal
investment loan
last_year.revenue capacity money text 10% 2000万 any_of all_of not_before not_after within_years after growth
over growth_of parts by_year shares when share_cap most_claims filing until materials
beyond up_to per difference valid_from valid_to
""".split()
ENTERPRISE_WORDS = """
enterprise name claim_year kinds figures 2025 2024 revenue rd_expense investment loan title year purposes
equipment green_equipment capacity purpose credit principal annual_rate start months project kind level
agreement from until covers received expect item amount subject 02-capacity fx usd_cny uscc filing_date
in_zone * investment:a a 2026-01-01 3.5% 2600万
""".split()


def structures(words: list[str]) -> st.SearchStrategy[Any]:
    leaves = (
        st.sampled_from(words)
        | st.booleans()
        | st.integers(-5, 10**16)
        | st.sampled_from([FloatText("1.5"), FloatText("nan"), FloatText("1e400"), date(2026, 1, 1)])
        | st.just(datetime(2026, 1, 1))
        | st.text(max_size=3)
        | st.none()
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(words), inner, max_size=4)
        ),
        max_leaves=12,
    )


def tables(words: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(words), structures(words), max_size=5)


def tell(error: InputError) -> None:
    for problem in error.problems:
        assert all(isinstance(line, str) for line in problem_lines(problem, language("en")))


def document(content: dict[str, Any]) -> Document:
    return Document("x.toml", "a = 1\n", is_json=False, content=content)


@given(tables(RULE_WORDS), tables(RULE_WORDS), st.sampled_from(list(RULES.items)))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_rules_and_overlays(content: dict[str, Any], change: dict[str, Any], item: str) -> None:
    overlay = {"items": {item: change}}
    for documents in ([document(content)], [BASE, document(content)], [BASE, document(overlay)]):
        try:
            rules_from(documents)
        except InputError as error:
            tell(error)


@given(tables(ENTERPRISE_WORDS))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_enterprise(content: dict[str, Any]) -> None:
    head = {"name": "甲", "claim_year": 2026}
    for whole in (content, {**content, "enterprise": head}):
        try:
            estimate(enterprise_from(document(whole), RULES.vocabulary, RULES.item_ids).enterprise, RULES)
        except InputError as error:
            tell(error)


@given(
    st.dictionaries(
        st.sampled_from(sorted(RULES.vocabulary.tables)), st.lists(tables(ENTERPRISE_WORDS), max_size=2)
    )
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_entries(entries: dict[str, Any]) -> None:
    content = {**entries, "enterprise": {"name": "甲", "claim_year": 2026}}
    try:
        enterprise_from(document(content), RULES.vocabulary, RULES.item_ids)
    except InputError as error:
        tell(error)


@given(st.text(max_size=60), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_text(text: str, is_json: bool) -> None:
    try:
        parse_document("x", text, is_json=is_json)
    except InputError as error:
        tell(error)
