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
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.territory import AREAS, ROOT_AREA
from lianxin.demo.weather import Weather

Floats = NDArray[np.float64]
LOSS_RATE = 0.052
"""Energy lost between the areas' entry and the customers' meters."""
# A handful of customers that come or go must not bend a class for years.
_STEEPEST_TREND = 0.08
_HOUR, _QUARTER = 60, 15


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLoads:
    """``total_kw`` (days × 24,): load of the city by hour; ``by_area`` (areas, days × 24)."""

    total_kw: Floats
    by_area: Floats


def mean_load_kw(billed: Floats, drivers: Drivers) -> Floats:
    """Mean load of each area and class at the areas' entry, losses included: (areas, classes).

    ``billed`` (areas, classes, months) is what the customers' meters count, kWh.
    """
    hours = 24.0 * len(drivers.days)
    return np.asarray(np.maximum(billed.sum(axis=2), 400.0) / hours / (1 - LOSS_RATE))


def write_area_loads(
    sink: Sink, options: DemoOptions, drivers: Drivers, weather: Weather, billed: Floats, energised: Energised
) -> AreaLoads:
    """Write area_load, area_daily_peak, truth/area_component and truth/area_coefficient."""
    by_class = np.zeros((len(CLASSES), len(drivers.days) * HOURS))
    by_area = np.zeros((len(AREAS), len(drivers.days) * HOURS))
    temperature = area_weights() @ weather.hourly_c
    for area, item in enumerate(AREAS):
        felt = felt_temperature(temperature[area])
        for klass, code in enumerate(CLASS_CODES):
            load, trend = _fitted(options, drivers, area, klass, felt, billed[area, klass], energised)
            kw = np.asarray(np.round(np.maximum(load.kw, 0.1), 3), dtype=np.float64)
            _write_series(sink, drivers, item.area_id, code, kw, minutes=_HOUR)
            _write_components(sink, drivers, item.area_id, code, load)
            _write_coefficients(sink, item.area_id, klass, trend)
            by_class[klass] += kw
            by_area[area] += kw
        _write_series(sink, drivers, item.area_id, "all", by_area[area], minutes=_HOUR)
    for klass, code in enumerate(CLASS_CODES):
        _write_series(sink, drivers, ROOT_AREA, code, by_class[klass], minutes=_HOUR)
    total = by_class.sum(axis=0)
    quarters = _quarters(stream(options.seed, "area_quarters"), total)
    _write_series(sink, drivers, ROOT_AREA, "all", quarters, minutes=_QUARTER)
    return AreaLoads(total_kw=total, by_area=by_area)


def _fitted(
    options: DemoOptions, drivers: Drivers, area: int, klass: int, felt: Floats, billed: Floats, energised: Energised
) -> tuple[ClassLoad, float]:
    """Load of a class whose level and trend follow what its customers are billed: losses stay about the same."""
    joined = connected_kw(energised, area, klass, len(drivers.days))

    def drawn(level_kw: float, trend: float) -> ClassLoad:
        random = stream(options.seed, "area_load", area * len(CLASSES) + klass)
        return class_load(
            random, klass, level_kw=level_kw, trend=trend, felt=felt, drivers=drivers, connected_kw=joined
        )

    plain = drawn(1.0, 0.0)
    own = _by_month(plain.kw - plain.new_connection, drivers)
    entered = np.maximum(billed, 100.0) / (1 - LOSS_RATE)
    target = np.maximum(entered - _by_month(plain.new_connection, drivers), 0.2 * entered)
    years = (np.arange(len(target)) + 0.5) / 12
    ratio = np.log(target / own)
    trend = float(np.clip(np.polyfit(years, ratio, 1)[0], -_STEEPEST_TREND, _STEEPEST_TREND))
    level = float(np.exp((ratio - trend * years).mean()))
    return drawn(level, trend), trend


def _by_month(kw: Floats, drivers: Drivers) -> Floats:
    month = np.repeat(drivers.days.month_index, HOURS)
    return np.asarray(np.bincount(month, kw, len(drivers.days.months)))


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
    months = len(drivers.days.months)
    names = ("kw", "weather", "economy", "festival", "new_connection")
    parts = {name: _by_month(getattr(load, name), drivers) for name in names}
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


def _write_coefficients(sink: Sink, area: str, klass: int, trend: float) -> None:
    chosen = COEFFICIENTS[klass]
    sink.truth(
        "area_coefficient",
        pl.DataFrame(
            {
                "area_id": [area],
                "customer_class": [CLASS_CODES[klass]],
                "cooling_per_degree": [chosen.cooling],
                "heating_per_degree": [chosen.heating],
                "festival_share": [chosen.festival],
                "economy_elasticity": [chosen.economy],
                "economy_indicator": [chosen.indicator],
                "trend_a_year": [trend],
                "utilisation_kw_per_kva": [float(UTILISATION[klass])],
                "ramp_months": [RAMP_MONTHS],
                "loss_rate": [LOSS_RATE],
            }
        ),
    )
