"""What one day of a meter is reduced to: energy, load quantiles, three-hour blocks and power factor."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BLOCKS = 8
QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)
NAMES = (
    "energy",
    *(f"quantile_{round(100 * share):02d}" for share in QUANTILES),
    *(f"block_{24 // BLOCKS * number:02d}" for number in range(BLOCKS)),
    "level",
    "power_factor",
)
ENERGY = 0
LOGARITHMIC = slice(0, len(NAMES) - 2)
LOAD = slice(0, len(NAMES) - 1)
BLOCK = slice(1 + len(QUANTILES), 1 + len(QUANTILES) + BLOCKS)
LEVEL = len(NAMES) - 2
POWER_FACTOR = len(NAMES) - 1
ALL = slice(None)
ENERGY_ALONE = slice(ENERGY, ENERGY + 1)


def day_features(
    kwh: Floats, kvarh: Floats | None, kvarh_leading: Floats | None, *, max_missing_share: float
) -> Floats:
    """Features of one day, (meters, features): mean kW, not logarithms; power factor as a share.

    The level is left open here (levels.py), as it needs the meter's past.

    ``kwh`` is (meters, intervals of the day), NaN where missing. A day that misses more than
    ``max_missing_share`` of its intervals is NaN throughout. With one interval (daily usage) only the
    energy is known.
    """
    intervals = kwh.shape[1]
    out = np.full((len(kwh), len(NAMES)), np.nan)
    missing = np.isnan(kwh)
    usable = missing.mean(axis=1) <= max_missing_share
    if not usable.any():
        return out
    kw = _filled(np.maximum(kwh[usable], 0.0), missing[usable]) * (intervals / 24.0)
    out[usable, ENERGY] = kw.mean(axis=1)
    if intervals >= BLOCKS and intervals % BLOCKS == 0:
        out[usable, 1 : 1 + len(QUANTILES)] = _quantile_bands(np.sort(kw, axis=1))
        out[usable, BLOCK] = kw.reshape(len(kw), BLOCKS, -1).mean(axis=2)
    if kvarh is not None:
        out[usable, POWER_FACTOR] = _power_factor(kwh, kvarh, kvarh_leading)[usable]
    return out


def _filled(kwh: Floats, missing: NDArray[np.bool_]) -> Floats:
    """Small gaps take the nearest earlier value of the day, leading ones the first that is there."""
    if not missing.any():
        return kwh
    places = np.arange(kwh.shape[1])
    source = np.maximum.accumulate(np.where(missing, -1, places), axis=1)
    first = np.argmax(~missing, axis=1)[:, None]
    return np.take_along_axis(kwh, np.where(source < 0, first, source), axis=1)


def _quantile_bands(ordered: Floats) -> Floats:
    """Mean of the ordered loads around each quantile (±5 % of the day), steadier than one value."""
    intervals = ordered.shape[1]
    half = max(1, round(intervals * 0.05))
    centres = [round(share * intervals) for share in QUANTILES]
    bands = [ordered[:, max(0, centre - half) : min(intervals, centre + half)] for centre in centres]
    return np.stack([band.mean(axis=1) for band in bands], axis=1)


def _power_factor(kwh: Floats, kvarh: Floats, kvarh_leading: Floats | None) -> Floats:
    """Of the day, both directions of reactive energy counted: 水电财字〔1983〕215号."""
    together = ~np.isnan(kwh) & ~np.isnan(kvarh)
    active = np.where(together, kwh, 0.0).sum(axis=1)
    reactive = np.where(together, np.abs(kvarh), 0.0).sum(axis=1)
    if kvarh_leading is not None:
        reactive += np.where(together, np.abs(np.nan_to_num(kvarh_leading)), 0.0).sum(axis=1)
    known = (active > 0) & (together.mean(axis=1) >= 0.5)
    factor = active / np.hypot(active, np.where(known, reactive, 1.0))
    return np.where(known, factor, np.nan)
