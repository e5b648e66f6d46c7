"""``subsidy new --ask``: an interview in the terminal, each answer saved, to be gone on with later."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from calc.cli.channel import Channel
from calc.cli.exits import Exit, exit_for, tell
from calc.cli.files import write_whole
from calc.engine.answers import Question, State, answered
from calc.engine.interview import Interview
from calc.enterprise.documents import Document, read_document
from calc.enterprise.loader import enterprise_from
from calc.enterprise.problems import InputError, Problem
from calc.enterprise.saving import for_toml
from calc.enterprise.schema import ENTERPRISE_KEYS
from calc.policy.scope import Scope
from calc.present.authoring.interview import answer_says, asked
from calc.present.authoring.template import SCHEMA_NAME
from calc.present.language import Language
from calc.present.safe import command_line, shell_file, visible
from calc.present.words.next_steps import next_step
from calc.present.words.problems import what_is_wrong

if TYPE_CHECKING:
    from calc.cli.new import NewRequest
    from calc.cli.prompts import Check, Prompts

_SETTLED: Final = "#:asked "
"""Before the list of what was asked and left open, in the file itself."""

_UNFINISHED: Final = frozenset({"missing_key", "no_enterprise"})
"""What may be wrong with a file that is still being asked for."""


def ask(request: "NewRequest", scope: Scope, claim_year: int, channel: Channel) -> int:
    """Ask what the items of a scope need, and write it to a file after each answer."""
    say = channel.speech.say
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()):
        tell(
            say(
                "--ask needs a terminal to ask in; for a template: subsidy new {file}",
                file=_named(request.out),
            )
        )
        return Exit.USAGE
    from calc.cli.prompts import Prompts

    prompts = Prompts(channel.speech)
    interview = Interview(scope.rules, scope.items, claim_year)
    out = request.out
    try:
        if out is None:
            out = Path(
                prompts.text(say("Which file shall hold the answers?"), default=say("enterprise.toml"))
            )
        state = _begun(out, request, interview, channel)
        if isinstance(state, Exit):
            return state
        channel.hint(say("Each answer is saved in {file}; Ctrl-C stops.", file=visible(str(out))))
        conduct(out, state, interview, prompts, channel.speech)
    except (KeyboardInterrupt, EOFError):
        if out is not None and out.exists():
            channel.hint(say("saved; go on with: {command}", command=_again(out, request)))
        return Exit.INTERRUPTED
    from calc.cli.new import write_schema_beside

    write_schema_beside(out, scope.rules, request.rules, channel)
    check = command_line("check", [str(out)], request.rules)
    channel.hint(say("next: {command}", command=check))
    return Exit.DONE


def _again(out: Path, request: "NewRequest") -> str:
    """The command that goes on asking, with what was asked of this one."""
    items = [word for one in request.items for word in ("--item", one)]
    return command_line("new --ask", [str(out)], request.rules, *items)


def _named(out: Path | None) -> str:
    return "OUT" if out is None else shell_file(str(out))


def conduct(out: Path, state: State, interview: Interview, prompts: "Prompts", speech: Language) -> None:
    """Ask until nothing is left.  Raises ``KeyboardInterrupt`` or ``EOFError`` where the person stops."""
    if state.settled and interview.next_question(state) is None:
        title = speech.say("Everything was asked. Ask again for what was left open?")
        if prompts.confirm(title, default=False):
            state = State(state.content)
    while (question := interview.next_question(state)) is not None:
        words = asked(question, state, interview, speech)
        answer = prompts.answer(question, words, _check(question, state, interview, speech))
        state = answered(state, question, answer)
        write_whole(out, file_text(state).encode())
        print(f"  {answer_says(words, answer, speech)}")


def _check(question: Question, state: State, interview: Interview, speech: Language) -> "Check":
    """What the loader would say to the file with an answer in it, and would not say without."""
    before = {(one.code, one.path) for one in _problems(_document(state), interview)}

    def wrong(answer: Any) -> str | None:
        for problem in _problems(_document(answered(state, question, answer)), interview):
            if problem.code not in _UNFINISHED and (problem.code, problem.path) not in before:
                return speech.semicolon.join((what_is_wrong(problem, speech), next_step(problem, speech)))
        return None

    return wrong


def _document(state: State) -> Document:
    return Document("", "", is_json=False, content=dict(state.content))


def _problems(document: Document, interview: Interview) -> tuple[Problem, ...]:
    try:
        enterprise_from(document, interview.rules.vocabulary, interview.rules.item_ids)
    except InputError as error:
        return error.problems
    return ()


def file_text(state: State) -> str:
    """The file that holds what is known, and says what was asked and left open."""
    import tomli_w

    content = dict(state.content)
    enterprise = content.get("enterprise", {})
    content["enterprise"] = {key: enterprise[key] for key in ENTERPRISE_KEYS if key in enterprise}
    content = {"enterprise": content.pop("enterprise"), **content}
    marks = json.dumps(sorted(state.settled), ensure_ascii=False)
    return f"#:schema ./{SCHEMA_NAME}\n{_SETTLED}{marks}\n\n{tomli_w.dumps(for_toml(content))}"


def _begun(out: Path, request: "NewRequest", interview: Interview, channel: Channel) -> State | Exit:
    """What a file holds already, or the exit code where it cannot be gone on with."""
    first = State({"enterprise": {"kinds": list(request.kinds)}} if request.kinds else {})
    if not out.exists():
        return first
    try:
        document = read_document(str(out))
    except InputError as error:
        if [one.code for one in error.problems] == ["empty"]:
            return first
        channel.report(error.problems)
        return exit_for(error.problems)
    settled = settled_in(document.text)
    if settled is None and _has_remarks(document.text) and not request.overwrites:
        say = channel.speech.say
        tell(say("{file} holds remarks, which asking would lose", file=visible(str(out))))
        tell(say("take another name, or add --force to go on with it"))
        return Exit.UNWRITABLE
    wrong = [one for one in _problems(document, interview) if one.code not in _UNFINISHED]
    if wrong:
        channel.report(wrong)
        return Exit.CONTENT
    return State(document.content, settled or frozenset())


def settled_in(text: str) -> frozenset[str] | None:
    """What a file says was asked and left open; ``None`` where it was not made by asking."""
    for line in text.splitlines():
        if line.startswith(_SETTLED):
            try:
                marks = json.loads(line.removeprefix(_SETTLED))
            except ValueError:
                return None
            return frozenset(map(str, marks)) if isinstance(marks, list) else None
    return None


def _has_remarks(text: str) -> bool:
    return any("#" in line and not line.startswith("#:") for line in text.splitlines())
