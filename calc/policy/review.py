"""Looks for what is legal but odd in overlays and rules files: worth a look before they are used."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal

from calc.enterprise.documents import Document
from calc.enterprise.numbers import Number
from calc.enterprise.positions import located
from calc.enterprise.problems import InputError, KeyPath, Problem
from calc.policy import awards, forms
from calc.policy.citations import uncited
from calc.policy.contradictions import contradictions
from calc.policy.differences import NewWords, find_differences
from calc.policy.loader import rules_from
from calc.policy.rules import Item, Layer, PolicyHead, Rules

_CAPS: Final[tuple[Literal["cap", "year_cap", "lifetime_cap"], ...]] = ("cap", "year_cap", "lifetime_cap")
_KEYS_WITH_NUMBERS: Final = (
    "claim",
    "conditions",
    "award",
    "floor",
    *_CAPS,
    "share_cap",
    "pool",
)


def review(before: Rules, after: Rules, documents: list[Document]) -> tuple[Problem, ...]:
    """Warnings about the overlays over ``before``, or about a whole file where no overlay lies over it.

    ``documents`` are those that ``after`` is made of, the base first.
    """
    base, *overlays = documents
    if not overlays:
        return located(base, _of_items(base, {}, after))
    found: list[Problem] = []
    for overlay, layer in zip(overlays, after.layers[1:], strict=True):
        held = next((own for year, own in after.by_year.items() if layer.holds_in(year)), after)
        warnings = [*_of_heading(overlay, layer, after.policy), *_of_items(overlay, before.items, held)]
        if not warnings or warnings[0].code != "outside_policy":
            warnings += _of_effect(overlay, after, documents)
        found += located(overlay, warnings)
    return tuple(found)


def _warning(document: Document, code: str, path: KeyPath, value: object = None, **details: Any) -> Problem:
    return Problem(document.source, code, path, value, details, is_warning=True)


def _of_heading(overlay: Document, layer: Layer, policy: PolicyHead) -> Iterator[Problem]:
    """Days outside the policy's own; a source or a day of issue that is not named."""
    head = layer.head
    begins, ends = head.valid_from or date.min, head.valid_to or date.max
    days = {"since": policy.valid_from, "until": policy.valid_to}
    if ends < policy.valid_from or begins > policy.valid_to:
        key = "valid_to" if ends < policy.valid_from else "valid_from"
        yield _warning(overlay, "outside_policy", ("overlay", key), getattr(head, key), **days)
    elif head.valid_to is not None and head.valid_to > policy.valid_to:
        yield _warning(overlay, "beyond_policy", ("overlay", "valid_to"), head.valid_to, **days)
    elif head.valid_from is not None and head.valid_from < policy.valid_from:
        yield _warning(overlay, "beyond_policy", ("overlay", "valid_from"), head.valid_from, **days)
    for key in ("source", "issued"):
        if getattr(head, key) is None:
            yield _warning(overlay, f"no_{key}", ("overlay", key))


def _of_effect(overlay: Document, after: Rules, documents: list[Document]) -> Iterator[Problem]:
    """An overlay without which the rules would be the same; words that no item uses."""
    try:
        without = rules_from([one for one in documents if one is not overlay])
    except InputError:
        return  # what lies above needs it
    differences = find_differences(without, after)
    if differences.is_empty:
        yield _warning(overlay, "changes_nothing", ())
    yield from _unused_words(overlay, differences.words, after)


def _of_items(document: Document, before: Mapping[str, Item], after: Rules) -> Iterator[Problem]:
    for name, written in document.content.get("items", {}).items():
        item = after.items.get(name)
        if item is None:
            continue
        at: KeyPath = ("items", name)
        for key in _KEYS_WITH_NUMBERS:
            numbers = uncited(item, key) if key in written else ()
            if numbers:
                yield _warning(document, "number_not_cited", (*at, key), None, numbers="、".join(numbers))
        if name in before:
            yield from _of_raised_caps(document, before[name], item, written, at)
        sure, cap = _most_of(item), item.cap_of("cap")
        # The cap of what pays in stages holds over several of its sums.
        is_over_one = item.cap != "award" and item.pays != "stages"
        if sure is not None and cap is not None and sure < cap and is_over_one:
            key = "cap" if "cap" in written else "award"
            if key in written:
                yield _warning(document, "cap_never_reached", (*at, key), cap, most=sure)
        if "claim" in written or "conditions" in written:
            for index in contradictions(item):
                path = (*at, "conditions", index) if "conditions" in written else (*at, "claim")
                yield _warning(document, "never_claimed", path)


def _most_of(item: Item) -> Number | None:
    """The most that an award can be whatever the figures, if its form fixes that."""
    match item.award:
        case awards.Each(up_to=most, sum=each, times=()) if most is not None:
            return most * each
        case _:
            return item.stated_sum


def _of_raised_caps(
    document: Document, before: Item, item: Item, written: Mapping[str, Any], at: KeyPath
) -> Iterator[Problem]:
    for key in _CAPS:
        old, new = before.cap_of(key), item.cap_of(key)
        if key in written and old is not None and new is not None and new > old:
            yield _warning(document, "cap_above_base", (*at, key), new, base=old)
        if key in written.get("remove", ()) and old is not None:
            yield _warning(document, "cap_removed", (*at, "remove"), key, base=old)


def _unused_words(overlay: Document, words: NewWords, after: Rules) -> Iterator[Problem]:
    """Kinds, figures and tables that an overlay declares and no item of any year refers to."""
    declared = overlay.content.get("vocabulary", {})
    every = [item for own in (after, *after.by_year.values()) for item in own.items.values()]
    used = {word for item in every for word in _words_of(item)}
    for group, names in (("kinds", words.kinds), ("figures", words.figures), ("tables", words.tables)):
        for name in names:
            if name not in declared.get(group, {}):
                continue
            fields = words.tables[name] if group == "tables" else ()
            if name not in used and not used.intersection(fields):
                yield _warning(overlay, "word_unused", ("vocabulary", group, name), name)


def _words_of(value: Any) -> Iterator[str]:
    """Every text within a rule, and the name behind each reference to a figure."""
    match value:
        case str():
            yield value
            yield value.rpartition(".")[2]
        case forms.Record():
            for name in type(value).model_fields:
                yield from _words_of(getattr(value, name))
        case tuple():
            for one in value:
                yield from _words_of(one)
        case Mapping():
            for key, one in value.items():
                yield from (*_words_of(key), *_words_of(one))
        case _:
            return
