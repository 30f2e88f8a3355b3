"""Readings as a table of local days by time of day."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from lianxin.foundation.periods import Month
from lianxin.foundation.zones import day_of_number
from lianxin.tariff import Readings
from lianxin.tariff.readings import local_times

_DAY = 1440
_QUARTER = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadGrid:
    """Mean load in kW, shape (days, intervals of a day); NaN where nothing was measured."""

    first_day: date
    minutes: int
    kw: NDArray[np.float64]
    kwh_by_day: NDArray[np.float64]

    @property
    def days(self) -> list[date]:
        """The days, in order."""
        return [self.first_day + timedelta(days=number) for number in range(len(self.kw))]

    def hourly(self) -> NDArray[np.float64]:
        """Mean load by hour, shape (days, 24)."""
        if self.minutes >= 60:
            return np.repeat(self.kw, self.minutes // 60, axis=1)
        return mean(self.kw.reshape(len(self.kw), 24, 60 // self.minutes), axis=2)

    def last_months(self, count: int) -> "LoadGrid":
        """The last ``count`` calendar months of it."""
        first = (Month.of(self.days[-1]) - (count - 1)).first_day
        skip = max(0, (first - self.first_day).days)
        return LoadGrid(
            first_day=self.first_day + timedelta(days=skip),
            minutes=self.minutes,
            kw=self.kw[skip:],
            kwh_by_day=self.kwh_by_day[skip:],
        )


def load_grid(series: Readings, time_zone: str) -> LoadGrid:
    """Lay readings out by local day; shorter intervals than a quarter hour are joined to quarter hours.

    The hour that is repeated at the end of daylight saving counts once, with its mean.
    """
    local = local_times(series.start_at, time_zone).astype("datetime64[m]").astype(np.int64)
    length = int(max(_QUARTER, series.minutes.max()))
    day, place = local // _DAY, (local % _DAY) // length
    first, shape = int(day[0]), (int(day[-1] - day[0]) + 1, _DAY // length)
    measured = np.isfinite(series.kwh)
    at = (day[measured] - first, place[measured])
    kwh, minutes = np.zeros(shape), np.zeros(shape)
    np.add.at(kwh, at, series.kwh[measured])
    np.add.at(minutes, at, series.minutes[measured])
    with np.errstate(invalid="ignore", divide="ignore"):
        kw = np.where(minutes > 0, kwh * 60 / minutes, np.nan)
        by_day = np.where(minutes.sum(axis=1) > 0, kwh.sum(axis=1), np.nan)
    return LoadGrid(first_day=day_of_number(first), minutes=length, kw=kw, kwh_by_day=by_day)


def mean(values: NDArray[np.float64], *, axis: int) -> NDArray[np.float64]:
    """Mean of what was measured; NaN where nothing was."""
    known = np.isfinite(values)
    counts = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    with np.errstate(invalid="ignore"):
        means: NDArray[np.float64] = np.where(counts > 0, total / np.maximum(counts, 1), np.nan)
    return means
