"""Forecasts from many cut-offs, ours and every baseline's, each with quantiles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from lightgbm import Booster

from lianxin.analyses.demand_forecast.load.baselines import (
    EMPIRICAL,
    OURS,
    PLAIN,
    RECENCY,
    VANILLA,
    HongModel,
    empirical_quantiles,
    fit_hong,
    fit_plain,
    plain_columns,
)
from lianxin.analyses.demand_forecast.load.ensemble import make_inputs
from lianxin.analyses.demand_forecast.load.frame import DAY_SECONDS, Floats, Frame, Ints
from lianxin.analyses.demand_forecast.load.horizon import Horizon
from lianxin.analyses.demand_forecast.load.origin import SHORT_DAYS, Origin, fit_origin
from lianxin.analyses.demand_forecast.load.problem import Problem, heat_on
from lianxin.analyses.demand_forecast.load.recent import LEADS, recent_errors
from lianxin.analyses.demand_forecast.load.scenarios import lookbacks
from lianxin.analyses.demand_forecast.load.series import DAY_MINUTES
from lianxin.analyses.demand_forecast.load.spread import Spread, fit_spread
from lianxin.analyses.demand_forecast.load.terms import MEMORY_DAYS, Heat
from lianxin.analyses.demand_forecast.load.trees import predict_trees
from lianxin.foundation.zones import day_of_number

WeatherKind = Literal["actual", "history"]
_INNER_LEVELS = np.array([0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95])
_WEATHER_DAYS = 4.0
_TREE_SCENARIOS = 6
"""Scenarios on which the trees are evaluated; their mean correction holds for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """One model's quantiles (intervals, levels), kW, for the intervals ``rows`` of the frame, seen from ``cutoff``."""

    model: str
    cutoff: date
    rows: Ints
    quantiles: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a backtest is to do."""

    first: date
    last: date
    horizon: Horizon
    weather: WeatherKind
    levels: Floats
    baselines: bool = True


def backtest(problem: Problem, plan: Plan) -> Iterator[Forecast]:
    """Forecasts of every cut-off; the models are fitted anew when the configured days have passed."""
    fitted: _Fitted | None = None
    refit_after = problem.config.refit_days
    for cutoff, stop in plan.horizon.cutoffs(plan.first, plan.last):
        if fitted is None or (cutoff - fitted.cutoff).days >= refit_after:
            fitted = _Fitted.at(problem, cutoff, plan)
        yield from fitted.forecasts(cutoff, stop, plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fitted:
    """Models fitted with what was known at ``cutoff``."""

    cutoff: date
    problem: Problem
    origin: Origin
    base: Floats
    smooth: Floats
    hong: dict[str, tuple[HongModel, Spread]]
    plain: tuple[Booster, Spread, list[Floats]] | None

    @classmethod
    def at(cls, problem: Problem, cutoff: date, plan: Plan) -> "_Fitted":
        before = problem.frame.index_of(cutoff)
        origin = fit_origin(problem, before=before, horizon_days=plan.horizon.longest_days)
        hong = _fit_hongs(problem, before) if plan.baselines else {}
        plain = _fit_plain_model(problem, before, plan) if plan.baselines else None
        return cls(
            cutoff=cutoff,
            problem=problem,
            origin=origin,
            base=origin.base(problem.inputs),
            smooth=origin.model.smooth_part(problem.inputs),
            hong=hong,
            plain=plain,
        )

    def forecasts(self, cutoff: date, stop: date, plan: Plan) -> Iterator[Forecast]:
        """Ours and the baselines' from one cut-off to before ``stop``."""
        frame = self.problem.frame
        start, end = frame.index_of(cutoff), frame.index_of(stop)
        rows = np.arange(start, end)
        if not len(rows):
            return
        if plan.weather == "history" and self.problem.temperature is not None:
            yield from self._by_scenarios(cutoff, rows, plan)
        else:
            yield from self._by_truth(cutoff, rows, plan)
        if plan.baselines:
            known = np.isfinite(self.problem.kw)
            known[start:] = False
            found = empirical_quantiles(frame, self.problem.kw, known, rows, plan.levels)
            yield Forecast(model=EMPIRICAL, cutoff=cutoff, rows=rows, quantiles=found)

    def _recent(self, rows: Ints) -> Floats:
        """Correction by recent load, seen from the first of ``rows``."""
        frame, start = self.problem.frame, int(rows[0])
        lead = frame.day[rows] - frame.day[start] + 1
        found = np.zeros(len(rows))
        near = lead <= LEADS[-1]
        first_day = int(frame.day[start])
        begin = frame.index_of(day_of_number(frame.days.first + max(0, first_day - 120)))
        errors = np.full(len(frame), np.nan)
        errors[begin:start] = (self.problem.target - self.smooth)[begin:start]
        if np.isfinite(errors).any():
            recent = recent_errors(frame, errors)
            found[near] = self.origin.recent.correct(frame, recent, rows[near], lead[near])
        return found

    def _by_truth(self, cutoff: date, rows: Ints, plan: Plan) -> Iterator[Forecast]:
        problem, frame = self.problem, self.problem.frame.part(int(rows[0]), int(rows[-1]) + 1)
        middle = self.base[rows] + self._recent(rows)
        wide = middle[:, None] + self.origin.spread.at(frame, plan.levels)
        yield Forecast(model=OURS, cutoff=cutoff, rows=rows, quantiles=problem.scale.backward(wide))
        for name, (model, spread) in self.hong.items():
            if problem.heat is not None:
                kw = model.predict(frame, _heat_part(problem.heat, rows))
                yield Forecast(
                    model=name, cutoff=cutoff, rows=rows, quantiles=_around(kw, spread, frame, plan, problem)
                )
        if self.plain is not None:
            trees, wide_errors, lagged = self.plain
            columns = plain_columns(problem.frame, problem.heat, lagged)[rows]
            kw = predict_trees(trees, columns, config=problem.config.trees)
            yield Forecast(
                model=PLAIN, cutoff=cutoff, rows=rows, quantiles=_around(kw, wide_errors, frame, plan, problem)
            )

    def _by_scenarios(self, cutoff: date, rows: Ints, plan: Plan) -> Iterator[Forecast]:
        problem = self.problem
        found = scenario_paths(problem, self.origin, cutoff=cutoff, rows=rows)
        if found is None:
            yield from self._by_truth_of_climate(cutoff, rows, plan)
            return
        frame = problem.frame.part(int(rows[0]), int(rows[-1]) + 1)
        recent = self._recent(rows)
        wide = mixed_quantiles(found.paths + recent, self.origin.spread, frame, plan.levels)
        yield Forecast(model=OURS, cutoff=cutoff, rows=rows, quantiles=problem.scale.backward(wide))
        for name, (model, _spread) in self.hong.items():
            paths = np.array([model.predict(frame, heat) for heat in found.heats])
            quantiles = np.quantile(paths, plan.levels, axis=0).T
            yield Forecast(model=name, cutoff=cutoff, rows=rows, quantiles=quantiles)

    def _by_truth_of_climate(self, cutoff: date, rows: Ints, plan: Plan) -> Iterator[Forecast]:
        """No past year of weather covers the span: the mean of the time of year, which the terms fall back on."""
        problem, frame = self.problem, self.problem.frame
        start = max(0, int(rows[0]) - MEMORY_DAYS * frame.slots)
        part = frame.part(start, int(rows[-1]) + 1)
        heat = problem.heat
        inputs = make_inputs(
            part, None if heat is None else climate_heat(problem, part, int(rows[0]) - start), with_trees=False
        )
        smooth = self.origin.model.smooth_part(inputs)[int(rows[0]) - start :]
        wide = (smooth + self._recent(rows))[:, None] + self.origin.spread.at(
            part.part(int(rows[0]) - start, len(part)), plan.levels
        )
        yield Forecast(model=OURS, cutoff=cutoff, rows=rows, quantiles=problem.scale.backward(wide))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios:
    """``paths`` (scenarios, rows) on the model's scale, and the terms of temperature of each."""

    paths: Floats
    heats: list[Heat]


