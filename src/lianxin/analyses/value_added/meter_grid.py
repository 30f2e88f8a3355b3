"""Readings of many usage points as whole local days on a common grid, fetched in chunks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import numpy as np
import polars as pl
from ibis import _
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts import MeterDays
from lianxin.analyses.value_added.price_facts import AreaTemperatures, PriceFacts, area_temperatures
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.zones import start_of_day_utc

Floats = NDArray[np.float64]
_MEASURES = ("kwh", "kvarh", "kvarh_leading")
_DAY_MINUTES = 1440
CHUNK_INTERVALS = 8_000_000
"""Grid cells at once: three measures of this many take 0.2 GiB. The days of a chunk cost the same, however many
meters watch them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpan:
    """The local days that are whole for the supplier: from its first reading to the last day that has ended."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


def interval_days(
    given: AnalysisInput, *, mean_c: "StationMeans", chunk_intervals: int = CHUNK_INTERVALS
) -> Iterator[MeterDays]:
    """Chunks of usage points of one interval length each, every chunk over the same days.

    The days begin with the first reading of all, so that a run a day later sees the same past. A usage point with
    several lengths counts with the shortest; what it has in others is left out.
    """
    points = pl.DataFrame(
        given.rows(
            given.facts("interval_reading")
            .filter(_.kwh.notnull())
            .group_by("usage_point_id")
            .agg(minutes=_.minutes.min(), first=_.start_at.min(), last=_.start_at.max())
        )
    ).sort("usage_point_id")
    if points.is_empty():
        return
    span = day_span(given, points)
    for (minutes,), group in sorted(points.group_by("minutes"), key=lambda item: str(item[0][0])):
        size = max(1, chunk_intervals // (span.days * (_DAY_MINUTES // int(minutes))))
        ids = group["usage_point_id"].to_list()
        for start in range(0, len(ids), size):
            yield _grid(given, sorted(ids[start : start + size]), int(minutes), span, mean_c)


def day_span(given: AnalysisInput, points: pl.DataFrame) -> DaySpan:
    """From the day of the first reading to the last day that has readings to its end."""
    utc = "UTC"
    zone = given.zone.key
    ends = points.select(
        first=pl.col("first").dt.replace_time_zone(utc).dt.convert_time_zone(zone).dt.date().min(),
        # the interval that ends at midnight closes its day
        last=(pl.col("last") + pl.duration(minutes=pl.col("minutes")))
        .dt.replace_time_zone(utc)
        .dt.convert_time_zone(zone)
        .max()
        .dt.date(),
    ).row(0)
    return DaySpan(first=ends[0], last=min(ends[1] - timedelta(days=1), given.as_of.day))


def daily_days(given: AnalysisInput, *, mean_c: "StationMeans") -> Iterator[MeterDays]:
    """Usage points that have daily usage and no interval readings, one interval a day, in chunks."""
    metered = given.facts("interval_reading").select("usage_point_id").distinct()
    usage = given.facts("daily_usage").filter(_.kwh.notnull()).anti_join(metered, "usage_point_id")
    edges = given.rows(usage.aggregate(first=_.day.min(), last=_.day.max())).to_pylist()[0]
    if edges["first"] is None:
        return
    span = DaySpan(first=edges["first"], last=edges["last"])
    ids = pl.DataFrame(given.rows(usage.select("usage_point_id").distinct()))["usage_point_id"].sort().to_list()
    size = max(1, CHUNK_INTERVALS // (4 * span.days))
    for start in range(0, len(ids), size):
        chosen = ids[start : start + size]
        rows = usage.filter(_.usage_point_id.between(chosen[0], chosen[-1])).select("usage_point_id", "day", "kwh")
        frame = pl.DataFrame(given.rows(rows)).with_columns(slot=pl.lit(0))
        values = _laid_out(frame, "kwh", chosen, span, 1)
        yield MeterDays(
            usage_point_id=tuple(chosen), first_day=span.first, kwh=values, temperature_c=mean_c.of(chosen, span)
        )


def _grid(given: AnalysisInput, ids: list[str], minutes: int, span: DaySpan, mean_c: "StationMeans") -> MeterDays:
    start, end = (
        start_of_day_utc(day, given.zone).replace(tzinfo=None) for day in (span.first, span.last + timedelta(days=1))
    )
    rows = (
        given.facts("interval_reading")
        .filter(_.start_at >= start, _.start_at < end, _.minutes == minutes)
        .filter(_.usage_point_id.between(ids[0], ids[-1]), _.usage_point_id.isin(ids))
        .select("usage_point_id", "start_at", *_MEASURES)
    )
    local = pl.col("start_at").dt.replace_time_zone("UTC").dt.convert_time_zone(given.zone.key)
    frame = pl.DataFrame(given.rows(rows)).with_columns(
        day=local.dt.date(), slot=(local.dt.hour().cast(pl.Int64) * 60 + local.dt.minute()) // minutes
    )
    columns = {
        name: _laid_out(frame, name, ids, span, _DAY_MINUTES // minutes)
        if name == "kwh" or frame[name].null_count() < frame.height
        else None
        for name in _MEASURES
    }
    kwh = columns["kwh"]
    assert kwh is not None  # noqa: S101  # it was asked for
    return MeterDays(
        usage_point_id=tuple(ids),
        first_day=span.first,
        kwh=kwh,
        kvarh=columns["kvarh"],
        kvarh_leading=columns["kvarh_leading"],
        temperature_c=mean_c.of(ids, span),
    )


def _laid_out(frame: pl.DataFrame, name: str, ids: list[str], span: DaySpan, slots: int) -> Floats:
    """Cells (usage points, days, slots), NaN where nothing was measured."""
    place = pl.DataFrame({"usage_point_id": ids, "row": np.arange(len(ids))})
    known = frame.join(place, on="usage_point_id").filter(pl.col("day").is_between(span.first, span.last))
    out = np.full((len(ids), span.days, slots), np.nan)
    days = (known["day"].cast(pl.Int32) - (span.first - date(1970, 1, 1)).days).to_numpy()
    out[known["row"].to_numpy(), days, known["slot"].to_numpy()] = known[name].cast(pl.Float64).to_numpy()
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class StationMeans:
    """Daily mean temperature (°C) by usage point: of its area's stations, else of the only station."""

    area_of_point: Mapping[str, str]
    weather: AreaTemperatures

    def of(self, ids: list[str], span: DaySpan) -> Floats | None:
        """Cells (usage points, days); None where no weather is known at all."""
        if not self.weather.by_area and self.weather.only_station is None:
            return None
        days = [span.first + timedelta(days=number) for number in range(span.days)]
        series: dict[int, Floats] = {}
        out = np.full((len(ids), span.days), np.nan)
        for row, point in enumerate(ids):
            found = self.weather.by_area.get(self.area_of_point.get(point, ""), self.weather.only_station)
            if found is not None:
                if id(found) not in series:
                    series[id(found)] = np.array([found.get(day, np.nan) for day in days])
                out[row] = series[id(found)]
        return out


def station_means(given: AnalysisInput, facts: PriceFacts) -> StationMeans:
    """Fetch them once for a run; without a mean, half of maximum and minimum together."""
    points = given.facts("usage_point").filter(_.agreement_id.notnull()).select("usage_point_id", "agreement_id")
    areas = facts.area_of_agreement
    return StationMeans(
        area_of_point={
            row["usage_point_id"]: areas[row["agreement_id"]]
            for row in given.rows(points).to_pylist()
            if row["agreement_id"] in areas
        },
        weather=area_temperatures(given, ibis.coalesce(_.mean_c, (_.max_c + _.min_c) / 2)),
    )
