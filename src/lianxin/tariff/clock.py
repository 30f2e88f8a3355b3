"""How a plan writes times of day and dates."""

import re
from datetime import date
from functools import cache

from lianxin.foundation.language import Text
from lianxin.tariff.refusals import PlanTimeInvalid

MINUTES_PER_DAY = 1440
# A leap year: every date that can occur, 29 February included.
LEAP_YEAR = 2000

_TIMES = re.compile(r"^(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})$")
_DATES = re.compile(r"^(\d{1,2})-(\d{1,2})(?:/(\d{1,2})-(\d{1,2}))?$")

_TIMES_EXPECTED = Text(
    "应为 HH:MM-HH:MM，起始早于终止，至多 24:00（跨零点请分成两段）",
    "expected HH:MM-HH:MM, from before to, at most 24:00 (split what passes midnight in two)",
)
_DATES_EXPECTED = Text("应为 MM-DD/MM-DD（或单日 MM-DD）", "expected MM-DD/MM-DD (or one day, MM-DD), dates that exist")

MonthDay = tuple[int, int]


def minutes_of_times(value: str) -> tuple[int, int]:
    """First minute and end minute (exclusive) of ``HH:MM-HH:MM``.

    >>> minutes_of_times("07:30-24:00")
    (450, 1440)

    Raises:
        PlanTimeInvalid: no such time, or the end is not after the start.

    """
    match = _TIMES.match(value.strip())
    if match is None:
        raise PlanTimeInvalid(value=value, expected=_TIMES_EXPECTED)
    hour, minute, end_hour, end_minute = map(int, match.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if max(minute, end_minute) > 59 or not 0 <= start < end <= MINUTES_PER_DAY:
        raise PlanTimeInvalid(value=value, expected=_TIMES_EXPECTED)
    return start, end


@cache
def month_days(value: str) -> frozenset[MonthDay]:
    """Every (month, day) of ``MM-DD/MM-DD``, both ends included; it may pass the end of the year.

    >>> sorted(month_days("12-31/01-01"))
    [(1, 1), (12, 31)]

    Raises:
        PlanTimeInvalid: a date that does not exist.

    """
    match = _DATES.match(value.strip())
    if match is None:
        raise PlanTimeInvalid(value=value, expected=_DATES_EXPECTED)
    numbers = [int(part) for part in match.groups() if part is not None]
    try:
        first = date(LEAP_YEAR, numbers[0], numbers[1])
        last = date(LEAP_YEAR, numbers[-2], numbers[-1])
    except ValueError as error:
        raise PlanTimeInvalid(value=value, expected=_DATES_EXPECTED) from error
    days = _all_days()
    start, end = days.index(first), days.index(last)
    chosen = days[start : end + 1] if start <= end else days[start:] + days[: end + 1]
    return frozenset((day.month, day.day) for day in chosen)


def hhmm(minute: int) -> str:
    """Minute of the day as HH:MM."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


@cache
def _all_days() -> list[date]:
    first = date(LEAP_YEAR, 1, 1).toordinal()
    return [date.fromordinal(first + index) for index in range(366)]
