"""Temperature of an area by the hour: hourly weather, else from the minimum and maximum of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from lianxin.analyses.demand_forecast.load.frame import DAY_SECONDS, Floats, Ints, offset_seconds
from lianxin.analyses.demand_forecast.load.series import LoadSeries
from lianxin.contracts.analysis import AnalysisInput

_GAP_STEPS_S = 6 * 3600
"""A gap of at most six hours is bridged in a straight line."""
_WARMEST_HOUR = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Temperature:
    """°C on a regular grid: ``start`` (seconds UTC), ``step`` (seconds), ``values`` (NaN where nothing is known)."""

    start: int
    step: int
    values: Floats

    def at(self, epoch: Ints) -> Floats:
        """Straight lines between the grid's instants; NaN outside."""
        grid = self.start + np.arange(len(self.values)) * self.step
        return np.interp(epoch, grid, self.values, left=np.nan, right=np.nan)

    @property
    def end(self) -> int:
        """The last instant with a value."""
        seen = np.flatnonzero(np.isfinite(self.values))
        return self.start + int(seen[-1]) * self.step if len(seen) else self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Temperature by station, and the stations of each area with weights (none: to be chosen on the training span)."""

    stations: Mapping[str, Temperature]
    weights: Mapping[str, Mapping[str, float]]

    def of(self, series: LoadSeries, *, before: int) -> Temperature | None:
        """The area's temperature; without area_station rows that of the station that explains the load best before
        the instant ``before`` (seconds UTC).
        """
        named = {key: weight for key, weight in self.weights.get(series.area_id, {}).items() if key in self.stations}
        if named and sum(named.values()) > 0:
            return _weighted([(self.stations[key], weight) for key, weight in sorted(named.items()) if weight > 0])
        if not self.stations:
            return None
        if len(self.stations) == 1:
            return next(iter(self.stations.values()))
        fit = {key: _explained(series, station, before) for key, station in self.stations.items()}
        return self.stations[max(sorted(fit), key=lambda key: fit[key])]


def read_weather(given: AnalysisInput) -> Weather:
    """All stations' temperatures and the areas' stations. Children's stations stand in for an area without rows."""
    hourly, daily = given.facts("weather_hourly"), given.facts("weather_daily")
    hourly = hourly.filter(hourly.temperature_c.notnull()).mutate(epoch=hourly.start_at.epoch_seconds().cast("int64"))
    hours = pl.DataFrame(given.rows(hourly.select("station_id", "epoch", "temperature_c"))).sort("station_id", "epoch")
    days = pl.DataFrame(given.rows(daily.select("station_id", "day", "min_c", "max_c", "mean_c")))
    days = days.with_columns(number=pl.col("day").cast(pl.Date).to_physical()).sort("station_id", "number")
    names = sorted({*hours["station_id"].to_list(), *days["station_id"].to_list()})
    by_hour = {key[0]: part for key, part in hours.group_by("station_id")}
    by_day = {key[0]: part for key, part in days.group_by("station_id")}
    found = {name: _station(by_hour.get(name), by_day.get(name), given.zone) for name in names}
    return Weather(
        stations={name: item for name, item in found.items() if item is not None}, weights=_area_weights(given)
    )


def _area_weights(given: AnalysisInput) -> dict[str, dict[str, float]]:
    own: dict[str, dict[str, float]] = {}
    for row in given.rows(given.facts("area_station")).to_pylist():
        weight = row["weight"]
        own.setdefault(row["area_id"], {})[row["station_id"]] = 1.0 if weight is None else float(weight)
    children: dict[str, list[str]] = {}
    for row in given.rows(given.facts("area").select("area_id", "parent_id")).to_pylist():
        if row["parent_id"] is not None:
            children.setdefault(row["parent_id"], []).append(row["area_id"])
    for parent, below in children.items():
        if parent not in own:
            summed: dict[str, float] = {}
            for child in below:
                for station, weight in own.get(child, {}).items():
                    summed[station] = summed.get(station, 0.0) + weight
            if summed:
                own[parent] = summed
    return own


