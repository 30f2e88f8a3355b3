"""What moves everybody's use: weather by area, economy, Spring Festival, prices; monthly and daily."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.classes import INDUSTRIES
from lianxin.demo.days import Days, festival_depth
from lianxin.demo.options import DemoOptions
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.territory import AREAS, REGION
from lianxin.demo.weather import Weather
from lianxin.foundation.periods import Month, months_between

Floats = NDArray[np.float64]
COOL_FROM_C, HEAT_BELOW_C = 23.0, 12.0
INDUSTRIAL_INDEX, RETAIL_INDEX = "industrial_value_added_index", "retail_sales_index"
_ECONOMY_YEARS_BEFORE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Drivers:
    """``cooling``, ``heating`` (areas, days): degrees beyond the comfort band; ``festival`` (days,) 0…1;
    ``industrial``, ``retail`` (months,): logarithm of the index ÷ 100; ``outlook`` (industries, months).
    """

    cooling: Floats
    heating: Floats
    temperature: Floats
    festival: Floats
    industrial: Floats
    retail: Floats
    outlook: Floats
    days: Days

    def monthly(self, daily: Floats) -> Floats:
        """Mean by month of an array whose last axis is days."""
        sums = np.add.reduceat(daily, np.searchsorted(self.days.month_index, np.arange(len(self.days.months))), axis=-1)
        return np.asarray(sums / self.days.days_in_month)


def area_weights() -> Floats:
    """Weights of the stations in each area, shape (areas, stations)."""
    return np.array([area.station_weights for area in AREAS])


def make_drivers(sink: Sink, options: DemoOptions, days: Days, weather: Weather) -> Drivers:
    """Draw the economy and the outlook, write economy_monthly and industry_outlook, and gather all drivers."""
    temperature = area_weights() @ weather.mean_c
    industrial, retail = _economy(sink, options)
    return Drivers(
        cooling=np.clip(temperature - COOL_FROM_C, 0, None),
        heating=np.clip(HEAT_BELOW_C - temperature, 0, None),
        temperature=temperature,
        festival=festival_depth(days.festival_offset),
        industrial=industrial,
        retail=retail,
        outlook=_outlook(sink, options),
        days=days,
    )


def _economy(sink: Sink, options: DemoOptions) -> tuple[Floats, Floats]:
    random = stream(options.seed, "economy")
    first = Month(options.first_day.year - _ECONOMY_YEARS_BEFORE, 1)
    months = list(months_between(first, Month.of(options.last_day)))
    count, span = len(months), len(options.months)
    logs = []
    for name, slope, swing, noise in ((INDUSTRIAL_INDEX, 0.034, 0.055, 0.011), (RETAIL_INDEX, 0.028, 0.030, 0.008)):
        phase = random.uniform(0, 2 * np.pi)
        wave = swing * np.sin(2 * np.pi * np.arange(count) / 31 + phase)
        walk = np.cumsum(random.normal(0, noise, count)) * 0.6 + random.normal(0, 0.004, count)
        log = slope * np.arange(count) / 12 + wave + walk
        log -= log[count - span]
        index = np.round(100 * np.exp(log), 2)
        sink.fact("economy_monthly", _economy_rows(name, months, index))
        logs.append(np.log(index[-span:] / 100))
    return logs[0], logs[1]


def _economy_rows(name: str, months: list[Month], index: Floats) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "region": [REGION] * len(months),
            "indicator": [name] * len(months),
            "month": [str(month) for month in months],
            "value": index,
            "published_on": [_published(month) for month in months],
        }
    )


def _published(month: Month) -> date:
    # January is published with February, in the middle of March, as the statistics office does.
    counted = month + 1 if month.number == 1 else month
    return counted.last_day + timedelta(days=17)


def _outlook(sink: Sink, options: DemoOptions) -> Floats:
    """Outlook of each industry by month (known from the first day of the quarter on)."""
    random = stream(options.seed, "industry_outlook")
    months = options.months
    quarters = sorted({(month.year, (month.number - 1) // 3) for month in months})
    base = np.array([industry.outlook for industry in INDUSTRIES])
    walk = np.cumsum(random.normal(0, 0.11, (len(INDUSTRIES), len(quarters))), axis=1)
    value = np.round(np.clip(base[:, None] + walk, -1, 1), 2)
    rows = [
        (industry.code, date(year, 3 * quarter + 1, 1), value[number, position])
        for number, industry in enumerate(INDUSTRIES)
        for position, (year, quarter) in enumerate(quarters)
    ]
    sink.fact(
        "industry_outlook",
        {
            "industry_code": [row[0] for row in rows],
            "as_of": [row[1] for row in rows],
            "outlook": [float(row[2]) for row in rows],
            "note": [_note(float(row[2])) for row in rows],
        },
    )
    position = [quarters.index((month.year, (month.number - 1) // 3)) for month in months]
    return np.asarray(value[:, position])


def _note(outlook: float) -> str:
    return "景气上行" if outlook > 0.25 else ("景气下行" if outlook < -0.25 else "平稳")
