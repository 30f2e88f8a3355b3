"""One chunk of a source to good rows of a table and rejections, chunk after chunk of one file."""

from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import polars as pl

from lianxin.contracts.codes import CodeList
from lianxin.contracts.fields import EARLIEST_YEAR, LATEST_YEAR, Field, Kind
from lianxin.contracts.voltage import normalise_voltage
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.lake import convert
from lianxin.lake.convert import STORED_TYPES, Converted, as_text
from lianxin.lake.faults import Fault, Rejection, range_faults
from lianxin.lake.mapping import (
    SOURCE_ROW,
    UNPIVOTED_INDEX,
    UNPIVOTED_LABEL,
    UNPIVOTED_NAME,
    UNPIVOTED_VALUE,
    ColumnRule,
)
from lianxin.lake.plan import ImportPlan, is_interval_start
from lianxin.lake.row_choice import chosen
from lianxin.lake.row_rules import broken
from lianxin.lake.source import ROW
from lianxin.lake.times import Localiser, close_day, parse_local, parse_with_offset, plausible
from lianxin.lake.units import Conversion, conversion

_LONGEST_VALUE_SHOWN = 200


class BadTimeZone(UnusableInput):
    """A mapping names a time zone that does not exist."""

    text = Text("未知时区：{zone}", "Unknown time zone: {zone}")


@dataclass(frozen=True, slots=True)
class Batch:
    """Good rows in the table's columns, their row numbers in the source, and the rejected rows."""

    good: pl.DataFrame
    rows: pl.Series
    rejected: list[Rejection]
    skipped: int


