"""The last days against the week just before them, in units of the meter's own expectation.

The contrast takes out slow bias of the expectation (seasons, growth), which is what makes a limit of a
few per cent possible; a step survives it because the week before is still the old load.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts.calibration import design_of, features_used, logs
from lianxin.analyses.value_added.alerts.channels import CHANNELS, LEVEL_CHANNEL, channels_of, members
from lianxin.analyses.value_added.alerts.config import AlertSettings
from lianxin.analyses.value_added.alerts.day_features import ENERGY, ENERGY_ALONE, Floats
from lianxin.analyses.value_added.alerts.expectation import WEATHER, is_rest
from lianxin.analyses.value_added.alerts.levels import pooled_shift
from lianxin.analyses.value_added.alerts.memory import Memory

# A feature moved alike if it lies within 30 % of the common shift plus 0.6 of its own daily scatter.
_ALIKE_SHARE = 0.3
_ALIKE_SCATTER = 0.6
_WEATHER_MOVED = 0.05  # log units
_FEWEST_DAYS = 3  # two odd days are no change of level
# Production changes show on workdays; a weekend between must not hide them.
WORKDAYS_ONLY = np.array([channel in {"energy", "active"} for channel in CHANNELS])


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Per meter, channel and age: (meters, channels, ages), log units; NaN where not known.

    Where the energy alone is known (daily usage) its channels and its feature are all there are.

    ``capped`` is the statistic, ``typical`` the shift that at least three days reached, ``median``
    the middle one, ``coherence`` the share of the channel's features that moved alike. ``moved`` is the
    median contrast of every feature (meters, ages, features) and ``before`` the residual level that it was
    held against. ``expected`` (meters, days, features) is the log load expected on the days under test.
    """

    capped: Floats
    typical: Floats
    median: Floats
    coherence: Floats
    moved: Floats
    before: Floats
    daily: Floats
    expected: Floats
    actual: Floats


def contrasts(
    memory: Memory, days: NDArray[np.int64], classes: NDArray[np.int64], settings: AlertSettings
) -> Contrasts:
    """Contrasts of the last of ``days`` (ordinals; base week and ages before it must be in the ring)."""
    used = features_used(memory, days)
    values = logs(memory, days, used)
    matrix = design_of(memory, days, classes, settings)
    expected = matrix @ memory.coefficient[:, :, used]
    weather = (matrix[:, :, WEATHER] @ memory.coefficient[:, WEATHER, ENERGY, None])[..., 0]
    residual = values - expected
    group = is_rest(classes).astype(np.int64)
    parts = [_of_age(memory, residual, group, age, settings, used) for age in settings.ages_days]
    longest = max(settings.ages_days)
    if used == ENERGY_ALONE:
        return _stacked(parts, expected, values, longest)
    curves = memory.level_fit[:, days % memory.level_fit.shape[1]].astype(np.float64)
    for part, age in zip(parts, settings.ages_days, strict=True):
        explained = weather[:, -age:].mean(axis=1) - weather[:, -age - settings.base_days : -age].mean(axis=1)
        _put_level(part, pooled_shift(curves[:, -age - settings.base_days :], age), explained)
    return _stacked(parts, expected, values, longest)


def _stacked(parts: Sequence[tuple[Floats, ...]], expected: Floats, values: Floats, longest: int) -> Contrasts:
    """The parts of each age side by side."""
    stacked = [np.stack([part[place] for part in parts], axis=2) for place in range(4)]
    return Contrasts(
        capped=stacked[0],
        typical=stacked[1],
        median=stacked[2],
        coherence=stacked[3],
        moved=np.stack([part[4] for part in parts], axis=1),
        before=np.stack([part[5] for part in parts], axis=1),
        daily=np.stack([_padded(part[6], longest) for part in parts], axis=2),
        expected=expected[:, -longest:],
        actual=values[:, -longest:],
    )


def _put_level(part: tuple[Floats, ...], pooled: tuple[Floats, Floats, Floats], explained: Floats) -> None:
    """The level is judged on days together: its shift stands for the typical day and the median.

    ``explained`` is what the temperature did to the energy meanwhile, log units. Where the weather moved the
    load the usual levels say nothing.
    """
    shift, evidence, agree = pooled
    shift = np.where(np.abs(np.nan_to_num(explained)) > _WEATHER_MOVED, np.nan, shift)
    capped, typical, median, coherence = part[:4]
    capped[:, LEVEL_CHANNEL] = np.sign(shift) * evidence
    median[:, LEVEL_CHANNEL] = shift
    typical[:, LEVEL_CHANNEL] = np.where(agree >= _FEWEST_DAYS, shift, 0.0)
    coherence[:, LEVEL_CHANNEL] = 1.0


