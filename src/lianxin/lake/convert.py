"""Cells of one source column to values of one field, with the cells that cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from lianxin.contracts.codes import fold
from lianxin.contracts.fields import EARLIEST_YEAR, LATEST_YEAR, MONEY_PRECISION, MONEY_SCALE, Kind
from lianxin.lake.faults import Fault
from lianxin.lake.times import carries_offset, parse_local, plausible

MONEY_TYPE = pl.Decimal(MONEY_PRECISION, MONEY_SCALE)
_LARGEST_AMOUNT = 10.0 ** (MONEY_PRECISION - MONEY_SCALE)

# How databases and statistics programs write an empty cell of a column that is not text.
_EMPTY_WORDS = ("NULL", "null", "\\N", "NaN", "nan", "NA", "N/A", "None", "none", "--", "#N/A")

_YES_NO = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "1.0", "是", "有"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "0.0", "否", "无"), False),
}

STORED_TYPES: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.CODE: pl.String(),
    Kind.DATE: pl.Date(),
    Kind.MONTH: pl.String(),
    Kind.TIMESTAMP: pl.Datetime("us", "UTC"),
    Kind.NUMBER: pl.Float64(),
    Kind.INTEGER: pl.Int64(),
    Kind.MONEY: MONEY_TYPE,
    Kind.BOOLEAN: pl.Boolean(),
}


@dataclass(slots=True)
class Converted:
    """Values of one field, and the faults found on the way."""

    values: pl.Series
    faults: list[Fault] = field(default_factory=list)


def as_text(cells: pl.Series) -> pl.Series:
    """Cells as stripped text, blank ones and NaN null; whole numbers without a decimal part."""
    if cells.dtype.is_float():
        cells = cells.fill_nan(None)
        whole = (cells == cells.floor()) & (cells.abs() < 2.0**53)
        text = cells.cast(pl.String)
        integers = cells.cast(pl.Int64, strict=False).cast(pl.String)
        return integers.zip_with(whole.fill_null(value=False), text)
    if cells.dtype.is_nested() or cells.dtype in (pl.Binary, pl.Duration, pl.Object):
        # a Parquet file can hold what no table wants: shown as it is, so that it can be rejected by name
        text = pl.Series(cells.name, [None if cell is None else str(cell) for cell in cells.to_list()], dtype=pl.String)
    else:
        text = cells.cast(pl.String) if cells.dtype != pl.String else cells
    stripped = text.str.strip_chars()
    return stripped.set(stripped == "", None)


def _without_empty_words(text: pl.Series) -> pl.Series:
    return text.set(text.is_in(_EMPTY_WORDS).fill_null(value=False), None)


def to_number(cells: pl.Series, column: str, decimal: str = ".") -> Converted:
    """Numbers; thousands separators and a currency sign are understood, anything else is a fault."""
    if cells.dtype.is_numeric() or cells.dtype == pl.Boolean:
        values = cells.cast(pl.Float64)
        values = values.fill_nan(None)
        return Converted(values, [Fault(values.is_infinite().fill_null(value=False), column, "not_a_number")])
    text = _without_empty_words(as_text(cells))
    if decimal == ",":
        text = _with_decimal_point(text)
    values = text.cast(pl.Float64, strict=False)
    unread = values.is_null() & text.is_not_null()
    if unread.any():
        values = values.fill_null(_tidied(text.set(~unread, None)).cast(pl.Float64, strict=False))
    bad = (values.is_null() & text.is_not_null()) | (~values.is_finite()).fill_null(value=False)
    return Converted(values, [Fault(bad, column, "not_a_number")])


def _with_decimal_point(text: pl.Series) -> pl.Series:
    """``1.234,5`` to ``1234.5``; where points do not group digits by three, the text stays and is no number."""
    grouped = text.str.contains(r"^[^.]*\d{1,3}(\.\d{3})+(,\d*)?\D*$").fill_null(value=False)
    plain = text.str.replace_all(".", "", literal=True).zip_with(grouped, text.str.replace_all(".", ";", literal=True))
    return plain.str.replace(",", ".", literal=True)


def _tidied(text: pl.Series) -> pl.Series:
    plain = text.str.replace_all(r"[¥￥\s]", "").str.replace_all("，", ",").str.replace_all("－", "-")
    grouped = plain.str.contains(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$").fill_null(value=False)
    return plain.str.replace_all(",", "", literal=True).zip_with(grouped, plain)


def to_integer(cells: pl.Series, column: str, decimal: str = ".") -> Converted:
    """Whole numbers."""
    number = to_number(cells, column, decimal)
    values = number.values
    fractional = ((values != values.floor()) | (values.abs() > 2.0**53)).fill_null(value=False)
    readable = values.set(fractional | (~values.is_finite()).fill_null(value=False), None)
    return Converted(readable.cast(pl.Int64), [*number.faults, Fault(fractional, column, "not_an_integer")])


def to_money(numbers: pl.Series, column: str) -> Converted:
    """Amounts with four decimals (half away from zero), from doubles."""
    too_large = (numbers.abs() >= _LARGEST_AMOUNT).fill_null(value=False)
    rounded = numbers.set(too_large | ~numbers.is_finite().fill_null(value=True), None).round(
        MONEY_SCALE, mode="half_away_from_zero"
    )
    return Converted(rounded.cast(MONEY_TYPE, strict=False), [Fault(too_large, column, "above_maximum")])


def to_date(cells: pl.Series, column: str, fmt: str | None = None) -> Converted:
    """Local dates; a time after the date is dropped."""
    if cells.dtype == pl.Date:
        values = cells
        unread = pl.Series([False] * len(cells), dtype=pl.Boolean)
    elif cells.dtype == pl.Datetime:
        values = cells.cast(pl.Date)
        unread = pl.Series([False] * len(cells), dtype=pl.Boolean)
    else:
        text = _without_empty_words(as_text(cells))
        values = _date_of_text(text, fmt)
        unread = values.is_null() & text.is_not_null()
    outside = (~plausible(values, EARLIEST_YEAR, LATEST_YEAR)).fill_null(value=False)
    return Converted(values, [Fault(unread, column, "not_a_date"), Fault(outside, column, "impossible_date")])


def _date_of_text(text: pl.Series, fmt: str | None) -> pl.Series:
    if fmt is not None:
        # the date as written, whatever the offset
        return text.str.to_date(fmt, strict=False) if carries_offset(fmt) else parse_local(text, fmt).cast(pl.Date)
    values = text.str.to_date("%Y-%m-%d", strict=False)
    rest = text.set(values.is_not_null(), None)
    if rest.null_count() == len(rest):
        return values
    without_offset = rest.str.replace(r"(:\d{2}(\.\d+)?)\s*([+-]\d{2}:?\d{2}|[Zz])$", "${1}")
    return values.fill_null(parse_local(without_offset, None).cast(pl.Date))


# 2024-1, 2024年1月, 2024/01/31 …; digits in one run are 202401 or 20240131
_MONTH_MARKED = r"^(\d{4})[-/.年](\d{1,2})(?:月|[-/.月]\d{1,2}(?:\D.*)?)?$"
_MONTH_RUN = r"^(\d{4})(\d{2})(?:\d{2}(?:\D.*)?)?$"


def to_month(cells: pl.Series, column: str, fmt: str | None = None) -> Converted:
    """Months as text YYYY-MM, from 2024-01, 202401, 2024/1, 2024年1月 or a date in the month, or by ``fmt``."""
    if cells.dtype in (pl.Date, pl.Datetime):
        return Converted(cells.dt.strftime("%Y-%m"))
    text = _without_empty_words(as_text(cells))
    if fmt is not None:
        return _month_by_format(text, column, fmt)
    year, number = (
        text.str.extract(_MONTH_MARKED, part).fill_null(text.str.extract(_MONTH_RUN, part)) for part in (1, 2)
    )
    value = number.cast(pl.Int64, strict=False)
    valid = (value.is_between(1, 12) & year.cast(pl.Int64).is_between(EARLIEST_YEAR, LATEST_YEAR)).fill_null(
        value=False
    )
    months = (year + "-" + number.str.zfill(2)).set(~valid, None)
    return Converted(months, [Fault(~valid & text.is_not_null(), column, "not_a_month")])


def _month_by_format(text: pl.Series, column: str, fmt: str) -> Converted:
    names_day = any(mark in fmt for mark in ("%d", "%e", "%j", "%D", "%F", "%x", "%v"))
    dates = text.str.to_date(fmt, strict=False) if names_day else (text + " 01").str.to_date(f"{fmt} %d", strict=False)
    dates = dates.set((~plausible(dates, EARLIEST_YEAR, LATEST_YEAR)).fill_null(value=False), None)
    return Converted(dates.dt.strftime("%Y-%m"), [Fault(dates.is_null() & text.is_not_null(), column, "not_a_month")])


def to_boolean(cells: pl.Series, column: str) -> Converted:
    """Yes or no, as true, 1, y, 是 and their opposites."""
    if cells.dtype == pl.Boolean:
        return Converted(cells)
    text = _without_empty_words(as_text(cells))
    values = text.str.to_lowercase().replace_strict(_YES_NO, default=None, return_dtype=pl.Boolean)
    return Converted(values, [Fault(values.is_null() & text.is_not_null(), column, "not_yes_or_no")])


def to_code(cells: pl.Series, column: str, lookup: Mapping[str, str]) -> Converted:
    """Codes of a code list, from the code, its name in either language or an alias."""
    text = as_text(cells)
    text = text.set(
        text.is_in([word for word in _EMPTY_WORDS if fold(word) not in lookup]).fill_null(value=False), None
    )
    words = text.drop_nulls().unique().to_list()
    known = {word: lookup[fold(word)] for word in words if fold(word) in lookup}
    values = text.replace_strict(known, default=None, return_dtype=pl.String)
    return Converted(values, [Fault(values.is_null() & text.is_not_null(), column, "unknown_code")])
