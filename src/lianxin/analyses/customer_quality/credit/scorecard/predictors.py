"""A plain table of predictors with its columns typed: numbers, days, texts; a label of two values."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

Kind = Literal["number", "day", "text"]
# Words that name the event where a label is a text.
_EVENT_WORDS = frozenset(
    {"1", "yes", "y", "true", "t", "bad", "default", "late", "churn", "churned", "是", "违约", "逾期"}
)
_DAY_FORM = re.compile(r"^\d{4}-\d{2}-\d{2}([ T].*)?$")
_LOOKED_AT = 500
_DISTINCT_ENOUGH = 0.98


class LabelUnusable(UnusableInput):
    """The label column does not tell events from non-events."""

    text = Text(
        "标签列 {label} 须恰有两个不同的值，实有 {values} 个",
        "Label {label} needs two different values, it has {values}",
    )


class ColumnMissing(UnusableInput):
    """A column that was named is not in the table."""

    text = Text("表中没有列 {column}。现有列：{columns}", "The table has no column {column}. Columns: {columns}")


class ColumnNameUnusable(UnusableInput):
    """A column's name holds a quotation mark, which SQL could not carry."""

    text = Text("列名含引号：{column}", "A column's name holds a quotation mark: {column}")


@dataclass(frozen=True, slots=True)
class Column:
    """One predictor as the table gives it."""

    name: str
    kind: Kind

    @property
    def sql(self) -> str:
        """The value as SQL: DOUBLE (days since 1970 for days, null for not finite) or VARCHAR."""
        quoted = f'"{self.name}"'
        if self.kind == "text":
            return f"CAST({quoted} AS VARCHAR)"
        if self.kind == "day":
            return f"CAST(DATE_DIFF('day', DATE '1970-01-01', TRY_CAST({quoted} AS DATE)) AS DOUBLE)"
        value = f"TRY_CAST({quoted} AS DOUBLE)"
        return f"CASE WHEN {value} = {value} AND ABS({value}) < 1e300 THEN {value} END"


@dataclass(frozen=True, slots=True)
class LabelledTable:
    """Predictors with their columns, the keys, and the label (1 event, 0 none)."""

    columns: tuple[Column, ...]
    frame: pl.DataFrame
    key: pl.Series
    label: NDArray[np.int64]


def labelled_table(frame: pl.DataFrame, *, key: str, label: str) -> LabelledTable:
    """Type the columns of ``frame``; rows without a label are left out.

    Left out are columns that cannot predict: constant or empty ones, numbers and texts that differ in nearly every
    row and only number the rows.

    Raises:
        ColumnMissing, LabelUnusable, ColumnNameUnusable: the table cannot be used as it is named.

    """
    for name in (key, label):
        if name not in frame.columns:
            raise ColumnMissing(column=name, columns=frame.columns)
    for name in frame.columns:
        if '"' in name:
            raise ColumnNameUnusable(column=name)
    frame = frame.filter(pl.col(label).is_not_null())
    events = label_values(frame[label])
    rest = frame.drop({key, label})
    columns = predictor_columns(rest)
    return LabelledTable(columns, typed(rest, columns), frame[key].cast(pl.String), events)


def label_values(values: pl.Series) -> NDArray[np.int64]:
    """1 for the event: the larger number, the word that says so, else the rarer value."""
    counts = values.value_counts().sort("count", values.name)
    if counts.height != 2:
        raise LabelUnusable(label=values.name, values=counts.height)
    if values.dtype == pl.Boolean or values.dtype.is_numeric():
        event = values.max()
    else:
        known = [item for item in counts[values.name].to_list() if str(item).strip().lower() in _EVENT_WORDS]
        event = known[0] if len(known) == 1 else counts[values.name][0]
    return (values == event).to_numpy().astype(np.int64)


def predictor_columns(frame: pl.DataFrame) -> tuple[Column, ...]:
    """The columns that may predict, each with its kind."""
    found = []
    for series in frame.get_columns():
        kind = _kind(series)
        if kind is not None and _may_predict(series, kind):
            found.append(Column(series.name, kind))
    return tuple(found)


def _kind(series: pl.Series) -> Kind | None:
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        return "number"
    if series.dtype in {pl.Date, pl.Datetime}:
        return "day"
    if series.dtype in {pl.String, pl.Categorical, pl.Enum}:
        seen = series.drop_nulls().head(_LOOKED_AT).cast(pl.String)
        days = bool(len(seen)) and all(_DAY_FORM.match(value) for value in seen)
        return "day" if days else "text"
    return None


def _may_predict(series: pl.Series, kind: Kind) -> bool:
    known = series.drop_nulls()
    if known.is_empty() or (known.n_unique() == 1 and series.null_count() == 0):
        return False
    if kind == "text":
        return known.n_unique() < _DISTINCT_ENOUGH * len(known) or len(known) < 20
    if kind == "number" and series.dtype.is_integer() and len(known) > 20:
        return not (known.n_unique() == len(known) and bool(known.is_sorted()))
    return True


def typed(frame: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """The predictors as Float64 (null where not finite) and String; a column that is absent is null."""
    # with_columns keeps the rows even where every column is absent
    return frame.with_columns(_typed(frame, column) for column in columns).select(column.name for column in columns)


def _typed(frame: pl.DataFrame, column: Column) -> pl.Expr:
    if column.name not in frame.columns:
        return pl.lit(None, pl.String if column.kind == "text" else pl.Float64).alias(column.name)
    value = pl.col(column.name)
    if column.kind == "text":
        return value.cast(pl.String)
    if column.kind == "day":
        text = frame.schema[column.name] not in {pl.Date, pl.Datetime}
        day = value.cast(pl.String).str.slice(0, 10).str.to_date(strict=False) if text else value.cast(pl.Date)
        return day.cast(pl.Int32).cast(pl.Float64)
    number = value.cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number).alias(column.name)
