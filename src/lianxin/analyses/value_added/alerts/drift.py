"""A slow change that no single week shows: this year's weeks against the same weeks of last year.

Needs more than a year of history; before that a drift cannot be told from a season, and none is reported.
"""

from dataclasses import dataclass

import numpy as np

from lianxin.analyses.value_added.alerts.config import AlertSettings
from lianxin.analyses.value_added.alerts.day_features import ENERGY, Floats
from lianxin.analyses.value_added.alerts.memory import Memory

_WEEK = 7
_YEAR_WEEKS = 52
_MEAN_WEEKS = 4
_GROWTH = 0.03  # log units between one four-week mean and the next: a drift goes on, a step does not
_REFRACTORY_DAYS = 182


@dataclass(frozen=True, slots=True)
class Drift:
    """A meter whose level moves away from last year's; ``shift_log`` is the distance now."""

    meter: int
    shift_log: float
    score: float


def find_drifts(memory: Memory, ordinal: int, settings: AlertSettings) -> list[Drift]:
    """Drifts found at the end of a week (ordinal 6 modulo 7); updates the weekly energies in place."""
    if ordinal % _WEEK != _WEEK - 1:
        return []
    week, kept = ordinal // _WEEK, memory.week_energy.shape[1]
    days = np.arange(ordinal - _WEEK + 1, ordinal + 1) % memory.feature.shape[1]
    energy = memory.feature[:, days, ENERGY]
    known = (~np.isnan(energy)).sum(axis=1)
    mean = np.nansum(energy, axis=1) / np.maximum(known, 1)
    memory.week_energy[:, week % kept] = np.where(known >= _WEEK - 1, mean, np.nan)
    change = np.stack([_against_last_year(memory, week - _MEAN_WEEKS * back) for back in range(3)], axis=1)
    growth = -np.diff(change, axis=1)  # newest first
    limit = np.log1p(settings.drift_pct / 100)
    far = np.abs(change[:, 0]) >= limit
    steady = (growth * np.sign(change[:, :1]) >= _GROWTH).all(axis=1)
    quiet = ordinal - memory.alert_ordinal[:, :5].max(axis=1) > 3 * _MEAN_WEEKS * _WEEK
    quiet &= ordinal - memory.drift_ordinal > _REFRACTORY_DAYS
    hit = far & steady & quiet
    memory.drift_ordinal[hit] = ordinal
    return [
        Drift(int(meter), float(change[meter, 0]), float(abs(change[meter, 0]) / limit))
        for meter in np.flatnonzero(hit)
    ]


def _against_last_year(memory: Memory, week: int) -> Floats:
    kept = memory.week_energy.shape[1]
    now = memory.week_energy[:, np.arange(week - _MEAN_WEEKS + 1, week + 1) % kept].mean(axis=1)
    before = np.arange(week - _YEAR_WEEKS - _MEAN_WEEKS + 1, week - _YEAR_WEEKS + 1)
    then = memory.week_energy[:, before % kept].mean(axis=1)
    usable = (now > 0) & (then > 0)
    ratio: Floats = np.full(len(now), np.nan)
    ratio[usable] = np.log(now[usable] / then[usable])
    return ratio
