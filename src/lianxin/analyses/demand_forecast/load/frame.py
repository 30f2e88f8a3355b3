"""The regular grid of intervals on which a load is modelled, and what the calendar says about each."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.demand_forecast.load.festival import FAR, festival_offset
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.zones import day_number, day_of_number, offsets, start_of_day_utc

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

DAY_SECONDS = 86_400
HOLIDAY, MAKE_UP = 7, 8
_YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The local days of a span, arrays of shape (days,). ``kind``: 0–6 the weekday, 7 a holiday, 8 a make-up workday.

    ``festival`` counts days from Spring Festival (at most 60 either way). ``observed`` marks the first workday after
    a holiday on a weekend.
    """

    first: int
    kind: Ints
    weekday: Ints
    works: Flags
    before_holiday: Flags
    after_holiday: Flags
    observed: Flags
    month: Ints
    day_of_year: Ints
    day_of_month: Ints
    festival: Ints

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Intervals in order, arrays of shape (intervals,): ``epoch`` (start, seconds UTC), ``day`` (index into ``days``),
    ``slot`` (of the local day), ``summer_time`` (hours ahead of the span's smallest offset), ``years`` (since 1970).
    """

    minutes: int
    epoch: Ints
    day: Ints
    slot: Ints
    summer_time: Floats
    years: Floats
    days: Days
    chinese: bool

    def __len__(self) -> int:
        return len(self.epoch)

    @property
    def slots(self) -> int:
        """Intervals of a day of 24 hours."""
        return max(1, 24 * 60 // self.minutes)

    def index_of(self, day: date) -> int:
        """The first interval of the local ``day`` (the length, where the frame ends before)."""
        return int(np.searchsorted(self.day, day_number(day) - self.days.first))

    def part(self, start: int, stop: int) -> "Frame":
        """The intervals from ``start`` to before ``stop``; the days stay."""
        return Frame(
            minutes=self.minutes,
            epoch=self.epoch[start:stop],
            day=self.day[start:stop],
            slot=self.slot[start:stop],
            summer_time=self.summer_time[start:stop],
            years=self.years[start:stop],
            days=self.days,
            chinese=self.chinese,
        )


def make_frame(
    first: date,
    last: date,
    *,
    minutes: int,
    zone: ZoneInfo,
    calendar: Calendar,
    learned: AbstractSet[date] = frozenset(),
) -> Frame:
    """Every interval of the local days ``first`` to ``last``; ``learned`` are further days like holidays.

    Days with a change to or from daylight saving have an hour less or more. Daily series have one interval a day.
    """
    days = _days(first, last, calendar=calendar, learned=frozenset(learned))
    if minutes >= 24 * 60:
        numbers = np.arange(len(days), dtype=np.int64)
        epoch = np.array([_epoch(day_of_number(days.first + int(number)), zone) for number in numbers], dtype=np.int64)
        slot, offset = np.zeros(len(days), dtype=np.int64), np.zeros(len(days))
    else:
        step = minutes * 60
        epoch = np.arange(_epoch(first, zone), _epoch(last + timedelta(days=1), zone), step, dtype=np.int64)
        offset = offset_seconds(epoch, zone)
        local = epoch + offset.astype(np.int64)
        numbers, slot = local // DAY_SECONDS - days.first, local % DAY_SECONDS // step
    return Frame(
        minutes=minutes,
        epoch=epoch,
        day=numbers,
        slot=slot,
        summer_time=(offset - offset.min()) / 3600.0,
        years=epoch / (_YEAR_DAYS * DAY_SECONDS),
        days=days,
        chinese=calendar.country == "CN",
    )


def offset_seconds(epoch: Ints, zone: ZoneInfo) -> Floats:
    """Local time minus UTC at each instant, in seconds."""
    first, last = (datetime.fromtimestamp(int(at), UTC).replace(tzinfo=None) for at in (epoch[0], epoch[-1]))
    found = offsets(zone, first, last)
    position = np.searchsorted(np.array([item.from_epoch for item in found[1:]], dtype=np.int64), epoch, side="right")
    return np.array([item.seconds for item in found], dtype=np.float64)[position]


def _epoch(day: date, zone: ZoneInfo) -> int:
    return int(start_of_day_utc(day, zone).timestamp())


@lru_cache(maxsize=64)
def _days_cached(first: date, last: date, country: str, overrides: tuple[tuple[date, str], ...]) -> tuple[str, ...]:
    calendar = Calendar(country, dict(overrides))  # type: ignore[arg-type]  # the kinds come from a Calendar
    count = (last - first).days + 1
    return tuple(calendar.kind(first + timedelta(days=number)) for number in range(count))


def _days(first: date, last: date, *, calendar: Calendar, learned: AbstractSet[date]) -> Days:
    """What the calendar says about each day, with a margin so that neighbours are known."""
    begin, end = first - timedelta(days=4), last + timedelta(days=4)
    kinds = np.array(_days_cached(begin, end, calendar.country, tuple(sorted(calendar.overrides.items()))))
    numbers = day_number(begin) + np.arange(len(kinds), dtype=np.int64)
    weekday = (numbers + 3) % 7  # 1970-01-01 was a Thursday
    off = (kinds == "holiday") | np.isin(numbers, np.array([day_number(day) for day in learned], dtype=np.int64))
    make_up = (kinds == "workday") & (weekday >= 5)
    kind = np.where(off, HOLIDAY, np.where(make_up, MAKE_UP, weekday))
    works = (kinds == "workday") & ~off
    stamp = numbers.astype("datetime64[D]")
    months = stamp.astype("datetime64[M]")
    inner = slice(4, -4)
    return Days(
        first=int(numbers[4]),
        kind=kind[inner],
        weekday=weekday[inner],
        works=works[inner],
        before_holiday=np.roll(off, -1)[inner] & ~off[inner],
        after_holiday=np.roll(off, 1)[inner] & ~off[inner],
        observed=_observed(off, weekday, works)[inner],
        month=(months.astype(np.int64) % 12 + 1)[inner],
        day_of_year=((stamp - stamp.astype("datetime64[Y]")).astype(np.int64) + 1)[inner],
        day_of_month=((stamp - months).astype(np.int64) + 1)[inner],
        festival=festival_offset(numbers[inner]) if len(kinds) else np.full(0, FAR, dtype=np.int64),
    )


def _observed(off: Flags, weekday: Ints, works: Flags) -> Flags:
    """Workdays that are the first after a holiday which fell on a Saturday or Sunday."""
    found = np.zeros(len(off), dtype=np.bool_)
    for gap in (1, 2):
        earlier = np.roll(off & (weekday >= 5), gap)
        resting = np.ones(len(off), dtype=np.bool_) if gap == 1 else np.roll(~works, 1)
        found |= works & earlier & resting
    return found
