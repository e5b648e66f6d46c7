"""An enterprise file to fill in, made from the words and the items of a policy.

A line that begins with ``##`` is a remark; one that begins with ``# `` is TOML that waits: without its ``# ``
it holds.  Where all that waits is let in, the loader accepts the file as it stands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from calc.enterprise.schema import LAST_YEAR
from calc.enterprise.vocabulary import Field, Word
from calc.policy.scope import FX, Block, Scope
from calc.present.authoring.samples import SAMPLE_USCC, Samples
from calc.present.figures import decimal_text, toml_leaf
from calc.present.folding import folded
from calc.present.language import Language
from calc.present.words.next_steps import how_to_write, type_name

SCHEMA_NAME: Final = "enterprise.schema.json"
"""The schema that a template points editors at, beside it."""

_WIDTH: Final = 95
_MEMBERS: Final = re.compile("(?<=[、；])|(?<=[,;·] )")
"""Where a list may be broken."""


class Wish(NamedTuple):
    """What a template is for."""

    scope: Scope
    claim_year: int
    kinds: tuple[str, ...] = ()


def template_text(wish: Wish, speech: Language) -> str:
    """The whole template: remarks in one language, keys with samples."""
    return "\n".join(_Template(wish, speech).lines()) + "\n"


class _Template:
    """Writes the parts of one template."""

    def __init__(self, wish: Wish, speech: Language) -> None:
        self._scope = wish.scope
        self._year = wish.claim_year
        self._kinds = wish.kinds
        self._speech = speech
        self._vocabulary = wish.scope.rules.vocabulary
        self._blocks = wish.scope.entry_blocks()
        self._samples = Samples(wish.scope, wish.claim_year, speech)
        self._others = wish.scope.other_blocks()

    def lines(self) -> Iterator[str]:
        yield f"#:schema ./{SCHEMA_NAME}"
        yield from self._head()
        yield from self._enterprise()
        yield from self._figures()
        for block in self._blocks:
            yield from self._block(block, self._samples.of_entry(block))
        for block in self._others:
            yield from self._block(block, self._samples.of_other(block))

    def _remark(self, text: str) -> Iterator[str]:
        """A remark in lines that are not too long; the members of a list stay whole where they can."""
        lines = [""]
        for part in _MEMBERS.split(text):
            if lines[-1] and cell_len(lines[-1] + part.rstrip()) > _WIDTH:
                lines.append("")
            lines[-1] += part
        folds = [fold for line in lines for fold in folded(Text(line), _WIDTH).plain.split("\n")]
        yield f"## {folds[0].rstrip()}"
        yield from (f"##   {fold.rstrip()}" for fold in folds[1:])

    def _head(self) -> Iterator[str]:
        say, policy = self._speech.say, self._scope.rules.policy
        yield from self._remark(
            say("{policy}, claim year {year}: what to ask the client", policy=policy.id, year=self._year)
        )
        if self._kinds:
            yield from self._remark(say("For: {kinds}", kinds=self._named(self._kind_words(self._kinds))))
        yield from self._remark(
            say('"##" begins a remark, "# " a line that waits: take "# " away and put in the real figure.')
        )
        yield from self._remark(say("What does not apply stays as it is; what is not known yet may wait."))
        if self._blocks or self._others:
            yield from self._remark(say("Copy a part under [[…]] whole for each further entry of its kind."))
        yield from self._remark(say("Sums, rates, areas and days:"))
        for field_type in ("money", "usd", "rate", "area", "date"):
            yield from self._remark(f"  {how_to_write(field_type, self._speech)}")

    def _enterprise(self) -> Iterator[str]:
        say, common = self._speech.say, self._vocabulary.common
        name = self._speech.name
        yield from ("", f"## {'=' * 8} {name(common['enterprise'])}", "[enterprise]")
        yield from self._remark(self._said(name(common["name"]), say("required")))
        yield 'name = ""'
        yield from self._remark(
            self._said(name(common["uscc"]), say("18 characters, the last a check digit"))
        )
        yield f"# uscc = {toml_leaf(SAMPLE_USCC)}"
        yield from self._remark(self._said(name(common["claim_year"]), say("required")))
        yield f"claim_year = {self._year}"
        if any(block.name == "agreement" for block in self._others):
            says = say("only agreements look at it")
            yield from self._remark(
                self._said(name(common["filing_date"]), type_name("date", self._speech), says)
            )
            yield f"# filing_date = {date(self._year, 6, 15)}"
        says = say("false: only what is open outside the zone")
        yield from self._remark(self._said(name(common["in_zone"]), type_name("flag", self._speech), says))
        yield "# in_zone = true"
        yield from self._kinds_lines()

    def _kinds_lines(self) -> Iterator[str]:
        kinds = self._scope.kinds()
        shown = tuple(kind for kind in self._vocabulary.kinds if kind in kinds or kind in self._kinds)
        if not shown:
            return
        name = self._speech.name(self._vocabulary.common["kinds"])
        read_by = self._for(self._scope.read.get("enterprise.kinds", ()))
        yield from self._remark(self._said(name, type_name("words", self._speech), read_by))
        yield from self._remark(self._choices(self._kind_words(shown)))
        yield (
            f"kinds = {toml_leaf(list(self._kinds))}" if self._kinds else f"# kinds = {toml_leaf([shown[0]])}"
        )
        later = min(self._year + 1, LAST_YEAR)
        yield ""
        yield from self._remark(self._speech.say("The kinds of a claim year in which they differ"))
        yield "# [kinds]"
        yield f"# {later} = {toml_leaf(list(self._kinds) or [shown[0]])}"

    def _kind_words(self, kinds: Sequence[str]) -> Mapping[str, Word]:
        return {kind: self._vocabulary.kinds[kind] for kind in kinds}

    def _figures(self) -> Iterator[str]:
        say, name = self._speech.say, self._speech.name
        if FX in self._scope.read:
            rate = self._vocabulary.fx["usd_cny"]
            yield from ("", f"## {'=' * 8} {name(self._vocabulary.common['fx'])}", "[fx]")
            items = self._for(self._scope.read[FX], titled=True)
            yield from self._remark(self._said(name(rate.label), type_name("factor", self._speech), items))
            yield f"# usd_cny = {toml_leaf(self._samples.of_field(rate))}"
        groups = {
            "this_year": say("the claim year itself"),
            "last_year": say("the year before the claim year"),
            "year_before": say("two years before the claim year"),
        }
        for year, group in self._scope.figure_years(self._year).items():
            title = self._said(name(self._vocabulary.common["figures"]), str(year), groups[group])
            yield from ("", f"## {'=' * 8} {title}", f"[figures.{year}]")
            for field in self._scope.figures(group):
                read_by = self._scope.read[f"{group}.{field.name}"]
                yield from self._key(field, read_by, self._samples.of_field(field), titled=True)

    def _block(self, block: Block, samples: Mapping[str, Any]) -> Iterator[str]:
        is_entry = block in self._blocks
        yield from ("", f"## {'=' * 8} {self._speech.name(block.label)}")
        yield from self._remark(self._purpose(block))
        if is_entry:
            for item in block.items:
                yield from self._remark(f"  {item} {self._speech.name(self._scope.item(item).title)}")
        yield f"# [[{block.name}]]"
        for field in block.keys:
            read_by = self._scope.read.get(f"{block.name}.{field.name}", ())
            yield from self._key(field, () if read_by == block.items else read_by, samples[field.name])

    def _purpose(self, block: Block) -> str:
        say = self._speech.say
        return {
            "agreement": say("An agreement in force bars what it covers, until it ends"),
            "received": say("What the zone has already paid, for what pays once or in stages"),
            "expect": say(
                "What the reviewer is expected to grant; most needed where the source names no sum"
            ),
        }.get(block.name, say("Needed for:"))

    def _key(self, field: Field, items: Sequence[str], sample: Any, *, titled: bool = False) -> Iterator[str]:
        say = self._speech.say
        notes = [
            self._speech.name(field.label),
            "" if field.name == "year" else type_name(field.type, self._speech),
        ]
        if field.required:
            notes.append(
                say("required, but not for {words}", words=self._spared(field))
                if field.not_needed_for
                else say("required")
            )
        if field.part_of is not None:
            notes.append(say("within {key}", key=field.part_of))
        if field.at_least and field.name != "year":
            notes.append(say("at least {least}", least=field.at_least))
        if field.default is not None:
            notes.append(say("{value} where absent", value=decimal_text(field.default)))
        if field.default_to is not None:
            notes.append(say("as {key} where absent", key=field.default_to))
        yield from self._remark(self._said(*notes, self._for(items, titled=titled)))
        if field.words and field.name != "item":
            yield from self._remark(self._choices(field.words))
        if field.name == "covers":
            yield from self._remark(say('"*" (everything), items, or subjects as "investment:二期产线"'))
        if field.name == "subject":
            yield from self._remark(say("a subject is written table:name, as investment:二期产线"))
        yield f"# {field.name} = {toml_leaf(sample)}"

    def _spared(self, field: Field) -> str:
        return ", ".join(word for words in field.not_needed_for.values() for word in words)

    def _said(self, *parts: str) -> str:
        return " · ".join(part for part in parts if part)

    def _for(self, items: Sequence[str], *, titled: bool = False) -> str:
        if not items:
            return ""
        if not titled:
            return self._speech.say("for {items}", items=self._speech.comma.join(items))
        named = [f"{item} {self._speech.name(self._scope.item(item).title)}" for item in items]
        return self._speech.say("for {items}", items=self._speech.semicolon.join(named))

    def _choices(self, words: Mapping[str, Word]) -> str:
        return self._speech.say("allowed: {words}", words=self._named(words))

    def _named(self, words: Mapping[str, Word]) -> str:
        named = {word: self._speech.name(one.label) for word, one in words.items()}
        both = self._speech.say("{word} ({name})")
        return self._speech.comma.join(
            word if word == name else both.format(word=word, name=name) for word, name in named.items()
        )
