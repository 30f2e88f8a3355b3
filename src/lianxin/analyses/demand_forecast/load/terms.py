"""Terms of the smooth model and columns of the trees: calendar and temperature with its memory.

The smooth terms follow the field's benchmark (T. Hong: calendar, temperature, its lags and moving averages), as
piecewise linear functions instead of cubes, which do not run away beyond the temperatures seen.
"""

from dataclasses import dataclass

import numpy as np

from lianxin.analyses.demand_forecast.load.frame import HOLIDAY, MAKE_UP, Floats, Frame, Ints

_KNOTS_C = (-10.0, -6.0, -2.0, 2.0, 6.0, 10.0, 14.0, 18.0, 22.0, 26.0, 30.0, 34.0, 38.0)
_COARSE_C = (-2.0, 6.0, 14.0, 22.0, 30.0)
_HIGH_C, _LOW_C, _WORK_C = (18.0, 24.0, 30.0, 36.0), (-2.0, 6.0, 10.0, 14.0, 18.0), (14.0, 18.0, 22.0, 26.0)
_FESTIVAL_DAYS = (-24, -15, -10, -6, -3, -1, 1, 3, 6, 9, 13, 17, 24)
_HARMONICS = 4
_DAY_HOURS = 24
MEMORY_DAYS = 8
"""Days of temperature before an interval that its terms look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Temperature on a frame, °C: now, lagged and averaged over past hours, and of the local day and the day before."""

    now: Floats
    lags: tuple[Floats, ...]
    means: dict[int, Floats]
    high: Floats
    low: Floats
    high_before: Floats
    low_before: Floats
    low_after: Floats


_LAGS_H = (1, 2, 3, 4, 6, 8, 12, 16, 24, 36, 48, 72)
_MEANS_H = (3, 6, 12, 24, 48, 72, 120, 168)


def heat_terms(frame: Frame, temperature: Floats, *, low: Floats | None = None, high: Floats | None = None) -> Heat:
    """Memory of ``temperature`` (intervals,), complete. Daily series may give the day's ``low`` and ``high``."""
    per_hour = 60 / frame.minutes
    begin = np.flatnonzero(np.r_[True, np.diff(frame.day) > 0])
    index = np.cumsum(np.r_[True, np.diff(frame.day) > 0]) - 1
    highs = np.maximum.reduceat(temperature, begin) if high is None else high
    lows = np.minimum.reduceat(temperature, begin) if low is None else low
    return Heat(
        now=temperature,
        lags=tuple(_lagged(temperature, round(hours * per_hour)) for hours in _LAGS_H),
        means={hours: _moving(temperature, max(1, round(hours * per_hour))) for hours in _MEANS_H},
        high=highs[index],
        low=lows[index],
        high_before=np.r_[highs[:1], highs[:-1]][index],
        low_before=np.r_[lows[:1], lows[:-1]][index],
        low_after=np.r_[lows[1:], lows[-1:]][index],
    )


def _lagged(values: Floats, steps: int) -> Floats:
    return values if steps == 0 else np.r_[np.full(min(steps, len(values)), values[0]), values[:-steps]]


def _moving(values: Floats, steps: int) -> Floats:
    sums = np.r_[0.0, np.cumsum(values)]
    here = np.arange(len(values))
    low = np.maximum(0, here + 1 - steps)
    return np.asarray((sums[here + 1] - sums[low]) / (here + 1 - low))


def calendar_terms(frame: Frame) -> Floats:
    """Smooth terms that no temperature is needed for, shape (intervals, terms)."""
    days = frame.days
    works = days.works.astype(np.float64)
    columns = [(days.kind == kind).astype(np.float64) for kind in (0, 1, 3, 4, 5, 6, HOLIDAY, MAKE_UP)]
    columns += [flag.astype(np.float64) for flag in (days.before_holiday, days.after_holiday)]
    waves = harmonics(days.day_of_year, _HARMONICS)
    columns += [*waves, *(wave * works for wave in waves[:2])]
    columns += _turn_of_year(frame) if not frame.chinese else _festival(days.festival)
    return np.column_stack([np.column_stack(columns)[frame.day], frame.summer_time])


def harmonics(day_of_year: Ints, count: int) -> list[Floats]:
    """Sine and cosine of the year, ``count`` times as often."""
    angle = 2 * np.pi * day_of_year / 365.25
    return [np.asarray(wave(order * angle)) for order in range(1, count + 1) for wave in (np.sin, np.cos)]


def _turn_of_year(frame: Frame) -> list[Floats]:
    """The idle weeks around New Year, apart for workdays."""
    days = frame.days
    works = days.works.astype(np.float64)
    end = ((days.month == 12) & (days.day_of_month >= 20)).astype(np.float64)
    start = ((days.month == 1) & (days.day_of_month <= 12)).astype(np.float64)
    return [end, start, end * works, start * works]


def _festival(offset: Ints) -> list[Floats]:
    """Hat functions of the days from Spring Festival: zero outside, linear between their knots."""
    knots = np.array(_FESTIVAL_DAYS, dtype=np.float64)
    return [np.interp(offset, knots, row) for row in np.eye(len(knots))[1:-1]]


def heat_columns(frame: Frame, heat: Heat) -> Floats:
    """Smooth terms of temperature, shape (intervals, terms)."""
    works = frame.days.works[frame.day].astype(np.float64)
    waves = [wave[frame.day] for wave in harmonics(frame.days.day_of_year, 1)]
    mean = heat.means[_DAY_HOURS]
    columns = [*_broken(heat.now, _KNOTS_C), *_broken(heat.means[3], _COARSE_C), *_broken(mean, _KNOTS_C)]
    columns += [*_broken(heat.means[72], _COARSE_C), heat.means[168], *_broken(heat.high_before, _HIGH_C[1:])]
    columns += [*_broken(heat.high, _HIGH_C), *_broken(heat.low, _LOW_C)]
    columns += [works * column for column in _broken(mean, _WORK_C)]
    columns += [wave * column for wave in waves for column in _broken(heat.now, (18.0,))]
    return np.column_stack(columns)


def _broken(values: Floats, knots: tuple[float, ...]) -> list[Floats]:
    return [values, *(np.clip(values - knot, 0.0, None) for knot in knots)]


def tree_columns(frame: Frame, heat: Heat | None) -> Floats:
    """Columns of the trees, shape (intervals, columns)."""
    days, day = frame.days, frame.day
    by_day = (days.weekday, days.kind, days.works, days.before_holiday, days.after_holiday, days.day_of_year)
    columns = [frame.slot, *(column[day] for column in by_day), frame.summer_time]
    if frame.chinese:
        columns.append(days.festival[day])
    if heat is not None:
        columns += [heat.now, *heat.lags, *heat.means.values()]
        columns += [heat.high, heat.low, heat.high_before, heat.low_before, heat.low_after]
    return np.column_stack([np.asarray(column, dtype=np.float32) for column in columns]).astype(np.float32)
