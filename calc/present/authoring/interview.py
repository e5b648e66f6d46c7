"""Puts the questions of an interview, and their answers, into words."""

from datetime import date
from typing import Any, Final, NamedTuple

from calc.engine.answers import Question, State
from calc.engine.interview import Interview
from calc.enterprise.vocabulary import Field
from calc.present.authoring.samples import Samples
from calc.present.language import Language
from calc.present.safe import visible
from calc.present.words.next_steps import type_name

_LONGEST_NAME: Final = 40
_MOST_NAMED: Final = 3


class Asked(NamedTuple):
    """One question in words; ``choices`` are the words to choose from, each with its name."""

    title: str
    hint: str
    choices: tuple[tuple[str, str], ...] = ()


def asked(question: Question, state: State, interview: Interview, speech: Language) -> Asked:
    """A question in words."""
    return _Words(state, interview, speech).of(question)


def answer_says(words: Asked, answer: Any, speech: Language) -> str:
    """An answer in words, after its question."""
    names = dict(words.choices)
    match answer:
        case None:
            says = speech.say("not known")
        case bool():
            says = speech.say("yes") if answer else speech.say("no")
        case list() | tuple():
            says = speech.comma.join(names.get(one, str(one)) for one in answer) or speech.say("none")
        case date():
            says = answer.isoformat()
        case _:
            says = names.get(answer, str(answer))
    return f"{words.title.rstrip('？?')}{speech.colon}{visible(says)}"


class _Words:
    """Finds the words for one question."""

    def __init__(self, state: State, interview: Interview, speech: Language) -> None:
        self._state = state
        self._rules = interview.rules
        self._vocabulary = interview.rules.vocabulary
        self._speech = speech
        self._samples = Samples(interview.scope(state), interview.claim_year, speech)

    def of(self, question: Question) -> Asked:
        say = self._speech.say
        if question.field is not None:
            return self._of_leaf(question, question.field)
        match question.kind:
            case "tables":
                choices = tuple((name, self._table(name)) for name in question.choices)
                return Asked(say("Which of these does the enterprise have?"), self._many(), choices)
            case "figures":
                names = self._vocabulary.figures
                choices = tuple((name, self._speech.name(names[name].label)) for name in question.choices)
                title = say("Which of these did the enterprise have in {year}?", year=question.path[1])
                return Asked(title, self._many(), choices)
            case _:
                return Asked(say("Another one: {thing}?", thing=self._table(str(question.path[0]))), "")

    def _many(self) -> str:
        return self._speech.say("space marks, Enter goes on")

    def _table(self, name: str) -> str:
        table = self._vocabulary.tables.get(name)
        return self._speech.name(table.label if table is not None else self._vocabulary.common[name])

    def _of_leaf(self, question: Question, field: Field) -> Asked:
        title = self._title(question, field)
        names = {name: self._speech.name(word.label) for name, word in field.words.items()}
        choices = tuple((one, self._choice(one, names)) for one in question.choices)
        return Asked(title, self._hint(question, field), choices)

    def _choice(self, word: str, names: dict[str, str]) -> str:
        if word in names:
            return names[word] if word not in self._rules.items else f"{word} {names[word]}"
        if word in self._rules.items:
            return f"{word} {self._speech.name(self._rules.items[word].title)}"
        return self._speech.say("everything") if word == "*" else visible(word, _LONGEST_NAME)

    def _title(self, question: Question, field: Field) -> str:
        say, label = self._speech.say, self._speech.name(field.label)
        match question.path:
            case "figures", year, _:
                return say("{year} {figure}", year=year, figure=label)
            case table, int(place), key:
                name = self._state.content[str(table)][place].get("name")
                thing = self._table(str(table))
                if key == "name" or name is None:
                    return f"{thing} · {label}"
                return f"{thing} · {visible(str(name), _LONGEST_NAME)} · {label}"
            case "enterprise", "name":
                return say("name of the enterprise")
            case _:
                return label

    def _hint(self, question: Question, field: Field) -> str:
        say = self._speech.say
        if field.type == "words":
            return self._many()
        if field.type in ("flag", "word"):
            return ""
        parts = []
        if question.choices:
            named = [visible(one, _LONGEST_NAME) for one in question.choices[:_MOST_NAMED]]
            parts.append(say("as {example}", example=self._speech.comma.join(named)))
        elif field.type != "text" and question.default is None:
            sample = self._samples.of_field(field)
            shown = sample.isoformat() if isinstance(sample, date) else str(sample)
            parts.append(say("{type}, as {example}", type=type_name(field.type, self._speech), example=shown))
        if not question.required:
            parts.append(say("Enter where it is not known"))
        if question.items:
            parts.append(say("for {items}", items=self._speech.comma.join(question.items)))
        return self._speech.semicolon.join(parts)
