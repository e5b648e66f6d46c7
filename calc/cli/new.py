"""``subsidy new`` and ``subsidy schema``: a file to fill in, and what may stand in one."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from calc.cli.channel import Channel
from calc.cli.exits import Exit, tell
from calc.cli.files import write_whole
from calc.cli.opening import open_rules
from calc.enterprise.problems import nearest_word
from calc.enterprise.vocabulary import Label
from calc.policy.rules import Rules
from calc.policy.scope import Scope, items_for, scope_of
from calc.present.safe import command_line, visible

_LONGEST_SHOWN: Final = 60
_MOST_LISTED: Final = 40


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What ``subsidy new`` was asked."""

    outs: tuple[Path, ...]
    kinds: tuple[str, ...]
    items: tuple[str, ...]
    rules: tuple[str, ...]
    claim_year: int | None
    asks: bool
    overwrites: bool

    @property
    def out(self) -> Path | None:
        """The file to write; without one, standard output."""
        return self.outs[0] if self.outs else None


def start_file(request: NewRequest, channel: Channel) -> int:
    """Write a template, or ask for what it would hold."""
    rules = open_rules(request.rules, channel)
    if isinstance(rules, Exit):
        return rules
    if _tells_unknown(request, rules, channel) or _tells_wrong_file(request.outs, channel):
        return Exit.USAGE
    scope = _scope(request, rules, channel)
    year = request.claim_year or _this_year(rules)
    if request.asks:
        from calc.cli.ask import ask

        return ask(request, scope, year, channel)
    return _write_template(request, scope, year, channel)


def _this_year(rules: Rules) -> int:
    """This year, or the nearest in which the policy holds."""
    first, last = rules.policy.valid_from.year, rules.policy.valid_to.year
    return max(first, min(last, date.today().year))


def _tells_wrong_file(outs: tuple[Path, ...], channel: Channel) -> bool:
    """Tell of two files, or of one that would be taken for JSON; whether it was so."""
    say = channel.speech.say
    wrong = [
        say("{file} would hold TOML: name it .toml", file=visible(str(out)))
        for out in outs
        if out.suffix.lower() == ".json"
    ]
    if len(outs) > 1:
        wrong.append(say("name one file, either as OUT or with --output"))
    if wrong:
        tell("\n".join(wrong))
    return bool(wrong)


def _tells_unknown(request: NewRequest, rules: Rules, channel: Channel) -> bool:
    """Tell of each word that the rules do not know; whether there was one."""
    say = channel.speech.say
    kinds = {name: word.label for name, word in rules.vocabulary.kinds.items()}
    items = {name: Label(item.title.zh, item.title.en) for name, item in rules.items.items()}
    lines: list[str] = []
    for word in request.kinds:
        if word not in kinds:
            lines.append(say("there is no kind of enterprise {name}", name=visible(word, _LONGEST_SHOWN)))
            lines.extend(_nearest(word, kinds, channel))
    for word in request.items:
        if word not in items:
            lines.append(say("the rules have no item {name}", name=visible(word, _LONGEST_SHOWN)))
            of_measure = [name for name in items if word == str(rules.items[name].measure)]
            if of_measure:
                lines.append(say("did you mean {word}?", word=channel.speech.comma.join(of_measure)))
            else:
                lines.extend(_nearest(word, items, channel) or [say("list them with: subsidy measures")])
    if lines:
        tell("\n".join(lines))
    return bool(lines)


def _nearest(word: str, known: dict[str, Label], channel: Channel) -> list[str]:
    """The known word meant, in English or by its Chinese name; or else all of them, where they are few."""
    say = channel.speech.say
    chinese = {label.zh: name for name, label in known.items()}
    named = nearest_word(word, chinese)
    found = nearest_word(word, tuple(known)) or nearest_word(word.replace("_", "-"), tuple(known))
    found = found or (chinese[named] if named is not None else None)
    if found is not None:
        return [say("did you mean {word}?", word=found)]
    if len(known) > _MOST_LISTED:
        return []
    return [say("allowed: {words}", words=channel.speech.comma.join(known))]


def _scope(request: NewRequest, rules: Rules, channel: Channel) -> Scope:
    """The items asked for, without those that the kinds asked for cannot claim."""
    wanted = request.items or rules.item_ids
    if not request.kinds:
        return scope_of(rules, wanted)
    open_items = items_for(rules, request.kinds)
    left_out = [name for name in request.items if name not in open_items]
    if left_out:
        names = channel.speech.comma.join(left_out)
        channel.hint(channel.speech.say("left out, since these kinds cannot claim it: {items}", items=names))
    return scope_of(rules, [name for name in wanted if name in open_items])


def _write_template(request: NewRequest, scope: Scope, year: int, channel: Channel) -> int:
    from calc.present.authoring.template import Wish, template_text

    text = template_text(Wish(scope, year, request.kinds), channel.speech)
    if request.out is None or str(request.out) == "-":
        channel.write(text)
        return Exit.DONE
    if request.out.is_file() and not request.overwrites:
        tell_taken(request.out, channel)
        return Exit.UNWRITABLE
    write_whole(request.out, text.encode())
    if not request.out.is_file():
        return Exit.DONE  # a pipe or a device: nothing lies beside it
    write_schema_beside(request.out, scope.rules, request.rules, channel)
    check = command_line("check", [str(request.out)], request.rules)
    channel.hint(channel.speech.say("once it is filled in: {command}", command=check))
    return Exit.DONE


def tell_taken(out: Path, channel: Channel) -> None:
    """Tell that a file is there already and stays as it is."""
    say = channel.speech.say
    tell(say("{file} is there already and stays as it is", file=visible(str(out))))
    tell(say("take another name, or add --force to write over it"))


def write_schema_beside(out: Path, rules: Rules, sources: tuple[str, ...], channel: Channel) -> None:
    """Write the schema that a new file's first line points to, where none is; say how to make it anew."""
    from calc.present.authoring.template import SCHEMA_NAME

    say, place = channel.speech.say, out.with_name(SCHEMA_NAME)
    command = command_line("schema", (), sources, "-o", str(place))
    schema = _enterprise_text(rules).encode()
    if not place.exists():
        write_whole(place, schema)
        told = say("{file} is written for editors; make it anew with: {command}", file=place, command=command)
    elif _held(place) != schema:
        told = say(
            "{file} is of other rules or older; make it anew with: {command}", file=place, command=command
        )
    else:
        return
    channel.hint(visible(told))


def _held(place: Path) -> bytes | None:
    """What a file holds, if it can be read."""
    try:
        return place.read_bytes()
    except OSError:
        return None


def show_schema(of: str, sources: tuple[str, ...], channel: Channel) -> int:
    """Print the JSON Schema of enterprise files, rules files or overlays."""
    rules = open_rules(sources, channel)
    if isinstance(rules, Exit):
        return rules
    if of == "enterprise":
        channel.write(_enterprise_text(rules))
    else:
        from calc.present.authoring.rules_schema import overlay_schema, rules_schema
        from calc.present.data.documents import answer_text

        schema = rules_schema() if of == "rules" else overlay_schema(rules)
        channel.write(answer_text(schema, "json"))
    return Exit.DONE


def _enterprise_text(rules: Rules) -> str:
    from calc.present.authoring.enterprise_schema import enterprise_schema
    from calc.present.data.documents import answer_text

    return answer_text(enterprise_schema(rules), "json")
