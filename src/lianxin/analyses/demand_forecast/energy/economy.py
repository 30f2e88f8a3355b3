"""Indicators of the economy by month, as known at the day of the run, and three ways on."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lianxin.analyses.demand_forecast.config import EnergyConfig
from lianxin.analyses.demand_forecast.load.frame import Floats
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.periods import Month

Way = Literal["low", "base", "high"]
_TREND_MONTHS, _LEAST_MONTHS = 24, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Logarithm of an indicator from month ``first`` on, complete to the last one published."""

    name: str
    first: Month
    logs: Floats

    def on(self, months: list[Month], *, way: Way, config: EnergyConfig) -> Floats | None:
        """Values of ``months``: published ones, then the growth of the last two years, less or more by the spread.

        None where the months begin before the indicator does.
        """
        start = _number(months[0]) - _number(self.first)
        if start < 0:
            return None
        tail = self.logs[-_TREND_MONTHS:]
        slope = float(np.polyfit(np.arange(len(tail)), tail, 1)[0])
        slope += {"low": -1.0, "base": 0.0, "high": 1.0}[way] * config.economy_spread / 12
        wanted = start + np.arange(len(months))
        beyond = np.maximum(wanted - (len(self.logs) - 1), 0)
        return np.asarray(self.logs[np.minimum(wanted, len(self.logs) - 1)] + slope * beyond)


def _number(month: Month) -> int:
    return month.year * 12 + month.number


def indicators(given: AnalysisInput, *, region: str | None) -> list[Indicator]:
    """Positive indicators of ``region`` with at least a year of values; gaps in a straight line."""
    rows = given.rows(given.facts("economy_monthly")).to_pylist()
    found: dict[str, dict[int, float]] = {}
    for row in rows:
        if (region is None or row["region"] == region) and row["value"] is not None and row["value"] > 0:
            found.setdefault(row["indicator"], {})[_number(Month.parse(row["month"]))] = float(np.log(row["value"]))
    listed = []
    for name, values in sorted(found.items()):
        if len(values) >= _LEAST_MONTHS:
            months = np.array(sorted(values))
            every = np.arange(months[0], months[-1] + 1)
            logs = np.interp(every, months, [values[int(month)] for month in months])
            year, number = divmod(int(months[0]) - 1, 12)
            listed.append(Indicator(name=name, first=Month(year, number + 1), logs=logs))
    return listed
