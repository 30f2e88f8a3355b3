"""By when a change of the demand charge must be applied for."""

from collections.abc import Iterator
from datetime import date, timedelta

from lianxin.foundation.calendar import Calendar
from lianxin.foundation.periods import Month

_MONTHS_A_QUARTER = 3


def last_day_to_apply(first_day: date, *, workdays: int, calendar: Calendar) -> date:
    """The ``workdays``-th working day before ``first_day``; applying on it is still in time."""
    day = first_day
    while workdays > 0:
        day -= timedelta(days=1)
        if calendar.is_workday(day):
            workdays -= 1
    return day


def next_month(as_of: date, *, workdays: int, calendar: Calendar) -> Month:
    """The first month for which one can still apply after the end of ``as_of``."""
    return next(month for month in _after(as_of) if _in_time(month, as_of, workdays, calendar))


def next_quarter(as_of: date, *, workdays: int, calendar: Calendar) -> Month:
    """The first month of the first quarter for which one can still apply after the end of ``as_of``."""
    quarters = (month for month in _after(as_of) if begins_quarter(month))
    return next(month for month in quarters if _in_time(month, as_of, workdays, calendar))


def begins_quarter(month: Month) -> bool:
    """January, April, July, October."""
    return month.number % _MONTHS_A_QUARTER == 1


def _after(as_of: date) -> Iterator[Month]:
    month = Month.of(as_of)
    while True:
        month += 1
        yield month


def _in_time(month: Month, as_of: date, workdays: int, calendar: Calendar) -> bool:
    return last_day_to_apply(month.first_day, workdays=workdays, calendar=calendar) > as_of
