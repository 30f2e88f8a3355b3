"""Mapping files: how the columns of a source become the columns of a table (SPEC.md 2)."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

import polars as pl
from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Kind
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen, validation_problems
from lianxin.lake.times import format_problem

UNPIVOTED_VALUE, UNPIVOTED_NAME, UNPIVOTED_INDEX = "@value", "@name", "@index"
UNPIVOTED_LABEL, SOURCE_ROW = "@label", "@row"


class MappingInvalid(UnusableInput):
    """A mapping file cannot be read or is wrong."""

    text = Text("映射文件 {path} 有误：{problems}", "Mapping file {path} is wrong: {problems}")


def _compiles(pattern: str) -> str:
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError as error:
        message = f"{pattern!r} is no regular expression: {error}"
        raise ValueError(message) from error
    return pattern


def _has_group(pattern: str) -> str:
    groups = pl.Series([""]).str.extract_groups(_compiles(pattern)).dtype
    if not getattr(groups, "fields", None):
        message = f"{pattern!r} has no group (…) that holds the value"
        raise ValueError(message)
    return pattern


def _is_format(fmt: str) -> str:
    problem = format_problem(fmt)
    if problem:
        message = f"{fmt!r} is no format of dates and times: {problem}"
        raise ValueError(message)
    return fmt


RegularExpression = Annotated[str, AfterValidator(_compiles)]
ExtractingExpression = Annotated[str, AfterValidator(_has_group)]
TimeFormat = Annotated[str, AfterValidator(_is_format)]


class RowChoice(Frozen):
    """Which cells of one source column let their row be taken; all conditions given must hold."""

    any_of: list[str] | None = Field(None, min_length=1, description="one of these values; in short: a value or a list")
    none_of: list[str] | None = Field(None, min_length=1, description="none of these values, and not empty")
    pattern: RegularExpression | None = Field(None, description="a regular expression is found in the cell")


class SourceRule(Frozen):
    """How to read the file itself."""

    encoding: str | None = Field(None, description="found by itself where absent")
    delimiter: str | None = Field(None, min_length=1, max_length=1, description="found by itself where absent")
    decimal: Literal[".", ","] = Field(".", description="decimal mark of numbers")
    sheet: str | None = Field(None, description="sheet of a workbook; default: the first with data")
    skip_rows: int = Field(0, ge=0, description="rows before the header")
    where: dict[str, RowChoice] = Field(
        default_factory=dict, description="take only rows whose source column (or @value, @name) has such a value"
    )

    @field_validator("where", mode="before")
    @classmethod
    def _short_choice(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        listed = {name: [choice] if isinstance(choice, str) else choice for name, choice in value.items()}
        return {name: {"any_of": choice} if isinstance(choice, list) else choice for name, choice in listed.items()}


class ColumnRule(Frozen):
    """Where one column of the table comes from, and how its values are written there."""

    column: str | None = Field(
        None, description="the source column; @value, @name, @index, @label after an unpivot; @row"
    )
    columns: list[str] | None = Field(None, min_length=1, description="several source columns, joined")
    separator: str = Field(" ", description="what stands between joined columns")
    constant: str | int | float | bool | None = Field(None, description="the same value in every row")
    format: TimeFormat | None = Field(None, description="strftime format of dates, months and times")
    timezone: str | None = Field(None, description="zone of naive times; default: the workspace's")
    stamp: Literal["start", "end"] = Field(
        "start", description="which end of the interval a time names; of an unpivot, what the columns' numbers name"
    )
    midnight: Literal["start_of_day", "end_of_day"] = Field(
        "start_of_day", description="end_of_day: 00:00 closes the day that it names"
    )
    unit: str | None = Field(None, description="unit of the source's values")
    codes: dict[str, str | int] | None = Field(None, description="source value → code")
    pattern: ExtractingExpression | None = Field(None, description="regular expression whose first group is the value")
    multiply_by: str | Annotated[float, Field(allow_inf_nan=False)] | None = Field(
        None, description="a factor, or the source column that holds it"
    )
    cumulative: bool = Field(
        default=False,
        description="values are meter readings at the end of the day; usage is their difference × the multiplier "
        "(multiply_by, else the usage point's)",
    )

    @field_validator("constant", mode="before")
    @classmethod
    def _written_out(cls, value: object) -> object:
        return value.isoformat() if isinstance(value, date | datetime) else value

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = [self.column, self.columns, self.constant]
        if sum(origin is not None for origin in origins) > 1:
            message = "takes one of column, columns and constant"
            raise ValueError(message)
        return self


class NumberedColumns(Frozen):
    """Columns P1…P96: a prefix and the first and last number."""

    prefix: str
    first: int = Field(1, ge=0)
    last: int = Field(ge=0, le=1440, description="a day has no more minutes")
    digits: int = Field(1, ge=1, le=4, description="2 for P01")

    def names(self) -> list[str]:
        """All names, in order."""
        return [f"{self.prefix}{number:0{self.digits}d}" for number in range(self.first, self.last + 1)]


class Unpivot(Frozen):
    """One row with several value columns becomes one row a value."""

    columns: NumberedColumns | list[str]
    labels: list[str] | None = Field(None, description="what @label is for each of the columns, in order")
    minutes: int | None = Field(None, ge=1, le=1440, description="length of an interval")

    @property
    def names(self) -> list[str]:
        """Names of the value columns, in order."""
        return self.columns.names() if isinstance(self.columns, NumberedColumns) else self.columns

    @property
    def pseudo_columns(self) -> tuple[str, ...]:
        """What the unpivot adds to the columns of the source."""
        given = (UNPIVOTED_VALUE, UNPIVOTED_NAME, UNPIVOTED_INDEX)
        return (*given, UNPIVOTED_LABEL) if self.labels else given

    @model_validator(mode="after")
    def _has_columns(self) -> Self:
        if not self.names or len(set(self.names)) < len(self.names):
            message = "columns must name at least one column, none twice"
            raise ValueError(message)
        added = {UNPIVOTED_VALUE, UNPIVOTED_NAME, UNPIVOTED_INDEX, UNPIVOTED_LABEL, SOURCE_ROW} & set(self.names)
        if added:
            message = f"{', '.join(sorted(added))} is what an unpivot adds, no column of the source"
            raise ValueError(message)
        if self.labels is not None and len(self.labels) != len(self.names):
            message = f"{len(self.labels)} labels for {len(self.names)} columns"
            raise ValueError(message)
        if self.minutes and len(self.names) * self.minutes > 24 * 60:
            message = f"{len(self.names)} columns of {self.minutes} minutes are more than a day"
            raise ValueError(message)
        return self


_NUMBERS = (Kind.NUMBER, Kind.INTEGER, Kind.MONEY)
_ONLY_FOR = {
    "format": (Kind.DATE, Kind.MONTH, Kind.TIMESTAMP),
    "timezone": (Kind.DATE, Kind.TIMESTAMP),
    "stamp": (Kind.TIMESTAMP,),
    "midnight": (Kind.TIMESTAMP,),
    "unit": _NUMBERS,
    "multiply_by": _NUMBERS,
    "cumulative": _NUMBERS,
}
CUMULATIVE_COLUMN = ("daily_usage", "kwh")


class Mapping(Frozen):
    """One mapping file."""

    table: str
    source: SourceRule = Field(default_factory=SourceRule)
    columns: dict[str, ColumnRule] = Field(default_factory=dict)
    unpivot: Unpivot | None = None
    match_names: bool = Field(
        default=True, description="columns not named here are found by their names, as without a mapping"
    )

    @field_validator("table")
    @classmethod
    def _known_table(cls, value: str) -> str:
        if value not in FACTS:
            message = f"unknown table {value!r}; known are {', '.join(FACTS)}"
            raise ValueError(message)
        return value

    @field_validator("columns", mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: {"column": rule} if isinstance(rule, str) else rule for name, rule in value.items()}

    @model_validator(mode="after")
    def _known_columns(self) -> Self:
        table = FACTS[self.table]
        unknown = [name for name in self.columns if name not in table or table[name].derived]
        if unknown:
            message = f"table {self.table} has no column {', '.join(unknown)}; it has {', '.join(table.columns)}"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _options_have_a_meaning(self) -> Self:
        table = FACTS[self.table]
        for name, rule in self.columns.items():
            for option in sorted(rule.model_fields_set):
                if option in _ONLY_FOR and table[name].kind not in _ONLY_FOR[option]:
                    message = f"columns.{name}: {option} means nothing for a {table[name].kind} column"
                    raise ValueError(message)
            if rule.cumulative and (self.table, name) != CUMULATIVE_COLUMN:
                message = f"columns.{name}: cumulative is for {'.'.join(CUMULATIVE_COLUMN)}"
                raise ValueError(message)
        return self

    @classmethod
    def load(cls, path: Path, table: str) -> Self:
        """Read a mapping file for ``table``.

        Raises:
            MappingInvalid: the file cannot be read, has an unknown key or value, or is for another table.

        """
        try:
            mapping = cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise MappingInvalid(path=path, problems=str(error)) from error
        except ValidationError as error:
            raise MappingInvalid(path=path, problems=validation_problems(error)) from error
        if mapping.table != table:
            raise MappingInvalid(path=path, problems=f'table = "{mapping.table}", not "{table}"')
        return mapping
