"""Cells of an export as text: full precision, ISO times with offset, JSON, no formulas for a spreadsheet to run."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for the start of a formula (OWASP, CSV injection)."""

_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


def as_text(frame: pl.DataFrame, *, time_zone: str) -> pl.DataFrame:
    """Return ``frame`` with every column that a CSV writer could not write by our rules turned into text.

    Aware times are shown in ``time_zone`` with their offset; naive ones have none to show. Lists and structs become
    JSON. Text that a spreadsheet could take for a formula, and that is no number, gets a leading apostrophe.
    """
    return frame.with_columns([_column(column, time_zone=time_zone) for column in frame.get_columns()])


def _column(column: pl.Series, *, time_zone: str) -> pl.Series:
    kind = column.dtype
    if kind.is_nested():
        zone = ZoneInfo(time_zone)
        texts = [None if value is None else _json(value, zone=zone) for value in column.to_list()]
        return pl.Series(column.name, texts, dtype=pl.String)
    if isinstance(kind, pl.Datetime):
        return _stamps(column, time_zone=time_zone)
    if isinstance(kind, pl.Time | pl.Duration):
        return pl.Series(column.name, column.dt.to_string("iso"))
    if isinstance(kind, pl.Categorical | pl.Enum | pl.String):
        return escaped(column.cast(pl.String))
    if isinstance(kind, pl.Decimal):
        return column.cast(pl.String)
    if isinstance(kind, pl.Binary):
        return pl.Series(column.name, column.bin.encode("hex"))
    return column


def _stamps(column: pl.Series, *, time_zone: str) -> pl.Series:
    assert isinstance(column.dtype, pl.Datetime)  # noqa: S101  for the type checker
    if column.dtype.time_zone is None:
        return pl.Series(column.name, column.dt.to_string("%Y-%m-%dT%H:%M:%S%.f"))
    local = column.dt.convert_time_zone(time_zone)
    return pl.Series(column.name, local.dt.to_string("%Y-%m-%dT%H:%M:%S%.f%:z"))


def escaped(column: pl.Series) -> pl.Series:
    """Text with an apostrophe before what could be a formula; numbers written as text are none."""
    dangerous = pl.col(column.name).str.contains(_FORMULA) & ~pl.col(column.name).str.contains(_NUMBER)
    shown = pl.when(dangerous).then(pl.lit("'") + pl.col(column.name)).otherwise(pl.col(column.name))
    return column.to_frame().select(shown.alias(column.name)).to_series()


def _json(value: object, *, zone: ZoneInfo) -> str:
    return json.dumps(_plain(value, zone=zone), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any, *, zone: ZoneInfo) -> object:
    """Return ``value`` in the kinds that JSON has; amounts of money as text, so that no digit is lost."""
    if isinstance(value, dict):
        return {name: _plain(item, zone=zone) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, zone=zone) for item in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo is not None else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.hex() if isinstance(value, bytes) else value
