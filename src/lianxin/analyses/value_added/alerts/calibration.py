"""Once a week each meter's expectation, channel weights and own limits are taken anew from its history."""

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts.channels import channel_weights, channels_of, limits_of, noise_floor
from lianxin.analyses.value_added.alerts.config import AlertSettings
from lianxin.analyses.value_added.alerts.day_features import (
    ALL,
    ENERGY,
    ENERGY_ALONE,
    LEVEL,
    LOGARITHMIC,
    POWER_FACTOR,
    Floats,
)
from lianxin.analyses.value_added.alerts.expectation import design, fit, is_rest
from lianxin.analyses.value_added.alerts.levels import BINS, log_density
from lianxin.analyses.value_added.alerts.memory import Memory

_PRIOR_DAYS = 28  # weight of the spread that the daily noise alone implies
_PRIOR_FACTOR = 1.3  # own contrasts spread more than independent days would (calibrated)
_SPREAD_DAYS = 112
_SPREAD_CAP = 0.6  # log units; one wild contrast does not blow up the spread


def features_used(memory: Memory, ordinals: NDArray[np.int64]) -> slice:
    """The energy alone where nothing else is known of any meter on the days and in its history (daily usage)."""
    # the quantiles and blocks of a day are known together: one of them tells
    others = [ENERGY_ALONE.stop, LEVEL, POWER_FACTOR]
    known = memory.feature[:, (ordinals % memory.feature.shape[1])[:, None], others]
    alone = np.isnan(known).all() and not memory.weight[..., ENERGY_ALONE.stop :].any()
    return ENERGY_ALONE if alone else ALL


def logs(memory: Memory, ordinals: NDArray[np.int64], used: slice) -> Floats:
    """Log features (meters, days, features ``used``) of the days; the load above the meter's floor."""
    out = memory.feature[:, ordinals % memory.feature.shape[1], used]
    if used == ENERGY_ALONE:
        energy: Floats = np.log(out + memory.floor_kw[:, None, None])
        return energy
    out[:, :, LOGARITHMIC] = np.log(out[:, :, LOGARITHMIC] + memory.floor_kw[:, None, None])
    out[:, :, POWER_FACTOR] = np.log(np.maximum(out[:, :, POWER_FACTOR], 0.01))
    return out


def design_of(
    memory: Memory, ordinals: NDArray[np.int64], classes: NDArray[np.int64], settings: AlertSettings
) -> Floats:
    """Design matrix of the days; days without temperature count as neither cold nor hot."""
    temperature = memory.temperature_c[:, ordinals % memory.temperature_c.shape[1]]
    cold, hot = settings.temperature_base_c
    heating = np.nan_to_num(np.maximum(cold - temperature, 0.0))
    cooling = np.nan_to_num(np.maximum(temperature - hot, 0.0))
    return design(classes, heating, cooling)


def recalibrate(
    memory: Memory, ordinal: int, classes: NDArray[np.int64], window: NDArray[np.int64], settings: AlertSettings
) -> None:
    """Refresh, in place, what depends on history up to ``guard_days`` before ``ordinal``.

    ``window`` holds the ordinals of the history, ``classes`` their kinds of day.
    """
    energy = memory.feature[:, window % memory.feature.shape[1], ENERGY]
    valid = (~np.isnan(energy)).sum(axis=1)
    mean = np.nansum(energy, axis=1) / np.maximum(valid, 1)
    memory.floor_kw[:] = np.maximum(settings.floor_share * mean, 1e-6)
    age = (window[-1] - window).astype(float)
    weights = 0.5 ** (age / settings.half_life_days)
    rest = is_rest(classes)
    if memory.histogram.view(np.uint64).any():  # two counts at a look
        memory.density[:] = log_density(memory.histogram[:, window % memory.histogram.shape[1]], weights, rest)
    else:
        memory.density[:] = -np.log(BINS)  # daily usage: every level is as likely
    memory.density[valid < settings.min_days] = np.nan
    used = features_used(memory, window)
    values = logs(memory, window, used)
    matrix = design_of(memory, window, classes, settings)
    coefficient = fit(values, matrix, weights)
    contrast = _past_contrasts(values - matrix @ coefficient, settings.base_days)
    _forget(memory)
    memory.coefficient[:, :, used] = coefficient
    for group, days in enumerate((~rest, rest)):
        weight, noise = channel_weights(contrast[:, days], shrinkage=settings.shrinkage, used=used)
        memory.weight[:, group, channels_of(used), used] = weight
        memory.noise[:, group, channels_of(used)] = noise
    known = ~np.isnan(contrast)
    memory.scatter[:, used] = 1.25 * np.abs(np.where(known, contrast, 0)).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    memory.noise[valid < settings.min_days] = np.nan
    _own_limits(memory, ordinal, settings, channels_of(used))


