"""Scenarios of the temperature from past weather years, each also moved by some days either way (T. Hong)."""

from datetime import date, timedelta

import numpy as np

from lianxin.analyses.demand_forecast.config import WeatherConfig
from lianxin.analyses.demand_forecast.load.frame import Ints
from lianxin.analyses.demand_forecast.load.weather import Temperature

_DAY = 86_400


def lookbacks(
    temperature: Temperature, *, cutoff: date, cutoff_epoch: int, last_epoch: int, config: WeatherConfig
) -> Ints:
    """Seconds to look back for each scenario: past years that were known at the cut-off for the whole span.

    Shape (scenarios,). The years come first unmoved, then moved by 1, −1, 2, −2 … days, to the number configured.
    """
    years = [(cutoff - _years_before(cutoff, back)).days for back in range(1, config.years + 1)]
    shifts = [0, *(sign * step for step in range(1, config.shift_days + 1) for sign in (1, -1))]
    found: list[int] = []
    for back in years:
        for shift in shifts:
            seconds = (back + shift) * _DAY
            if last_epoch - seconds < cutoff_epoch and _covered(
                temperature, cutoff_epoch - seconds, last_epoch - seconds
            ):
                found.append(seconds)
    if len(found) > config.scenarios_at_most:
        keep = np.unique(np.linspace(0, len(found) - 1, config.scenarios_at_most).round().astype(int))
        found = [found[number] for number in keep]
    return np.array(found, dtype=np.int64)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28) + timedelta(days=0)


def _covered(temperature: Temperature, first: int, last: int) -> bool:
    values = temperature.at(np.arange(first, last, 6 * 3600, dtype=np.int64))
    return len(values) > 0 and float(np.isfinite(values).mean()) > 0.98
