"""load_forecast and forecast_accuracy from the problems of a run."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
import pyarrow as pa

from lianxin.analyses.demand_forecast.config import ForecastConfig
from lianxin.analyses.demand_forecast.load.ahead import load_ahead
from lianxin.analyses.demand_forecast.load.backtest import Plan, backtest
from lianxin.analyses.demand_forecast.load.baselines import OURS
from lianxin.analyses.demand_forecast.load.horizon import Horizon
from lianxin.analyses.demand_forecast.load.problem import Problem
from lianxin.analyses.demand_forecast.load.scores import Score, scores_of

ACCURACY_HORIZON = "7d"
_LEVELS = np.round(np.arange(1, 10) / 10, 6)


def load_rows(problem: Problem, *, first: date, days: int) -> pl.DataFrame:
    """P10, P50 and P90 of the coming days by interval, in the series' own interval."""
    rows, kw = load_ahead(problem, first=first, days=days)
    start = pl.Series(problem.frame.epoch[rows] * 1_000_000).cast(pl.Datetime("us", "UTC"))
    frame = pl.DataFrame({"start_at": start, "p10_kw": kw[:, 0], "p50_kw": kw[:, 1], "p90_kw": kw[:, 2]})
    return frame.select(
        area_id=pl.lit(problem.series.area_id),
        customer_class=pl.lit(problem.series.customer_class),
        start_at="start_at",
        minutes=pl.lit(problem.frame.minutes, pl.Int64),
        p10_kw="p10_kw",
        p50_kw="p50_kw",
        p90_kw="p90_kw",
    )


def accuracy(problems: Sequence[Problem], *, last: date, config: ForecastConfig) -> list[Score]:
    """A backtest over the last days of the largest series, a week ahead, without weather that was not known."""
    held = config.accuracy_days
    if not held:
        return []
    first = last - timedelta(days=held - 1)
    plan = Plan(first=first, last=last, horizon=Horizon.parse(ACCURACY_HORIZON), weather="history", levels=_LEVELS)
    needed = config.history.for_days(7)
    found: list[Score] = []
    for problem in sorted(problems, key=lambda item: (-item.scale.size, item.series.name))[: config.accuracy_series]:
        cut = problem.frame.index_of(first)
        if len(np.unique(problem.frame.day[:cut][np.isfinite(problem.kw[:cut])])) >= needed:
            found += scores_of(problem, list(backtest(problem, plan)), _LEVELS, label=f"load:{ACCURACY_HORIZON}")
    return found


def accuracy_table(scores: Sequence[Score]) -> pa.Table:
    """Rows of forecast_accuracy."""
    return pa.table(
        {
            "area_id": [score.area_id for score in scores],
            "customer_class": [score.customer_class for score in scores],
            "target": [score.label.split(":")[0] for score in scores],
            "horizon": [score.label.split(":")[1] for score in scores],
            "model": [score.model for score in scores],
            "metric": [score.metric for score in scores],
            "value": pa.array([None if np.isnan(score.value) else score.value for score in scores], pa.float64()),
            "n": pa.array([score.n for score in scores], pa.int64()),
        }
    )


__all__ = ["OURS", "accuracy", "accuracy_table", "load_rows"]
