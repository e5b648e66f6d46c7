"""Looks for what is doubtful in rules that have the right shape: a rule that cannot mean what it says."""

from collections.abc import Iterator, Sequence

from calc.enterprise.problems import KeyPath
from calc.enterprise.vocabulary import Table, Vocabulary
from calc.policy import forms
from calc.policy.awards import Fixed
from calc.policy.bounds import doubts_of_condition
from calc.policy.fields import SUMS, Doubt, Lookup, unknown
from calc.policy.rules import Item, RulesFile
from calc.policy.sums import doubts_of_award, doubts_of_caps, doubts_of_grade


def find_doubts(rules: RulesFile, vocabulary: Vocabulary, known: Sequence[str]) -> Iterator[Doubt]:
    """Every doubt about rules; ``known`` are the names of all items, of those too that lack their shape."""
    if rules.policy.valid_from > rules.policy.valid_to:
        yield Doubt("valid_from_after_to", ("policy", "valid_from"), rules.policy.valid_from)
    for name, item in rules.items.items():
        at: KeyPath = ("items", name)
        if ":" in name or name == "*":
            yield Doubt("item_name", at, name)
        if item.measure not in rules.measures:
            allowed = tuple(str(number) for number in rules.measures)
            yield Doubt("dangling_measure", (*at, "measure"), item.measure, allowed)
        yield from _doubts_of_trigger(item, vocabulary, (*at, "claim"))
        lookup = Lookup(item, vocabulary)
        for index, condition in enumerate(item.conditions):
            yield from doubts_of_condition(item, condition, lookup, (*at, "conditions", index))
        if item.award is not None:
            yield from doubts_of_award(item, item.award, lookup, (*at, "award"))
        yield from doubts_of_caps(item, at)
        yield from doubts_of_grade(item, lookup, at)
        for index, window in enumerate(item.filing):
            if window.since > window.until:
                yield Doubt("window_backwards", (*at, "filing", index))
    yield from _doubts_of_groups(rules, vocabulary, known)


def _doubts_of_groups(rules: RulesFile, vocabulary: Vocabulary, known: Sequence[str]) -> Iterator[Doubt]:
    groups = [("exclusive", index, group.items) for index, group in enumerate(rules.exclusive)]
    groups += [("shared_caps", index, group.items) for index, group in enumerate(rules.shared_caps)]
    for kind, index, names in groups:
        for place, name in enumerate(names):
            if name not in known:
                yield Doubt("unknown_item", (kind, index, "items", place), name, tuple(known))
            elif name in names[:place]:
                yield Doubt("item_twice", (kind, index, "items", place), name)
    for index, shared in enumerate(rules.shared_caps):
        at: KeyPath = ("shared_caps", index)
        if shared.share is not None:
            yield from _doubts_of_share(shared.share.of, vocabulary, (*at, "share", "of"))
        elif not shared.has_sum:
            yield Doubt("missing_key", (*at, "cap"))
        for name in shared.items:
            # The highest rung or word may well exceed it: only who is paid so much is cut.
            award = rules.items[name].award if name in rules.items else None
            if isinstance(award, Fixed) and award.fixed > shared.cap:
                yield Doubt("cap_below_sum", ("shared_caps", index, "cap"), shared.cap)
                break
    yield from _doubts_of_shared_caps(rules)


def _doubts_of_share(reference: str, vocabulary: Vocabulary, at: KeyPath) -> Iterator[Doubt]:
    """What several items share is no key of one entry: it has to be a figure of the enterprise."""
    group, _, name = reference.partition(".")
    figure = vocabulary.figures.get(name) if group in forms.FIGURE_YEARS else None
    if figure is None:
        sums = (name for name, one in vocabulary.figures.items() if one.type in SUMS)
        yield Doubt("unknown_field", at, reference, tuple(f"last_year.{name}" for name in sums))
    elif figure.type not in SUMS:
        yield Doubt("wrong_field_type", at, reference, SUMS)


def _doubts_of_trigger(item: Item, vocabulary: Vocabulary, at: KeyPath) -> Iterator[Doubt]:
    match item.claim:
        case forms.EntryTrigger() as trigger:
            table = vocabulary.tables.get(trigger.entry)
            if table is None:
                yield Doubt("unknown_table", (*at, "entry"), trigger.entry, tuple(vocabulary.tables))
                return
            names = [*trigger.where, *trigger.has, *trigger.has_any]
            yield from unknown(names, table.fields, "unknown_field", at)
            for name, words in trigger.where.items():
                yield from _doubts_of_selection(table, name, words, (*at, "where", name))
            if trigger.running is not None:
                yield from _doubts_of_running(trigger.running, table, (*at, "running"))
        case forms.FigureTrigger() as trigger:
            yield from unknown([trigger.figure], vocabulary.figures, "unknown_field", (*at, "figure"))
        case forms.KindsTrigger() as trigger:
            yield from unknown(trigger.kinds, vocabulary.kinds, "unknown_word", (*at, "kinds"))
        case forms.AlwaysTrigger():
            pass


def _doubts_of_selection(
    table: Table, name: str, words: Sequence[bool | str], at: KeyPath
) -> Iterator[Doubt]:
    field = table.fields.get(name)
    if field is None:
        return
    if field.type == "flag":
        for word in words:
            if not isinstance(word, bool):
                yield Doubt("not_a_flag", at, word)
    elif field.type in ("word", "words"):
        yield from unknown(words, field.words, "unknown_word", at)
    else:
        yield Doubt("wrong_field_type", at, name, ("word", "words", "flag"))


def _doubts_of_running(running: forms.Running, table: Table, at: KeyPath) -> Iterator[Doubt]:
    wanted = [("start", running.start, "date"), ("months", running.months, "count")]
    for key, name, wanted_type in wanted:
        field = table.fields.get(name)
        if field is None:
            yield Doubt("unknown_field", (*at, key), name, tuple(table.fields))
        elif field.type != wanted_type:
            yield Doubt("wrong_field_type", (*at, key), name, (wanted_type,))
        elif not field.required and field.default is None:
            yield Doubt("not_required", (*at, key), name)
    if running.together_by is not None:
        yield from unknown([running.together_by], table.fields, "unknown_field", (*at, "together_by"))
    elif running.window is not None:
        yield Doubt("window_without_group", (*at, "window"), running.window)


def _doubts_of_shared_caps(rules: RulesFile) -> Iterator[Doubt]:
    """Shared caps lie within each other or apart; crossing ones have no plain meaning for the reader."""
    groups = [frozenset(shared.items) for shared in rules.shared_caps]
    for index, group in enumerate(groups):
        for other in groups[:index]:
            if group & other and not (group <= other or other <= group):
                yield Doubt("caps_cross", ("shared_caps", index, "items"), " ".join(sorted(group & other)))