def scenario_paths(problem: Problem, origin: Origin, *, cutoff: date, rows: Ints) -> Scenarios | None:
    """Our model under each past weather year; None where no past year covers the span.

    Up to the cut-off the true temperature holds, so that the memory of the terms is right.
    """
    frame, temperature = problem.frame, problem.temperature
    if temperature is None:
        return None
    first, last = int(rows[0]), int(rows[-1])
    cutoff_epoch = int(frame.epoch[first])
    back = lookbacks(
        temperature,
        cutoff=cutoff,
        cutoff_epoch=cutoff_epoch,
        last_epoch=int(frame.epoch[last]) + frame.minutes * 60,
        config=problem.config.weather,
    )
    if not len(back):
        return None
    start = max(0, first - MEMORY_DAYS * frame.slots)
    part = frame.part(start, last + 1)
    ahead = part.epoch >= cutoff_epoch
    with_trees = set(np.unique(np.linspace(0, len(back) - 1, _TREE_SCENARIOS).round().astype(int)).tolist())
    paths, heats, corrections = [], [], []
    for number, seconds in enumerate(back):
        heat, _known = heat_on(part, temperature, moved=np.where(ahead, seconds, 0))
        grown = number in with_trees and origin.model.residual is not None
        inputs = make_inputs(part, heat, with_trees=grown).part(first - start, len(part))
        smooth = origin.model.smooth_part(inputs)
        paths.append(smooth)
        heats.append(_heat_part(heat, np.arange(first - start, len(part))))
        if grown:
            corrections.append(origin.base(inputs) - smooth)
    added = np.mean(corrections, axis=0) if corrections else 0.0
    return Scenarios(paths=_widened(np.array(paths), back, problem) + added, heats=heats)


