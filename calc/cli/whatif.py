"""``subsidy whatif``: before and after some changes, the total over a span, the changed file kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calc.cli.channel import Channel
from calc.cli.exits import Exit
from calc.cli.files import write_whole
from calc.cli.opening import report_unproven
from calc.cli.request import Request
from calc.cli.scene import on_scene
from calc.engine.advice import Scene
from calc.engine.kinks import Curve, curve
from calc.enterprise.changes import Change, Written, read_leaf
from calc.enterprise.documents import Document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.numbers import NUMBER_TYPES, Number, NumberError, read_number
from calc.enterprise.paths import Finder
from calc.enterprise.problems import InputError, Problem
from calc.enterprise.saving import saved_text
from calc.enterprise.sources import STDIN
from calc.policy.rules import Rules
from calc.present.data.documents import answer_text
from calc.present.data.whatif import WhatIf, whatif_data
from calc.present.safe import command_line, visible
from calc.present.views.whatif import print_whatif

MOST_POINTS: Final = 10**4
_RANGE: Final = re.compile(r"(?P<first>.+?)\.\.(?P<last>.+)/(?P<step>[^/]+)")


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be tried: changes, a sweep, and where to keep the changed file."""

    sets: tuple[str, ...]
    swept: str | None
    save: Path | None
    overwrites: bool


def show_whatif(request: Request, trial: Trial, channel: Channel) -> int:
    """Before and after some changes; with a sweep, the total for each value of one figure."""
    refused = _refusal(request, trial)
    if refused is not None:
        problem, code = refused
        channel.report([problem])
        return code

    def act(scene: Scene, rules: Rules) -> None:
        changes = [_change(request.source, text) for text in trial.sets]
        document, settings = scene.changed(changes)
        channel.report(_new_warnings(request, scene.document, document, rules))
        after = scene.answer(scene.read(document))
        found = _curve(scene, changes, trial.swept, rules) if trial.swept is not None else None
        answer = WhatIf(scene.estimate, after, settings, found)
        report_unproven(answer.is_proven, request.source, channel)
        if request.output_format == "table":
            print_whatif(answer, channel.speech, in_yuan=request.in_yuan)
        else:
            channel.write(answer_text(whatif_data(answer, channel.speech), request.output_format))
        if trial.save is not None:
            is_json = trial.save.suffix.lower() == ".json"
            saved = saved_text(scene.document, document, settings, is_json=is_json)
            write_whole(trial.save, saved.text.encode())
            if saved.loses_remarks:
                channel.report([Problem(str(trial.save), "remarks_lost", is_warning=True)])
            _hint(request, trial.save, channel)

    return on_scene(request, channel, act)


def _new_warnings(request: Request, before: Document, after: Document, rules: Rules) -> list[Problem]:
    """What is doubtful about the changed file only, as a subject that an agreement covers and nothing has."""
    old, new = (
        enterprise_from(one, rules.vocabulary, rules.item_ids, claim_year=request.claim_year).warnings
        for one in (before, after)
    )
    known = {(one.code, one.value) for one in old}
    return [one for one in new if (one.code, one.value) not in known]


def _refusal(request: Request, trial: Trial) -> tuple[Problem, Exit] | None:
    """What cannot be tried at all, before anything is read."""
    if not trial.sets and (trial.swept is None or trial.save is not None):
        code = "nothing_set" if trial.save is None else "nothing_to_save"
        return Problem(request.source, code), Exit.USAGE
    if str(trial.save) == STDIN:
        return Problem(request.source, "save_needs_name"), Exit.USAGE
    if trial.save is not None and trial.save.exists() and not trial.overwrites:
        return Problem(str(trial.save), "exists"), Exit.UNWRITABLE
    return None


def _hint(request: Request, saved: Path, channel: Channel) -> None:
    year = () if request.claim_year is None else ("--year", str(request.claim_year))
    files = [str(saved)] if request.source == STDIN else [request.source, str(saved)]
    line = command_line("estimate" if len(files) == 1 else "compare", files, request.rules, *year)
    say = channel.speech.say
    channel.hint(say("Saved as {file}. Next: {command}", file=visible(str(saved)), command=line))


def _change(source: str, text: str) -> Change:
    path, equals, value = text.rpartition("=")
    if not equals:
        raise InputError((Problem(source, "not_a_change", value=text),))
    return Change(path.strip(), Written(value.strip()))


def _curve(scene: Scene, changes: Sequence[Change], text: str, rules: Rules) -> Curve:
    source = scene.document.source
    path, _, span = (part.strip() for part in text.rpartition("="))
    match = _RANGE.fullmatch(span)
    if match is None:
        raise InputError((Problem(source, "not_a_sweep", value=text),))
    document, _ = scene.changed(changes)
    field = Finder(source, document.content, rules.vocabulary, scene.estimate.claim_year).find(path).field
    if field.type not in NUMBER_TYPES:
        raise InputError((Problem(source, "not_a_sweep", value=text),))
    try:
        first, last, step = (
            read_number(read_leaf(match[name].strip()), field.type) for name in ("first", "last", "step")
        )
    except NumberError:
        raise InputError((Problem(source, "not_a_sweep", value=text),)) from None
    if last < first:
        raise InputError((Problem(source, "sweep_backwards", value=text),))
    if step == 0 or (last - first) / step >= MOST_POINTS:
        details = {"limit": MOST_POINTS}
        raise InputError((Problem(source, "sweep_too_long", value=text, details=details),))
    return curve(scene, changes, path, field, _values(first, last, step))


def _values(first: Number, last: Number, step: Number) -> list[Number]:
    return [first + step * number for number in range(int((last - first) // step) + 1)]
