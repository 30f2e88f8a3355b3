"""Six ways in which a load can move, each a weighted sum of feature contrasts.

A channel's weights are those of the best linear unbiased estimate of a common shift: the inverse of the
covariance of the meter's own day-to-day contrasts, rows summed, negatives cut. Steady features (the base
load of an otherwise restless plant) so get the most weight.
"""

from typing import Literal, get_args

import numpy as np

from lianxin.analyses.value_added.alerts.config import AlertSettings, ChannelLimits
from lianxin.analyses.value_added.alerts.day_features import (
    ALL,
    ENERGY,
    ENERGY_ALONE,
    LEVEL,
    LOAD,
    NAMES,
    POWER_FACTOR,
    Floats,
)

Channel = Literal["scale", "energy", "active", "base", "level", "power_factor"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
_ABSENT_SPREAD = 1e3
LEVEL_CHANNEL = CHANNELS.index("level")
_POOLED_LEVEL_NOISE = 0.06


def channels_of(features: slice) -> slice:
    """The channels that have a feature: of the energy alone the first two."""
    return slice(0, CHANNELS.index("energy") + 1) if features == ENERGY_ALONE else features


def members() -> Floats:
    """Which features belong to which channel, (channels, features) of 0 and 1."""
    table = np.zeros((len(CHANNELS), len(NAMES)))
    table[0, LOAD] = 1
    table[1, ENERGY] = 1
    table[2, [NAMES.index(name) for name in ("quantile_75", "quantile_95")]] = 1
    table[3, [NAMES.index(name) for name in ("quantile_05", "quantile_25")]] = 1
    table[4, LEVEL] = 1
    table[5, POWER_FACTOR] = 1
    return table


def noise_floor() -> Floats:
    """Least daily noise believed per channel, log units: keeps a limit off zero on flat curves."""
    return np.array([0.015, 0.015, 0.015, 0.015, 0.015, 0.005])


def limits_of(settings: AlertSettings) -> list[ChannelLimits]:
    """The limits in the order of ``CHANNELS``."""
    return [settings.scale, settings.energy, settings.active, settings.base, settings.level, settings.power_factor]


def channel_weights(contrast: Floats, *, shrinkage: float, used: slice = ALL) -> tuple[Floats, Floats]:
    """Weights (meters, channels, features) and daily noise (meters, channels) from past contrasts.

    ``contrast`` is (meters, days, features ``used``) in log units, NaN where not known. A feature that a meter does
    not have gets no weight; a channel without features has NaN noise.
    """
    known = ~np.isnan(contrast)
    count = known.sum(axis=1)
    value = np.where(known, contrast, 0.0)
    spread = _spread(value, count)
    unit = np.clip(value / spread[:, None, :], -3, 3)
    correlation = unit.transpose(0, 2, 1) @ unit / np.maximum(count, 1)[:, :, None]
    features = contrast.shape[2]
    correlation = (1 - shrinkage) * correlation + shrinkage * np.eye(features)
    absent = count == 0
    spread = np.where(absent, _ABSENT_SPREAD, spread)
    covariance = correlation * spread[:, :, None] * spread[:, None, :]
    table = members()[channels_of(used), used]
    weights = np.zeros((len(contrast), len(table), features))
    for number, row in enumerate(table):
        inside = np.flatnonzero(row)
        part = covariance[:, inside[:, None], inside]
        solved = np.linalg.solve(part, np.ones((len(contrast), len(inside), 1)))[..., 0]
        solved = np.where(absent[:, inside], 0.0, np.maximum(solved, 0.0))
        total = solved.sum(axis=1, keepdims=True)
        weights[:, number, inside] = np.divide(solved, total, out=np.zeros_like(solved), where=total > 0)
    shift = value @ weights.transpose(0, 2, 1)
    noise = np.maximum(_spread(shift, known[:, :, 0].sum(axis=1)[:, None]), noise_floor()[: len(table)])
    # Days laid over the past together are far steadier than the level of one day.
    level = slice(LEVEL_CHANNEL, LEVEL_CHANNEL + 1)
    noise[:, level] = np.minimum(noise[:, level], _POOLED_LEVEL_NOISE)
    return weights, np.where(weights.sum(axis=2) > 0, noise, np.nan)


def _spread(value: Floats, count: Floats) -> Floats:
    """Standard deviation around zero over axis 1, single large days drawn in; at least 0.01."""
    divisor = np.maximum(count, 1)
    typical = 1.25 * np.abs(value).sum(axis=1) / divisor + 0.005
    drawn_in = np.clip(value, -4 * typical[:, None], 4 * typical[:, None])
    spread: Floats = np.maximum(np.sqrt((drawn_in**2).sum(axis=1) / divisor), 0.01)
    return spread
