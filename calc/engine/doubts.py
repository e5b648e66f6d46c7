"""What is legal in a file and yet worth a question: beyond what is usual, or changing nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from calc.engine.claims import matches
from calc.engine.estimate import Estimate
from calc.engine.evaluate import possible_ceiling
from calc.engine.outcomes import Barred
from calc.enterprise.enterprise import Entry, Sum
from calc.enterprise.ordinary import unusual_figures
from calc.enterprise.problems import KeyPath, Problem
from calc.policy.forms import FIGURE_YEARS, EntryTrigger, FigureTrigger, Record
from calc.policy.rules import Rules

_Doubt = Callable[..., Problem]


class _Known(NamedTuple):
    """What is looked up for every entry: triggers by table, last years by subject, ceilings by item."""

    estimate: Estimate
    triggers: Mapping[str, list[EntryTrigger]]
    paid: frozenset[str | None]
    last_years: Mapping[str, int]
    ceilings: Mapping[str, list[tuple[str, int | None]]]


def find_doubts(estimate: Estimate) -> Iterator[Problem]:
    """A warning for each thing that an experienced reader would query; the places are not yet found."""
    source = estimate.enterprise.source

    def doubt(code: str, path: KeyPath, value: object = None, **details: Any) -> Problem:
        return Problem(source, code, path, value, details=details, is_warning=True)

    known = _known(estimate)
    yield from unusual_figures(estimate.enterprise, estimate.rules.vocabulary)
    yield from _doubts_of_head(estimate, doubt)
    yield from _doubts_of_figures(estimate, doubt)
    for table, entries in estimate.enterprise.entries.items():
        for place, entry in enumerate(entries):
            yield from _doubts_of_entry(known, entry, partial(_below, doubt, (table, place)))
    for place, one in enumerate(estimate.enterprise.received):
        yield from _doubts_of_received(estimate, one, partial(_below, doubt, ("received", place)))
    for place, one in enumerate(estimate.enterprise.expected):
        yield from _doubts_of_expected(known, one, partial(_below, doubt, ("expect", place)))


def _known(estimate: Estimate) -> _Known:
    enterprise = estimate.enterprise
    triggers: defaultdict[str, list[EntryTrigger]] = defaultdict(list)
    for item in estimate.rules.items.values():
        if item.grade != "service" and isinstance(item.claim, EntryTrigger):
            triggers[item.claim.entry].append(item.claim)
    last_years: dict[str, int] = {}
    for entries in enterprise.entries.values():
        for entry in entries:
            last_years[entry.subject] = max(entry.year or 0, last_years.get(entry.subject, 0))
    ceilings: defaultdict[str, list[tuple[str, int | None]]] = defaultdict(list)
    expected = {one.item for one in enterprise.expected}
    for outcome in estimate.outcomes:
        claim = outcome.claim
        if claim.item_id in expected:
            # What is closed is not to be told about its sum.
            is_open = not isinstance(outcome, Barred)
            most = possible_ceiling(estimate.facts, claim) if is_open else None
            ceilings[claim.item_id].append((claim.subject, most))
    paid = frozenset(one.subject for one in enterprise.received)
    return _Known(estimate, triggers, paid, last_years, ceilings)


def _below(doubt: _Doubt, at: KeyPath, code: str, key: str | None, value: object, **details: Any) -> Problem:
    """A doubt about a key of an entry, or about the whole of it."""
    return doubt(code, at if key is None else (*at, key), value, **details)


def _is_outside(estimate: Estimate, year: int) -> bool:
    policy = estimate.rules.policy
    return not policy.valid_from.year <= year <= policy.valid_to.year


def _doubts_of_head(estimate: Estimate, doubt: _Doubt) -> Iterator[Problem]:
    enterprise, policy, year = estimate.enterprise, estimate.rules.policy, estimate.claim_year
    if _is_outside(estimate, year):
        first, last = policy.valid_from.year, policy.valid_to.year
        yield doubt("claim_year_outside", ("enterprise", "claim_year"), year, first=first, last=last)
    if not enterprise.kinds_in(year):
        yield doubt("no_kinds", ("enterprise", "kinds"), year=year)
    filing = enterprise.filing_date
    if filing is not None and filing.year != year:
        yield doubt("filed_elsewhere", ("enterprise", "filing_date"), filing, year=year)


def _doubts_of_figures(estimate: Estimate, doubt: _Doubt) -> Iterator[Problem]:
    """Figures of years that no item looks at, where those of the year that items look at are not there."""
    triggers = [item.claim for item in estimate.rules.items.values()]
    read = {estimate.claim_year - FIGURE_YEARS[group] for group in _groups_read(estimate.rules)}
    needed = read
    if any(isinstance(trigger, FigureTrigger) for trigger in triggers):
        needed = {estimate.claim_year - FIGURE_YEARS["last_year"]}
    years = estimate.enterprise.figures
    if needed.isdisjoint(years):
        for year in years:
            if year not in read:
                wanted = max(needed, default=None)
                yield doubt("figures_unread", ("figures", str(year)), year, is_key=True, wanted=wanted)


def _groups_read(rules: Rules) -> set[str]:
    """The groups of yearly figures that triggers, conditions and awards read."""
    found: set[str] = set()
    for item in rules.items.values():
        if isinstance(item.claim, FigureTrigger):
            found.add("last_year")
        for record in (*item.conditions, *((item.award,) if item.award is not None else ())):
            found.update(one.partition(".")[0] for one in _texts(record))
    return found & set(FIGURE_YEARS)


def _texts(node: Any) -> Iterator[str]:
    """Every text that a record of the rules holds, at any depth."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Record | dict):
        for _, one in node if isinstance(node, Record) else node.items():
            yield from _texts(one)
    elif isinstance(node, tuple):
        for one in node:
            yield from _texts(one)