def _station(hours: pl.DataFrame | None, days: pl.DataFrame | None, zone: ZoneInfo) -> Temperature | None:
    stamps, values = np.zeros(0, dtype=np.int64), np.zeros(0)
    if hours is not None and hours.height:
        stamps, values = (
            hours["epoch"].to_numpy().astype(np.int64),
            hours["temperature_c"].to_numpy().astype(np.float64),
        )
    made = None if days is None else _from_days(days, zone)
    if not len(stamps) and made is None:
        return None
    step = 1800 if len(stamps) and (stamps % 3600 != 0).mean() > 0.2 else 3600
    ends = [(int(part[0]), int(part[-1])) for part in (stamps, made[0] if made else stamps) if len(part)]
    start = min(first for first, _ in ends) // step * step
    grid = np.arange(start, max(last for _, last in ends) + step, step, dtype=np.int64)
    filled = np.interp(grid, made[0], made[1], left=np.nan, right=np.nan) if made else np.full(len(grid), np.nan)
    if len(stamps):
        measured = np.interp(grid, stamps, values, left=np.nan, right=np.nan)
        after = np.clip(np.searchsorted(stamps, grid), 0, len(stamps) - 1)
        before = np.clip(np.searchsorted(stamps, grid, side="right") - 1, 0, len(stamps) - 1)
        bridged = stamps[after] - stamps[before] <= _GAP_STEPS_S
        filled = np.where(np.isfinite(measured) & bridged, measured, filled)
    return Temperature(start=int(start), step=step, values=filled)


def _from_days(days: pl.DataFrame, zone: ZoneInfo) -> tuple[Ints, Floats] | None:
    """Hours of each day between its minimum (about 3 h) and maximum (15 h), continuous over midnight."""
    low, high, mean = (days[name].to_numpy().astype(np.float64) for name in ("min_c", "max_c", "mean_c"))
    low, high = np.where(np.isfinite(low), low, mean), np.where(np.isfinite(high), high, mean)
    middle = np.where(np.isfinite(mean), mean, (low + high) / 2)
    keep = np.isfinite(middle)
    if not keep.any():
        return None
    number = days["number"].to_numpy().astype(np.int64)[keep]
    hours = np.arange(24)
    wave = np.cos(2 * np.pi * (hours - _WARMEST_HOUR) / 24)
    noon = number * DAY_SECONDS + 12 * 3600
    local = (number[:, None] * DAY_SECONDS + hours[None, :] * 3600).ravel()
    level = np.interp(local, noon, middle[keep])
    half = np.nan_to_num((high - low)[keep] / 2)
    values = level + np.repeat(half, 24) * np.tile(wave, len(number))
    return local - offset_seconds(local, zone).astype(np.int64), values


def _weighted(parts: list[tuple[Temperature, float]]) -> Temperature:
    step = min(part.step for part, _ in parts)
    start = min(part.start for part, _ in parts)
    end = max(part.start + (len(part.values) - 1) * part.step for part, _ in parts)
    grid = np.arange(start, end + step, step, dtype=np.int64)
    values = np.array([part.at(grid) for part, _ in parts])
    weight = np.array([weight for _, weight in parts])[:, None] * np.isfinite(values)
    total = weight.sum(axis=0)
    mean = (np.nan_to_num(values) * weight).sum(axis=0) / np.maximum(total, 1e-12)
    return Temperature(start=start, step=step, values=np.where(total > 0, mean, np.nan))


def _explained(series: LoadSeries, station: Temperature, before: int) -> float:
    """Share of the load's variance that a cube of the temperature explains."""
    use = (series.epoch < before) & np.isfinite(series.kw)
    heat = station.at(series.epoch[use])
    seen = np.isfinite(heat)
    if seen.sum() < 50:
        return -1.0
    heat, kw = heat[seen] / 10.0, series.kw[use][seen]
    design = np.column_stack([heat**power for power in range(4)])
    left = kw - design @ np.linalg.lstsq(design, kw, rcond=None)[0]
    return float((1 - left.var() / max(kw.var(), 1e-12)) * seen.mean())
