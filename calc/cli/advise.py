"""``subsidy gaps`` and ``whatif``: what would pay more."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from calc.cli.channel import Channel, are_unopenable
from calc.cli.estimate import open_rules
from calc.cli.exits import Exit
from calc.engine.advice import Scene, find_gaps, sweep
from calc.engine.combine.problem import Stacking
from calc.engine.estimate import Estimate, estimate
from calc.engine.evaluate import Count
from calc.enterprise.changes import Change, field_of, read_leaf
from calc.enterprise.documents import Document, read_document
from calc.enterprise.enterprise import Enterprise
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import Number, NumberError, read_number
from calc.enterprise.problems import InputError, Problem
from calc.enterprise.vocabulary import Field
from calc.policy.rules import Rules
from calc.present import advice_data
from calc.present.advice_tables import print_gaps, print_whatif
from calc.present.documents import answer_text

MOST_POINTS: Final = 10**4
_RANGE: Final = re.compile(r"(?P<first>.+?)\.\.(?P<last>.+)/(?P<step>[^/]+)")


@dataclass(frozen=True, slots=True)
class Advice:
    """The options that all these commands share."""

    source: str
    rules: tuple[str, ...]
    claim_year: int | None
    stacking: Stacking
    count: Count
    output_format: str
    in_yuan: bool


def _run(request: Advice, channel: Channel, act: Callable[[Scene, Rules], None]) -> int:
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules

    def read(document: Document) -> Enterprise:
        found = enterprise_from(document, rules.vocabulary, rules.item_ids, claim_year=request.claim_year)
        return found.enterprise

    def answer(enterprise: Enterprise) -> Estimate:
        return estimate(enterprise, rules, stacking=request.stacking, count=request.count)

    try:
        document = read_document(request.source)
        loaded = enterprise_from(document, rules.vocabulary, rules.item_ids, claim_year=request.claim_year)
        channel.report(loaded.warnings)
        act(Scene(document, answer(loaded.enterprise), read, answer), rules)
    except InputError as error:
        channel.report(error.problems)
        return Exit.UNOPENABLE if are_unopenable(error.problems) else Exit.CONTENT
    return Exit.DONE


def _write(data: dict[str, Any], output_format: str, channel: Channel) -> None:
    channel.write(answer_text(data, output_format))


def show_gaps(request: Advice, channel: Channel) -> int:
    """The least change for each ineligible claim, largest gain first."""

    def act(scene: Scene, _rules: Rules) -> None:
        gaps = find_gaps(scene)
        if request.output_format == "table":
            print_gaps(scene.estimate, gaps, channel.speech, in_yuan=request.in_yuan)
        else:
            _write(advice_data.gaps_data(scene.estimate, gaps), request.output_format, channel)

    return _run(request, channel, act)


def show_whatif(request: Advice, sets: Sequence[str], swept: str | None, channel: Channel) -> int:
    """Before and after some changes; with a sweep, the total for each value of one figure."""

    def act(scene: Scene, rules: Rules) -> None:
        changes = [_change(request.source, text) for text in sets]
        after = scene.with_changes(changes)
        curve = None
        if swept is not None:
            path, values, field = _sweep_values(request.source, swept, rules)
            curve = (field, sweep(scene, changes, path, values))
        if request.output_format == "table":
            print_whatif(scene.estimate, after, curve, channel.speech, in_yuan=request.in_yuan)
        else:
            data = advice_data.whatif_data(scene.estimate, after, curve, channel.speech)
            _write(data, request.output_format, channel)

    return _run(request, channel, act)


def _change(source: str, text: str) -> Change:
    path, equals, value = text.rpartition("=")
    if not equals:
        raise InputError((Problem(source, "not_a_change", value=text),))
    return Change(path.strip(), read_leaf(value.strip()))


def _sweep_values(source: str, text: str, rules: Rules) -> tuple[str, list[Number], Field]:
    path, _, span = text.rpartition("=")
    match = _RANGE.fullmatch(span.strip())
    field = field_of(path.strip(), rules.vocabulary)
    if match is None or field is None:
        raise InputError((Problem(source, "not_a_sweep", value=text),))
    try:
        first, last, step = (
            read_number(read_leaf(match[name].strip()), field.type) for name in ("first", "last", "step")
        )
    except (NumberError, KeyError):
        raise InputError((Problem(source, "not_a_sweep", value=text),)) from None
    if step == 0 or (last - first) / step >= MOST_POINTS:
        raise InputError((Problem(source, "sweep_too_long", value=text, details={"limit": MOST_POINTS}),))
    count = int((last - first) // step) + 1
    return path.strip(), [first + step * number for number in range(max(count, 0))], field