def _forget(memory: Memory) -> None:
    """What a feature without any past says: nothing."""
    memory.coefficient[:], memory.weight[:], memory.noise[:], memory.scatter[:] = 0.0, 0.0, np.nan, 0.0


def _past_contrasts(residual: Floats, base_days: int) -> Floats:
    """Each day's residual against the mean of the ``base_days`` before it; outliers in the mean drawn in."""
    known = ~np.isnan(residual)
    count = known.sum(axis=1, keepdims=True)
    typical = 1.25 * np.abs(np.where(known, residual, 0)).sum(axis=1, keepdims=True) / np.maximum(count, 1)
    calm = np.where(known, np.clip(residual, -2 * typical, 2 * typical), 0.0)
    zero = np.zeros_like(calm[:, :1])
    sums = np.concatenate([zero, np.cumsum(calm, axis=1)], axis=1)
    counts = np.concatenate([zero, np.cumsum(known, axis=1)], axis=1)
    before = sums[:, base_days:-1] - sums[:, : -base_days - 1]
    present = counts[:, base_days:-1] - counts[:, : -base_days - 1]
    out = np.full_like(residual, np.nan)
    base = np.divide(before, present, out=np.full_like(before, np.nan), where=present >= base_days // 2 + 1)
    out[:, base_days:] = residual[:, base_days:] - base
    return out


def _own_limits(memory: Memory, ordinal: int, settings: AlertSettings, used: slice) -> None:
    """Spread and limit of each channel's contrast from the meter's own record, the last week left out."""
    memory.spread[:], memory.limit[:] = np.nan, np.nan
    length = memory.record.shape[1]
    last = ordinal - settings.guard_days
    past = np.arange(last, last - length + settings.guard_days, -1)
    record = memory.record[:, past % length, used].astype(float)
    recent = record[:, :_SPREAD_DAYS]
    number = (~np.isnan(recent)).sum(axis=1)
    squares = np.nansum(np.minimum(recent, _SPREAD_CAP) ** 2, axis=1)
    ages = np.array(settings.ages_days, dtype=float)
    work, rest = memory.noise[:, 0, used], memory.noise[:, 1, used]
    noise = np.fmax(np.where(np.isnan(work), rest, work), noise_floor()[used])
    implied = (_PRIOR_FACTOR * noise[:, :, None]) ** 2 * (1 / ages + 1.5 / settings.base_days)
    memory.spread[:, used] = np.sqrt((_PRIOR_DAYS * implied + squares) / (_PRIOR_DAYS + number))
    number = (~np.isnan(record)).sum(axis=1)
    worst = _quantile(record, settings.record_quantile)
    for place, limits in list(enumerate(limits_of(settings)))[used]:
        short = 1 + settings.record_prior_days / np.maximum(number[:, place], 1)
        own = limits.record_multiple * short * worst[:, place]
        limit = np.maximum(limits.spread_multiple * memory.spread[:, place], own)
        memory.limit[:, place] = np.where(number[:, place] >= settings.min_contrasts, limit, np.nan)


def _quantile(record: Floats, share: float) -> Floats:
    """Quantile over axis 1 by the upper of the two nearest values, NaN left out (NaN if nothing is left)."""
    ordered = np.sort(record, axis=1)
    number = (~np.isnan(record)).sum(axis=1, keepdims=True)
    place = np.maximum(np.ceil(share * number).astype(np.int64) - 1, 0)
    return np.take_along_axis(ordered, place, axis=1)[:, 0]
