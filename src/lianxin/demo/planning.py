"""Loads of areas: hourly by class, a quarter-hourly total, daily peaks; what made them, by month."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.area_model import COEFFICIENTS, HOURS, ClassLoad, class_load, connected_kw, felt_temperature
from lianxin.demo.classes import CLASS_CODES, CLASSES
from lianxin.demo.connections import RAMP_MONTHS, UTILISATION, Energised
from lianxin.demo.drivers import Drivers, area_weights
from lianxin.demo.options import DemoOptions
from lianxin.demo.roster import Roster
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.territory import AREAS, DISTRICTS, ROOT_AREA
from lianxin.demo.weather import Weather

Floats = NDArray[np.float64]
LOSS_RATE = 0.052
"""Energy lost between the areas' entry and the customers' meters."""
_HOURS_A_MONTH = 730.0
_HOUR, _QUARTER = 60, 15


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLoads:
    """``total_kw`` (days × 24,): load of the city by hour; ``by_area`` (areas, days × 24)."""

    total_kw: Floats
    by_area: Floats


def mean_load_kw(roster: Roster) -> Floats:
    """Mean load of each area and class by its customers' usual use, losses included: (areas, classes)."""
    area = np.array([item.area for item in DISTRICTS])[roster.district]
    cell = area * len(CLASSES) + roster.klass
    sums = np.bincount(cell, roster.level.astype(np.float64), len(AREAS) * len(CLASSES))
    return np.asarray(np.maximum(sums.reshape(len(AREAS), -1), 400.0) / _HOURS_A_MONTH / (1 - LOSS_RATE))


def write_area_loads(
    sink: Sink, options: DemoOptions, drivers: Drivers, weather: Weather, roster: Roster, energised: Energised
) -> AreaLoads:
    """Write area_load, area_daily_peak, truth/area_component and truth/area_coefficient."""
    level = mean_load_kw(roster)
    by_class = np.zeros((len(CLASSES), len(drivers.days) * HOURS))
    by_area = np.zeros((len(AREAS), len(drivers.days) * HOURS))
    temperature = area_weights() @ weather.hourly_c
    for area, item in enumerate(AREAS):
        felt = felt_temperature(temperature[area])
        for klass, code in enumerate(CLASS_CODES):
            random = stream(options.seed, "area_load", area * len(CLASSES) + klass)
            joined = connected_kw(energised, area, klass, len(drivers.days))
            load = class_load(random, klass, float(level[area, klass]), felt, drivers, joined)
            kw = np.asarray(np.round(np.maximum(load.kw, 0.1), 3), dtype=np.float64)
            _write_series(sink, drivers, item.area_id, code, kw, minutes=_HOUR)
            _write_components(sink, drivers, item.area_id, code, load)
            by_class[klass] += kw
            by_area[area] += kw
        _write_series(sink, drivers, item.area_id, "all", by_area[area], minutes=_HOUR)
    for klass, code in enumerate(CLASS_CODES):
        _write_series(sink, drivers, ROOT_AREA, code, by_class[klass], minutes=_HOUR)
    total = by_class.sum(axis=0)
    quarters = _quarters(stream(options.seed, "area_quarters"), total)
    _write_series(sink, drivers, ROOT_AREA, "all", quarters, minutes=_QUARTER)
    _write_coefficients(sink)
    return AreaLoads(total_kw=total, by_area=by_area)


def _quarters(random: np.random.Generator, hourly: Floats) -> Floats:
    """Quarter hours whose mean over each hour is the hour's load."""
    at = np.arange(len(hourly) * 4) / 4 + 0.125
    smooth = np.interp(at, np.arange(len(hourly)) + 0.5, hourly) * (1 + 0.003 * random.normal(0, 1, len(at)))
    grid = smooth.reshape(-1, 4)
    return np.asarray((grid + (hourly - grid.mean(axis=1))[:, None]).ravel())


def _write_series(sink: Sink, drivers: Drivers, area: str, klass: str, kw: Floats, *, minutes: int) -> None:
    size = len(kw)
    start = drivers.days.midnight_utc[0] + np.arange(size) * np.timedelta64(minutes, "m")
    names = {"area_id": area, "customer_class": klass}
    sink.fact(
        "area_load",
        pl.DataFrame({"start_at": pl.Series(start).dt.replace_time_zone("UTC"), "kw": kw}).with_columns(
            pl.lit(minutes).alias("minutes"), **{name: pl.lit(value) for name, value in names.items()}
        ),
    )
    days = kw.reshape(len(drivers.days), -1)
    sink.fact(
        "area_daily_peak",
        pl.DataFrame(
            {"day": pl.Series(drivers.days.dates), "max_kw": days.max(axis=1), "min_kw": days.min(axis=1)}
        ).with_columns(**{name: pl.lit(value) for name, value in names.items()}),
    )


def _write_components(sink: Sink, drivers: Drivers, area: str, klass: str, load: ClassLoad) -> None:
    """Energy by month that each driver added or took."""
    month = np.repeat(drivers.days.month_index, HOURS)
    months = len(drivers.days.months)
    parts = {
        name: np.bincount(month, getattr(load, name), months)
        for name in ("kw", "weather", "economy", "festival", "new_connection")
    }
    sink.truth(
        "area_component",
        pl.DataFrame(
            {
                "area_id": [area] * months,
                "customer_class": [klass] * months,
                "month": [str(item) for item in drivers.days.months],
                "kwh": parts["kw"],
                "weather_kwh": parts["weather"],
                "economy_kwh": parts["economy"],
                "festival_kwh": parts["festival"],
                "new_connection_kwh": parts["new_connection"],
            }
        ),
    )


def _write_coefficients(sink: Sink) -> None:
    sink.truth(
        "area_coefficient",
        pl.DataFrame(
            {
                "customer_class": list(CLASS_CODES),
                "cooling_per_degree": [item.cooling for item in COEFFICIENTS],
                "heating_per_degree": [item.heating for item in COEFFICIENTS],
                "festival_share": [item.festival for item in COEFFICIENTS],
                "economy_elasticity": [item.economy for item in COEFFICIENTS],
                "economy_indicator": [item.indicator for item in COEFFICIENTS],
                "trend_a_year": [item.trend for item in COEFFICIENTS],
                "utilisation_kw_per_kva": UTILISATION,
                "ramp_months": [RAMP_MONTHS] * len(CLASS_CODES),
                "loss_rate": [LOSS_RATE] * len(CLASS_CODES),
            }
        ),
    )
