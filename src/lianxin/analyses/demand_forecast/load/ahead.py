"""The coming days and months of one series: quantiles by interval, and energy and peak by month and weather year."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from lianxin.analyses.demand_forecast.load.backtest import Plan, backtest, scenario_paths
from lianxin.analyses.demand_forecast.load.frame import Floats, Ints
from lianxin.analyses.demand_forecast.load.horizon import Horizon
from lianxin.analyses.demand_forecast.load.origin import Origin, fit_origin
from lianxin.analyses.demand_forecast.load.problem import Problem
from lianxin.foundation.periods import Month

LEVELS = np.array([0.1, 0.5, 0.9])
_INNER = np.array([0.1, 0.3, 0.5, 0.7, 0.9])


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Of one series: months ahead, and by month (months, scenarios × error levels): energy kWh and peak kW;
    ``normal_kwh`` (months,) is the mean over the weather years.
    """

    months: tuple[Month, ...]
    energy_kwh: Floats
    peak_kw: Floats
    normal_kwh: Floats
    hours: Floats


def load_ahead(problem: Problem, *, first: date, days: int) -> tuple[Ints, Floats]:
    """Intervals of the coming ``days`` and their P10, P50, P90 in kW, shape (intervals, 3), by past weather."""
    plan = Plan(
        first=first,
        last=first + timedelta(days=days - 1),
        horizon=Horizon(f"{days}d", days, 0),
        weather="history",
        levels=LEVELS,
        baselines=False,
    )
    made = next(iter(backtest(problem, plan)))
    return made.rows, np.sort(made.quantiles, axis=1)


def months_ahead(problem: Problem, *, first: date, months: tuple[Month, ...]) -> Months:
    """Energy and peak of whole months, from the day ``first`` on (the first month's earlier days are counted as they
    were), under every past weather year and at five levels of the model's own error.
    """
    frame = problem.frame
    start, stop = frame.index_of(first), frame.index_of(months[-1].last_day + timedelta(days=1))
    origin = fit_origin(problem, before=start, horizon_days=(months[-1].last_day - first).days + 1)
    rows = np.arange(start, stop)
    paths = _paths(problem, origin, first, rows)
    month = frame.days.month[frame.day[rows]]
    begins = np.flatnonzero(np.r_[True, np.diff(month) != 0])
    error = origin.spread.at(frame.part(start, stop), _INNER)
    hours = frame.minutes / 60
    kw = problem.scale.backward(paths)
    energy, peak = _by_month(problem, paths, error, begins, hours)
    hours_in = np.diff(np.r_[begins, len(rows)]) * hours
    before = _already(problem, months[0], start)
    normal = np.add.reduceat(kw.mean(axis=0), begins) * hours
    normal[0] += before[0]
    energy[0] += before[0]
    peak[0] = np.maximum(peak[0], before[1])
    hours_in[0] += before[2]
    return Months(months=months, energy_kwh=energy, peak_kw=peak, normal_kwh=normal, hours=hours_in)


def _paths(problem: Problem, origin: Origin, first: date, rows: Ints) -> Floats:
    """Our model by weather year; without temperature, or a past year of it, a single path."""
    weather = problem.config.weather.model_copy(update={"scenarios_at_most": problem.config.energy.scenarios})
    fewer = replace(problem, config=problem.config.model_copy(update={"weather": weather}))
    found = scenario_paths(fewer, origin, cutoff=first, rows=rows)
    return origin.base(problem.inputs)[rows][None, :] if found is None else found.paths


def _by_month(problem: Problem, paths: Floats, error: Floats, begins: Ints, hours: float) -> tuple[Floats, Floats]:
    """Energy and peak by month and scenario × level.

    A month's energy averages the errors of its hours, but errors carry on: half of an interval's error is taken to
    last through the month (assumption); its peak takes the whole.
    """
    energy, peak = [], []
    for path in paths:
        for level in range(len(_INNER)):
            part = problem.scale.backward(path + 0.5 * error[:, level])
            energy.append(np.add.reduceat(part, begins) * hours)
            peak.append(np.maximum.reduceat(problem.scale.backward(path + error[:, level]), begins))
    return np.array(energy).T, np.array(peak).T


def _already(problem: Problem, month: Month, start: int) -> tuple[float, float, float]:
    """Energy, peak and hours of the first month that lie before ``start``; a gap takes the mean of the rest."""
    begin = problem.frame.index_of(month.first_day)
    kw = problem.kw[begin:start]
    seen = kw[np.isfinite(kw)]
    hours = (start - begin) * problem.frame.minutes / 60
    if start <= begin or not len(seen):
        return 0.0, 0.0, 0.0
    return float(seen.mean() * hours), float(seen.max()), hours
