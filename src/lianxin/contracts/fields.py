"""How a table is defined: its columns with type, unit, range, names in both languages, and its row rules."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from lianxin.foundation.language import Text


class Kind(StrEnum):
    """Type of a column, as it is stored and as it is read from text."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    MONTH = "month"  # text YYYY-MM
    TIMESTAMP = "timestamp"  # UTC, microseconds
    NUMBER = "number"  # double
    INTEGER = "integer"
    MONEY = "money"  # decimal(18, 4)
    BOOLEAN = "boolean"
    NUMBERS = "numbers"  # list of doubles; results only
    TEXTS = "texts"  # list of texts; results only
    REASONS = "reasons"  # list of {code, value, text_zh, text_en}; results only


MONEY_PRECISION, MONEY_SCALE = 18, 4

# A period in which an electricity supplier's records can lie; beyond it a date is a slip of the pen.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column.

    ``key``: part of the primary key. ``required``: a row without a value is rejected. ``measured``: the
    column must be there, but an empty cell is a gap and no fault. ``minimum`` and ``maximum`` are inclusive.
    ``unit`` is the unit in which the value is stored. ``derived``: set by the import, not read from a file.
    """

    name: str
    kind: Kind
    title: Text
    about: Text | None = None
    unit: str | None = None
    key: bool = False
    required: bool = False
    measured: bool = False
    minimum: float | None = None
    maximum: float | None = None
    codes: str | None = None
    parent: str | None = None
    derived: bool = False

    @property
    def must_have_value(self) -> bool:
        """Whether an empty cell rejects the row."""
        return self.key or self.required

    @property
    def must_be_present(self) -> bool:
        """Whether a file without this column cannot be imported."""
        return self.key or self.required or self.measured


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRule:
    """A rule over several columns of one row; ``name`` selects the check in ``lake.row_rules``."""

    name: Literal["any_of", "after", "sum_of", "bill_period", "divides_day", "negative_only_with"]
    columns: tuple[str, ...]
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of facts.

    ``partition`` is (name of the partition column, the date or timestamp column whose month it holds).
    """

    name: str
    title: Text
    fields: tuple[Field, ...]
    about: Text | None = None
    rules: tuple[RowRule, ...] = field(default_factory=tuple)
    partition: tuple[str, str] | None = None
    personal: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns."""
        return tuple(column.name for column in self.fields if column.key)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.fields)

    def __getitem__(self, name: str) -> Field:
        for column in self.fields:
            if column.name == name:
                return column
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.fields)


def _column(kind: Kind, name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    base = Field(name=name, kind=kind, title=Text(zh, en), about=Text(*about) if about else None)
    return replace(base, **more)  # type: ignore[arg-type]


def text(name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column of free text or identifiers."""
    return _column(Kind.TEXT, name, zh, en, about, **more)


def code(name: str, zh: str, en: str, codes: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column whose values come from the code list ``codes``."""
    return _column(Kind.CODE, name, zh, en, about, codes=codes, **more)


def day(name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column of local dates."""
    return _column(Kind.DATE, name, zh, en, about, **more)


def month(name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column of months, stored as text YYYY-MM."""
    return _column(Kind.MONTH, name, zh, en, about, **more)


def instant(name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column of instants, stored in UTC."""
    return _column(Kind.TIMESTAMP, name, zh, en, about, **more)


def number(name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column of measured values, stored as doubles."""
    return _column(Kind.NUMBER, name, zh, en, about, **more)


def integer(name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column of whole numbers."""
    return _column(Kind.INTEGER, name, zh, en, about, **more)


def money(name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column of amounts in the workspace's currency, stored as decimals."""
    return _column(Kind.MONEY, name, zh, en, about, unit="¤", **more)


def flag(name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column of yes and no."""
    return _column(Kind.BOOLEAN, name, zh, en, about, **more)


def numbers(name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column of lists of measured values."""
    return _column(Kind.NUMBERS, name, zh, en, about, **more)


def texts(name: str, zh: str, en: str, /, about: tuple[str, str] | None = None, **more: object) -> Field:
    """A column of lists of texts."""
    return _column(Kind.TEXTS, name, zh, en, about, **more)


def reasons(name: str = "reasons") -> Field:
    """The column that says why."""
    return _column(Kind.REASONS, name, "理由", "Reasons")
