"""A load on its frame with its temperature: everything that fitting and forecasting need, and nothing of the future."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from lianxin.analyses.demand_forecast.config import ForecastConfig
from lianxin.analyses.demand_forecast.load.ensemble import Inputs, Scale, make_inputs
from lianxin.analyses.demand_forecast.load.frame import Flags, Floats, Frame, Ints, make_frame
from lianxin.analyses.demand_forecast.load.series import DAY_MINUTES, LoadSeries
from lianxin.analyses.demand_forecast.load.smooth import fit_smooth
from lianxin.analyses.demand_forecast.load.special_days import recurring_days
from lianxin.analyses.demand_forecast.load.terms import MEMORY_DAYS, Heat, heat_terms
from lianxin.analyses.demand_forecast.load.weather import Temperature
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.zones import day_of_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """``kw`` (intervals,), NaN where unknown; ``heat`` by the true temperature where ``measured``, else by climate."""

    series: LoadSeries
    frame: Frame
    kw: Floats
    temperature: Temperature | None
    heat: Heat | None
    measured: Flags
    inputs: Inputs
    scale: Scale
    target: Floats
    config: ForecastConfig

    def known(self, before: int) -> Flags:
        """Intervals to fit on before index ``before``: with a load and a temperature, without the last day, whose
        terms look at the temperature of the next morning.
        """
        flags = np.isfinite(self.target) & self.measured
        flags[max(0, before - self.frame.slots) :] = False
        return flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where and when: the zone, the calendar, the configuration, the instant beyond which nothing is trained on."""

    zone: ZoneInfo
    calendar: Calendar
    config: ForecastConfig
    with_trees: bool = True


def series_days(series: LoadSeries, zone: ZoneInfo) -> tuple[date, date]:
    """First and last local day with a known load."""
    seen = series.epoch[np.isfinite(series.kw)]
    frame = make_frame(
        _utc_day(int(seen[0]), -1), _utc_day(int(seen[0]), 1), minutes=60, zone=zone, calendar=Calendar()
    )
    first = int(np.searchsorted(frame.epoch, seen[0], side="right")) - 1
    tail = make_frame(
        _utc_day(int(seen[-1]), -1), _utc_day(int(seen[-1]), 1), minutes=60, zone=zone, calendar=Calendar()
    )
    last = int(np.searchsorted(tail.epoch, seen[-1], side="right")) - 1
    return (
        day_of_number(frame.days.first + int(frame.day[first])),
        day_of_number(tail.days.first + int(tail.day[last])),
    )


def _utc_day(epoch: int, more: int) -> date:
    return day_of_number(epoch // 86_400 + more)


def make_problem(
    series: LoadSeries, temperature: Temperature | None, *, first: date, last: date, before: date, setting: Setting
) -> Problem:
    """The series on the days ``first`` to ``last``; what is learned about days is learned before ``before``."""
    begin = first - timedelta(days=MEMORY_DAYS)
    frame = make_frame(begin, last, minutes=series.minutes, zone=setting.zone, calendar=setting.calendar)
    kw = series.on(frame)
    cut = frame.index_of(before)
    seen = kw[:cut][np.isfinite(kw[:cut])]
    scale = Scale.of(seen)
    heat, measured = (None, np.ones(len(frame), dtype=np.bool_)) if temperature is None else heat_on(frame, temperature)
    if temperature is not None and not (measured[:cut] & np.isfinite(kw[:cut])).any():
        temperature, heat, measured = None, None, np.ones(len(frame), dtype=np.bool_)
    learned = _learned_days(frame, heat, scale.forward(kw), measured, cut, setting)
    if learned:
        frame = make_frame(
            begin, last, minutes=series.minutes, zone=setting.zone, calendar=setting.calendar, learned=learned
        )
    return Problem(
        series=series,
        frame=frame,
        kw=kw,
        temperature=temperature,
        heat=heat,
        measured=measured,
        inputs=make_inputs(frame, heat, with_trees=setting.with_trees),
        scale=scale,
        target=scale.forward(kw),
        config=setting.config,
    )


def _learned_days(
    frame: Frame, heat: Heat | None, target: Floats, measured: Flags, cut: int, setting: Setting
) -> frozenset[date]:
    """Days of rest that the calendar does not know, by the errors of a first smooth model."""
    known = np.isfinite(target) & measured
    known[cut:] = False
    if frame.chinese or frame.day[known][-1] - frame.day[known][0] < 2 * 365:
        return frozenset()  # China's holidays and make-up days are announced for the whole country
    inputs = make_inputs(frame, heat, with_trees=False)
    model = fit_smooth(frame, inputs.terms, target, known, config=setting.config.smooth)
    errors = np.where(known, target - model.predict(frame, inputs.terms), np.nan)
    return recurring_days(frame, errors)


def heat_on(frame: Frame, temperature: Temperature, *, moved: Ints | None = None) -> tuple[Heat, Flags]:
    """Terms of the temperature on ``frame`` and where it is known; gaps take the mean of the time of year.

    ``moved``: seconds to look back from each interval, for a scenario made of other years' weather.
    """
    back = np.zeros(len(frame), dtype=np.int64) if moved is None else moved
    if frame.minutes < DAY_MINUTES:
        values = temperature.at(frame.epoch - back)
        known = np.isfinite(values)
        return heat_terms(frame, _filled(frame, values)), known
    hours = temperature.at((frame.epoch[:, None] - back[:, None] + np.arange(24) * 3600).ravel()).reshape(-1, 24)
    known = np.asarray(np.isfinite(hours).all(axis=1), dtype=np.bool_)
    low, high, mean = hours.min(axis=1), hours.max(axis=1), hours.mean(axis=1)
    low, high, mean = (_filled(frame, part) for part in (low, high, mean))
    return heat_terms(frame, mean, low=low, high=high), known


def _filled(frame: Frame, values: Floats) -> Floats:
    """Gaps filled by two harmonics of the year fitted to what is known, so that memories stay finite."""
    known = np.isfinite(values)
    if known.all():
        return values
    if not known.any():
        return np.zeros(len(values))
    angle = 2 * np.pi * frame.days.day_of_year[frame.day] / 365.25
    hour = 2 * np.pi * frame.slot / frame.slots
    design = np.column_stack([np.ones(len(values)), np.sin(angle), np.cos(angle), np.sin(hour), np.cos(hour)])
    gram = design[known].T @ design[known] + 1e-3 * np.eye(design.shape[1])
    climate = design @ np.linalg.solve(gram, design[known].T @ values[known])
    return np.where(known, values, climate)
