"""The largest 15-minute mean, exact."""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lianxin.tariff.exact import exact_sum, to_exact

WINDOW_MINUTES = 15
_MINUTES_PER_HOUR = 60
# Doubles find the candidates, decimals decide among them: sums of at most 15 doubles err by less than this.
_CANDIDATES_WITHIN = 1e-12


def is_coarse(minutes: int) -> bool:
    """Whether 15-minute means cannot be made of intervals of that length."""
    return WINDOW_MINUTES % minutes != 0


def largest_mean_kw(
    utc_minute: NDArray[np.int64], minutes: NDArray[np.int64], kwh: NDArray[np.float64]
) -> Decimal | None:
    """Largest aligned 15-minute mean in kW, or the largest mean of longer intervals; None without readings.

    ``utc_minute``: minutes since the epoch, ascending. Windows are aligned to quarter hours. What is missing in a
    window counts as no energy: a month with gaps is billed only if the plan says so.
    """
    found = [
        _largest_of_length(utc_minute[chosen], int(length), kwh[chosen])
        for length in np.unique(minutes)
        if (chosen := np.flatnonzero(minutes == length)).size
    ]
    return max(found, default=None)


def _largest_of_length(utc_minute: NDArray[np.int64], minutes: int, kwh: NDArray[np.float64]) -> Decimal:
    if minutes == WINDOW_MINUTES or is_coarse(minutes):
        return to_exact(float(kwh.max())) * _MINUTES_PER_HOUR / minutes
    window = utc_minute // WINDOW_MINUTES
    starts = np.flatnonzero(np.r_[True, window[1:] != window[:-1]])
    sums = np.add.reduceat(kwh, starts)
    ends = np.r_[starts[1:], len(kwh)]
    largest = float(sums.max())
    close = np.flatnonzero(sums >= largest - _CANDIDATES_WITHIN * max(1.0, abs(largest)))
    exact = max(exact_sum(kwh[starts[index] : ends[index]]) for index in close)
    return exact * _MINUTES_PER_HOUR / WINDOW_MINUTES
