"""The smooth model: for each time of day a ridge regression of the (logarithm of) load on smooth terms and a trend.

Every time of day has a trend of its own: night storage moves, photovoltaics eat the noon. Beyond the data a trend is
carried on damped. Two years of half hours take a quarter of a second.
"""

from dataclasses import dataclass

import numpy as np

from lianxin.analyses.demand_forecast.config import SmoothConfig
from lianxin.analyses.demand_forecast.load.frame import Flags, Floats, Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class SmoothModel:
    """``coefficients`` (slots, terms) on standardised terms, ``level`` and ``trend`` (slots,), trend centred at
    ``centre_years``, known to ``last_years``.
    """

    mean: Floats
    scale: Floats
    coefficients: Floats
    level: Floats
    trend: Floats
    centre_years: float
    last_years: float
    damping: float

    def trend_part(self, frame: Frame) -> Floats:
        """What the trend adds at each interval."""
        time = frame.years - self.centre_years
        last = self.last_years - self.centre_years
        carried = np.where(time <= last, time, last + self.damping * (time - last))
        return np.asarray(carried * self.trend[frame.slot])

    def predict(self, frame: Frame, terms: Floats) -> Floats:
        """The model at each interval; ``terms`` (intervals, terms)."""
        slopes = self.coefficients / self.scale  # a product for all times of day is faster than gathering each row's
        smooth = (terms @ slopes.T)[np.arange(len(frame)), frame.slot] - (slopes @ self.mean)[frame.slot]
        return np.asarray(self.level[frame.slot] + smooth + self.trend_part(frame))


def fit_smooth(frame: Frame, terms: Floats, target: Floats, known: Flags, *, config: SmoothConfig) -> SmoothModel:
    """Fit on the intervals where ``known``; recent days count more (half-life in the configuration)."""
    mean = terms[known].mean(axis=0)
    scale = terms[known].std(axis=0)
    scale = np.where(
        scale > 1e-6 * np.maximum(1.0, np.abs(mean)), scale, np.inf
    )  # a term that never moved says nothing
    years = frame.years[known]
    centre, last = float(years.mean()), float(years.max())
    weights = 0.5 ** ((last - frame.years) / config.half_life_years)
    width = terms.shape[1]
    ridge = np.diag(np.r_[np.full(width, config.penalty), config.trend_penalty])
    coefficients, level, trend = np.zeros((frame.slots, width)), np.zeros(frame.slots), np.zeros(frame.slots)
    overall = float(target[known].mean())
    order = np.flatnonzero(known)
    order = order[np.argsort(frame.slot[order], kind="stable")]
    edges = np.searchsorted(frame.slot[order], np.arange(frame.slots + 1))
    for slot in range(frame.slots):
        rows = order[edges[slot] : edges[slot + 1]]
        level[slot] = overall
        if len(rows):
            design = np.column_stack([(terms[rows] - mean) / scale, frame.years[rows] - centre])
            weight = weights[rows]
            level[slot] = float(np.average(target[rows], weights=weight))
            weighted = design * weight[:, None]
            solved = np.linalg.solve(design.T @ weighted + ridge, weighted.T @ (target[rows] - level[slot]))
            coefficients[slot], trend[slot] = solved[:-1], solved[-1]
    return SmoothModel(
        mean=mean,
        scale=scale,
        coefficients=coefficients,
        level=level,
        trend=trend,
        centre_years=centre,
        last_years=last,
        damping=config.trend_damping,
    )
