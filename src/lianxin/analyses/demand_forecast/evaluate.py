"""``evaluate demand_forecast``: forecasts from many cut-offs beside the named baselines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pyarrow as pa

from lianxin.analyses.demand_forecast.load.backtest import Forecast, Plan, WeatherKind, backtest
from lianxin.analyses.demand_forecast.load.chosen import config_notes, problem_of, usable_series
from lianxin.analyses.demand_forecast.load.frame import Floats
from lianxin.analyses.demand_forecast.load.horizon import Horizon
from lianxin.analyses.demand_forecast.load.problem import Problem, Setting
from lianxin.analyses.demand_forecast.load.scores import Score, scores_of
from lianxin.analyses.demand_forecast.load.series import MEAN, LoadSeries, area_loads, daily_peaks
from lianxin.analyses.demand_forecast.load.weather import read_weather
from lianxin.analyses.demand_forecast.model_card import model_card as card_of
from lianxin.analyses.demand_forecast.settings import forecast_config
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.foundation.errors import DataInsufficient, UnusableInput
from lianxin.foundation.language import Text

_MOST_LEVELS = 999


class NothingToEvaluate(DataInsufficient):
    """No series can be forecast at this horizon; each is named with what it lacks."""

    text = Text("没有可评估的负荷。需要：{needed}", "No load can be evaluated. Needed: {needed}")


class SpanInvalid(UnusableInput):
    """The span ends before it begins."""

    text = Text("起始日 {first} 晚于结束日 {last}。", "--from {first} lies after --to {last}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures in the columns of model_card, quantiles interval by interval, and what could not be evaluated."""

    model_card: pa.Table
    predictions: pa.Table
    notes: tuple[Note, ...]


def evaluate(
    given: AnalysisInput,
    *,
    first: date | None = None,
    last: date | None = None,
    horizon: str = "24h",
    weather: WeatherKind = "actual",
    quantiles: int = 9,
    target: str = MEAN,
) -> Evaluation:
    """Forecast the days ``first`` to ``last`` (default: the last 28 with load) with a cut-off every ``horizon``.

    Nothing after a cut-off is used but, with ``weather`` actual, the temperature of the span. ``target`` is load
    (area_load) or daily_peak, daily_valley (area_daily_peak).

    Raises:
        NothingToEvaluate: no series has the history that the horizon needs.
        HorizonInvalid, SpanInvalid: the arguments cannot be used.

    """
    ahead = Horizon.parse(horizon)
    config = forecast_config(given)
    setting = Setting(zone=given.zone, calendar=given.calendar, config=config)
    series = area_loads(given) if target == MEAN else [item for item in daily_peaks(given) if item.target == target]
    first, last = _span(series, first, last, given)
    levels = _levels(quantiles)
    usable, notes = usable_series(
        series, before=first, horizon_days=ahead.longest_days, setting=setting, table="model_card"
    )
    if not usable:
        raise NothingToEvaluate(needed=[note.needed for note in notes] or [Text("area_load", "area_load")])
    stations = read_weather(given)
    scores: list[Score] = []
    predicted: list[pl.DataFrame] = []
    for number, item in enumerate(usable):
        given.progress(item.series.name, number / len(usable))
        problem = problem_of(item, stations, before=first, last=last, setting=setting)
        notes += config_notes(problem, before=first, table="model_card")
        plan = Plan(first=first, last=last, horizon=ahead, weather=weather, levels=levels)
        made = list(backtest(problem, plan))
        scores += scores_of(problem, made, levels, label=f"{target}:{horizon}:{weather}")
        predicted += [_rows(problem, forecast, levels, given) for forecast in made]
    return Evaluation(model_card=card_of(scores), predictions=pl.concat(predicted).to_arrow(), notes=tuple(notes))


def _span(
    series: Sequence[LoadSeries], first: date | None, last: date | None, given: AnalysisInput
) -> tuple[date, date]:
    """The days asked for; by default the last 28 that have load."""
    ends = [item.epoch[np.isfinite(item.kw)][-1] for item in series if np.isfinite(item.kw).any()]
    if last is None:
        latest = max(ends, default=int(datetime(given.as_of.day.year, 1, 1, tzinfo=UTC).timestamp()))
        last = datetime.fromtimestamp(int(latest), UTC).astimezone(given.zone).date()
    first = first or date.fromordinal(last.toordinal() - 27)
    if first > last:
        raise SpanInvalid(first=first, last=last)
    return first, last


def _levels(count: int) -> Floats:
    """``count`` equal steps, the median always among them: 99 gives .01 … .99."""
    steps = np.arange(1, min(count, _MOST_LEVELS) + 1) / (count + 1)
    return np.unique(np.round(np.r_[steps, 0.5], 6))


def _rows(problem: Problem, forecast: Forecast, levels: Floats, given: AnalysisInput) -> pl.DataFrame:
    """Long form: one row an interval and quantile; crossing quantiles are sorted."""
    frame, count = problem.frame, len(levels)
    epoch = frame.epoch[forecast.rows]
    cutoff = datetime.combine(forecast.cutoff, datetime.min.time(), tzinfo=given.zone).astimezone(UTC)
    values = np.sort(forecast.quantiles, axis=1).ravel()
    start = pl.Series(np.repeat(epoch, count) * 1_000_000).cast(pl.Datetime("us", "UTC"))
    return pl.DataFrame({"start_at": start, "quantile": np.tile(levels, len(epoch)), "kw": values}).select(
        area_id=pl.lit(problem.series.area_id),
        customer_class=pl.lit(problem.series.customer_class),
        cutoff=pl.lit(cutoff).cast(pl.Datetime("us", "UTC")),
        start_at="start_at",
        minutes=pl.lit(frame.minutes, pl.Int64),
        model=pl.lit(forecast.model),
        quantile="quantile",
        kw="kw",
    )


__all__ = ["Evaluation", "NothingToEvaluate", "evaluate"]
