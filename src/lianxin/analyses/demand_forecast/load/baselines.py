"""The named baselines, beside which every forecast is shown.

``vanilla`` and ``recency`` are the benchmarks of T. Hong (GEFCom2012; Wang, Liu, Hong 2016): ordinary least squares
of the load on trend, month, weekday × hour and a cube of temperature × month and × hour; recency adds lagged and
daily mean temperatures. ``lightgbm_plain`` is LightGBM, untuned, on calendar and lagged temperature.
"""

from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np

from lianxin.analyses.demand_forecast.load.frame import HOLIDAY, Flags, Floats, Frame, Ints
from lianxin.analyses.demand_forecast.load.terms import Heat

VANILLA, RECENCY, EMPIRICAL, PLAIN, OURS = "vanilla", "recency", "seasonal_empirical", "lightgbm_plain", "ours"
_CHUNK = 4096
_TINY = 1e-8


@dataclass(frozen=True, slots=True, kw_only=True)
class HongModel:
    """Coefficients of the least squares, and how many lags and daily means of temperature it looks at."""

    coefficients: Floats
    lags: int
    means: int
    start_years: float

    def predict(self, frame: Frame, heat: Heat) -> Floats:
        """Load at each interval, kW."""
        parts = []
        for start in range(0, len(frame), _CHUNK):
            rows = slice(start, start + _CHUNK)
            parts.append(_design(frame, heat, rows, self.lags, self.means, self.start_years) @ self.coefficients)
        return np.concatenate(parts) if parts else np.zeros(0)


def fit_hong(frame: Frame, heat: Heat, kw: Floats, known: Flags, *, lags: int = 0, means: int = 0) -> HongModel:
    """Fit vanilla (no lags) or recency by normal equations, a chunk at a time."""
    start = float(frame.years[0])
    gram, moment = np.zeros((0, 0)), np.zeros(0)
    for begin in range(0, len(frame), _CHUNK):
        rows = slice(begin, begin + _CHUNK)
        keep = known[rows]
        design = _design(frame, heat, rows, lags, means, start)[keep]
        if not gram.size:
            gram, moment = np.zeros((design.shape[1],) * 2), np.zeros(design.shape[1])
        gram += design.T @ design
        moment += design.T @ kw[rows][keep]
    size = np.sqrt(np.maximum(np.diag(gram), _TINY))
    scaled = gram / np.outer(size, size) + _TINY * np.eye(len(gram))
    solved = np.linalg.solve(scaled, moment / size) / size
    return HongModel(coefficients=solved, lags=lags, means=means, start_years=start)


def _design(frame: Frame, heat: Heat, rows: slice, lags: int, means: int, start_years: float) -> Floats:
    day = frame.day[rows]
    hour = frame.slot[rows] * 24 // frame.slots
    kind = np.where(frame.days.kind[day] == HOLIDAY, 6, frame.days.weekday[day])  # a holiday counts as a Sunday
    month = np.eye(12)[frame.days.month[day] - 1]
    hours = np.eye(24)[hour]
    columns = [(frame.years[rows] - start_years)[:, None], month, np.eye(168)[kind * 24 + hour]]
    daily = [heat.means[24], heat.means[48]][:means]
    for temperature in (heat.now, *heat.lags[:lags], *daily):
        scaled = temperature[rows, None] / 10.0
        for power in (1, 2, 3):
            term = scaled**power
            columns += [term, term * month, term * hours]
    return np.hstack(columns)


def empirical_quantiles(frame: Frame, kw: Floats, known: Flags, rows: Ints, levels: Floats) -> Floats:
    """Seasonal empirical: quantiles of the known loads at the same time and kind of day (workday or not), within 14
    days of the same day of the year; shape (rows, levels). Where there are none, of all at that time of day.
    """
    works = frame.days.works.astype(np.int64)
    season = frame.days.day_of_year
    found = np.full((len(rows), len(levels)), np.nan)
    keys: dict[tuple[int, int], list[int]] = {}
    for row_day in np.unique(frame.day[rows]):
        keys.setdefault((int(season[row_day]), int(works[row_day])), []).append(int(row_day))
    table = _by_day(frame, np.where(known, kw, np.nan))
    with np.errstate(all="ignore"):
        for (centre, kind), days in keys.items():
            distance = np.abs(season - centre)
            near = (np.minimum(distance, 366 - distance) <= 14) & (works == kind)
            values = table[near]
            values = values[np.isfinite(values).any(axis=1)]
            values = values if len(values) else table[np.isfinite(table).any(axis=1)]
            quantiles = _nan_quantiles(values, levels)
            here = np.flatnonzero(np.isin(frame.day[rows], days))
            found[here] = quantiles[frame.slot[rows[here]]]
    return found


def _nan_quantiles(values: Floats, levels: Floats) -> Floats:
    """Quantiles of each column, shape (columns, levels); gaps take the column's median."""
    middle = np.nanmedian(values, axis=0)
    middle = np.where(np.isfinite(middle), middle, np.nanmedian(values))
    return np.quantile(np.where(np.isfinite(values), values, middle), levels, axis=0).T


def _by_day(frame: Frame, values: Floats) -> Floats:
    grid = np.full((len(frame.days), frame.slots), np.nan)
    grid[frame.day, frame.slot] = values
    return grid


def plain_columns(frame: Frame, heat: Heat | None, lagged: list[Floats]) -> Floats:
    """Columns of the plain LightGBM: calendar, temperature with lags and means, and ``lagged`` loads."""
    days, day = frame.days, frame.day
    columns = [frame.slot, days.weekday[day], days.month[day], days.day_of_year[day], days.kind[day] == HOLIDAY]
    if heat is not None:
        columns += [heat.now, *heat.lags, heat.means[24], heat.means[72]]
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in [*columns, *lagged]])


def fit_plain(columns: Floats, kw: Floats, *, threads: int) -> lightgbm.Booster:
    """LightGBM with its defaults, 400 trees of step 0.05."""
    settings: dict[str, Any] = {
        "objective": "l2",
        "learning_rate": 0.05,
        "num_threads": threads,
        "seed": 1,
        "deterministic": True,
        "force_row_wise": True,
        "verbose": -1,
    }
    return lightgbm.train(settings, lightgbm.Dataset(columns, kw, params={"verbose": -1}), 400)
