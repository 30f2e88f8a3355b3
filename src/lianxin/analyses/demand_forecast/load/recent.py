"""Recent load: what the last days' errors of the model say about the coming ones.

The level of the errors by time of day (exponentially weighted) passes on in full at first and fades with the lead;
what is left is regressed, a time of day each, on yesterday's errors: the day's mean, the same hour, the last hours.
"""

from dataclasses import dataclass

import numpy as np

from lianxin.analyses.demand_forecast.load.frame import Flags, Floats, Frame, Ints

LEADS = (1, 2, 4, 7, 14, 28)
"""Days ahead that have a regression of their own; beyond the last, recent load says nothing."""
_LEVEL_HALF_LIFE_DAYS = 10.0
_FADE_HALF_LIFE_DAYS = 14.0
_PENALTY = 0.02
_WARM_UP_DAYS = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentErrors:
    """Errors by day and slot, shape (days, slots), with gaps filled; and their level known at the start of each day."""

    errors: Floats
    level: Floats


def recent_errors(frame: Frame, errors: Floats) -> RecentErrors:
    """From errors by interval (NaN where the load is not known): a gap takes the level known that day."""
    shape = (len(frame.days), frame.slots)
    sums, counts = np.zeros(shape), np.zeros(shape)
    seen = np.isfinite(errors)
    place = frame.day[seen] * shape[1] + frame.slot[seen]
    sums += np.bincount(place, errors[seen], shape[0] * shape[1]).reshape(shape)
    counts += np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape)
    grid = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    level, pace = np.zeros(shape), 1 - 0.5 ** (1 / _LEVEL_HALF_LIFE_DAYS)
    begun = np.isfinite(grid).any(axis=1)
    first = int(begun.argmax()) if begun.any() else 0
    running = np.where(np.isfinite(grid[first]), grid[first], 0.0)
    for day in range(shape[0]):
        level[day] = running if day > first else 0.0
        filled = np.where(np.isfinite(grid[day]), grid[day], level[day])
        grid[day] = filled
        if day > first:
            running = running + pace * (filled - running)
    return RecentErrors(errors=grid, level=level)


def error_features(recent: RecentErrors, days: Ints, slots: Ints, works: Floats, lead: Ints) -> tuple[Floats, Floats]:
    """The level passed on, shape (rows,), and the regressors, shape (rows, 13), ``lead`` days after the cut-off.

    Only errors of days before ``day − lead + 1`` enter.
    """
    last = np.maximum(days - lead, 0)  # the last day that is known
    base = recent.level[np.minimum(last + 1, len(recent.level) - 1)]
    level = base[np.arange(len(days)), slots]
    left = recent.errors - recent.level
    mean = left.mean(axis=1)
    width = left.shape[1]
    of_day = [mean[np.maximum(last - back, 0)] for back in (0, 1, 2, 6)]
    same = [left[np.maximum(last - back, 0), slots] for back in (0, 1, 6)]
    tails = [left[:, -max(1, width * hours // 24) :].mean(axis=1)[last] for hours in (1, 3, 6, 12, 18)]
    features = np.column_stack([*of_day, *same, *tails, of_day[0] * works])
    return level, features


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentModel:
    """Coefficients by lead and slot, shape (leads, slots, regressors + 1)."""

    coefficients: Floats

    def correct(self, frame: Frame, recent: RecentErrors, rows: Ints, lead: Ints) -> Floats:
        """What to add to the model at intervals ``rows``, ``lead`` days after the cut-off, on the model's scale."""
        day, slot = frame.day[rows], frame.slot[rows]
        works = frame.days.works[day].astype(np.float64)
        level, features = error_features(recent, day, slot, works, lead)
        which = np.searchsorted(np.array(LEADS), np.minimum(lead, LEADS[-1]))
        found = np.einsum("nk,nk->n", np.column_stack([features, level]), self.coefficients[which, slot])
        return np.where(lead <= LEADS[-1], found + passed_on(lead) * level, 0.0)


def passed_on(lead: Ints) -> Floats:
    """Share of the level that is passed on, by lead in days: halved every fortnight."""
    return np.asarray(0.5 ** ((lead - 1) / _FADE_HALF_LIFE_DAYS))


def fit_recent(frame: Frame, recent: RecentErrors, errors: Floats, known: Flags) -> RecentModel:
    """Fit each lead and time of day on the intervals where ``known``."""
    rows = np.flatnonzero(known & np.isfinite(errors) & (frame.day >= frame.day[known][0] + _WARM_UP_DAYS))
    rows = rows[np.argsort(frame.slot[rows], kind="stable")]
    edges = np.searchsorted(frame.slot[rows], np.arange(frame.slots + 1))
    day, slot = frame.day[rows], frame.slot[rows]
    works = frame.days.works[day].astype(np.float64)
    found = np.zeros((len(LEADS), frame.slots, 14))
    for number, lead in enumerate(LEADS):
        leads = np.full(len(rows), lead)
        level, features = error_features(recent, day, slot, works, leads)
        design = np.column_stack([features, level])
        target = errors[rows] - passed_on(leads) * level
        for position in range(frame.slots):
            part = slice(edges[position], edges[position + 1])
            if part.stop - part.start > design.shape[1]:
                gram = design[part].T @ design[part] + _PENALTY * np.eye(design.shape[1])
                found[number, position] = np.linalg.solve(gram, design[part].T @ target[part])
    return RecentModel(coefficients=found)
