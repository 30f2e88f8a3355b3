"""Cells of a time column to instants: zones, offsets, either end of the interval, the hour of an unpivot."""

from collections.abc import Mapping as Lookup
from datetime import timedelta
from zoneinfo import ZoneInfo

import polars as pl

from lianxin.contracts.fields import EARLIEST_YEAR, LATEST_YEAR, Field
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.lake.convert import Converted, as_text
from lianxin.lake.faults import Fault
from lianxin.lake.mapping import UNPIVOTED_INDEX, ColumnRule, NumberedColumns
from lianxin.lake.plan import ImportPlan, is_interval_start
from lianxin.lake.times import (
    Localiser,
    carries_offset,
    close_day,
    parse_instant,
    parse_local,
    parse_with_offset,
    plausible,
)


class BadTimeZone(UnusableInput):
    """A mapping names a time zone that does not exist."""

    text = Text("未知时区：{zone}", "Unknown time zone: {zone}")


class InstantReader:
    """Reads the time columns of one file; keeps the doubled hours seen from chunk to chunk."""

    def __init__(self, plan: ImportPlan, zones: Lookup[str, ZoneInfo]) -> None:
        self._plan = plan
        self._localisers = {name: (Localiser(zone), Localiser(zone)) for name, zone in zones.items()}

    def read(
        self,
        field: Field,
        rule: ColumnRule,
        cells: pl.Series,
        frame: pl.DataFrame,
        done: Lookup[str, pl.Series],
    ) -> Converted:
        """Instants in UTC; ``done`` holds the columns that were read before: minutes, and the rest of the key."""
        local, instant, unread = _read_times(cells, rule.format)
        step = _minutes(done["minutes"]) if field.key and "minutes" in done else timedelta(0)
        within_day = is_interval_start(self._plan, field)
        if within_day:
            offset = self._offset(frame, rule)
            local, instant = local + offset, instant + offset
        elif rule.stamp == "end":
            instant = instant - step
        if rule.midnight == "end_of_day" and not within_day:
            local = close_day(local)
        by_end = rule.stamp == "end" and not within_day
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

    def _offset(self, frame: pl.DataFrame, rule: ColumnRule) -> pl.Series:
        """From the start of the day to the start of the interval, by the position of its column.

        Numbered columns with stamp = "end" name the end: P1 the first interval's, P0 that of the one before.
        """
        unpivot = self._plan.unpivot
        minutes = (unpivot.minutes if unpivot else None) or 0
        position = frame[UNPIVOTED_INDEX]
        if rule.stamp == "end" and unpivot is not None and isinstance(unpivot.columns, NumberedColumns):
            position = position + (unpivot.columns.first - 1)
        return _minutes(position * minutes)

    def _localised(
        self, field: Field, local: pl.Series, step: pl.Series | timedelta, done: Lookup[str, pl.Series]
    ) -> pl.Series:
        """UTC start of the interval; an end stamp in the skipped hour may still close an interval before it."""
        series_key = [done[name] for name in self._plan.table.key if name in done and name != field.name]
        by_stamp, by_start = self._localisers[field.name]
        utc = by_stamp.to_utc(local, series_key) - step
        lost = utc.is_null() & local.is_not_null()
        if lost.any() and isinstance(step, pl.Series):
            utc = utc.fill_null(by_start.to_utc((local - step).set(~lost, None), series_key))
        return utc


def zone_of(name: str | None, default: ZoneInfo) -> ZoneInfo:
    """The zone that a mapping names, else ``default``. Raises BadTimeZone."""
    if name is None:
        return default
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise BadTimeZone(zone=name) from error


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
    if fmt is not None and carries_offset(fmt):
        instant = parse_instant(text, fmt)
        return no_local, instant, instant.is_null() & text.is_not_null()
    local = parse_local(text, fmt)
    rest = text.set(local.is_not_null(), None)
    instant = parse_with_offset(rest) if rest.null_count() < len(rest) else no_instant
    return local, instant, local.is_null() & instant.is_null() & text.is_not_null()
