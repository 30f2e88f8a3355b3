"""How good a forecast was: MAPE, daily peak, pinball, coverage, hour of the peak."""

import numpy as np

from lianxin.analyses.demand_forecast.load.frame import Floats, Ints


def mape(actual: Floats, forecast: Floats) -> float:
    """Mean absolute percentage error, %, over intervals whose load is not zero."""
    use = np.isfinite(actual) & np.isfinite(forecast) & (np.abs(actual) > 1e-9)
    return (
        float(100 * np.mean(np.abs(forecast[use] - actual[use]) / np.abs(actual[use]))) if use.any() else float("nan")
    )


def pinball(actual: Floats, quantiles: Floats, levels: Floats) -> float:
    """Mean pinball loss over intervals and levels, in the unit of the load."""
    use = np.isfinite(actual)
    left = actual[use, None] - quantiles[use]
    return float(np.mean(np.maximum(levels * left, (levels - 1) * left)))


def coverage(actual: Floats, low: Floats, high: Floats) -> float:
    """Share of the known loads within the two quantiles, %."""
    use = np.isfinite(actual)
    return float(100 * np.mean((actual[use] >= low[use]) & (actual[use] <= high[use])))


def daily_peaks(day: Ints, actual: Floats, forecast: Floats, hour: Floats) -> tuple[float, float, int]:
    """MAPE of the daily peak in %, mean absolute error of its hour, and the number of days known whole."""
    begin = np.flatnonzero(np.r_[True, np.diff(day) > 0])
    sizes, hours = [], []
    for part in np.split(np.arange(len(day)), begin[1:]):
        if np.isfinite(actual[part]).all() and len(part) > 1:
            true, said = int(part[actual[part].argmax()]), int(part[forecast[part].argmax()])
            if abs(actual[true]) > 1e-9:
                sizes.append(abs(forecast[said] - actual[true]) / abs(actual[true]))
                hours.append(abs(hour[said] - hour[true]))
    if not sizes:
        return float("nan"), float("nan"), 0
    return float(100 * np.mean(sizes)), float(np.mean(hours)), len(sizes)
