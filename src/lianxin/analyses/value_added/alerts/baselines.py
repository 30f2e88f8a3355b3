"""What an alert has to be better than: a robust z-score on daily energy, and a detector that is silent."""

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts.day_features import Floats
from lianxin.analyses.value_added.alerts.expectation import is_rest

CLASSIC_LIMIT = 3.5  # Iglewicz and Hoaglin (1993): modified z-scores above 3.5 are outliers
_HISTORY_DAYS = 56
_FEWEST = 6
_REFRACTORY_DAYS = 21


def robust_z_alerts(
    daily_kwh: Floats, classes: NDArray[np.int64], *, first_day: int, limit: float = CLASSIC_LIMIT
) -> list[list[tuple[int, int]]]:
    """Alerts of each meter as (day index, +1 or −1): |x − median| over 1.4826 MAD of like days above ``limit``.

    Like days are the workdays, or the days off, of the last eight weeks. After an alert a meter is silent
    for 21 days, as ours is. ``daily_kwh`` is (meters, days).
    """
    rest = is_rest(classes)
    alerts: list[list[tuple[int, int]]] = [[] for _ in daily_kwh]
    last = np.full(len(daily_kwh), -_REFRACTORY_DAYS - 1)
    for day in range(first_day, daily_kwh.shape[1]):
        past = np.arange(max(0, day - _HISTORY_DAYS), day)
        like = daily_kwh[:, past[rest[past] == rest[day]]]
        if like.shape[1] < _FEWEST:
            continue
        middle = np.nanmedian(like, axis=1)
        spread = 1.4826 * np.nanmedian(np.abs(like - middle[:, None]), axis=1)
        z = np.divide(daily_kwh[:, day] - middle, spread, out=np.zeros(len(daily_kwh)), where=spread > 0)
        for meter in np.flatnonzero((np.abs(z) > limit) & (day - last > _REFRACTORY_DAYS)):
            alerts[meter].append((day, int(np.sign(z[meter]))))
            last[meter] = day
    return alerts


def always_quiet_alerts(meters: int) -> list[list[tuple[int, int]]]:
    """No alert ever: what the false-alarm rate alone would call perfect."""
    return [[] for _ in range(meters)]
