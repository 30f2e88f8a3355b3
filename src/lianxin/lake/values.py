"""Cells of one field to values: where they stand, how they are written, in which unit."""

from collections.abc import Mapping as Lookup
from zoneinfo import ZoneInfo

import polars as pl

from lianxin.contracts.codes import CodeList
from lianxin.contracts.fields import Field, Kind
from lianxin.contracts.voltage import normalise_voltage
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.lake import convert
from lianxin.lake.convert import STORED_TYPES, Converted, as_text
from lianxin.lake.faults import Fault
from lianxin.lake.instants import InstantReader, zone_of
from lianxin.lake.mapping import ColumnRule
from lianxin.lake.plan import ImportPlan
from lianxin.lake.units import Conversion, conversion


class NoIntervalLength(UnusableInput):
    """A mean power can be turned into energy only where the length of the interval is known."""

    text = Text(
        "{table}.{column} 的单位 {unit} 须有时段长度才能换算，而该表没有 minutes 列。",
        "{table}.{column} in {unit} needs the length of an interval, and the table has no minutes.",
    )


class ValueReader:
    """Reads the values of one file's fields, chunk after chunk."""

    def __init__(self, plan: ImportPlan, *, zone: ZoneInfo, code_lists: Lookup[str, CodeList]) -> None:
        self._plan = plan
        self._zones = {name: zone_of(rule.timezone, zone) for name, rule in plan.rules.items()}
        self._instants = InstantReader(plan, self._zones)
        self._lookups = {
            field.name: code_lists[field.codes].lookup() for field in plan.table.fields if field.codes is not None
        }
        self._conversions: dict[str, Conversion] = {}
        for name, rule in plan.rules.items():
            self._conversions[name] = conversion(plan.table[name], rule.unit)
            if self._conversions[name].per != "value" and "minutes" not in plan.rules:
                raise NoIntervalLength(table=plan.table.name, column=name, unit=rule.unit)

    def read(self, field: Field, frame: pl.DataFrame, done: Lookup[str, pl.Series]) -> Converted:
        """The field's values in stored type and unit; ``done`` holds the columns that were read before."""
        rule = self._plan.rules[field.name]
        cells, faults = self._cells(frame, field, rule)
        converted = self._value(field, rule, cells, frame, done)
        return Converted(_finished(field, converted.values), [*faults, *converted.faults])

    def multipliers(self, name: str, frame: pl.DataFrame) -> Converted:
        """The factor of each register of column ``name``; null where the source has none."""
        rule = self._plan.rules[name]
        if isinstance(rule.multiply_by, str):
            return convert.to_number(frame[rule.multiply_by], name, self._plan.decimal)
        return Converted(pl.Series(name, [rule.multiply_by], dtype=pl.Float64).new_from_index(0, len(frame)))

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
        done: Lookup[str, pl.Series],
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
                return convert.to_month(cells, field.name, rule.format)
            case Kind.BOOLEAN:
                return convert.to_boolean(cells, field.name)
            case Kind.TIMESTAMP:
                return self._instants.read(field, rule, cells, frame, done)
            case Kind.INTEGER if self._conversions[field.name] == Conversion() and rule.multiply_by is None:
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
        done: Lookup[str, pl.Series],
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
        if rule.multiply_by is not None and not rule.cumulative:
            factor, more = self._factor(field, rule, frame, values)
            values, faults = values * factor, [*faults, *more]
        overflown = (~values.is_finite()).fill_null(value=False)
        if overflown.any():
            values = values.set(overflown, None)
            faults.append(Fault(overflown, field.name, "not_a_number"))
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


def _finished(field: Field, values: pl.Series) -> pl.Series:
    if field.name == "voltage_level":
        words = values.drop_nulls().unique().to_list()
        return values.replace({word: normalise_voltage(word) for word in words})
    wanted = STORED_TYPES[field.kind]
    return values if values.dtype == wanted else values.cast(wanted)
