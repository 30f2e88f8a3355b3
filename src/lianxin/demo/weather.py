"""Weather of three stations: ten past years by the day, the span by the hour."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.days import Days, days_between
from lianxin.demo.options import DemoOptions
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.foundation.calendar import Calendar

Floats = NDArray[np.float64]
PAST_YEARS = 10
HOURS = 24


@dataclass(frozen=True, slots=True)
class Station:
    """A weather station: offset of its temperature from the plain, and how strongly a day warms and cools."""

    station_id: str
    offset_c: float
    amplitude_c: float


STATIONS = (Station("WS-58001", 0.0, 4.2), Station("WS-58002", -0.6, 4.6), Station("WS-58003", -3.1, 5.4))
# Mean of the year and half-range: a city on the lower Yangtze.
_MEAN_C, _HALF_RANGE_C, _COLDEST_DAY = 16.9, 12.3, 22
_WARMING_C_PER_YEAR = 0.035
_CONDITIONS = ("晴", "多云", "阴", "小雨", "中雨", "大雨", "雷阵雨", "小雪", "雾")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Temperatures of the span: ``mean_c`` (stations, days), ``hourly_c`` (stations, days × 24)."""

    mean_c: Floats
    max_c: Floats
    hourly_c: Floats

    def city_mean_c(self) -> Floats:
        """Mean temperature of the day over the stations of the plain, shape (days,)."""
        return np.asarray(0.6 * self.mean_c[0] + 0.4 * self.mean_c[1])


def write_weather(sink: Sink, options: DemoOptions, calendar: Calendar) -> Weather:
    """Write weather_daily (ten past years and the span) and weather_hourly (the span)."""
    first = date(options.first_day.year - PAST_YEARS, options.first_day.month, 1)
    days = days_between(first, options.last_day, calendar)
    random = stream(options.seed, "weather")
    span = options.days
    common = _city_daily(days, random)
    means, highs, hourly = [], [], []
    for station in STATIONS:
        mean = common + station.offset_c + random.normal(0, 0.7, len(days))
        cloud = np.clip(random.beta(1.6, 1.6, len(days)), 0.02, 0.98)
        hours = _hours(mean, cloud, station, random)
        _write_daily(sink, station, days, hours, cloud, random)
        tail = hours[-span:]
        _write_hourly(sink, station, options.first_day, tail, cloud[-span:], random)
        means.append(tail.mean(axis=1))
        highs.append(tail.max(axis=1))
        hourly.append(tail.ravel())
    return Weather(mean_c=np.array(means), max_c=np.array(highs), hourly_c=np.array(hourly))


def _city_daily(days: Days, random: np.random.Generator) -> Floats:
    count = len(days)
    season = -_HALF_RANGE_C * np.cos(2 * np.pi * (days.day_of_year - _COLDEST_DAY) / 365.25)
    slow, fast = np.zeros(count), np.zeros(count)
    shocks = random.normal(0, 1, (2, count))
    for day in range(1, count):
        slow[day] = 0.965 * slow[day - 1] + 0.42 * shocks[0, day]
        fast[day] = 0.62 * fast[day - 1] + 1.75 * shocks[1, day]
    winter = 1.0 + 0.25 * np.cos(2 * np.pi * (days.day_of_year - _COLDEST_DAY) / 365.25)
    trend = _WARMING_C_PER_YEAR * (np.arange(count) - count + 1) / 365.25
    return np.asarray(_MEAN_C + season + winter * (slow + fast) + trend)


def _hours(mean: Floats, cloud: Floats, station: Station, random: np.random.Generator) -> Floats:
    """Temperature by hour, shape (days, 24): warmest at 15 h, continuous over midnight."""
    hour = np.arange(HOURS)
    wave = np.cos(2 * np.pi * (hour - 15) / HOURS) + 0.22 * np.cos(4 * np.pi * (hour - 14) / HOURS)
    amplitude = station.amplitude_c * (1.25 - 0.85 * cloud)
    at_noon = np.arange(len(mean)) * HOURS + 12
    level = np.interp(np.arange(len(mean) * HOURS), at_noon, mean).reshape(-1, HOURS)
    noise = random.normal(0, 0.25, (len(mean), HOURS))
    return np.round(level + amplitude[:, None] * wave[None, :] + noise, 1)


def _write_daily(
    sink: Sink, station: Station, days: Days, hours: Floats, cloud: Floats, random: np.random.Generator
) -> None:
    mean = hours.mean(axis=1)
    wet = random.random(len(days))
    condition = np.select(
        [
            (wet < 0.06) & (mean < 1.5),
            (wet < 0.09) & (mean > 24),
            wet < 0.02,
            wet < 0.06,
            wet < 0.22,
            (wet > 0.97) & (mean < 12),
            cloud > 0.66,
            cloud > 0.33,
        ],
        [7, 6, 5, 4, 3, 8, 2, 1],
        default=0,
    )
    sink.fact(
        "weather_daily",
        {
            "station_id": [station.station_id] * len(days),
            "day": pl.Series(days.dates),
            "min_c": hours.min(axis=1),
            "max_c": hours.max(axis=1),
            "mean_c": np.round(mean, 2),
            "condition": pl.Series([_CONDITIONS[code] for code in condition]),
        },
    )


def _write_hourly(
    sink: Sink, station: Station, first: date, hours: Floats, cloud: Floats, random: np.random.Generator
) -> None:
    count = hours.size
    begin = np.datetime64(first, "us") - np.timedelta64(8, "h")
    start = begin + np.arange(count) * np.timedelta64(1, "h")
    humid = 48 + 34 * np.repeat(cloud, HOURS) - 1.1 * (hours - hours.mean(axis=1, keepdims=True)).ravel()
    humid = np.clip(humid + random.normal(0, 3, count), 12, 100)
    temperature = pl.Series(hours.ravel())
    gap = pl.Series(random.random(count) < 0.0008)  # a station is silent now and then
    sink.fact(
        "weather_hourly",
        pl.DataFrame(
            {
                "station_id": [station.station_id] * count,
                "start_at": pl.Series(start).dt.replace_time_zone("UTC"),
                "temperature_c": temperature,
                "humidity_pct": np.round(humid, 0),
            }
        ).filter(~gap),
    )
