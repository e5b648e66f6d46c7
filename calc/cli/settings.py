"""Settings: what a user wants every time, from ``SUBSIDY_*`` variables and files called ``subsidy.toml``.

An option of the command line wins over a variable, a variable over the file of the working folder, that over
the file of the user's configuration folder, and that over the default.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import typer

from calc.cli.options import Count, Lang, Stacking

if TYPE_CHECKING:
    from calc.enterprise.problems import Problem

FILE_NAME: Final = "subsidy.toml"
VARIABLES: Final = "SUBSIDY_"
_TRUE: Final = ("1", "true", "yes", "on")
_FALSE: Final = ("0", "false", "no", "off")


class Setting(NamedTuple):
    """One thing that can be set: its allowed words (``None``: a flag or a list of files) and its default."""

    name: str
    default: Any
    words: tuple[str, ...] | None = None

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"{VARIABLES}{self.name.upper()}"


SETTINGS: Final = (
    Setting("lang", None, tuple(Lang)),
    Setting("stacking", Stacking.SUBJECT.value, tuple(Stacking)),
    Setting("count", Count.RATIO.value, tuple(Count)),
    Setting("rules", ()),
    Setting("yuan", False),
    Setting("quiet", False),
    Setting("pager", True),
)


class InForce(NamedTuple):
    """A setting's value and where it comes from: a variable, a file, or nowhere (the default)."""

    value: Any
    origin: str | None


class Settings(NamedTuple):
    """Every setting in force, and what is wrong with where they come from."""

    in_force: Mapping[str, InForce]
    problems: "tuple[Problem, ...]" = ()

    def value(self, name: str) -> Any:
        """What a setting is set to."""
        return self.in_force[name].value

    def defaults_for(self, command: Any) -> dict[str, Any]:
        """What is set, as defaults for a command and for every command below it."""
        chosen: dict[str, Any] = {
            name: list(one.value) if isinstance(one.value, tuple) else one.value
            for name, one in self.in_force.items()
            if one.origin is not None
        }
        if not chosen:
            return {}
        below = getattr(command, "commands", {})
        return {**chosen, **{name: self.defaults_for(one) for name, one in below.items()}}


def files_looked_at() -> tuple[Path, Path]:
    """The file of the working folder and that of the user's configuration folder."""
    return Path(FILE_NAME), Path(typer.get_app_dir("subsidy")) / FILE_NAME


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force."""
    found: dict[str, InForce] = {one.name: InForce(one.default, None) for one in SETTINGS}
    problems: list[Problem] = []
    for file in reversed(files_looked_at()):
        if os.path.lexists(file):
            values, wrong = _of_file(file)
            found |= {name: InForce(value, str(file)) for name, value in values.items()}
            problems += wrong
    for setting in SETTINGS:
        text = environment.get(setting.variable, "")
        if text:
            value = _of_variable(setting, text)
            if value is None:
                problems.append(_unfit_variable(setting, text))
            else:
                found[setting.name] = InForce(value, setting.variable)
    return Settings(found, tuple(problems))


def _of_variable(setting: Setting, text: str) -> Any:
    """The value that a variable gives; ``None`` where it does not fit."""
    if setting.name == "lang":
        # A locale's name says its language too.
        return Lang.EN.value if text.lower().startswith("en") else Lang.ZH.value
    if setting.words is not None:
        return text if text in setting.words else None
    if isinstance(setting.default, bool):
        known = {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}
        return known.get(text.strip().lower())
    return tuple(one for one in text.split(os.pathsep) if one)


def _unfit_variable(setting: Setting, text: str) -> "Problem":
    from calc.enterprise.problems import Problem, nearest_word

    allowed = setting.words or (_TRUE[1], _FALSE[1])
    return Problem(setting.variable, "word", (), text, {"allowed": allowed}, nearest_word(text, allowed))


def _of_file(file: Path) -> "tuple[dict[str, Any], list[Problem]]":
    from calc.enterprise.documents import read_document
    from calc.enterprise.positions import located
    from calc.enterprise.problems import InputError

    try:
        document = read_document(str(file))
    except InputError as error:
        empty = all(one.code == "empty" for one in error.problems)
        return {}, [] if empty else list(error.problems)
    problems = list(_problems(str(file), document.content))
    wrong = {one.path[0] for one in problems}
    values = {name: value for name, value in document.content.items() if name not in wrong}
    if "rules" in values:
        # A file of rules is looked for beside the settings that name it.
        values["rules"] = tuple(str(file.parent / one) for one in values["rules"])
    return values, list(located(document, problems))


def _problems(source: str, content: Mapping[str, Any]) -> "Iterator[Problem]":
    from calc.enterprise.problems import Problem, nearest_word

    known = {one.name: one for one in SETTINGS}
    for name, value in content.items():
        setting = known.get(name)
        if setting is None:
            names = tuple(known)
            yield Problem(source, "unknown_key", (name,), name, {"allowed": names}, nearest_word(name, names))
        elif setting.words is not None:
            if not isinstance(value, str) or value not in setting.words:
                allowed = {"allowed": setting.words}
                yield Problem(source, "word", (name,), value, allowed, nearest_word(value, setting.words))
        elif isinstance(setting.default, bool):
            if not isinstance(value, bool):
                yield Problem(source, "not_a_flag", (name,), value)
        elif not isinstance(value, list):
            yield Problem(source, "not_a_list", (name,), value)
        else:
            for place, one in enumerate(value):
                if type(one) is not str or not one.strip():
                    yield Problem(source, "not_text", (name, place), one)
