"""How the load of a class in an area is made: hour by hour, each driver a factor of its own, so that parts are known.

    kW = level · shape(hour, day) · season · weather(T) · (1 − F·festival) · (index ÷ 100)^E · e^(g·years) · noise
         + Σ connected kVA · utilisation · ramp · shape

Temperature acts with some inertia. All coefficients are in truth/area_coefficient.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.classes import CLASSES, basis_curves
from lianxin.demo.connections import RAMP_MONTHS, UTILISATION, Energised
from lianxin.demo.days import HOLIDAY, WORKDAY
from lianxin.demo.drivers import COOL_FROM_C, HEAT_BELOW_C, Drivers
from lianxin.demo.territory import DISTRICTS

Floats = NDArray[np.float64]
HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """Of one class: load added per degree of cooling and heating, festival, elasticity of the economy."""

    cooling: float
    heating: float
    festival: float
    economy: float
    indicator: str
    rest: float
    season: float
    noise: float


COEFFICIENTS = (
    Coefficients(
        cooling=0.010,
        heating=0.004,
        festival=0.36,
        economy=0.60,
        indicator="industrial",
        rest=0.90,
        season=0.02,
        noise=0.014,
    ),
    Coefficients(
        cooling=0.014,
        heating=0.006,
        festival=0.70,
        economy=0.50,
        indicator="industrial",
        rest=0.62,
        season=0.02,
        noise=0.016,
    ),
    Coefficients(
        cooling=0.042,
        heating=0.018,
        festival=0.28,
        economy=0.35,
        indicator="retail",
        rest=1.02,
        season=0.03,
        noise=0.015,
    ),
    Coefficients(
        cooling=0.030,
        heating=0.018,
        festival=0.35,
        economy=0.10,
        indicator="industrial",
        rest=0.70,
        season=0.03,
        noise=0.016,
    ),
    Coefficients(
        cooling=0.020,
        heating=0.000,
        festival=0.15,
        economy=0.00,
        indicator="retail",
        rest=0.98,
        season=-0.30,
        noise=0.030,
    ),
    Coefficients(
        cooling=0.006,
        heating=0.004,
        festival=0.05,
        economy=0.00,
        indicator="retail",
        rest=1.00,
        season=0.05,
        noise=0.020,
    ),
    Coefficients(
        cooling=0.075,
        heating=0.034,
        festival=-0.12,
        economy=0.00,
        indicator="retail",
        rest=1.10,
        season=0.02,
        noise=0.014,
    ),
)
_INERTIA = 0.35  # part of yesterday's mean in the temperature that buildings feel


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLoad:
    """Load by hour of the span and what made it, all shape (days × 24,), kW.

    ``weather``, ``economy``, ``festival``: the load that each driver added or took, the others as they were.
    """

    kw: Floats
    weather: Floats
    economy: Floats
    festival: Floats
    new_connection: Floats


def felt_temperature(hourly: Floats) -> Floats:
    """Temperature with the inertia of buildings, °C by hour."""
    daily = hourly.reshape(-1, HOURS).mean(axis=1)
    before = np.repeat(np.concatenate([daily[:1], daily[:-1]]), HOURS)
    return np.asarray((1 - _INERTIA) * hourly + _INERTIA * before)


def class_load(
    random: np.random.Generator,
    klass: int,
    *,
    level_kw: float,
    trend: float,
    felt: Floats,
    drivers: Drivers,
    connected_kw: Floats,
) -> ClassLoad:
    """Load of one class in one area; ``connected_kw`` (days,) is the new load in use, on the mean over the day.

    ``trend`` is the growth of the logarithm a year beside economy and new connections.
    """
    chosen, days = COEFFICIENTS[klass], drivers.days
    shape = _shape(random, klass, drivers)
    weather = chosen.cooling * np.clip(felt - COOL_FROM_C, 0, None) + chosen.heating * np.clip(
        HEAT_BELOW_C - felt, 0, None
    )
    index = drivers.industrial if chosen.indicator == "industrial" else drivers.retail
    economy = np.repeat(np.exp(chosen.economy * index)[days.month_index], HOURS)
    stop = np.repeat(1 - chosen.festival * drivers.festival, HOURS)
    years = np.repeat(np.arange(len(days)) / 365.25, HOURS)
    wave = np.repeat(1 + chosen.season * np.cos(2 * np.pi * (days.day_of_year - 15) / 365.25), HOURS)
    plain = level_kw * shape * wave * np.exp(trend * years) * _noise(random, len(days), chosen.noise)
    new = np.repeat(connected_kw, HOURS) * shape * stop
    base = plain * (1 + weather) * stop * economy
    return ClassLoad(
        kw=base + new,
        weather=plain * weather * stop * economy,
        economy=base - base / economy,
        festival=base - base / stop,
        new_connection=new,
    )


def _shape(random: np.random.Generator, klass: int, drivers: Drivers) -> Floats:
    """Relative load by hour, mean about 1."""
    weights = np.array(CLASSES[klass].day_weights) * random.lognormal(0, 0.1, 6)
    curves = (basis_curves() @ np.eye(96).reshape(96, HOURS, 4).sum(axis=2)) * HOURS
    by_kind = np.einsum("b,kbh->kh", weights / weights.sum(), curves)
    days = drivers.days
    kind = np.where(days.kind == WORKDAY, 0, 1)
    rest = COEFFICIENTS[klass].rest
    level = np.where(days.kind == WORKDAY, 1.0, np.where(days.kind == HOLIDAY, rest * 0.97, rest))
    weekday = np.array([0.985, 1.0, 1.005, 1.005, 1.0, 0.99, 0.97])[days.weekday]
    return np.asarray((by_kind[kind] * (level * weekday)[:, None]).ravel())


def _noise(random: np.random.Generator, days: int, size: float) -> Floats:
    """Noise of days that carries on, and of hours."""
    shocks = random.normal(0, 1, days)
    daily = np.empty(days)
    level = 0.0
    for day in range(days):
        level = 0.7 * level + 0.714 * shocks[day]
        daily[day] = level
    hourly = random.normal(0, 0.45 * size, days * HOURS)
    return np.asarray(np.exp(np.repeat(size * daily, HOURS) + hourly))


def connected_kw(energised: Energised, area: int, klass: int, days: int) -> Floats:
    """New load in use by day: connected kVA × utilisation, growing over the ramp, shape (days,)."""
    districts = np.array([item.area for item in DISTRICTS])[energised.district]
    here = np.flatnonzero((districts == area) & (energised.klass == klass) & (energised.day < days))
    ramp_days = RAMP_MONTHS * 30.4
    found = np.zeros(days)
    day = np.arange(days)
    for request in here:
        since = day - energised.day[request]
        found += energised.kva[request] * UTILISATION[klass] * np.clip((since + 1) / ramp_days, 0, 1)
    return found
