"""The days of a span with their month and whether people work, as a small table to join."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa

from lianxin.foundation.calendar import Calendar
from lianxin.foundation.periods import Month
from lianxin.foundation.zones import day_number, start_of_day_utc


def calendar_days(first: date, last: date, *, calendar: Calendar) -> ibis.Table:
    """Grain: one row a day from ``first`` to ``last``: local_day, month (YYYY-MM), is_workday."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return ibis.memtable(
        pa.table(
            {
                "local_day": pa.array([day_number(day) for day in days], pa.int64()),
                "month": pa.array([str(Month.of(day)) for day in days], pa.string()),
                "is_workday": pa.array([calendar.is_workday(day) for day in days], pa.bool_()),
            }
        )
    )


def month_lengths(first: date, last: date, *, zone: ZoneInfo, end: datetime) -> ibis.Table:
    """Grain: one row a local month: month, month_minutes, counted to ``end`` (naive UTC) at most.

    Months with a change to or from daylight saving are an hour shorter or longer.
    """
    months = []
    month = Month.of(first)
    while month <= Month.of(last):
        months.append(month)
        month += 1
    return ibis.memtable(
        pa.table(
            {
                "month": pa.array([str(month) for month in months], pa.string()),
                "month_minutes": pa.array([_minutes(month, zone, end) for month in months], pa.int64()),
            }
        )
    )


def _minutes(month: Month, zone: ZoneInfo, end: datetime) -> int:
    start = start_of_day_utc(month.first_day, zone).replace(tzinfo=None)
    stop = min(start_of_day_utc((month + 1).first_day, zone).replace(tzinfo=None), end)
    return max(0, int((stop - start).total_seconds() // 60))
