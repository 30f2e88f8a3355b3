"""What single readings tell: gaps, frozen or dead meters, spikes."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts.config import AlertSettings
from lianxin.analyses.value_added.alerts.day_features import Floats
from lianxin.analyses.value_added.alerts.memory import Memory

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Irregular:
    """An irregularity of one meter; ``start`` is the interval of the day, negative: on earlier days."""

    meter: int
    kind: Literal["missing", "flatline", "spike"]
    start: int
    score: float
    magnitude_pct: float
    value: float


def find_irregular(memory: Memory, kwh: Floats, ordinal: int, settings: AlertSettings) -> list[Irregular]:
    """Irregularities that the day's readings (meters, intervals) brought to light; updates memory in place."""
    found = _gaps(memory, kwh, settings) + _flat(memory, kwh, settings) + _spikes(memory, kwh, ordinal, settings)
    known = ~np.isnan(kwh)
    last = kwh.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    latest = kwh[np.arange(len(kwh)), last]
    memory.last_kwh[:] = np.where(known.any(axis=1), latest, memory.last_kwh)
    return found


def run_lengths(same: NDArray[np.bool_], carried: NDArray[np.int64]) -> NDArray[np.int64]:
    """Length of the run of True that ends at each place (meters, intervals); ``carried`` ran before."""
    places = np.arange(same.shape[1])
    broken = np.maximum.accumulate(np.where(same, -1, places), axis=1)
    return np.where(broken < 0, carried[:, None] + places + 1, places - broken)


def _gaps(memory: Memory, kwh: Floats, settings: AlertSettings) -> list[Irregular]:
    intervals = kwh.shape[1]
    fewest = max(1, round(settings.missing_hours * intervals / 24))
    runs = run_lengths(np.isnan(kwh), memory.run_missing)
    memory.run_missing[:] = runs[:, -1]
    seen = ~np.isnan(memory.last_kwh) | ~np.isnan(kwh).all(axis=1)
    hit = (runs == fewest) & seen[:, None]
    return [
        Irregular(int(meter), "missing", int(place) - fewest + 1, 1.0, -100.0, float(runs[meter].max()))
        for meter, place in zip(*np.nonzero(hit), strict=True)
    ]


def _flat(memory: Memory, kwh: Floats, settings: AlertSettings) -> list[Irregular]:
    intervals = kwh.shape[1]
    fewest = max(settings.flat_readings, round(settings.flat_hours * intervals / 24))
    before = np.concatenate([memory.last_kwh[:, None], kwh[:, :-1]], axis=1)
    alike: NDArray[np.bool_] = np.equal(kwh, before)
    runs = run_lengths(alike, memory.run_equal)
    over_midnight = np.where(alike[:, 0], 0, memory.run_equal)
    memory.run_equal[:] = runs[:, -1]
    limit = np.maximum(fewest, 2 * memory.longest_equal)
    watched = np.isfinite(memory.noise).sum(axis=(1, 2)) > 0
    found = []
    for meter, place in zip(*np.nonzero((runs == limit[:, None]) * watched[:, None]), strict=True):
        start = int(place) - int(limit[meter])
        value = float(kwh[meter, place])
        found.append(Irregular(int(meter), "flatline", start, 1.0, -100.0 if value == 0 else 0.0, value))
    ended = np.where(np.concatenate([runs[:, 1:] == 0, np.zeros((len(runs), 1), bool)], axis=1), runs, 0)
    longest = np.maximum(ended.max(axis=1), over_midnight)
    memory.longest_equal[:] = np.maximum(memory.longest_equal, longest)
    return found


def _spikes(memory: Memory, kwh: Floats, ordinal: int, settings: AlertSettings) -> list[Irregular]:
    place = ordinal // _WEEK % memory.highest_kwh.shape[1]
    if ordinal % _WEEK == 0:
        memory.highest_kwh[:, place] = np.nan
    weeks = (~np.isnan(memory.highest_kwh)).sum(axis=1)
    record = np.fmax.reduce(memory.highest_kwh, axis=1)
    day = np.where(np.isnan(kwh), -np.inf, kwh)
    top = day.max(axis=1)
    hit = (weeks >= settings.spike_weeks) & (record > 0) & (top > settings.spike_multiple * record)
    hit &= ordinal - memory.spike_ordinal > _WEEK
    memory.spike_ordinal[hit] = ordinal
    memory.highest_kwh[:, place] = np.fmax(memory.highest_kwh[:, place], np.where(np.isinf(top), np.nan, top))
    return [
        Irregular(
            int(meter),
            "spike",
            int(day[meter].argmax()),
            float(top[meter] / (settings.spike_multiple * record[meter])),
            float(100 * (top[meter] / record[meter] - 1)),
            float(top[meter]),
        )
        for meter in np.flatnonzero(hit)
    ]
