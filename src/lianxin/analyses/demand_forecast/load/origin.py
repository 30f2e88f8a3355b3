"""One origin of a forecast: the models fitted on what was known, chosen and measured on its own last months."""

from dataclasses import dataclass

import numpy as np

from lianxin.analyses.demand_forecast.load.ensemble import MIXTURES, Inputs, LoadModel, fit_load
from lianxin.analyses.demand_forecast.load.frame import Flags, Floats, Ints
from lianxin.analyses.demand_forecast.load.problem import Problem
from lianxin.analyses.demand_forecast.load.recent import RecentErrors, RecentModel, fit_recent, recent_errors
from lianxin.analyses.demand_forecast.load.spread import Spread, fit_spread
from lianxin.analyses.demand_forecast.load.trees import fit_trees, predict_trees

SHORT_DAYS = 14
"""Up to this horizon the trees stand on the smooth model with recent load, beyond on the smooth model alone."""
_HELD_OUT_SHARE, _HELD_OUT_MOST, _HELD_OUT_LEAST = 1 / 3, 365, 14
_LONG_DAYS, _LONG_SHARE = 183, 1 / 2
_WARM_UP_DAYS = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Fitted models and the spread of their errors."""

    problem: Problem
    model: LoadModel
    recent: RecentModel
    spread: Spread
    horizon_days: int
    held_out_error: float

    def errors(self, inputs: Inputs) -> Floats:
        """Errors of the smooth model on the model's scale, NaN where the load is not known."""
        return self.problem.target - self.model.smooth_part(inputs)

    def base(self, inputs: Inputs) -> Floats:
        """The mixture before recent load, on the model's scale."""
        return self.model.predict(inputs)


def fit_origin(problem: Problem, *, before: int, horizon_days: int) -> Origin:
    """Fit on intervals before index ``before``.

    The last third (14 days to a year) is first held out: on it the mixture is chosen and the spread measured, with a
    cut-off every ``horizon_days``. Then everything known is fitted.
    """
    known = problem.known(before)
    held = _held_out(problem, known, before, horizon_days)
    first, first_recent = _fit(problem, known & (np.arange(len(known)) < held), horizon_days)
    rows = np.flatnonzero(np.isfinite(problem.target[:before]) & problem.measured[:before])
    rows = rows[rows >= held]
    lead = leads(problem, rows, start=held, horizon_days=horizon_days)
    inputs = problem.inputs.part(held, before)
    errors = problem.target.copy()
    errors -= first.smooth_part(problem.inputs)
    errors[before:] = np.nan
    recent = recent_errors(problem.frame, errors)
    added = first_recent.correct(problem.frame, recent, rows, lead)
    members = first.members(inputs)
    trial = {name: problem.target[rows] - LoadModel.mixture_of(members, name)[rows - held] - added for name in MIXTURES}
    chosen = min(_allowed(first, horizon_days), key=lambda name: float(np.abs(trial[name]).mean()))
    left = np.full(before, np.nan)
    left[rows] = trial[chosen]
    spread = fit_spread(problem.frame.part(0, before), left)
    model, model_recent = _fit(problem, known, horizon_days)
    return Origin(
        problem=problem,
        model=model.mixed(chosen),
        recent=model_recent,
        spread=spread,
        horizon_days=horizon_days,
        held_out_error=float(np.abs(trial[chosen]).mean()),
    )


def _allowed(model: LoadModel, horizon_days: int) -> tuple[str, ...]:
    if model.residual is None:
        return ("smooth",)
    return ("smooth", "smooth_residual") if horizon_days <= SHORT_DAYS else tuple(MIXTURES)


def _held_out(problem: Problem, known: Flags, before: int, horizon_days: int) -> int:
    """Index from which the known span is held out; at least half stays for fitting."""
    seen = np.flatnonzero(known)
    day = problem.frame.day
    first, last = int(day[seen[0]]), int(day[seen[-1]])
    span = last - first + 1
    share = _LONG_SHARE if horizon_days > _LONG_DAYS else _HELD_OUT_SHARE
    days = int(np.clip(span * share, min(_HELD_OUT_LEAST, span // 2), _HELD_OUT_MOST))
    return min(int(np.searchsorted(day, last + 1 - days)), before)


def leads(problem: Problem, rows: Ints, *, start: int, horizon_days: int) -> Ints:
    """Days after the cut-off (1 the first), with a cut-off at the day of ``start`` and every ``horizon_days``."""
    since = problem.frame.day[rows] - problem.frame.day[min(start, len(problem.frame) - 1)]
    return np.asarray(since % max(horizon_days, 1) + 1)


def _fit(problem: Problem, known: Flags, horizon_days: int) -> tuple[LoadModel, RecentModel]:
    """The mixture's members and the regression on recent errors."""
    short = horizon_days <= SHORT_DAYS
    inputs = problem.inputs
    plain = Inputs(frame=inputs.frame, terms=inputs.terms, columns=None) if short else inputs
    model = fit_load(plain, problem.target, known, scale=problem.scale, config=problem.config)
    errors = np.where(known, problem.target - model.smooth_part(inputs), np.nan)
    recent_model, recent = fit_recent(problem.frame, _errors(problem, errors), errors, known), None
    if not short or inputs.columns is None:
        return model, recent_model
    recent = _errors(problem, errors)
    rows = np.flatnonzero(known & (problem.frame.day >= problem.frame.day[known][0] + _WARM_UP_DAYS))
    if len(rows) < 500:
        return model, recent_model
    added = recent_model.correct(problem.frame, recent, rows, np.ones(len(rows), dtype=np.int64))
    trees = fit_trees(inputs.columns[rows], errors[rows] - added, None, config=problem.config.trees, on_residuals=True)
    grown = LoadModel(
        scale=model.scale,
        smooth=model.smooth,
        residual=trees,
        alone=trees,
        mixture="smooth_residual",
        config=model.config,
    )
    return grown, recent_model


def _errors(problem: Problem, errors: Floats) -> RecentErrors:
    return recent_errors(problem.frame, errors)


__all__ = ["SHORT_DAYS", "Origin", "fit_origin", "leads", "predict_trees"]
