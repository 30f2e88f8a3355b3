"""A meter's typical workday and day off as a shape: 24 hourly shares each, free of size."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HOURS = 24


def typical_days(kwh: Floats, workday: NDArray[np.bool_]) -> Floats:
    """Mean workday and day off, hourly, over the mean workday load: (meters, 48).

    ``kwh`` is (meters, days, intervals) with NaN where missing, ``workday`` is (days,). The first 24 values
    have mean 1; the last 24 tell the day off at the same scale. A meter without a complete typical workday
    or without load is NaN; without days off, the day off is taken as the workday.
    """
    meters, days, intervals = kwh.shape
    if intervals % HOURS:
        message = f"a day of {intervals} intervals has no whole hours"
        raise ValueError(message)
    hourly = np.maximum(kwh, 0).reshape(meters, days, HOURS, -1).mean(axis=3)
    work, rest = _mean_day(hourly[:, workday]), _mean_day(hourly[:, ~workday])
    rest = np.where(np.isnan(rest), work, rest)
    level = work.mean(axis=1, keepdims=True)
    usable = np.isfinite(level) & (level > 0)
    shapes: Floats = np.divide(
        np.concatenate([work, rest], axis=1), level, out=np.full((meters, 2 * HOURS), np.nan), where=usable
    )
    return shapes


def _mean_day(hourly: Floats) -> Floats:
    known = ~np.isnan(hourly)
    count = known.sum(axis=1)
    total = np.where(known, hourly, 0.0).sum(axis=1)
    mean: Floats = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean
