"""What a shell offers where an item, a kind or the PATH of a figure is to be written."""

from collections.abc import Iterator

from calc.enterprise.documents import read_document
from calc.enterprise.paths import Finder
from calc.enterprise.problems import InputError
from calc.enterprise.sources import STDIN
from calc.policy.loader import packaged_rules
from calc.present.language import language, language_wanted


def items(incomplete: str) -> Iterator[tuple[str, str]]:
    """The items of the packaged rules that begin so, each with its title."""
    speech = language(language_wanted(None))
    for name, item in packaged_rules().items.items():
        if name.startswith(incomplete):
            yield name, speech.name(item.title)


def paths(incomplete: str, source: str | None, then: str) -> Iterator[tuple[str, str]]:
    """The PATHs of a file that begin so, each with what it names, and what is to be written ``then``."""
    if source is None or source == STDIN:
        return
    speech = language(language_wanted(None))
    try:
        document = read_document(source)
        year = document.content["enterprise"]["claim_year"]
        finder = Finder(source, document.content, packaged_rules().vocabulary, year)
        known = list(finder.known())
    except (InputError, LookupError, TypeError, AttributeError):
        # What is wrong with the file is told by the command itself.
        return
    for path, label in known:
        if path.startswith(incomplete):
            yield path + then, speech.name(label)


def kinds(incomplete: str) -> Iterator[tuple[str, str]]:
    """The kinds of enterprise that begin so, each with its name."""
    speech = language(language_wanted(None))
    for name, kind in packaged_rules().vocabulary.kinds.items():
        if name.startswith(incomplete):
            yield name, speech.name(kind.label)