def _doubts_of_entry(known: _Known, entry: Entry, doubt: _Doubt) -> Iterator[Problem]:
    estimate, year, triggers = known.estimate, entry.year, known.triggers.get(entry.table, [])
    policy = estimate.rules.policy
    if not any(matches(entry, trigger) for trigger in triggers):
        yield doubt("no_item", None, entry.subject)
    if year is not None and year != estimate.claim_year and _is_outside(estimate, year):
        first, last = policy.valid_from.year, policy.valid_to.year
        yield doubt("entry_year_outside", "year", year, first=first, last=last)
    elif year is not None and year < estimate.claim_year and not _is_settled(known, entry):
        yield doubt("entry_year_past", "year", year, year=estimate.claim_year)
    for start in {trigger.running.start for trigger in triggers if trigger.running is not None}:
        first_day = entry.values.get(start)
        if isinstance(first_day, date) and first_day > policy.valid_to:
            yield doubt("starts_after_policy", start, first_day, last=policy.valid_to)


def _is_settled(known: _Known, entry: Entry) -> bool:
    """Whether an entry of an earlier year has been paid, or goes on in a later entry of its name."""
    return entry.subject in known.paid or known.last_years[entry.subject] > (entry.year or 0)


def _doubts_of_received(estimate: Estimate, one: Sum, doubt: _Doubt) -> Iterator[Problem]:
    item = estimate.rules.items.get(one.item)
    if item is None:
        return  # an item of another claim year's rules
    if item.cap_of("lifetime_cap") is None and item.pays == "yearly":
        yield doubt("received_idle", "item", one.item)
    elif item.cap_of("lifetime_cap") is None and one.subject is None and isinstance(item.claim, EntryTrigger):
        held = estimate.enterprise.entries.get(item.claim.entry, ())
        subject = held[0].subject if held else f"{item.claim.entry}:…"
        yield doubt("received_unassigned", "item", one.item, subject=subject)
    elif one.year >= estimate.claim_year:
        yield doubt("received_late", "year", one.year, year=estimate.claim_year)


def _doubts_of_expected(known: _Known, one: Sum, doubt: _Doubt) -> Iterator[Problem]:
    if one.year != known.estimate.claim_year:
        return
    claims = known.ceilings.get(one.item, ())
    ceilings = [ceiling for subject, ceiling in claims if one.subject in (None, subject)]
    bounds = [ceiling for ceiling in ceilings if ceiling is not None]
    if not ceilings:
        yield doubt("expect_idle", "item", one.item, year=one.year)
    elif len(bounds) == len(ceilings) and one.amount > max(bounds):
        yield doubt("above_ceiling", "amount", one.amount, field=None, limit=max(bounds))
