"""The clocks: due instants and elapsed times of many cases at once. Instants are int64 microseconds UTC.

Rules (METHODS 1): minutes and hours are elapsed time; a working-day limit counts from the next working day (make-up
days are working days) and ends at that day's close; a calendar-day limit likewise over all days. A pause stops the
clock. A day is used up at its close: a close that falls into a pause (``begin < close <= end``) uses nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from lianxin.foundation.calendar import Calendar

Ints = NDArray[np.int64]
MICROSECONDS_AN_HOUR = 3_600_000_000
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Times in which a clock stands still: of case ``row``, ``begin`` to ``end``; ordered by both and disjoint."""

    row: Ints
    begin: Ints
    end: Ints

    @classmethod
    def none(cls) -> "Pauses":
        """No pauses."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(row=empty, begin=empty, end=empty)

    def by_turn(self) -> "list[tuple[Ints, Ints, Ints]]":
        """First pauses of all cases, then their second ones, and so on."""
        if not len(self.row):
            return []
        first = np.r_[True, self.row[1:] != self.row[:-1]]
        starts = np.flatnonzero(first)
        turn = np.arange(len(self.row)) - np.repeat(starts, np.diff(np.r_[starts, len(self.row)]))
        order = np.argsort(turn, kind="stable")
        cuts = np.cumsum(np.bincount(turn))[:-1]
        return [(self.row[at], self.begin[at], self.end[at]) for at in np.split(order, cuts)]

    def within(self, start: Ints, end: Ints) -> Ints:
        """Paused microseconds of each case between its ``start`` and ``end``."""
        overlap = np.minimum(self.end, end[self.row]) - np.maximum(self.begin, start[self.row])
        total = np.zeros(len(start), dtype=np.int64)
        np.add.at(total, self.row, np.maximum(overlap, 0))
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCloses:
    """The closes of the days that count, ascending; ``before[i]``: how many of them lie on days up to ``first`` + i."""

    first: int
    before: Ints
    close: Ints

    @classmethod
    def between(
        cls, first: date, last: date, *, zone: ZoneInfo, close: time | None, calendar: Calendar | None
    ) -> "DayCloses":
        """Closes from ``first`` to ``last``: of working days, or of all days without a ``calendar``."""
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        counts = np.array([calendar is None or calendar.is_workday(day) for day in days], dtype=np.int64)
        instants = [_close(day, zone, close) for day, counted in zip(days, counts.tolist(), strict=True) if counted]
        return cls(first=(first - _EPOCH).days, before=np.cumsum(counts), close=np.array(instants, dtype=np.int64))

    def index_after(self, day: Ints) -> Ints:
        """Position of the first counting close on a day after ``day`` (days since 1970)."""
        return np.asarray(self.before[day - self.first], dtype=np.int64)

    def at(self, index: Ints) -> Ints:
        """The close at ``index``."""
        return np.asarray(self.close[index], dtype=np.int64)

    def used_in(self, begin: Ints, end: Ints) -> Ints:
        """Closes in (begin, end]."""
        upper = np.searchsorted(self.close, end, side="right")
        return np.asarray(upper - np.searchsorted(self.close, begin, side="right"), dtype=np.int64)


def _close(day: date, zone: ZoneInfo, close: time | None) -> int:
    local = datetime.combine(day + timedelta(days=1) if close is None else day, close or time(), tzinfo=zone)
    return round(local.timestamp()) * 1_000_000


def elapsed_due(start: Ints, limit: Ints | int, pauses: Pauses) -> Ints:
    """When ``limit`` microseconds have run since ``start``; each pause that begins before puts it off by its length."""
    due = start + limit
    for row, begin, end in pauses.by_turn():
        put_off = np.maximum(end - np.maximum(begin, start[row]), 0)
        due[row] += np.where(begin < due[row], put_off, 0)
    return np.asarray(due, dtype=np.int64)


def day_due(start_day: Ints, days: Ints | int, closes: DayCloses, pauses: Pauses) -> Ints:
    """Close of the ``days``-th counting day after ``start_day``, closes that fall into pauses left out."""
    index = closes.index_after(start_day) + days - 1
    for row, begin, end in pauses.by_turn():
        due = closes.at(index[row])
        # the day of the start uses nothing, paused or not, so a pause counts from its close on
        start_close = closes.at(np.maximum(closes.index_after(start_day[row]) - 1, 0))
        lost = closes.used_in(np.maximum(begin, start_close), end)
        index[row] += np.where(begin < due, np.maximum(lost, 0), 0)
    return closes.at(index)
