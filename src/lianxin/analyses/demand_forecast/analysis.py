"""The analysis demand_forecast: load, energy, accuracy, connections, balances, the peak-shifting plan, settlement."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pyarrow as pa

from lianxin.analyses.demand_forecast.balance.results import balance_results
from lianxin.analyses.demand_forecast.energy.results import EnergyRun, coming_months
from lianxin.analyses.demand_forecast.energy.territory import hierarchy, parents
from lianxin.analyses.demand_forecast.load.chosen import Usable, config_notes, problem_of, usable_series
from lianxin.analyses.demand_forecast.load.problem import Problem, Setting
from lianxin.analyses.demand_forecast.load.results import accuracy, accuracy_table, load_rows
from lianxin.analyses.demand_forecast.load.scores import Score
from lianxin.analyses.demand_forecast.load.series import LoadSeries, area_loads
from lianxin.analyses.demand_forecast.load.weather import Weather, read_weather
from lianxin.analyses.demand_forecast.model_card import model_card
from lianxin.analyses.demand_forecast.peak_shift.results import plan_results
from lianxin.analyses.demand_forecast.pipeline.results import pipeline_results
from lianxin.analyses.demand_forecast.settings import forecast_config
from lianxin.analyses.demand_forecast.settlement.results import settlement_results
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note, Result
from lianxin.foundation.language import Text

Key = tuple[str, str]
Made = tuple[dict[str, pa.Table], list[Note]]
NEEDS_LOAD = Text("有 kw 的 area_load", "area_load with kw")
NEEDS_LATER = Text(
    "{series} 截至 {day} 的负荷；最后一条早于 {days} 天前",
    "load of {series} up to {day}; the last is over {days} days old",
)
_STALE_DAYS = 31
_TREE_ROWS = 8
_HOUR = 60


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of the demand forecast; each that cannot be made is noted."""
    tables, notes = _forecasts(given)
    steps: tuple[Callable[[], Made], ...] = (
        lambda: pipeline_results(given),
        lambda: balance_results(
            given, load_forecast=tables.get("load_forecast"), energy_forecast=tables.get("energy_forecast")
        ),
        lambda: plan_results(given, power_balance=tables.get("power_balance")),
        lambda: settlement_results(given),
    )
    for step in steps:
        made, remarks = step()
        tables |= made
        notes += remarks
    results: dict[str, Result] = dict(tables)
    return AnalysisOutput(tables=results, notes=tuple(notes))


def _forecasts(given: AnalysisInput) -> Made:
    """load_forecast, energy_forecast, forecast_accuracy and model_card; one series at a time is in memory."""
    series = area_loads(given)
    if not series:
        names = ("load_forecast", "energy_forecast", "forecast_accuracy")
        return {}, [Note(table=name, column="", missing=0, needed=NEEDS_LOAD) for name in names]
    config = forecast_config(given)
    rows = sum(len(item.kw) for item in series)
    with_trees = rows <= config.trees.rows_at_most * _TREE_ROWS
    setting = Setting(zone=given.zone, calendar=given.calendar, config=config, with_trees=with_trees)
    first, weather = given.as_of.day + timedelta(days=1), read_weather(given)
    months = coming_months(given, config.energy.months)
    near, notes = _usable(series, first, config.days_ahead, setting, "load_forecast")
    # months are forecast by the hour: a total by the quarter hour has four times the rows and the same energy
    days = (months[-1].last_day - first).days + 1
    far, more = _usable([_hourly(item) for item in series], first, days, setting, "energy_forecast")
    loads: list[pl.DataFrame] = []
    energy = EnergyRun(months=months, first=first, setting=setting, tree=hierarchy(far, parents(given)))
    for number, key in enumerate(sorted({*near, *far})):
        given.progress("demand_forecast", number / max(1, len({*near, *far})))
        shared: Problem | None = None
        if key in far:
            plain = replace(setting, with_trees=False)
            shared = problem_of(far[key], weather, before=first, last=months[-1].last_day, setting=plain)
            energy.add(key, shared)
        if key in near:
            reused = shared is not None and not with_trees and near[key].series.minutes == _HOUR
            last = first + timedelta(days=config.days_ahead - 1)
            problem = shared if reused else problem_of(near[key], weather, before=first, last=last, setting=setting)
            if problem is not None:
                notes += config_notes(problem, before=first, table="load_forecast")
                loads.append(load_rows(problem, first=first, days=config.days_ahead))
    tables = {"load_forecast": pl.concat(loads).to_arrow()} if loads else {}
    if far:
        tables["energy_forecast"] = energy.table(given)
    scores = _accuracy(near, weather, first, setting)
    if scores:
        tables["forecast_accuracy"], tables["model_card"] = accuracy_table(scores), model_card(scores)
    return tables, notes + [note for note in more if not note.column]


def _usable(
    series: list[LoadSeries], first: date, days: int, setting: Setting, table: str
) -> tuple[dict[Key, Usable], list[Note]]:
    """Each series that has the history and goes on to the day of the run, or nearly."""
    chosen, notes = usable_series(series, before=first, horizon_days=days, setting=setting, table=table)
    stale = [item for item in chosen if (first - item.last).days > _STALE_DAYS]
    notes += [_stale(item, first, table) for item in stale]
    kept = [item for item in chosen if (first - item.last).days <= _STALE_DAYS]
    return {(item.series.area_id, item.series.customer_class): item for item in kept}, notes


def _accuracy(near: dict[Key, Usable], weather: Weather, first: date, setting: Setting) -> list[Score]:
    """A backtest of the largest series, by the hour."""
    config = setting.config
    largest = sorted(near.values(), key=lambda item: (-float(np.nanmean(item.series.kw)), item.series.name))
    found: list[Score] = []
    for item in largest[: config.accuracy_series]:
        hourly = replace(item, series=_hourly(item.series))
        held_from = first - timedelta(days=max(1, config.accuracy_days))
        problem = problem_of(hourly, weather, before=held_from, last=first - timedelta(days=1), setting=setting)
        found += accuracy([problem], last=first - timedelta(days=1), config=config)
    return found


def _stale(item: Usable, first: date, table: str) -> Note:
    day = (first - timedelta(days=1)).isoformat()
    words = NEEDS_LATER.format(series=item.series.name, day=day, days=_STALE_DAYS)
    return Note(table=table, column="", missing=(first - item.last).days, needed=words)


def _hourly(series: LoadSeries) -> LoadSeries:
    """Mean load by the hour of a finer series."""
    return series.by_hour() if series.minutes < _HOUR else series
