"""The two languages: gettext catalogues for the program's words, labels for those of the rules."""

import gettext
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypeAlias

LanguageCode: TypeAlias = Literal["zh", "en"]
LANGUAGES: Final[tuple[LanguageCode, ...]] = ("zh", "en")

_DOMAIN: Final = "subsidy"
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE: Final = ("", "c", "posix")


class Labelled(Protocol):
    """Anything named in both languages."""

    @property
    def zh(self) -> str:
        """The Chinese name."""

    @property
    def en(self) -> str:
        """The English name."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language: ``say`` translates the program's words, ``name`` picks those of the rules."""

    code: LanguageCode
    catalogue: gettext.NullTranslations

    def say(self, message: str, /, **values: Any) -> str:
        """A message of the program in this language, with its values put in."""
        text = self.catalogue.gettext(message)
        return text.format(**values) if values else text

    def name(self, label: Labelled) -> str:
        """A name of the rules or of the vocabulary in this language."""
        return label.zh if self.code == "zh" else label.en

    @property
    def comma(self) -> str:
        """What stands between the members of a list."""
        return "、" if self.code == "zh" else ", "

    @property
    def colon(self) -> str:
        """What stands between a name and what is said of it."""
        return "：" if self.code == "zh" else ": "

    @property
    def semicolon(self) -> str:
        """What stands between longer members of a list."""
        return "；" if self.code == "zh" else "; "


def language(code: LanguageCode) -> Language:
    """The language of this code."""
    folder = Path(__file__).parent / "locale"
    return Language(code, gettext.translation(_DOMAIN, folder, [code], fallback=True))


def language_wanted(asked: str | None, environment: Mapping[str, str] = os.environ) -> LanguageCode:
    """Which language to speak: the one asked for, or the locale's.

    A locale without a language (C, POSIX, none) speaks Chinese, as the users do.
    """
    if asked:
        return "en" if asked.lower().startswith("en") else "zh"
    for variable in _LOCALE_VARIABLES:
        value = environment.get(variable, "").split(".")[0].lower()
        if value not in _NO_LANGUAGE:
            return "zh" if value.startswith("zh") else "en"
    return "zh"


class _Joined(gettext.NullTranslations):
    """A catalogue that says everything twice, in Chinese and in English."""

    def __init__(self, chinese: gettext.NullTranslations) -> None:
        super().__init__()
        self._chinese = chinese

    def gettext(self, message: str) -> str:
        return _joined(self._chinese.gettext(message), message)


class _BothLanguages(Language):
    """Chinese and English side by side, for readers who are not known."""

    def name(self, label: Labelled) -> str:
        return _joined(label.zh, label.en)


def _joined(chinese: str, english: str) -> str:
    return english if chinese == english else f"{chinese} · {english}"


def both_languages() -> Language:
    """Chinese and English side by side, as "金额 · amount"."""
    return _BothLanguages("zh", _Joined(language("zh").catalogue))
