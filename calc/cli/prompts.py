"""Puts questions in a terminal, one kind of prompt for each kind of answer."""

from collections.abc import Callable
from typing import Any, Final

import questionary
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.keys import Keys

from calc.engine.answers import Question, leaf_of
from calc.present.authoring.interview import Asked
from calc.present.language import Language

Check = Callable[[Any], str | None]
"""What is wrong with an answer, in words; nothing where it may stand."""

_NOT_KNOWN: Final = "?"
"""Stands for "not known" among the choices: no word of a file is written so."""


class Prompts:
    """Asks in one language.  Ctrl-C raises ``KeyboardInterrupt``, Ctrl-D ``EOFError``."""

    def __init__(self, speech: Language) -> None:
        self._speech = speech

    def answer(self, question: Question, words: Asked, check: Check) -> Any:
        """The answer to a question, once it may stand; ``None`` where it is not known."""
        field = question.field
        match question.kind, field.type if field is not None else "":
            case "more", _:
                return self.confirm(words.title, default=False)
            case ("tables" | "figures", _) | (_, "words"):
                return self._several(words, check)
            case _, "flag" if question.required:
                return self.confirm(words.title, default=bool(question.default))
            case _, "flag":
                return self._one(
                    words, ((True, self._speech.say("yes")), (False, self._speech.say("no"))), required=False
                )
            case _, "word":
                return self._one(words, words.choices, required=question.required)
            case _:
                return self._text(question, words, check)

    def confirm(self, title: str, *, default: bool) -> bool:
        """Yes or no."""
        hint = self._speech.say("(Y/n)") if default else self._speech.say("(y/N)")
        asking = questionary.confirm(title, default=default, instruction=f"{hint} ", erase_when_done=True)
        return bool(_asked(asking))

    def text(self, title: str, *, default: str) -> str:
        """A text that is not looked at further."""
        return str(_asked(questionary.text(title, default=default, erase_when_done=True)))

    def _text(self, question: Question, words: Asked, check: Check) -> Any:
        field = question.field
        if field is None:
            raise TypeError(question.kind)

        def leaf(text: str) -> Any:
            return None if not text.strip() and not question.required else leaf_of(text, field)

        def verdict(text: str) -> bool | str:
            value = leaf(text)
            return True if value is None else check(value) or True

        names = [name for name, _ in words.choices]
        asking = questionary.text(
            words.title,
            default="" if question.default is None else str(question.default),
            validate=verdict,
            instruction=f"({words.hint})" if words.hint else None,
            completer=WordCompleter(names, sentence=True) if names else None,
            validate_while_typing=False,
            erase_when_done=True,
        )
        return leaf(_asked(asking))

    def _one(self, words: Asked, choices: tuple[tuple[Any, str], ...], *, required: bool) -> Any:
        offered = [questionary.Choice(name, value) for value, name in choices]
        if not required:
            offered.append(questionary.Choice(self._speech.say("not known"), _NOT_KNOWN))
        hint = self._speech.say("arrows choose, Enter goes on")
        asking = questionary.select(
            words.title,
            offered,
            instruction=f"({hint})",
            erase_when_done=True,
        )
        answer = _asked(asking)
        return None if answer == _NOT_KNOWN else answer

    def _several(self, words: Asked, check: Check) -> list[str]:
        def verdict(chosen: list[str]) -> bool | str:
            return check(chosen) or True

        asking = questionary.checkbox(
            words.title,
            [questionary.Choice(name, value) for value, name in words.choices],
            validate=verdict,
            instruction=f"({words.hint})",
            erase_when_done=True,
        )
        return list(_asked(asking))


def _asked(asking: questionary.Question) -> Any:
    """Ask; Ctrl-D ends it whatever the prompt, and whatever stands in it."""
    ends = KeyBindings()

    @ends.add(Keys.ControlD, eager=True)
    def _(event: KeyPressEvent) -> None:
        event.app.exit(exception=EOFError)

    known = asking.application.key_bindings
    asking.application.key_bindings = ends if known is None else merge_key_bindings([known, ends])
    return asking.unsafe_ask()
