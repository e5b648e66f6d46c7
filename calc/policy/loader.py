"""Loads rules: the packaged ones, a file that replaces them, overlays laid over them."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from calc.enterprise.documents import Document, parse_document, read_document
from calc.enterprise.numbers import NumberError
from calc.enterprise.positions import located
from calc.enterprise.problems import InputError, KeyPath, Problem, nearest_word
from calc.enterprise.vocabulary import Vocabulary, base_vocabulary, extend, read_vocabulary
from calc.policy import awards, forms
from calc.policy.forms import TAG
from calc.policy.rules import Item, PolicyHead, Rules, RulesFile
from calc.policy.selfcheck import find_doubts

BASE_NAME: Final = "measures.toml"
_OVERLAY_KEYS: Final = ("schema", "overlay", "measures", "items", "exclusive", "shared_caps", "vocabulary")
_ITEM_ONLY_IN_OVERLAYS: Final = ("closed", "remove")


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
    documents = [parse_document(BASE_NAME, base_text(), is_json=False)]
    for source in sources:
        document = read_document(source)
        documents = [document] if "policy" in document.content else [*documents, document]
    return rules_from(documents)


@cache
def packaged_rules() -> Rules:
    """The packaged rules, read once."""
    return load_rules()


def rules_from(documents: list[Document]) -> Rules:
    """Build rules from parsed documents, the first whole, the others overlays."""
    content = documents[0].content
    rules = _validated(content, documents)
    for overlay in documents[1:]:
        problems = list(_overlay_problems(overlay, content))
        if problems:
            raise InputError(_located(problems, documents))
        content = _lay_over(content, overlay.content)
    if len(documents) > 1:
        rules = _validated(content, documents)
    try:
        vocabulary = _vocabulary(content.get("vocabulary", {}))
    except NumberError as error:
        wrong = Problem("", "number", ("vocabulary",), None, {"reason": error.code, "type": "money"})
        raise InputError(_located([wrong], documents)) from None
    doubts = [
        Problem(
            "",
            doubt.code,
            doubt.path,
            doubt.value,
            {"allowed": doubt.allowed},
            _near(doubt.value, doubt.allowed),
        )
        for doubt in find_doubts(rules, vocabulary)
    ]
    if doubts:
        raise InputError(_located(doubts, documents))
    return Rules(
        policy=rules.policy,
        measures=rules.measures,
        items=rules.items,
        exclusive=rules.exclusive,
        shared_caps=rules.shared_caps,
        vocabulary=vocabulary,
        digest=_digest(documents),
        sources=tuple(document.source for document in documents),
    )


def _validated(content: Mapping[str, Any], documents: list[Document]) -> RulesFile:
    try:
        return RulesFile.model_validate(content)
    except ValidationError as errors:
        found = [_problem(error) for error in errors.errors(include_url=False)]
        raise InputError(_located(found, documents)) from None


def _digest(documents: list[Document]) -> str:
    digests = [sha256(document.text.encode()).hexdigest() for document in documents]
    return digests[0] if len(digests) == 1 else sha256("\n".join(digests).encode()).hexdigest()


def _vocabulary(raw: Mapping[str, Any]) -> Vocabulary:
    return extend(base_vocabulary(), read_vocabulary(raw)) if raw else base_vocabulary()


def _lay_over(base: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    merged = deepcopy(dict(base))
    closed = []
    for name, change in overlay.get("items", {}).items():
        if change.get("closed"):
            closed.append(name)
            merged["items"].pop(name, None)
            continue
        item = merged["items"].setdefault(name, {})
        item.update({key: value for key, value in change.items() if key not in _ITEM_ONLY_IN_OVERLAYS})
        for key in change.get("remove", ()):
            item.pop(key, None)
    for key in ("measures", "vocabulary"):
        merged[key] = _merge(merged.get(key, {}), overlay.get(key, {}))
    for key in ("exclusive", "shared_caps"):
        merged[key] = _without(closed, [*merged.get(key, []), *overlay.get(key, [])])
    return merged


def _without(closed: list[str], groups: list[Any]) -> list[Any]:
    """A closed item leaves the groups it stood in; a group of one is none."""
    if not closed:
        return groups
    thinned = [
        {**group, "items": [name for name in group["items"] if name not in closed]} for group in groups
    ]
    return [group for group in thinned if len(group["items"]) > 1]


def _merge(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{key: _merge(base.get(key), value) for key, value in over.items()}}
    return over


def _overlay_problems(overlay: Document, base: Mapping[str, Any]) -> Iterator[Problem]:
    """What keeps an overlay from being laid over anything."""
    content = overlay.content
    for key in content:
        if key not in _OVERLAY_KEYS:
            yield Problem(
                overlay.source,
                "unknown_key",
                (key,),
                key,
                {"allowed": _OVERLAY_KEYS},
                _near(key, _OVERLAY_KEYS),
            )
    for key in ("items", "measures", "vocabulary"):
        if not isinstance(content.get(key, {}), dict):
            yield Problem(overlay.source, "not_a_table", (key,), content[key])
            return
    for key in ("exclusive", "shared_caps"):
        groups = content.get(key, [])
        if not isinstance(groups, list) or not all(
            isinstance(group, dict) and isinstance(group.get("items"), list) for group in groups
        ):
            yield Problem(overlay.source, "not_a_table_array", (key,), groups)
    known = tuple(base["items"])
    for name, change in content.get("items", {}).items():
        at: KeyPath = ("items", name)
        if not isinstance(change, dict):
            yield Problem(overlay.source, "not_a_table", at, change)
        elif name not in known and (change.get("closed") or not change.get("claim")):
            yield Problem(overlay.source, "item", at, name, {"allowed": known}, _near(name, known))
        elif not isinstance(change.get("closed", False), bool):
            yield Problem(overlay.source, "not_a_flag", (*at, "closed"), change["closed"])
        elif not _is_list_of_texts(change.get("remove", [])):
            yield Problem(overlay.source, "not_a_list", (*at, "remove"), change["remove"])


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _near(value: object, allowed: tuple[str, ...]) -> str | None:
    return nearest_word(value, allowed) or nearest_word(str(value).replace("_", "-"), allowed)


def _problem(error: Any) -> Problem:
    """One validation error in the program's own terms."""
    location = error["loc"]
    tags = [str(part)[len(TAG) :] for part in location if str(part).startswith(TAG)]
    path: KeyPath = tuple(part for part in location if not str(part).startswith(TAG) and part != "[key]")
    value = error["input"]
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return Problem("", "missing_key", path)
        case "extra_forbidden":
            allowed = _keys_at(location, tags)
            return Problem("", "unknown_key", path, path[-1], {"allowed": allowed}, _near(path[-1], allowed))
        case "number":
            return Problem("", "number", path, value, context)
        case "form":
            return Problem("", "form", path, value, {"allowed": tuple(error["msg"].split())})
        case "literal_error":
            expected = tuple(
                word.strip(" '") for word in str(context.get("expected", "")).replace(" or ", ",").split(",")
            )
            return Problem("", "word", path, value, {"allowed": expected}, _near(value, expected))
        case other:
            return Problem("", "shape", path, value, {"reason": other, "message": error["msg"]})


