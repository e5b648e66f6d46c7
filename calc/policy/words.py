"""The words that a rules file may declare: the shape of its ``[vocabulary]``."""

from collections.abc import Mapping

from pydantic import Field

from calc.enterprise.vocabulary import FieldType
from calc.policy.forms import Quantity, Record, Word


class Named(Record):
    """A name in both languages; ``open`` marks what stands for the source's 等."""

    zh: Word
    en: Word
    open: bool = False


class DeclaredField(Record):
    """A key of a table, or a yearly figure."""

    zh: Word
    en: Word
    type: FieldType
    required: bool = False
    default: Quantity | None = None
    part_of: Word | None = None
    words: Mapping[Word, Named] = Field(default_factory=dict)


class Whole(Record):
    """The table, and the key, by which an entry is a part of another table's subject."""

    table: Word
    by: Word


class DeclaredTable(Record):
    """A table of entries; ``dated`` entries name the claim year they belong to."""

    zh: Word
    en: Word
    dated: bool = True
    belongs_to: Whole | None = None
    fields: Mapping[Word, DeclaredField] = Field(default_factory=dict)


class DeclaredVocabulary(Record):
    """Kinds of enterprise, yearly figures and tables, beside those that every file may hold."""

    kinds: Mapping[Word, Named] = Field(default_factory=dict)
    figures: Mapping[Word, DeclaredField] = Field(default_factory=dict)
    tables: Mapping[Word, DeclaredTable] = Field(default_factory=dict)
