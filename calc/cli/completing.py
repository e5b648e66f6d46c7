"""What a shell offers where an item, a measure or a kind is to be written."""

from collections.abc import Iterator

from calc.policy.loader import packaged_rules
from calc.present.language import language, language_wanted


def items(incomplete: str) -> Iterator[tuple[str, str]]:
    """The items of the packaged rules that begin so, each with its title."""
    speech = language(language_wanted(None))
    for name, item in packaged_rules().items.items():
        if name.startswith(incomplete):
            yield name, speech.name(item.title)


def kinds(incomplete: str) -> Iterator[tuple[str, str]]:
    """The kinds of enterprise that begin so, each with its name."""
    speech = language(language_wanted(None))
    for name, kind in packaged_rules().vocabulary.kinds.items():
        if name.startswith(incomplete):
            yield name, speech.name(kind.label)
