"""What new connections and the economy make of a class's energy, by area and month, with a 90 % interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lianxin.analyses.demand_forecast.config import EnergyConfig, SmoothConfig
from lianxin.analyses.demand_forecast.energy.connected import Connected
from lianxin.analyses.demand_forecast.energy.economy import Indicator
from lianxin.analyses.demand_forecast.energy.response import AreaDays, Response, fit_response
from lianxin.analyses.demand_forecast.load.frame import Floats, make_frame
from lianxin.analyses.demand_forecast.load.problem import Problem, Setting, heat_on
from lianxin.analyses.demand_forecast.load.series import DAY_MINUTES
from lianxin.analyses.demand_forecast.load.terms import calendar_terms, heat_terms
from lianxin.foundation.periods import Month, months_between
from lianxin.foundation.zones import day_of_number

_SMOOTH_DAYS = 61
_LEAST_DAYS = 365
_COOL_HEAT_C = (8.0, 12.0, 16.0, 20.0, 23.0, 26.0, 29.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Draws of the two parts by month, shape (draws, months), kWh."""

    new_connection: Floats
    economy: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassDays:
    """Days of one area's class: the first day, mean load kW by day (NaN unknown), temperature terms."""

    area_id: str
    first: date
    mean_kw: Floats
    terms: Floats
    rhythm: Floats


def class_days(problem: Problem, *, before: date, setting: Setting) -> ClassDays | None:
    """Daily means and terms of a problem before the day ``before``; None for less than a year."""
    frame, cut = problem.frame, problem.frame.index_of(before)
    known = np.isfinite(problem.kw)
    known[cut:] = False
    if not known.any():
        return None
    sums = np.bincount(frame.day[known], problem.kw[known], len(frame.days))
    counts = np.bincount(frame.day[known], minlength=len(frame.days))
    mean = np.where(counts >= 0.9 * frame.slots, sums / np.maximum(counts, 1), np.nan)
    days = np.flatnonzero(np.isfinite(mean) & (mean > 0))
    if len(days) < _LEAST_DAYS:
        return None
    first, last = day_of_number(frame.days.first + int(days[0])), day_of_number(frame.days.first + int(days[-1]))
    daily = make_frame(first, last, minutes=DAY_MINUTES, zone=setting.zone, calendar=setting.calendar)
    calendar = calendar_terms(daily)
    columns = [np.ones(len(daily)), daily.years - daily.years.mean()]
    if problem.temperature is not None:
        heat, _known = heat_on(daily, problem.temperature)
        felt = 0.65 * heat.now + 0.35 * heat.lags[8]
        columns += [felt, *(np.clip(felt - knot, 0, None) for knot in _COOL_HEAT_C)]
        columns += [np.clip(heat.high - knot, 0, None) for knot in (26.0, 32.0)]
    values = mean[int(days[0]) : int(days[-1]) + 1]
    usable = np.where(values > 0, values, np.nan)
    return ClassDays(
        area_id=problem.series.area_id,
        first=first,
        mean_kw=usable,
        terms=np.column_stack([*columns, calendar[:, calendar.std(axis=0) > 1e-9]]),
        rhythm=calendar,
    )


def fit_class(
    days: Sequence[ClassDays],
    klass: str,
    *,
    connections: Connected,
    economy: Sequence[Indicator],
    prior_utilisation: float,
    config: EnergyConfig,
    seed: int,
) -> Response:
    """Utilisation and elasticity of one class over its areas."""
    areas = []
    for item in days:
        span = len(item.mean_kw)
        known = np.isfinite(item.mean_kw)
        kva = connections.in_use(frozenset({item.area_id}), klass, since=item.first, days=span, config=config)
        areas.append(
            AreaDays(
                log_energy=np.log(item.mean_kw[known]),
                terms=item.terms[known],
                kva=kva[known],
                smooth_kw=_smoothed(item.mean_kw)[known],
                indicators=_by_day(economy, item.first, span, config)[known],
            )
        )
    return fit_response(areas, prior_utilisation=prior_utilisation, config=config, seed=seed)


def _smoothed(values: Floats) -> Floats:
    """Centred mean over two months, gaps left out: the level on which a class's new load stands."""
    known = np.isfinite(values)
    kernel = np.ones(_SMOOTH_DAYS)
    sums = np.convolve(np.where(known, values, 0.0), kernel, mode="same")
    counts = np.convolve(known.astype(np.float64), kernel, mode="same")
    return np.asarray(sums / np.maximum(counts, 1.0))


def _by_day(economy: Sequence[Indicator], first: date, days: int, config: EnergyConfig) -> Floats:
    months = list(months_between(Month.of(first), Month.of(first + timedelta(days=days - 1))))
    number = {month: place for place, month in enumerate(months)}
    place = np.array([number[Month.of(first + timedelta(days=day))] for day in range(days)])
    listed = [indicator.on(months, way="base", config=config) for indicator in economy]
    known = [values[place] for values in listed if values is not None]
    return np.column_stack(known) if known else np.zeros((days, 0))


def parts_of(
    days: ClassDays,
    klass: str,
    response: Response,
    *,
    months: Sequence[Month],
    energy_kwh: Floats,
    connections: Connected,
    economy: Sequence[Indicator],
    config: EnergyConfig,
) -> Part:
    """Both parts of the months' energy (months,), against the first month of the loads.

    New: u × kVA in use × hours. Economy: base − base ÷ exp(e·(indicator − indicator then)), base without the new part.
    """
    span = (months[-1].last_day - days.first).days + 1
    kva = connections.in_use(frozenset({days.area_id}), klass, since=days.first, days=span, config=config)
    starts = [(month.first_day - days.first).days for month in months]
    mean_kva = np.array([kva[max(0, at) : at + month.days].mean() for at, month in zip(starts, months, strict=True)])
    hours = np.array([24.0 * month.days for month in months])
    new = response.utilisation[:, None] * (mean_kva * hours)[None, :]
    moved = _since_start(days.first, months, economy, config)
    if moved.shape[0] == 0:
        return Part(new_connection=new, economy=np.zeros_like(new))
    exponent = response.elasticity[:, None] * moved[response.which]
    return Part(new_connection=new, economy=(energy_kwh[None, :] - new) * (1 - np.exp(-exponent)))


def _since_start(first: date, months: Sequence[Month], economy: Sequence[Indicator], config: EnergyConfig) -> Floats:
    """Logarithm of each indicator in the months against the first month of the loads, shape (indicators, months)."""
    found = []
    for indicator in economy:
        listed = indicator.on([Month.of(first)], way="base", config=config)
        if listed is not None:
            every = list(months_between(Month.of(first), months[-1]))
            values = indicator.on(every, way=config.economy, config=config)
            if values is not None:
                found.append(values[-len(months) :] - listed[0])
    return np.array(found).reshape(len(found), len(months))


def prior_utilisations(billed: Mapping[str, float], config: EnergyConfig) -> Mapping[str, float]:
    """The billed kW per kVA by class, where it is sensible; else the default applies."""
    return {klass: value for klass, value in billed.items() if 0.005 < value < 1.0} | {"": config.utilisation_default}


__all__ = ["ClassDays", "Part", "SmoothConfig", "class_days", "fit_class", "heat_terms", "parts_of"]
