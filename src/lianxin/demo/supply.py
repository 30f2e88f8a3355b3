"""What the supplier can draw on: capacity with a planted shortage, contracted energy, costs, prices of other fuels."""

from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.options import DemoOptions
from lianxin.demo.planning import AreaLoads
from lianxin.demo.price_tables import BANDS
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.territory import AREAS, REGION, ROOT_AREA
from lianxin.foundation.periods import Month, months_between

Floats = NDArray[np.float64]
AHEAD_DAYS, AHEAD_MONTHS = 184, 12
# Planted: in these days of July and August and in these hours less can be supplied than is wanted.
SHORTAGE_FROM, SHORTAGE_TO, SHORTAGE_HOURS, SHORTAGE_SHARE = (7, 15), (8, 20), (11, 22), 0.82
_RESERVE = 1.09
_SOURCES = (
    ("年度中长期", 0.62, 0.392),
    ("月度集中竞价", 0.18, 0.418),
    ("新能源", 0.10, 0.345),
    ("外来电", 0.06, 0.402),
)
_VOLTAGE_COST = {"220V": 0.1720, "380V": 0.1690, "10kV": 0.1310, "35kV": 0.1040, "110kV": 0.0790}
_BAND_COST = dict(zip(BANDS, (0.640, 0.520, 0.400, 0.255, 0.215), strict=True))
_FUELS = (
    ("natural_gas", 3.65, "CNY/m3", 0.05),
    ("coal", 920.0, "CNY/t", 0.06),
    ("fuel_oil", 5_450.0, "CNY/t", 0.05),
    ("diesel", 7_600.0, "CNY/t", 0.04),
    ("photovoltaic", 0.315, "CNY/kWh", 0.01),
)


def write_supply(sink: Sink, options: DemoOptions, loads: AreaLoads) -> None:
    """Write supply_capacity, energy_supply, supply_cost, network_cost, fuel_price and truth/shortage."""
    random = stream(options.seed, "supply")
    _write_capacity(sink, options, random, loads.total_kw)
    _write_energy(sink, options, random, loads.total_kw)
    _write_costs(sink, options, random)
    _write_fuels(sink, options, random)


def _write_capacity(sink: Sink, options: DemoOptions, random: np.random.Generator, total: Floats) -> None:
    """Available load by hour, over the span and half a year ahead; short in the planted weeks of summer."""
    hours = (options.days + AHEAD_DAYS) * 24
    days = [options.first_day + timedelta(days=number) for number in range(options.days + AHEAD_DAYS)]
    daily_peak = total.reshape(-1, 24).max(axis=1)
    by_week: dict[int, float] = {}
    for day, peak in zip(days, daily_peak.tolist(), strict=False):
        week = min(day.timetuple().tm_yday // 7, 51)
        by_week[week] = max(by_week.get(week, 0.0), peak)
    overall = float(daily_peak.max())
    growth = 1.04 ** (np.arange(len(days)) / 365.25 - 1)
    level = np.array([by_week.get(min(day.timetuple().tm_yday // 7, 51), overall) for day in days]) * _RESERVE * growth
    short = np.array([SHORTAGE_FROM <= (day.month, day.day) <= SHORTAGE_TO for day in days])
    hour = np.arange(24)
    inside = (hour >= SHORTAGE_HOURS[0]) & (hour < SHORTAGE_HOURS[1])
    grid = level[:, None] * np.where(short[:, None] & inside[None], SHORTAGE_SHARE, 1.0)
    grid *= 1 + 0.012 * random.normal(0, 1, (len(days), 1))
    begin = np.datetime64(options.first_day, "us") - np.timedelta64(8, "h")
    sink.fact(
        "supply_capacity",
        pl.DataFrame(
            {
                "area_id": [ROOT_AREA] * hours,
                "start_at": pl.Series(begin + np.arange(hours) * np.timedelta64(1, "h")).dt.replace_time_zone("UTC"),
                "minutes": np.full(hours, 60),
                "available_kw": np.round(grid.ravel(), 1),
            }
        ),
    )
    years = sorted({day.year for day in days})
    sink.truth(
        "shortage",
        pl.DataFrame(
            {
                "from_day": [date(year, *SHORTAGE_FROM) for year in years],
                "to_day": [date(year, *SHORTAGE_TO) for year in years],
                "from_hour": [SHORTAGE_HOURS[0]] * len(years),
                "to_hour": [SHORTAGE_HOURS[1]] * len(years),
                "share_of_normal": [SHORTAGE_SHARE] * len(years),
            }
        ),
    )


def _write_energy(sink: Sink, options: DemoOptions, random: np.random.Generator, total: Floats) -> None:
    """Contracted energy by month and source: somewhat less than what is bought in the end."""
    first, last = options.months[0], options.months[-1]
    months = list(months_between(first, last + AHEAD_MONTHS))
    day_month = np.array([(options.first_day + timedelta(days=number)).month for number in range(options.days)])
    by_day = total.reshape(-1, 24).sum(axis=1)
    rows = []
    for month in months:
        like = by_day[day_month == month.number]
        mean = float(like.mean() if like.size else by_day.mean())
        years = (month.year - first.year) + (month.number - first.number) / 12
        need = mean * month.days * 1.035 ** (years - 1)
        for source, share, price in _SOURCES:
            rows.append(
                {
                    "area_id": ROOT_AREA,
                    "month": str(month),
                    "source": source,
                    "kwh": round(need * share * float(random.uniform(0.97, 1.03)), 0),
                    "price": round(price * float(random.uniform(0.97, 1.03)), 4),
                }
            )
    sink.fact("energy_supply", pl.DataFrame(rows))


def _write_costs(sink: Sink, options: DemoOptions, random: np.random.Generator) -> None:
    quarters = [month for month in options.months if month.number % 3 == 1] or [options.months[0]]
    if quarters[0] != options.months[0]:
        quarters.insert(0, options.months[0])
    rows = []
    level = 1.0
    for month in quarters:
        level *= float(np.exp(random.normal(0, 0.02)))
        rows += [
            {"area_id": area, "valid_from": month.first_day, "band": band, "per_kwh": round(cost * level, 4)}
            for area in (ROOT_AREA, *(item.area_id for item in AREAS))
            for band, cost in _BAND_COST.items()
        ]
    sink.fact("supply_cost", pl.DataFrame(rows))
    years = sorted(
        {
            options.first_day,
            *(date(year, 1, 1) for year in range(options.first_day.year + 1, options.last_day.year + 1)),
        }
    )
    sink.fact(
        "network_cost",
        pl.DataFrame(
            [
                {"voltage_level": volts, "valid_from": day, "per_kwh": round(cost * (1 + 0.01 * number), 4)}
                for number, day in enumerate(years)
                for volts, cost in _VOLTAGE_COST.items()
            ]
        ),
    )


def _write_fuels(sink: Sink, options: DemoOptions, random: np.random.Generator) -> None:
    rows: list[dict[str, object]] = []
    for fuel, base, unit, swing in _FUELS:
        level = 0.0
        for month in options.months:
            level = 0.85 * level + float(random.normal(0, swing))
            trend = -0.004 * len(rows) / len(_FUELS) if fuel == "photovoltaic" else 0.0
            price = base * float(np.exp(level + trend)) * (1.04 if fuel == "natural_gas" and _winter(month) else 1.0)
            rows.append({"region": REGION, "fuel": fuel, "month": str(month), "price": round(price, 4), "unit": unit})
    sink.fact("fuel_price", pl.DataFrame(rows))


def _winter(month: Month) -> bool:
    return month.number in {11, 12, 1, 2, 3}