def _widened(paths: Floats, back: Ints, problem: Problem) -> Floats:
    """Scenarios spread about their mean as a small sample asks for: variance × (n + 1) ÷ (n − 1).

    n counts the years, times the stretches of weather (about 4 days long) that the shifts span.
    """
    years = len({round(seconds / (365.25 * DAY_SECONDS)) for seconds in back.tolist()})
    count = max(2.0, years * (1 + 2 * problem.config.weather.shift_days / _WEATHER_DAYS))
    mean = paths.mean(axis=0)
    return np.asarray(mean + (paths - mean) * np.sqrt((count + 1) / (count - 1)))


def climate_heat(problem: Problem, part: Frame, first: int) -> Heat:
    """Terms of the temperature that holds to index ``first`` of ``part`` and is that of the time of year beyond."""
    temperature = problem.temperature
    if temperature is None:
        message = "a problem without temperature has no climate"
        raise ValueError(message)
    unknown = np.where(np.arange(len(part)) >= first, -(10**10), 0)
    heat, _known = heat_on(part, temperature, moved=unknown)
    return heat


def mixed_quantiles(paths: Floats, spread: Spread, frame: Frame, levels: Floats) -> Floats:
    """Quantiles of the mixture over scenarios, each widened by the model's own errors; shape (rows, levels)."""
    inner = spread.at(frame, _INNER_LEVELS)
    found = np.empty((paths.shape[1], len(levels)))
    for start in range(0, paths.shape[1], 2048):
        part = slice(start, start + 2048)
        pooled = (paths.T[part, :, None] + inner[part, None, :]).reshape(inner[part].shape[0], -1)
        found[part] = np.quantile(pooled, levels, axis=1).T
    return found


def _around(kw: Floats, spread: Spread, frame: Frame, plan: Plan, problem: Problem) -> Floats:
    return kw[:, None] + spread.at(frame, plan.levels) * problem.scale.size


def _heat_part(heat: Heat, rows: Ints) -> Heat:
    cut: Sequence[str] = ("now", "high", "low", "high_before", "low_before", "low_after")
    values = {name: getattr(heat, name)[rows] for name in cut}
    return Heat(
        lags=tuple(lag[rows] for lag in heat.lags),
        means={hours: mean[rows] for hours, mean in heat.means.items()},
        **values,
    )


def _fit_hongs(problem: Problem, before: int) -> dict[str, tuple[HongModel, Spread]]:
    """Vanilla and recency; their spread is that of their errors on the training span."""
    if problem.heat is None or problem.frame.minutes >= DAY_MINUTES:
        return {}
    known = problem.known(before)
    found = {}
    for name, lags, means in ((VANILLA, 0, 0), (RECENCY, 3, 2)):
        model = fit_hong(problem.frame, problem.heat, problem.kw, known, lags=lags, means=means)
        errors = np.where(known, problem.kw - model.predict(problem.frame, problem.heat), np.nan)
        found[name] = (model, fit_spread(problem.frame, errors / problem.scale.size))
    return found


def _fit_plain_model(problem: Problem, before: int, plan: Plan) -> tuple[Booster, Spread, list[Floats]] | None:
    """LightGBM as it comes, with the load of the same time one horizon and whole weeks ago where it is known."""
    known = problem.known(before)
    days = plan.horizon.longest_days
    lagged = []
    if days <= SHORT_DAYS:
        steps = problem.frame.slots
        lagged = [_back(problem.kw, back * steps) for back in sorted({days, -(-days // 7) * 7})]
    columns = plain_columns(problem.frame, problem.heat, lagged)
    rows = np.flatnonzero(known)
    model = fit_plain(columns[rows], problem.kw[rows], threads=problem.config.trees.threads)
    errors = np.full(len(known), np.nan)
    errors[rows] = problem.kw[rows] - np.asarray(model.predict(columns[rows], num_threads=problem.config.trees.threads))
    return model, fit_spread(problem.frame, errors / problem.scale.size), lagged


def _back(values: Floats, steps: int) -> Floats:
    return np.asarray(np.r_[np.full(min(steps, len(values)), np.nan), values[: max(0, len(values) - steps)]])


__all__ = ["DAY_SECONDS", "Forecast", "Plan", "backtest", "scenario_paths"]
