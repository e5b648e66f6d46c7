"""Loads rules: the packaged ones, a file that replaces them, overlays laid over them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from calc.enterprise.documents import Document, parse_document, read_document
from calc.enterprise.positions import in_order, located
from calc.enterprise.problems import InputError, Problem, refuse
from calc.enterprise.schema import FIRST_YEAR, LAST_YEAR
from calc.enterprise.vocabulary import Vocabulary, base_vocabulary, extend, read_vocabulary
from calc.policy.fields import Doubt
from calc.policy.overlay import Layers, base_layer, held_in, lay_over, overlay_problems, sound_part
from calc.policy.rules import Layer, OverlayHead, Rules, RulesFile
from calc.policy.selfcheck import find_doubts
from calc.policy.shape import near, shape_problems
from calc.policy.words import vocabulary_problems

BASE_NAME: Final = "measures.toml"
_CODES_FOR_RULES: Final = {"empty": "empty_rules"}


def base_text() -> str:
    """The text of the packaged rules, in an installed copy and in a checkout alike."""
    packaged = files("calc").joinpath(BASE_NAME)
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return Path(__file__).parents[2].joinpath(BASE_NAME).read_text("utf-8")


def load_rules(sources: Iterable[str] = ()) -> Rules:
    """The packaged rules; with ``sources``, those files in turn replacing them or laid over them.

    A file with a ``[policy]`` table replaces, any other is an overlay.
    Raises ``InputError`` with every problem of the rules, each with its place.
    """
    sources = tuple(sources)
    return rules_from(read_layers(sources)) if sources else packaged_rules()


def read_layers(sources: Iterable[str]) -> list[Document]:
    """The documents that rules are made of: the packaged rules or what replaces them, then the overlays.

    Raises ``InputError`` where one cannot be opened or is no document; what it says is not looked at.
    """
    documents = [_packaged_document()]
    for source in sources:
        document = _read_rules(source)
        documents = [document] if "policy" in document.content else [*documents, document]
    return documents


def _read_rules(source: str) -> Document:
    try:
        document = read_document(source)
    except InputError as error:
        raise InputError(
            tuple(one._replace(code=_CODES_FOR_RULES.get(one.code, one.code)) for one in error.problems)
        ) from None
    if "enterprise" in document.content and "items" not in document.content:
        refuse(source, "enterprise_for_rules")
    return document


def _packaged_document() -> Document:
    return parse_document(BASE_NAME, base_text(), is_json=False)


@cache
def packaged_rules() -> Rules:
    """The packaged rules, read once."""
    return rules_from([_packaged_document()])


def rules_from(documents: list[Document]) -> Rules:
    """Build rules from parsed documents, the first whole, the others overlays."""
    base, *overlays = documents
    layers = base_layer(base)
    rules, vocabulary = _checked(layers, [base])
    if not overlays:
        return _rules(rules, vocabulary, [base], (_base_layer(base),), tuple(rules.items))
    is_dated = any(map(_bears_dates, overlays))
    # What one year closes another may change: seen over all years it stays.
    laid = _laid(layers, documents, keeps_closed=is_dated)
    heads = (_base_layer(base), *(_layer(overlay) for overlay in overlays))
    item_ids = tuple(dict.fromkeys(name for one in documents for name in one.content.get("items", {})))
    union, vocabulary = _checked(laid, documents, is_whole=not is_dated)
    whole = _rules(union, vocabulary, documents, heads, item_ids)
    return _with_years(whole, laid, documents) if is_dated else whole


def _bears_dates(overlay: Document) -> bool:
    head = overlay.content.get("overlay")
    return isinstance(head, dict) and ("valid_from" in head or "valid_to" in head)


def _with_years(whole: Rules, every: Layers, documents: list[Document]) -> Rules:
    """Rules whose overlays depend on the claim year: each combination is laid and checked once."""
    days = (whole.policy.valid_from, whole.policy.valid_to)
    first, last = (min(max(day.year, FIRST_YEAR), LAST_YEAR) for day in days)
    words = every.content.get("vocabulary", {})
    by_year: dict[int, Rules] = {}
    found: dict[tuple[bool, ...], Rules | None] = {}
    problems: dict[object, Problem] = {}
    for year in range(first, last + 1):
        holding = tuple(layer.holds_in(year) for layer in whole.layers)
        if holding not in found:
            found[holding] = None
            held = [one for one, holds in zip(documents, holding, strict=True) if holds]
            try:
                laid = _laid(base_layer(held[0]), held)
                own, _ = _checked(laid._replace(content={**laid.content, "vocabulary": words}), held)
                rules = _rules(own, whole.vocabulary, held, whole.layers, whole.item_ids)
                found[holding] = replace(rules, by_year=by_year)
            except InputError as error:
                problems |= {(one.source, one.code, one.path, str(one.value)): one for one in error.problems}
        own_rules = found[holding]
        if own_rules is not None:
            by_year[year] = own_rules
    if problems:
        raise InputError(tuple(problems.values()))
    return replace(whole, by_year=by_year)


def _base_layer(base: Document) -> Layer:
    return Layer(base.source, is_packaged=base.text == base_text())


def _layer(overlay: Document) -> Layer:
    return Layer(overlay.source, OverlayHead.model_validate(overlay.content.get("overlay", {})))


def _laid(layers: Layers, documents: list[Document], *, keeps_closed: bool = False) -> Layers:
    """Lay overlays over the first document, one after the other.

    Raises ``InputError`` where one does not fit what lies below; what is sound of it is looked at too, so
    that all is told at once.
    """
    for number, overlay in enumerate(documents[1:], 1):
        problems = located(overlay, overlay_problems(overlay, layers))
        if problems:
            sound = sound_part(overlay, problems)
            further = _problems_of(lay_over(layers, sound), [*documents[:number], sound])
            raise InputError(in_order((*problems, *further)))
        layers = lay_over(layers, overlay, keeps_closed=keeps_closed)
    return layers


def _problems_of(layers: Layers, documents: list[Document]) -> tuple[Problem, ...]:
    try:
        _checked(layers, documents)
    except InputError as error:
        return error.problems
    return ()


def _rules(
    checked: RulesFile,
    vocabulary: Vocabulary,
    documents: list[Document],
    layers: tuple[Layer, ...],
    item_ids: tuple[str, ...],
) -> Rules:
    return Rules(
        policy=checked.policy,
        measures=checked.measures,
        items=checked.items,
        exclusive=checked.exclusive,
        shared_caps=checked.shared_caps,
        vocabulary=vocabulary,
        digest=_digest(documents),
        sources=tuple(document.source for document in documents),
        layers=layers,
        item_ids=item_ids,
    )


def _checked(
    layers: Layers, documents: list[Document], *, is_whole: bool = True
) -> tuple[RulesFile, Vocabulary]:
    """The rules and their words.  Raises ``InputError`` with all that is wrong or doubtful about them.

    What holds in no year all together (``is_whole`` is false) needs its shape and its words only.
    """
    content = layers.content
    try:
        rules, problems = RulesFile.model_validate(content), []
    except ValidationError as error:
        problems = list(shape_problems(error, content))
        # What is sound is looked at too, so that all is told at once.
        sound = _without_items(
            content, {str(one.path[1]) for one in problems if one.path[:1] == ("items",) and one.path[1:]}
        )
        try:
            rules = RulesFile.model_validate(sound)
        except ValidationError:
            raise InputError(_located(problems, layers, documents)) from None
    declared = rules.vocabulary
    wrong_words = [] if declared is None else list(vocabulary_problems(declared, base_vocabulary()))
    if wrong_words:
        raise InputError(_located([*problems, *wrong_words], layers, documents))
    vocabulary = _vocabulary(content.get("vocabulary", {}))
    known = tuple(content["items"])
    if is_whole:
        problems += [_problem(doubt) for doubt in find_doubts(rules, vocabulary, known)]
    if problems:
        raise InputError(_located(problems, layers, documents))
    return rules, vocabulary


def _without_items(content: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    items = content.get("items")
    if not isinstance(items, dict):
        return dict(content)
    return {**content, "items": {name: item for name, item in items.items() if name not in names}}


def _problem(doubt: Doubt) -> Problem:
    nearest = near(doubt.value, doubt.allowed) if doubt.allowed else None
    return Problem("", doubt.code, doubt.path, doubt.value, {"allowed": doubt.allowed}, nearest)


def _digest(documents: list[Document]) -> str:
    digests = [sha256(document.text.encode()).hexdigest() for document in documents]
    return digests[0] if len(digests) == 1 else sha256("\n".join(digests).encode()).hexdigest()


def _vocabulary(raw: Mapping[str, Any]) -> Vocabulary:
    return extend(base_vocabulary(), read_vocabulary(raw)) if raw else base_vocabulary()


def _located(problems: list[Problem], layers: Layers, documents: list[Document]) -> tuple[Problem, ...]:
    """Give each problem the file that holds its key, and its place there."""
    held = [held_in(layers, documents, problem.path) for problem in problems]
    placed: list[Problem] = []
    for document in documents:
        placed += located(
            document,
            [
                problem._replace(source=document.source, path=path)
                for problem, (holder, path) in zip(problems, held, strict=True)
                if holder is document
            ],
        )
    return tuple(placed)