def _padded(shift: Floats, longest: int) -> Floats:
    """(meters, channels, longest) from (meters, days, channels), NaN for the days before."""
    out = np.full((len(shift), shift.shape[2], longest), np.nan)
    out[:, :, longest - shift.shape[1] :] = shift.transpose(0, 2, 1)
    return out


def _of_age(
    memory: Memory, residual: Floats, group: NDArray[np.int64], age: int, settings: AlertSettings, used: slice
) -> tuple[Floats, ...]:
    base = middle(residual[:, -age - settings.base_days : -age], fewest=settings.base_days // 2 + 1)
    change = residual[:, -age:] - base[:, None, :]
    channels = channels_of(used)
    workdays_only = WORKDAYS_ONLY[channels]
    weight = memory.weight[:, group[-age:], channels, used]
    noise = memory.noise[:, group[-age:], channels]
    shift = (weight @ np.nan_to_num(change)[..., None])[..., 0]
    known = ~np.isnan(change[:, :, :1]) & ~np.isnan(noise)
    # A channel whose own features are not known that day (power factor without kvarh) is not known either.
    missing = (weight @ np.isnan(change).astype(float)[..., None])[..., 0] > 0
    known &= ~missing
    known &= ~(workdays_only & (group[-age:] == 1)[None, :, None])
    enough = known.sum(axis=1) >= np.where(workdays_only, _FEWEST_DAYS, age - 1)
    shift = np.where(known, shift, np.nan)
    cap = np.maximum(3 * noise, settings.cap_log)
    precision = np.where(known, 1 / noise**2, 0.0)
    capped = np.nansum(np.clip(shift, -cap, cap) * precision, axis=1) / np.maximum(precision.sum(axis=1), 1e-12)
    typical, median = _typical(shift)
    moved = middle(change, fewest=age - 1)
    coherence = _coherence(moved, median, memory.scatter[:, used], members()[channels, used])
    unknown = np.where(enough, 0.0, np.nan)
    return capped + unknown, typical + unknown, median + unknown, coherence, moved, base, shift


def _typical(shift: Floats) -> tuple[Floats, Floats]:
    """Shift that at least three days reached in one direction (else 0), and the median; over axis 1."""
    ordered = np.sort(shift, axis=1)
    number = (~np.isnan(shift)).sum(axis=1, keepdims=True)
    last = shift.shape[1] - 1

    def at(place: NDArray[np.int64]) -> Floats:
        return np.take_along_axis(ordered, np.clip(place, 0, last), axis=1)[:, 0]

    rise = np.where(number[:, 0] >= _FEWEST_DAYS, at(number - _FEWEST_DAYS), 0.0)
    fall = np.where(number[:, 0] >= _FEWEST_DAYS, at(np.full_like(number, _FEWEST_DAYS - 1)), 0.0)
    typical = np.where(rise > 0, rise, np.minimum(fall, 0.0))
    return typical, (at((number - 1) // 2) + at(number // 2)) / 2


def _coherence(moved: Floats, median: Floats, scatter: Floats, table: Floats) -> Floats:
    gap = np.abs(moved[:, None, :] - median[:, :, None])
    alike = gap <= _ALIKE_SHARE * np.abs(median)[:, :, None] + _ALIKE_SCATTER * scatter[:, None, :]
    known = (~np.isnan(moved))[:, None, :] * table
    share: Floats = (alike * known).sum(axis=2) / np.maximum(known.sum(axis=2), 1)
    return share


def middle(values: Floats, *, fewest: int) -> Floats:
    """Median over axis 1, NaN left out; NaN where fewer than ``fewest`` values are known."""
    ordered = np.sort(values, axis=1)
    number = (~np.isnan(values)).sum(axis=1, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum((number - 1) // 2, 0), axis=1)[:, 0]
    high = np.take_along_axis(ordered, np.minimum(number // 2, values.shape[1] - 1), axis=1)[:, 0]
    return np.where(number[:, 0] >= fewest, (low + high) / 2, np.nan)
