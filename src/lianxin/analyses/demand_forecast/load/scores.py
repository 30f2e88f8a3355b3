"""The figures of a backtest, a model and metric each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lianxin.analyses.demand_forecast.load.backtest import Forecast
from lianxin.analyses.demand_forecast.load.frame import Floats, Ints
from lianxin.analyses.demand_forecast.load.metrics import coverage, daily_peaks, mape, pinball
from lianxin.analyses.demand_forecast.load.problem import Problem

COVERAGE = "coverage_p10_p90_pct"
_NOMINAL_PCT = 80.0
_FESTIVAL_DAYS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One figure; ``n`` intervals (days for peaks) stand behind it."""

    area_id: str
    customer_class: str
    label: str
    model: str
    metric: str
    value: float
    n: int

    @property
    def target(self) -> str:
        """Area, class, and what was forecast how far ahead."""
        return f"{self.area_id}/{self.customer_class}:{self.label}"

    @property
    def distance(self) -> float:
        """How far from perfect: the value, for a coverage its distance from 80 %."""
        return abs(self.value - _NOMINAL_PCT) if self.metric == COVERAGE else self.value


def scores_of(problem: Problem, made: Sequence[Forecast], levels: Floats, *, label: str) -> list[Score]:
    """MAPE, pinball, coverage of P10–P90, size and hour of the daily peak; MAPE of Spring Festival apart."""
    found = []
    for model in dict.fromkeys(forecast.model for forecast in made):
        own = [forecast for forecast in made if forecast.model == model]
        rows = np.concatenate([forecast.rows for forecast in own])
        quantiles = np.sort(np.vstack([forecast.quantiles for forecast in own]), axis=1)
        for metric, value, count in _figures(problem, rows, quantiles, levels):
            if count:
                series = problem.series
                found.append(
                    Score(
                        area_id=series.area_id,
                        customer_class=series.customer_class,
                        label=label,
                        model=model,
                        metric=metric,
                        value=value,
                        n=count,
                    )
                )
    return found


def _figures(problem: Problem, rows: Ints, quantiles: Floats, levels: Floats) -> Iterator[tuple[str, float, int]]:
    actual, frame = problem.kw[rows], problem.frame
    middle = quantiles[:, int(np.argmin(np.abs(levels - 0.5)))]
    known = int(np.isfinite(actual).sum())
    if not known:
        return
    day = frame.day[rows]
    yield "mape_pct", mape(actual, middle), known
    if frame.slots > 1:
        peak, hour, days = daily_peaks(day, actual, middle, frame.slot[rows] * 24.0 / frame.slots)
        yield "daily_peak_mape_pct", peak, days
        yield "peak_hour_error_h", hour, days
    yield "pinball_kw", pinball(actual, quantiles, levels), known
    low, high = (quantiles[:, int(np.argmin(np.abs(levels - level)))] for level in (0.1, 0.9))
    yield COVERAGE, coverage(actual, low, high), known
    festival = np.abs(frame.days.festival[day]) <= _FESTIVAL_DAYS
    if frame.chinese and np.isfinite(actual[festival]).any():
        yield "mape_spring_festival_pct", mape(actual[festival], middle[festival]), int(festival.sum())
        yield "mape_other_days_pct", mape(actual[~festival], middle[~festival]), int((~festival).sum())