def _keys_at(location: tuple[Any, ...], tags: list[str]) -> tuple[str, ...]:
    if tags and str(location[-2]).startswith(TAG):
        record = _FORMS.get((str(location[2]), tags[-1]))
    elif location[0] == "policy":
        record = PolicyHead
    elif location[0] == "items" and len(location) == _ITEM_KEY_DEPTH:
        record = Item
    else:
        record = RulesFile if len(location) == 1 else None
    fields = record.model_fields.items() if record else ()
    return tuple(field.alias or name for name, field in fields)


_ITEM_KEY_DEPTH: Final = 3
_FORMS: Final[Mapping[tuple[str, str], type[forms.Record]]] = {
    ("claim", "entry"): forms.EntryTrigger,
    ("claim", "figure"): forms.FigureTrigger,
    ("claim", "kinds"): forms.KindsTrigger,
    ("claim", "always"): forms.AlwaysTrigger,
    ("conditions", "at_least"): forms.AtLeast,
    ("conditions", "at_most"): forms.AtMost,
    ("conditions", "more_than"): forms.MoreThan,
    ("conditions", "is"): forms.IsTrue,
    ("conditions", "one_of"): forms.OneOf,
    ("conditions", "kinds"): forms.OfKinds,
    ("award", "fixed"): awards.Fixed,
    ("award", "sum"): awards.SumOfRates,
    ("award", "priced_at"): awards.PricedAt,
    ("award", "tiers"): awards.Tiers,
    ("award", "ladder"): awards.Ladder,
    ("award", "each"): awards.Each,
    ("award", "by_word"): awards.ByWord,
    ("award", "interest"): awards.Interest,
    ("award", "shared_loss"): awards.SharedLoss,
    ("award", "excess"): awards.Excess,
    ("award", "total_of"): awards.TotalOf,
    ("award", "rate"): awards.RateOf,
}


def _located(problems: list[Problem], documents: list[Document]) -> tuple[Problem, ...]:
    """Give each problem its file, the last one that holds the key, and its place there."""
    held = [
        next((one for one in documents if one.source == problem.source), None)
        or _holder(problem.path, documents)
        for problem in problems
    ]
    placed: list[Problem] = []
    for document in documents:
        own = [problem for problem, holder in zip(problems, held, strict=True) if holder is document]
        placed += located(document, own)
    return tuple(placed)


def _holder(path: KeyPath, documents: list[Document]) -> Document:
    def depth(document: Document) -> int:
        current: Any = document.content
        for level, part in enumerate(path):
            try:
                current = current[part]
            except (KeyError, IndexError, TypeError):
                return level
        return len(path)

    deepest: Document = max(reversed(documents), key=depth)
    return deepest
