"""Which contrasts are alerts, and what the record learns from the day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts.channels import CHANNELS, Channel, limits_of
from lianxin.analyses.value_added.alerts.config import AlertSettings, ChannelLimits
from lianxin.analyses.value_added.alerts.contrast import Contrasts
from lianxin.analyses.value_added.alerts.day_features import Floats
from lianxin.analyses.value_added.alerts.memory import Memory

LOAD_CHANNELS: tuple[Channel, ...] = ("scale", "energy", "active", "base", "level")


@dataclass(frozen=True, slots=True)
class Step:
    """One change of level found on a day.

    ``age_days`` counts the days from its start on; ``shift_log`` is its size, ``score`` the statistic over
    the meter's own limit.
    """

    meter: int
    channel: Channel
    age_days: int
    age_place: int
    shift_log: float
    score: float
    coherence: float


def find_steps(memory: Memory, found: Contrasts, ordinal: int, settings: AlertSettings) -> list[Step]:
    """Steps of the day, at most one a meter and channel; updates record and refractory times in place."""
    steps: list[Step] = []
    silent = np.zeros(len(found.capped), dtype=bool)
    watched = list(zip(CHANNELS, limits_of(settings), strict=True))[: found.capped.shape[1]]
    for place, (channel, limits) in enumerate(watched):
        ratio = _ratio(memory, found, place, limits)
        best = ratio.argmax(axis=1)
        score = ratio[np.arange(len(ratio)), best]
        fires = (score > 1) & _may_fire(memory, channel, place, ordinal, settings) & ~silent
        for meter in np.flatnonzero(fires):
            age = int(best[meter])
            shift = float(found.median[meter, place, age])
            known = _is_return(memory, int(meter), place, shift, ordinal, settings)
            _note(memory, int(meter), place, shift, ordinal, settings)
            silent[meter] |= channel in LOAD_CHANNELS
            if not known:
                coherence = float(found.coherence[meter, place, age])
                days = days_since_start(found.daily[meter, place, age], shift)
                steps.append(Step(int(meter), channel, days, age, shift, float(score[meter]), coherence))
    _remember(memory, found, ordinal)
    return steps


def _may_fire(memory: Memory, channel: Channel, place: int, ordinal: int, settings: AlertSettings) -> NDArray[np.bool_]:
    """One change is one alert: the channels of the load share their refractory time.

    The scale channel, the surest, waits only until a fresh alert of the others is out of the days under test.
    """
    since = ordinal - memory.alert_ordinal
    own: NDArray[np.bool_] = since[:, place] > settings.refractory_days
    if channel == "scale":
        others: NDArray[np.bool_] = since[:, 1:5].min(axis=1) > settings.base_days
        return own & others
    if channel in LOAD_CHANNELS:
        load: NDArray[np.bool_] = since[:, :5].min(axis=1) > settings.refractory_days
        return load
    return own


def _note(memory: Memory, meter: int, place: int, shift: float, ordinal: int, settings: AlertSettings) -> None:
    """Start the refractory time; the first step in a record's length does not raise the meter's limits."""
    alike = slice(0, 5) if CHANNELS[place] in LOAD_CHANNELS else slice(place, place + 1)
    first = ordinal - memory.alert_ordinal[meter, alike].max() > settings.record_days
    memory.alert_ordinal[meter, place] = ordinal
    memory.alert_shift[meter, place] = shift
    if first:
        memory.forgive_until[meter, alike] = ordinal + settings.base_days + max(settings.ages_days)
        length = memory.record.shape[1]
        touched = np.arange(ordinal - max(settings.ages_days) - 1, ordinal) % length
        memory.record[meter, touched, alike] = np.nan


def days_since_start(daily: Floats, shift: float) -> int:
    """Days from the first one after which every known day reached half of the shift; ``daily`` ends today.

    Where today itself did not, or no day is known, all days under test count.
    """
    known = np.flatnonzero(~np.isnan(daily))
    if not len(known):
        return len(daily)
    reached = daily[known] * np.sign(shift) >= abs(shift) / 2
    misses = np.flatnonzero(~reached)
    if len(misses) and misses[-1] == len(known) - 1:
        return len(daily) - int(known[0])
    return len(daily) - int(known[misses[-1] + 1 if len(misses) else 0])


def _ratio(memory: Memory, found: Contrasts, place: int, limits: ChannelLimits) -> Floats:
    """Statistic over own limit (meters, ages), 0 where any condition fails."""
    typical, capped = found.typical[:, place], found.capped[:, place]
    large = (typical >= np.log1p(limits.min_up_pct / 100)) | (typical <= np.log1p(-limits.min_down_pct / 100))
    holds = large & (found.coherence[:, place] >= limits.min_coherence) & (capped * typical > 0)
    ratio = np.abs(capped) / memory.limit[:, place]
    return np.where(holds & np.isfinite(ratio), ratio, 0.0)


def _is_return(memory: Memory, meter: int, place: int, shift: float, ordinal: int, settings: AlertSettings) -> bool:
    """Whether this undoes the last alert of the channel: the load is back where it was, no new event."""
    last = memory.alert_shift[meter, place]
    recent = ordinal - memory.alert_ordinal[meter, place] <= settings.return_days
    return bool(recent and last * shift < 0 and abs(last + shift) < 0.5 * abs(last))


def _remember(memory: Memory, found: Contrasts, ordinal: int) -> None:
    known = np.abs(found.capped).astype(np.float32)
    channels = known.shape[1]
    known[ordinal <= memory.forgive_until[:, :channels]] = np.nan
    place = ordinal % memory.record.shape[1]
    memory.record[:, place, :channels], memory.record[:, place, channels:] = known, np.nan
