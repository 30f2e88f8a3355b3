"""The days of the demo's span: months, kinds of day, distance from Spring Festival."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from lianxin.foundation.calendar import Calendar
from lianxin.foundation.periods import Month

QUARTERS = 96
UTC_OFFSET = timedelta(hours=8)
"""Asia/Shanghai, which has no daylight saving in the demo's years."""

# First day of the lunar year (春节正月初一), published by the Purple Mountain Observatory.
_FESTIVALS = """
2005-02-09 2006-01-29 2007-02-18 2008-02-07 2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31
2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10
2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03
"""
SPRING_FESTIVALS = tuple(date.fromisoformat(day) for day in _FESTIVALS.split())
WORKDAY, RESTDAY, HOLIDAY = 0, 1, 2
_KINDS = {"workday": WORKDAY, "restday": RESTDAY, "holiday": HOLIDAY}
_FAR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Arrays over the days of a span, each of shape (days,).

    ``kind`` is 0 workday, 1 rest day, 2 holiday; ``festival_offset`` counts days from the nearest Spring Festival
    (at most 60 either way); ``month_index`` counts months from the first; ``weekday`` is 0 on Monday.
    """

    dates: NDArray[np.datetime64]
    kind: NDArray[np.int8]
    weekday: NDArray[np.int8]
    month_index: NDArray[np.int64]
    month_number: NDArray[np.int8]
    day_of_year: NDArray[np.int64]
    festival_offset: NDArray[np.int64]
    months: tuple[Month, ...]

    def __len__(self) -> int:
        return len(self.dates)

    @property
    def midnight_utc(self) -> NDArray[np.datetime64]:
        """The UTC instant at which each local day begins, microseconds."""
        return np.asarray(self.dates.astype("datetime64[us]") - np.timedelta64(8, "h"))

    @property
    def days_in_month(self) -> NDArray[np.int64]:
        """Days of each month, shape (months,)."""
        return np.bincount(self.month_index, minlength=len(self.months)).astype(np.int64)


def days_between(first: date, last: date, calendar: Calendar) -> Days:
    """The days from ``first`` to ``last``, both included."""
    listed = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    months = [Month.of(day) for day in listed]
    start = months[0].year * 12 + months[0].number
    index = np.array([month.year * 12 + month.number - start for month in months], dtype=np.int64)
    return Days(
        dates=np.array(listed, dtype="datetime64[D]"),
        kind=np.array([_KINDS[calendar.kind(day)] for day in listed], dtype=np.int8),
        weekday=np.array([day.weekday() for day in listed], dtype=np.int8),
        month_index=index,
        month_number=np.array([month.number for month in months], dtype=np.int8),
        day_of_year=np.array([day.timetuple().tm_yday for day in listed], dtype=np.int64),
        festival_offset=np.array([_festival_offset(day) for day in listed], dtype=np.int64),
        months=tuple(months[0] + number for number in range(int(index[-1]) + 1)),
    )


def _festival_offset(day: date) -> int:
    nearest = min(((day - festival).days for festival in SPRING_FESTIVALS), key=abs)
    return max(-_FAR, min(_FAR, nearest))


def festival_depth(offset: NDArray[np.int64], *, before: float = 12.0, after: float = 11.0) -> NDArray[np.float64]:
    """How far life has stopped for Spring Festival: 1 on the days around it, 0 from ``before``/``after`` days on."""
    days = offset.astype(np.float64)
    rising = np.clip((days + before) / (before - 3.0), 0.0, 1.0)
    falling = np.clip((after + 4.0 - days) / (after - 3.0), 0.0, 1.0)
    return np.where(days <= 0, rising, falling)


def local_instants(days: NDArray[np.datetime64], minute: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """UTC microseconds of local minutes of days."""
    return np.asarray(days.astype("datetime64[us]") - np.timedelta64(8, "h") + minute.astype("timedelta64[m]"))


def utc_midnight(day: date) -> datetime:
    """The UTC instant at which a local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - UTC_OFFSET
