"""The vectorised clocks against a plain walk through time, day by day and minute by minute."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lianxin.analyses.service_demand.commitments.clock import DayCloses, Pauses, day_due, elapsed_due
from lianxin.foundation.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 1, 20)
EPOCH = date(1970, 1, 1)
MINUTE = 60_000_000
CALENDAR = Calendar()


def micro(moment: datetime) -> int:
    return round(moment.timestamp()) * 1_000_000


def moment(minutes: int) -> datetime:
    return datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZONE) + timedelta(minutes=minutes)


spans = st.lists(st.tuples(st.integers(0, 40_000), st.integers(1, 6_000)), max_size=4)


def disjoint(start: int, lengths: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found, reached = [], start
    for gap, length in lengths:
        begin = reached + gap % 4_000
        found.append((begin, begin + length))
        reached = begin + length + 1
    return found


def as_pauses(pauses: list[tuple[int, int]]) -> Pauses:
    begin = np.array([micro(moment(one)) for one, _ in pauses], dtype=np.int64)
    end = np.array([micro(moment(two)) for _, two in pauses], dtype=np.int64)
    return Pauses(row=np.zeros(len(pauses), dtype=np.int64), begin=begin, end=end)


@given(start=st.integers(0, 30_000), days=st.integers(1, 8), lengths=spans)
def test_a_working_day_limit_is_a_walk_over_the_closes(start: int, days: int, lengths: list[tuple[int, int]]) -> None:
    pauses = disjoint(start, lengths)
    day, left = moment(start).date(), days
    while left:
        day += timedelta(days=1)
        close = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(days=1)
        paused = any(moment(begin) < close <= moment(end) for begin, end in pauses)
        left -= CALENDAR.is_workday(day) and not paused
    closes = DayCloses.between(
        FIRST - timedelta(days=30), FIRST + timedelta(days=300), zone=ZONE, close=None, calendar=CALENDAR
    )
    first_day = np.array([(moment(start).date() - EPOCH).days])
    found = day_due(first_day, days, closes, as_pauses(pauses))
    assert found.tolist() == [micro(close)]


@given(start=st.integers(0, 30_000), limit=st.integers(1, 5_000), lengths=spans)
def test_an_elapsed_limit_is_a_walk_over_the_minutes(start: int, limit: int, lengths: list[tuple[int, int]]) -> None:
    pauses = disjoint(start, lengths)
    minute, left = start, limit
    while left:
        left -= not any(begin <= minute < end for begin, end in pauses)
        minute += 1
    found = elapsed_due(np.array([micro(moment(start))]), limit * MINUTE, as_pauses(pauses))
    # a pause that begins at the very moment at which the limit is used up changes nothing
    assert found.tolist() == [micro(moment(minute))]


@given(start=st.integers(0, 30_000), length=st.integers(1, 9_000), lengths=spans)
def test_paused_time_is_the_overlap(start: int, length: int, lengths: list[tuple[int, int]]) -> None:
    pauses = disjoint(start - 500, lengths)
    expected = sum(any(begin <= minute < end for begin, end in pauses) for minute in range(start, start + length))
    one = np.array([micro(moment(start))])
    assert as_pauses(pauses).within(one, one + length * MINUTE).tolist() == [expected * MINUTE]
