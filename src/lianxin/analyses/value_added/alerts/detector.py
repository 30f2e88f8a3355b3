"""Day by day over all meters at once: strictly causal, and the same whether fed one day or a year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts.calibration import recalibrate
from lianxin.analyses.value_added.alerts.config import AlertSettings
from lianxin.analyses.value_added.alerts.contrast import Contrasts, contrasts
from lianxin.analyses.value_added.alerts.day_features import ENERGY, LEVEL, day_features
from lianxin.analyses.value_added.alerts.drift import Drift, find_drifts
from lianxin.analyses.value_added.alerts.expectation import day_class, is_rest
from lianxin.analyses.value_added.alerts.intervals import Irregular, find_irregular
from lianxin.analyses.value_added.alerts.levels import best_shift, day_histogram, fit_curve
from lianxin.analyses.value_added.alerts.memory import Memory
from lianxin.analyses.value_added.alerts.readings import MeterDays
from lianxin.analyses.value_added.alerts.steps import Step, find_steps
from lianxin.foundation.calendar import Calendar

_WEEK = 7


@dataclass(frozen=True, slots=True)
class DayFound:
    """What one day brought; ``workday`` tells which of the days under test are worked."""

    day: date
    steps: list[Step]
    irregular: list[Irregular]
    drifts: list[Drift]
    contrasts: Contrasts
    workday: NDArray[np.bool_]


def watch(memory: Memory, days: MeterDays, *, calendar: Calendar, settings: AlertSettings) -> Iterator[DayFound]:
    """Feed the days into ``memory`` (changed in place), one at a time."""
    for number in range(days.kwh.shape[1]):
        yield _advance(memory, days.day(number), calendar, settings)


def _advance(memory: Memory, one: MeterDays, calendar: Calendar, settings: AlertSettings) -> DayFound:
    ordinal = one.first_day.toordinal()
    place = ordinal % memory.feature.shape[1]
    kwh, lagging, leading = one.of_one_day()
    memory.feature[:, place] = day_features(kwh, lagging, leading, max_missing_share=settings.max_missing_share)
    memory.histogram[:, place] = day_histogram(kwh)
    memory.temperature_c[:, place] = np.nan if one.temperature_c is None else one.temperature_c[:, 0]
    if ordinal % _WEEK == 0:
        last = ordinal - settings.guard_days
        window = np.arange(last - settings.window_days + 1, last + 1)
        recalibrate(memory, ordinal, _classes(window, calendar), window, settings)
    today = int(is_rest(_classes(np.array([ordinal]), calendar))[0])
    _lay_over_past(memory, ordinal, today)
    tested = np.arange(ordinal - settings.base_days - max(settings.ages_days) + 1, ordinal + 1)
    classes = _classes(tested, calendar)
    found = contrasts(memory, tested, classes, settings)
    irregular = find_irregular(memory, kwh, ordinal, settings)
    steps = find_steps(memory, found, ordinal, settings)
    drifts = find_drifts(memory, ordinal, settings)
    memory.ordinal[0] = ordinal
    return DayFound(one.first_day, steps, irregular, drifts, found, ~is_rest(classes))


def _lay_over_past(memory: Memory, ordinal: int, kind: int) -> None:
    """The day's level, from where its readings fit best among past ones; ``kind`` 1: a day off."""
    place, fit_place = ordinal % memory.feature.shape[1], ordinal % memory.level_fit.shape[1]
    if not memory.histogram[:, place].any():
        memory.level_fit[:, fit_place], memory.feature[:, place, LEVEL] = np.nan, np.nan
        return
    fit = fit_curve(memory.histogram[:, place], memory.density[:, kind])
    fit[np.isnan(memory.feature[:, place, ENERGY])] = np.nan
    memory.level_fit[:, fit_place] = fit
    memory.feature[:, place, LEVEL] = best_shift(fit.astype(np.float64))


def _classes(ordinals: NDArray[np.int64], calendar: Calendar) -> NDArray[np.int64]:
    return np.array([day_class(date.fromordinal(int(item)), calendar) for item in ordinals])