class RowConverter:
    """Converts the chunks of one file; keeps what must be remembered from chunk to chunk."""

    def __init__(self, plan: ImportPlan, *, file: str, zone: ZoneInfo, code_lists: Lookup[str, CodeList]) -> None:
        self._plan = plan
        self._file = file
        self._table = plan.table
        self._zones = {name: _zone(rule.timezone, zone) for name, rule in plan.rules.items()}
        self._localisers = {name: (Localiser(z), Localiser(z)) for name, z in self._zones.items()}
        self._lookups = {
            field.name: code_lists[field.codes].lookup() for field in self._table.fields if field.codes is not None
        }
        self._conversions: dict[str, Conversion] = {
            name: conversion(self._table[name], rule.unit) for name, rule in plan.rules.items()
        }

    def convert(self, chunk: pl.DataFrame) -> Batch:
        """Turn a chunk (source columns and ROW) into a batch."""
        frame, dropped = self._taken_rows(chunk.with_columns(pl.col(ROW).alias(SOURCE_ROW)))
        frame, dropped = self._unpivoted(frame, dropped)
        values, faults = self._fields(frame)
        table = pl.DataFrame([values[name] for name in self._table.columns if name in values])
        table = table.with_columns(
            pl.lit(None, dtype=STORED_TYPES[field.kind]).alias(field.name)
            for field in self._table.fields
            if field.name not in values
        ).select(self._table.columns)
        for rule in self._table.rules:
            faults.append(Fault(broken(rule, table), rule.columns[0], rule.name))
        return self._split(table, frame, [fault for fault in faults if fault.mask.any()], dropped)

    def _taken_rows(self, chunk: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """Rows that the mapping's ``where`` selects, without entirely blank ones."""
        source_columns = [name for name in chunk.columns if name not in (ROW, SOURCE_ROW)]
        keep = chosen(chunk, self._plan.where)
        blank = (
            chunk.select(pl.all_horizontal(pl.col(source_columns).is_null())).to_series() if source_columns else ~keep
        )
        keep &= ~blank
        return (chunk, 0) if keep.all() else (chunk.filter(keep), int((~keep).sum()))

    def _unpivoted(self, frame: pl.DataFrame, dropped: int) -> tuple[pl.DataFrame, int]:
        """One row a value, of those that the mapping's ``where`` selects by a pseudo column."""
        unpivot = self._plan.unpivot
        if unpivot is None:
            return frame, dropped
        names = unpivot.names
        types = {frame.schema[name] for name in names}
        cells = pl.concat_list([pl.col(name) if len(types) == 1 else pl.col(name).cast(pl.String) for name in names])
        indices = pl.lit(pl.Series([list(range(len(names)))]), dtype=pl.List(pl.Int64)).first()
        long = (
            frame.with_columns(cells.alias(UNPIVOTED_VALUE), indices.alias(UNPIVOTED_INDEX))
            .drop(list(names))
            .explode([UNPIVOTED_VALUE, UNPIVOTED_INDEX])
        )
        position = long[UNPIVOTED_INDEX].cast(pl.UInt32)
        long = long.with_columns(pl.Series(names).gather(position).alias(UNPIVOTED_NAME))
        if unpivot.labels:
            long = long.with_columns(pl.Series(unpivot.labels).gather(position).alias(UNPIVOTED_LABEL))
        keep = chosen(long, {name: choice for name, choice in self._plan.where.items() if name.startswith("@")})
        return (long, dropped) if keep.all() else (long.filter(keep), dropped + int((~keep).sum()))

    def _fields(self, frame: pl.DataFrame) -> tuple[dict[str, pl.Series], list[Fault]]:
        values: dict[str, pl.Series] = {}
        faults: list[Fault] = []
        order = sorted(self._plan.rules, key=lambda name: (name != "minutes", self._table[name].kind is Kind.TIMESTAMP))
        for name in order:
            field, rule = self._table[name], self._plan.rules[name]
            cells, before = self._cells(frame, field, rule)
            converted = self._value(field, rule, cells, frame, values)
            values[name] = _finished(field, converted.values).alias(name)
            faults += [*before, *converted.faults, *range_faults(field, values[name])]
        for field in self._table.fields:
            if field.must_have_value and field.name in values:
                faults.append(Fault(values[field.name].is_null(), field.name, "required"))
        position = {name: index for index, name in enumerate(self._table.columns)}
        return values, sorted(faults, key=lambda fault: (fault.rule == "required", position[fault.column]))

    def _cells(self, frame: pl.DataFrame, field: Field, rule: ColumnRule) -> tuple[pl.Series, list[Fault]]:
        """The cells that hold the field, after joining, pattern and codes of the mapping."""
        if rule.constant is not None:
            return pl.Series(field.name, [str(rule.constant)], dtype=pl.String).new_from_index(0, len(frame)), []
        faults: list[Fault] = []
        if rule.columns:
            joined = pl.concat_str([as_text(frame[name]) for name in rule.columns], separator=rule.separator)
            cells = frame.select(joined.alias(field.name)).to_series()
        else:
            cells = frame[rule.column or field.name]
        if rule.pattern is not None:
            text = as_text(cells)
            cells = text.str.extract(rule.pattern, 1)
            faults.append(Fault(cells.is_null() & text.is_not_null(), field.name, "pattern_not_found"))
        if rule.codes is not None:
            cells = as_text(cells).replace({key: str(code) for key, code in rule.codes.items()})
        return cells, faults

    def _value(
        self,
        field: Field,
        rule: ColumnRule,
        cells: pl.Series,
        frame: pl.DataFrame,
        done: dict[str, pl.Series],
    ) -> Converted:
        match field.kind:
            case Kind.TEXT:
                return Converted(as_text(cells))
            case Kind.CODE:
                return convert.to_code(cells, field.name, self._lookups[field.name])
            case Kind.DATE:
                if cells.dtype == pl.Datetime and getattr(cells.dtype, "time_zone", None):
                    cells = cells.dt.convert_time_zone(str(self._zones[field.name]))
                return convert.to_date(cells, field.name, rule.format)
            case Kind.MONTH:
                return convert.to_month(cells, field.name)
            case Kind.BOOLEAN:
                return convert.to_boolean(cells, field.name)
            case Kind.TIMESTAMP:
                return self._instant(field, rule, cells, frame, done)
            case Kind.INTEGER if self._conversions[field.name] == Conversion():
                return convert.to_integer(cells, field.name, self._plan.decimal)
            case Kind.INTEGER | Kind.NUMBER | Kind.MONEY:
                return self._quantity(field, rule, cells, frame, done)
            case _:
                message = f"facts hold no {field.kind}"
                raise TypeError(message)

    def _quantity(
        self,
        field: Field,
        rule: ColumnRule,
        cells: pl.Series,
        frame: pl.DataFrame,
        done: dict[str, pl.Series],
    ) -> Converted:
        read = convert.to_number(cells, field.name, self._plan.decimal)
        values, faults = read.values, list(read.faults)
        how = self._conversions[field.name]
        hours = done["minutes"] / 60 if how.per != "value" and "minutes" in done else 1.0
        if how.per == "hours":
            values = values * (hours * how.factor)
        elif how.per == "per_hour":
            values = values * how.factor / hours
        elif how != Conversion():
            values = values * how.factor + how.offset
        if rule.multiply_by is not None:
            factor, more = self._factor(field, rule, frame, values)
            values, faults = values * factor, [*faults, *more]
        if field.kind is Kind.MONEY:
            amount = convert.to_money(values, field.name)
            return Converted(amount.values, [*faults, *amount.faults])
        if field.kind is Kind.INTEGER:
            whole = convert.to_integer(values, field.name)
            return Converted(whole.values, [*faults, *whole.faults])
        return Converted(values, faults)

    def _factor(
        self, field: Field, rule: ColumnRule, frame: pl.DataFrame, values: pl.Series
    ) -> tuple[pl.Series | float, list[Fault]]:
        if not isinstance(rule.multiply_by, str):
            return float(rule.multiply_by or 1.0), []
        read = convert.to_number(frame[rule.multiply_by], field.name, self._plan.decimal)
        return read.values, [
            *read.faults,
            Fault(read.values.is_null() & values.is_not_null(), field.name, "multiplier_missing"),
        ]

    def _instant(
        self,
        field: Field,
        rule: ColumnRule,
        cells: pl.Series,
        frame: pl.DataFrame,
        done: dict[str, pl.Series],
    ) -> Converted:
        local, instant, unread = _read_times(cells, rule.format)
        step = _minutes(done["minutes"]) if field.key and "minutes" in done else timedelta(0)
        if is_interval_start(self._plan, field):
            offset = _minutes(frame[UNPIVOTED_INDEX] * (self._plan.unpivot.minutes if self._plan.unpivot else 0))
            local, instant = local + offset, instant + offset
        elif rule.stamp == "end":
            instant = instant - step
        if rule.midnight == "end_of_day":
            local = close_day(local)
        by_end = rule.stamp == "end" and not is_interval_start(self._plan, field)
        outside = (
            ~plausible(local.fill_null(instant.dt.replace_time_zone(None)), EARLIEST_YEAR, LATEST_YEAR)
        ).fill_null(value=False)
        utc = self._localised(field, local.set(outside, None), step if by_end else timedelta(0), done)
        missing = utc.is_null() & local.is_not_null() & ~outside
        return Converted(
            instant.set(outside, None).fill_null(utc),
            [
                Fault(unread, field.name, "not_a_time"),
                Fault(outside, field.name, "impossible_date"),
                Fault(missing, field.name, "nonexistent_local_time"),
            ],
        )

    def _localised(
        self, field: Field, local: pl.Series, step: pl.Series | timedelta, done: dict[str, pl.Series]
    ) -> pl.Series:
        """UTC start of the interval; an end stamp in the skipped hour may still close an interval before it."""
        series_key = next((done[name] for name in self._table.key if name in done and name != field.name), None)
        by_stamp, by_start = self._localisers[field.name]
        utc = by_stamp.to_utc(local, series_key) - step
        lost = utc.is_null() & local.is_not_null()
        if lost.any() and isinstance(step, pl.Series):
            utc = utc.fill_null(by_start.to_utc((local - step).set(~lost, None), series_key))
        return utc

    def _split(self, table: pl.DataFrame, frame: pl.DataFrame, faults: list[Fault], dropped: int) -> Batch:
        if not faults:
            return Batch(table, frame[ROW], [], dropped)
        bad = faults[0].mask
        for fault in faults[1:]:
            bad = bad | fault.mask
        gaps = self._empty_gaps(table, faults) & bad
        rejected = self._rejections(frame, faults, (bad & ~gaps).arg_true().to_list())
        return Batch(table.filter(~bad), frame[ROW].filter(~bad), rejected, dropped + int(gaps.sum()))

    def _empty_gaps(self, table: pl.DataFrame, faults: list[Fault]) -> pl.Series:
        """Empty cells of a wide row at local times that do not exist: nothing was measured, nothing is wrong."""
        none = pl.Series([False] * len(table), dtype=pl.Boolean)
        value = next((field.name for field in self._table.fields if field.measured), None)
        skipped = [fault.mask for fault in faults if fault.rule == "nonexistent_local_time"]
        if self._plan.unpivot is None or value is None or not skipped:
            return none
        return skipped[0] & table[value].is_null()

    def _rejections(self, frame: pl.DataFrame, faults: list[Fault], positions: list[int]) -> list[Rejection]:
        broken_by: dict[int, list[Fault]] = {position: [] for position in positions}
        for fault in faults:
            for position in fault.mask.arg_true().to_list():
                if position in broken_by:
                    broken_by[position].append(fault)
        rows = frame[ROW]
        return [self._rejection(frame, int(rows[position]), position, found) for position, found in broken_by.items()]

    def _rejection(self, frame: pl.DataFrame, row: int, position: int, found: list[Fault]) -> Rejection:
        first = found[0]
        further = [f"{fault.column}: {fault.rule}" for fault in found[1:] if fault.column != first.column]
        column, value = self._as_it_stood(frame, first.column, position)
        return Rejection(self._file, row, column, value, first.rule, "; ".join(dict.fromkeys(further)))

    def _as_it_stood(self, frame: pl.DataFrame, name: str, position: int) -> tuple[str, str]:
        """The source's name of the column and the value as it stood there."""
        rule = self._plan.rules.get(name)
        if rule is None:
            return name, ""
        if rule.constant is not None:
            return name, str(rule.constant)
        sources = rule.columns or [rule.column or name]
        values = [_plain(frame[source][position]) for source in sources]
        names = [str(frame[UNPIVOTED_NAME][position]) if source == UNPIVOTED_VALUE else source for source in sources]
        return rule.separator.join(names), rule.separator.join(values)[:_LONGEST_VALUE_SHOWN]


def _zone(name: str | None, default: ZoneInfo) -> ZoneInfo:
    if name is None:
        return default
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadTimeZone(zone=name) from error


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _finished(field: Field, values: pl.Series) -> pl.Series:
    if field.name == "voltage_level":
        words = values.drop_nulls().unique().to_list()
        return values.replace({word: normalise_voltage(word) for word in words})
    wanted = STORED_TYPES[field.kind]
    return values if values.dtype == wanted else values.cast(wanted)


def _minutes(minutes: pl.Series) -> pl.Series:
    return (minutes.cast(pl.Int64) * 60_000_000).cast(pl.Duration("us"))


def _read_times(cells: pl.Series, fmt: str | None) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Naive local times, instants (where the source gives an offset), and which cells could not be read."""
    no_local = pl.Series(cells.name, [None], dtype=pl.Datetime("us")).new_from_index(0, len(cells))
    no_instant = no_local.dt.replace_time_zone("UTC")
    nothing = pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(cells))
    if cells.dtype == pl.Datetime and getattr(cells.dtype, "time_zone", None):
        return no_local, cells.dt.convert_time_zone("UTC").dt.cast_time_unit("us"), nothing
    if cells.dtype in (pl.Datetime, pl.Date):
        return cells.cast(pl.Datetime("us")), no_instant, nothing
    text = as_text(cells)
    if fmt is not None and "%z" in fmt:
        instant = text.str.to_datetime(fmt, strict=False, time_unit="us").cast(pl.Datetime("us", "UTC"))
        return no_local, instant, instant.is_null() & text.is_not_null()
    local = parse_local(text, fmt)
    rest = text.set(local.is_not_null(), None)
    instant = parse_with_offset(rest) if rest.null_count() < len(rest) else no_instant
    return local, instant, local.is_null() & instant.is_null() & text.is_not_null()
