"""The coming months' maximum demands and how far they may be off, from an agreement's own history.

The logarithm of the peak is a level (mean of the last months, season taken out) plus a seasonal index that is shrunk
towards none where few years are known. Errors are measured by rolling origin on the history itself and shrunk towards
a prior; nothing later than the forecast's origin is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.config import PeakForecastConfig
from lianxin.analyses.value_added.peak_history import PeakHistory
from lianxin.foundation.periods import Month

Floats = NDArray[np.float64]
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakForecast:
    """Log-normal forecasts: median in kW and standard deviation of the logarithm, shape (h,); ``errors`` measured."""

    months: tuple[Month, ...]
    median_kw: Floats
    log_sd: Floats
    errors: int

    def quantile_kw(self, probability: float) -> Floats:
        """One quantile by month, shape (h,)."""
        found: Floats = self.median_kw * np.exp(self.log_sd * NormalDist().inv_cdf(probability))
        return found

    def scenarios_kw(self, count: int) -> Floats:
        """Equally likely quantiles, the middle of each slice; shape (h, count)."""
        z = _middle_quantiles(count)
        found: Floats = self.median_kw[:, None] * np.exp(self.log_sd[:, None] * z[None, :])
        return found

    def draws_kw(self, normals: Floats) -> Floats:
        """Whole years: ``normals`` (draws, h) standard normal, correlated between months as the caller chose."""
        found: Floats = self.median_kw[None, :] * np.exp(self.log_sd[None, :] * normals[:, : len(self.months)])
        return found


@cache
def _middle_quantiles(count: int) -> Floats:
    """Standard normal quantiles of the middle of ``count`` equally likely slices."""
    return np.array([NormalDist().inv_cdf((index + 0.5) / count) for index in range(count)])


def forecast_peaks(history: PeakHistory, *, first: Month, horizon: int, config: PeakForecastConfig) -> PeakForecast:
    """Forecast ``horizon`` months from ``first`` on.

    Raises:
        ValueError: the history is empty.

    """
    if not history.months:
        message = "a forecast needs at least one month"
        raise ValueError(message)
    index = _numbers(history.months)
    logs = np.log(history.peak_kw)
    targets = _number(first) + np.arange(horizon)
    near, far = _errors(index, logs, config)
    lead = targets - index[-1]
    sd_near, sd_far = _shrunk(near, config), max(_shrunk(far, config), _shrunk(near, config))
    return PeakForecast(
        months=tuple(first + step for step in range(horizon)),
        median_kw=np.exp(_predict(index, logs, targets, config)),
        log_sd=np.where(lead <= config.near_months, sd_near, sd_far),
        errors=len(near) + len(far),
    )


def _number(month: Month) -> int:
    return month.year * _MONTHS + month.number - 1


def _numbers(months: Sequence[Month]) -> NDArray[np.int64]:
    return np.array([_number(month) for month in months], dtype=np.int64)


def _predict(index: NDArray[np.int64], logs: Floats, targets: NDArray[np.int64], config: PeakForecastConfig) -> Floats:
    """Level plus season, shape (len(targets),)."""
    season = _season(index, logs, config)
    recent = slice(-config.level_months, None)
    level = float((logs[recent] - season[index[recent] % _MONTHS]).mean())
    found: Floats = level + season[targets % _MONTHS]
    return found


def _season(index: NDArray[np.int64], logs: Floats, config: PeakForecastConfig) -> Floats:
    """Seasonal index of the twelve calendar months, shape (12,); nil with less than a year.

    Deviations from each year's mean, averaged over the years counted back from the last month, times
    years/(years + shrinkage).
    """
    years = (index[-1] - index) // _MONTHS
    whole = [year for year in range(int(years.max()) + 1) if (years == year).sum() == _MONTHS]
    if not whole:
        return np.zeros(_MONTHS)
    total = np.zeros(_MONTHS)
    for year in whole:
        chosen = years == year
        total[index[chosen] % _MONTHS] += logs[chosen] - logs[chosen].mean()
    found: Floats = total / (len(whole) + config.season_shrinkage)
    return found


def _errors(index: NDArray[np.int64], logs: Floats, config: PeakForecastConfig) -> tuple[Floats, Floats]:
    """Rolling-origin errors of the last ``error_months`` targets, near and farther ahead."""
    near: list[float] = []
    far: list[float] = []
    first = max(1, len(index) - config.error_months)
    for origin in range(first, len(index)):
        errors = logs[origin:] - _predict(index[:origin], logs[:origin], index[origin:], config)
        lead = index[origin:] - index[origin - 1]
        near += errors[lead <= config.near_months].tolist()
        far += errors[(lead > config.near_months) & (lead <= _MONTHS)].tolist()
    return np.array(near), np.array(far)


def _shrunk(errors: Floats, config: PeakForecastConfig) -> float:
    """Root mean square of the errors and as many of the prior's size as it weighs."""
    total = float((errors**2).sum()) + config.prior_weight * config.prior_log_sd**2
    return float(np.sqrt(total / (len(errors) + config.prior_weight)))
