"""How wide a forecast is: quantiles of errors on days the model had not seen, by hour and season."""

from dataclasses import dataclass

import numpy as np

from lianxin.analyses.demand_forecast.load.frame import Floats, Frame, Ints

_HOUR_REACH = 1
_SHRINK_ERRORS = 400.0
"""A cell of hour and season counts as much as the whole hour from so many errors on (assumption)."""
_FLOOR = 0.002
_LEVELS = np.linspace(0.005, 0.995, 199)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Errors on the model's scale at 199 levels, shape (24 hours, 4 seasons, levels), median 0."""

    quantiles: Floats

    def at(self, frame: Frame, levels: Floats) -> Floats:
        """Errors at ``levels`` for each interval, shape (intervals, levels)."""
        hour = frame.slot * 24 // frame.slots
        cell = hour * 4 + season(frame)
        flat = self.quantiles.reshape(-1, len(_LEVELS))
        table = np.array([np.interp(levels, _LEVELS, row) for row in flat])
        return np.asarray(table[cell])


def season(frame: Frame) -> Ints:
    """0 December to February, 1 March to May, 2 June to August, 3 September to November."""
    return np.asarray(frame.days.month[frame.day] % 12 // 3)


def fit_spread(frame: Frame, errors: Floats) -> Spread:
    """From errors (NaN where unknown) of a model on days it had not seen. Each cell has median 0.

    Neighbouring hours count in; a cell with few errors leans on its hour in all seasons.
    """
    hour, quarter = frame.slot * 24 // frame.slots, season(frame)
    seen = np.isfinite(errors)
    centre = float(np.median(errors[seen]))
    found = np.zeros((24, 4, len(_LEVELS)))
    for number in range(24):
        near = seen & (np.minimum((hour - number) % 24, (number - hour) % 24) <= _HOUR_REACH)
        if not near.any():
            near = seen
        whole = _centred(errors[near], centre)
        for part in range(4):
            cell = near & (quarter == part)
            weight = cell.sum() / (cell.sum() + _SHRINK_ERRORS)
            own = _centred(errors[cell], centre) if cell.any() else whole
            found[number, part] = weight * own + (1 - weight) * whole
    return Spread(quantiles=found)


def _centred(errors: Floats, centre: float) -> Floats:
    """Quantiles about the cell's own median, never a single point.

    What the median of the hour and season lay off the overall one may come back the other way next year: it widens
    the cell (in quadrature) and does not move it.
    """
    middle = float(np.median(errors))
    size = float(np.mean(np.abs(errors - middle))) + 1e-9
    wider = float(np.hypot(1.0, (middle - centre) / (1.25 * size)))
    found = np.quantile(errors - middle, _LEVELS) * wider + _FLOOR * (_LEVELS - 0.5)
    return np.asarray(found - np.interp(0.5, _LEVELS, found))
