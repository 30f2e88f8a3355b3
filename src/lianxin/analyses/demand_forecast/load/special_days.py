"""Days of a place on which people rest although the calendar does not say so, learned from the load.

A calendar of a country does not know the holidays of its provinces and cities. A day that comes back by a rule (the
same date, the same weekday of a month) and was, in every year of the training span, a workday with far less load than
its neighbours, is taken for a holiday in all years.
"""

from datetime import date

import numpy as np

from lianxin.analyses.demand_forecast.load.frame import Floats, Frame
from lianxin.foundation.zones import day_of_number

_LOWER_BY, _TIMES = 0.04, 3.0
_YEARS_AT_LEAST = 2
_SATURDAY = 5


def recurring_days(frame: Frame, errors: Floats) -> frozenset[date]:
    """Learned rest days of the whole frame, from errors by interval (log load, NaN where not to be looked at).

    The weeks around New Year are left out: the model has terms for them.
    """
    drop = _drops(frame, errors)
    seen = drop[np.isfinite(drop)]
    if not len(seen):
        return frozenset()
    limit = -max(_LOWER_BY, _TIMES * 1.4826 * float(np.median(np.abs(seen))))
    stamps = [day_of_number(frame.days.first + number) for number in range(len(frame.days))]
    found: set[date] = set()
    for rule in (_date_rule, _weekday_rule):
        kept: dict[tuple[int, ...], list[float]] = {}
        for stamp, value in zip(stamps, drop, strict=True):
            if np.isfinite(value):
                kept.setdefault(rule(stamp), []).append(float(value))
        chosen = {key for key, values in kept.items() if len(values) >= _YEARS_AT_LEAST and max(values) < limit}
        found |= {stamp for stamp in stamps if rule(stamp) in chosen and stamp.weekday() < _SATURDAY}
    return frozenset(found)


def _date_rule(day: date) -> tuple[int, ...]:
    return day.month, day.day


def _weekday_rule(day: date) -> tuple[int, ...]:
    return day.month, day.weekday(), (day.day - 1) // 7, 0


def _drops(frame: Frame, errors: Floats) -> Floats:
    """Mean error of each workday that is known whole; NaN elsewhere."""
    known = np.isfinite(errors)
    sums = np.bincount(frame.day[known], errors[known], len(frame.days))
    counts = np.bincount(frame.day[known], minlength=len(frame.days))
    month, day = frame.days.month, frame.days.day_of_month
    turn = ((month == 12) & (day >= 20)) | ((month == 1) & (day <= 12))
    usable = (counts >= 0.9 * frame.slots) & frame.days.works & ~turn
    return np.where(usable, sums / np.maximum(counts, 1), np.nan)
