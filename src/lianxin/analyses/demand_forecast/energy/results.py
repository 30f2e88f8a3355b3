"""energy_forecast: months ahead by area and class, totals as sums of their classes and areas, peaks on their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from lianxin.analyses.demand_forecast.contract_rows import contract_rows
from lianxin.analyses.demand_forecast.energy.connected import connected
from lianxin.analyses.demand_forecast.energy.economy import indicators
from lianxin.analyses.demand_forecast.energy.parts import ClassDays, Part, class_days, fit_class, parts_of
from lianxin.analyses.demand_forecast.energy.territory import ALL, Hierarchy, Key
from lianxin.analyses.demand_forecast.energy.utilisation import billed_utilisation
from lianxin.analyses.demand_forecast.load.ahead import Months, months_ahead
from lianxin.analyses.demand_forecast.load.frame import Floats
from lianxin.analyses.demand_forecast.load.problem import Problem, Setting
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.results.demand_forecast import ENERGY_FORECAST
from lianxin.foundation.periods import Month

_LEVELS = (0.1, 0.5, 0.9)
_INTERVAL = (0.05, 0.95)


def coming_months(given: AnalysisInput, count: int) -> tuple[Month, ...]:
    """The month of the day after as_of and those that follow, ``count`` in all."""
    first = Month.of(given.as_of.day + timedelta(days=1))
    return tuple(first + number for number in range(count))


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyRun:
    """Gathers series after series, so that one problem at a time is in memory."""

    months: tuple[Month, ...]
    first: date
    setting: Setting
    tree: Hierarchy
    ahead: dict[Key, Months] = field(default_factory=dict)
    days: dict[Key, ClassDays] = field(default_factory=dict)

    def add(self, key: Key, problem: Problem) -> None:
        """Forecast the months of one series; of a leaf also keep its days."""
        self.ahead[key] = months_ahead(problem, first=self.first, months=self.months)
        if key in self.tree.leaves:
            made = class_days(problem, before=self.first, setting=self.setting)
            if made is not None:
                self.days[key] = made

    def table(self, given: AnalysisInput) -> pa.Table:
        """One row an area, class and month. A total is the sum of the rows below it, quantile by quantile."""
        parts = _parts(given, self)
        rows: list[dict[str, Any]] = []
        for key in sorted(self.ahead):
            leaves = self.tree.sums.get(key, (key,))
            below = [self.ahead[leaf] for leaf in leaves]
            rows += _rows(key, self.ahead[key], below, [parts.get(leaf) for leaf in leaves])
        return contract_rows(ENERGY_FORECAST, rows)


def _rows(key: Key, own: Months, below: Sequence[Months], parts: Sequence[Part | None]) -> list[dict[str, Any]]:
    """Rows of one area and class: energy from what lies below, peak and its load factor from its own series."""
    low, middle, high = (sum(np.quantile(item.energy_kwh, level, axis=1) for item in below) for level in _LEVELS)
    peaks = np.quantile(own.peak_kw, _LEVELS, axis=1)
    normal = sum(item.normal_kwh for item in below)
    new, economy = (
        _summed([part.new_connection for part in parts if part]),
        _summed([part.economy for part in parts if part]),
    )
    found = []
    for number, month in enumerate(own.months):
        peak = float(peaks[1, number])
        found.append(
            {
                "area_id": key[0],
                "customer_class": key[1],
                "month": str(month),
                "p10_kwh": float(low[number]),  # type: ignore[index]  # a sum of arrays
                "p50_kwh": float(middle[number]),  # type: ignore[index]
                "p90_kwh": float(high[number]),  # type: ignore[index]
                "p10_peak_kw": float(peaks[0, number]),
                "p50_peak_kw": peak,
                "p90_peak_kw": float(peaks[2, number]),
                "load_factor": float(middle[number]) / (peak * float(own.hours[number])) if peak > 0 else None,  # type: ignore[index]
                "weather_normal_kwh": float(normal[number]),  # type: ignore[index]
                **_interval("new_connection", new, number),
                **_interval("economy", economy, number),
            }
        )
    return found


def _summed(draws: Sequence[Floats]) -> Floats | None:
    """Sum over leaves, draw by draw; classes are independent, areas of a class share their draws."""
    return np.sum(draws, axis=0) if draws else None


def _interval(name: str, draws: Floats | None, month: int) -> dict[str, float | None]:
    """Mean of the draws (means add up) and the 90 % interval."""
    if draws is None:
        return {f"{name}{suffix}_kwh": None for suffix in ("", "_low", "_high")}
    low, high = np.quantile(draws[:, month], _INTERVAL)
    return {
        f"{name}_kwh": float(draws[:, month].mean()),
        f"{name}_low_kwh": float(low),
        f"{name}_high_kwh": float(high),
    }


def _parts(given: AnalysisInput, run: EnergyRun) -> dict[Key, Part]:
    """New connections and economy of every leaf that has a year of history."""
    setting, days, ahead, months = run.setting, run.days, run.ahead, run.months
    config = setting.config.energy
    connections, billed = connected(given, config=config), billed_utilisation(given)
    regions = {row["area_id"]: row["region"] for row in given.rows(given.facts("area")).to_pylist()}
    found: dict[Key, Part] = {}
    for number, klass in enumerate(sorted({klass for _area, klass in days})):
        keys = [key for key in sorted(days) if key[1] == klass]
        economy = indicators(given, region=regions.get(keys[0][0]))
        default = config.utilisation_default if klass != ALL else _overall(billed, config.utilisation_default)
        response = fit_class(
            [days[key] for key in keys],
            klass,
            connections=connections,
            economy=economy,
            prior_utilisation=billed.get(klass, default),
            config=config,
            seed=setting.config.trees.seed + number,
        )
        for key in keys:
            energy = np.quantile(ahead[key].energy_kwh, 0.5, axis=1)
            found[key] = parts_of(
                days[key],
                klass,
                response,
                months=months,
                energy_kwh=energy,
                connections=connections,
                economy=economy,
                config=config,
            )
    return found


def _overall(billed: Mapping[str, float], default: float) -> float:
    return float(np.mean(list(billed.values()))) if billed else default
